"""Dates to keep as an iCalendar file: whole days, recurring ones with their rule."""

import hashlib
from datetime import UTC, datetime, time
from typing import Any

from reviewer.monitoring.outcome import Due, Monitoring

_FREQUENCY = {"day": "DAILY", "week": "WEEKLY", "month": "MONTHLY", "quarter": "MONTHLY"}


def calendar_file(found: Monitoring) -> bytes:
    """Return the dates as .ics; the same dates give the same bytes."""
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", "-//cs-contract-reviewer//monitor//ZH")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", f"合同日程：{found.contract}")
    stamp = datetime.combine(found.as_of, time(), UTC)
    for due in found.dates:
        calendar.add_component(_event(due, found, stamp))
    data: bytes = calendar.to_ical()
    return data


def _event(due: Due, found: Monitoring, stamp: datetime) -> Any:
    from icalendar import Event

    event = Event()
    key = hashlib.sha256(f"{found.contract}|{due.id}|{due.on}".encode()).hexdigest()[:24]
    event.add("uid", f"{key}@cs-contract-reviewer")
    event.add("dtstamp", stamp)
    event.add("dtstart", due.on)
    event.add("summary", due.what)
    parts = [due.note]
    if due.source:
        parts.append(f"依据：{due.source.number} {due.source.quote}")
    event.add("description", "\n".join(part for part in parts if part))
    event.add("transp", "TRANSPARENT")
    if due.every:
        rule: dict[str, object] = {"freq": _FREQUENCY[due.every]}
        if due.every == "quarter":
            rule["interval"] = 3
        if due.until:
            rule["until"] = due.until
        event.add("rrule", rule)
    return event
