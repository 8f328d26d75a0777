"""`reviewer redline`: suggestions as tracked changes."""

import sys
from pathlib import Path
from typing import Annotated, Any, cast

import typer

from reviewer.cli.shared import Engine, app, read_review, settings_of
from reviewer.errors import UsageError


@app.command()
def redline(
    file: Annotated[Path, typer.Argument(help="合同文件")],
    review_file: Annotated[
        Path | None, typer.Option("--review", help="先前的审查结果 JSON")
    ] = None,
    accept: Annotated[str, typer.Option(help="采纳的编号，逗号分隔，或 all")] = "all",
    min_severity: Annotated[
        str, typer.Option(help="只写入不低于此风险的：high、medium、low")
    ] = "low",
    comments: Annotated[
        str, typer.Option(help="批注：internal 给自己，external 给对方，none 不写")
    ] = "internal",
    clean: Annotated[bool, typer.Option(help="写出接受修订后的干净文本")] = False,
    in_place: Annotated[bool, typer.Option(help="允许覆盖原文件（保留 .bak）")] = False,
    out: Annotated[Path | None, typer.Option(help="输出文件")] = None,
    engine: Engine = None,
) -> None:
    """把建议写成 Word 修订和批注。"""
    from reviewer.pipeline import Reviewer, redline_file, write_atomically

    for name, value, allowed in (
        ("--comments", comments, ("internal", "external", "none")),
        ("--min-severity", min_severity, ("high", "medium", "low")),
    ):
        if value not in allowed:
            raise UsageError(f"{name} 不能是 {value}", remedy=f"可用：{'、'.join(allowed)}")
    target = out or file.with_name(f"{file.stem}.redline.docx")
    if target.is_dir() or (out and not out.suffix):
        target = target / f"{file.stem}.redline.docx"
    if target.resolve() == file.resolve():
        if not in_place:
            raise UsageError(f"{target} 就是原文件", remedy="请换一个 --out，或加 --in-place")
        write_atomically(file.with_name(file.name + ".bak"), file.read_bytes())
    if review_file:
        result = read_review(review_file)
    else:
        result = Reviewer.of(settings_of(engine=engine)).review(file)
    chosen: Any = "all" if accept == "all" else [p.strip() for p in accept.split(",") if p.strip()]
    made = redline_file(
        result,
        file,
        accept=chosen,
        min_severity=cast(Any, min_severity),
        comments=cast(Any, comments),
        clean=clean,
    )
    write_atomically(target, made.data)
    print(f"已写入 {target}：{len(made.applied)} 处修改")
    for name, reason in made.refused:
        print(f"reviewer: {name} 未写成修订（{reason}）", file=sys.stderr)
