"""`reviewer baseline`: the shop's own level from its exports."""

import json
import sys
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from reviewer.cli.shared import Json, app, day_of, settings_of

Map = Annotated[
    list[str] | None, typer.Option("--map", help="列名=指标[:单位]，可多次；ignore 表示不用该列")
]
Mapping = Annotated[Path | None, typer.Option(help="先前保存的列对应关系（YAML）")]
Shop = Annotated[str | None, typer.Option(help="文件含多家店铺时选哪一家")]
AsOf = Annotated[str | None, typer.Option(help="以这一天为今天，如 2026-07-01")]
DropBad = Annotated[bool, typer.Option("--drop-bad", help="把有误的单元格当作缺失")]
Promotions = Annotated[Path | None, typer.Option(help="自己的大促日文件")]


def today_of(words: str | None) -> date:
    """Return the day that counts as today."""
    return day_of(words) if words else date.today()  # noqa: DTZ011


def read_data(
    paths: list[Path],
    *,
    given: list[str] | None,
    mapping: Path | None,
    today: date,
    drop_bad: bool,
) -> Any:
    """Return what the exports say."""
    from reviewer.shop.catalogue import load_catalogue
    from reviewer.shop.columns import mapper_of
    from reviewer.shop.exports import read_shop

    mapper = mapper_of(load_catalogue(), given or (), mapping)
    return read_shop(paths, mapper, today=today, drop_bad=drop_bad)


@app.command()
def baseline(
    data: Annotated[list[Path], typer.Argument(help="店铺导出的客服数据：.csv 或 .xlsx，可多份")],
    out: Annotated[Path | None, typer.Option(help="结果文件夹：JSON 和图表")] = None,
    shop: Shop = None,
    months: Annotated[
        int | None, typer.Option(min=0, help="取最近几个月，0 为全部；默认 6")
    ] = None,
    min_days: Annotated[int | None, typer.Option(min=1, help="至少要有几天；默认 30")] = None,
    column_map: Map = None,
    mapping: Mapping = None,
    save_mapping: Annotated[
        Path | None, typer.Option(help="把列对应关系存成 YAML，核对后可用 --mapping 再用")
    ] = None,
    promotions: Promotions = None,
    as_of: AsOf = None,
    drop_bad: DropBad = False,
    lang: Annotated[str | None, typer.Option(help="语言：zh 或 en")] = None,
    as_json: Json = False,
) -> None:
    """从店铺导出的数据算出自己的基线：中位数、均值、趋势、大促与异常日。"""
    from reviewer.shop.baseline import baseline_of
    from reviewer.shop.catalogue import load_calendar, load_catalogue, load_ratios

    settings = settings_of(lang=lang)
    found = read_data(
        data, given=column_map, mapping=mapping, today=today_of(as_of), drop_bad=drop_bad
    )
    ratios = load_ratios()
    if min_days is not None:
        ratios = ratios.model_copy(update={"min_days": min_days})
    catalogue, calendar = load_catalogue(), load_calendar(promotions)
    chosen = [found.only(shop)] if shop else list(found.histories)
    made = [baseline_of(h, catalogue, calendar, ratios, months=months) for h in chosen]
    if save_mapping:
        _save_mapping(save_mapping, found)
    if out:
        _write(out, data[0].stem, chosen, made, settings.lang, calendar)
    for number, result in enumerate(made):
        if as_json:
            print(_json(result, found))
        else:
            _show(result, found, settings.lang, with_mapping=number == 0)


def _json(result: Any, found: Any) -> str:
    document = result.model_dump(mode="json")
    document["columns"] = [
        {"sheet": sheet.name, "letter": column.letter, **column.model_dump(mode="json")}
        for sheet in found.mapped
        for column in sheet.columns
    ]
    return json.dumps(document, ensure_ascii=False)


def _show(result: Any, found: Any, lang: str, *, with_mapping: bool) -> None:
    from rich.console import Console

    from reviewer.shop.catalogue import load_catalogue
    from reviewer.shop.words import level_heads, level_rows, mapping_rows, say, summary_lines

    console = Console(width=None if sys.stdout.isatty() else 140)
    catalogue = load_catalogue()
    if with_mapping:
        heads = [say(key, lang) for key in ("column", "header", "taken")]
        for sheet in found.mapped:
            console.print(table(sheet.name, heads, mapping_rows(sheet, catalogue, lang)))
    title = result.shop or "、".join(result.files)
    console.print(table(title, level_heads(result, lang), level_rows(result, catalogue, lang)))
    for line in summary_lines(result, found.mapped, lang):
        console.print(line, markup=False, highlight=False)


def table(title: str, heads: list[str], rows: list[list[str]]) -> Any:
    """Return a table of words for the terminal."""
    from rich.table import Table
    from rich.text import Text

    table = Table(title=Text(title))
    for head in heads:
        table.add_column(head, overflow="fold")
    for row in rows:
        table.add_row(*(Text(words) for words in row))
    return table


def _save_mapping(path: Path, found: Any) -> None:
    import yaml

    from reviewer.pipeline import write_atomically

    columns = {
        column.header: column.metric or "ignore"
        for sheet in found.mapped
        for column in sheet.columns
        if column.role in ("metric", "unknown", "ignored") and column.header
    }
    text = yaml.safe_dump({"columns": columns}, allow_unicode=True, sort_keys=False)
    write_atomically(path, text.encode())
    print(f"已写入 {path}", file=sys.stderr)


def _write(
    out: Path, stem: str, histories: list[Any], made: list[Any], lang: str, calendar: Any
) -> None:
    from reviewer.pipeline import write_atomically
    from reviewer.shop.catalogue import load_catalogue
    from reviewer.shop.chart import baseline_chart

    for history, result in zip(histories, made, strict=True):
        name = f"{stem}.{_safe(result.shop)}" if len(made) > 1 else stem
        chart = baseline_chart(history, result, load_catalogue(), calendar, lang)
        for suffix, data in (
            (".baseline.json", result.model_dump_json(indent=1).encode()),
            (".baseline.svg", chart.encode()),
        ):
            target = out / f"{name}{suffix}"
            write_atomically(target, data)
            print(f"已写入 {target}", file=sys.stderr)


def _safe(name: str) -> str:
    return "".join(c for c in name if c.isalnum() or c in "-_")[:40] or "shop"
