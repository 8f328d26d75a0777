"""Exports for tests: rows written the ways in which shop tools write them."""

import datetime
import io
import random
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

from openpyxl import Workbook

from reviewer.shop.catalogue import load_catalogue
from reviewer.shop.columns import mapper_of
from reviewer.shop.exports import ShopData, read_shop

TODAY = date(2026, 11, 23)


def csv_file(path: Path, rows: Sequence[Sequence[str]], encoding: str = "utf-8") -> Path:
    """Write rows as CSV; cells with a comma are quoted."""
    lines = [",".join(f'"{c}"' if "," in c else c for c in row) for row in rows]
    path.write_bytes(("\r\n".join(lines) + "\r\n").encode(encoding))
    return path


def xlsx_file(
    path: Path, rows: Sequence[Sequence[object]], formats: dict[str, str] | None = None
) -> Path:
    """Write rows as .xlsx; `formats` gives number formats by column letter."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    for letter, shown in (formats or {}).items():
        for cell in sheet[letter]:
            cell.number_format = shown
    out = io.BytesIO()
    book.save(out)
    path.write_bytes(out.getvalue())
    return path


def read(*paths: Path, given: Sequence[str] = (), drop_bad: bool = False) -> ShopData:
    """Read exports as on the day of the tests."""
    mapper = mapper_of(load_catalogue(), given)
    return read_shop(paths, mapper, today=TODAY, drop_bad=drop_bad)


def year(
    seed: int, first: date = date(2025, 11, 1), days: int = 365
) -> list[tuple[date, float, float, int]]:
    """Return day, average response in seconds, conversion as a share, sessions."""
    chance = random.Random(seed)
    return [
        (
            first + timedelta(days=n),
            round(chance.gauss(28, 3), 1),
            round(chance.uniform(0.18, 0.25), 4),
            chance.randint(300, 900),
        )
        for n in range(days)
    ]


def days(
    *values: str, first: date = date(2026, 7, 1), head: str = "平均响应时间"
) -> list[list[str]]:
    """Return an export with one metric, a value a day; an empty value is a missing cell."""
    return [
        ["日期", head],
        *([str(first + timedelta(days=n)), value] for n, value in enumerate(values)),
    ]


def clock(seconds: float) -> datetime.time:
    """Return a duration as spreadsheets hold it."""
    return datetime.time(second=int(seconds))
