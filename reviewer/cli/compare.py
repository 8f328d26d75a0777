"""`reviewer compare` and `reviewer changes`: what the other side made of a contract."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, cast

import typer

from reviewer.cli.shared import (
    BaseUrl,
    Engine,
    Json,
    ModelName,
    NoMask,
    PresetName,
    app,
    read_review,
    settings_of,
)
from reviewer.errors import UsageError

FORMATS = ("json", "md", "html", "docx")
CHANGES_FORMATS = ("json", "md", "html")
Out = Annotated[Path | None, typer.Option(help="结果文件夹")]
Lang = Annotated[str | None, typer.Option(help="报告语言：zh 或 en")]
Side = Annotated[
    str | None, typer.Option(help="最先出现的一方（甲方）是 client 商家还是 vendor 外包商")
]
Author = Annotated[str | None, typer.Option(help="我方修订所用的作者名，默认为本程序的")]
Formats = Annotated[
    str, typer.Option("--format", help="输出格式：json,md,html；compare 另有 docx 差异修订稿")
]
PlaybookName = Annotated[str | None, typer.Option(help="审查手册的名称或文件夹")]


@app.command()
def compare(
    old: Annotated[Path, typer.Argument(help="我方发出的合同，或由它导出的修订稿")],
    new: Annotated[Path, typer.Argument(help="对方的回稿")],
    review_file: Annotated[
        Path | None, typer.Option("--review", help="先前的审查结果 JSON：当时提出了哪些要求")
    ] = None,
    accept: Annotated[
        str, typer.Option(help="当时提出的编号，逗号分隔，或 all；旧稿已有我方修订时不用")
    ] = "all",
    min_severity: Annotated[
        str, typer.Option(help="当时只提出了不低于此风险的：high、medium、low")
    ] = "low",
    author: Author = None,
    out: Out = None,
    formats: Formats = "json,html",
    lang: Lang = None,
    side: Side = None,
    playbook: PlaybookName = None,
    engine: Engine = None,
    base_url: BaseUrl = None,
    model: ModelName = None,
    preset: PresetName = None,
    no_mask: NoMask = False,
    as_json: Json = False,
) -> None:
    """比对对方的回稿：哪些要求被采纳、改写、拒绝，哪些文字被悄悄改动。"""
    from reviewer.compare import compare as compared
    from reviewer.pipeline import Reviewer
    from reviewer.redline import AUTHOR

    if min_severity not in ("high", "medium", "low"):
        raise UsageError(f"--min-severity 不能是 {min_severity}", remedy="可用：high、medium、low")
    wanted = _formats(formats)
    asked = read_review(review_file) if review_file else None
    settings = settings_of(
        engine=engine,
        playbook=playbook,
        side=side,
        lang=lang,
        base_url=base_url,
        model=model,
        preset=preset,
        mask=False if no_mask else None,
    )
    reviewer = Reviewer.of(settings)
    chosen: Any = "all" if accept == "all" else [p.strip() for p in accept.split(",") if p.strip()]
    result = compared(
        old,
        new,
        reviewer,
        review=asked,
        accept=chosen,
        min_severity=cast(Any, min_severity),
        author=author or AUTHOR,
        on_stage=_progress(),
    )
    name = f"{new.stem}.compare"
    _deliver(result, reviewer, settings.lang, out, name, wanted, old=old, as_json=as_json)


@app.command()
def changes(
    file: Annotated[Path, typer.Argument(help="带有对方修订的 .docx")],
    author: Author = None,
    out: Out = None,
    formats: Formats = "json,html",
    lang: Lang = None,
    side: Side = None,
    playbook: PlaybookName = None,
    engine: Engine = None,
    base_url: BaseUrl = None,
    model: ModelName = None,
    preset: PresetName = None,
    no_mask: NoMask = False,
    as_json: Json = False,
) -> None:
    """只审查对方的修订：每处改变了什么、对谁有利、是否接受。"""
    wanted = _formats(formats)
    settings = settings_of(
        engine=engine,
        playbook=playbook,
        side=side,
        lang=lang,
        base_url=base_url,
        model=model,
        preset=preset,
        mask=False if no_mask else None,
    )
    show_changes([file], settings, out, wanted, author=author, as_json=as_json)


def show_changes(
    files: list[Path],
    settings: Any,
    out: Path | None,
    wanted: tuple[str, ...],
    *,
    author: str | None = None,
    as_json: bool = False,
) -> None:
    """Review the pending changes in each file; print and write the results."""
    from reviewer.compare import review_changes
    from reviewer.pipeline import Reviewer
    from reviewer.redline import AUTHOR

    _known(wanted if out else (), CHANGES_FORMATS)
    reviewer = Reviewer.of(settings)
    for file in files:
        result = review_changes(file, reviewer, author=author or AUTHOR, on_stage=_progress())
        name = f"{file.stem}.changes"
        _deliver(result, reviewer, settings.lang, out, name, wanted, as_json=as_json)


def _formats(words: str) -> tuple[str, ...]:
    wanted = tuple(part.strip() for part in words.split(",") if part.strip())
    _known(wanted, FORMATS)
    return wanted


def _known(wanted: tuple[str, ...], known: tuple[str, ...]) -> None:
    unknown = [name for name in wanted if name not in known]
    if unknown:
        raise UsageError(f"不支持的格式 {'、'.join(unknown)}", remedy=f"可用：{'、'.join(known)}")


def _progress() -> Any:
    """Return what tells the stages on standard error, when that is a terminal."""
    if not sys.stderr.isatty():
        return None
    names = {"read": "读取", "align": "对照", "review": "审查"}
    return lambda stage: print(f"{names[stage]}…", file=sys.stderr)


def _deliver(
    result: Any,
    reviewer: Any,
    lang: Any,
    out: Path | None,
    name: str,
    wanted: tuple[str, ...],
    *,
    old: Path | None = None,
    as_json: bool,
) -> None:
    if out:
        _write(result, reviewer.playbook, lang, out / name, wanted, old)
    if as_json:
        print(result.model_dump_json())
        return
    from rich.console import Console

    from reviewer.render.comparing.table import comparison_tables

    Console(width=None if sys.stdout.isatty() else 120).print(
        comparison_tables(result, reviewer.playbook, lang)
    )


def _write(
    result: Any, playbook: Any, lang: Any, out: Path, wanted: tuple[str, ...], old: Path | None
) -> None:
    from reviewer.compare.marked import marked
    from reviewer.pipeline import write_atomically
    from reviewer.render.comparing.page import comparison_page
    from reviewer.render.comparing.text import comparison_markdown

    makers: dict[str, Callable[[], bytes]] = {
        "json": lambda: result.model_dump_json(indent=1).encode(),
        "md": lambda: comparison_markdown(result, playbook, lang).encode(),
        "html": lambda: comparison_page(result, playbook, lang).encode(),
        "docx": lambda: marked(old, result).data if old else b"",
    }
    for kind in wanted:
        target = out.with_name(f"{out.name}.{kind}")
        write_atomically(target, makers[kind]())
        print(f"已写入 {target}", file=sys.stderr)
