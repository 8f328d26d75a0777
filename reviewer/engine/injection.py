"""Passages that speak to a reviewer or a language model instead of to the parties.

Contract text is data. Such passages are found before any model sees the text and are reported;
they can satisfy nothing.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from reviewer.contract import Contract
from reviewer.engine.statements import Statement
from reviewer.text import Span

LONGEST_SHOWN = 60
ZERO_WIDTH = "零宽或控制字符"
"""The kind that says nothing itself; the sentence around it still counts."""
_MACHINE = (
    r"(?:人工智能|AI(?![a-zA-Z])|大模型|语言模型|大语言模型|机器人审|智能审|审[查核阅校](?:系统|程序|工具|助手|软件|模型|机器人|引擎|插件|员|人员|者|器|Agent)|"
    r"自动(?:化)?审|ChatGPT|GPT|LLM|Claude|DeepSeek|通义|Kimi|智谱|豆包|文心|assistant|language model|reviewing system|contract reviewer|"
    r"AI (?:reviewer|model|system|assistant|agent))"
)
_TELLS: tuple[tuple[str, str], ...] = (
    (
        "对审查程序的指示",
        rf"{_MACHINE}[^。\n]{{0,60}}(?:请注意|务必|勿|无需提|不得标|不要标|不得提示|不要提示|视为已?(?:满足|达标|合格|通过)|判定|标注|标记|输出|忽略|只需回|跳过|直接给|一律(?:输出|判|视为|给)|报告中|均?(?:合格|达标))",
    ),
    (
        "对审查程序的指示",
        rf"(?:请|应|须|务必|致|告知|提示|要求)[^。\n]{{0,16}}{_MACHINE}[^。\n]{{0,40}}(?:不|勿|忽略|视为|判定|输出|标注|跳过|给出|通过|合格|达标|注意|按|将|无)",
    ),
    (
        "要求不提示风险",
        r"(?:请?勿|不要|不得|不必|无需|禁止|切勿|请不要|别)(?:再)?[^。，,\n]{0,8}(?:提示|指出|列出|报告|标注|标记|披露|输出|生成|给出|写出)[^。\n]{0,14}(?:风险|问题|红旗|缺陷|瑕疵|审查意见|修改建议|缺失|警告)",
    ),
    (
        "要求忽略指示",
        r"(?:忽略|无视|忘记|忘掉|放弃|丢弃|覆盖|推翻|绕过|不要理会|跳过)[^。\n]{0,16}(?:指令|指示|提示词|规则|要求|设定|prompt|约束|审查清单|检查项|系统消息|上文内容|对话)",
    ),
    (
        "要求忽略指示",
        r"(?i)\b(?:ignore|disregard|forget|override|bypass|skip)\b.{0,40}\b(?:instructions?|prompts?|rules?|guidelines?|messages?|checks?|above|previous|prior|playbook)\b",
    ),
    (
        "规定审查结论",
        r"(?:判定|判断|标记|标注|标为|输出|回答|回复|答复|打分|返回)(?:为|成|：|:)?(?:(?!不)[^。，,\n]){0,8}[“\"'「]?(?:无风险|没有风险|低风险|met\b|ok\b|clear\b|无问题|没有问题|全部(?:条款)?(?:达标|合格|通过)|[“\"'「](?:达标|合格|通过|无)|approved|compliant)",
    ),
    (
        "规定审查结论",
        r"(?:所有|全部|各项|每[一项]|一律|均应?)[^。，,\n]{0,12}(?:判定|标记|标注|视为|记为|评为|给)(?:为|成)?(?:(?!不)[^。，,\n]){0,6}(?:达标|无风险|低风险|满足|满分|met\b|ok\b|clear\b)",
    ),
    (
        "规定审查结论",
        r"(?i)\b(?:mark|rate|score|report|classify|label|answer|respond|output|return|consider|treat|say|state)\b.{0,50}\b(?:as\s+)?(?:compliant|met|ok|clear|safe|no risks?|no issues?|approved|passed|satisfied|low.risk|100)\b",
    ),
    (
        "规定审查结论",
        r"(?i)\b(?:do not|don't|never|must not)\b.{0,20}\b(?:flag|report|mention|list|warn|highlight|reveal|raise)\b",
    ),
    (
        "冒充系统消息",
        r"(?i)(?:<\s*/?\s*(?:system|assistant|user|contract|instructions?|clause|im_start|im_end)\b[^>\n]{0,20}>|<\|[a-z_]{2,20}\|>|\[/?INST\]|<<\s*/?SYS\s*>>|###\s*(?:system|instruction|assistant|指令|系统)|^\s*(?:system|assistant|developer)\s*[:：]|【?系统(?:提示|消息|指令|通知)(?:】|[：:])|【管理员|BEGIN SYSTEM|END OF (?:CONTRACT|DOCUMENT))",
    ),
    (
        "冒充系统消息",
        r"(?i)(?:you are (?:now )?(?:a|an|in)\b|act as\b|pretend (?:to be|that)|new (?:instructions?|task)\s*:|jailbreak|developer mode|DAN\b|你现在是|你的新任务|从现在起你|扮演|开发者模式|越狱|以上合同到此结束|合同正文(?:到此)?结束[，,。]?(?:以下|下面))",
    ),
    (
        "索取审查程序的内容",
        r"(?i)(?:(?:输出|打印|重复|泄露|显示|告诉我|复述)[^。\n]{0,12}(?:系统提示|提示词|prompt|密钥|api.?key|上述全部指令|初始指令)|\b(?:reveal|print|repeat|show|leak)\b.{0,30}\b(?:system prompt|prompt|api key|instructions)\b)",
    ),
    (
        "规定审查结论",
        r"(?:审[查核阅](?:结论|结果|意见|报告|工具|说明)|(?:检|审)查项)[^。\n]{0,24}(?:应|须|一律|统一|只能|视为|写|必须|请)[^。\n]{0,20}(?:达标|合格|通过|无|低|满足|满分|忽略)",
    ),
    (
        "规定审查结论",
        r"(?:风险(?:等级|级别|评级)|severity|confidence|status|needs_human)[^。\n]{0,10}(?:设为|设置为|调为|写为|=|：|:|改为|set to|降为|统一为)[^。\n]{0,4}(?:低|无|0|low|ok|met|false|clear|达标)",
    ),
    (
        "编码过的内容",
        r"(?:[A-Za-z0-9+/]{60,}={0,2})",
    ),
)
_PATTERNS = tuple((kind, re.compile(pattern, re.MULTILINE)) for kind, pattern in _TELLS)
_ZERO_WIDTH = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\U000e0000-\U000e007f]+")
_SENTENCE_END = "。！？!?；;\n"
_DRAFTING = re.compile(
    r"(?:甲|乙)方[^。\n]{0,20}(?:忽略|无视|不得报告)[^。\n]{0,12}(?:平台规则|甲方(?:的)?(?:指示|要求))"
)
"""A duty of a party that sounds alike: 乙方不得忽略甲方的要求."""


class Injection(NamedTuple):
    """A passage that addresses whoever reviews the contract."""

    span: Span
    kind: str


def injections(contract: Contract) -> tuple[Injection, ...]:
    """Return the passages of the text that address a reviewer or a model, in their order."""
    text = contract.text
    plain, origin = _visible(text)
    found: list[Injection] = []
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(plain):
            start, end = _sentence(plain, match.start(), match.end())
            if _DRAFTING.search(plain, start, end):
                continue
            found.append(Injection(Span(origin[start], origin[end - 1] + 1), kind))
    found += [
        Injection(Span(m.start(), m.end()), ZERO_WIDTH)
        for m in _ZERO_WIDTH.finditer(text)
        if m.start() > 0 or m[0] != "\ufeff"
    ]
    return _merged(found)


def without_injections(contract: Contract, found: Sequence[Statement]) -> tuple[Statement, ...]:
    """Return the statements that speak to the parties."""
    spans = [i.span for i in injections(contract) if i.kind != ZERO_WIDTH]
    return tuple(
        s
        for s in found
        if not any(2 * s.span.overlap(x) > s.span.end - s.span.start for x in spans)
        and not _TURNED.search(s.span.of(contract.text))
    )


_TURNED = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""Marks that turn the direction of writing: what a reader sees is not what stands there."""


def injection_warnings(contract: Contract, found: Sequence[Injection]) -> tuple[str, ...]:
    """Return one warning for each passage, and for text that a reader of the page does not see."""
    warnings = []
    for injection in found:
        words = " ".join(_visible(injection.span.of(contract.text))[0].split())
        shown = words if len(words) <= LONGEST_SHOWN else words[:LONGEST_SHOWN] + "…"
        clause = contract.clause_at(injection.span.start)
        where = f"（{clause.number or clause.id}）" if clause else ""
        what = f"：“{shown}”" if shown else ""
        warnings.append(
            f"合同中有写给审查程序的内容{where}，{injection.kind}{what}；已作普通文字处理，不影响结论"
        )
    for hidden in contract.hidden:
        words = " ".join(hidden.text.split())[:LONGEST_SHOWN]
        if any(pattern.search(hidden.text) for _, pattern in _PATTERNS):
            warnings.append(
                f"文件中有读者看不见的文字（{hidden.how}，{hidden.where}）写给审查程序：“{words}”；不影响结论"
            )
    return tuple(dict.fromkeys(warnings))


def _visible(text: str) -> tuple[str, list[int]]:
    """Return the text without zero-width characters, and where each character came from."""
    kept = [(c, at) for at, c in enumerate(text) if not _ZERO_WIDTH.fullmatch(c)]
    return "".join(c for c, _ in kept), [at for _, at in kept]


def _sentence(text: str, start: int, end: int) -> tuple[int, int]:
    while start > 0 and text[start - 1] not in _SENTENCE_END:
        start -= 1
    while end < len(text) and text[end - 1] not in _SENTENCE_END:
        end += 1
    while start < end - 1 and text[start].isspace():
        start += 1
    while end > start + 1 and text[end - 1].isspace():
        end -= 1
    return start, end


def _merged(found: list[Injection]) -> tuple[Injection, ...]:
    merged: list[Injection] = []
    for injection in sorted(found):
        last = merged[-1] if merged else None
        if last and injection.span.start < last.span.end:
            end = max(last.span.end, injection.span.end)
            merged[-1] = Injection(Span(last.span.start, end), last.kind)
        else:
            merged.append(injection)
    return tuple(merged)
