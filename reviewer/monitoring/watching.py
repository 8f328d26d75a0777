"""Monitoring: the record replayed against the terms, with both readings where words are open."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from reviewer.errors import ShopDataError
from reviewer.monitoring.dates import dates_of
from reviewer.monitoring.events import event_of
from reviewer.monitoring.fees import Fees, fees_of
from reviewer.monitoring.ladder import Replay
from reviewer.monitoring.outcome import Ambiguity, Event, Monitoring, Statement, Watched
from reviewer.monitoring.readings import CHOICES, QUESTIONS, Readings
from reviewer.monitoring.results import Demand, Score, Scores, Watch, demands_of
from reviewer.monitoring.statements import statements_of, total_words
from reviewer.shop.catalogue import Calendar, Catalogue
from reviewer.shop.history import History
from reviewer.terms.term import Source, Step, Terms

PARTS_SHOWN = 6
PERIODS = {"day": "按日", "week": "按周", "month": "按自然月", "quarter": "按季", "year": "按年"}


@dataclass(frozen=True)
class Case:
    """What is to be watched."""

    terms: Terms
    history: History
    catalogue: Catalogue
    calendar: Calendar
    as_of: date
    monthly_fee: Decimal | None = None
    notices: tuple[date, ...] | None = ()
    """Days on which rectification notices arrived; None: on the day of each trigger (what if)."""
    where: str | None = None
    recent: Mapping[str, Decimal] = field(default_factory=dict)
    """The shop's mean over the last months before the contract, by metric, where it is known."""
    within_contract: bool = True
    """Leave out what lies before the contract's start and after its end."""


@dataclass(frozen=True)
class Outcome:
    """One replay under one set of readings."""

    demands: tuple[Demand, ...]
    why: dict[str, str]
    daily: Sequence[Score]
    monthly: Sequence[Score]
    events: tuple[Event, ...]
    statements: tuple[Statement, ...]
    miss: str
    """What one miss is under `Readings.miss` None: day or month."""

    def signature(self) -> tuple[object, ...]:
        """Return what a reader would notice if it were otherwise."""
        return (
            tuple((e.step, e.on, e.pending) for e in self.events),
            tuple((s.month, s.total) for s in self.statements),
            tuple((r.demand.target.id, r.first) for r in self.monthly if not r.met and r.complete),
        )


def monitor(case: Case) -> Monitoring:
    """Return what the record says under the terms, up to `case.as_of`.

    Raises:
        ShopDataError: The record has no figures within the contract's life.
    """
    history, notes = _within(case)
    watch = Watch.of(history, case.calendar, case.terms, case.as_of)
    fees = fees_of(case.terms, case.monthly_fee)
    scores = Scores(watch)
    outcome = replay(case, scores, fees, Readings())
    warnings = _warnings(case, history, notes, fees, outcome)
    ambiguities, others = _ambiguities(case, scores, fees, outcome)
    events = tuple(_resting(event, others) for event in outcome.events)
    kept = [r.result() for r in outcome.daily if not r.met]
    kept += [r.result() for r in outcome.monthly]
    return Monitoring(
        shop=history.shop,
        contract=case.terms.contract,
        client=case.terms.client,
        vendor=case.terms.vendor,
        first=history.first,
        last=min(history.last, case.as_of),
        as_of=case.as_of,
        confirmed=case.terms.confirmed,
        fee=fees.line,
        watched=tuple(_watched(case, outcome)),
        results=tuple(kept),
        events=events,
        statements=outcome.statements,
        ambiguities=tuple(ambiguities),
        dates=tuple(dates_of(case.terms, outcome.events, case.as_of)),
        warnings=tuple(dict.fromkeys(warnings)),
    )


def _warnings(
    case: Case, history: History, notes: Sequence[str], fees: Fees, outcome: Outcome
) -> list[str]:
    warnings = [*history.notes, *notes]
    if not case.terms.confirmed:
        warnings.append("条款文件还没有人核对确认（confirmed: false），结果仅供参考")
    if fees.question:
        warnings.append(fees.question)
    if not outcome.demands:
        warnings.append("没有一项指标可以核对，以下结果不说明没有违约")
    missing = history.missing_days()
    if missing:
        warnings.append(f"期间缺 {len(missing)} 天数据，这些天不计：{missing[0]} 等")
    warnings += [
        f"请核对：{term.source.quote}（{term.question}）" for term in case.terms.unrecognised
    ]
    return warnings


def _within(case: Case) -> tuple[History, list[str]]:
    history, notes = case.history, []
    first, last = history.first, min(history.last, case.as_of)
    duration = case.terms.duration
    if case.within_contract and duration:
        if duration.start and duration.start > first:
            first = duration.start
            notes.append(f"合同自 {duration.start} 起，之前的数据不计")
        if duration.end and duration.end < last:
            last = duration.end
            notes.append(f"合同至 {duration.end} 止，之后的数据不计")
    if case.within_contract and (duration is None or duration.start is None):
        notes.append("条款里没有合同起始日，全部数据都计入；请填写 duration.start")
    chosen = history.between(first, last)
    if not chosen.entries:
        raise ShopDataError(
            f"{'、'.join(history.files)} 在 {first} 至 {last} 之间没有数据",
            remedy="请检查数据的日期、条款里的合同期限和 --as-of",
        )
    return chosen, notes


def replay(
    case: Case, scores: Scores, fees: Fees, readings: Readings, *, facts: bool = True
) -> Outcome:
    """Return the misses, steps and sums under one set of readings; `facts` of steps on demand."""
    watch = scores.watch
    demands, why = demands_of(
        case.terms, case.catalogue, watch.history, readings, case.where, case.recent
    )
    by_day, by_month = scores.of(demands, readings)
    made = Replay(case.terms, case.catalogue, scores, (by_day, by_month), readings, case.notices)
    events = [event_of(hit, fees, case.as_of, facts=facts) for hit in made.hits()]
    statements = statements_of(
        case.terms, case.catalogue, (by_day, by_month), events, fees, readings
    )
    open_steps = [s for s in case.terms.steps if s.trigger.kind == "count" and not s.trigger.unit]
    miss = made.unit_of(open_steps[0]) if open_steps else ""
    return Outcome(tuple(demands), why, by_day, by_month, tuple(events), tuple(statements), miss)


def _ambiguities(
    case: Case, scores: Scores, fees: Fees, outcome: Outcome
) -> tuple[list[Ambiguity], dict[str, Outcome]]:
    """Return the points on which the other reading gives another result, and that result."""
    found: list[Ambiguity] = []
    others: dict[str, Outcome] = {}
    for name in CHOICES:
        now = outcome.miss if name == "miss" else getattr(Readings(), name)
        if not now or not _open(name, case, scores.watch, outcome):
            continue
        flipped = Readings().flipped(name, now)
        other = replay(case, scores, fees, flipped, facts=False)
        if other.signature() == outcome.signature():
            continue
        question, words = QUESTIONS[name]
        here, there = differing(outcome, other)
        others[name] = other
        found.append(
            Ambiguity(
                id=name,
                question=question,
                taken=words[now],
                taken_result=here,
                other=words[getattr(flipped, name)],
                other_result=there,
                source=_where_open(name, case.terms),
            )
        )
    return found, others


def _resting(event: Event, others: Mapping[str, Outcome]) -> Event:
    """Return the event with the readings without which its step would not be set off."""
    if event.pending:
        return event
    lost = tuple(
        name
        for name, other in others.items()
        if not any(e.step == event.step and not e.pending for e in other.events)
    )
    return event.model_copy(update={"rests_on": lost})


def _open(name: str, case: Case, watch: Watch, outcome: Outcome) -> bool:
    """Return whether a point is open at all in these terms and this record."""
    terms = case.terms
    monthly_only = watch.history.grain == "month"
    runs = any(s.trigger.kind == "consecutive" for s in terms.steps)
    return {
        "miss": not monthly_only,
        "mean": not monthly_only and _weights(watch),
        "steps": any(d.kind == "per_step" for d in terms.deductions),
        "run": any(_any_run(s) for s in terms.steps) and len(outcome.demands) > 1,
        "gap": runs and (bool(watch.history.missing_days()) or bool(watch.excluded)),
        "promotions": not monthly_only and any(watch.promotion_of.values()),
        "metric": any(t.or_metric for t in terms.targets),
        "cap": terms.cap is not None and any("deduct" in e.kinds for e in outcome.events),
        "cure": any(
            s.trigger.cure_days is not None or s.trigger.kind == "uncured" for s in terms.steps
        ),
    }[name]


def _any_run(step: Step) -> bool:
    trigger = step.trigger
    return trigger.kind == "consecutive" and not trigger.same_metric and trigger.metric is None


def _weights(watch: Watch) -> bool:
    return bool({"sessions", "inquiries"} & set(watch.history.metrics))


def _where_open(name: str, terms: Terms) -> Source | None:
    if name in ("miss", "run", "gap", "cure"):
        return terms.steps[0].source if terms.steps else None
    if name == "steps":
        return next((d.source for d in terms.deductions if d.kind == "per_step"), None)
    if name == "cap":
        return terms.cap.source if terms.cap else None
    if name == "metric":
        return next((t.source for t in terms.targets if t.or_metric), None)
    return terms.targets[0].source if terms.targets else None


def differing(outcome: Outcome, other: Outcome) -> tuple[str, str]:
    """Return in one line each in what two outcomes differ."""
    mine, theirs = _parts(outcome), _parts(other)
    return (
        _listed([part for part in mine if part not in theirs]),
        _listed([part for part in theirs if part not in mine]),
    )


def _listed(parts: Sequence[str]) -> str:
    more = f" 等 {len(parts)} 项" if len(parts) > PARTS_SHOWN else ""
    return "；".join(parts[:PARTS_SHOWN]) + more if parts else "没有触发，也没有扣减"


def _parts(outcome: Outcome) -> list[str]:
    """Return how often each step was set off, and what may be deducted in each month."""
    parts: list[str] = []
    for step in dict.fromkeys(event.step for event in outcome.events):
        mine = [e for e in outcome.events if e.step == step]
        days = "、".join(str(e.on) for e in mine[:3]) + (" 等" if len(mine) > 3 else "")
        state = "" if any(not e.pending for e in mine) else "（待通知或待整改期满）"
        parts.append(f"{step} 触发 {len(mine)} 次{state}：{days}")
    deducted = [s for s in outcome.statements if s.total is None or s.total > 0]
    return parts + [f"{s.month:%Y-%m} 扣减 {total_words(s)}" for s in deducted]


def _watched(case: Case, outcome: Outcome) -> Sequence[Watched]:
    found = []
    by_id = {demand.target.id: demand for demand in outcome.demands}
    for target in case.terms.targets:
        demand = by_id.get(target.id)
        days = [r for r in outcome.daily if r.demand.target.id == target.id]
        months = [r for r in outcome.monthly if r.demand.target.id == target.id]
        metric = demand.metric if demand else case.catalogue.metric(target.metric)
        bound = "≤" if target.bound == "at_most" else "≥"
        shown = metric.shown(demand.value, 2) if demand else (target.value or "")
        found.append(
            Watched(
                target=target.id,
                title=metric.title + ("（大促）" if target.applies == "promotion" else ""),
                demanded=f"{bound}{shown}" if shown else "",
                period=PERIODS.get(target.period or "", "合同未写明"),
                days=len(days),
                days_missed=sum(not r.met for r in days),
                months=len(months),
                months_missed=sum(not r.met for r in months),
                note=outcome.why.get(target.id, ""),
                source=target.source,
            )
        )
    return found
