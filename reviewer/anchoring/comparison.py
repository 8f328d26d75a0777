"""Each target of a contract against what the shop already does."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Literal

from reviewer.record import Record
from reviewer.shop.baseline import Baseline
from reviewer.shop.catalogue import Catalogue
from reviewer.shop.history import History
from reviewer.shop.metric import Metric, Ratios
from reviewer.terms.demanded import demanded_value
from reviewer.terms.term import Source, StatedBaseline, Target, Terms, amount

Verdict = Literal["laxer", "same", "stretch", "unreachable", "not_recorded", "measured_differently"]


class Comparison(Record):
    """One target, and what the record says of it."""

    target: str
    """Id of the target in the terms."""
    metric: str
    verdict: Verdict
    demanded: Decimal | None
    """In the metric's unit; None where the contract gives neither a number nor a level."""
    level: Decimal | None
    """The shop's mean on ordinary days, or on promotion days for a promotion target."""
    days: int = 0
    """Days in the record that have the figure."""
    days_met: int = 0
    months: int = 0
    months_met: int = 0
    words: str
    """The comparison as one sentence in Chinese."""
    source: Source


def comparisons(
    terms: Terms, baseline: Baseline, history: History, catalogue: Catalogue, ratios: Ratios
) -> tuple[Comparison, ...]:
    """Return a comparison for every target of `terms` that is not for the ramp-up."""
    made: list[Comparison] = []
    for target in terms.targets:
        if target.applies == "ramp":
            continue
        for metric in dict.fromkeys(m for m in (target.metric, target.or_metric) if m):
            made.append(
                _compared(
                    target, catalogue.metric(metric), terms, baseline, history, catalogue, ratios
                )
            )
    return tuple(_sharpened(made))


def _sharpened(made: Sequence[Comparison]) -> Iterator[Comparison]:
    """Leave out the reading of an ambiguous target that the record cannot speak to."""
    for comparison in made:
        others = [c for c in made if c.target == comparison.target and c is not comparison]
        spoken = any(c.verdict in ("laxer", "same", "stretch", "unreachable") for c in others)
        if not (spoken and comparison.verdict in ("not_recorded", "measured_differently")):
            yield comparison


def _compared(
    target: Target,
    metric: Metric,
    terms: Terms,
    baseline: Baseline,
    history: History,
    catalogue: Catalogue,
    ratios: Ratios,
) -> Comparison:
    level = baseline.level(metric.id)
    demanded = demanded_value(target, metric, terms, level.recent_mean if level else None)
    if level is None or demanded is None:
        return _unanswered(target, metric, demanded, baseline, catalogue)
    wanted = [
        e for e in history.between(baseline.first, baseline.last).entries if metric.id in e.values
    ]
    promotion = target.applies == "promotion"
    mean = level.mean
    if promotion:
        if not level.promotions:
            return _unanswered(target, metric, demanded, baseline, catalogue)
        counted = sum(p.days for p in level.promotions)
        mean = sum((p.mean * p.days for p in level.promotions), Decimal(0)) / counted
    met = [entry for entry in wanted if metric.meets(entry.values[metric.id], demanded)]
    months_met = sum(1 for month in level.months if metric.meets(month.mean, demanded))
    verdict = _verdict(metric, demanded, mean, len(met), ratios)
    made = Comparison(
        target=target.id,
        metric=metric.id,
        verdict=verdict,
        demanded=demanded,
        level=mean,
        days=len(wanted),
        days_met=len(met),
        months=len(level.months),
        months_met=months_met,
        words="",
        source=target.source,
    )
    return made.model_copy(update={"words": _words(made, metric, baseline, promotion=promotion)})


def _verdict(
    metric: Metric, demanded: Decimal, mean: Decimal, days_met: int, ratios: Ratios
) -> Verdict:
    if abs(demanded - mean) <= ratios.same_within * abs(mean):
        return "same"
    if metric.meets(mean, demanded):
        return "laxer"
    return "stretch" if days_met else "unreachable"


def _unanswered(
    target: Target,
    metric: Metric,
    demanded: Decimal | None,
    baseline: Baseline,
    catalogue: Catalogue,
) -> Comparison:
    sibling = next(
        (
            level
            for level in baseline.levels
            if metric.family
            and level.metric != metric.id
            and catalogue.metric(level.metric).family == metric.family
        ),
        None,
    )
    has_level = baseline.level(metric.id) is not None
    if sibling and not has_level:
        verdict: Verdict = "measured_differently"
        words = f"{metric.title}：数据里只有{sibling.title}，口径不同，不能直接比较"
    else:
        verdict = "not_recorded"
        words = (
            f"{metric.title}：数据里没有大促日，无法比较大促要求"
            if has_level and target.applies == "promotion"
            else f"{metric.title}：所给数据里没有这一指标，无法比较"
        )
    return Comparison(
        target=target.id,
        metric=metric.id,
        verdict=verdict,
        demanded=demanded,
        level=None,
        words=words,
        source=target.source,
    )


def _words(made: Comparison, metric: Metric, baseline: Baseline, *, promotion: bool) -> str:
    assert made.demanded is not None
    assert made.level is not None
    bound = "不高于" if metric.better == "lower" else "不低于"
    unit = "天" if baseline.grain == "day" else "个月"
    when = "大促日" if promotion else ""
    level = f"店铺{baseline.period}{when}均值{metric.shown(made.level)}"
    counted = f"{made.days}{unit}中{made.days_met}{unit}做到"
    if baseline.grain == "day" and not promotion:
        counted += f"，{made.months}个月中{made.months_met}个月的月均做到"
    says = {
        "laxer": f"宽于现状（{level}；{counted}），等于允许退步",
        "same": f"与现状相当（{level}；{counted}）",
        "stretch": f"严于现状而可以达到（{level}；{counted}）",
        "unreachable": f"记录中没有一{'天' if baseline.grain == 'day' else '个月'}做到过（{level}），难以执行",
    }[made.verdict]
    return f"{when}{metric.title}：合同要求{bound}{metric.shown(made.demanded)}，{says}"


def disagreements(
    stated: Sequence[StatedBaseline], baseline: Baseline, catalogue: Catalogue, ratios: Ratios
) -> tuple[str, ...]:
    """Return where the levels that the contract states are not those of the record."""
    found = []
    for entry in stated:
        level = baseline.level(entry.metric)
        if level is None:
            continue
        metric = catalogue.metric(entry.metric)
        said = amount(entry.value, metric.unit)
        if abs(said - level.mean) > ratios.same_within * abs(level.mean):
            found.append(
                f"合同写的{metric.title}基准{metric.shown(said)}与店铺{baseline.period}均值"
                f"{metric.shown(level.mean)}不一致，请核对期间和口径"
            )
    return tuple(dict.fromkeys(found))
