"""A negotiation letter: the accepted changes as a courteous list, without our fallbacks."""

from collections.abc import Iterable

from reviewer.finding import Finding, Severity
from reviewer.review import Review

_HEADS: tuple[tuple[Severity, str], ...] = (
    ("high", "一、必改"),
    ("medium", "二、建议"),
    ("low", "三、可让步"),
)


def letter(review: Review, findings: Iterable[Finding]) -> str:
    """Return the letter for e-mail or chat, in Chinese.

    It is the merchant's own: it neither speaks for a lawyer nor gives a legal opinion.

    Args:
        review: Names the contract and the parties.
        findings: The findings whose suggestion is asked for.
    """
    vendor = review.contract.party("vendor")
    asked = [f for f in findings if f.suggestion]
    lines = [
        f"{(vendor.name if vendor else '') or '贵司'}：",
        "",
        f"感谢发来《{review.contract.title}》。我们看过后有以下修改意见，具体文字已在修订稿中标出，请过目。",
    ]
    for severity, head in _HEADS:
        ranked = [f for f in asked if f.severity == severity]
        if not ranked:
            continue
        lines += ["", head]
        for number, finding in enumerate(ranked, 1):
            assert finding.suggestion is not None
            where = _where(review, finding)
            asked_for = finding.suggestion.letter or "请按修订稿调整。"
            lines.append(f"{number}. {where}{finding.title}：{asked_for}")
    lines += ["", "如有不同意见，欢迎逐条沟通。盼复。"]
    return "\n".join(lines) + "\n"


def _where(review: Review, finding: Finding) -> str:
    """Return the number of the clause that a change concerns; nothing for a new provision."""
    suggestion = finding.suggestion
    if suggestion is None or suggestion.original is None:
        return ""
    clause = review.contract.clause(suggestion.anchor)
    while clause is not None and not clause.number and clause.parent:
        clause = review.contract.clause(clause.parent)
    return f"（{clause.number}）" if clause is not None and clause.number else ""
