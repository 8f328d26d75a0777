"""`reviewer model`: is the configured language model of use?"""

import json
from typing import Annotated, Any

import typer

from reviewer.cli.shared import BaseUrl, Json, ModelName, PresetName, app, settings_of

model_app = typer.Typer(help="语言模型：检查和预设。", no_args_is_help=True)
app.add_typer(model_app, name="model")

COMFORTABLE = 16_000
"""Tokens; with less the clauses of a usual contract do not all go into one request."""


@model_app.command("check")
def model_check(
    base_url: BaseUrl = None,
    model: ModelName = None,
    preset: PresetName = None,
    timeout_s: Annotated[float | None, typer.Option("--timeout", help="最多等待的秒数")] = None,
    as_json: Json = False,
) -> None:
    """向所配置的模型发一个很短的问题（不含合同内容），说明什么可用。"""
    from reviewer.chat.check import checked
    from reviewer.chat.openai_compatible import chat_from

    settings = settings_of(base_url=base_url, model=model, preset=preset, timeout_s=timeout_s)
    found = checked(chat_from(settings), settings)
    print(found.model_dump_json() if as_json else "\n".join(_lines(found)))


def _lines(found: Any) -> list[str]:
    ways = {
        "json_schema": "严格 JSON Schema",
        "tools": "函数调用",
        "json_object": "JSON 模式",
        "text": "从文字中提取",
    }
    lines = [
        f"服务        {found.host}，可用，{found.latency_s:.1f} 秒答完",
        f"模型        {found.model}"
        + ("" if found.listed is not False else "（不在服务的模型列表中，但有回答）"),
        f"结构化输出  {ways[found.mode]}"
        + ("" if found.well_formed else "；但答案不合格式，审查质量会受影响"),
    ]
    for refusal in found.refused:
        lines.append(f"            不支持{ways[refusal.mode]}：{refusal.reason[:80]}")
    lines.append(f"上下文      {_context(found)}")
    lines.append("用量        " + ("服务返回" if found.counts_tokens else "服务不返回，按字数估算"))
    lines.append(f"价格        {_price(found.price)}")
    return lines


def _context(found: Any) -> str:
    if found.context is None:
        return "未知；超长时会自动分段，也可设 REVIEWER_CONTEXT_TOKENS"
    source = "设置" if found.context_from == "set" else "服务所称"
    short = "；放不下整份合同时只发送有关条款" if found.context < COMFORTABLE else ""
    return f"{found.context} token（{source}）{short}"


def _price(price: Any) -> str:
    if price is None:
        return "价格表中没有，不计算费用"
    return (
        f"每百万 token 输入 {price.input}、缓存命中 {price.cached}、输出 {price.output} {price.currency}"
        f"（{price.as_of} 核对）"
    )


@model_app.command("list")
def model_list(as_json: Json = False) -> None:
    """列出预设的服务商。"""
    from reviewer.chat.presets import load_presets

    for preset in load_presets():
        if as_json:
            print(json.dumps(preset.model_dump(), ensure_ascii=False))
        else:
            key = "需要密钥" if preset.key else "无需密钥"
            model = preset.model or "用 --model 指定"
            print(f"{preset.id:<12}{preset.title}  {preset.base_url}  {model}  {key}")
