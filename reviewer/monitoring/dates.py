"""Dates to keep: the contract's own, and those that follow from what happened."""

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal

from reviewer.monitoring.outcome import Due, Event
from reviewer.quantity import parse_quantity
from reviewer.shop.cells import month_end
from reviewer.terms.term import Notice, Rhythm, Terms

_WHO = {"client": "商家", "vendor": "外包商"}


def dates_of(terms: Terms, events: Sequence[Event], as_of: date) -> list[Due]:
    """Return the dates to keep, those that recur once with their rhythm, in the order of time."""
    found = [*_of_contract(terms), *_of_rhythms(terms, as_of), *_of_payments(terms, as_of)]
    for number, event in enumerate(events, 1):
        if event.deadline:
            found.append(
                Due(
                    id=f"event-{number}",
                    on=event.deadline,
                    what=f"{event.what}：{event.deadline_words}",
                    note="；".join(event.allows),
                    source=event.source,
                )
            )
    return sorted(found, key=lambda due: (due.on, due.id))


def _of_contract(terms: Terms) -> Iterator[Due]:
    duration = terms.duration
    end = duration.end if duration else None
    if duration and end is None and duration.start and duration.months:
        end = months_after(duration.start, duration.months) - timedelta(days=1)
    if end is None or duration is None:
        return
    yield Due(id="end", on=end, what="合同到期", source=duration.source)
    for number, notice in enumerate(terms.notices, 1):
        if notice.kind == "renewal":
            yield Due(
                id=f"renewal-{number}",
                on=days_before(end, notice.within),
                what=f"到期前{notice.within}：续约或不续约的书面通知应已发出",
                note=_working(notice),
                source=notice.source,
            )
    for number, held in enumerate(terms.retentions, 1):
        if held.after_end:
            yield Due(
                id=f"retention-{number}",
                on=days_after(end, held.after_end),
                what=f"质保金（{held.share or held.amount or ''}）应付清或返还",
                source=held.source,
            )


def _working(notice: Notice) -> str:
    return "工作日按周一至周五推算，未扣除法定节假日" if "工作日" in notice.within else ""


def _of_rhythms(terms: Terms, as_of: date) -> Iterator[Due]:
    until = terms.duration.end if terms.duration else None
    for number, rhythm in enumerate(terms.rhythms, 1):
        name = "复盘会" if rhythm.kind == "meeting" else {"day": "日报", "week": "周报", "month": "月报"}.get(
            rhythm.every, "报告"
        )  # fmt: skip
        every = rhythm.every if rhythm.every != "year" else None
        yield Due(
            id=f"rhythm-{number}",
            on=_next(rhythm, as_of),
            what=name if rhythm.kind == "meeting" else f"外包商提交{name}",
            every=every,
            until=until,
            note="" if rhythm.day else "合同没有写明具体日子",
            source=rhythm.source,
        )


def _next(rhythm: Rhythm, as_of: date) -> date:
    """Return the first day on or after `as_of` on which a report or meeting is due."""
    if rhythm.every == "week":
        return as_of + timedelta(days=((rhythm.day or 1) - as_of.isoweekday()) % 7)
    if rhythm.every in ("month", "quarter"):
        return next_day_of_month(as_of, rhythm.day or 1)
    return as_of


def _of_payments(terms: Terms, as_of: date) -> Iterator[Due]:
    until = terms.duration.end if terms.duration else None
    for number, payment in enumerate(terms.payments, 1):
        if payment.due_day:
            yield Due(
                id=f"payment-{number}",
                on=next_day_of_month(as_of, payment.due_day),
                what="付款或对账日",
                every="month",
                until=until,
                source=payment.source,
            )


def next_day_of_month(as_of: date, day: int) -> date:
    """Return the next `day` of a month, its last day where the month is shorter."""
    here = as_of.replace(day=min(day, month_end(as_of).day))
    if here >= as_of:
        return here
    following = month_end(as_of) + timedelta(days=1)
    return following.replace(day=min(day, month_end(following).day))


def months_after(day: date, months: int) -> date:
    """Return the same day `months` later, at a month's end where there is none."""
    total = day.year * 12 + day.month - 1 + months
    first = date(total // 12, total % 12 + 1, 1)
    return first.replace(day=min(day.day, month_end(first).day))


def days_before(day: date, within: str) -> date:
    """Return the day that lies `within` before; months by the calendar, working days Mon-Fri."""
    number, unit = _length(within)
    if unit == "months":
        return months_after(day, -number)
    return _working_days(day, -number) if unit == "working" else day - timedelta(days=number)


def days_after(day: date, within: str) -> date:
    """Return the day that lies `within` after; see `days_before`."""
    number, unit = _length(within)
    if unit == "months":
        return months_after(day, number)
    return _working_days(day, number) if unit == "working" else day + timedelta(days=number)


def _length(within: str) -> tuple[int, str]:
    match = re.match(r"(\d+(?:\.\d+)?)", within)
    number = Decimal(match[1]) if match else Decimal(0)
    if "工作日" in within:
        return int(number), "working"
    if "年" in within:
        return int(number * 12), "months"
    if "月" in within:
        return int(number), "months"
    found = parse_quantity(within)
    return int(-(-(found.value if found else Decimal(0)) // 86400)), "days"


def _working_days(day: date, number: int) -> date:
    step = timedelta(days=1 if number > 0 else -1)
    left = abs(number)
    while left:
        day += step
        if day.isoweekday() <= 5:
            left -= 1
    return day
