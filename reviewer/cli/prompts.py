"""`reviewer prompts`: what a language model is told, and what exactly would be sent."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

import typer

from reviewer.cli.shared import (
    BaseUrl,
    Json,
    ModelName,
    NoMask,
    PresetName,
    app,
    contract_files,
    settings_of,
)

prompts_app = typer.Typer(help="提示词，以及将要发送的内容。", no_args_is_help=True)
app.add_typer(prompts_app, name="prompts")


@prompts_app.command("list")
def prompts_list(as_json: Json = False) -> None:
    """列出提示词。"""
    from reviewer.prompts import load_prompts

    for prompt in load_prompts().values():
        if as_json:
            shown = {"id": prompt.id, "version": prompt.version, "mark": prompt.mark}
            print(json.dumps({**shown, "purpose": prompt.purpose}, ensure_ascii=False))
        else:
            print(f"{prompt.id:<10}{prompt.mark:<12}{prompt.purpose}")


@prompts_app.command("show")
def prompts_show(
    what: Annotated[str, typer.Argument(help="提示词的名称，或一份合同文件")],
    base_url: BaseUrl = None,
    model: ModelName = None,
    preset: PresetName = None,
    side: Annotated[str | None, typer.Option(help="甲方是 client 商家还是 vendor 外包商")] = None,
    no_mask: NoMask = False,
    as_json: Json = False,
) -> None:
    """显示一个提示词；或一份合同将要发送的全部内容（不发送）。"""
    from reviewer.errors import UsageError
    from reviewer.prompts import load_prompts

    prompts = load_prompts()
    if what in prompts:
        prompt = prompts[what]
        print(prompt.model_dump_json() if as_json else prompt.text)
        return
    path = Path(what)
    if not path.exists():
        raise UsageError(
            f"没有名为 {what} 的提示词或文件", remedy=f"提示词有：{'、'.join(prompts)}"
        )
    settings = settings_of(
        engine="llm",
        base_url=base_url,
        model=model,
        preset=preset,
        side=side,
        mask=False if no_mask else None,
    )
    show_plans(contract_files([path]), settings, as_json=as_json)


def show_plans(paths: Iterable[Path], settings: Any, *, as_json: bool) -> None:
    """Print what a review of each file would send, and send nothing."""
    from reviewer.pipeline import planned

    for path in paths:
        plan = planned(path, settings)
        print(plan.model_dump_json() if as_json else "\n".join(_lines(plan)))


def _lines(plan: Any) -> Iterable[str]:
    total = sum(request.tokens for request in plan.requests)
    kinds = "、".join(f"{kind} {count}" for kind, count in plan.masked.items())
    yield f"# {plan.file}：将向 {plan.host}（模型 {plan.model}）发送 {len(plan.requests)} 次请求，约 {total} token；现在什么都没有发送"
    yield (
        f"# 已替换为代号：{kinds or '无'}" if plan.mask else "# 没有替换个人信息和名称（--no-mask）"
    )
    yield "# 另有至多 1 次复议；格式有误或引文不实时各追问 1 次；这些内容取决于回答，前缀与下面相同"
    for number, request in enumerate(plan.requests, 1):
        yield f"\n## 请求 {number}（约 {request.tokens} token）：{request.title}"
        if request.left_out:
            yield f"## 放不下而不发送的条款：{'、'.join(request.left_out)}"
        settings = {k: v for k, v in request.body.items() if k != "messages"}
        yield json.dumps(settings, ensure_ascii=False)
        for message in request.body["messages"]:
            yield f"--- {message['role']}\n{message['content']}"
