"""The what-if and the money view as web pages and workbooks."""

import io
from collections.abc import Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup
from openpyxl import Workbook

from reviewer.monitoring.exposure import GROUPS, Exposure
from reviewer.monitoring.fees import yuan
from reviewer.monitoring.report import metric_charts
from reviewer.monitoring.whatif import WhatIf
from reviewer.monitoring.workbook import add_sheet
from reviewer.shop.catalogue import Calendar, Catalogue
from reviewer.shop.chart import bars_svg
from reviewer.shop.history import History


def _render(template: str, **values: object) -> str:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True
    )
    return environment.get_template(template).render(yuan=yuan, **values)


def whatif_page(found: WhatIf, history: History, catalogue: Catalogue, calendar: Calendar) -> str:
    """Return the what-if as HTML; everything from the contract and the data is escaped."""
    chosen = history.between(found.first, found.last)
    return _render(
        "whatif.html",
        found=found,
        chart=Markup(metric_charts(found.monitoring, chosen, catalogue, calendar)),
        bars=Markup(whatif_chart(found)),
    )


def whatif_chart(found: WhatIf) -> str:
    """Return missed targets and sums by month as bars, or nothing where nothing was missed."""
    if not any(month.missed for month in found.months):
        return ""
    labels = [f"{month.month:%Y-%m}" for month in found.months]
    if found.total is None or not found.total:
        return bars_svg(
            labels, [("", [month.missed for month in found.months])], "每月不达标的指标数"
        )
    return bars_svg(
        labels, [("", [float(month.total or 0) for month in found.months])], "每月会扣减（元）"
    )


def money_page(found: Exposure) -> str:
    """Return the money view as HTML."""
    groups = [
        (title, [f for f in found.figures if f.group == group]) for group, title in GROUPS.items()
    ]
    return _render("money.html", found=found, groups=[g for g in groups if g[1]])


def money_workbook(found: Exposure) -> bytes:
    """Return the money view as .xlsx; sums are numbers."""
    book = Workbook()
    book.remove(book.active)
    rows: Sequence[Sequence[object]] = [
        (GROUPS[f.group], f.what, f.amount, f.shown, f.formula, f.note,
         f.source.number if f.source else "", f.source.quote if f.source else "")
        for f in found.figures
    ]  # fmt: skip
    add_sheet(
        book, "钱账", ("类别", "项目", "金额（元）", "显示", "算式", "说明", "条款", "原文"), rows
    )
    add_sheet(book, "注意", ("注意",), [(warning,) for warning in found.warnings])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
