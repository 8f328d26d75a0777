"""Templates and assets of the application, and text made safe to show."""

import re
import unicodedata
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup, escape

from reviewer.render.messages import Lang, say
from reviewer.ui.words import word

_UNSEEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]")


def render(template: str, lang: Lang, **values: object) -> str:
    """Return a template filled in; everything that is not markup is escaped."""
    page = _environment().get_template(template)
    return page.render(
        lang=lang,
        say=lambda key: say(key, lang),
        word=lambda key, **more: word(key, lang, **more),
        shown=shown,
        **values,
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


@cache
def asset(name: str) -> str:
    """Return the text of a style sheet or script."""
    return (Path(__file__).parent / "assets" / name).read_text(encoding="utf-8")


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
