"""Cells as dates and figures, in every way in which exports write them."""

import datetime
import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Literal, NamedTuple

from reviewer.shop.metric import Metric
from reviewer.shop.sheet import Cell

Period = tuple[datetime.date, datetime.date]
Reading = Literal["points", "fraction", "seconds", "minutes", "hours", "plain", "ten_thousands"]
"""How the bare numbers of a column are meant: 21.3 or 0.213, 28 秒 or 0.5 分钟."""

_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})日?")
_TIGHT_DAY = re.compile(r"(20\d\d)(\d\d)(\d\d)")
_MONTH = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})月?")
_TIGHT_MONTH = re.compile(r"(20\d\d)(\d\d)")
_YEARLESS = re.compile(r"(\d{1,2})\s*[-/.月]\s*(\d{1,2})日?")
_BEHIND_DAY = re.compile(
    r"[\sT]*(\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?)?\s*[(（]?(星期|周|礼拜)?.{0,2}[)）]?"
)
_CLOCK = re.compile(r"(?:(\d+):)?(\d{1,3}):(\d{1,2}(?:\.\d+)?)")
_SPOKEN = re.compile(
    r"(?:(\d+(?:\.\d+)?)(?:小时|时|h))?(?:(\d+(?:\.\d+)?)(?:分钟|分|min|m))?"
    r"(?:(\d+(?:\.\d+)?)(?:秒钟|秒|sec|s))?",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"[-+]?\d+(?:,\d{3})*(?:\.\d+)?(?:e[-+]?\d+)?", re.IGNORECASE)
_EXCEL_EPOCH = datetime.date(1899, 12, 30)
_UNIT_WORDS = re.compile(r"(人次|人|次|个|单|条|通|笔|名|席|分|元|圆)$")


class BadCell(ValueError):
    """A cell that is not what its column holds; the message says what is wrong, in Chinese."""


class When(NamedTuple):
    """The day or month that a row is about."""

    first: datetime.date
    last: datetime.date

    @property
    def monthly(self) -> bool:
        """Return whether it covers more than a day."""
        return self.last > self.first

    @property
    def whole(self) -> bool:
        """Return whether it is exactly a day or exactly a month; sums of other ranges are not."""
        return not self.monthly or (self.first.day == 1 and self.last == month_end(self.first))


@dataclass(frozen=True)
class Bare:
    """A number without a unit, to be read as its whole column is."""

    number: Decimal


def when_of(cell: Cell) -> When | None:
    """Return the day, month or range of days that `cell` names, or None when it names none.

    Raises:
        BadCell: It is a date that does not exist or that lacks the year.
    """
    if isinstance(cell, datetime.datetime):
        return When(cell.date(), cell.date())
    if isinstance(cell, datetime.date):
        return When(cell, cell)
    if isinstance(cell, Decimal):
        return _serial(cell)
    if not isinstance(cell, str) or not cell:
        return None
    words = cell.strip()
    days = list(_DAY.finditer(words))
    if len(days) == 2 and days[0].start() == 0:
        return When(_date(days[0], words), _date(days[1], words))
    if len(days) == 1 and days[0].start() == 0 and _BEHIND_DAY.fullmatch(words[days[0].end() :]):
        day = _date(days[0], words)
        return When(day, day)
    for pattern in (_MONTH, _TIGHT_MONTH):
        if match := pattern.fullmatch(words):
            return _month(int(match[1]), int(match[2]), words)
    if match := _TIGHT_DAY.fullmatch(words):
        day = _date(match, words)
        return When(day, day)
    if words.isdigit() and len(words) == 5:
        return _serial(Decimal(words))
    if _YEARLESS.fullmatch(words):
        raise BadCell(f"日期“{words}”没有年份")
    return None


def _date(match: re.Match[str], words: str) -> datetime.date:
    try:
        return datetime.date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError as error:
        raise BadCell(f"日期“{words}”不存在") from error


def _month(year: int, month: int, words: str) -> When:
    if not 1 <= month <= 12:
        raise BadCell(f"月份“{words}”不存在")
    first = datetime.date(year, month, 1)
    return When(first, month_end(first))


def month_end(day: datetime.date) -> datetime.date:
    """Return the last day of the month of `day`."""
    following = (day.replace(day=28) + datetime.timedelta(days=4)).replace(day=1)
    return following - datetime.timedelta(days=1)


def _serial(number: Decimal) -> When | None:
    """Return the day of a spreadsheet's serial number, for numbers of this century."""
    if number != number.to_integral_value():
        return None
    whole = int(number)
    if 36526 <= whole <= 73050:
        day = _EXCEL_EPOCH + datetime.timedelta(days=whole)
        return When(day, day)
    words = str(whole)
    match = _TIGHT_DAY.fullmatch(words)
    if match:
        day = _date(match, words)
        return When(day, day)
    tight = _TIGHT_MONTH.fullmatch(words)
    return _month(int(tight[1]), int(tight[2]), words) if tight else None


def figure_of(cell: Cell, metric: Metric, *, percent: bool = False) -> Decimal | Bare:
    """Return the figure in `cell`, or a `Bare` number whose unit the column decides.

    Args:
        cell: Not empty.
        metric: What the column holds.
        percent: The spreadsheet shows the number as percent.

    Raises:
        BadCell: It is no figure of this kind.
    """
    if isinstance(cell, datetime.timedelta):
        return _exact(Decimal(repr(cell.total_seconds())), metric, "seconds", cell)
    if isinstance(cell, Decimal):
        return cell if percent and metric.unit == "share" else Bare(cell)
    if not isinstance(cell, str):
        raise BadCell(f"“{cell}”是日期，不是{metric.title}")
    words = cell.replace(" ", "")
    if not words.isascii():
        words = words.strip().translate(_HALF_WIDTH)
    if words.endswith(("%", "‰")):
        number = _number(words[:-1], cell)
        return _exact(number / (100 if words[-1] == "%" else 1000), metric, "share", cell)
    if metric.unit == "seconds":
        return _duration(words, cell)
    scale = Decimal(1)
    words = _UNIT_WORDS.sub("", words).lstrip("¥￥")
    if words.endswith("万"):
        words, scale = words[:-1], Decimal(10000)
    number = _number(words, cell) * scale
    return Bare(number) if metric.unit == "share" else number


def _exact(value: Decimal, metric: Metric, unit: str, cell: Cell) -> Decimal:
    if metric.unit != unit:
        kind = {"seconds": "时长", "share": "百分比"}[unit]
        raise BadCell(f"“{cell}”是{kind}，不是{metric.title}的单位")
    return value


def _duration(words: str, cell: Cell) -> Decimal | Bare:
    clock = _CLOCK.fullmatch(words)
    if clock:
        hours, minutes, seconds = int(clock[1] or 0), int(clock[2]), Decimal(clock[3])
        if seconds >= 60 or (clock[1] and minutes >= 60):
            raise BadCell(f"时长“{cell}”不存在")
        return hours * 3600 + minutes * 60 + seconds
    spoken = _SPOKEN.fullmatch(words)
    if spoken and any(spoken.groups()):
        hours_, minutes_, seconds_ = (Decimal(part or 0) for part in spoken.groups())
        return hours_ * 3600 + minutes_ * 60 + seconds_
    return Bare(_number(words, cell))


def _number(words: str, cell: Cell) -> Decimal:
    if not _NUMBER.fullmatch(words):
        raise BadCell(f"“{cell}”不是数字")
    try:
        return Decimal(words.replace(",", ""))
    except InvalidOperation as error:
        raise BadCell(f"“{cell}”不是数字") from error


def scaled(number: Decimal, reading: Reading) -> Decimal:
    """Return a bare number in the unit of its metric."""
    return number * _SCALE[reading]


_SCALE: dict[Reading, Decimal] = {
    "points": Decimal("0.01"),
    "fraction": Decimal(1),
    "seconds": Decimal(1),
    "minutes": Decimal(60),
    "hours": Decimal(3600),
    "plain": Decimal(1),
    "ten_thousands": Decimal(10000),
}
_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {
    0x3000: 0x20,
    ord("，"): ord(","),
    ord("："): ord(":"),
}
