"""The monthly fee and other bases of sums, from the contract's own terms."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from reviewer.errors import UsageError
from reviewer.monitoring.outcome import Line
from reviewer.shop.metric import plain
from reviewer.terms.term import Base, Source, Terms, amount, rate_of

FEN = Decimal("0.01")
_GIVEN = Source(clause="", quote="", number="使用者输入")


@dataclass(frozen=True)
class Fees:
    """The bases of sums; None where the contract and the user give none."""

    monthly: Decimal | None
    line: Line | None
    """The monthly fee with where it comes from."""
    total: Decimal | None
    question: str = ""
    """Why the monthly fee is not known."""

    def base(self, base: Base) -> tuple[Decimal | None, str]:
        """Return a base in yuan, and its name."""
        if base == "contract_total":
            return self.total, "合同总价"
        if base == "quarterly_fee":
            return (self.monthly * 3 if self.monthly is not None else None), "当季服务费"
        if base == "performance_fee":
            return None, "绩效部分"
        return self.monthly, "当月服务费"


def fees_of(terms: Terms, given: Decimal | None = None) -> Fees:
    """Return the monthly fee: as given, else as the contract says it in one way only."""
    months = contract_months(terms)
    totals = [amount(fee.amount, "money") for fee in terms.fees if fee.kind == "total"]
    total = totals[0] if len(set(totals)) == 1 else None
    line: Line | None = None
    question = ""
    if given is not None:
        line = Line(
            what="月服务费", amount=given, formula=f"使用者输入 {yuan(given)}", source=_GIVEN
        )
    else:
        line, question = _stated(terms, total, months)
    monthly = line.amount if line else None
    if total is None and monthly is not None and months:
        total = monthly * months
    return Fees(monthly, line, total, question)


def _stated(terms: Terms, total: Decimal | None, months: int | None) -> tuple[Line | None, str]:
    monthly = [fee for fee in terms.fees if fee.kind == "monthly"]
    values = {amount(fee.amount, "money") for fee in monthly}
    if len(values) == 1:
        fee = monthly[0]
        value = values.pop()
        return Line(what="月服务费", amount=value, formula=fee.amount, source=fee.source), ""
    if len(values) > 1:
        listed = "、".join(fee.amount for fee in monthly)
        return None, f"合同里有几个月费（{listed}），请用 --monthly-fee 指明"
    seats = [fee for fee in terms.fees if fee.kind == "seat"]
    if len({fee.amount for fee in seats}) == 1 and seats[0].seats:
        fee = seats[0]
        value = amount(fee.amount, "money") * (fee.seats or 0)
        formula = f"{fee.amount} × {fee.seats}席"
        return Line(what="月服务费", amount=value, formula=formula, source=fee.source), ""
    if seats:
        return (
            None,
            "合同按坐席计费而没有写明坐席数（或有几种单价），请用 --monthly-fee 给出月服务费",
        )
    if total is not None and months:
        fee = next(fee for fee in terms.fees if fee.kind == "total")
        value = (total / months).quantize(FEN, ROUND_HALF_UP)
        formula = f"{fee.amount} ÷ {months}个月"
        return Line(what="月服务费", amount=value, formula=formula, source=fee.source), ""
    return None, "合同里没有月服务费，请用 --monthly-fee 给出"


def contract_months(terms: Terms) -> int | None:
    """Return how many months the contract runs, rounded, or None where it does not say."""
    duration = terms.duration
    if duration is None:
        return None
    if duration.start and duration.end:
        days = (duration.end - duration.start).days + 1
        return max(1, int((Decimal(days) / Decimal("30.4375")).quantize(Decimal(1), ROUND_HALF_UP)))
    return duration.months


def sum_line(
    what: str,
    rate: str,
    base: Base,
    fees: Fees,
    source: Source,
    *,
    times: Decimal = Decimal(1),
    times_words: str = "",
    rows: tuple[str, ...] = (),
) -> Line:
    """Return a sum: `times` a rate of a base, with the formula as a reader would check it."""
    kind, value = rate_of(rate)
    count = f" × {times_words or plain(times, 4)}" if times != 1 or times_words else ""
    if kind == "money":
        result: Decimal | None = value * times
        formula = f"{yuan(value)}{count}"
    elif kind == "months":
        result = fees.monthly * value * times if fees.monthly is not None else None
        formula = f"月服务费{_of(fees.monthly)} × {plain(value, 2)}个月{count}"
    else:
        amount_, name = fees.base(base)
        result = amount_ * value * times if amount_ is not None else None
        formula = f"{name}{_of(amount_)} × {plain(value * 100, 4)}%{count}"
    rounded = result.quantize(FEN, ROUND_HALF_UP) if result is not None else None
    shown = f"{formula} = {yuan(rounded)}" if rounded is not None else f"{formula}（基数未知）"
    return Line(what=what, amount=rounded, formula=shown, rows=rows, source=source)


def yuan_given(words: str | None) -> Decimal | None:
    """Return a sum that a person typed, or None for nothing.

    Raises:
        UsageError: It is no sum.
    """
    if words is None or not words.strip():
        return None
    try:
        value = Decimal(words.strip().replace(",", "").replace("，", "").removesuffix("元"))
    except InvalidOperation as error:
        raise UsageError(f"金额 {words} 看不懂", remedy="写法如 33000 或 33000.50") from error
    if not 0 <= value < Decimal(10) ** 12:
        raise UsageError(f"金额 {words} 不合理", remedy="写法如 33000 或 33000.50")
    return value


def _of(value: Decimal | None) -> str:
    return f" {yuan(value)}" if value is not None else ""


def yuan(value: Decimal) -> str:
    """Return a sum as people write it.

    >>> yuan(Decimal("12345.5")), yuan(Decimal("-3"))
    ('12,345.50元', '-3元')
    """
    rounded = value.quantize(FEN, ROUND_HALF_UP)
    if rounded == rounded.to_integral_value():
        return f"{int(rounded):,}元"
    return f"{rounded:,.2f}元"
