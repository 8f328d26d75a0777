"""A line as it stands on a page, from a text layer or from recognition."""

import re
from typing import NamedTuple

from reviewer.ingest.grid import Box

CELLS = " | "
"""Between the cells of a row."""
_HAN = "\u4e00-\u9fff\u3000-\u303f\uff00-\uffef“”‘’"
_GAP = re.compile(rf"(?<=[{_HAN}])(?<![：）])[ \t]+(?=[{_HAN}])|(?<=[：）])[ \t]+(?=[，。；、）])")
_ARTICLE = re.compile(r"第[一二三四五六七八九十百零〇\d]{1,6}[章节節条條]\s")


class Printed(NamedTuple):
    """One line of a page."""

    text: str
    box: Box | None = None
    """Where it stands, as shares of the page's width and height; None in a text layer."""
    confidence: float | None = None
    """Of recognition, 0 to 1; None in a text layer."""
    is_row: bool = False
    """Whether it is the row of a table, its cells joined by ` | `."""
    runs_on: bool | None = None
    """Whether the next line continues it; None where its place does not tell."""


def as_lines(text: str) -> list[Printed]:
    """Return the lines of a page's text."""
    return [Printed(line) for line in text.split("\n")]


def tidy(line: str) -> str:
    """Return a line without the blanks that a text layer puts between Chinese characters.

    Those behind a colon or a bracket stay, since they are the gap between two signatures, and the
    one between the number of an article and what it says.
    """
    line = line.replace("\u00a0", " ").strip()
    number = _ARTICLE.match(line)
    kept = number.group() if number else ""
    return kept + _GAP.sub("", line[len(kept) :])


def joined(parts: list[str]) -> str:
    """Return pieces of one cell or line in one line: a blank only between Latin words."""
    text = ""
    for part in (part.strip() for part in parts):
        if text and part and text[-1].isascii() and part[0].isascii():
            text += " "
        text += part
    return text
