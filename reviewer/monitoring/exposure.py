"""The money view: what a contract costs and risks in yuan, each figure with clause and formula."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from reviewer.monitoring.dates import days_after
from reviewer.monitoring.fees import FEN, Fees, contract_months, fees_of, sum_line, yuan
from reviewer.record import Record
from reviewer.shop.metric import Ratios, plain
from reviewer.terms.term import Charge, Limit, Source, Terms, amount, rate_of

Group = Literal["cost", "at_risk", "leaving", "owed_by_client", "owed_by_vendor", "late", "cap"]
GROUPS: dict[Group, str] = {
    "cost": "要付多少",
    "at_risk": "先付出去、可能拿不回来的",
    "leaving": "在第几个月离开要付多少",
    "owed_by_client": "商家违约要付的",
    "owed_by_vendor": "外包商违约要付的",
    "late": "逾期付款的代价",
    "cap": "赔偿上限够不够",
}
MONTHS_SHOWN = (1, 3, 6, 9, 12, 18, 24)


class Inputs(Record):
    """What the contract does not say and the merchant knows."""

    monthly_fee: Decimal | None = None
    orders_per_month: int | None = None
    order_value: Decimal | None = None


class Figure(Record):
    """One sum or rate, with its formula and clause."""

    group: Group
    what: str
    amount: Decimal | None = None
    """Yuan; None for a rate, and where the base is not known."""
    shown: str
    formula: str
    note: str = ""
    source: Source | None = None
    """None for a figure that comes from the inputs and assumptions alone."""


class Exposure(Record):
    """What one contract costs and risks."""

    contract: str
    months: int | None
    figures: tuple[Figure, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class _Books:
    terms: Terms
    fees: Fees
    months: int | None
    inputs: Inputs
    ratios: Ratios


def exposure_of(terms: Terms, inputs: Inputs, ratios: Ratios) -> Exposure:
    """Return the money view of a contract.

    Args:
        terms: The contract's terms.
        inputs: Fee, orders and order value, where the merchant gives them.
        ratios: The assumptions for a closed shop and a leak.
    """
    fees = fees_of(terms, inputs.monthly_fee)
    books = _Books(terms, fees, contract_months(terms), inputs, ratios)
    figures = [
        *_costs(books),
        *_at_risk(books),
        *_leaving(books),
        *_owed(books),
        *_late(books),
        *_caps(books),
    ]
    warnings = [fees.question] if fees.question else []
    if books.months is None:
        warnings.append("合同没有写明期限，离开的代价无法计算")
    if not terms.limits:
        warnings.append("合同没有赔偿上限条款；没有上限时按实际损失主张")
    return Exposure(
        contract=terms.contract,
        months=books.months,
        figures=tuple(figures),
        warnings=tuple(warnings),
    )


def _figure(
    group: Group,
    what: str,
    value: Decimal | None,
    formula: str,
    source: Source | None,
    note: str = "",
) -> Figure:
    rounded = value.quantize(FEN, ROUND_HALF_UP) if value is not None else None
    shown = yuan(rounded) if rounded is not None else "待定（缺月服务费）"
    worked = rounded is not None and "=" not in formula and any(sign in formula for sign in "×÷")
    full = f"{formula} = {shown}" if worked else formula
    return Figure(
        group=group, what=what, amount=rounded, shown=shown, formula=full, note=note, source=source
    )


def _costs(books: _Books) -> Iterator[Figure]:
    line = books.fees.line
    if line is None or line.amount is None:
        return
    yield _figure("cost", "每月服务费", line.amount, line.formula, line.source)
    if books.months:
        formula = f"月服务费 {yuan(line.amount)} × {books.months}个月"
        duration = books.terms.duration
        yield _figure(
            "cost", "合同期总费用", line.amount * books.months, formula,
            duration.source if duration else line.source,
        )  # fmt: skip


def _at_risk(books: _Books) -> Iterator[Figure]:
    for payment in books.terms.payments:
        if payment.kind not in ("prepayment", "monthly_before"):
            continue
        value, formula = _prepaid(payment.amount, payment.share, payment.months, books)
        note = {
            True: "合同写明未用部分退还",
            False: "合同写明不退：中途结束即损失",
            None: "合同没有写明可退：中途结束要靠协商或起诉",
        }[payment.refundable]
        yield _figure("at_risk", "预付款", value, formula, payment.source, note)
    for held in books.terms.retentions:
        if held.paid_by == "client" and held.amount:
            note = "合同写明可被没收或不退" if held.refundable is False else "退还条件见原文"
            value = amount(held.amount, "money")
            yield _figure("at_risk", "商家交的保证金", value, held.amount, held.source, note)


def _prepaid(
    sum_: str | None, share: str | None, months: int | None, books: _Books
) -> tuple[Decimal | None, str]:
    monthly = books.fees.monthly
    if sum_:
        return amount(sum_, "money"), sum_
    if share:
        ratio = amount(share, "share")
        base = monthly if months == 1 else books.fees.total or monthly
        name = "月服务费" if months == 1 or books.fees.total is None else "合同总价"
        value = base * ratio if base is not None else None
        return value, f"{name}{f' {yuan(base)}' if base is not None else ''} × {share}"
    count = months or 1
    value = monthly * count if monthly is not None else None
    return value, f"月服务费{f' {yuan(monthly)}' if monthly is not None else ''} × {count}个月"


def _leaving(books: _Books) -> Iterator[Figure]:
    """Yield what it costs to leave at the end of some months: exit charges and notice."""
    if not books.months:
        return
    exits = [c for c in books.terms.charges if c.kind == "early_exit" and c.who == "client"]
    notice = next(
        (n for n in books.terms.notices if n.kind == "leave" and n.who in ("client", None)), None
    )
    for month in [m for m in MONTHS_SHOWN if m < books.months]:
        for charge in exits:
            value, formula = _exit(charge, month, books)
            yield _figure("leaving", f"第{month}个月末离开", value, formula, charge.source)
        if not exits and notice:
            days = (days_after(date(2026, 1, 1), notice.within) - date(2026, 1, 1)).days
            monthly = books.fees.monthly
            value = monthly * days / 30 if monthly is not None else None
            base = f" {yuan(monthly)}" if monthly is not None else ""
            formula = f"通知期 {notice.within}：月服务费{base} × {days}÷30"
            note = "通知期内服务照常，这笔费用对应服务"
            yield _figure("leaving", f"第{month}个月末离开", value, formula, notice.source, note)
        if not exits and not notice:
            yield Figure(
                group="leaving", what=f"第{month}个月末离开", shown="合同没有约定",
                formula="没有提前退出的约定：须有法定或约定解除事由，或协商",
            )  # fmt: skip


def _exit(charge: Charge, month: int, books: _Books) -> tuple[Decimal | None, str]:
    monthly = books.fees.monthly
    _, value = rate_of(charge.rate)
    if charge.base == "remaining":
        left = (books.months or 0) - month
        result = monthly * left * value if monthly is not None else None
        base = f" {yuan(monthly)}" if monthly is not None else ""
        return result, f"剩余 {left} 个月 × 月服务费{base} × {plain(value * 100, 2)}%"
    line = sum_line("", charge.rate, _base(charge), books.fees, charge.source)
    return line.amount, line.formula


def _base(charge: Charge) -> Literal["monthly_fee", "contract_total"]:
    return "contract_total" if charge.base == "contract_total" else "monthly_fee"


def _owed(books: _Books) -> Iterator[Figure]:
    for charge in books.terms.charges:
        if charge.kind != "penalty":
            continue
        group: Group = "owed_by_client" if charge.who == "client" else "owed_by_vendor"
        line = sum_line("", charge.rate, _base(charge), books.fees, charge.source)
        yield _figure(group, charge.event or "违约", line.amount, line.formula, charge.source)
    for step in books.terms.steps:
        for action in step.actions:
            if action.kind == "penalty" and action.rate:
                line = sum_line("", action.rate, action.base, books.fees, step.source)
                yield _figure(
                    "owed_by_vendor", f"考核解约违约金（{step.id}）", line.amount, line.formula,
                    step.source,
                )  # fmt: skip
    cap = books.terms.cap
    if cap:
        line = sum_line("", cap.share, "monthly_fee", books.fees, cap.source)
        yield _figure("owed_by_vendor", "每月考核扣减最多", line.amount, line.formula, cap.source)


def _late(books: _Books) -> Iterator[Figure]:
    for charge in books.terms.charges:
        if charge.kind != "late_fee":
            continue
        _, rate = rate_of(charge.rate)
        annual = rate * 365
        who = "商家" if charge.who == "client" else "外包商"
        base = {"contract_total": "合同总价", "monthly_fee": "月服务费"}.get(charge.base, "欠款")
        yield Figure(
            group="late",
            what=f"{who}逾期，折合年利率",
            shown=f"{plain(annual * 100, 2)}%",
            formula=f"{base} × {charge.rate}/日 × 365日 = 年 {plain(annual * 100, 2)}%",
            note="年利率过高的部分，可以请求法院调减" if annual > Decimal("0.24") else "",
            source=charge.source,
        )
        owed = books.fees.total if charge.base == "contract_total" else books.fees.monthly
        days = books.ratios.overdue_days
        value = owed * rate * days if owed is not None else None
        name = f"{'合同总价' if charge.base == 'contract_total' else '一个月服务费'}"
        shown = f" {yuan(owed)}" if owed is not None else ""
        yield _figure(
            "late", f"{who}逾期 {days} 天", value, f"{name}{shown} × {charge.rate} × {days}日",
            charge.source,
        )  # fmt: skip


def _caps(books: _Books) -> Iterator[Figure]:
    """Yield each cap, and the assumed losses beside it."""
    losses = list(_losses(books))
    for limit in books.terms.limits:
        value, formula = _limit(limit, books)
        carved = (
            f"不适用于：{'、'.join(limit.carve_outs)}"
            if limit.carve_outs
            else "没有例外：泄露、故意也按上限"
        )
        yield _figure("cap", "赔偿上限", value, formula, limit.source, carved)
        for loss in losses:
            if value is not None and loss.amount is not None:
                short = loss.amount - value
                said = f"超出上限 {yuan(short)}，由商家自担" if short > 0 else "在上限之内"
                yield loss.model_copy(
                    update={"note": f"{loss.note}；{said}", "source": limit.source}
                )
    if not books.terms.limits:
        yield from losses


def _limit(limit: Limit, books: _Books) -> tuple[Decimal | None, str]:
    base: Literal["monthly_fee", "contract_total"] = (
        "contract_total" if limit.base == "contract_total" else "monthly_fee"
    )
    line = sum_line("", limit.rate, base, books.fees, limit.source)
    return line.amount, line.formula


def _losses(books: _Books) -> Iterator[Figure]:
    orders, value, ratios = books.inputs.orders_per_month, books.inputs.order_value, books.ratios
    if orders is not None and value is not None:
        lost = Decimal(orders) / 30 * ratios.closed_days * value
        formula = f"每月 {orders} 单 ÷ 30 × {ratios.closed_days}天 × 客单价 {yuan(value)}"
        yield _figure(
            "cap",
            f"店铺被处罚停业 {ratios.closed_days} 天少卖",
            lost,
            formula,
            None,
            "情景假设：销售额，非利润",
        )
    if orders is not None:
        buyers = (Decimal(orders) * ratios.leak_share).to_integral_value(ROUND_HALF_UP)
        cost = buyers * ratios.leak_cost_per_buyer
        formula = (
            f"每月 {orders} 名买家 × {plain(ratios.leak_share * 100, 2)}% = {buyers} 人 × "
            f"{yuan(ratios.leak_cost_per_buyer)}；合计 {yuan(cost)}"
        )
        yield _figure(
            "cap", "一次泄露的安抚和补偿", cost, formula, None, "情景假设：不含行政处罚和商誉"
        )
