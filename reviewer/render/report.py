"""What every report says, worked out once: order, titles, coverage."""

from collections.abc import Sequence

from reviewer.contract import Contract
from reviewer.finding import Finding, Severity
from reviewer.playbook import Playbook
from reviewer.render.messages import Lang, say
from reviewer.review import Review

_RANK: dict[Severity, int] = {"high": 0, "medium": 1, "low": 2}
_STATUS = {"missing": 0, "hit": 0, "weak": 1, "clear": 2, "ok": 2}


def by_urgency(findings: Sequence[Finding]) -> list[Finding]:
    """Return the findings, the most urgent first."""
    return sorted(
        findings, key=lambda f: (_STATUS[f.status] == 2, _RANK[f.severity], _STATUS[f.status])
    )


def flagged(review: Review) -> list[Finding]:
    """Return what is to be done, most urgent first, observations last."""
    found = [f for f in review.findings if f.flagged and f.kind != "observation"]
    return by_urgency(found) + [f for f in review.findings if f.kind == "observation"]


def title_of(finding: Finding, playbook: Playbook | None, lang: Lang) -> str:
    """Return the finding's title in `lang`."""
    check = playbook.check(finding.check) if playbook and lang == "en" else None
    return check.title_en if check else finding.title


def reason_of(finding: Finding, playbook: Playbook | None, lang: Lang) -> str:
    """Return the finding's reason in `lang`; in English from the elements and the playbook."""
    check = playbook.check(finding.check) if playbook and lang == "en" else None
    if check is None:
        return finding.reason
    names = {e.id: e.title_en for e in check.elements}
    parts = []
    for status in ("met", "partial", "absent"):
        listed = [names.get(e.id, e.id) for e in finding.elements if e.status == status]
        if listed:
            parts.append(f"{say(status, lang)}: {', '.join(listed)}")
    return "; ".join(parts) + (". " if parts else "") + (check.why_en if finding.flagged else "")


def legibility_of(finding: Finding, lang: Lang) -> str:
    """Return how sure the recognition was of what a finding rests on; empty for a file with text."""
    if finding.recognition is None:
        return ""
    return say("recognised", lang, sure=f"{finding.recognition:.0%}")


def coverage_of(contract: Contract, lang: Lang) -> str:
    """Return what was read of the file, in one line."""
    coverage = contract.coverage
    if coverage.complete:
        return say("read_all", lang)
    unread = "、".join(f"{part.part}（{part.reason}）" for part in coverage.unread) or "—"
    return say("read_part", lang, share=f"{coverage.share:.0%}", unread=unread)


def score_of(review: Review, lang: Lang) -> str:
    """Return the score, or that there is none."""
    score = review.summary.score
    return say("no_score", lang) if score is None else f"{score}/100"


def numbers_of(finding: Finding, contract: Contract) -> str:
    """Return the displayed numbers of the clauses that the finding rests on."""
    clauses = (contract.clause(name) for name in finding.clauses)
    shown = [(c.number or c.heading or c.id).strip(" .、") for c in clauses if c]
    return "、".join(dict.fromkeys(shown[:4]))
