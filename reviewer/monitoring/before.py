"""The shop's level before the contract, for targets that are a ratio of it."""

from datetime import timedelta
from decimal import Decimal

from reviewer.errors import ShopDataError
from reviewer.shop.baseline import baseline_of
from reviewer.shop.catalogue import Calendar, Catalogue
from reviewer.shop.history import History
from reviewer.shop.metric import Ratios
from reviewer.terms.term import Terms


def recent_means(
    history: History, terms: Terms, catalogue: Catalogue, calendar: Calendar, ratios: Ratios
) -> dict[str, Decimal]:
    """Return the mean over the last months before the contract's start, by metric.

    Raises:
        ShopDataError: The record has no figures, or too few, before the start.
    """
    start = terms.duration.start if terms.duration else None
    if start:
        before = history.between(history.first, start - timedelta(days=1))
        if not before.entries:
            raise ShopDataError(
                f"{'、'.join(history.files)} 里没有 {start} 之前的数据", remedy="请给出签约前的导出"
            )
        history = before
    months = [t.relative.months for t in terms.targets if t.relative and t.relative.months]
    if months:
        ratios = ratios.model_copy(update={"target_months": months[0]})
    made = baseline_of(history, catalogue, calendar, ratios, months=0)
    return {level.metric: level.recent_mean for level in made.levels}
