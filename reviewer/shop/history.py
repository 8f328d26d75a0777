"""The shop's record: its figures by day or month, each with the row that it came from."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Literal, NamedTuple

from reviewer.shop.metric import Metric

Grain = Literal["day", "month"]


class RowRef(NamedTuple):
    """A row of an export."""

    file: str
    row: int
    """From 1, as a spreadsheet counts."""

    def __str__(self) -> str:
        """Return the reference as reports show it."""
        return f"{self.file} 第{self.row}行"


@dataclass(frozen=True)
class Entry:
    """The figures of one day or month."""

    first: date
    last: date
    values: dict[str, Decimal]
    """Metric id to figure, in seconds, shares of 1, points, counts or yuan."""
    rows: tuple[RowRef, ...]

    def get(self, metric: str) -> Decimal | None:
        """Return the figure of a metric, or None when it was not recorded."""
        return self.values.get(metric)


@dataclass(frozen=True)
class History:
    """A shop's figures in the order of time."""

    shop: str
    """Empty where the export names none."""
    grain: Grain
    entries: tuple[Entry, ...]
    files: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    """What was left out or assumed in reading, in Chinese."""
    by_day: dict[date, Entry] = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_day", {entry.first: entry for entry in self.entries})

    @property
    def first(self) -> date:
        """Return the first day that it covers."""
        return self.entries[0].first

    @property
    def last(self) -> date:
        """Return the last day that it covers."""
        return self.entries[-1].last

    @property
    def days(self) -> int:
        """Return how many days have figures; a month counts all its days."""
        return sum((entry.last - entry.first).days + 1 for entry in self.entries)

    @cached_property
    def metrics(self) -> tuple[str, ...]:
        """Return the metrics for which there is at least one figure."""
        return tuple(dict.fromkeys(name for entry in self.entries for name in entry.values))

    def missing_days(self) -> tuple[date, ...]:
        """Return the days between first and last without a row."""
        covered = {
            entry.first + timedelta(days=n)
            for entry in self.entries
            for n in range((entry.last - entry.first).days + 1)
        }
        whole = (self.last - self.first).days + 1
        every = (self.first + timedelta(days=n) for n in range(whole))
        return tuple(day for day in every if day not in covered)

    def between(self, first: date, last: date) -> "History":
        """Return the entries that lie within the two days, both included."""
        kept = tuple(e for e in self.entries if first <= e.first and e.last <= last)
        return replace(self, entries=kept)

    def series(self, metric: str) -> Iterator[tuple[Entry, Decimal]]:
        """Yield the entries that have a figure for `metric`, with it."""
        for entry in self.entries:
            value = entry.values.get(metric)
            if value is not None:
                yield entry, value


def mean(values: Sequence[Decimal]) -> Decimal:
    """Return the arithmetic mean."""
    return sum(values, Decimal(0)) / len(values)


def weighted_mean(pairs: Iterable[tuple[Decimal, Decimal]]) -> Decimal | None:
    """Return the mean of (value, weight), or None when the weights add up to nothing."""
    total = weights = Decimal(0)
    for value, weight in pairs:
        total += value * weight
        weights += weight
    return total / weights if weights else None


def simple_and_weighted(
    metric: Metric, entries: Sequence[Entry]
) -> tuple[Decimal | None, Decimal | None]:
    """Return the mean of the entries' figures, and the mean weighted by the metric's count.

    Either is None where no entry has what it needs; the weighted mean needs every count.
    """
    values = [e.values[metric.id] for e in entries if metric.id in e.values]
    if not values:
        return None, None
    counts = metric.weight or ("sessions" if metric.unit == "seconds" else None)
    pairs = [
        (e.values[metric.id], e.values[counts])
        for e in entries
        if counts and metric.id in e.values and counts in e.values
    ]
    weighted = weighted_mean(pairs) if len(pairs) == len(values) else None
    return mean(values), weighted
