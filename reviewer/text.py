"""Positions in a text, and finding words again."""

import json
import unicodedata
from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple


class Span(NamedTuple):
    """Code points `start` to `end` of a text, end exclusive."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """Return the passage of `text` that the span covers."""
        return text[self.start : self.end]

    def overlap(self, other: "Span") -> int:
        """Return how many code points both spans cover."""
        return max(0, min(self.end, other.end) - max(self.start, other.start))


def fold(text: str) -> tuple[str, list[int]]:
    """Return `text` without white space, case and width, and where each character came from.

    Returns:
        The folded text, and for each of its characters the index into `text`.
    """
    folded: list[str] = []
    origin: list[int] = []
    for index, character in enumerate(text):
        if character.isspace() or character in _INVISIBLE:
            continue
        plain = _QUOTES.get(character) or unicodedata.normalize("NFKC", character).casefold()
        for piece in plain:
            if not piece.isspace():
                folded.append(piece)
                origin.append(index)
    return "".join(folded), origin


def locate(quote: str, text: str) -> Span | None:
    """Find where `quote` stands in `text`, or None if it does not stand there.

    White space, letter case and full-width forms are ignored in the search. They are not
    ignored in the result: the span covers the passage as the text has it, which is what
    may be shown as a quotation.

    >>> text = "逾期付款的，每日按 0.05% 支付违约金。"
    >>> locate("逾期付款的,每日按0.05%", text).of(text)
    '逾期付款的，每日按 0.05%'
    """
    return Searched(text).locate(quote)


class Searched:
    """A text in which many passages are looked for: folded once."""

    def __init__(self, text: str) -> None:
        self._haystack, self._origin = fold(text)

    def locate(self, quote: str) -> Span | None:
        """Find where `quote` stands; see `locate`."""
        needle, _ = fold(quote)
        at = self._haystack.find(needle) if needle else -1
        if at < 0:
            return None
        return Span(self._origin[at], self._origin[at + len(needle) - 1] + 1)


def simplified(text: str) -> str:
    """Return `text` in Simplified characters, one for one.

    Text in the characters of GB 2312 is taken for Simplified and costs no table.
    """
    try:
        text.encode("gb2312")
    except UnicodeEncodeError:
        return text.translate(_simplified_table())
    return text


@cache
def _simplified_table() -> dict[int, str]:
    # The dictionary of zhconv without its code, which imports setuptools: a tenth of a second.
    found = find_spec("zhconv")
    assert found is not None
    assert found.origin is not None
    words = Path(found.origin).with_name("zhcdict.json").read_text(encoding="utf-8")
    pairs: Mapping[str, str] = json.loads(words)["zh2Hans"]
    return {ord(a): b for a, b in pairs.items() if len(a) == 1 and len(b) == 1}


_INVISIBLE = frozenset("\u200b\u200c\u200d\u2060\ufeff\u00ad")
_QUOTES = {"“": '"', "”": '"', "「": '"', "」": '"', "‘": "'", "’": "'", "『": "'", "』": "'"}
