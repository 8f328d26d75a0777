"""`reviewer review`: contracts in, findings and reports out."""

import sys
from collections import Counter
from collections.abc import Callable
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
    contract_files,
    progress_bar,
    settings_of,
)
from reviewer.errors import ReviewerError, UsageError

FORMATS = ("json", "md", "html", "docx", "xlsx", "pdf")


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
    as_json: Json = False,
) -> None:
    """审查合同：缺什么、哪里含糊、哪里是陷阱，依据哪条法律。"""
    # The process that reads files starts while this one loads the engine.
    from reviewer.sandbox import shared

    shared("reviewer.ingest.job").start()
    from reviewer.pipeline import Reviewer, library_of

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
    todo = contract_files(files)
    if dry_run:
        show_plans(todo, settings, as_json=as_json)
        return
    if changes:
        show_changes(todo, settings, out, wanted, as_json=as_json)
        return
    names = _names(todo)
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
    reviewer = Reviewer.of(settings)
    failed = 0
    with progress_bar(len(todo)) as advance:
        for path in todo:
            try:
                result = reviewer.review(path)
                if anchor:
                    result = anchor.review(result, reviewer.playbook, library_of(settings))
            except ReviewerError as error:
                if len(todo) == 1:
                    raise
                print(f"reviewer: {path}: {error}", file=sys.stderr)
                failed += 1
                continue
            finally:
                advance()
            if out:
                _write(result, path, out / names[path], wanted, reviewer.playbook, settings.lang)
            _show(result, reviewer.playbook, settings.lang, as_json=as_json)
    if failed:
        raise typer.Exit(2)


def _show(result: Any, playbook: Any, lang: Any, *, as_json: bool) -> None:
    if as_json:
        print(result.model_dump_json())
        return
    from rich.console import Console

    from reviewer.render.terminal import table_of

    Console(width=None if sys.stdout.isatty() else 120).print(table_of(result, playbook, lang))


def _write(
    result: Any, path: Path, out: Path, wanted: tuple[str, ...], playbook: Any, lang: Any
) -> None:
    from reviewer.pipeline import annotated_file, write_atomically
    from reviewer.render.markdown import markdown
    from reviewer.render.webpage import webpage
    from reviewer.render.workbook import workbook

    makers: dict[str, Callable[[], tuple[str, bytes]]] = {
        "json": lambda: (".review.json", result.model_dump_json(indent=1).encode()),
        "md": lambda: (".md", markdown(result, playbook, lang).encode()),
        "html": lambda: (".html", webpage(result, playbook, lang).encode()),
        "xlsx": lambda: (".xlsx", workbook(result, playbook, lang)),
        "docx": lambda: (".redline.docx", _redline(result, path, lang)),
        "pdf": lambda: (".annotated.pdf", annotated_file(result, path, lang=lang).data),
    }
    for name in wanted:
        if name == "pdf" and path.suffix.lower() != ".pdf" and len(wanted) > 1:
            print(f"reviewer: {path} 不是 PDF，没有批注版", file=sys.stderr)
            continue
        suffix, data = makers[name]()
        target = out.with_name(out.name + suffix)
        write_atomically(target, data)
        print(f"已写入 {target}", file=sys.stderr)


def _redline(result: Any, path: Path, lang: Any) -> bytes:
    """Return the redline, and say what could not be written into it."""
    from reviewer.pipeline import redline_file

    made = redline_file(result, path, lang=lang)
    for name, reason in made.refused:
        print(f"reviewer: {name} 未写成修订（{reason}）", file=sys.stderr)
    for warning in made.warnings:
        print(f"reviewer: {warning}", file=sys.stderr)
    return made.data


def _names(paths: list[Path]) -> dict[Path, str]:
    """Return the name of each file's results: its stem, and its suffix too where stems collide."""
    stems = Counter(path.stem for path in paths)
    return {p: p.stem if stems[p.stem] == 1 else p.name.replace(".", "_") for p in paths}
