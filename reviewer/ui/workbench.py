"""The two panes as HTML: the contract with its evidence, and the findings as cards.

Everything from a contract is escaped; characters that nobody sees are shown as what they are.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from markupsafe import Markup

from reviewer.contract import Clause
from reviewer.finding import Finding
from reviewer.pipeline import LONGEST_QUESTION
from reviewer.playbook import Playbook
from reviewer.render.messages import Lang, say
from reviewer.render.report import coverage_of, flagged, numbers_of, reason_of, title_of
from reviewer.review import Review
from reviewer.ui.asking import SUGGESTED, answer_card
from reviewer.ui.pages import render, shown
from reviewer.ui.store import Entry, Kept
from reviewer.ui.words import word

URGENT = 3
TONES = ("missing", "weak", "risk", "caution", "observation", "ok")
_ORDER = {"risk": 0, "caution": 1, "weak": 2, "observation": 3, "missing": 4, "ok": 5}
_HEADING_LENGTH = 40
_NAV_LENGTH = 22


class Pane(NamedTuple):
    """A clause as the left pane shows it."""

    id: str
    start: int
    kind: str
    level: int
    heading: bool
    text: Markup
    page: int | None
    """The page that begins in it."""
    inserts: tuple[Finding, ...]
    """Findings whose suggestion goes in behind this clause."""


def tone(finding: Finding) -> str:
    """Return the group by which a finding is coloured and filtered."""
    if finding.kind == "observation":
        return "observation"
    if finding.status == "hit":
        return "risk" if finding.kind == "red_flag" else "caution"
    return finding.status if finding.flagged else "ok"


def label(finding: Finding, lang: Lang) -> str:
    """Return the word on a finding's badge."""
    group = tone(finding)
    return say(finding.status, lang) if group == "ok" else word(f"tone_{group}", lang)


def workbench(
    kept: Kept,
    playbook: Playbook,
    lang: Lang = "zh",
    problems: Iterable[str] = (),
    others: Sequence[Entry] = (),
    host: str = "",
) -> str:
    """Return the panes for a review with its decisions.

    Args:
        kept: The review.
        playbook: For English titles.
        lang: Of titles and reasons.
        problems: What went wrong with files given together with this one.
        others: Reviews to switch to.
        host: Where a model listens; empty without one, and then nothing can be asked.
    """
    review = kept.review
    todo = flagged(review)
    findings = [*todo, *(f for f in review.findings if not f.flagged)]
    names = {e.id: e.title_en for c in playbook.checks for e in c.elements} if lang == "en" else {}
    return render(
        "workbench.html",
        lang,
        kept=kept,
        review=review,
        contract=review.contract,
        title=lambda f: title_of(f, playbook, lang),
        reason=lambda f: reason_of(f, playbook, lang),
        element=lambda e: names.get(e.id) or e.title,
        numbers=lambda f: numbers_of(f, review.contract),
        place=lambda f: _place(f, review, lang),
        tone=tone,
        label=lambda f: label(f, lang),
        coverage=coverage_of(review.contract, lang),
        panes=tuple(_panes(review)),
        nav=tuple(_nav(review)),
        findings=findings,
        counts={name: sum(tone(f) == name for f in findings) for name in TONES},
        todo=sum(f.flagged and f.kind != "observation" for f in findings),
        urgent=[f for f in todo if f.kind != "observation"][:URGENT],
        decisions=kept.decisions,
        problems=tuple(problems),
        others=others,
        host=host,
        answers=[answer_card(answer, review.contract, lang) for answer in kept.answers],
        suggested=SUGGESTED,
        longest=LONGEST_QUESTION,
    )


def _place(finding: Finding, review: Review, lang: Lang) -> str:
    """Return what a suggestion does, and where: 在第五条之后加入."""
    suggestion = finding.suggestion
    if suggestion is None:
        return ""
    clause = review.contract.clause(suggestion.anchor)
    where = (clause.number or clause.heading or "") if clause else ""
    where = where.strip(" .、\n")[:_NAV_LENGTH] or word("here", lang)
    return word(f"do_{suggestion.action}", lang, where=where)


def _nav(review: Review) -> Iterable[tuple[str, str]]:
    """Yield id and words of the clauses one would jump to."""
    for clause in review.contract.clauses:
        if (
            clause.level == 0
            and clause.kind in ("body", "annex")
            and (clause.number or clause.heading)
        ):
            words = (clause.text.strip().splitlines() or [""])[0]
            yield clause.id, words[:_NAV_LENGTH] + ("…" if len(words) > _NAV_LENGTH else "")


def _panes(review: Review) -> Iterable[Pane]:
    spans = [
        (passage.start, passage.end, tone(finding), finding.id)
        for finding in review.findings
        for passage in finding.evidence
    ]
    spans.sort()
    inserts: dict[str, list[Finding]] = {}
    for finding in flagged(review):
        suggestion = finding.suggestion
        if suggestion and suggestion.original is None:
            inserts.setdefault(suggestion.anchor, []).append(finding)
    for clause in review.contract.clauses:
        page = next(
            (p.page for p in review.contract.pages if clause.start <= p.start < clause.end), None
        )
        yield Pane(
            id=clause.id,
            start=clause.start,
            kind=clause.kind,
            level=clause.level,
            heading=bool(clause.heading) and _is_line(clause.text.strip()),
            text=_marked(clause, spans),
            page=page,
            inserts=tuple(inserts.get(clause.id, ())),
        )


def _is_line(text: str) -> bool:
    """Return whether a heading stands alone; a sentence that opens a clause is no heading."""
    return len(text) <= _HEADING_LENGTH and not text.endswith(("。", "；", "."))


def _marked(clause: Clause, spans: Sequence[tuple[int, int, str, str]]) -> Markup:
    inside = [s for s in spans if s[0] < clause.end and s[1] > clause.start]
    edges = {clause.start, clause.end}
    for start, end, _, _ in inside:
        edges |= {max(start, clause.start), min(end, clause.end)}
    out: list[Markup] = []
    for start, end in pairwise(sorted(edges)):
        words = shown(clause.text[start - clause.start : end - clause.start])
        covering = [s for s in inside if s[0] <= start and end <= s[1]]
        if covering:
            best = min(covering, key=lambda s: _ORDER[s[2]])
            ids = " ".join(dict.fromkeys(s[3] for s in covering))
            out.append(
                Markup('<mark class="{}" data-findings="{}" tabindex="0">{}</mark>').format(
                    best[2], ids, words
                )
            )
        else:
            out.append(words)
    return Markup("").join(out)
