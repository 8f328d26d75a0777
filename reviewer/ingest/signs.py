"""Characters of a text layer by their places: put in order, parted where the page parts them."""

from collections.abc import Sequence
from itertools import pairwise, takewhile
from typing import NamedTuple

from reviewer.ingest.printed import Printed, tidy

WIDE = "\u3000"
"""A gap as wide as a letter: between two signatures, or two columns without a line between."""
_LONG = 15
"""Sizes of a letter that a line must be long to tell where the margin is."""
_NEAR = 3.2
"""Sizes of a letter that most full lines end before the margin at most."""
_SLACK = 1.6
"""Sizes of a letter that are kept free at the margin: a character goes down with its comma."""


class Sign(NamedTuple):
    """A character of the text layer and where it stands, y growing downwards."""

    character: str
    left: float
    right: float
    y: float
    size: float
    owner: int
    """The address of the text object it belongs to; 0 for what the reader guessed from gaps."""

    @property
    def x(self) -> float:
        """Return its middle."""
        return (self.left + self.right) / 2


def as_text(characters: Sequence[str]) -> str:
    """Return characters as a text, pairs of surrogates joined and lone ones replaced."""
    return "".join(characters).encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def printed_lines(signs: Sequence[Sign], edge: float | None) -> list[Printed]:
    """Return the lines that signs make, parted where the reader saw the end of one.

    Args:
        signs: Of a page, or of a part of it.
        edge: Where the page's full lines end, from `edge_of`.
    """
    lines = [line for line in _parted(signs) if any(sign.owner for sign in line)]
    following: list[list[Sign]] = [*lines[1:], []][: len(lines)]
    return [
        Printed(line_text(line), runs_on=None if edge is None else _is_full(line, after, edge))
        for line, after in zip(lines, following, strict=True)
    ]


def _parted(signs: Sequence[Sign]) -> list[list[Sign]]:
    lines: list[list[Sign]] = [[]]
    for sign in signs:
        if sign.character in "\r\n":
            lines.append([])
        else:
            lines[-1].append(sign)
    return lines


def cell_lines(signs: Sequence[Sign]) -> list[str]:
    """Return the lines of a cell from top to bottom."""
    lines: list[tuple[float, list[Sign]]] = []
    for sign in signs:
        if not lines or abs(sign.y - lines[-1][0]) > max(4.0, 0.6 * sign.size):
            lines.append((sign.y, []))
        lines[-1][1].append(sign)
    ordered = sorted(lines, key=lambda line: line[0])
    return [text for _, line in ordered if (text := tidy(line_text(line)))]


def line_text(signs: Sequence[Sign]) -> str:
    """Return the text of one line.

    Some programs write the Latin pieces of a line behind the Chinese ones; by their places they
    come where they belong. A blank that was guessed from a gap stays between Latin letters, and
    becomes a wide one where the gap is as wide as a letter.
    """
    real = [sign for sign in signs if sign.owner]
    guessed = set()
    for before, sign in pairwise(signs):
        if not before.owner and sign.owner:
            guessed.add(id(sign))
    ordered = _in_order(real)
    moved = ordered is not real
    pieces = [ordered[0].character] if ordered else []
    for before, sign in pairwise(ordered):
        if moved or id(sign) in guessed:
            pieces.append(_between(before, sign, moved=moved))
        pieces.append(sign.character)
    return as_text(pieces)


def _in_order(signs: list[Sign]) -> list[Sign]:
    """Return the signs from left to right where they stand on one line and do not yet."""
    if all(one.left <= other.left + 0.3 * one.size for one, other in pairwise(signs)):
        return signs
    first = signs[0]
    if any(abs(sign.y - first.y) > 0.5 * max(first.size, 1.0) for sign in signs):
        return signs
    return sorted(signs, key=lambda sign: sign.left)


def _between(before: Sign, sign: Sign, *, moved: bool) -> str:
    gap, size = sign.left - before.right, max(before.size, sign.size)
    if before.character.isspace() or sign.character.isspace():
        return ""
    if before.character.isascii() and sign.character.isascii():
        return " " if not moved or gap > 0.15 * size else ""
    return WIDE if gap > 1.2 * size else ""


def edge_of(signs: Sequence[Sign]) -> float | None:
    """Return where full lines end, or None where they end in several places or there are none."""
    ends = []
    for line in _parted(signs):
        real = [sign for sign in line if sign.owner]
        if real and _right(real) - real[0].left > _LONG * real[0].size:
            ends.append((_right(real), real[0].size))
    if not ends:
        return None
    edge = max(end for end, _ in ends)
    near = sum(end >= edge - _NEAR * size for end, size in ends)
    return edge if near >= 0.5 * len(ends) else None


def _right(line: Sequence[Sign]) -> float:
    return max(sign.right for sign in line)


def _is_full(line: Sequence[Sign], after: Sequence[Sign], edge: float) -> bool:
    """Return whether the first word of the line below would not have fitted on this one."""
    real = [sign for sign in line if sign.owner]
    return _right(real) + _first_word(after) + _SLACK * real[-1].size >= edge


def _first_word(line: Sequence[Sign]) -> float:
    """Return how wide the first word is: a run of Latin letters, or one Chinese character."""
    real = [sign for sign in line if sign.owner and not sign.character.isspace()]
    word = list(takewhile(lambda sign: sign.character.isascii(), real)) or real[:1]
    return word[-1].right - word[0].left if word else 0.0
