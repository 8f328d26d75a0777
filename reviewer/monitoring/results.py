"""Each target on each day and in each month: met or missed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

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

    def counted(self, demand: Demand, readings: Readings, special: bool) -> Iterable[Entry]:
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


def daily(record: Watch, demands: Sequence[Demand], readings: Readings) -> list[Result]:
    """Return every demand on every day that counts; nothing for a monthly record."""
    found: list[Result] = []
    if record.history.grain == "month":
        return found
    for demand in demands:
        for entry in record.counted(demand, readings, _special(demand, demands)):
            demanded = demand.of(entry.first, record.ramp)
            if demanded is not None:
                value = entry.values[demand.metric.id]
                found.append(_result(demand, [entry], value, demanded, "day", complete=True))
    return found


def monthly(record: Watch, demands: Sequence[Demand], readings: Readings) -> list[Result]:
    """Return every demand in every month that has figures."""
    found: list[Result] = []
    for demand in demands:
        months: dict[date, list[Entry]] = {}
        for entry in record.counted(demand, readings, _special(demand, demands)):
            if demand.of(entry.first, record.ramp) is not None:
                months.setdefault(entry.first.replace(day=1), []).append(entry)
        for month, entries in months.items():
            simple, weighted = simple_and_weighted(demand.metric, entries)
            value = weighted if readings.mean == "weighted" and weighted is not None else simple
            demanded = _mean_demand(demand, entries, record.ramp)
            assert value is not None
            complete = month_end(month) <= record.as_of
            found.append(_result(demand, entries, value, demanded, "month", complete=complete))
    return found


def _special(demand: Demand, demands: Sequence[Demand]) -> bool:
    return demand.target.applies == "normal" and any(
        other.target.applies == "promotion" and other.metric.id == demand.metric.id
        for other in demands
    )


def _mean_demand(demand: Demand, entries: Sequence[Entry], ramp: RampDays | None) -> Decimal:
    """Return what a month demands: the mean of its days' demands, which differ in the ramp-up."""
    values = [v for e in entries if (v := demand.of(e.first, ramp)) is not None]
    if all(value == values[0] for value in values):
        return values[0]
    return sum(values, Decimal(0)) / len(values)


def _result(
    demand: Demand,
    entries: Sequence[Entry],
    value: Decimal,
    demanded: Decimal,
    unit: Grain,
    *,
    complete: bool,
) -> Result:
    metric = demand.metric
    rows = [str(row) for row in dict.fromkeys(r for e in entries for r in e.rows[:1])]
    shown_rows = tuple(rows if len(rows) <= 2 else [rows[0], rows[-1]])
    bound = "≤" if demand.at_most else "≥"
    month = entries[0].first.replace(day=1)
    return Result.model_construct(
        target=demand.target.id,
        metric=metric.id,
        title=metric.title + ("（大促）" if demand.target.applies == "promotion" else ""),
        unit=unit,
        first=entries[0].first if unit == "day" else month,
        last=entries[-1].last if unit == "day" else month_end(month),
        value=value,
        demanded=demanded,
        met=value <= demanded if demand.at_most else value >= demanded,
        days=len(entries),
        rows=shown_rows,
        complete=complete,
        shown=f"{metric.shown(value, 2)}（要求{bound}{metric.shown(demanded, 2)}）",
        source=demand.target.source,
    )
