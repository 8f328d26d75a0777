"""`reviewer ask`: a question on one contract, answered from its text."""

from pathlib import Path
from typing import Annotated, Any

import typer

from reviewer.cli.shared import BaseUrl, Json, ModelName, NoMask, PresetName, app, settings_of


@app.command()
def ask(
    file: Annotated[Path, typer.Argument(help="合同文件")],
    question: Annotated[str, typer.Argument(help="问题，如：服务费什么时候付")],
    base_url: BaseUrl = None,
    model: ModelName = None,
    preset: PresetName = None,
    lang: Annotated[str | None, typer.Option(help="界面语言：zh 或 en")] = None,
    no_mask: NoMask = False,
    as_json: Json = False,
) -> None:
    """就一份合同提问：用原文和法条回答，没有约定就说没有（需要模型）。"""
    from reviewer import pipeline

    settings = settings_of(
        engine="llm",
        base_url=base_url,
        model=model,
        preset=preset,
        lang=lang,
        mask=False if no_mask else None,
    )
    contract = pipeline.read_contract(file, settings)
    answer = pipeline.ask(contract, question, settings)
    print(answer.model_dump_json() if as_json else "\n".join(_lines(answer, contract)))


def _lines(answer: Any, contract: Any) -> list[str]:
    lines = [answer.text]
    for evidence in (*(point.evidence for point in answer.points), *answer.nearest):
        clause = contract.clause_at(evidence.start)
        lines.append(
            f"  〔{(clause.number or clause.id) if clause else ''}〕“{' '.join(evidence.quote.split())}”"
        )
    lines += [f"  {c.law}{c.article}：{c.quote}" for c in answer.citations]
    return [*lines, *(f"  注意：{warning}" for warning in answer.warnings)]
