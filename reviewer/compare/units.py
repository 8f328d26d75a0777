"""A contract as sentences that can be found again in another version of it."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from reviewer.contract import Clause, Contract
from reviewer.ingest.markers import marker_of
from reviewer.text import Span, fold

_SENTENCE = re.compile(r"[^。；;！？!?]*(?:[。；;！？!?]+[”’\"'）)]*|$)")
_MIXED = re.compile(r"[一二三四五六七八九十]{1,3}[.．]\d{1,2}(?:[.．]\d{1,2})*[\s　]+")
"""一.1, as some programs print the number that Word shows as 1.1."""
_COMMON = 50
"""A sentence that occurs more often than this is told apart by what stands before it."""


@dataclass(frozen=True)
class Unit:
    """One sentence, heading or table row, without the number it begins with."""

    span: Span
    """In `Contract.text`."""
    key: str
    """The words without white space, case and width."""
    clause: str
    opens: bool
    """Whether it is the first of its clause."""
    starts_line: bool

    def of(self, text: str) -> str:
        """Return the words."""
        return self.span.of(text)


def units(contract: Contract) -> tuple[Unit, ...]:
    """Return the sentences of `contract` in order; a table of contents is left out."""
    return tuple(
        unit for clause in contract.clauses if clause.kind != "contents" for unit in _of(clause)
    )


def keys(found: tuple[Unit, ...]) -> list[str]:
    """Return a key for each unit; a frequent one carries what stands before it."""
    counts = Counter(unit.key for unit in found)
    made: list[str] = []
    last, since = "", 0
    for unit in found:
        if counts[unit.key] > _COMMON:
            since += 1
            made.append(f"{unit.key}\0{since}\0{last}")
        else:
            last, since = unit.key, 0
            made.append(unit.key)
    return made


def body_start(clause: Clause) -> int:
    """Return where the words of a clause begin behind its number, counted from its start."""
    lead = len(clause.text) - len(clause.text.lstrip())
    if not clause.number:
        return lead
    line = clause.text[lead:].split("\n", 1)[0]
    mixed = _MIXED.match(line)
    if mixed:
        return lead + mixed.end()
    marker = marker_of(line)
    return lead + marker.end if marker else lead


def plain(text: str) -> str:
    """Return `text` with width and letter case evened out, one character for each.

    >>> plain("３０％，Ａ ")
    '30%,a '
    """
    return "".join(map(_plain, text))


def _of(clause: Clause) -> Iterator[Unit]:
    at = body_start(clause)
    opens = True
    for line in clause.text[at:].splitlines(keepends=True):
        starts_line = True
        for start, end in _sentences(line):
            key = fold(line[start:end])[0]
            if key:
                span = Span(clause.start + at + start, clause.start + at + end)
                yield Unit(span, key, clause.id, opens, starts_line)
                opens = starts_line = False
        at += len(line)


def _sentences(line: str) -> Iterator[Span]:
    """Yield the sentences of a line without the white space around them; a table row is one."""
    if " | " in line:
        pieces = [(0, len(line))]
    else:
        pieces = [match.span() for match in _SENTENCE.finditer(line) if match[0]]
    for start, end in pieces:
        words = line[start:end]
        lead = len(words) - len(words.lstrip())
        if words.strip():
            yield Span(start + lead, start + len(words.rstrip()))


@cache
def _plain(character: str) -> str:
    if character.isspace():
        return " "
    folded = fold(character)[0]
    return folded if len(folded) == 1 else character
