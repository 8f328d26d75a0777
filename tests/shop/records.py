"""Terms and records for tests of monitoring, in a line each."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from reviewer.monitoring.outcome import Monitoring
from reviewer.monitoring.watching import Case, monitor
from reviewer.shop.catalogue import load_calendar, load_catalogue
from reviewer.shop.history import Entry, History, RowRef
from reviewer.terms.extract import terms_of
from reviewer.terms.term import Terms
from tests.factories import contract

START = date(2026, 7, 1)
"""No promotion falls in July and August."""
TERM = "本合同自2026年7月1日起至2027年6月30日止。"
FEE = "费用：服务费为每月人民币30,000元。"


def terms(*articles: str) -> Terms:
    """Return the terms of a contract from 2026-07-01 with a monthly fee of 30,000 yuan."""
    found = terms_of(contract(TERM, FEE, *articles), load_catalogue())
    return found.model_copy(update={"confirmed": True})


def history(
    values: Sequence[float | None], metric: str = "average_response", first: date = START
) -> History:
    """Return a record with a value a day; None is a day without a row."""
    entries = []
    for n, value in enumerate(values):
        day = first + timedelta(days=n)
        if value is not None:
            row = (RowRef("a.csv", n + 2),)
            entries.append(Entry(day, day, {metric: Decimal(str(value))}, row))
    return History("", "day", tuple(entries), ("a.csv",))


def watch(
    found: Terms,
    record: History,
    *,
    as_of: date | None = None,
    notices: tuple[date, ...] | None = (),
    fee: Decimal | None = None,
) -> Monitoring:
    """Return what monitoring finds, as of the record's last day."""
    return monitor(
        Case(
            terms=found,
            history=record,
            catalogue=load_catalogue(),
            calendar=load_calendar(),
            as_of=as_of or record.last,
            notices=notices,
            monthly_fee=fee,
        )
    )


def days(found: Monitoring, step: str) -> list[str]:
    """Return the days on which a step was set off; those that wait are left out."""
    return [str(e.on) for e in found.events if e.step == step and not e.pending]
