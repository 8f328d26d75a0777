"""The table on the terminal."""

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from reviewer.finding import Finding
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

_COLOUR = {"missing": "red", "hit": "red", "weak": "yellow"}


def table_of(review: Review, playbook: Playbook | None, lang: Lang) -> RenderableType:
    """Return the findings to be dealt with as a table, with a summary below."""
    table = Table(title=f"{review.contract.title} · {score_of(review, lang)}", expand=True)
    for key, ratio in (("finding", 3), ("status", 1), ("severity", 1), ("where", 2), ("reason", 8)):
        table.add_column(say(key, lang), ratio=ratio, overflow="fold")
    for finding in flagged(review):
        table.add_row(
            f"{finding.id} {title_of(finding, playbook, lang)}",
            Text(say(finding.status, lang), style=_COLOUR.get(finding.status, "")),
            say(finding.severity, lang),
            numbers_of(finding, review.contract),
            _reason(finding, playbook, lang),
        )
    numbers = review.summary
    counts = " · ".join(
        f"{say(key, lang)} {getattr(numbers, key)}"
        for key in ("ok", "weak", "missing", "hit", "clear")
    )
    lines = [counts, f"{say('coverage', lang)}：{coverage_of(review.contract, lang)}"]
    lines += [f"! {warning}" for warning in review.warnings]
    lines.append(f"{say('made_by', lang, engine=review.engine.name)}。{say('no_advice', lang)}")
    return Group(table, *(Text(line) for line in lines))


def _reason(finding: Finding, playbook: Playbook | None, lang: Lang) -> str:
    parts = (reason_of(finding, playbook, lang), legibility_of(finding, lang))
    return "\n".join(part for part in parts if part)
