"""The terms of a contract that are watched after signing, each with clause and quote.

Values are written as people write them (30秒, 95%, 5800元), so that a person who confirms the
file can read it; `amount` gives the exact number.
"""

from datetime import date
from decimal import Decimal
from typing import Literal, Self

from pydantic import Field, field_validator, model_validator

from reviewer.quantity import parse_quantity
from reviewer.record import Record
from reviewer.shop.metric import Unit

Bound = Literal["at_most", "at_least"]
Period = Literal["day", "week", "month", "quarter", "year"]
Applies = Literal["normal", "promotion", "ramp"]
Who = Literal["client", "vendor"]
Window = Literal["month", "quarter", "year", "term"]
Base = Literal["monthly_fee", "performance_fee", "contract_total", "quarterly_fee", "per_seat"]


class Source(Record):
    """Where a term stands in the contract, and its words."""

    clause: str
    """Clause id in the review's `contract.clauses`."""
    number: str = ""
    """As the contract shows it: 第四条 4.2."""
    quote: str
    start: int | None = None
    end: int | None = None


class Term(Record):
    """What every term has."""

    source: Source
    question: str | None = None
    """What a person has to settle, in Chinese; None where the words are plain."""


class Relative(Record):
    """A target that is a ratio of the shop's own level."""

    ratio: str
    """`115%`."""
    base: str | None = None
    """The level, where the contract states it: `21.3%`."""
    months: int | None = None
    """Over how many last months the level is taken, where the contract says so."""


class Target(Term):
    """A figure that the vendor has to reach."""

    id: str
    metric: str
    or_metric: str | None = None
    """The other metric that the words may mean."""
    bound: Bound
    value: str | None = None
    """None where it is only relative and the base is not stated."""
    relative: Relative | None = None
    period: Period | None = None
    """Over what it is measured; None where the contract does not say."""
    applies: Applies = "normal"
    where: str | None = None
    """A platform or shift that it is limited to."""
    binding: bool = True
    """False for 力争, 参考 and the like."""

    @model_validator(mode="after")
    def _has_a_figure(self) -> Self:
        if self.value is None and self.relative is None:
            raise ValueError("a target needs a value or a ratio")
        return self


class Band(Record):
    """What is deducted below (or above) a value, or with so many metrics missed."""

    beyond: str | None = None
    """`92%`: below it where more is better, above it where less is better; None: the target."""
    misses: int | None = None
    """With this many metrics missed."""
    rate: str
    """`3%` of the base, or `100元`."""


class Deduction(Term):
    """What may be deducted from the fee when a target is missed."""

    id: str
    kind: Literal["per_step", "per_metric", "band", "per_day"]
    metric: str | None = None
    """None: every metric (of `unit`, where that is given)."""
    unit: Unit | None = None
    step: str | None = None
    """`1秒`, `1%`, `1分`: what one step is, for `per_step`."""
    rate: str | None = None
    bands: tuple[Band, ...] = ()
    base: Base = "monthly_fee"


class Cap(Term):
    """The most that may be deducted in one month."""

    share: str


class Trigger(Record):
    """What sets off a step of the ladder."""

    kind: Literal["count", "consecutive", "uncured"]
    """`count`: the n-th miss in the window. `uncured`: a step before was not cured in time."""
    n: int = Field(default=1, ge=1)
    unit: Literal["day", "month"] | None = None
    """What one miss is; None where the contract does not say."""
    window: Window | None = None
    months: int | None = Field(default=None, ge=1)
    """Length of a window of months that slides (3个月内)."""
    metric: str | None = None
    same_metric: bool = False
    metrics: int = Field(default=1, ge=1)
    """How many metrics have to be missed at once."""
    beyond: str | None = None
    """A value other than the target: 连续五日首响超过40秒."""
    cure_days: int | None = Field(default=None, ge=0)
    """Days after a notice within which nothing got better."""


class Action(Record):
    """What a step allows or orders."""

    kind: Literal["warn", "rectify", "deduct", "penalty", "terminate"]
    within: str | None = None
    """`48小时`: the time to put things right."""
    rate: str | None = None
    """`10%` of the base, `20000元`, or `1个月` of the fee."""
    base: Base = "monthly_fee"
    automatic: bool = False
    """The contract says that it ends by itself."""


class Step(Term):
    """One step of the ladder."""

    id: str
    trigger: Trigger
    actions: tuple[Action, ...]


class Fee(Term):
    """What the service costs."""

    kind: Literal["monthly", "seat", "session", "total"]
    amount: str
    seats: int | None = None


class Payment(Term):
    """When something is to be paid."""

    kind: Literal["prepayment", "instalment", "monthly_after", "monthly_before"]
    share: str | None = None
    amount: str | None = None
    due_day: int | None = Field(default=None, ge=1, le=31)
    """Day of the month."""
    months: int | None = None
    """How many months are paid ahead."""
    within: str | None = None
    """`10个工作日` after invoice and statement."""
    refundable: bool | None = None
    """None where the contract does not say."""


class Retention(Term):
    """What is held back until the service proved good."""

    share: str | None = None
    amount: str | None = None
    paid_by: Who = "vendor"
    """`client` for a deposit that the merchant pays."""
    release: str | None = None
    """The words on when it is released."""
    after_end: str | None = None
    """`30日` after the end of the contract."""
    refundable: bool | None = None


class Notice(Term):
    """A notice or objection that has to be given in time."""

    kind: Literal["leave", "renewal", "objection", "rectification", "price", "change"]
    who: Who | None = None
    within: str
    """`30日` before, or for an objection after."""


class Charge(Term):
    """A sum that one side owes the other on an event."""

    kind: Literal["late_fee", "penalty", "early_exit", "late_service"]
    who: Who
    """Who pays."""
    event: str
    """The words on what it is for."""
    rate: str
    """`0.5%`, `50000元`, `1个月`, `剩余期限`."""
    base: Base | Literal["overdue", "remaining"] = "monthly_fee"
    daily: bool = False


class Limit(Term):
    """A cap on what the vendor answers for."""

    rate: str
    base: Base | Literal["loss"] = "monthly_fee"
    carve_outs: tuple[str, ...] = ()


class Rhythm(Term):
    """A report or meeting on fixed days."""

    kind: Literal["report", "meeting"]
    every: Period
    day: int | None = Field(default=None, ge=1, le=31)
    """Day of the month, or weekday 1 to 7 for a weekly one."""


class Duration(Term):
    """The life of the contract."""

    start: date | None = None
    end: date | None = None
    months: int | None = None


class Ramp(Term):
    """The first days, on which less is demanded."""

    days: int = Field(ge=1)
    ratio: str | None = None
    """`80%` of the targets; None where nothing is demanded yet."""


class StatedBaseline(Term):
    """The shop's own level, as the contract states it."""

    metric: str
    value: str


class Excluded(Record):
    """A day that does not count, entered by a person."""

    day: date
    reason: str


class Terms(Record):
    """The terms of one contract that are watched."""

    schema_version: int = 1
    contract: str
    sha256: str
    client: str = ""
    vendor: str = ""
    confirmed: bool = False
    """Set to true by the person who compared the file with the contract."""
    targets: tuple[Target, ...] = ()
    baselines: tuple[StatedBaseline, ...] = ()
    deductions: tuple[Deduction, ...] = ()
    cap: Cap | None = None
    ramp: Ramp | None = None
    steps: tuple[Step, ...] = ()
    exclusions: tuple[Term, ...] = ()
    """Sentences on what does not count (断货, 平台故障)."""
    unrecognised: tuple[Term, ...] = ()
    """Figures that are demanded of something that is not measured here."""
    excluded_days: tuple[Excluded, ...] = ()
    fees: tuple[Fee, ...] = ()
    payments: tuple[Payment, ...] = ()
    retentions: tuple[Retention, ...] = ()
    notices: tuple[Notice, ...] = ()
    charges: tuple[Charge, ...] = ()
    limits: tuple[Limit, ...] = ()
    rhythms: tuple[Rhythm, ...] = ()
    duration: Duration | None = None

    @model_validator(mode="after")
    def _ids_are_unique(self) -> Self:
        for group in (self.targets, self.deductions, self.steps):
            ids = [entry.id for entry in group]
            if len(set(ids)) < len(ids):
                raise ValueError(f"id occurs twice among {', '.join(ids)}")
        return self

    @field_validator("schema_version")
    @classmethod
    def _version_is_known(cls, version: int) -> int:
        if version != 1:
            raise ValueError(f"schema_version {version} is not known")
        return version


def amount(words: str, unit: Unit) -> Decimal:
    """Return the exact number of a value, in the metric's unit.

    Raises:
        ValueError: The words are no value of this unit.

    >>> amount("半分钟", "seconds"), amount("95%", "share"), amount("90分", "score")
    (Decimal('30.0'), Decimal('0.95'), Decimal('90'))
    """
    from reviewer.quantity import normalise

    text = normalise(words.strip())[0]
    found = parse_quantity(text)
    expected = {"seconds": "duration", "share": "share", "money": "money"}.get(unit)
    if unit in ("score", "count") or (found and found.dimension == "count"):
        digits = text.rstrip("分个")
        try:
            number = Decimal(digits)
        except ArithmeticError as error:
            raise ValueError(f"{words} 不是数值") from error
        return number / 100 if unit == "share" else number
    if found is None or (expected and found.dimension != expected):
        raise ValueError(f"{words} 不是数值")
    return found.value


def rate_of(words: str) -> tuple[Literal["share", "money", "months"], Decimal]:
    """Return what a rate is: a share of the base, a sum, or months of the fee.

    Raises:
        ValueError: The words are no rate.

    >>> rate_of("10%"), rate_of("2万元"), rate_of("1个月")
    (('share', Decimal('0.1')), ('money', Decimal('20000')), ('months', Decimal('1')))
    """
    text = words.strip()
    if text.endswith("个月"):
        return "months", Decimal(text.removesuffix("个月"))
    found = parse_quantity(text)
    if found is None or found.dimension not in ("share", "money"):
        raise ValueError(f"{words} 不是比例或金额")
    return ("share" if found.dimension == "share" else "money"), found.value
