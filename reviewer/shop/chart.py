"""Charts as SVG: matplotlib is imported when a chart is drawn, and nowhere else."""

import io
import logging
import re
import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from reviewer.shop.baseline import Baseline
from reviewer.shop.catalogue import Calendar, Catalogue
from reviewer.shop.history import History
from reviewer.shop.metric import Metric

_FONTS = "'Noto Sans CJK SC','Microsoft YaHei','PingFang SC','Hiragino Sans GB',SimHei,sans-serif"
_LINE, _BAND, _MARK, _TARGET, _EVENT = "#2f6f9f", "#dbe9f4", "#c0392b", "#b9770e", "#f6e3c5"
MAX_PANELS = 12


@dataclass(frozen=True)
class Panel:
    """One metric over time."""

    title: str
    days: Sequence[date]
    values: Sequence[float]
    band: tuple[float, float] | None = None
    """Quartiles."""
    level: float | None = None
    target: float | None = None
    marked: Sequence[tuple[date, float]] = ()
    shaded: Sequence[tuple[date, date]] = field(default=())


def baseline_chart(
    history: History, baseline: Baseline, catalogue: Catalogue, calendar: Calendar, lang: str = "zh"
) -> str:
    """Return the metrics of a baseline as small multiples: quartiles, promotions, outliers."""
    chosen = history.between(baseline.first, baseline.last)
    shaded = promotion_spans(chosen, calendar)
    panels = []
    for level in baseline.levels[:MAX_PANELS]:
        metric = catalogue.metric(level.metric)
        points = list(chosen.series(metric.id))
        panels.append(
            Panel(
                title=panel_title(metric, lang),
                days=[entry.first for entry, _ in points],
                values=[drawn(metric, value) for _, value in points],
                band=(drawn(metric, level.quartiles.lower), drawn(metric, level.quartiles.upper)),
                level=drawn(metric, level.mean),
                marked=[(o.day, drawn(metric, o.value)) for o in level.outliers],
                shaded=shaded,
            )
        )
    return panels_svg(panels)


def panel_title(metric: Metric, lang: str) -> str:
    """Return a metric's name with its unit."""
    unit = {"seconds": ("秒", "s"), "share": ("%", "%"), "money": ("元", "CNY")}.get(metric.unit)
    name = metric.title if lang == "zh" else metric.title_en
    return f"{name} ({unit[0 if lang == 'zh' else 1]})" if unit else name


def drawn(metric: Metric, value: Decimal) -> float:
    """Return a figure as it is drawn: shares in percent."""
    return float(value * 100 if metric.unit == "share" else value)


def promotion_spans(history: History, calendar: Calendar) -> list[tuple[date, date]]:
    """Return the runs of promotion days in the record."""
    spans: list[tuple[date, date]] = []
    if history.grain == "month":
        return spans
    for entry in history.entries:
        if calendar.promotion(entry.first):
            if spans and (entry.first - spans[-1][1]).days <= 1:
                spans[-1] = (spans[-1][0], entry.first)
            else:
                spans.append((entry.first, entry.first))
    return spans


def panels_svg(panels: Sequence[Panel], columns: int = 2) -> str:
    """Return the panels as one SVG."""
    rows = max(1, -(-len(panels) // columns))
    figure = _figure(7.2 * min(columns, max(1, len(panels))) / 1.2, 2.1 * rows)
    for number, panel in enumerate(panels, 1):
        axes = figure.add_subplot(rows, min(columns, len(panels)), number)
        _panel(axes, panel)
    return _svg(figure)


def _panel(axes: Any, panel: Panel) -> None:
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter

    for first, last in panel.shaded:
        axes.axvspan(first, last, color=_EVENT, linewidth=0)
    if panel.band:
        axes.axhspan(*panel.band, color=_BAND, linewidth=0)
    axes.plot(panel.days, panel.values, color=_LINE, linewidth=0.9)
    if panel.level is not None:
        axes.axhline(panel.level, color=_LINE, linewidth=0.8, linestyle=":")
    if panel.target is not None:
        axes.axhline(panel.target, color=_TARGET, linewidth=1.2, linestyle="--")
    if panel.marked:
        axes.plot(
            [day for day, _ in panel.marked],
            [value for _, value in panel.marked],
            linestyle="none",
            marker="o",
            markersize=3,
            color=_MARK,
        )
    axes.set_title(panel.title, fontsize=9, loc="left")
    locator = AutoDateLocator(maxticks=6)
    axes.xaxis.set_major_locator(locator)
    numbers = ["%Y", "%m", "%d", "%H:%M", "%H:%M", "%S"]  # no month names: they would be English
    years = ["", "%Y", "%Y-%m", "%Y-%m-%d", "%Y-%m-%d", "%Y-%m-%d"]
    axes.xaxis.set_major_formatter(
        ConciseDateFormatter(locator, formats=numbers, offset_formats=years)
    )
    _plain(axes)


def bars_svg(
    labels: Sequence[str], series: Iterable[tuple[str, Sequence[float]]], title: str
) -> str:
    """Return grouped bars as SVG."""
    figure = _figure(max(5.0, 0.55 * len(labels) + 1.5), 2.6)
    axes = figure.add_subplot()
    named = list(series)
    width = 0.8 / max(1, len(named))
    colours = (_LINE, _TARGET, _MARK, "#5f8f5f")
    for number, (name, values) in enumerate(named):
        places = [at + (number - (len(named) - 1) / 2) * width for at in range(len(labels))]
        axes.bar(places, values, width, label=name, color=colours[number % len(colours)])
    axes.set_xticks(range(len(labels)), labels)
    axes.set_title(title, fontsize=9, loc="left")
    if len(named) > 1:
        axes.legend(fontsize=7, frameon=False)
    _plain(axes)
    return _svg(figure)


def _plain(axes: Any) -> None:
    axes.tick_params(labelsize=7)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)


def _figure(width: float, height: float) -> Any:
    from matplotlib.figure import Figure

    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)
    return Figure(figsize=(width, height), layout="tight")


def _svg(figure: Any) -> str:
    """Return the figure as SVG whose text is text, the same bytes for the same figure."""
    import matplotlib

    out = io.StringIO()
    with (
        matplotlib.rc_context({"svg.fonttype": "none", "svg.hashsalt": "reviewer"}),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore")  # a font without Chinese only measures, it does not draw
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    text = re.sub(
        r"font-family: ?[^;\"]+|(?<=font: )([\d.]+px) [^;\"]+", _with_fonts, out.getvalue()
    )
    return text[text.index("<svg") :]


def _with_fonts(match: re.Match[str]) -> str:
    return f"{match[1]} {_FONTS}" if match[1] else f"font-family: {_FONTS}"
