"""The report on a comparison as a web page, and as a part of one."""

from collections.abc import Callable, Iterable
from pathlib import Path

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup, escape

from reviewer.comparison import Comparison, Step
from reviewer.playbook import Playbook
from reviewer.render.comparing.report import Report
from reviewer.render.messages import Lang

Show = Callable[[str], Markup]
"""Makes words from a contract safe to show."""


def comparison_fragment(
    comparison: Comparison, playbook: Playbook | None = None, lang: Lang = "zh", show: Show = escape
) -> Markup:
    """Return the report as HTML to be put into a page; everything from a contract is escaped."""
    return Markup(_filled("comparison_body.html", comparison, playbook, lang, show))


def comparison_style() -> str:
    """Return the style of the fragment; the page around it sets the colours."""
    path = Path(__file__).parents[1] / "templates" / "comparison.css"
    return path.read_text(encoding="utf-8")


def comparison_page(
    comparison: Comparison, playbook: Playbook | None = None, lang: Lang = "zh"
) -> str:
    """Return the report as one self-contained web page."""
    return _filled("comparison.html", comparison, playbook, lang, escape)


def _filled(
    name: str, comparison: Comparison, playbook: Playbook | None, lang: Lang, show: Show
) -> str:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parents[1] / "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    report = Report(comparison, playbook, lang)
    return environment.get_template(name).render(
        report=report,
        comparison=comparison,
        lang=lang,
        say=report.say,
        show=show,
        marked=lambda steps: _marked(steps, show),
    )


def _marked(steps: Iterable[Step], show: Show) -> Markup:
    out: list[Markup] = []
    for step in steps:
        if step.kind == "equal":
            out.append(show(step.new))
            continue
        if step.old:
            out.append(Markup("<del>{}</del>").format(show(step.old)))
        if step.new:
            out.append(Markup("<ins>{}</ins>").format(show(step.new)))
    return Markup("").join(out)
