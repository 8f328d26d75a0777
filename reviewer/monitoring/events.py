"""A step that was set off, in words: what happened, what it allows, until when."""

from collections.abc import Sequence
from datetime import date, timedelta

from reviewer.monitoring.fees import Fees, sum_line
from reviewer.monitoring.ladder import FACTS_SHOWN, Hit, cure_days
from reviewer.monitoring.outcome import Event, Line
from reviewer.monitoring.results import Score
from reviewer.terms.term import Action, Step

_UNIT = {"day": "日", "month": "个月"}
_WINDOW = {"month": "当月", "quarter": "当季", "year": "当年", "term": "累计"}


def event_of(hit: Hit, fees: Fees, as_of: date, *, facts: bool = True) -> Event:
    """Return the event for a step that was set off, with or without its facts."""
    step = hit.step
    scores = [r for unit in hit.units for r in unit.missed][:FACTS_SHOWN]
    lines = () if hit.pending else tuple(_lines(hit, fees, scores))
    deadline, words = _deadline(hit)
    return Event(
        step=step.id,
        on=hit.on,
        what=trigger_words(step, hit),
        allows=tuple(action_words(action) for action in step.actions),
        kinds=tuple(dict.fromkeys(action.kind for action in step.actions)),
        facts=tuple(score.result() for score in scores) if facts else (),
        lines=lines,
        deadline=deadline,
        deadline_words=words,
        pending=hit.pending,
        note=_note(hit, step, as_of),
        source=step.source,
    )


def _lines(hit: Hit, fees: Fees, scores: Sequence[Score]) -> list[Line]:
    rows = tuple(dict.fromkeys(row for score in scores for row in score.rows))
    return [
        sum_line(
            f"{'扣减' if action.kind == 'deduct' else '违约金'}（{hit.on}，{hit.step.id}）",
            action.rate,
            action.base,
            fees,
            hit.step.source,
            rows=rows,
        )
        for action in hit.step.actions
        if action.kind in ("deduct", "penalty") and action.rate
    ]


def trigger_words(step: Step, hit: Hit) -> str:
    """Return what set a step off."""
    trigger = step.trigger
    unit = _UNIT[hit.unit]
    first, last = hit.units[0], hit.units[-1]
    if trigger.kind == "consecutive":
        said = f"连续{trigger.n}{unit}不达标（{first.first} 至 {last.last}）"
    elif trigger.kind == "uncured":
        said = f"整改期内仍未改善（{first.first} 至 {last.last}）"
    else:
        window = (
            f"{trigger.months}个月内" if trigger.months else _WINDOW.get(trigger.window or "", "")
        )
        said = (
            f"{window}第{trigger.n}次不达标（{last.first}{'' if hit.unit == 'day' else ' 当月'}）"
        )
    if hit.notice and not hit.pending:
        said += f"，{hit.notice} 通知后至 {hit.cure_until} 仍未改善"
    return said


def action_words(action: Action) -> str:
    """Return what an action is."""
    rate = action.rate or ""
    base = {"contract_total": "合同总价", "quarterly_fee": "当季服务费"}.get(
        action.base, "当月服务费"
    )
    share = f"{base}的{rate}" if rate.endswith("%") else rate
    if action.kind == "rectify":
        return f"应在{action.within}内整改" if action.within else "应当整改"
    if action.kind == "warn":
        return "书面警示"
    if action.kind == "deduct":
        return f"扣减{share}"
    if action.kind == "penalty":
        months = f"{rate}服务费" if rate.endswith("个月") else share
        return f"支付违约金（{months}）"
    return "可以书面通知解除合同"


def _deadline(hit: Hit) -> tuple[date | None, str]:
    if hit.pending and hit.cure_until:
        return hit.cure_until, "整改期满；仍未改善的，下一步可以行使"
    kinds = {action.kind for action in hit.step.actions}
    if "terminate" in kinds and not hit.pending:
        # 民法典#564: one year from when the right is known, unless agreed otherwise.
        return _a_year_after(
            hit.on
        ), "解除权自知道解除事由之日起一年内行使（合同另有约定的从其约定）"
    within = next((a.within for a in hit.step.actions if a.kind == "rectify"), None)
    days = cure_days(within)
    if days is not None:
        return hit.on + timedelta(days=days), f"整改期限（自当日通知起 {within}）"
    return None, ""


def _a_year_after(day: date) -> date:
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return date(day.year + 1, 2, 28)


def _note(hit: Hit, step: Step, as_of: date) -> str:
    parts: list[str] = []
    if hit.pending and hit.notice is None:
        days = step.trigger.cure_days
        until = (
            f"若 {as_of} 通知，整改期至 {as_of + timedelta(days=days)}" if days is not None else ""
        )
        parts.append("须先发出整改通知，通知日用 --notice 记录" + (f"；{until}" if until else ""))
    if any(action.automatic for action in step.actions):
        parts.append("合同写“自动终止”，仍应书面通知，以到达为准")
    if step.question:
        parts.append(step.question)
    return "；".join(parts)
