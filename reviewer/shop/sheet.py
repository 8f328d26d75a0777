"""An export as rows of cells: CSV in its usual encodings, and .xlsx."""

import csv
import datetime
import io
import re
import zipfile
import zlib
from dataclasses import dataclass
from decimal import Decimal

from reviewer.errors import ShopDataError

Cell = str | Decimal | datetime.date | datetime.timedelta | None
"""A `str` as typed; a `Decimal` as a spreadsheet holds numbers; None for an empty cell."""

MAX_BYTES = 50 * 1024 * 1024
MAX_UNZIPPED = 400 * 1024 * 1024
MAX_RATIO = 200
"""Unzipped to zipped bytes of one part that is larger than 16 MB."""
MAX_ROWS = 500_000
MAX_COLUMNS = 300
LONGEST_CELL = 1_000
"""Characters of a cell; no date, figure or header has more, and a remark is not read."""
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_FORMULA = re.compile(r'^="?([^"]*)"?$')


@dataclass(frozen=True)
class Sheet:
    """One sheet of an export."""

    file: str
    title: str | None
    """Name of the sheet; None for CSV."""
    rows: list[list[Cell]]
    percent: frozenset[tuple[int, int]] = frozenset()
    """Row and column of the numbers that the spreadsheet shows as percent."""

    @property
    def name(self) -> str:
        """Return file and sheet, as messages name them."""
        return f"{self.file}[{self.title}]" if self.title else self.file


def sheets_of(data: bytes, name: str) -> list[Sheet]:
    """Return the sheets of the export in `data`.

    Raises:
        ShopDataError: It is empty, encrypted, damaged, too large, or of another kind.
    """
    if not data.strip():
        raise ShopDataError(f"{name} 是空文件", remedy="请重新导出")
    if data.startswith(b"PK\x03\x04"):
        return _workbook(data, name)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise ShopDataError(
            f"{name} 是旧版 .xls 或已加密", remedy="请用 Excel/WPS 另存为不加密的 .xlsx 或 .csv"
        )
    text = _text(data, name)
    if re.match(r"\s*(<!doctype|<html|<table|<\?xml)", text[:200], re.IGNORECASE):
        raise ShopDataError(
            f"{name} 其实是网页格式", remedy="请用 Excel/WPS 打开后另存为 .xlsx 或 .csv"
        )
    return [Sheet(name, None, _csv_rows(text, name))]


def _text(data: bytes, name: str) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError as error:
                raise _undecodable(name) from error
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    sample = data[:4000]
    if sample.count(0) > len(sample) // 8:
        try:
            return data.decode("utf-16-be" if sample[0] == 0 else "utf-16-le")
        except UnicodeDecodeError as error:
            raise _undecodable(name) from error
    line = _line_in_utf8(data)
    if line:
        raise ShopDataError(
            f"{name} 混用了两种编码（第 {line} 行是 UTF-8，其他行不是）",
            remedy="请用 Excel/WPS 打开核对后另存为 UTF-8 的 .csv",
        )
    try:
        return data.decode("gb18030")
    except UnicodeDecodeError as error:
        raise _undecodable(name) from error


def _line_in_utf8(data: bytes) -> int | None:
    """Return the first line that is Chinese in UTF-8, of a file that as a whole is not."""
    for number, line in enumerate(data.split(b"\n"), 1):
        if any(byte > 0x7F for byte in line):
            try:
                words = line.decode("utf-8")
            except UnicodeDecodeError:
                continue
            if re.search("[\u4e00-\u9fff]", words):
                return number
    return None


def _undecodable(name: str) -> ShopDataError:
    return ShopDataError(
        f"{name} 的编码无法识别", remedy="请用 Excel/WPS 打开后另存为 .xlsx 或 UTF-8 的 .csv"
    )


def _csv_rows(text: str, name: str) -> list[list[Cell]]:
    if "\x00" in text:
        raise ShopDataError(f"{name} 不是表格文件", remedy="请导出为 .csv 或 .xlsx")
    head = "\n".join(text.splitlines()[:20])
    delimiter = max(",\t;，", key=head.count)
    rows: list[list[Cell]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            if len(rows) >= MAX_ROWS or len(row) > MAX_COLUMNS:
                raise _too_large(name)
            rows.append([_typed(cell) for cell in row])
    except csv.Error as error:
        raise ShopDataError(
            f"{name} 第 {len(rows) + 1} 行不是有效的 CSV", remedy="请重新导出或另存为 .xlsx"
        ) from error
    return rows


def _typed(cell: str) -> str:
    """Return a cell without the wrapping by which exports keep Excel from changing it."""
    cell = cell[:LONGEST_CELL].strip().lstrip("'")
    if cell.startswith("="):
        match = _FORMULA.match(cell)
        return match[1].strip() if match else cell
    return cell


def _workbook(data: bytes, name: str) -> list[Sheet]:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            _check(package.infolist(), name)
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheets = [_sheet(sheet, name) for sheet in book.worksheets]
    except (
        zipfile.BadZipFile,
        zlib.error,
        InvalidFileException,
        KeyError,
        ValueError,
        OSError,
        SyntaxError,
        TypeError,
        AttributeError,
        IndexError,
    ) as error:  # fmt: skip - what openpyxl lets through for damaged files
        raise ShopDataError(
            f"{name} 不是有效的 .xlsx，或已损坏", remedy="请用 Excel/WPS 打开后重新保存"
        ) from error
    if not sheets:
        raise ShopDataError(f"{name} 里没有工作表", remedy="请用 Excel/WPS 打开后重新保存")
    return sheets


def _check(parts: list[zipfile.ZipInfo], name: str) -> None:
    if sum(part.file_size for part in parts) > MAX_UNZIPPED:
        raise _too_large(name)
    for part in parts:
        if part.file_size > max(16 << 20, MAX_RATIO * part.compress_size):
            raise ShopDataError(f"{name} 的压缩比异常，疑似压缩炸弹", remedy="请重新导出")


def _sheet(sheet: object, name: str) -> Sheet:
    rows: list[list[Cell]] = []
    percent: set[tuple[int, int]] = set()
    for at, cells in enumerate(sheet.iter_rows()):  # type: ignore[attr-defined]
        if at >= MAX_ROWS or len(cells) > MAX_COLUMNS:
            raise _too_large(name)
        row: list[Cell] = []
        for column, cell in enumerate(cells):
            value = _value(cell.value)
            if isinstance(value, Decimal) and "%" in (cell.number_format or ""):
                percent.add((at, column))
            row.append(value)
        rows.append(row)
    while rows and not any(cell not in (None, "") for cell in rows[-1]):
        rows.pop()
    return Sheet(name, sheet.title, rows, frozenset(percent))  # type: ignore[attr-defined]


def _value(value: object) -> Cell:
    if value is None or isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return Decimal(repr(value)) if value == value and abs(value) < 1e15 else None
    if isinstance(value, datetime.datetime):
        return value if value.time() != datetime.time() else value.date()
    if isinstance(value, datetime.time):
        return datetime.timedelta(
            hours=value.hour,
            minutes=value.minute,
            seconds=value.second,
            microseconds=value.microsecond,
        )
    if isinstance(value, datetime.date | datetime.timedelta):
        return value
    return _typed(str(value))


def _too_large(name: str) -> ShopDataError:
    return ShopDataError(
        f"{name} 太大（超过 {MAX_ROWS} 行或 {MAX_COLUMNS} 列）", remedy="请分年导出"
    )
