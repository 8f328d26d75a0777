"""The number that a target demands, ratios worked out."""

from decimal import Decimal

from reviewer.shop.metric import Metric
from reviewer.terms.term import Target, Terms, amount


def demanded_value(
    target: Target, metric: Metric, terms: Terms, recent: Decimal | None = None
) -> Decimal | None:
    """Return the number that a target demands, or None where nothing gives it.

    A ratio is taken of the level that the contract states, else of `recent`, the shop's mean over
    the last months before it.
    """
    if target.value is not None:
        return amount(target.value, metric.unit)
    assert target.relative is not None
    ratio = amount(target.relative.ratio, "share")
    stated = next((b.value for b in terms.baselines if b.metric == metric.id), None)
    words = target.relative.base or stated
    if words is not None:
        return amount(words, metric.unit) * ratio
    return recent * ratio if recent is not None else None
