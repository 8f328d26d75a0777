"""What the shop tabs show: headings, tables, charts; every word is escaped by the template."""

from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup

from reviewer.anchoring.comparison import Comparison
from reviewer.monitoring.exposure import GROUPS, Exposure
from reviewer.monitoring.fees import yuan
from reviewer.monitoring.outcome import Ambiguity, Due, Monitoring
from reviewer.monitoring.pages import whatif_chart
from reviewer.monitoring.report import metric_charts, money_chart
from reviewer.monitoring.statements import total_words
from reviewer.monitoring.whatif import WhatIf
from reviewer.render.messages import Lang
from reviewer.shop.baseline import Baseline
from reviewer.shop.catalogue import Calendar, Catalogue
from reviewer.shop.chart import baseline_chart
from reviewer.shop.exports import ShopData
from reviewer.shop.history import History
from reviewer.shop.words import level_heads, level_rows, mapping_rows, say, summary_lines
from reviewer.terms.term import Source
from reviewer.ui.pages import render
from reviewer.ui.words import word


class Section(NamedTuple):
    """One heading with what stands below it."""

    title: str
    heads: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()
    lines: Sequence[str] = ()
    svg: Markup | None = None
    """Drawn by us; labels in it are our own."""


def page_of(sections: Sequence[Section], lang: Lang) -> str:
    """Return the sections as HTML."""
    return render("sections.html", lang, sections=sections)


def _chart(svg: str) -> Markup | None:
    return Markup(svg) if svg else None


def _heads(lang: Lang, *keys: str) -> list[str]:
    return [word(f"shop_{key}", lang) for key in keys]


def _clause(source: Source | None) -> str:
    if source is None:
        return ""
    return f"{source.number} “{source.quote}”" if source.quote else source.number


def baseline_sections(
    data: ShopData,
    history: History,
    baseline: Baseline,
    catalogue: Catalogue,
    calendar: Calendar,
    lang: Lang,
) -> list[Section]:
    """Return how columns were taken, the level of each metric, and a chart."""
    sections = [
        Section(
            f"{word('shop_mapping', lang)} · {sheet.name}",
            [say(key, lang) for key in ("column", "header", "taken")],
            mapping_rows(sheet, catalogue, lang),
        )
        for sheet in data.mapped
    ]
    sections.append(
        Section(
            f"{word('shop_level', lang)} · {baseline.shop or '、'.join(baseline.files)}",
            level_heads(baseline, lang),
            level_rows(baseline, catalogue, lang),
            summary_lines(baseline, data.mapped, lang),
        )
    )
    svg = baseline_chart(history, baseline, catalogue, calendar, lang)
    sections.append(Section(word("shop_chart", lang), svg=_chart(svg)))
    return sections


def comparison_section(made: Sequence[Comparison], lang: Lang) -> Section:
    """Return every target of the open contract against the record."""
    return Section(
        word("shop_compared", lang),
        _heads(lang, "verdict", "said", "clause"),
        [[word(f"shop_{c.verdict}", lang), c.words, _clause(c.source)] for c in made],
        () if made else (word("shop_no_targets", lang),),
    )


def _readings(ambiguities: Sequence[Ambiguity], lang: Lang) -> Section:
    return Section(
        word("shop_readings", lang),
        _heads(lang, "question", "taken", "other"),
        [
            [
                a.question,
                f"{a.taken}：{a.taken_result}",
                f"{a.other}：{a.other_result}",
            ]
            for a in ambiguities
        ],
        () if ambiguities else (word("shop_no_readings", lang),),
    )


def whatif_sections(
    found: WhatIf, history: History, catalogue: Catalogue, calendar: Calendar, lang: Lang
) -> list[Section]:
    """Return how often each step would have been set off, and the sums by month."""
    months = [
        [f"{m.month:%Y-%m}", str(m.missed), yuan(m.total) if m.total is not None else "—"]
        for m in found.months
    ]
    months.append(
        [word("shop_total", lang), "", yuan(found.total) if found.total is not None else "—"]
    )
    chosen = history.between(found.first, found.last)
    return [
        Section(
            f"{word('shop_steps', lang)} · {found.first} — {found.last}",
            _heads(lang, "step", "clause", "times", "days"),
            [
                [s.step, _clause(s.source), str(s.times), "、".join(map(str, s.days[:8]))]
                for s in found.steps
            ],
            (*found.notes, *found.monitoring.warnings),
        ),
        Section(
            word("shop_by_month", lang),
            _heads(lang, "month", "missed", "deducted"),
            months,
            svg=_chart(whatif_chart(found)),
        ),
        _watched(found.monitoring, lang),
        Section(
            word("shop_chart", lang),
            svg=_chart(metric_charts(found.monitoring, chosen, catalogue, calendar)),
        ),
        _readings(found.monitoring.ambiguities, lang),
    ]


def money_sections(found: Exposure, lang: Lang) -> list[Section]:
    """Return the figures by kind, each with formula and clause."""
    sections = []
    for group in GROUPS:
        figures = [f for f in found.figures if f.group == group]
        if figures:
            rows = [[f.what, f.shown, f.formula, f.note, _clause(f.source)] for f in figures]
            heads = _heads(lang, "item", "amount", "formula", "note", "clause")
            sections.append(Section(word(f"shop_money_{group}", lang), heads, rows))
    if found.warnings:
        sections.append(Section(word("shop_warnings", lang), lines=found.warnings))
    return sections


def monitor_sections(
    found: Monitoring, history: History, catalogue: Catalogue, calendar: Calendar, lang: Lang
) -> list[Section]:
    """Return misses, steps, sums, readings and dates."""
    chosen = history.between(found.first, found.last)
    events = [
        [
            str(e.on),
            e.step + (f" {word('shop_waits', lang)}" if e.pending else ""),
            e.what,
            "；".join(
                [*e.allows, *(line.formula for line in e.lines), *([e.note] if e.note else [])]
            ),
            str(e.deadline or ""),
            _clause(e.source),
        ]
        for e in found.events
    ]
    sums = []
    for statement in found.statements:
        month = f"{statement.month:%Y-%m}"
        sums += [
            [month, line.what, line.formula, "、".join(line.rows), _clause(line.source)]
            for line in statement.lines
        ]
        if statement.lines:
            cap = statement.cap.formula if statement.cap else ""
            sums.append([month, word("shop_total", lang), total_words(statement), cap, ""])
    return [
        _watched(found, lang),
        Section(
            word("shop_chart", lang),
            svg=_chart(metric_charts(found, chosen, catalogue, calendar)),
        ),
        Section(
            word("shop_events", lang),
            _heads(lang, "day", "step", "said", "allows", "deadline", "clause"),
            events,
            () if events else (word("shop_no_events", lang),),
        ),
        Section(
            word("shop_sums", lang),
            _heads(lang, "month", "item", "formula", "rows", "clause"),
            sums,
            svg=_chart(money_chart(found)),
        ),
        _readings(found.ambiguities, lang),
        _dates(found.dates, lang),
        *([Section(word("shop_warnings", lang), lines=found.warnings)] if found.warnings else []),
    ]


def _watched(found: Monitoring, lang: Lang) -> Section:
    return Section(
        f"{word('shop_targets', lang)} · {found.first} — {found.last}",
        _heads(lang, "metric", "demanded", "days_missed", "months_missed", "note", "clause"),
        [
            [
                w.title,
                w.demanded,
                f"{w.days_missed} / {w.days}",
                f"{w.months_missed} / {w.months}",
                w.note,
                _clause(w.source),
            ]
            for w in found.watched
        ],
    )


def _dates(dates: Sequence[Due], lang: Lang) -> Section:
    return Section(
        word("shop_dates", lang),
        _heads(lang, "day", "item", "note", "clause"),
        [[str(d.on), d.what, d.note, _clause(d.source)] for d in dates],
    )
