"""What the merchant pays for each day that a payment is late."""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from reviewer.engine.statements import Statement
from reviewer.quantity import chinese_number
from reviewer.text import Span


class LateFee(NamedTuple):
    """What a day costs: a share of what is owed, or a sum in yuan."""

    span: Span
    share: Decimal | None
    sum: Decimal


_LATE = re.compile(
    r"逾期|逾1?日|逾1?天|迟延|延迟|延期|延宕|延误|拖|欠|迟[付俾给交]|晚[付给交了1]|每晚|未付|未清偿|未按(期|时|约)|未及时|"
    r"(没|未|不)(打钱|给钱|给|付清?|到账|结清)|超过的|超过\d+[日天]|滞纳金"
)
_PAYING = re.compile(r"付|款|钱|钞票|费|欠|清偿|账|余额")
_DAILY = r"(?:[每按逐][逾迟晚延拖期1一个]{0,3}[日天]|[日天]按|(?<=[,:按额款])日|(?<!\d)1天|晚1天)"
_SHARE = re.compile(
    rf"{_DAILY}[^。;%\d]{{0,24}}(?<![\d.])(?P<a>\d+(?:\.\d+)?)%|"
    rf"(?<![\d.])(?P<b>\d+(?:\.\d+)?)%[^。;%\d]{{0,8}}(?:[逐按每][日天]|/[日天])"
)
_SUM = re.compile(
    r"(?:每[逾迟晚延拖1]{0,3}[日天]|1天|逐[日天])[^。;\d%]{0,8}?(?:加|罚|赔|付|收|补)[^。;\d%]{0,4}?"
    r"(?:(?P<digits>\d+(?:\.\d+)?)(?P<scale>万)?(?:元|块)?|(?P<words>[一二三四五六七八九十百千两]+))(?=元|块|[,。;]|$)"
)
HIGHEST = Decimal(10)
"""A share above this percentage is no daily rate, whatever stands before it."""
_NOT_THE_MERCHANT = re.compile(
    r"外包商[^。;商]{0,20}(逾期|延迟|迟延|拖|晚|未)|任[何1]?1?方|双方|互|(逾期|迟延|延迟)[^。;,]{0,4}(提供|交付|交货|补|响应|到岗|整改)|核减|扣减|扣除|流失|客服[^。;,]{0,8}(逾期|迟到)|退还|返还|退回|(开|发)票|补位|上岗|质保金"
)
_VENDORS_TURN = re.compile(r"外包商[^。;商]{0,6}(支付|赔偿|承担)")


def late_fees(statements: Sequence[Statement]) -> list[LateFee]:
    """Return what the merchant pays a day for paying late, in the order of the text."""
    found: list[LateFee] = []
    for statement in statements:
        text = statement.own.text
        if not _LATE.search(text) or not _PAYING.search(text) or _NOT_THE_MERCHANT.search(text):
            continue
        if _VENDORS_TURN.search(text) and "商家" not in text:
            continue
        share = _SHARE.search(text)
        if share and Decimal(share["a"] or share["b"]) <= HIGHEST:
            found.append(
                LateFee(statement.span, Decimal(share["a"] or share["b"]) / 100, Decimal(0))
            )
            continue
        each = _SUM.search(text)
        if each:
            found.append(LateFee(statement.span, None, _yuan(each)))
    return found


def _yuan(match: re.Match[str]) -> Decimal:
    if match["words"]:
        return chinese_number(match["words"]) or Decimal(0)
    return Decimal(match["digits"]) * (10000 if match["scale"] else 1)
