"""What the engine tells the reader, in both languages."""

from typing import Literal

Lang = Literal["zh", "en"]

_WORDS: dict[str, tuple[str, str]] = {
    "agreement": (
        "模型与规则引擎各自独立判断，{asked} 项中一致 {agreed} 项（{share}）；采纳模型意见 {taken} 处，仍有分歧 {open} 处",
        "Model and rules engine judged on their own and agree on {agreed} of {asked} ({share}); "
        "{taken} of the model's views were taken, {open} stay disputed",
    ),
    "untrusted": (
        "模型 {model} 的意见不可靠（作答 {answered}，引文属实 {grounded}，与规则引擎已核实的内容相符 {found}，未见内容相符 {silent}），"
        "全部以规则引擎为准",
        "The views of {model} are not reliable (answered {answered}, quotes that exist {grounded}, agreement on what is there {found}, "
        "on what is not {silent}); the rules engine's result stands throughout",
    ),
    "fallback": (
        "{count} 项由规则引擎单独作答（{titles}）：{reason}",
        "{count} checks were answered by the rules engine alone ({titles}): {reason}",
    ),
    "unanswered": (
        "模型漏答 {count} 个编号，以规则引擎为准",
        "The model left {count} ids unanswered; the rules engine stands there",
    ),
    "invented": (
        "模型有 {count} 处引文不在合同中，已舍弃",
        "{count} quotes of the model do not stand in the contract and were dropped",
    ),
    "law": (
        "模型引用了所给范围以外的法条 {count} 条，已舍弃",
        "{count} articles that the model cited were not among those offered and were dropped",
    ),
    "unread": (
        "合同超出模型的上下文，以下条款未发送给模型处理某些审查项（规则引擎已全部审查）：{clauses}",
        "The contract exceeds the model's context; these clauses were not sent for some checks "
        "(the rules engine read them all): {clauses}",
    ),
    "unmasked": (
        "未替换个人信息和名称（--no-mask），合同原文已发送到 {host}",
        "Personal data and names were not masked (--no-mask); the text went to {host} as it is",
    ),
    "interrupted": (
        "已中断：模型尚未答完的部分以规则引擎为准",
        "Interrupted: where the model had not answered, the rules engine stands",
    ),
    "estimated": (
        "服务商没有返回用量，token 数按字数估算",
        "The endpoint reports no usage; tokens are estimated from the characters",
    ),
    "cached": (
        "{count} 个答案来自本机缓存，未发送",
        "{count} answers came from the cache on this machine; nothing was sent for them",
    ),
    "views": (
        "两种意见：{title}，规则引擎认为{rules}，模型认为{model}{why}",
        "Two views: {title}: rules engine {rules}, model {model}{why}",
    ),
    "no_quote": (
        "模型给出的引文不在合同中，请人工核对",
        "The model's quote is not in the contract",
    ),
    "taken": ("依据模型的意见，引文已核实", "On the model's view; the quote was verified"),
    "silent": ("合同中没有约定", "The contract says nothing about it"),
    "not_verified": (
        "模型的回答无法在合同原文中核实，请人工查看下列条款",
        "The model's answer could not be verified in the contract; please read the clauses below",
    ),
    "partly_read": (
        "已读到的部分没有约定；文件有未读的部分，不能断定合同没有约定",
        "What was read says nothing about it; a part was not read, so the contract still may",
    ),
    "see_quotes": ("见以下原文", "See the passages below"),
    "observation": ("清单之外的提示", "Beyond the check-list"),
    "met": ("已约定", "met"),
    "partial": ("约定不明", "partial"),
    "absent": ("未约定", "absent"),
    "hit": ("命中", "hit"),
    "clear": ("未命中", "clear"),
}


def message(name: str, lang: Lang, **values: object) -> str:
    """Return the text called `name` in `lang`, filled."""
    return _WORDS[name][lang == "en"].format(**values)
