"""A baseline in words: the tables of the terminal and of reports."""

from collections.abc import Sequence
from decimal import Decimal

from reviewer.shop.baseline import Baseline, Level, Trend
from reviewer.shop.catalogue import Catalogue
from reviewer.shop.exports import Mapped
from reviewer.shop.metric import Metric

_WORDS: dict[str, tuple[str, str]] = {
    "metric": ("指标", "Metric"),
    "days": ("天数", "Days"),
    "months": ("月数", "Months"),
    "median": ("中位数", "Median"),
    "mean": ("均值", "Mean"),
    "weighted": ("加权均值", "Weighted mean"),
    "quartiles": ("四分位", "Quartiles"),
    "range": ("最小—最大", "Range"),
    "recent": ("近三月均值", "Last months"),
    "trend": ("趋势", "Trend"),
    "promotions": ("大促", "Promotions"),
    "outliers": ("异常日", "Outliers"),
    "column": ("列", "Column"),
    "header": ("表头", "Header"),
    "taken": ("对应指标", "Taken for"),
    "unknown": ("不认识，未使用", "unknown, not used"),
    "ignored": ("不使用", "not used"),
    "date": ("日期", "date"),
    "shop": ("店铺", "shop"),
    "agent": ("客服姓名", "agent"),
    "better": ("变好", "better"),
    "worse": ("变差", "worse"),
    "steady": ("平稳", "steady"),
    "rising": ("上升", "rising"),
    "falling": ("下降", "falling"),
}


def say(key: str, lang: str = "zh") -> str:
    """Return the words for `key`."""
    return _WORDS[key][0 if lang == "zh" else 1]


def mapping_rows(mapped: Mapped, catalogue: Catalogue, lang: str = "zh") -> list[list[str]]:
    """Return letter, header and meaning of each column."""
    rows = []
    for column in mapped.columns:
        if not column.header:
            continue
        if column.metric:
            metric = catalogue.metric(column.metric)
            taken = f"{metric.title if lang == 'zh' else metric.title_en} ({metric.id})"
        else:
            taken = say(column.role, lang)
        rows.append([column.letter, column.header, taken])
    return rows


def level_rows(baseline: Baseline, catalogue: Catalogue, lang: str = "zh") -> list[list[str]]:
    """Return a row of words for each metric; the heads are `level_heads`."""
    return [_level_row(level, catalogue.metric(level.metric), lang) for level in baseline.levels]


def level_heads(baseline: Baseline, lang: str = "zh") -> list[str]:
    """Return the heads of `level_rows`."""
    days = "days" if baseline.grain == "day" else "months"
    keys = ("metric", days, "median", "mean", "quartiles", "range", "recent", "trend", "promotions")
    return [say(key, lang) for key in (*keys, "outliers")]


def _level_row(level: Level, metric: Metric, lang: str) -> list[str]:
    quartiles = level.quartiles
    weighted = ""
    if level.weighted_mean is not None:
        weighted = f"\n({say('weighted', lang)} {metric.shown(level.weighted_mean)})"
    return [
        metric.title if lang == "zh" else metric.title_en,
        str(level.days),
        metric.shown(quartiles.median),
        metric.shown(level.mean) + weighted,
        f"{metric.shown(quartiles.lower)}—{metric.shown(quartiles.upper)}",
        f"{metric.shown(quartiles.least)}—{metric.shown(quartiles.greatest)}",
        metric.shown(level.recent_mean),
        trend_words(level.trend, lang),
        "\n".join(f"{p.name} {metric.shown(p.mean)} ({p.days})" for p in level.promotions),
        "\n".join(f"{o.day} {metric.shown(o.value)}" for o in level.outliers[:4]),
    ]


def trend_words(trend: Trend | None, lang: str = "zh") -> str:
    """Return the direction with the change over the period."""
    if trend is None:
        return "—"
    return f"{say(trend.direction, lang)} {signed_percent(trend.over_period)}"


def signed_percent(share: Decimal) -> str:
    """Return a share with its sign: +3.2%."""
    return f"{share * 100:+.1f}%"


def summary_lines(baseline: Baseline, mapped: Sequence[Mapped], lang: str = "zh") -> list[str]:
    """Return the lines above and below the table: period, gaps, unknown columns, notes."""
    zh = lang == "zh"
    lines = [
        f"期间 {baseline.first} 至 {baseline.last}，有数据 {baseline.days} 天"
        if zh
        else f"{baseline.first} to {baseline.last}, {baseline.days} days with figures"
    ]
    if baseline.missing:
        shown = "、".join(str(day) for day in baseline.missing[:5])
        more = " …" if len(baseline.missing) > 5 else ""
        lines.append(
            f"缺 {len(baseline.missing)} 天：{shown}{more}"
            if zh
            else f"{len(baseline.missing)} days are missing: {shown}{more}"
        )
    if baseline.promotion_days:
        listed = "、".join(f"{name} {days}" for name, days in baseline.promotion_days.items())
        lines.append(
            f"大促日单列，不进均值：{listed} 天" if zh else f"Promotion days, kept apart: {listed}"
        )
    for sheet in mapped:
        if sheet.unknown:
            listed = "、".join(sheet.unknown)
            lines.append(
                f"{sheet.name} 中不认识、未使用的列：{listed}"
                if zh
                else f"Columns of {sheet.name} that are unknown and not used: {listed}"
            )
    return lines + [f"! {note}" for note in baseline.notes]
