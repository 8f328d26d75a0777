"""`reviewer review`: contracts in, findings and reports out."""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from reviewer.cli.anchor import (
    BaselineFiles,
    BaselineMonths,
    ConversionRatio,
    FloorRatio,
    MinDays,
    anchor_of,
)
from reviewer.cli.baseline import AsOf, DropBad, Map, Mapping, Promotions, Shop
from reviewer.cli.compare import show_changes
from reviewer.cli.prompts import show_plans
from reviewer.cli.shared import (
    BaseUrl,
    Engine,
    Json,
    ModelName,
    NoMask,
    PresetName,
    app,
    progress_bar,
    settings_of,
)
from reviewer.errors import InputError, UsageError


@app.command()
def review(
    files: Annotated[list[Path], typer.Argument(help="合同文件或文件夹")],
    out: Annotated[Path | None, typer.Option(help="结果文件夹")] = None,
    engine: Engine = None,
    playbook: Annotated[str | None, typer.Option(help="审查手册的名称或文件夹")] = None,
    side: Annotated[
        str | None, typer.Option(help="最先出现的一方（甲方）是 client 商家还是 vendor 外包商")
    ] = None,
    formats: Annotated[
        str, typer.Option("--format", help="输出格式：json,md,html,docx,xlsx,pdf")
    ] = "json,html",
    lang: Annotated[str | None, typer.Option(help="报告语言：zh 或 en")] = None,
    corpus: Annotated[Path | None, typer.Option(help="自有条款文件夹，优先于内置范本")] = None,
    max_file_mb: Annotated[float | None, typer.Option(help="文件大小上限（MB）")] = None,
    base_url: BaseUrl = None,
    model: ModelName = None,
    preset: PresetName = None,
    budget: Annotated[int | None, typer.Option(help="一份合同最多用多少 token")] = None,
    no_mask: NoMask = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="只显示将要发送给模型的内容，什么都不发送")
    ] = False,
    changes: Annotated[
        bool, typer.Option("--changes", help="只审查文件里对方的修订，同 reviewer changes")
    ] = False,
    baseline: BaselineFiles = None,
    shop: Shop = None,
    column_map: Map = None,
    mapping: Mapping = None,
    baseline_months: BaselineMonths = None,
    min_days: MinDays = None,
    conversion_ratio: ConversionRatio = None,
    floor_ratio: FloorRatio = None,
    promotions: Promotions = None,
    as_of: AsOf = None,
    drop_bad: DropBad = False,
    jobs: Annotated[
        int | None,
        typer.Option(min=1, max=64, help="同时审查几份；文件夹很大时用，中断后重跑会接着做"),
    ] = None,
    as_json: Json = False,
) -> None:
    """审查合同：缺什么、哪里含糊、哪里是陷阱，依据哪条法律。"""
    # The process that reads files starts while this one loads the engine.
    from reviewer.sandbox import shared

    shared("reviewer.ingest.job").start()
    from reviewer.batch import Job, units
    from reviewer.batch.results import FORMATS
    from reviewer.batch.worker import Order

    wanted = tuple(part.strip() for part in formats.split(",") if part.strip())
    unknown = [name for name in wanted if name not in FORMATS]
    if unknown:
        raise UsageError(f"不支持的格式 {'、'.join(unknown)}", remedy=f"可用：{'、'.join(FORMATS)}")
    settings = settings_of(
        engine=engine,
        playbook=playbook,
        side=side,
        lang=lang,
        corpus=corpus,
        max_file_mb=max_file_mb,
        base_url=base_url,
        model=model,
        preset=preset,
        budget_tokens=budget,
        mask=False if no_mask else None,
    )
    todo = units(files, out)
    if dry_run:
        show_plans([path for unit in todo for path in unit.paths], settings, as_json=as_json)
        return
    if changes:
        show_changes(
            [path for unit in todo for path in unit.paths], settings, out, wanted, as_json=as_json
        )
        return
    anchor = anchor_of(
        baseline,
        shop=shop,
        given=column_map,
        mapping=mapping,
        months=baseline_months,
        min_days=min_days,
        conversion_ratio=conversion_ratio,
        floor_ratio=floor_ratio,
        promotions=promotions,
        as_of=as_of,
        drop_bad=drop_bad,
    )
    if jobs:
        settings = settings.model_copy(update={"ocr_threads": threads_each(jobs)})
    order = Order(settings, anchor, out, wanted, wants_json=as_json or not (jobs and out))
    _run(Job(todo, order, jobs), as_json=as_json)


def threads_each(jobs: int) -> int:
    """Return how many threads of recognition each of `jobs` processes may use."""
    import os

    return max(1, (os.cpu_count() or 1) // jobs)


def _run(job: Any, *, as_json: bool) -> None:
    """Run a batch and print what comes of it."""
    from reviewer.batch import run

    order = job.order
    with progress_bar(len(job.todo)) as advance:
        for outcome in run(job, on_skip=lambda row: advance()):
            advance()
            if outcome.row.error:
                if len(job.todo) == 1:
                    raise InputError(outcome.row.error, remedy="")
                print(f"reviewer: {outcome.row.file}: {outcome.row.error}", file=sys.stderr)
                continue
            for note in outcome.row.notes:
                print(f"reviewer: {outcome.row.file}: {note}", file=sys.stderr)
            for path in _written(outcome.unit, order):
                print(f"已写入 {path}", file=sys.stderr)
            _show(outcome, job, as_json=as_json)
    if job.resumed:
        print(f"接着上次中断的进度：跳过已完成的 {job.resumed} 份", file=sys.stderr)
    if order.out and len(job.todo) > 1:
        print(f"已写入 {order.out / 'summary.xlsx'} 与 summary.html", file=sys.stderr)
    if job.failed:
        raise typer.Exit(2)


def _written(unit: Any, order: Any) -> list[Path]:
    from reviewer.batch.results import fitting, targets

    chosen = fitting(unit.paths, order.formats)
    return targets(order.out, unit.name, chosen) if order.out else []


def _show(outcome: Any, job: Any, *, as_json: bool) -> None:
    row, settings = outcome.row, job.order.settings
    if as_json:
        print(outcome.review_json)
        return
    if not outcome.review_json:
        score = "—" if row.score is None else row.score
        counts = f"缺失 {len(row.missing)}  薄弱 {len(row.weak)}  命中 {len(row.hit)}"
        print(f"{row.name}  {score}/100  {counts}")
        return
    from rich.console import Console

    from reviewer.knowledge.playbooks import load_playbook
    from reviewer.render.terminal import table_of
    from reviewer.review import Review

    table = table_of(
        Review.model_validate_json(outcome.review_json),
        load_playbook(settings.playbook),
        settings.lang,
    )
    Console(width=None if sys.stdout.isatty() else 120).print(table)
