"""The report on a comparison as tables for the terminal."""

from collections.abc import Iterable, Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from reviewer.comparison import Comparison, Passage, Step, VendorEdit
from reviewer.playbook import Playbook
from reviewer.render.comparing.report import Report
from reviewer.render.messages import Lang

_COLOUR = {"refused": "red", "changed": "yellow", "open": "yellow", "taken": "green"}
_ADVICE = {"reject": "red", "negotiate": "yellow", "look": "yellow", "accept": "green"}
_LONGEST = 160
"""Characters of a passage that a table shows."""


def comparison_tables(
    comparison: Comparison, playbook: Playbook | None, lang: Lang
) -> RenderableType:
    """Return the report as tables for the terminal."""
    report = Report(comparison, playbook, lang)
    say = report.say
    parts: list[RenderableType] = []
    if comparison.same:
        parts.append(Text(say("nothing")))
    if comparison.mode == "answer" and report.silent:
        parts.append(_edit_table(report.silent_title, report.silent, report))
    if report.asked:
        parts.append(_asked_table(report))
    if report.tracked:
        parts.append(_edit_table(say("tracked"), report.tracked, report))
    if report.shifts:
        parts.append(_shift_table(report))
    counts = " · ".join(f"{say(key)} {number}" for key, number in report.counts)
    parts += [Text(counts), Text(f"{say('score')} {report.scores}")]
    if report.cosmetic:
        parts.append(Text(say("cosmetic", n=report.cosmetic)))
    parts += [Text(f"! {warning}", style="yellow") for warning in comparison.warnings]
    parts.append(Text(say("no_advice"), style="dim"))
    return Group(*parts)


def _asked_table(report: Report) -> Table:
    say = report.say
    table = Table(title=say("asked"), expand=True)
    for key, ratio in (("finding", 3), ("outcome", 2), ("asked_for", 6), ("now", 6)):
        table.add_column(say(key), ratio=ratio, overflow="fold")
    for change in report.asked:
        table.add_row(
            f"{change.id} {report.title(change.check, change.title)}",
            Text(report.outcome(change), style=_COLOUR[change.outcome]),
            _clipped(change.asked) or say("delete"),
            _quoted(change.now) or say("nowhere"),
        )
    return table


def _edit_table(title: str, edits: Sequence[VendorEdit], report: Report) -> Table:
    say = report.say
    table = Table(title=title, expand=True)
    for key, ratio in (("where", 2), ("words", 7), ("severity", 1), ("advice", 2), ("why", 6)):
        table.add_column(say(key), ratio=ratio, overflow="fold")
    for edit in edits:
        table.add_row(
            f"{edit.id} {report.where(edit)}",
            _struck(edit.steps),
            say(edit.severity),
            Text(say(edit.advice), style=_ADVICE[edit.advice]),
            report.reason(edit),
        )
    return table


def _shift_table(report: Report) -> Table:
    say = report.say
    table = Table(title=say("shifts"), expand=True)
    for key, ratio in (("finding", 4), ("severity", 1), ("old_file", 2), ("new_file", 2)):
        table.add_column(say(key), ratio=ratio)
    for one in report.shifts:
        effect = one.effect
        table.add_row(
            f"{say(one.shift)} {report.title(effect.check, effect.title)}",
            say(effect.severity),
            say(effect.before),
            say(effect.after),
        )
    return table


def _struck(steps: Iterable[Step]) -> Text:
    text = Text()
    for step in steps:
        if step.kind == "equal":
            text.append(_clipped(step.new))
            continue
        if step.old:
            text.append(f"[-{_clipped(step.old)}-]", style="red")
        if step.new:
            text.append(f"{{+{_clipped(step.new)}+}}", style="green")
    return text


def _quoted(passage: Passage | None) -> str:
    return _clipped(passage.quote) if passage else ""


def _clipped(words: str) -> str:
    return words if len(words) <= _LONGEST else f"{words[:_LONGEST]}…"
