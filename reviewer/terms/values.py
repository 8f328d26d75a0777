"""Values that a contract demands: plain numbers, and ratios of the shop's own level."""

import re
from decimal import Decimal

from reviewer.shop.metric import Metric, Unit
from reviewer.terms.term import Relative

VALUE: dict[Unit, str] = {
    "seconds": r"(?P<value>\d+(?:\.\d+)?(?:秒|分钟|分(?=之?内|以内|半)))",
    "share": r"(?<![×x*÷\d.])(?P<value>\d+(?:\.\d+)?%|\d{2}(?:\.\d+)?分?(?=以上|及以上|[,。;|]|往上|$))",
    "score": r"(?P<value>\d+(?:\.\d+)?分?)(?![\d%秒])",
    "count": r"(?P<value>\d+)",
    "money": r"(?P<value>\d+(?:\.\d+)?万?元)",
}
BETWEEN = r"(?P<between>[^。;]{0,26}?)"
BETWEEN_SCORE = (
    r"(?P<between>(?:\([^()]{0,12}\))?(?:[^。;|\d]{0,20}\|)?[|:,]?(?:月均|均值|平均|每月|标准值?|目标值?)?"
    r"(?:应当?|须|需|要)?(?:不得?低于|不少于|不低|低于|达到?|须达|为|保持在|≥|>=|>)*)"
)
_RATIO = re.compile(
    r"(?P<words>(年度)?(基准值?|基线|基期|均值|平均值|平均|历史(均值|数据|水平)|上季度(均值|平均值)?)"
    r"(?:(?!不低于|不少于|不得低于|不得|达到|≥|为|低于)[^。;,|]){0,14}?)(的|之)?(?P<ratio>\d+(?:\.\d+)?(%|倍))"
)
_OF_BASE = re.compile(
    r"(均值|平均值?|基准值?|基线)(?:为|是)?(?P<base>\d+(?:\.\d+)?%)(?:的|之)(?P<ratio>\d+(?:\.\d+)?(?:%|倍))"
)
_ABOVE = re.compile(r"(均值|平均值|基准|基线)[^。;,|]{0,8}(高|提高|提升)(?P<extra>\d+(?:\.\d+)?)%")
_BASE = re.compile(r"(均值|平均值?|基准|基线|之)(?P<base>\d+(?:\.\d+)?%)(?!.{0,2}为)")
_LEVEL = re.compile(r"均值|平均|基准|基线|基期|历史|上季度")
_MONTHS = re.compile(r"(?:近|过去|前)(\d+)个?月")
LEAST_RATIO = 50
"""A percentage below it, right behind 均值, is the level itself and no ratio of it."""


def shown_value(value: str, metric: Metric) -> str:
    """Return a value with the unit of its metric: 95分 of satisfaction is 95%."""
    if metric.unit == "share" and not value.endswith("%"):
        return value.rstrip("分") + "%"
    if metric.unit == "score" and not value.endswith("分"):
        return f"{value}分"
    return value


def settled_value(
    text: str, found: re.Match[str] | None, relative: Relative | None, metric: Metric
) -> str | None:
    """Return the number demanded; with a ratio only where the contract works it out (即24.5%)."""
    if relative is None:
        return shown_value(found["value"], metric) if found else None
    worked_out = re.search(r"即(?:不低于|为)?(\d+(?:\.\d+)?%)", text[:60])
    return worked_out[1] if worked_out else None


def relative_of(text: str, metric: Metric, number_at: int | None = None) -> Relative | None:
    """Return the target as a ratio of the shop's own level, or None where it is a plain number.

    Args:
        text: What follows the metric's name.
        metric: The metric.
        number_at: Where the first number stands; 28秒（店铺均值27.6秒） is a plain number.
    """
    ahead = text[:60]
    level = _LEVEL.search(ahead)
    if number_at is not None and (level is None or number_at < level.start()):
        return None
    months = _MONTHS.search(ahead)
    over = int(months[1]) if months else None
    both = _OF_BASE.search(ahead)
    if both:
        return Relative(ratio=_percent(both["ratio"]), base=both["base"], months=over)
    above = _ABOVE.search(ahead)
    if above:
        return Relative(ratio=_percent(f"{100 + Decimal(above['extra'])}%"), months=over)
    stated = _BASE.search(ahead)
    base = stated["base"] if stated and metric.unit == "share" else None
    ratio = _RATIO.search(ahead)
    if ratio and not re.search(r"每|扣", ahead[: ratio.start()]):
        share = _percent(ratio["ratio"])
        plain = ratio[3] is None and Decimal(share[:-1]) < LEAST_RATIO
        if not plain:
            return Relative(ratio=share, base=base if base != share else None, months=over)
        return Relative(ratio="100%", base=share, months=over)
    plainly = re.search(r"不(?:得?低|少)于[^。;,|]{0,24}?" + _BASE.pattern, ahead)
    return Relative(ratio="100%", base=plainly["base"], months=over) if plainly else None


def _percent(words: str) -> str:
    """Return a ratio in percent: 1.2倍 is 120%."""
    if words.endswith("%"):
        return words
    return f"{(Decimal(words[:-1]) * 100).normalize():f}%"
