"""`reviewer redline`: suggestions as tracked changes, a clean copy, a letter, notes on a PDF."""

import sys
from pathlib import Path
from typing import Annotated, Any, cast

import typer

from reviewer.cli.shared import Engine, app, read_review, settings_of
from reviewer.errors import UsageError

_WORD = (".docx", ".docm", ".dotx", ".dotm")
_CHOICES = (
    ("comments", ("internal", "external", "none")),
    ("min_severity", ("high", "medium", "low")),
    ("format", ("docx", "pdf")),
    ("lang", ("zh", "en")),
)


@app.command()
def redline(
    file: Annotated[Path, typer.Argument(help="合同文件")],
    review_file: Annotated[
        Path | None, typer.Option("--review", help="先前的审查结果 JSON，建议文字可以先改好")
    ] = None,
    accept: Annotated[str, typer.Option(help="采纳的编号，逗号分隔，或 all")] = "all",
    min_severity: Annotated[
        str, typer.Option(help="只写入不低于此风险的：high、medium、low")
    ] = "low",
    comments: Annotated[
        str, typer.Option(help="批注：internal 给自己，external 给对方，none 不写")
    ] = "internal",
    clean: Annotated[bool, typer.Option("--clean", help="写出接受修订后的干净文本")] = False,
    letter: Annotated[bool, typer.Option("--letter", help="另写一封给对方的修改意见函")] = False,
    kind: Annotated[
        str, typer.Option("--format", help="docx 修订稿，或 pdf：在 PDF 原件上加批注")
    ] = "docx",
    in_place: Annotated[bool, typer.Option(help="允许覆盖原文件（保留 .bak）")] = False,
    out: Annotated[Path | None, typer.Option(help="输出文件")] = None,
    engine: Engine = None,
    lang: Annotated[str | None, typer.Option(help="批注语言：zh 或 en")] = None,
) -> None:
    """把建议写成 Word 修订和批注。"""
    from reviewer.pipeline import Reviewer, annotated_file, redline_file, write_atomically

    settings = settings_of(engine=engine, lang=lang)
    given = (comments, min_severity, kind, settings.lang)
    for (name, allowed), value in zip(_CHOICES, given, strict=True):
        if value not in allowed:
            option = f"--{name.replace('_', '-')}"
            raise UsageError(f"{option} 不能是 {value}", remedy=f"可用：{'、'.join(allowed)}")
    target = _target(file, out, clean=clean, kind=kind, in_place=in_place)
    result = read_review(review_file) if review_file else Reviewer.of(settings).review(file)
    chosen: Any = "all" if accept == "all" else [p.strip() for p in accept.split(",") if p.strip()]
    choice = {
        "accept": chosen,
        "min_severity": cast(Any, min_severity),
        "comments": cast(Any, comments),
        "lang": settings.lang,
    }
    if kind == "pdf":
        notes = annotated_file(result, file, **choice)
        write_atomically(target, notes.data)
        print(f"已写入 {target}：{len(notes.placed)} 处批注")
        _say(notes.unplaced, "没有标出原文", ())
    else:
        made = redline_file(result, file, clean=clean, **choice)
        if target.resolve() == file.resolve():
            write_atomically(_backup(file), file.read_bytes())
        write_atomically(target, made.data)
        print(f"已写入 {target}：{len(made.applied)} 处修改")
        _say(made.refused, "未写成修订", made.warnings)
    if letter:
        _write_letter(result, target, chosen, min_severity)


def _target(file: Path, out: Path | None, *, clean: bool, kind: str, in_place: bool) -> Path:
    suffix = file.suffix.lower() if file.suffix.lower() in _WORD else ".docx"
    name = f"{file.stem}.{'clean' if clean else 'redline'}{suffix}"
    if kind == "pdf":
        name = f"{file.stem}.annotated.pdf"
    if in_place and out is None:
        if file.suffix.lower() not in _WORD or kind == "pdf":
            raise UsageError("--in-place 只用于 Word 原件", remedy="请用 --out 指定输出文件")
        return file
    target = out or file.with_name(name)
    if target.is_dir() or (out and not out.suffix):
        target = target / name
    if target.resolve() == file.resolve() and not in_place:
        raise UsageError(f"{target} 就是原文件", remedy="请换一个 --out，或加 --in-place")
    return target


def _backup(file: Path) -> Path:
    """Return a name for the backup that no earlier backup has."""
    numbers = ("", *map(str, range(2, 1000)))
    names = (file.with_name(f"{file.name}.bak{number}") for number in numbers)
    return next(name for name in names if not name.exists())


def _say(refused: Any, what: str, warnings: tuple[str, ...]) -> None:
    for name, reason in refused:
        print(f"reviewer: {name} {what}（{reason}）", file=sys.stderr)
    for warning in warnings:
        print(f"reviewer: {warning}", file=sys.stderr)


def _write_letter(result: Any, target: Path, chosen: Any, min_severity: Any) -> None:
    from reviewer.pipeline import write_atomically
    from reviewer.redline import chosen_of
    from reviewer.render.letter import letter

    stem = target.name.rsplit(".", 1)[0]
    for ending in (".redline", ".clean", ".annotated"):
        stem = stem.removesuffix(ending)
    path = target.with_name(f"{stem}.letter.txt")
    words = letter(result, chosen_of(result, chosen, min_severity))
    write_atomically(path, words.encode())
    print(f"已写入 {path}")
