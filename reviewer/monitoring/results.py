"""Each target on each day and in each month: met or missed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from reviewer.monitoring.outcome import Grain, Result
from reviewer.monitoring.readings import Readings
from reviewer.shop.catalogue import Calendar, Catalogue
from reviewer.shop.cells import month_end
from reviewer.shop.history import Entry, History, simple_and_weighted
from reviewer.shop.metric import Metric
from reviewer.terms.demanded import demanded_value
from reviewer.terms.targets import HOURS
from reviewer.terms.term import Target, Terms, amount


@dataclass(frozen=True)
class Demand:
    """A target that is watched, its number worked out."""

    target: Target
    metric: Metric
    value: Decimal

    def of(self, day: date, ramp: "RampDays | None") -> Decimal | None:
        """Return what is demanded on `day`; None where nothing is yet."""
        if ramp is None or not ramp.first <= day <= ramp.last:
            return self.value
        if ramp.ratio is None:
            return None
        return self.value / ramp.ratio if self.at_most else self.value * ramp.ratio

    @property
    def at_most(self) -> bool:
        """Return whether the number is a ceiling."""
        return self.target.bound == "at_most"


@dataclass(frozen=True)
class RampDays:
    """The first days of the contract."""

    first: date
    last: date
    ratio: Decimal | None


@dataclass(frozen=True)
class Watch:
    """The record under a contract, and what counts in it."""

    history: History
    calendar: Calendar
    excluded: frozenset[date]
    as_of: date
    ramp: RampDays | None = None
    promotion_of: dict[date, bool] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        history: History,
        calendar: Calendar,
        terms: Terms,
        as_of: date,
    ) -> "Watch":
        """Return the record up to `as_of` with the days that a person excluded."""
        ramp = None
        if terms.ramp and terms.duration and terms.duration.start:
            start = terms.duration.start
            ratio = amount(terms.ramp.ratio, "share") if terms.ramp.ratio else None
            ramp = RampDays(start, start + timedelta(days=terms.ramp.days - 1), ratio)
        until = history.between(history.first, as_of)
        promotions = {
            e.first: until.grain == "day" and calendar.promotion(e.first) is not None
            for e in until.entries
        }
        excluded = frozenset(entry.day for entry in terms.excluded_days)
        return cls(until, calendar, excluded, as_of, ramp, promotions)

    def counted(self, demand: Demand, readings: Readings, *, special: bool) -> Iterable[Entry]:
        """Yield the entries on which a demand counts.

        Args:
            demand: A target.
            readings: Whether promotion days count.
            special: There is a target of its own for promotion days.
        """
        for entry in self.history.entries:
            if entry.first in self.excluded or demand.metric.id not in entry.values:
                continue
            promotion = self.promotion_of[entry.first]
            if demand.target.applies == "promotion":
                if promotion:
                    yield entry
            elif not (promotion and (special or readings.promotions == "excluded")):
                yield entry


def demands_of(
    terms: Terms,
    catalogue: Catalogue,
    history: History,
    readings: Readings,
    where: str | None,
    recent: Mapping[str, Decimal],
) -> tuple[list[Demand], dict[str, str]]:
    """Return the targets that can be watched, and for the others why not."""
    watched: list[Demand] = []
    why: dict[str, str] = {}
    for target in terms.targets:
        metric = _metric(target, catalogue, history, readings)
        if not target.binding:
            why[target.id] = "合同写明仅供参考，不计"
        elif target.applies == "ramp":
            why[target.id] = "磨合期专用标准，请人工核对"
        elif target.where and HOURS.search(target.where):
            why[target.id] = f"只适用于{target.where}，日数据分不出时段，请人工核对"
        elif _elsewhere(target, terms, where):
            why[target.id] = f"只适用于{target.where}，请用 --where {target.where} 选择"
        elif metric.id not in history.metrics:
            why[target.id] = f"数据里没有{metric.title}"
        else:
            value = demanded_value(target, metric, terms, recent.get(metric.id))
            if value is None:
                why[target.id] = (
                    "要求是均值的比例而没有基准值，请在 relative.base 里填写，或用 --baseline 给出签约前的数据"
                )
            else:
                watched.append(Demand(target, metric, value))
    return watched, why


def _metric(target: Target, catalogue: Catalogue, history: History, readings: Readings) -> Metric:
    either = [m for m in (target.metric, target.or_metric) if m]
    recorded = [m for m in either if m in history.metrics] or either
    return catalogue.metric(recorded[-1 if readings.metric == "second" else 0])


def _elsewhere(target: Target, terms: Terms, where: str | None) -> bool:
    if target.where is None:
        return False
    if where is not None:
        return where not in target.where and target.where not in where
    places = {t.where for t in terms.targets if t.metric == target.metric and t.where}
    return len(places) > 1


class Score(NamedTuple):
    """One demand on one day or in one month; light, because a record has thousands."""

    demand: Demand
    unit: Grain
    first: date
    last: date
    value: Decimal
    demanded: Decimal
    met: bool
    entries: tuple[Entry, ...]
    complete: bool = True

    @property
    def metric(self) -> str:
        """Return the metric's id."""
        return self.demand.metric.id

    @property
    def title(self) -> str:
        """Return the metric's name; a promotion target says so."""
        promotion = self.demand.target.applies == "promotion"
        return self.demand.metric.title + ("（大促）" if promotion else "")

    @property
    def shown(self) -> str:
        """Return the value against the demand: 35秒（要求≤30秒）."""
        metric = self.demand.metric
        bound = "≤" if self.demand.at_most else "≥"
        return f"{metric.shown(self.value, 2)}（要求{bound}{metric.shown(self.demanded, 2)}）"

    @property
    def rows(self) -> tuple[str, ...]:
        """Return the rows it comes from, first and last where they are many."""
        rows = [str(e.rows[0]) for e in self.entries]
        return tuple(rows if len(rows) <= 2 else (rows[0], rows[-1]))

    def against(self, value: Decimal) -> "Score":
        """Return the score against another number: 连续五日首响超过40秒."""
        met = self.value <= value if self.demand.at_most else self.value >= value
        return self._replace(demanded=value, met=met)

    def result(self) -> Result:
        """Return what is kept of it."""
        return Result(
            target=self.demand.target.id,
            metric=self.metric,
            title=self.title,
            unit=self.unit,
            first=self.first,
            last=self.last,
            value=self.value,
            demanded=self.demanded,
            met=self.met,
            days=len(self.entries),
            rows=self.rows,
            complete=self.complete,
            shown=self.shown,
            source=self.demand.target.source,
        )


def daily(record: Watch, demands: Sequence[Demand], readings: Readings) -> list[Score]:
    """Return every demand on every day that counts; nothing for a monthly record."""
    found: list[Score] = []
    if record.history.grain == "month":
        return found
    for demand in demands:
        name, ceiling = demand.metric.id, demand.at_most
        for entry in record.counted(demand, readings, special=_special(demand, demands)):
            demanded = demand.of(entry.first, record.ramp)
            if demanded is not None:
                value = entry.values[name]
                met = value <= demanded if ceiling else value >= demanded
                day = entry.first
                found.append(Score(demand, "day", day, entry.last, value, demanded, met, (entry,)))
    return found


def monthly(record: Watch, demands: Sequence[Demand], readings: Readings) -> list[Score]:
    """Return every demand in every month that has figures."""
    found: list[Score] = []
    for demand in demands:
        months: dict[tuple[int, int], list[Entry]] = {}
        for entry in record.counted(demand, readings, special=_special(demand, demands)):
            if demand.of(entry.first, record.ramp) is not None:
                months.setdefault((entry.first.year, entry.first.month), []).append(entry)
        for (year, number), entries in months.items():
            simple, weighted = simple_and_weighted(demand.metric, entries)
            value = weighted if readings.mean == "weighted" and weighted is not None else simple
            demanded = _mean_demand(demand, entries, record.ramp)
            assert value is not None
            month = date(year, number, 1)
            last = month_end(month)
            met = value <= demanded if demand.at_most else value >= demanded
            complete = last <= record.as_of
            found.append(
                Score(demand, "month", month, last, value, demanded, met, tuple(entries), complete)
            )
    return found


def _special(demand: Demand, demands: Sequence[Demand]) -> bool:
    return demand.target.applies == "normal" and any(
        other.target.applies == "promotion" and other.metric.id == demand.metric.id
        for other in demands
    )


def _mean_demand(demand: Demand, entries: Sequence[Entry], ramp: RampDays | None) -> Decimal:
    """Return what a month demands: the mean of its days' demands, which differ in the ramp-up."""
    if ramp is None or entries[0].first > ramp.last:
        return demand.value
    values = [v for e in entries if (v := demand.of(e.first, ramp)) is not None]
    if all(value == values[0] for value in values):
        return values[0]
    return sum(values, Decimal(0)) / len(values)


class Unit(NamedTuple):
    """One day or one month with what was missed in it."""

    first: date
    last: date
    missed: tuple[Score, ...]
    recorded: bool
    """False for a day without figures."""


class Scores:
    """The scores under each set of readings that they depend on, worked out once."""

    def __init__(self, watch: Watch) -> None:
        self.watch = watch
        self._kept: dict[tuple[str, ...], tuple[list[Score], list[Score]]] = {}
        self.turns: dict[tuple[object, ...], list[Unit]] = {}
        """Units that a replay made of these scores, for the next replay."""

    def of(self, demands: Sequence[Demand], readings: Readings) -> tuple[list[Score], list[Score]]:
        """Return the scores by day and by month."""
        days_key = ("day", readings.promotions, readings.metric)
        months_key = ("month", readings.promotions, readings.metric, readings.mean)
        if days_key not in self._kept:
            self._kept[days_key] = (daily(self.watch, demands, readings), [])
        if months_key not in self._kept:
            self._kept[months_key] = ([], monthly(self.watch, demands, readings))
        return self._kept[days_key][0], self._kept[months_key][1]
