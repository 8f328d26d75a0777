"""The sentence that says why: what is agreed, what is vague, what is not there."""

from collections.abc import Mapping, Sequence

from reviewer.engine.assess import Assessment
from reviewer.finding import Status
from reviewer.playbook import Check


def protection_reason(
    check: Check, found: Mapping[str, Assessment], status: Status, *, unread: bool
) -> str:
    """Return the reason for a protection's status in Chinese.

    Args:
        check: The protection.
        found: What was found of each element.
        status: The status that follows.
        unread: Part of the file was not read, so nothing can be called missing for certain.
    """
    titles = {element.id: element for element in check.elements}
    parts: list[str] = []
    met = [titles[name].title for name, a in found.items() if a.status == "met"]
    vague = [
        f"{titles[name].title}（{a.note}）" if a.note else titles[name].title
        for name, a in found.items()
        if a.status == "partial"
    ]
    absent = [
        titles[name].title
        for name, a in found.items()
        if a.status == "absent" and titles[name].core
    ]
    if met:
        parts.append(f"已约定：{'、'.join(met)}")
    if vague:
        parts.append(f"约定不明：{'、'.join(vague)}")
    if absent:
        parts.append(f"未见核心要素：{'、'.join(absent)}")
    if status == "weak" and not vague and not absent:
        parts.append("核心要素齐全，但辅助要素不足")
    text = "；".join(parts) + "。" if parts else "合同中没有这一内容。"
    if unread:
        text += "但文件有部分内容未能读取，是否缺失须人工核对。"
    if status != "ok":
        text += check.why
    return text


def flag_reason(check: Check, status: Status, notes: Sequence[str]) -> str:
    """Return the reason for a red flag's or caution's status in Chinese."""
    if status == "clear":
        return "未发现此类约定。"
    said = "；".join(dict.fromkeys(notes))
    return f"{said}。{check.why}" if said else check.why
