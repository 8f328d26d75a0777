"""The two panes as HTML: the contract with its evidence, and the findings as cards.

Everything from a contract is escaped; characters that nobody sees are shown as what they are.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup, escape

from reviewer.contract import Clause
from reviewer.finding import Finding
from reviewer.playbook import Playbook
from reviewer.render.messages import Lang, say
from reviewer.render.report import coverage_of, flagged, numbers_of, reason_of, score_of, title_of
from reviewer.review import Review
from reviewer.ui.store import Decision, Kept
from reviewer.ui.words import word

URGENT = 3
_UNSEEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]")
_ORDER = {"hit": 0, "missing": 0, "weak": 1, "ok": 2, "clear": 3}


class Pane(NamedTuple):
    """A clause as the left pane shows it."""

    id: str
    kind: str
    level: int
    heading: bool
    text: Markup
    inserts: tuple[Finding, ...]
    """Findings whose suggestion goes in behind this clause."""


def workbench(kept: Kept, visitor: str, playbook: Playbook, lang: Lang = "zh") -> str:
    """Return the panes for a review with its decisions.

    Args:
        kept: The review.
        visitor: Whose it is; goes back with every decision.
        playbook: For English titles.
        lang: Of titles and reasons.
    """
    review = kept.review
    shown_first = flagged(review)
    passed = [f for f in review.findings if not f.flagged]
    urgent = [f for f in shown_first if f.kind != "observation"][:URGENT]
    return (
        _environment()
        .get_template("workbench.html")
        .render(
            kept=kept,
            visitor=visitor,
            review=review,
            lang=lang,
            say=lambda key: say(key, lang),
            word=lambda key: word(key, lang),
            shown=shown,
            title=lambda f: title_of(f, playbook, lang),
            reason=lambda f: reason_of(f, playbook, lang),
            numbers=lambda f: numbers_of(f, review.contract),
            score=score_of(review, lang),
            coverage=coverage_of(review.contract, lang),
            panes=tuple(_panes(review)),
            findings=[*shown_first, *passed],
            urgent=urgent,
            decisions=kept.decisions,
            undecided=Decision(choice="reject"),
        )
    )


def shown(text: str) -> Markup:
    """Return `text` escaped, with invisible and bidirectional characters made visible."""
    out: list[Markup] = []
    at = 0
    for match in _UNSEEN.finditer(text):
        name = unicodedata.name(match[0], "?")
        out += [escape(text[at : match.start()])]
        out += [
            Markup('<span class="unseen" title="{}">U+{:04X}</span>').format(name, ord(match[0]))
        ]
        at = match.end()
    out.append(escape(text[at:]))
    return Markup("").join(out)


def _panes(review: Review) -> Iterable[Pane]:
    spans = [
        (passage.start, passage.end, finding.status, finding.id)
        for finding in review.findings
        for passage in finding.evidence
    ]
    inserts: dict[str, list[Finding]] = {}
    for finding in flagged(review):
        suggestion = finding.suggestion
        if suggestion and suggestion.original is None:
            inserts.setdefault(suggestion.anchor, []).append(finding)
    for clause in review.contract.clauses:
        yield Pane(
            id=clause.id,
            kind=clause.kind,
            level=clause.level,
            heading=bool(clause.heading) and len(clause.text.strip()) <= 40,
            text=_marked(clause, spans),
            inserts=tuple(inserts.get(clause.id, ())),
        )


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


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def asset(name: str) -> str:
    """Return the text of a style sheet or script."""
    return (Path(__file__).parent / "assets" / name).read_text(encoding="utf-8")
