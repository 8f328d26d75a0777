"""The report on a comparison as Markdown."""

from collections.abc import Sequence

from reviewer.comparison import Comparison, Step, VendorEdit
from reviewer.playbook import Playbook
from reviewer.render.comparing.report import Report
from reviewer.render.markdown import safe
from reviewer.render.messages import Lang

_LONGEST = 160
"""Characters of a commented passage that are shown."""


def comparison_markdown(
    comparison: Comparison, playbook: Playbook | None = None, lang: Lang = "zh"
) -> str:
    """Return the report as Markdown; contract text in it is escaped."""
    report = Report(comparison, playbook, lang)
    say = report.say
    lines = [f"# {say(comparison.mode)}：{safe(comparison.answer.contract.title)}", ""]
    lines += [f"- {safe(report.files)}", f"- {say('score')}：{report.scores}"]
    lines.append("- " + " · ".join(f"{say(key)} {number}" for key, number in report.counts))
    lines += [f"- ⚠ {safe(warning)}" for warning in comparison.warnings]
    lines += ["", f"> {say('no_advice')}", ""]
    if comparison.same:
        lines += [say("nothing"), ""]
    lines += _silent_lines(report)
    lines += _asked_lines(report)
    if report.tracked:
        lines += [f"## {say('tracked')}", ""]
        lines += [line for edit in report.tracked for line in _edit_lines(edit, report)]
    lines += _shift_lines(report)
    if comparison.renumbered:
        lines += [f"## {say('renumbered')}", ""]
        lines += [
            f"- {safe(one.old)} → {safe(one.new)} {safe(one.heading or '')}"
            for one in comparison.renumbered
        ]
        lines.append("")
    theirs = [remark for remark in comparison.remarks if not remark.ours]
    if theirs:
        lines += [f"## {say('remarks')}", ""]
        for remark in theirs:
            quote = (
                f"“{safe(remark.passage.quote[:_LONGEST])}” "
                if remark.passage and remark.passage.quote
                else ""
            )
            lines.append(f"- {quote}**{safe(remark.author)}** {safe(remark.text)}")
        lines.append("")
    return "\n".join(lines)


def _silent_lines(report: Report) -> list[str]:
    if report.comparison.mode == "changes":
        return []
    if not report.silent:
        return [report.say("no_silent"), ""] if report.comparison.traceable else []
    told = report.say("red_flag" if report.comparison.traceable else "no_format")
    lines = [f"## {report.silent_title}", "", told, ""]
    lines += [line for edit in report.silent for line in _edit_lines(edit, report)]
    return lines


def _asked_lines(report: Report) -> list[str]:
    say = report.say
    if not report.comparison.asked:
        return []
    lines = [f"## {say('asked')}", ""]
    for change in report.asked:
        title = report.title(change.check, change.title)
        lines += [f"### {change.id} {safe(title)} — {report.outcome(change)}", ""]
        lines += [f"{safe(report.answered(change))}。{report.moved(change)}", ""]
        if change.old:
            lines.append(f"- {say('old')}：{safe(change.old.quote)}")
        if change.asked:
            lines.append(f"- {say('asked_for')}：{safe(change.asked)}")
        lines.append(f"- {say('now')}：{safe(change.now.quote) if change.now else say('nowhere')}")
        lines.append("")
    if report.taken:
        names = "、".join(safe(report.title(a.check, a.title)) for a in report.taken)
        lines += [f"{say('taken_list', n=len(report.taken))}：{names}", ""]
    return lines


def _edit_lines(edit: VendorEdit, report: Report) -> list[str]:
    say = report.say
    head = " · ".join(
        part
        for part in (
            f"{edit.id} {say(edit.kind)}",
            safe(report.where(edit)),
            safe(report.who(edit)),
            f"{say('severity')} {say(edit.severity)}",
            report.side(edit),
        )
        if part
    )
    lines = [f"### {head}", "", _marked_down(edit.steps), ""]
    lines.append(f"- **{say(edit.advice)}** {safe(report.reason(edit))}")
    if edit.signals:
        lines.append(f"- {say('signals')}：{report.signals(edit)}")
    if edit.asked:
        lines.append(f"- {say('undoes', ids='、'.join(edit.asked))}")
    lines += [f"- {safe(remark.author)}：{safe(remark.text)}" for remark in edit.remarks]
    return [*lines, ""]


def _marked_down(steps: Sequence[Step]) -> str:
    out = []
    for step in steps:
        if step.kind == "equal":
            out.append(safe(step.new))
            continue
        out += [f"~~{safe(step.old)}~~"] if step.old.strip() else []
        out += [f"**{safe(step.new)}**"] if step.new.strip() else []
    return "".join(out)


def _shift_lines(report: Report) -> list[str]:
    say = report.say
    if not (report.shifts or report.unmoved):
        return []
    lines = [f"## {say('shifts')}", ""]
    for one in report.shifts:
        effect = one.effect
        title = safe(report.title(effect.check, effect.title))
        lines.append(
            f"- **{say(one.shift)}** {title}：{say(effect.before)} → {say(effect.after)}"
            f"（{say('severity')} {say(effect.severity)}）"
        )
    if report.unmoved:
        lines.append(f"- {say('unmoved', n=report.unmoved)}")
    return [*lines, ""]
