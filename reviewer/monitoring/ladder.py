"""The ladder replayed: which step is set off on which day, by which misses."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from reviewer.monitoring.outcome import Grain
from reviewer.monitoring.readings import Readings
from reviewer.monitoring.results import Score, Scores, Unit
from reviewer.quantity import parse_quantity
from reviewer.shop.catalogue import Catalogue
from reviewer.shop.cells import month_end
from reviewer.terms.term import Step, Terms, amount

FACTS_SHOWN = 40


@dataclass(frozen=True)
class Hit:
    """A step that was set off."""

    step: Step
    on: date
    units: tuple[Unit, ...]
    unit: Grain
    notice: date | None = None
    """The notice from which the time to cure ran."""
    cure_until: date | None = None
    pending: bool = False


class Replay:
    """Replays the steps of the terms over the results."""

    def __init__(
        self,
        terms: Terms,
        catalogue: Catalogue,
        scores: Scores,
        results: tuple[Sequence[Score], Sequence[Score]],
        readings: Readings,
        notices: Sequence[date] | None,
    ) -> None:
        """Take what the replay needs.

        Args:
            terms: Their steps are replayed.
            catalogue: For the unit of a step's own value.
            scores: Of the record.
            results: Those under these readings, by day and by month.
            readings: How open words are read.
            notices: Days on which a rectification notice arrived; None: on the day of each trigger.
        """
        self.terms = terms
        self.catalogue = catalogue
        self.scores = scores
        self.watch = scores.watch
        self.daily, self.monthly = results
        self._by_day: dict[date, list[Score]] = {}
        for score in self.daily:
            self._by_day.setdefault(score.first, []).append(score)
        self.readings = readings
        self.notices = notices

    def hits(self) -> list[Hit]:
        """Return the steps that were set off, in the order of time and of the contract."""
        found: list[Hit] = []
        for step in self.terms.steps:
            if step.trigger.kind == "uncured":
                found += self._uncured(step, found)
            else:
                found += list(self._of(step))
        kept = _last_unnoticed(found)
        return sorted(kept, key=lambda hit: (hit.on, self.terms.steps.index(hit.step)))

    def unit_of(self, step: Step) -> Grain:
        """Return what one miss is for a step: its own unit, else that of the targets."""
        if self.watch.history.grain == "month":
            return "month"
        if step.trigger.unit:
            return step.trigger.unit
        if self.readings.miss:
            return self.readings.miss
        return "month" if any(t.period == "month" for t in self.terms.targets) else "day"

    def units(self, step: Step, metric: str | None) -> list[Unit]:
        """Return the days or months with the misses that count for a step."""
        unit = self.unit_of(step)
        beyond = step.trigger.beyond if step.trigger.metric else None
        source = self.daily if unit == "day" else self.monthly
        key = (id(source), unit, metric, beyond)
        turns = self.scores.turns
        if key not in turns:
            scores = self.daily if unit == "day" else [r for r in self.monthly if r.complete]
            wanted = [r for r in scores if metric is None or r.metric == metric]
            if beyond:
                wanted = [self._against(beyond, r) for r in wanted]
            turns[key] = _in_turn(wanted, unit)
        return turns[key]

    def _against(self, beyond: str, score: Score) -> Score:
        return score.against(amount(beyond, score.demand.metric.unit))

    def _of(self, step: Step) -> Iterator[Hit]:
        """Yield the hits of a step that counts or wants a run."""
        trigger = step.trigger
        metrics: list[str | None] = [trigger.metric]
        run = trigger.kind == "consecutive" and trigger.metrics == 1
        same = trigger.same_metric or (run and self.readings.run == "same")
        if same and trigger.metric is None:
            metrics = list(dict.fromkeys(r.metric for r in (*self.daily, *self.monthly)))
        seen: set[date] = set()
        for metric in metrics:
            units = self.units(step, metric)
            made = (
                self._runs(step, units)
                if trigger.kind == "consecutive"
                else self._counts(step, units)
            )
            for hit in made:
                if hit.on not in seen:
                    seen.add(hit.on)
                    yield hit

    def _is_miss(self, step: Step, unit: Unit) -> bool:
        return len({r.metric for r in unit.missed}) >= step.trigger.metrics

    def _runs(self, step: Step, units: Sequence[Unit]) -> Iterator[Hit]:
        run: list[Unit] = []
        for unit in units:
            if not unit.recorded:
                if self.readings.gap == "breaks":
                    run = []
                continue
            if not self._is_miss(step, unit):
                run = []
                continue
            run.append(unit)
            if len(run) == step.trigger.n:
                yield from self._cured(step, tuple(run))

    def _cured(self, step: Step, units: tuple[Unit, ...]) -> Iterator[Hit]:
        """Yield the hit of a run; where a time to cure follows, only if it passed in vain."""
        on = units[-1].last
        if step.trigger.cure_days is None:
            yield Hit(step, on, units, self.unit_of(step))
            return
        yield from self._after_notice(step, on, step.trigger.cure_days, units)

    def _after_notice(
        self, step: Step, since: date, cure_days: int, units: tuple[Unit, ...]
    ) -> Iterator[Hit]:
        unit = self.unit_of(step)
        notice = since if self.notices is None else min(
            (day for day in self.notices if day >= since), default=None
        )  # fmt: skip
        if notice is None or notice > self.watch.as_of:
            yield Hit(step, since, units, unit, pending=True)
            return
        until = notice + timedelta(days=cure_days)
        if until > self.watch.as_of:
            yield Hit(step, since, units, unit, notice=notice, cure_until=until, pending=True)
            return
        failed = self._still_missed(notice + timedelta(days=1), until, step, _about(units))
        if failed:
            yield Hit(step, until, (*units, *failed), unit, notice=notice, cure_until=until)

    def _still_missed(
        self, first: date, last: date, step: Step, about: frozenset[str]
    ) -> tuple[Unit, ...]:
        """Return the units of the time to cure, or nothing where what was missed got better."""
        if self.watch.history.grain == "month":
            months = [u for u in self.units(step, step.trigger.metric) if first <= u.last]
            again = months and any(r.metric in about for r in months[0].missed)
            return tuple(months[:1]) if again else ()
        days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        within = [r for day in days for r in self._by_day.get(day, ()) if r.metric in about]
        if step.trigger.metric:
            within = [r for r in within if r.metric == step.trigger.metric]
            if step.trigger.beyond:
                within = [self._against(step.trigger.beyond, r) for r in within]
        by_day: dict[date, list[Score]] = {}
        for result in within:
            by_day.setdefault(result.first, []).append(result)
        units = [
            Unit(day, day, tuple(r for r in found if not r.met), True)
            for day, found in sorted(by_day.items())
        ]
        if self.readings.cure == "mean":
            return tuple(units) if units and _mean_missed(within) else ()
        return tuple(units) if units and all(unit.missed for unit in units) else ()

    def _counts(self, step: Step, units: Sequence[Unit]) -> Iterator[Hit]:
        """Yield a hit for the n-th miss in each window, each miss counted once."""
        counted: list[Unit] = []
        current: object = None
        done = False
        for unit in units:
            if not self._is_miss(step, unit):
                continue
            if step.trigger.months:
                earliest = _months_before(unit.last, step.trigger.months)
                counted = [u for u in counted if u.first > earliest]
            elif _window(step, unit) != current:
                current, counted, done = _window(step, unit), [], False
            if done:
                continue
            counted.append(unit)
            if len(counted) == step.trigger.n:
                yield from self._cured(step, tuple(counted))
                counted, done = [], not step.trigger.months

    def _uncured(self, step: Step, before: Sequence[Hit]) -> Iterator[Hit]:
        """Yield the hits of a step that follows when the step before was not cured in time."""
        at = self.terms.steps.index(step)
        previous = next(
            (
                s
                for s in reversed(self.terms.steps[:at])
                if any(a.kind == "rectify" for a in s.actions)
            ),
            None,
        )
        days = step.trigger.cure_days
        if days is None and previous:
            within = next((a.within for a in previous.actions if a.kind == "rectify"), None)
            days = cure_days(within)
        if previous is None or days is None:
            return
        for hit in [h for h in before if h.step.id == previous.id and not h.pending]:
            yield from self._after_notice(step, hit.on, days, hit.units)


def _in_turn(scores: Sequence[Score], unit: Grain) -> list[Unit]:
    """Return the days or months from the first to the last, those without figures among them."""
    by_first: dict[date, list[Score]] = {}
    for score in scores:
        by_first.setdefault(score.first, []).append(score)
    if not by_first:
        return []
    found: list[Unit] = []
    first, end = min(by_first), max(by_first)
    while first <= end:
        last = first if unit == "day" else month_end(first)
        here = by_first.get(first, [])
        found.append(Unit(first, last, tuple(r for r in here if not r.met), bool(here)))
        first = last + timedelta(days=1)
    return found


def _last_unnoticed(hits: Sequence[Hit]) -> list[Hit]:
    """Return the hits with one of those of a step that wait for a notice: the last."""
    waiting = {h.step.id: h for h in sorted(hits, key=lambda h: h.on) if _waits(h)}
    return [h for h in hits if not _waits(h) or waiting[h.step.id] is h]


def _waits(hit: Hit) -> bool:
    return hit.pending and hit.notice is None


def cure_days(within: str | None) -> int | None:
    """Return a time to cure in days, a part of a day counted whole.

    >>> cure_days("48小时"), cure_days("7日"), cure_days(None)
    (2, 7, None)
    """
    found = parse_quantity(within) if within else None
    if found is None or found.dimension != "duration":
        return None
    return int(-(-found.value // Decimal(86400)))


def _about(units: Sequence[Unit]) -> frozenset[str]:
    """Return the metrics that were missed throughout, or all that were missed."""
    missed = [frozenset(r.metric for r in unit.missed) for unit in units if unit.missed]
    if not missed:
        return frozenset()
    return frozenset.intersection(*missed) or frozenset.union(*missed)


def _mean_missed(results: Sequence[Score]) -> bool:
    """Return whether any metric misses its demand on average."""
    for metric in {r.metric for r in results}:
        mine = [r for r in results if r.metric == metric]
        value = sum((r.value for r in mine), Decimal(0)) / len(mine)
        demanded = sum((r.demanded for r in mine), Decimal(0)) / len(mine)
        ceiling = mine[0].demand.at_most
        if (value > demanded) if ceiling else (value < demanded):
            return True
    return False


def _window(step: Step, unit: Unit) -> object:
    window = step.trigger.window
    if window == "month":
        return unit.first.replace(day=1)
    if window == "quarter":
        return unit.first.year, (unit.first.month - 1) // 3
    if window == "year":
        return unit.first.year
    return None


def _months_before(day: date, months: int) -> date:
    """Return the day that lies `months` before `day`, at a month's end where there is none."""
    total = day.year * 12 + day.month - 1 - months
    first = date(total // 12, total % 12 + 1, 1)
    return first.replace(day=min(day.day, month_end(first).day))
