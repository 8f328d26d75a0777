"""Metrics of customer service: what exports and contracts call them, and which way is better."""

import re
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal, Self

from pydantic import field_validator, model_validator

from reviewer.record import Record

Unit = Literal["seconds", "share", "score", "count", "money"]
Better = Literal["lower", "higher", "neutral"]


class Metric(Record):
    """One figure that is measured by day or month."""

    id: str
    title: str
    title_en: str
    unit: Unit
    better: Better
    element: str | None = None
    """The element of the check `kpi` that a target for it serves."""
    definition: str = ""
    """How it is measured, for the annex."""
    family: str | None = None
    """Metrics of one family are close and no substitute for each other (首响 and 均响)."""
    weight: str | None = None
    """The count by which days are weighted where a mean over sessions is wanted."""
    compliance_floor: bool = False
    """Pressure on it invites false promises, so a target needs a compliance sentence."""
    sane: tuple[Decimal, Decimal]
    """A value outside is refused as absurd."""
    headers: tuple[str, ...]
    contract: tuple[str, ...] = ()
    """Patterns over canonical contract text."""

    @field_validator("contract")
    @classmethod
    def _patterns_compile(cls, patterns: tuple[str, ...]) -> tuple[str, ...]:
        return _compiled(patterns)

    def meets(self, value: Decimal, target: Decimal) -> bool:
        """Return whether `value` is at least as good as `target`."""
        return value <= target if self.better == "lower" else value >= target

    def shown(self, value: Decimal, places: int = 1) -> str:
        """Return the value as people write it: 28秒, 21.3%, 92.5分.

        >>> from reviewer.shop.catalogue import load_catalogue
        >>> load_catalogue().metric("conversion").shown(Decimal("0.213"))
        '21.3%'
        """
        if self.unit == "share":
            small = value and abs(value) < Decimal("0.01")
            return f"{plain(value * 100, 2 if small else places)}%"
        suffix = {"seconds": "秒", "score": "分", "money": "元"}.get(self.unit, "")
        if self.unit in ("count", "money") and abs(value) >= 100:
            places = 0
        return plain(value, 2 if self.unit == "score" else places) + suffix


class Ambiguous(Record):
    """Words that may mean one of several metrics."""

    headers: tuple[str, ...]
    contract: tuple[str, ...] = ()
    either: tuple[str, ...]

    @field_validator("contract")
    @classmethod
    def _patterns_compile(cls, patterns: tuple[str, ...]) -> tuple[str, ...]:
        return _compiled(patterns)


class MetricFile(Record):
    """The metrics, and the words of the other columns of an export."""

    metrics: tuple[Metric, ...]
    ambiguous: tuple[Ambiguous, ...] = ()
    dates: tuple[str, ...]
    shops: tuple[str, ...]
    agent_names: tuple[str, ...]
    ignored: tuple[str, ...]
    totals: tuple[str, ...]
    missing: tuple[str, ...]

    @model_validator(mode="after")
    def _names_are_known_and_once(self) -> Self:
        ids = {metric.id for metric in self.metrics}
        for entry in self.ambiguous:
            if unknown := set(entry.either) - ids:
                raise ValueError(f"unknown metric {', '.join(sorted(unknown))}")
        seen: dict[str, str] = {}
        for name, headers in [
            *((m.id, m.headers) for m in self.metrics),
            *(("/".join(a.either), a.headers) for a in self.ambiguous),
        ]:
            for header in headers:
                if seen.setdefault(header, name) != name:
                    raise ValueError(f"header {header} stands for {seen[header]} and {name}")
        return self


class Promotion(Record):
    """Days of a sales event, every year."""

    name: str
    days: tuple[str, ...] = ()
    """`06-15..06-20`: month and day, both ends included."""
    before_spring_festival: tuple[int, int] | None = None
    """First and last day, counted back from New Year's day of the lunar calendar."""

    @field_validator("days")
    @classmethod
    def _ranges_are_days(cls, days: tuple[str, ...]) -> tuple[str, ...]:
        for words in days:
            first, _, last = words.partition("..")
            for end in (first, last or first):
                if not re.fullmatch(r"\d\d-\d\d", end):
                    raise ValueError(f"{words} is no range like 06-15..06-20")
                date(2024, int(end[:2]), int(end[3:]))
        return days


class PromotionFile(Record):
    """The promotions, and the dates of the Spring Festival by which some are counted."""

    promotions: tuple[Promotion, ...]
    spring_festival: tuple[date, ...] = ()


class Ratios(Record):
    """Ratios and thresholds that the suggestions start from."""

    baseline_months: int = 6
    target_months: int = 3
    min_days: int = 30
    conversion_ratio: Decimal = Decimal("1.15")
    floor_ratio: Decimal = Decimal("0.95")
    concession_conversion_ratio: Decimal = Decimal("1.00")
    concession_floor_ratio: Decimal = Decimal("0.90")
    adjust_cap: Decimal = Decimal("0.10")
    same_within: Decimal = Decimal("0.02")
    outlier_spread: Decimal = Decimal(3)
    outlier_least: Decimal = Decimal("0.10")
    steady_within: Decimal = Decimal("0.05")
    closed_days: int = 7
    leak_share: Decimal = Decimal("0.10")
    leak_cost_per_buyer: Decimal = Decimal(50)
    overdue_days: int = 30


def plain(value: Decimal, places: int) -> str:
    """Return `value` rounded half up to at most `places` decimals, without trailing zeros.

    >>> plain(Decimal("24.495"), 1), plain(Decimal("30.0"), 1), plain(Decimal(-0), 1)
    ('24.5', '30', '0')
    """
    rounded = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    words = format(rounded, "f")
    words = words.rstrip("0").rstrip(".") if "." in words else words
    return "0" if words in ("-0", "") else words


def _compiled(patterns: tuple[str, ...]) -> tuple[str, ...]:
    for pattern in patterns:
        try:
            re.compile(pattern)
        except re.error as error:
            raise ValueError(f"{pattern} is no pattern: {error}") from error
    return patterns
