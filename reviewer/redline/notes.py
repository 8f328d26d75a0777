"""The text of a comment: for oneself with the negotiating position, or for the other side."""

from typing import Literal

from reviewer.finding import Finding

STATUS = {"ok": "达标", "weak": "薄弱", "missing": "缺失", "hit": "命中", "clear": "未命中"}
SEVERITY = {"high": "高", "medium": "中", "low": "低"}


def comment_of(finding: Finding, audience: Literal["internal", "external", "none"]) -> str:
    """Return the comment on a suggestion, in Chinese."""
    suggestion = finding.suggestion
    if audience == "external":
        return (
            suggestion.letter if suggestion and suggestion.letter else f"建议修改：{finding.title}"
        )
    lines = [
        f"【{finding.title}】{STATUS[finding.status]}，风险{SEVERITY[finding.severity]}",
        finding.reason,
    ]
    for citation in finding.citations[:2]:
        lines.append(f"依据：《{citation.law}》{citation.article}：{citation.quote}")
    if suggestion and suggestion.fallback:
        lines.append(f"可让步：{suggestion.fallback}")
    if finding.needs_human:
        lines.append("此项把握不足，请人工核对。")
    return "\n".join(lines)
