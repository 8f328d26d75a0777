"""The report as one self-contained web page, with the evidence marked in the contract."""

from itertools import pairwise
from pathlib import Path

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup, escape

from reviewer.playbook import Playbook
from reviewer.render.messages import Lang, say
from reviewer.render.report import (
    coverage_of,
    flagged,
    legibility_of,
    numbers_of,
    reason_of,
    score_of,
    title_of,
)
from reviewer.review import Review


def webpage(review: Review, playbook: Playbook | None = None, lang: Lang = "zh") -> str:
    """Return the report as HTML; everything from the contract is escaped."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True
    )
    template = environment.get_template("report.html")
    return template.render(
        review=review,
        lang=lang,
        say=lambda key, **values: say(key, lang, **values),
        findings=flagged(review),
        passed=[f for f in review.findings if not f.flagged],
        title=lambda f: title_of(f, playbook, lang),
        reason=lambda f: reason_of(f, playbook, lang),
        legibility=lambda f: legibility_of(f, lang),
        numbers=lambda f: numbers_of(f, review.contract),
        score=score_of(review, lang),
        coverage=coverage_of(review.contract, lang),
        text=marked_text(review),
    )


def marked_text(review: Review) -> Markup:
    """Return the contract's text as HTML with the evidence of flagged findings marked."""
    text = review.contract.text
    spans: list[tuple[int, int, str, str]] = []
    for finding in review.findings:
        for passage in finding.evidence:
            spans.append((passage.start, passage.end, finding.status, finding.id))
    order = {"hit": 0, "missing": 0, "weak": 1, "ok": 2, "clear": 3}
    edges = sorted({0, len(text), *(s[0] for s in spans), *(s[1] for s in spans)})
    out: list[Markup] = []
    for start, end in pairwise(edges):
        covering = [s for s in spans if s[0] <= start and end <= s[1]]
        words = escape(text[start:end])
        if covering:
            best = min(covering, key=lambda s: order[s[2]])
            ids = " ".join(dict.fromkeys(s[3] for s in covering))
            out.append(
                Markup('<mark class="{}" data-findings="{}">{}</mark>').format(best[2], ids, words)
            )
        else:
            out.append(words)
    return Markup("").join(out)
