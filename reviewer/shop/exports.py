"""Exports become the shop's record: nothing is guessed silently, everything left out is said."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path

from reviewer.errors import ShopDataError
from reviewer.shop.catalogue import Catalogue, header_key
from reviewer.shop.cells import BadCell, Bare, Reading, When, figure_of, scaled, when_of
from reviewer.shop.columns import Column, Header, Mapper
from reviewer.shop.files import read_sheets
from reviewer.shop.history import Grain, History, RowRef
from reviewer.shop.merging import Row, merged
from reviewer.shop.metric import Metric
from reviewer.shop.sheet import Cell, Sheet

SHOWN = 3
"""How many of several like things a note names."""


@dataclass(frozen=True)
class Problem:
    """A cell or row that cannot be used."""

    where: str
    what: str

    def __str__(self) -> str:
        """Return the problem as one line."""
        return " ".join(f"{self.where}：{self.what}".split())[:200]


@dataclass(frozen=True)
class Mapped:
    """What the columns of one sheet were taken for."""

    name: str
    columns: tuple[Column, ...]

    @property
    def unknown(self) -> tuple[str, ...]:
        """Return the headers that are no metric that we know."""
        return tuple(column.header for column in self.columns if column.role == "unknown")


@dataclass(frozen=True)
class ShopData:
    """Everything that was read from the exports of one command."""

    histories: tuple[History, ...]
    """One a shop, in the order of their names."""
    mapped: tuple[Mapped, ...]

    def only(self, shop: str | None = None) -> History:
        """Return the record of `shop`, or of the only one there is.

        Raises:
            ShopDataError: There are several and none was chosen, or no such shop.
        """
        names = [history.shop for history in self.histories]
        if shop is None and len(names) == 1:
            return self.histories[0]
        for history in self.histories:
            if shop is not None and history.shop == shop:
                return history
        listed = "、".join(names[:8])
        if shop is None:
            raise ShopDataError(
                f"文件里有 {len(names)} 家店铺", remedy=f"请用 --shop 选一家：{listed}"
            )
        raise ShopDataError(f"文件里没有店铺“{shop}”", remedy=f"可选：{listed or '（没有店铺列）'}")


@dataclass
class _Read:
    """What one sheet gave."""

    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def read_shop(
    paths: Sequence[Path], mapper: Mapper, *, today: date, drop_bad: bool = False
) -> ShopData:
    """Return what the exports at `paths` say, merged into one record a shop.

    Args:
        paths: Exports of any months; they may overlap where they agree.
        mapper: Knows the headers.
        today: Later dates are refused.
        drop_bad: Take bad cells for missing instead of refusing the file; a note lists them.

    Raises:
        ShopDataError: A file cannot be used; one line with file, row and column.
    """
    sheets = [sheet for path in paths for sheet in read_sheets(path)]
    return shop_data(sheets, mapper, today=today, drop_bad=drop_bad)


def shop_data(
    sheets: Sequence[Sheet], mapper: Mapper, *, today: date, drop_bad: bool = False
) -> ShopData:
    """Return what `sheets` say; see `read_shop`."""
    read = _Read()
    mapped: list[Mapped] = []
    for file in dict.fromkeys(sheet.file for sheet in sheets):
        of_file = [sheet for sheet in sheets if sheet.file == file]
        usable = [(sheet, header) for sheet in of_file if (header := mapper.header(sheet))]
        if not usable:
            raise _no_header(file, of_file, mapper.catalogue)
        for sheet, header in usable:
            _Reader(sheet, header, mapper.catalogue, today, read).run()
            mapped.append(Mapped(sheet.name, header.columns))
        left = [sheet.title or "" for sheet in of_file if sheet not in [s for s, _ in usable]]
        if left:
            read.notes.append(f"{file} 的工作表 {'、'.join(left)} 没有日期列，未读取")
    _judge(read, drop_bad=drop_bad)
    return ShopData(tuple(_histories(read, mapper.catalogue, mapped)), tuple(mapped))


def _judge(read: _Read, *, drop_bad: bool) -> None:
    if not read.problems:
        return
    if drop_bad:
        listed = "；".join(str(p) for p in read.problems[:SHOWN])
        rest = f" 等 {len(read.problems)} 处" if len(read.problems) > SHOWN else ""
        read.notes.append(f"以下内容当作缺失：{listed}{rest}")
        return
    more = f"（另有 {len(read.problems) - 1} 处）" if len(read.problems) > 1 else ""
    raise ShopDataError(
        f"{read.problems[0]}{more}", remedy="请改正后重试，或加 --drop-bad 把这些内容当作缺失"
    )


def _histories(read: _Read, catalogue: Catalogue, mapped: Sequence[Mapped]) -> Iterable[History]:
    grain: Grain = "month" if _monthly(read.rows) else "day"
    rows = [row for row in read.rows if row.when.monthly == (grain == "month")]
    if len(rows) < len(read.rows):
        read.notes.append(f"跳过 {len(read.rows) - len(rows)} 行按月或按期间的小计")
    names = sorted({row.shop for row in rows})
    if not rows:
        raise ShopDataError(
            f"{mapped[0].name} 没有数据行", remedy="请按日或按月导出，每行一天或一个月"
        )
    for name in names:
        entries, notes = merged([row for row in rows if row.shop == name], catalogue)
        yield History(
            shop=name,
            grain=grain,
            entries=entries,
            files=tuple(dict.fromkeys(ref.file for e in entries for ref in e.rows)),
            notes=(*read.notes, *notes),
        )


def _monthly(rows: Sequence[Row]) -> bool:
    return sum(row.when.monthly for row in rows) * 2 > len(rows)


def _no_header(file: str, sheets: Sequence[Sheet], catalogue: Catalogue) -> ShopDataError:
    if not any(cell not in (None, "") for sheet in sheets for row in sheet.rows for cell in row):
        return ShopDataError(f"{file} 里没有内容（空表）", remedy="请重新导出")
    known = "、".join(catalogue.file.dates[:4])
    return ShopDataError(
        f"{file} 里找不到日期列", remedy=f"表头里要有一列叫 {known} 等，各占一行一天"
    )


class _Reader:
    """Reads the rows below one header."""

    def __init__(
        self, sheet: Sheet, header: Header, catalogue: Catalogue, today: date, read: _Read
    ) -> None:
        self.sheet = sheet
        self.header = header
        self.catalogue = catalogue
        self.today = today
        self.read = read
        self.totals = {header_key(word) for word in catalogue.file.totals}
        self.missing = {word.casefold() for word in catalogue.file.missing}
        self.naming = [
            column for role in ("date", "shop", "agent") if (column := header.first(role))
        ]
        self.columns = [column for column in header.columns if column.role == "metric"]
        if not self.columns:
            listed = "、".join(c.header for c in header.columns if c.role == "unknown")
            raise ShopDataError(
                f"{sheet.name} 里没有认识的指标列（有：{listed or '无'}）",
                remedy="请用 --map 列名=指标 指明，指标名见 corpus/shop/metrics.yaml",
            )

    def run(self) -> None:
        """Read every row, then the figures column by column."""
        first = self.header.row + 1
        kept = [
            (at, when)
            for at in range(first, len(self.sheet.rows))
            if (when := self._when(at)) is not None
        ]
        figures = [self._figures(column, [at for at, _ in kept]) for column in self.columns]
        shop, agent = self.header.first("shop"), self.header.first("agent")
        for place, (at, when) in enumerate(kept):
            values = {
                column.metric or "": value
                for column, found in zip(self.columns, figures, strict=True)
                if (value := found[place]) is not None
            }
            self.read.rows.append(
                Row(
                    when,
                    self._text(at, shop),
                    self._text(at, agent),
                    values,
                    RowRef(self.sheet.name, at + 1),
                )
            )
        self._note_totals(len(self.sheet.rows) - first - len(kept))

    def _note_totals(self, skipped: int) -> None:
        if skipped > 0:
            self.read.notes.append(f"{self.sheet.name} 跳过 {skipped} 行（合计、空行或说明）")

    def _cell(self, at: int, column: Column | None) -> Cell:
        row = self.sheet.rows[at]
        return row[column.at] if column and column.at < len(row) else None

    def _text(self, at: int, column: Column | None) -> str:
        cell = self._cell(at, column)
        return "" if cell is None else str(cell).strip()

    def _when(self, at: int) -> When | None:
        """Return the day of a row, or None for a row that is no day's figures."""
        dated = self.header.first("date")
        cell = self._cell(at, dated)
        for column in self.naming:
            said = self._text(at, column)
            if said and not said[0].isdigit() and header_key(said) in self.totals:
                return None
        where = f"{self.sheet.name} 第{at + 1}行"
        try:
            when = when_of(cell)
        except BadCell as error:
            self.read.problems.append(Problem(where, str(error)))
            return None
        if when is None:
            if self._has_figures(at):
                said = self._text(at, dated)
                self.read.problems.append(
                    Problem(where, f"日期“{said}”看不懂" if said else "有数值而没有日期")
                )
            return None
        if when.first > self.today:
            self.read.problems.append(Problem(where, f"日期 {when.first} 晚于 {self.today}"))
            return None
        return when if when.whole else None

    def _has_figures(self, at: int) -> bool:
        return any(not self._absent(self._cell(at, column)) for column in self.columns)

    def _absent(self, cell: Cell) -> bool:
        return cell is None or (isinstance(cell, str) and cell.casefold() in self.missing)

    def _figures(self, column: Column, rows: Sequence[int]) -> list[Decimal | None]:
        """Return a column's figures; bare numbers are read the way the whole column is."""
        metric = self.catalogue.metric(column.metric or "")
        raw: list[Decimal | Bare | None] = []
        for at in rows:
            cell = self._cell(at, column)
            if self._absent(cell):
                raw.append(None)
                continue
            try:
                shown = (at, column.at) in self.sheet.percent
                raw.append(figure_of(cell, metric, percent=shown))
            except BadCell as error:
                self._bad(at, column, str(error))
                raw.append(None)
        reading = column.reading or self._reading(column, metric, raw, rows)
        found = [_settled(value, reading) for value in raw]
        low, high = metric.sane
        for place, value in enumerate(found):
            if value is not None and not low <= value <= high:
                shown_range = f"{metric.shown(low, 2)} 至 {metric.shown(high, 2)}"
                said = self._text(rows[place], column)
                self._bad(
                    rows[place], column, f"“{said}”不合理（{metric.title}应在 {shown_range}）"
                )
                found[place] = None
        return found

    def _bad(self, at: int, column: Column, what: str) -> None:
        where = f"{self.sheet.name} 第{at + 1}行 {column.letter} 列（{column.header}）"
        self.read.problems.append(Problem(where, what))

    def _reading(
        self,
        column: Column,
        metric: Metric,
        raw: Sequence[Decimal | Bare | None],
        rows: Sequence[int],
    ) -> Reading:
        """Return how the bare numbers of a column are meant, and say so where it is a choice."""
        if metric.unit != "share":
            return "plain"
        bare = [
            (value.number, at)
            for value, at in zip(raw, rows, strict=True)
            if isinstance(value, Bare)
        ]
        high = [(number, at) for number, at in bare if number > 1]
        low = [number for number, _ in bare if 0 < number <= 1]
        if not high:
            explicit = any(isinstance(value, Decimal) for value in raw)
            if low and not explicit:
                self.read.notes.append(
                    f"{self.sheet.name} 的“{column.header}”没有百分号，按小数理解"
                    f"（{low[0]} = {metric.shown(low[0], 2)}）"
                )
            return "fraction"
        least, at = min(high)
        if low and least > 20 * max(low):
            self._bad(at, column, f"“{least}”与其他行的 {max(low)} 单位不一致")
            return "fraction"
        self.read.notes.append(
            f"{self.sheet.name} 的“{column.header}”按百分数理解（{least} = {metric.shown(least / 100, 2)}）"
        )
        return "points"


def _settled(value: Decimal | Bare | None, reading: str) -> Decimal | None:
    if isinstance(value, Bare):
        return scaled(value.number, reading)  # type: ignore[arg-type]
    return value
