"""Recognised pieces of a page in reading order: lines, columns, rows of tables.

Coordinates are in pixels, y downwards, with the page's tilt taken out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from reviewer.ingest.grid import Box, Table
from reviewer.ingest.printed import CELLS, Printed, joined

_FULL = 15
"""Heights of a letter that a line must be long to tell where the margin is."""
_LATIN = "".join(map(chr, range(33, 127)))
_SIDES = 3
"""Pieces that each side must have to be a column."""


@dataclass(frozen=True)
class Piece:
    """A stretch of recognised text."""

    text: str
    box: Box
    """Where it stands with the tilt taken out: what the order is found by."""
    shown: Box
    """Where it stands on the page as it is, as shares of width and height."""
    confidence: float

    @property
    def height(self) -> float:
        """Return its height."""
        return self.box.bottom - self.box.top

    @property
    def width(self) -> float:
        """Return its width."""
        return self.box.right - self.box.left


def in_order(pieces: Sequence[Piece], grids: Sequence[Table]) -> list[Printed]:
    """Return the lines of a page in the order they are read."""
    split = [part for piece in pieces for part in _at_lines(piece, grids)]
    inside: dict[int, list[Piece]] = {}
    outside: list[Piece] = []
    for piece in split:
        where = next((n for n, g in enumerate(grids) if _cell(g, piece) is not None), None)
        if where is None:
            outside.append(piece)
        else:
            inside.setdefault(where, []).append(piece)
    edge = _edge(outside)
    lines: list[Printed] = []
    above = float("-inf")
    for number in sorted(inside, key=lambda n: grids[n].ys[0]):
        top = grids[number].ys[0]
        lines += _texts([p for p in outside if above <= p.box.middle[1] < top], edge)
        lines += _rows(grids[number], inside[number])
        above = top
    return lines + _texts([p for p in outside if p.box.middle[1] >= above], edge)


def _edge(pieces: Sequence[Piece]) -> float:
    """Return how far right a line must reach to be full; beyond the page where none is."""
    if not pieces:
        return float("inf")
    far = max(pieces, key=lambda p: p.box.right)
    left = min(p.box.left for p in pieces)
    if far.box.right - left < _FULL * far.height:
        return float("inf")
    return far.box.right - 1.6 * far.height


def _cell(grid: Table, piece: Piece) -> int | None:
    return grid.cell_at(*piece.box.middle)


def _at_lines(piece: Piece, grids: Sequence[Table]) -> list[Piece]:
    """Return the piece cut where it runs across the vertical line of a table."""
    middle = piece.box.middle[1]
    for grid in grids:
        if not grid.ys[0] <= middle <= grid.ys[-1]:
            continue
        margin = 0.6 * piece.height
        cuts = [
            x
            for x in grid.xs
            if piece.box.left + margin < x < piece.box.right - margin
            and grid.cell_at(x - 1, middle) != grid.cell_at(x + 1, middle)
        ]
        if cuts:
            return _cut(piece, cuts)
    return [piece]


def _cut(piece: Piece, cuts: list[float]) -> list[Piece]:
    widths = [1.0 if ord(c) > 0x2E7F else 0.55 for c in piece.text]
    total = sum(widths) or 1.0
    parts: list[Piece] = []
    edges = [piece.box.left, *cuts, piece.box.right]
    texts = [""] * (len(edges) - 1)
    at = piece.box.left
    for character, width in zip(piece.text, widths, strict=True):
        step = width / total * piece.width
        lane = sum(at + step / 2 >= cut for cut in cuts)
        texts[lane] += character
        at += step
    for text, left, right in zip(texts, edges[:-1], edges[1:], strict=True):
        if text.strip():
            box = Box(left, piece.box.top, right, piece.box.bottom)
            share = (piece.shown.right - piece.shown.left) / max(piece.width, 1.0)
            begin = piece.shown.left + (left - piece.box.left) * share
            shown = Box(begin, piece.shown.top, begin + (right - left) * share, piece.shown.bottom)
            parts.append(Piece(text, box, shown, piece.confidence))
    return parts


def _rows(grid: Table, pieces: list[Piece]) -> list[Printed]:
    cells: dict[int, list[Piece]] = {}
    for piece in pieces:
        cell = _cell(grid, piece)
        if cell is not None:
            cells.setdefault(cell, []).append(piece)
    rows: list[Printed] = []
    for row in grid.rows():
        filled = [cells.get(cell, []) if cell is not None else [] for cell in row]
        if len(filled) == 1:
            rows += _texts(filled[0], _edge(filled[0]))
        elif any(filled):
            texts = [joined([p.text for line in _lines(c) for p in line]) for c in filled]
            rows.append(_printed(CELLS.join(texts), [p for c in filled for p in c], is_row=True))
    return rows


def _printed(
    text: str, pieces: list[Piece], *, is_row: bool = False, runs_on: bool | None = None
) -> Printed:
    shown = Box(
        min(p.shown.left for p in pieces),
        min(p.shown.top for p in pieces),
        max(p.shown.right for p in pieces),
        max(p.shown.bottom for p in pieces),
    )
    return Printed(text, shown, min(p.confidence for p in pieces), is_row, runs_on)


def _texts(pieces: list[Piece], edge: float) -> list[Printed]:
    """Return text outside tables: full-width lines, and between them columns or rows."""
    if not pieces:
        return []
    gutter = _gutter(pieces)
    if gutter is None:
        return _plain_lines(pieces, edge)
    lines: list[Printed] = []
    band: list[Piece] = []
    for piece in sorted(pieces, key=lambda p: p.box.middle[1]):
        if piece.box.left < gutter < piece.box.right:
            lines += _columns(band, gutter, edge)
            lines += _plain_lines([piece], edge)
            band = []
        else:
            band.append(piece)
    return lines + _columns(band, gutter, edge)


def _columns(band: list[Piece], gutter: float, edge: float) -> list[Printed]:
    left = [piece for piece in band if piece.box.right <= gutter]
    right = [piece for piece in band if piece.box.left >= gutter]
    if min(len(left), len(right)) < _SIDES:
        return _plain_lines(band, edge)
    return _plain_lines(left, _edge(left)) + _plain_lines(right, _edge(right))


def _gutter(pieces: list[Piece]) -> float | None:
    """Return where the gap between two columns of prose runs, or None on a page without."""
    start = min(p.box.left for p in pieces)
    end = max(p.box.right for p in pieces)
    size = median(p.height for p in pieces)
    for share in (0.5, 0.48, 0.52, 0.46, 0.54, 0.44, 0.56, 0.42, 0.58, 0.4, 0.6):
        x = start + share * (end - start)
        left = [p for p in pieces if p.box.right <= x]
        right = [p for p in pieces if p.box.left >= x]
        crossing = len(pieces) - len(left) - len(right)
        if min(len(left), len(right)) < max(_SIDES, 0.25 * len(pieces)):
            continue
        if crossing > 0.2 * len(pieces):
            continue
        nearest = min(p.box.left for p in right) - max(p.box.right for p in left)
        full = 0.55 * min(x - start, end - x)
        long = [p for p in pieces if p.width >= full]
        if nearest >= 0.8 * size and len(long) >= 0.5 * len(pieces):
            return x
    return None


def _lines(pieces: list[Piece]) -> list[list[Piece]]:
    """Return the pieces grouped into lines, each from left to right."""
    lines: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda p: p.box.middle[1]):
        line = next((li for li in reversed(lines[-3:]) if _level(li, piece)), None)
        if line is None:
            lines.append([piece])
        else:
            line.append(piece)
    return [sorted(line, key=lambda p: p.box.left) for line in lines]


def _level(line: list[Piece], piece: Piece) -> bool:
    """Return whether a piece stands on the same line: beside its pieces, not above or below."""
    near = line[-1]
    overlap = min(near.box.bottom, piece.box.bottom) - max(near.box.top, piece.box.top)
    if overlap < 0.5 * min(near.height, piece.height):
        return False
    size = min(near.height, piece.height)
    return all(
        min(p.box.right, piece.box.right) - max(p.box.left, piece.box.left) < 0.5 * size
        for p in line
    )


def _plain_lines(pieces: list[Piece], edge: float) -> list[Printed]:
    """Return lines; neighbours whose pieces stand below each other are rows of a table."""
    if not pieces:
        return []
    lines = _lines(pieces)
    aligned = [_is_aligned(lines, n) for n in range(len(lines))]
    printed = []
    following = [*lines[1:], None][: len(lines)]
    for line, after, is_row in zip(lines, following, aligned, strict=True):
        if is_row:
            printed.append(_printed(CELLS.join(p.text for p in line), line, is_row=True))
            continue
        text = line[0].text
        for before, piece in pairwise(line):
            wide = piece.box.left - before.box.right > 1.5 * before.height
            text = f"{text}  {piece.text}" if wide else joined([text, piece.text])
        end = line[-1].box.right + (_first_word(after[0]) if after else 0.0)
        printed.append(_printed(text, line, runs_on=end >= edge))
    return printed


def _first_word(piece: Piece) -> float:
    """Return how wide about the first word of a line is where it is Latin, else nothing."""
    run = len(piece.text) - len(piece.text.lstrip(_LATIN))
    return 0.55 * piece.height * run


def _is_aligned(lines: list[list[Piece]], number: int) -> bool:
    """Return whether a line stands among at least three of three or more columns that agree."""
    here = lines[number]
    if len(here) < 3:
        return False
    agreeing = 1
    for step in (-1, 1):
        at = number + step
        while 0 <= at < len(lines) and _agree(here, lines[at]):
            agreeing += 1
            at += step
    return agreeing >= 3


def _agree(one: list[Piece], other: list[Piece]) -> bool:
    return len(one) == len(other) and all(
        a.box.left < b.box.right and b.box.left < a.box.right
        for a, b in zip(one, other, strict=True)
    )
