"""Monitoring as one self-contained web page with charts."""

import re
from calendar import monthrange
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from reviewer.errors import UsageError
from reviewer.monitoring.fees import yuan
from reviewer.monitoring.notices import NoticeDraft
from reviewer.monitoring.outcome import Monitoring
from reviewer.monitoring.statements import total_words
from reviewer.shop.catalogue import Calendar, Catalogue
from reviewer.shop.chart import Panel, bars_svg, drawn, panel_title, panels_svg, promotion_spans
from reviewer.shop.history import History


def monitoring_page(
    found: Monitoring,
    drafts: Sequence[NoticeDraft],
    history: History,
    catalogue: Catalogue,
    calendar: Calendar,
    heading: str = "履约监控报告",
) -> str:
    """Return the report as HTML; everything from the contract and the data is escaped."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True
    )
    chosen = history.between(found.first, found.last)
    return environment.get_template("monitoring.html").render(
        found=found,
        drafts=drafts,
        heading=heading,
        chart=Markup(metric_charts(found, chosen, catalogue, calendar)),
        bars=Markup(money_chart(found)),
        yuan=yuan,
        total=total_words,
    )


def metric_charts(
    found: Monitoring, history: History, catalogue: Catalogue, calendar: Calendar
) -> str:
    """Return the watched metrics over time with their targets; missed days are marked."""
    panels = []
    spans = promotion_spans(history, calendar)
    by_metric = {r.metric: r for r in found.results if "大促" not in r.title}
    for metric_id, result in by_metric.items():
        metric = catalogue.metric(metric_id)
        points = list(history.series(metric_id))
        missed = [r for r in found.results if r.metric == metric_id and r.unit == "day"]
        panels.append(
            Panel(
                title=panel_title(metric, "zh"),
                days=[entry.first for entry, _ in points],
                values=[drawn(metric, value) for _, value in points],
                target=drawn(metric, result.demanded),
                marked=[(r.first, drawn(metric, r.value)) for r in missed],
                shaded=spans,
            )
        )
    return panels_svg(panels) if panels else ""


def money_chart(found: Monitoring) -> str:
    """Return the sums by month as bars, or nothing where no sum is known."""
    known = [s for s in found.statements if s.total is not None]
    if not any(s.total for s in known):
        return ""
    labels = [f"{s.month:%Y-%m}" for s in known]
    return bars_svg(labels, [("", [float(s.total or 0) for s in known])], "每月可扣减（元）")


def period_of(words: str) -> tuple[date, date]:
    """Return first and last day of a month or quarter: `2026-12`, `2026Q4`.

    Raises:
        UsageError: The words are neither.
    """
    month = re.fullmatch(r"(\d{4})-(\d{1,2})", words)
    quarter = re.fullmatch(r"(\d{4})-?[Qq]([1-4])", words)
    if month and 1 <= int(month[2]) <= 12:
        year, first, last = int(month[1]), int(month[2]), int(month[2])
    elif quarter:
        year, last = int(quarter[1]), int(quarter[2]) * 3
        first = last - 2
    else:
        raise UsageError(f"--period {words} 看不懂", remedy="写法如 2026-12（月）或 2026Q4（季）")
    return date(year, first, 1), date(year, last, monthrange(year, last)[1])


def restricted(found: Monitoring, first: date, last: date) -> Monitoring:
    """Return what was found in a period; steps keep the history that led to them."""
    watched = []
    for entry in found.watched:
        days = [r for r in found.results if r.target == entry.target and r.unit == "day"]
        months = [r for r in found.results if r.target == entry.target and r.unit == "month"]
        within = [r for r in months if first <= r.first <= last]
        watched.append(
            entry.model_copy(
                update={
                    "days": sum(r.days for r in within),
                    "days_missed": sum(first <= r.first <= last for r in days),
                    "months": len(within),
                    "months_missed": sum(not r.met for r in within),
                }
            )
        )
    return found.model_copy(
        update={
            "watched": tuple(watched),
            "first": max(found.first, first),
            "last": min(found.last, last),
            "results": tuple(r for r in found.results if first <= r.first <= last),
            "events": tuple(e for e in found.events if first <= e.on <= last),
            "statements": tuple(s for s in found.statements if first <= s.month <= last),
        }
    )
