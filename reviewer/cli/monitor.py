"""`reviewer monitor` and `reviewer whatif`: a record against a contract's terms."""

import sys
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import typer

from reviewer.cli.baseline import (
    AsOf,
    DropBad,
    Map,
    Mapping,
    Promotions,
    Shop,
    read_data,
    today_of,
)
from reviewer.cli.shared import Json, app, day_of
from reviewer.errors import UsageError

FORMATS = ("html", "xlsx", "ics", "json", "docx")
MonthlyFee = Annotated[str | None, typer.Option(help="月服务费（元），合同里没有写明时给出")]
Where = Annotated[str | None, typer.Option(help="数据是哪个平台或班次的，用于分列的指标")]


@app.command()
def monitor(
    terms_file: Annotated[
        Path, typer.Argument(metavar="TERMS", help="reviewer terms 写出并核对过的 terms.yaml")
    ],
    data: Annotated[list[Path], typer.Argument(help="签约后的日数据：.csv 或 .xlsx，可多份")],
    as_of: AsOf = None,
    period: Annotated[str | None, typer.Option(help="只报告这个月或季：2026-12、2026Q4")] = None,
    notice: Annotated[list[str] | None, typer.Option(help="整改通知的到达日，可多次")] = None,
    monthly_fee: MonthlyFee = None,
    baseline: Annotated[
        list[Path] | None, typer.Option(help="签约前的数据，用于“近三月均值”一类的指标")
    ] = None,
    where: Where = None,
    out: Annotated[Path | None, typer.Option(help="结果文件夹：报告、表格、日程、通知草稿")] = None,
    formats: Annotated[
        str, typer.Option("--format", help="html,xlsx,ics,json,docx（通知草稿）")
    ] = "html,xlsx,ics,docx",
    shop: Shop = None,
    column_map: Map = None,
    mapping: Mapping = None,
    promotions: Promotions = None,
    drop_bad: DropBad = False,
    as_json: Json = False,
) -> None:
    """把日数据对照合同条款：哪天不达标、触发哪一级、可扣多少、何时通知，并起草通知。"""
    from reviewer.monitoring.fees import yuan_given
    from reviewer.monitoring.report import period_of, restricted
    from reviewer.monitoring.watching import Case
    from reviewer.monitoring.watching import monitor as watch
    from reviewer.shop.catalogue import load_calendar, load_catalogue
    from reviewer.terms.file import read_terms

    wanted = wanted_formats(formats)
    span = period_of(period) if period else None
    catalogue, calendar = load_catalogue(), load_calendar(promotions)
    terms = read_terms(terms_file, catalogue)
    today = today_of(as_of)
    history = read_data(
        data, given=column_map, mapping=mapping, today=today, drop_bad=drop_bad
    ).only(shop)
    case = Case(
        terms=terms,
        history=history,
        catalogue=catalogue,
        calendar=calendar,
        as_of=day_of(as_of) if as_of else min(today, history.last),
        monthly_fee=yuan_given(monthly_fee),
        notices=tuple(sorted(day_of(words) for words in notice or ())),
        where=where,
        recent=recent_of(
            baseline, terms, given=column_map, mapping=mapping, today=today, shop=shop
        ),
    )
    found = watch(case)
    shown = restricted(found, *span) if span else found
    if out:
        _write(out, terms_file.stem, shown, case, wanted, period)
    if as_json:
        print(shown.model_dump_json())
    else:
        _show(shown)


def wanted_formats(words: str) -> tuple[str, ...]:
    """Return the formats asked for."""
    wanted = tuple(part.strip() for part in words.split(",") if part.strip())
    unknown = [name for name in wanted if name not in FORMATS]
    if unknown:
        raise UsageError(f"不支持的格式 {'、'.join(unknown)}", remedy=f"可用：{'、'.join(FORMATS)}")
    return wanted


def recent_of(
    files: list[Path] | None,
    terms: Any,
    *,
    given: list[str] | None,
    mapping: Path | None,
    today: date,
    shop: str | None,
) -> dict[str, Decimal]:
    """Return the mean over the last months before the contract, by metric."""
    if not files:
        return {}
    from reviewer.monitoring.before import recent_means
    from reviewer.shop.catalogue import load_calendar, load_catalogue, load_ratios

    history = read_data(files, given=given, mapping=mapping, today=today, drop_bad=False).only(shop)
    return recent_means(history, terms, load_catalogue(), load_calendar(), load_ratios())


def _show(found: Any) -> None:
    from rich.console import Console

    from reviewer.cli.baseline import table
    from reviewer.monitoring.statements import total_words

    console = Console(width=None if sys.stdout.isatty() else 140)
    console.print(
        table(
            f"指标（{found.first} 至 {found.last}）",
            ["指标", "要求", "周期", "未达标天数", "未达标月数", "条款"],
            [
                [w.title, w.demanded, w.period, w.note or f"{w.days_missed}/{w.days}",
                 "" if w.note else f"{w.months_missed}/{w.months}", w.source.number]
                for w in found.watched
            ],
        )
    )  # fmt: skip
    console.print(
        table(
            "阶梯触发",
            ["日期", "级", "事由", "可以做什么", "期限", "条款"],
            [
                [str(e.on), e.step + ("（待办）" if e.pending else ""), e.what,
                 "；".join([*e.allows, *(line.formula for line in e.lines)]),
                 str(e.deadline or ""), e.source.number]
                for e in found.events
            ],
        )
    )  # fmt: skip
    rows = []
    for statement in found.statements:
        month = f"{statement.month:%Y-%m}" + ("" if statement.complete else "（未满月）")
        rows += [[month, line.what, line.formula, line.source.number] for line in statement.lines]
        if statement.lines:
            cap = f"（封顶：{statement.cap.formula}）" if statement.cap else ""
            rows.append([month, "合计", f"{total_words(statement)}{cap}", ""])
    console.print(table("扣减", ["月份", "项目", "算式", "条款"], rows))
    for a in found.ambiguities:
        console.print(f"? {a.question}", markup=False, highlight=False)
        console.print(f"    采用：{a.taken} → {a.taken_result}", markup=False, highlight=False)
        console.print(f"    另读：{a.other} → {a.other_result}", markup=False, highlight=False)
    for warning in found.warnings:
        console.print(f"! {warning}", markup=False, highlight=False)


def _write(
    out: Path, stem: str, found: Any, case: Any, wanted: tuple[str, ...], period: str | None
) -> None:
    from reviewer.knowledge.laws import load_laws
    from reviewer.monitoring.calendar import calendar_file
    from reviewer.monitoring.notices import drafts_of, notice_document
    from reviewer.monitoring.report import monitoring_page
    from reviewer.monitoring.workbook import monitoring_workbook
    from reviewer.pipeline import write_atomically

    drafts = drafts_of(found, load_laws())
    name = f"{stem}.{period}" if period else stem
    files: dict[str, bytes] = {}
    if "html" in wanted:
        page = monitoring_page(found, drafts, case.history, case.catalogue, case.calendar)
        files[f"{name}.monitor.html"] = page.encode()
    if "xlsx" in wanted:
        files[f"{name}.monitor.xlsx"] = monitoring_workbook(found)
    if "ics" in wanted:
        files[f"{name}.ics"] = calendar_file(found)
    if "json" in wanted:
        files[f"{name}.monitor.json"] = found.model_dump_json(indent=1).encode()
    if "docx" in wanted:
        files |= {f"{draft.name}.docx": notice_document(draft) for draft in drafts}
    for file, content in files.items():
        write_atomically(out / file, content)
        print(f"已写入 {out / file}", file=sys.stderr)
