"""Which column of an export holds what: found by its header, shown for confirmation."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Literal, NamedTuple

from pydantic import Field

from reviewer.errors import ShopDataError
from reviewer.knowledge.source import read_yaml, validated
from reviewer.record import Record
from reviewer.shop.catalogue import Catalogue, header_key
from reviewer.shop.cells import BadCell, Reading, When, when_of
from reviewer.shop.sheet import Cell, Sheet

Role = Literal["date", "shop", "agent", "metric", "ignored", "unknown"]
HEADER_WITHIN = 20
"""The header stands among the first rows; above it tools print a title."""
_UNIT_OF_HEADER: tuple[tuple[str, Reading], ...] = (
    (r"[(（\[]\s*(%|百分比|百分数)\s*[)）\]]", "points"),
    (r"[(（\[]\s*(分钟|分|min|m)\s*[)）\]]", "minutes"),
    (r"[(（\[]\s*(小时|时|h)\s*[)）\]]", "hours"),
    (r"[(（\[]\s*(秒|s|sec)\s*[)）\]]", "seconds"),
    (r"[(（\[]\s*(万元?|万)\s*[)）\]]", "ten_thousands"),
)
_UNITS: dict[str, Reading] = {
    "%": "points",
    "小数": "fraction",
    "秒": "seconds",
    "分钟": "minutes",
    "小时": "hours",
    "万": "ten_thousands",
}


class Column(Record):
    """One column of an export and what it is taken for."""

    at: int
    """From 0."""
    header: str
    role: Role
    metric: str | None = None
    reading: str | None = None
    """How bare numbers are read, where the header or the user says so."""

    @property
    def letter(self) -> str:
        """Return the column's letter in a spreadsheet.

        >>> Column(at=27, header="", role="ignored").letter
        'AB'
        """
        words, rest = "", self.at + 1
        while rest:
            rest, last = divmod(rest - 1, 26)
            words = chr(65 + last) + words
        return words


class Choice(Record):
    """What the user says that a column is."""

    metric: str
    """A metric's id or title, or `ignore`."""
    unit: str | None = None


class MappingFile(Record):
    """A mapping that was confirmed, to be used again."""

    columns: dict[str, Choice | str] = Field(default_factory=dict)


class Header(NamedTuple):
    """The header row, and the columns below it."""

    row: int
    """From 0, the last row of the header."""
    columns: tuple[Column, ...]

    def first(self, role: Role) -> Column | None:
        """Return the first column with this role, or None."""
        return next((column for column in self.columns if column.role == role), None)


@dataclass(frozen=True)
class Mapper:
    """Maps headers to metrics: the user's word first, then the catalogue, else unknown."""

    catalogue: Catalogue
    choices: Mapping[str, Choice]
    """By folded header."""

    def header(self, sheet: Sheet) -> Header | None:
        """Return the header of `sheet`, or None when it has no row with a date column.

        Raises:
            ShopDataError: A header is ambiguous, or two columns hold the same metric.
        """
        best: Header | None = None
        for row, cells in enumerate(sheet.rows[:HEADER_WITHIN]):
            names, last = self._names(sheet, row, cells)
            if not any(self._role(name) == "date" for name in names):
                continue
            columns = self._columns(names)
            found = Header(last, columns)
            if any(column.role == "metric" for column in columns) or self._doubtful(names):
                self._refuse_doubt(sheet, columns, names)
                return found
            best = best or found
        return best

    def _names(self, sheet: Sheet, row: int, cells: Sequence[Cell]) -> tuple[list[str], int]:
        """Return the names in a header row, joined with the row below where that is header too."""
        names = [_words(cell) for cell in cells]
        below = sheet.rows[row + 1] if row + 1 < len(sheet.rows) else []
        texts = [_words(cell) for cell in below]
        if len(texts) < len(names):
            texts += [""] * (len(names) - len(texts))
        dated = any(_is_date(cell) for cell in below)
        numbered = any(
            re.search(r"\d", text) and not header_key(text)[:1].isalpha() for text in texts
        )
        named = sum(1 for text in texts if text and self._role(text) != "unknown")
        if dated or numbered or not named:
            return names, row
        names += [""] * (len(texts) - len(names))
        return [low or high for high, low in zip(names, texts, strict=False)], row + 1

    def _role(self, name: str) -> Role:
        key = header_key(name)
        file = self.catalogue.file
        if not key:
            return "ignored"
        chosen = self.choices.get(_exact(name)) or self.choices.get(key)
        if chosen:
            return "ignored" if chosen.metric in ("ignore", "忽略") else "metric"
        if key in self.catalogue.by_header:
            return "metric"
        for role, words in (
            ("date", file.dates),
            ("shop", file.shops),
            ("agent", file.agent_names),
            ("ignored", file.ignored),
        ):
            if key in {header_key(word) for word in words}:
                return role  # type: ignore[return-value]
        return "unknown"

    def _columns(self, names: Sequence[str]) -> tuple[Column, ...]:
        columns = []
        dated = False
        for at, name in enumerate(names):
            role = self._role(name)
            if role == "date" and dated:
                role = "unknown"
            dated = dated or role == "date"
            metric, reading = self._metric(name) if role == "metric" else (None, None)
            columns.append(Column(at=at, header=name, role=role, metric=metric, reading=reading))
        return tuple(columns)

    def _metric(self, name: str) -> tuple[str, Reading | None]:
        said = next((unit for pattern, unit in _UNIT_OF_HEADER if re.search(pattern, name)), None)
        chosen = self.choices.get(_exact(name)) or self.choices.get(header_key(name))
        if chosen:
            return chosen.metric, _UNITS[chosen.unit] if chosen.unit else said
        return self.catalogue.by_header[header_key(name)].id, said

    def _doubtful(self, names: Sequence[str]) -> bool:
        return any(header_key(name) in self.catalogue.ambiguous_headers for name in names)

    def _refuse_doubt(self, sheet: Sheet, columns: Sequence[Column], names: Sequence[str]) -> None:
        for name in names:
            entry = self.catalogue.ambiguous_headers.get(header_key(name))
            if entry and self._role(name) == "unknown":
                titles = "或".join(self.catalogue.metric(m).title for m in entry.either)
                raise ShopDataError(
                    f"{sheet.name} 的列“{name}”可能是{titles}",
                    remedy=f"请用 --map {name}={entry.either[0]}（或 {entry.either[-1]}、ignore）指明",
                )
        seen: dict[str, Column] = {}
        for column in columns:
            if column.metric is None:
                continue
            other = seen.setdefault(column.metric, column)
            if other is not column:
                title = self.catalogue.metric(column.metric).title
                raise ShopDataError(
                    f"{sheet.name} 的列“{other.header}”（{other.letter} 列）和“{column.header}”"
                    f"（{column.letter} 列）都像是{title}",
                    remedy=f"请用 --map {column.header}=ignore 或另一指标指明",
                )


def mapper_of(catalogue: Catalogue, given: Sequence[str] = (), path: Path | None = None) -> Mapper:
    """Return the mapper that heeds `--map 列名=指标[:单位]` and a mapping file.

    Raises:
        ShopDataError: A choice names no metric or no unit.
    """
    choices: dict[str, Choice] = {}
    if path:
        file = validated(MappingFile, read_yaml(path, ShopDataError) or {}, path, ShopDataError)
        for name, choice in file.columns.items():
            said = choice if isinstance(choice, Choice) else _choice(choice)
            choices[_exact(name)] = _known(catalogue, name, said, str(path))
    for entry in given:
        name, mark, words = entry.rpartition("=")
        if not mark or not name.strip():
            raise ShopDataError(
                f"--map {entry} 看不懂", remedy="写法是 --map 列名=指标，或 --map 列名=指标:单位"
            )
        choices[_exact(name)] = _known(catalogue, name, _choice(words), f"--map {entry}")
    return Mapper(catalogue, choices)


def _choice(words: str) -> Choice:
    metric, _, unit = words.strip().partition(":")
    return Choice(metric=metric.strip(), unit=unit.strip() or None)


def _known(catalogue: Catalogue, name: str, choice: Choice, where: str) -> Choice:
    if choice.unit and choice.unit not in _UNITS:
        raise ShopDataError(
            f"{where} 的单位“{choice.unit}”看不懂", remedy=f"可用：{'、'.join(_UNITS)}"
        )
    if choice.metric in ("ignore", "忽略"):
        return choice
    metric = catalogue.named(choice.metric)
    if metric is None:
        known = "、".join(list(catalogue.by_id)[:8])
        raise ShopDataError(
            f"{where}：没有指标“{choice.metric}”（列“{name}”）",
            remedy=f"可用 ignore 或指标名，如 {known}，全部见 corpus/shop/metrics.yaml",
        )
    return choice.model_copy(update={"metric": metric.id})


def _words(cell: Cell) -> str:
    return " ".join(cell.split()) if isinstance(cell, str) else ""


def _exact(name: str) -> str:
    return "".join(name.split()).casefold()


def _is_date(cell: Cell) -> bool:
    if isinstance(cell, Decimal):
        return False
    try:
        return isinstance(when_of(cell), When)
    except BadCell:
        return True
