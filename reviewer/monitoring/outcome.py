"""What monitoring finds; every figure names the rows and the clause that it comes from."""

from datetime import date
from decimal import Decimal
from typing import Literal

from reviewer.record import Record
from reviewer.terms.term import Source

Grain = Literal["day", "month"]


class Result(Record):
    """One target on one day or in one month."""

    target: str
    metric: str
    title: str
    unit: Grain
    first: date
    last: date
    value: Decimal
    demanded: Decimal
    met: bool
    days: int = 1
    """Days with figures that went into a month's value."""
    rows: tuple[str, ...] = ()
    """Rows of the export, first and last for a month."""
    complete: bool = True
    """False for a month that was not over."""
    shown: str
    """Value against demand, as people write it."""
    source: Source


class Line(Record):
    """A sum of money with its formula."""

    what: str
    amount: Decimal | None
    """Yuan, rounded half up to a fen; None where the fee is not known."""
    formula: str
    rows: tuple[str, ...] = ()
    source: Source


class Event(Record):
    """A step of the ladder that was set off."""

    step: str
    on: date
    what: str
    """The trigger in words."""
    allows: tuple[str, ...]
    """What the contract then allows or orders, in words."""
    kinds: tuple[str, ...]
    """`warn`, `rectify`, `deduct`, `penalty`, `terminate`."""
    facts: tuple[Result, ...]
    lines: tuple[Line, ...] = ()
    deadline: date | None = None
    """Until when the vendor has to put it right, or the merchant to act."""
    deadline_words: str = ""
    pending: bool = False
    """A notice has to be given first, or the time to cure is still running."""
    note: str = ""
    rests_on: tuple[str, ...] = ()
    """Ids of the ambiguities under whose other reading the step was not set off."""
    source: Source


class Statement(Record):
    """What may be deducted for one month."""

    month: date
    complete: bool
    fee: Decimal | None
    lines: tuple[Line, ...]
    subtotal: Decimal | None
    cap: Line | None = None
    """The cap, where it was reached."""
    total: Decimal | None


class Ambiguity(Record):
    """A point that the contract leaves open, and what follows from either reading."""

    id: str
    question: str
    taken: str
    taken_result: str
    other: str
    other_result: str
    source: Source | None = None


class Due(Record):
    """A date to keep."""

    id: str
    on: date
    what: str
    every: Literal["day", "week", "month", "quarter"] | None = None
    until: date | None = None
    note: str = ""
    source: Source | None = None


class Watched(Record):
    """A target, and whether it could be watched."""

    target: str
    title: str
    demanded: str
    period: str
    days: int
    days_missed: int
    months: int
    months_missed: int
    note: str = ""
    """Why it was not watched; empty where it was."""
    source: Source


class Monitoring(Record):
    """The record of a contract's life up to a day."""

    shop: str
    contract: str
    client: str
    vendor: str
    first: date
    last: date
    as_of: date
    confirmed: bool
    fee: Line | None
    """The monthly fee and where it comes from; None where it is not known."""
    watched: tuple[Watched, ...]
    results: tuple[Result, ...]
    """Days and months that were missed, and every month."""
    events: tuple[Event, ...]
    statements: tuple[Statement, ...]
    ambiguities: tuple[Ambiguity, ...]
    dates: tuple[Due, ...]
    warnings: tuple[str, ...]

    @property
    def deductible(self) -> Decimal:
        """Return what may be deducted in all months that are over."""
        return sum((s.total for s in self.statements if s.total and s.complete), Decimal(0))
