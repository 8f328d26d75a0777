"""`reviewer whatif` and `reviewer money`: before signing, in times and in yuan."""

import sys
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
    table,
    today_of,
)
from reviewer.cli.monitor import MonthlyFee, Where
from reviewer.cli.shared import Json, app, settings_of

Side = Annotated[
    str | None, typer.Option(help="最先出现的一方（甲方）是 client 商家还是 vendor 外包商")
]
Subject = Annotated[
    Path, typer.Argument(metavar="CONTRACT", help="合同文件，或 reviewer terms 写出的 .yaml")
]


def terms_in(path: Path, side: str | None) -> Any:
    """Return the terms in a terms file, or those of a contract."""
    from reviewer.shop.catalogue import load_catalogue
    from reviewer.terms.file import read_terms

    if path.suffix.lower() in (".yaml", ".yml"):
        return read_terms(path, load_catalogue())
    from reviewer.pipeline import read_contract
    from reviewer.terms.extract import terms_of

    return terms_of(read_contract(path, settings_of(side=side)), load_catalogue())


@app.command()
def whatif(
    contract: Subject,
    data: Annotated[list[Path], typer.Argument(help="过去的日数据：.csv 或 .xlsx，可多份")],
    months: Annotated[int, typer.Option(min=1, max=60, help="回放最近几个月")] = 12,
    monthly_fee: MonthlyFee = None,
    where: Where = None,
    out: Annotated[Path | None, typer.Option(help="结果文件夹：网页报告")] = None,
    side: Side = None,
    shop: Shop = None,
    column_map: Map = None,
    mapping: Mapping = None,
    promotions: Promotions = None,
    as_of: AsOf = None,
    drop_bad: DropBad = False,
    as_json: Json = False,
) -> None:
    """签约前回放：假如去年就按这份合同，每一级会触发几次，每月会扣多少。"""
    from reviewer.monitoring.fees import yuan_given
    from reviewer.monitoring.pages import whatif_page
    from reviewer.monitoring.whatif import what_if
    from reviewer.pipeline import write_atomically
    from reviewer.shop.catalogue import load_calendar, load_catalogue

    terms = terms_in(contract, side)
    history = read_data(
        data, given=column_map, mapping=mapping, today=today_of(as_of), drop_bad=drop_bad
    ).only(shop)
    catalogue, calendar = load_catalogue(), load_calendar(promotions)
    found = what_if(
        terms, history, catalogue, calendar,
        months=months, monthly_fee=yuan_given(monthly_fee), where=where,
    )  # fmt: skip
    if out:
        target = out / f"{contract.stem}.whatif.html"
        write_atomically(target, whatif_page(found, history, catalogue, calendar).encode())
        print(f"已写入 {target}", file=sys.stderr)
    if as_json:
        print(found.model_dump_json())
    else:
        _show(found)


def _show(found: Any) -> None:
    from rich.console import Console

    from reviewer.monitoring.fees import yuan

    console = Console(width=None if sys.stdout.isatty() else 140)
    rows = [
        [s.step, f"{s.source.number} {s.what}", str(s.times),
         "、".join(str(d) for d in s.days[:4]) + (" 等" if len(s.days) > 4 else "")]
        for s in found.steps
    ]  # fmt: skip
    title = f"每一级会触发几次（{found.first} 至 {found.last}）"
    console.print(table(title, ["级", "条款", "次数", "日期"], rows))
    sums = [
        [f"{m.month:%Y-%m}" + ("" if m.complete else "（未满月）"), str(m.missed),
         yuan(m.total) if m.total is not None else "金额待定"]
        for m in found.months
    ]  # fmt: skip
    sums.append(["合计", "", yuan(found.total) if found.total is not None else "金额待定"])
    console.print(table("每月会扣多少", ["月份", "不达标指标数", "扣减"], sums))
    for a in found.monitoring.ambiguities:
        console.print(f"? {a.question}", markup=False, highlight=False)
        console.print(f"    采用：{a.taken} → {a.taken_result}", markup=False, highlight=False)
        console.print(f"    另读：{a.other} → {a.other_result}", markup=False, highlight=False)
    for note in (*found.notes, *found.monitoring.warnings):
        console.print(f"! {note}", markup=False, highlight=False)


@app.command()
def money(
    contract: Subject,
    monthly_fee: MonthlyFee = None,
    orders: Annotated[int | None, typer.Option(min=0, help="每月订单数")] = None,
    order_value: Annotated[str | None, typer.Option(help="客单价（元）")] = None,
    out: Annotated[Path | None, typer.Option(help="结果文件夹：网页和表格")] = None,
    side: Side = None,
    as_json: Json = False,
) -> None:
    """这份合同的钱账：预付风险、离开的代价、双方违约金、逾期年利率、赔偿上限，逐项附条款和算式。"""
    from reviewer.monitoring.exposure import Inputs, exposure_of
    from reviewer.monitoring.fees import yuan_given
    from reviewer.monitoring.pages import money_page, money_workbook
    from reviewer.pipeline import write_atomically
    from reviewer.shop.catalogue import load_ratios

    inputs = Inputs(
        monthly_fee=yuan_given(monthly_fee),
        orders_per_month=orders,
        order_value=yuan_given(order_value),
    )
    found = exposure_of(terms_in(contract, side), inputs, load_ratios())
    if out:
        for suffix, content in (
            (".money.html", money_page(found).encode()),
            (".money.xlsx", money_workbook(found)),
        ):
            target = out / f"{contract.stem}{suffix}"
            write_atomically(target, content)
            print(f"已写入 {target}", file=sys.stderr)
    if as_json:
        print(found.model_dump_json())
    else:
        _show_money(found)


def _show_money(found: Any) -> None:
    from rich.console import Console

    from reviewer.monitoring.exposure import GROUPS

    console = Console(width=None if sys.stdout.isatty() else 140)
    for group, title in GROUPS.items():
        rows = [
            [f.what, f.shown, f.formula + (f"\n{f.note}" if f.note else ""),
             f.source.number if f.source else "输入与假设"]
            for f in found.figures
            if f.group == group
        ]  # fmt: skip
        if rows:
            console.print(table(title, ["项目", "金额", "算式", "条款"], rows))
    for warning in found.warnings:
        console.print(f"! {warning}", markup=False, highlight=False)
