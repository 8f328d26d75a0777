"""The report as Markdown."""

import re

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


def markdown(review: Review, playbook: Playbook | None = None, lang: Lang = "zh") -> str:
    """Return the report; contract text in it is escaped."""
    lines = [f"# {say('report', lang)}：{safe(review.contract.title)}", ""]
    lines += [f"- {say('score', lang)}：{score_of(review, lang)}"]
    lines += [f"- {say('coverage', lang)}：{coverage_of(review.contract, lang)}"]
    for party in review.contract.parties:
        side = say(party.side or "unknown_side", lang)
        lines.append(f"- {safe(party.role)}：{safe(party.name) or '—'}（{side}）")
    lines += [f"- ⚠ {safe(warning)}" for warning in review.warnings]
    lines += [
        "",
        f"> {say('made_by', lang, engine=review.engine.name)}。{say('no_advice', lang)}",
        "",
    ]
    found = flagged(review)
    if not found:
        lines.append(say("nothing", lang))
    for finding in found:
        lines += _finding(finding, review, playbook, lang)
    passed = [f for f in review.findings if not f.flagged]
    if passed:
        lines += [f"## {say('ok', lang)} / {say('clear', lang)}", ""]
        lines += [f"- {f.id} {title_of(f, playbook, lang)}：{say(f.status, lang)}" for f in passed]
    return "\n".join(lines) + "\n"


def _finding(finding: Finding, review: Review, playbook: Playbook | None, lang: Lang) -> list[str]:
    heading = f"## {finding.id} {title_of(finding, playbook, lang)} — {say(finding.status, lang)}"
    lines = [f"{heading}（{say('severity', lang)} {say(finding.severity, lang)}）", ""]
    where = numbers_of(finding, review.contract)
    if where:
        lines.append(f"**{say('where', lang)}** {safe(where)}")
    lines += ["", safe(reason_of(finding, playbook, lang)), ""]
    if legibility_of(finding, lang):
        lines += [f"*{legibility_of(finding, lang)}*", ""]
    if finding.needs_human:
        lines += [f"*{say('human', lang)}*", ""]
    for element in finding.elements:
        mark = {"met": "✅", "partial": "🟡", "absent": "❌"}[element.status]
        quote = f"：“{safe(element.quote)}”" if element.quote else ""
        lines.append(f"- {mark} {element.title}{'★' if element.core else ''}{quote}")
    lines += [f"> {safe(passage.quote)}" for passage in finding.evidence if not finding.elements]
    for citation in finding.citations:
        lines += [
            "",
            f"**{say('law', lang)}** 《{citation.law}》{citation.article}（{citation.effective_date}）：{citation.quote}",
        ]
    if finding.suggestion and finding.suggestion.text:
        lines += ["", f"**{say('suggestion', lang)}**", ""]
        lines += [f"> {safe(line)}" for line in finding.suggestion.text.split("\n")]
        if finding.suggestion.fallback:
            lines += ["", f"**{say('fallback', lang)}** {safe(finding.suggestion.fallback)}"]
    return [*lines, ""]


def safe(text: str) -> str:
    """Return contract text with Markdown and HTML made inert."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return re.sub(r"([\\`*_{}\[\]#|!~])", r"\\\1", text).replace("\n", " ")
