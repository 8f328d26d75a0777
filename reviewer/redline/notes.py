"""The text of a comment: for oneself with the negotiating position, or for the other side."""

from typing import Literal

from reviewer.finding import Finding

Comments = Literal["internal", "external", "none"]
Language = Literal["zh", "en"]

_WORDS: dict[str, tuple[str, str]] = {
    "ok": ("达标", "met"),
    "weak": ("薄弱", "weak"),
    "missing": ("缺失", "missing"),
    "hit": ("命中", "hit"),
    "clear": ("未命中", "clear"),
    "high": ("高", "high"),
    "medium": ("中", "medium"),
    "low": ("低", "low"),
    "head": ("【{title}】{status}，风险{severity}", "[{title}] {status}, risk {severity}"),
    "law": ("依据：《{law}》{article}：{quote}", "Law: 《{law}》{article}: {quote}"),
    "fallback": ("可让步：{text}", "Fallback: {text}"),
    "human": ("此项把握不足，请人工核对。", "Not certain; please have a person check this."),
    "asked": ("建议修改：{title}", "Proposed change: {title}"),
    "refused": ("（未直接修改：{reason}）", "(Not changed in the text: {reason})"),
    "wanted": ("建议：{text}", "Proposed wording: {text}"),
    "wanted_gone": ("建议删除：{text}", "Proposed deletion: {text}"),
    "shifted": (
        "插入后其后条款的自动编号顺延；正文中引用了{numbers}，请一并核对。",
        "Automatic numbers behind this move on by one; the text refers to {numbers}: please check.",
    ),
    "moved_up": (
        "删除后其后条款的自动编号前移；正文中引用了{numbers}，请一并核对。",
        "Automatic numbers behind this move up; the text refers to {numbers}: please check.",
    ),
    "dangling": (
        "正文其他地方引用了{numbers}，删除后请一并核对。",
        "The text refers to {numbers} elsewhere: please check after this deletion.",
    ),
}


def words(key: str, lang: Language, **values: str) -> str:
    """Return the words for `key`, its placeholders filled."""
    return _WORDS[key][0 if lang == "zh" else 1].format(**values)


def comment_of(finding: Finding, audience: Comments, lang: Language = "zh") -> str:
    """Return the comment on a suggestion.

    The one for the other side gives a neutral reason and the law, and no position of ours.
    """
    suggestion = finding.suggestion
    law = [
        words("law", lang, law=c.law, article=c.article, quote=c.quote)
        for c in finding.citations[:2]
    ]
    if audience == "external":
        letter = suggestion.letter if suggestion else None
        return "\n".join([letter or words("asked", lang, title=finding.title), *law])
    status, severity = words(finding.status, lang), words(finding.severity, lang)
    lines = [
        words("head", lang, title=finding.title, status=status, severity=severity),
        finding.reason,
        *law,
    ]
    if suggestion and suggestion.fallback:
        lines.append(words("fallback", lang, text=suggestion.fallback))
    if finding.needs_human:
        lines.append(words("human", lang))
    return "\n".join(lines)
