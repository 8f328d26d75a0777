"""The shop's own level: for each metric its middle, spread, trend, and what stood out."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from reviewer.errors import ShopDataError
from reviewer.record import Record
from reviewer.shop.catalogue import Calendar, Catalogue
from reviewer.shop.cells import month_end
from reviewer.shop.history import Entry, History, mean, simple_and_weighted
from reviewer.shop.metric import Metric, Ratios

Direction = Literal["better", "worse", "steady", "rising", "falling"]
"""`rising` and `falling` are of figures of which neither way is better."""
MAX_LISTED = 12


class Quartiles(Record):
    """Least, quarters and greatest, by linear interpolation (as spreadsheets' QUARTILE.INC)."""

    least: Decimal
    lower: Decimal
    median: Decimal
    upper: Decimal
    greatest: Decimal


class Trend(Record):
    """Where a metric is heading: the least-squares line through its ordinary days."""

    per_30_days: Decimal
    """Change over 30 days."""
    over_period: Decimal
    """Change from the first day to the last, as a share of the mean."""
    direction: Direction


class Outlier(Record):
    """A day far from the others, with the row where it stands."""

    day: date
    value: Decimal
    row: str


class MonthMean(Record):
    """The mean of one month's ordinary days."""

    month: date
    days: int
    mean: Decimal


class PromotionLevel(Record):
    """The level on the days of one promotion."""

    name: str
    days: int
    mean: Decimal


class Level(Record):
    """One metric over the period."""

    metric: str
    title: str
    unit: str
    better: str
    days: int
    """Ordinary days with a figure; in a monthly record, months."""
    mean: Decimal
    weighted_mean: Decimal | None
    """Weighted by sessions (or inquiries); None where a day lacks the count."""
    quartiles: Quartiles
    trend: Trend | None
    """None with fewer than three figures."""
    recent_mean: Decimal
    """Of the last months on which targets are based."""
    recent_first: date
    recent_last: date
    months: tuple[MonthMean, ...]
    promotions: tuple[PromotionLevel, ...]
    outliers: tuple[Outlier, ...]


class Baseline(Record):
    """A shop's own level over a period."""

    shop: str
    grain: Literal["day", "month"]
    first: date
    last: date
    days: int
    """Days with figures."""
    missing: tuple[date, ...]
    """Days between first and last without a row."""
    promotion_days: dict[str, int]
    files: tuple[str, ...]
    notes: tuple[str, ...]
    levels: tuple[Level, ...]

    def level(self, metric: str) -> Level | None:
        """Return the level of a metric, or None when it was not recorded."""
        return next((level for level in self.levels if level.metric == metric), None)

    @property
    def period(self) -> str:
        """Return the period as a contract writes it: 2026年1—6月.

        Ends that are not those of a month are given to the day.
        """
        return period_words(self.first, self.last)


def period_words(first: date, last: date) -> str:
    """Return a period in words.

    >>> period_words(date(2026, 1, 1), date(2026, 6, 30))
    '2026年1—6月'
    >>> period_words(date(2025, 12, 3), date(2026, 1, 31))
    '2025年12月3日—2026年1月31日'
    """
    if first.day == 1 and last == month_end(last):
        if (first.year, first.month) == (last.year, last.month):
            return f"{first.year}年{first.month}月"
        if first.year == last.year:
            return f"{first.year}年{first.month}—{last.month}月"
        return f"{first.year}年{first.month}月—{last.year}年{last.month}月"
    ends = [f"{day.year}年{day.month}月{day.day}日" for day in (first, last)]
    return ends[0] if first == last else "—".join(ends)


def baseline_of(
    history: History,
    catalogue: Catalogue,
    calendar: Calendar,
    ratios: Ratios,
    *,
    months: int | None = None,
) -> Baseline:
    """Return the shop's level over the last `months` of its record.

    Args:
        history: The record.
        catalogue: Which way is better.
        calendar: Promotion days, which are counted apart.
        ratios: How many days are needed, and what counts as an outlier.
        months: None for the months that `ratios` say; 0 for the whole record.

    Raises:
        ShopDataError: It covers fewer days than are needed.
    """
    wanted = ratios.baseline_months if months is None else months
    chosen = history.between(months_back(history.last, wanted), history.last) if wanted else history
    _enough(chosen, ratios)
    names = {e.first: calendar.promotion(e.first) for e in chosen.entries}
    if chosen.grain == "month":
        names = dict.fromkeys(names)
    notes = list(chosen.notes)
    if chosen.grain == "day" and not calendar.known(names):
        notes.append("大促日文件里没有这些年份的春节日期，年货节未能单列")
    return Baseline(
        shop=chosen.shop,
        grain=chosen.grain,
        first=chosen.first,
        last=chosen.last,
        days=chosen.days,
        missing=chosen.missing_days(),
        promotion_days=_counted(name for name in names.values() if name),
        files=chosen.files,
        notes=tuple(notes),
        levels=tuple(
            _level(catalogue.metric(metric), chosen, names, ratios)
            for metric in catalogue.by_id
            if metric in chosen.metrics
        ),
    )


def _enough(chosen: History, ratios: Ratios) -> None:
    if chosen.days < ratios.min_days:
        who = f"店铺“{chosen.shop}”" if chosen.shop else "、".join(chosen.files)
        raise ShopDataError(
            f"{who} 只有 {chosen.days} 天数据，不足 {ratios.min_days} 天，不能作基线",
            remedy=f"请补充导出；明知偏少仍要用时加 --min-days {chosen.days}",
        )


def months_back(last: date, months: int) -> date:
    """Return the first day of the period of `months` that ends with `last`.

    Whole months: from the first of a month where `last` ends one, else the same day of the month.
    """
    if last == month_end(last):
        total = last.year * 12 + last.month - months
        return date(total // 12, total % 12 + 1, 1)
    total = last.year * 12 + (last.month - 1) - months
    first = date(total // 12, total % 12 + 1, 1)
    if last.day >= month_end(first).day:
        return month_end(first) + timedelta(days=1)
    return first.replace(day=last.day + 1)


def _counted(names: Iterable[str]) -> dict[str, int]:
    counted: dict[str, int] = {}
    for name in names:
        counted[name] = counted.get(name, 0) + 1
    return counted


def _level(
    metric: Metric, history: History, names: dict[date, str | None], ratios: Ratios
) -> Level:
    every = list(history.series(metric.id))
    ordinary = [(entry, value) for entry, value in every if not names[entry.first]] or every
    values = [value for _, value in ordinary]
    quartiles = quartiles_of(values)
    average, weighted = simple_and_weighted(metric, [entry for entry, _ in ordinary])
    assert average is not None
    recent_first = max(history.first, months_back(history.last, ratios.target_months))
    recent = [value for entry, value in ordinary if entry.first >= recent_first]
    return Level(
        metric=metric.id,
        title=metric.title,
        unit=metric.unit,
        better=metric.better,
        days=len(values),
        mean=average,
        weighted_mean=weighted,
        quartiles=quartiles,
        trend=_trend(metric, ordinary, average, ratios),
        recent_mean=mean(recent or values),
        recent_first=recent_first if recent else history.first,
        recent_last=history.last,
        months=_months(ordinary),
        promotions=_promotions(every, names),
        outliers=_outliers(ordinary, quartiles, ratios),
    )


def quartiles_of(values: Sequence[Decimal]) -> Quartiles:
    """Return the quartiles of at least one value.

    >>> quartiles_of([Decimal(n) for n in (1, 2, 3, 4)]).lower
    Decimal('1.75')
    """
    ordered = sorted(values)

    def at(quarter: int) -> Decimal:
        place = Decimal((len(ordered) - 1) * quarter) / 4
        low = int(place)
        high = min(low + 1, len(ordered) - 1)
        return ordered[low] + (ordered[high] - ordered[low]) * (place - low)

    return Quartiles(least=at(0), lower=at(1), median=at(2), upper=at(3), greatest=at(4))


def _trend(
    metric: Metric, points: Sequence[tuple[Entry, Decimal]], average: Decimal, ratios: Ratios
) -> Trend | None:
    if len(points) < 3:
        return None
    days = [Decimal((entry.first - points[0][0].first).days) for entry, _ in points]
    middle = mean(days)
    spread = sum(((day - middle) ** 2 for day in days), Decimal(0))
    if not spread:
        return None
    moves = sum(
        ((day - middle) * (v - average) for day, (_, v) in zip(days, points, strict=True)),
        Decimal(0),
    )
    slope = moves / spread
    change = slope * days[-1]
    share = change / average if average else Decimal(0)
    noise = sum(
        (
            (v - average - slope * (day - middle)) ** 2
            for day, (_, v) in zip(days, points, strict=True)
        ),
        Decimal(0),
    )
    error = (noise / (len(points) - 2) / spread).sqrt()
    clear = abs(slope) > 2 * error and abs(share) > ratios.steady_within
    return Trend(
        per_30_days=slope * 30,
        over_period=share,
        direction=_direction(metric, slope) if clear else "steady",
    )


def _direction(metric: Metric, slope: Decimal) -> Direction:
    if metric.better == "neutral":
        return "rising" if slope > 0 else "falling"
    return "better" if (slope < 0) == (metric.better == "lower") else "worse"


def _months(points: Sequence[tuple[Entry, Decimal]]) -> tuple[MonthMean, ...]:
    groups: dict[date, list[Decimal]] = {}
    for entry, value in points:
        groups.setdefault(entry.first.replace(day=1), []).append(value)
    return tuple(
        MonthMean(month=month, days=len(values), mean=mean(values))
        for month, values in groups.items()
    )


def _promotions(
    points: Sequence[tuple[Entry, Decimal]], names: dict[date, str | None]
) -> tuple[PromotionLevel, ...]:
    groups: dict[str, list[Decimal]] = {}
    for entry, value in points:
        name = names[entry.first]
        if name:
            groups.setdefault(name, []).append(value)
    return tuple(
        PromotionLevel(name=name, days=len(values), mean=mean(values))
        for name, values in groups.items()
    )


def _outliers(
    points: Sequence[tuple[Entry, Decimal]], quartiles: Quartiles, ratios: Ratios
) -> tuple[Outlier, ...]:
    """Return the days beyond the quartiles by several times their distance, farthest first."""
    reach = max(
        ratios.outlier_spread * (quartiles.upper - quartiles.lower),
        ratios.outlier_least * abs(quartiles.median),
    )
    low, high = quartiles.lower - reach, quartiles.upper + reach
    far = [(entry, value) for entry, value in points if value < low or value > high]
    far.sort(key=lambda point: -abs(point[1] - quartiles.median))
    return tuple(
        Outlier(day=entry.first, value=value, row=str(entry.rows[0]))
        for entry, value in far[:MAX_LISTED]
    )
