"""A term against its dates, and a total against price times number."""

import calendar
import datetime
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from reviewer.engine.audit.observation import Observation
from reviewer.engine.statements import Statement

_DATE = r"(20\d{2})年(\d{1,2})月(\d{1,2})日"
_DATES = re.compile(
    rf"{_DATE}[^。;\d]{{0,14}}(?:[^。;\d]{{0,12}}\d+(?:\.\d+)?个?[月年][^。;\d]{{0,8}})?(?:至|到|-){_DATE}"
)
_LENGTH = re.compile(
    r"(?:(?:合同|协议|合作|服务|委托|履行|有效|承包)(?:的?有效)?(?:期限?|期间)?|为期|期限|(?<=,)共|(?<=,)前后|(?<=,)计|(?<=,)干|(?<=,)做)"
    r"(?:为|是|共|:)?(?<!\d)(\d{1,2}(?:\.\d+)?)(个月|年)(?![\d后])"
)
"""The length of the term: no period of payment, notice or trial."""
_OTHER_LENGTH = re.compile(r"试|磨合|质保|保密|免租|顺延|续|满|每|账期|周期")
SLACK_DAYS = 16
"""So far the last day may lie from where the length would end: months differ, drafters round."""
_UNIT = r"(?:个?坐席|座席|[席店人名位处班座])"
_TOTAL = re.compile(
    rf"每(?:个)?{_UNIT}[^。;|\d]{{0,12}}(\d+(?:\.\d+)?)(万)?[元块](?!/)[^。;|\d]{{0,14}}?(\d{{1,3}})个?{_UNIT}"
    r"[^。;|\d]{0,8}(?:合计|共计|总计|共|就是|计)[^。;|\d]{0,8}(\d+(?:\.\d+)?)(万)?[元块]"
)


def spans(statements: Sequence[Statement]) -> list[Observation]:
    """Return terms that do not fit their dates, and totals that do not fit price and number."""
    return [
        found for statement in statements for found in (*_terms(statement), *_totals(statement))
    ]


def _terms(statement: Statement) -> Iterator[Observation]:
    text = statement.own.text
    lengths = [
        Decimal(match[1]) * (12 if match[2] == "年" else 1)
        for match in _LENGTH.finditer(text)
        if not _OTHER_LENGTH.search(text[max(0, match.start() - 6) : match.end() + 2])
    ]
    for match in _DATES.finditer(text):
        first, last = _date(*match.group(1, 2, 3)), _date(*match.group(4, 5, 6))
        if not first or not last or last <= first or not lengths:
            continue
        if all(abs((_after(first, months) - last).days) > SLACK_DAYS for months in lengths):
            yield Observation(
                "term_dates",
                "期限与起止日期不符",
                (statement.span,),
                f"写明的期限与起止日期（{first}至{last}）不符",
                f"the term stated does not fit its dates, {first} to {last}",
                contradiction=True,
                severity="medium",
                confidence=0.85,
            )


def _date(year: str, month: str, day: str) -> datetime.date | None:
    try:
        return datetime.date(int(year), int(month), int(day))
    except ValueError:
        return None


def _after(first: datetime.date, months: Decimal) -> datetime.date:
    """Return the last day of a term of so many months that begins on `first`."""
    whole = int(months)
    year, month = divmod(first.year * 12 + first.month - 1 + whole, 12)
    day = min(first.day, calendar.monthrange(year, month + 1)[1])
    part = datetime.timedelta(days=int((months - whole) * 30) - 1)
    return datetime.date(year, month + 1, day) + part


def _totals(statement: Statement) -> Iterator[Observation]:
    for match in _TOTAL.finditer(re.sub(r"\([^()]*\)", "", statement.own.text)):
        price = Decimal(match[1]) * (10000 if match[2] else 1)
        total = Decimal(match[4]) * (10000 if match[5] else 1)
        product = price * int(match[3])
        if total == product or not product / 2 < total < product * 2:
            continue  # many times as much is the total of several months
        if re.search(r"优惠|折|减|另", match[0]):
            continue
        yield Observation(
            "total_differs",
            "合计金额与单价、数量不符",
            (statement.span,),
            f"单价乘数量为 {product.normalize():f} 元，合计写的是 {total.normalize():f} 元",
            f"price times number is {product.normalize():f}, the total says {total.normalize():f}",
            contradiction=True,
            severity="medium",
            confidence=0.85,
        )
