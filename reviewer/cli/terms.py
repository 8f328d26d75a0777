"""`reviewer terms`: what must be watched after signing, as data."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from reviewer.cli.shared import Json, app, settings_of


@app.command()
def terms(
    contract: Annotated[Path, typer.Argument(help="合同文件")],
    out: Annotated[Path | None, typer.Option(help="写到这个 .yaml 文件")] = None,
    side: Annotated[
        str | None, typer.Option(help="最先出现的一方（甲方）是 client 商家还是 vendor 外包商")
    ] = None,
    as_json: Json = False,
) -> None:
    """从合同摘出签后要盯的条款：指标、扣减、阶梯、付款、期限，每条带条号和原文。"""
    from reviewer.pipeline import read_contract, write_atomically
    from reviewer.shop.catalogue import load_catalogue
    from reviewer.terms.extract import terms_of
    from reviewer.terms.file import terms_yaml

    found = terms_of(read_contract(contract, settings_of(side=side)), load_catalogue())
    text = terms_yaml(found)
    if out:
        write_atomically(out, text.encode())
        print(f"已写入 {out}", file=sys.stderr)
    if as_json:
        print(found.model_dump_json())
    elif not out:
        print(text, end="")
    asked = [t for group in (found.targets, found.deductions, found.steps) for t in group]
    doubtful = sum(1 for term in asked if term.question)
    print(
        f"摘出指标 {len(found.targets)} 项、扣减 {len(found.deductions)} 条、阶梯 {len(found.steps)} 级，"
        f"其中 {doubtful} 处合同没有写清；请核对后把 confirmed 改成 true",
        file=sys.stderr,
    )
