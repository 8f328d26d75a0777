"""`reviewer eval`: an engine measured on labelled contracts."""

import json
from pathlib import Path
from typing import Annotated

import typer

from reviewer.cli.shared import Engine, Json, app, counted, settings_of


@app.command("eval")
def evaluate(
    dataset: Annotated[Path, typer.Argument(help="含 contracts/ 和 labels/ 的文件夹")] = Path(
        "eval"
    ),
    engine: Engine = None,
    split: Annotated[
        str | None, typer.Option(help="只跑 splits.json 中的一部分：dev、fresh 或 test")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="结果文件夹")] = None,
    against: Annotated[Path | None, typer.Option(help="基线 JSON；低于它则退出码为 1")] = None,
    inspect: Annotated[Path | None, typer.Option(help="写成 Inspect 的日志（.json）")] = None,
    baselines: Annotated[bool, typer.Option(help="同时测量用作对照的三个引擎")] = True,
    loop: Annotated[bool, typer.Option(help="采纳全部建议后再审一遍（闭环）")] = True,
    as_json: Json = False,
) -> None:
    """在带标注的合同上测量引擎。"""
    from reviewer.evaluation.run import evaluate as run

    with counted("评测") as progress:
        report, good = run(
            dataset,
            settings_of(engine=engine or "rules"),
            split=split,
            out=out,
            against=against,
            inspect=inspect,
            baselines=baselines,
            loop=loop,
            on_progress=progress,
        )
    print(json.dumps(report.data, ensure_ascii=False) if as_json else report.text)
    if not good:
        raise typer.Exit(1)
