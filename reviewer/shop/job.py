"""The reading of an export as work for the sandbox: bytes in, rows of cells or an error out."""

import datetime
import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from reviewer.errors import ShopDataError
from reviewer.sandbox import Pace
from reviewer.shop.sheet import Cell, Sheet, sheets_of

Packed = str | list[Any] | None
"""A cell as JSON: words as they are, everything else as its kind and its value."""


def prepare(hint: bytes) -> None:
    """Import what workbooks need."""
    if hint == b"x":
        import openpyxl  # noqa: F401


def folders(head: Mapping[str, Any]) -> Path | None:
    """Return None: nothing is written to disk."""
    return None


def forget(folder: Path) -> None:
    """Do nothing: nothing is left anywhere."""


def work(
    head: Mapping[str, Any], body: bytes, folder: Path | None, pace: Pace
) -> tuple[Mapping[str, Any], bytes]:
    """Return the sheets as JSON, or the error by its words."""
    try:
        sheets = sheets_of(body, head["name"])
    except ShopDataError as error:
        return {"kind": "error", "problem": error.problem, "remedy": error.remedy}, b""
    return {"kind": "sheets"}, json.dumps([packed(sheet) for sheet in sheets]).encode()


def packed(sheet: Sheet) -> dict[str, Any]:
    """Return a sheet as JSON has it."""
    return {
        "title": sheet.title,
        "rows": [[_cell_out(cell) for cell in row] for row in sheet.rows],
        "percent": sorted(sheet.percent),
    }


def _cell_out(cell: Cell) -> Packed:
    if cell is None or isinstance(cell, str):
        return cell
    if isinstance(cell, Decimal):
        return ["n", str(cell)]
    if isinstance(cell, datetime.datetime):
        return ["t", cell.isoformat()]
    if isinstance(cell, datetime.date):
        return ["d", cell.isoformat()]
    return ["s", cell.days, cell.seconds, cell.microseconds]


def unpacked(body: bytes, name: str) -> list[Sheet]:
    """Return the sheets that `work` packed.

    Raises:
        ValueError: It is not what `work` sends.
    """
    try:
        return [
            Sheet(name, given["title"], _rows(given["rows"]), _places(given["percent"]))
            for given in json.loads(body)
        ]
    except (KeyError, TypeError, ArithmeticError) as error:
        raise ValueError(name) from error


def _rows(given: Iterable[Iterable[Packed]]) -> list[list[Cell]]:
    return [
        [cell if cell is None or isinstance(cell, str) else _cell_in(cell) for cell in row]
        for row in given
    ]


def _places(given: Iterable[tuple[int, int]]) -> frozenset[tuple[int, int]]:
    return frozenset((int(row), int(column)) for row, column in given)


def _cell_in(packed: list[Any]) -> Cell:
    kind, *value = packed
    match kind:
        case "n":
            return Decimal(value[0])
        case "t":
            return datetime.datetime.fromisoformat(value[0])
        case "d":
            return datetime.date.fromisoformat(value[0])
        case "s":
            return datetime.timedelta(*value)
    raise ValueError(kind)
