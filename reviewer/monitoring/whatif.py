"""What if: the past record replayed against terms that are not signed yet."""

from datetime import date
from decimal import Decimal

from reviewer.monitoring.fees import contract_months, fees_of
from reviewer.monitoring.outcome import Monitoring
from reviewer.monitoring.watching import Case, monitor
from reviewer.record import Record
from reviewer.shop.baseline import months_back
from reviewer.shop.catalogue import Calendar, Catalogue
from reviewer.shop.history import History, mean
from reviewer.terms.term import Source, Terms


class StepCount(Record):
    """How often a step would have been set off."""

    step: str
    what: str
    """The contract's words."""
    times: int
    days: tuple[date, ...]
    source: Source


class MonthSum(Record):
    """What would have been deducted for one month."""

    month: date
    missed: int
    """Targets that the month missed."""
    total: Decimal | None
    complete: bool


class WhatIf(Record):
    """The past under the proposed terms."""

    contract: str
    shop: str
    first: date
    last: date
    steps: tuple[StepCount, ...]
    months: tuple[MonthSum, ...]
    total: Decimal | None
    """None where the monthly fee is not known."""
    monitoring: Monitoring
    notes: tuple[str, ...]


def what_if(
    terms: Terms,
    history: History,
    catalogue: Catalogue,
    calendar: Calendar,
    *,
    months: int = 12,
    monthly_fee: Decimal | None = None,
    where: str | None = None,
) -> WhatIf:
    """Return how often each step would have been set off, and what would have been deducted.

    The last `months` are replayed as if the terms had been in force: a notice is taken to arrive
    on the day of each trigger, and ratios of the shop's mean are of the mean of the record.
    """
    chosen = history.between(months_back(history.last, months), history.last)
    recent = {m: mean([v for _, v in chosen.series(m)]) for m in chosen.metrics}
    found = monitor(
        Case(
            terms=terms.model_copy(update={"ramp": None, "confirmed": True}),
            history=chosen,
            catalogue=catalogue,
            calendar=calendar,
            as_of=chosen.last,
            monthly_fee=monthly_fee,
            notices=None,
            where=where,
            recent=recent,
            within_contract=False,
        )
    )
    sums = _sums(found)
    totals = [s.total for s in sums]
    known = [t for t in totals if t is not None]
    return WhatIf(
        contract=terms.contract,
        shop=found.shop,
        first=found.first,
        last=found.last,
        steps=_counts(terms, found),
        months=sums,
        total=sum(known, Decimal(0)) if len(known) == len(totals) else None,
        monitoring=found,
        notes=_notes(terms, monthly_fee),
    )


def _counts(terms: Terms, found: Monitoring) -> tuple[StepCount, ...]:
    """Return for each step of the terms when it would have been set off."""
    made = []
    for step in terms.steps:
        days = tuple(e.on for e in found.events if e.step == step.id and not e.pending)
        made.append(
            StepCount(
                step=step.id,
                what=step.source.quote,
                times=len(days),
                days=days,
                source=step.source,
            )
        )
    return tuple(made)


def _sums(found: Monitoring) -> tuple[MonthSum, ...]:
    """Return for each month the targets missed and the sum."""
    months = [r for r in found.results if r.unit == "month"]
    return tuple(
        MonthSum(
            month=s.month,
            missed=sum(r.first == s.month and not r.met for r in months),
            total=s.total,
            complete=s.complete,
        )
        for s in found.statements
    )


def _notes(terms: Terms, monthly_fee: Decimal | None) -> tuple[str, ...]:
    notes = ["假定整改通知在触发当日到达；假定触发解除后合同仍继续，以便看清全年"]
    if not terms.steps:
        notes.append("合同没有可以识别的阶梯，无从触发")
    if not terms.deductions:
        notes.append("合同没有可以识别的扣减办法，无从扣减")
    if fees_of(terms, monthly_fee).monthly is None and contract_months(terms) is None:
        notes.append("没有月服务费，只能数次数，不能算钱")
    return tuple(notes)
