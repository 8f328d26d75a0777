"""Tables by their ruled lines: which cell a point lies in, and the cells of each row.

Coordinates grow to the right and downwards, in whatever unit the lines come in.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

MAX_RULES = 800
"""A page with more ruled lines is a drawing."""
MAX_LANES = 60


class Rule(NamedTuple):
    """A straight line: at `at`, from `start` to `end` along the other axis."""

    at: float
    start: float
    end: float


class Box(NamedTuple):
    """A rectangle."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def middle(self) -> tuple[float, float]:
        """Return the centre."""
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2


@dataclass(frozen=True)
class Table:
    """A ruled table: lanes between its lines, and which lanes are joined into one cell."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    cell_of: tuple[tuple[int, ...], ...]
    """For each row and column the number of the cell that covers it."""

    @property
    def box(self) -> Box:
        """Return the outline."""
        return Box(self.xs[0], self.ys[0], self.xs[-1], self.ys[-1])

    def cell_at(self, x: float, y: float) -> int | None:
        """Return the number of the cell at a point, or None outside the table."""
        column = bisect_right(self.xs, x) - 1
        row = bisect_right(self.ys, y) - 1
        if 0 <= column < len(self.xs) - 1 and 0 <= row < len(self.ys) - 1:
            return self.cell_of[row][column]
        return None

    def rows(self) -> list[list[int | None]]:
        """Return the cells of each row; None for one that began in a row above."""
        begun: set[int] = set()
        rows: list[list[int | None]] = []
        for lane in self.cell_of:
            cells = list(dict.fromkeys(lane))
            rows.append([cell if cell not in begun else None for cell in cells])
            begun.update(cells)
        return rows


def tables(across: Sequence[Rule], down: Sequence[Rule], slack: float) -> list[Table]:
    """Return the tables that horizontal and vertical lines form.

    Args:
        across: Horizontal lines.
        down: Vertical lines.
        slack: How far apart lines may be that are meant to meet.
    """
    if len(across) > MAX_RULES or len(down) > MAX_RULES:
        return []
    across, down = _merged(across, slack), _merged(down, slack)
    found = []
    for horizontal, vertical in _connected(across, down, slack):
        xs = _lanes([rule.at for rule in vertical], slack)
        ys = _lanes([rule.at for rule in horizontal], slack)
        if len(xs) < 3 or len(ys) < 2 or max(len(xs), len(ys)) > MAX_LANES:
            continue
        table = Table(xs, ys, _cells(xs, ys, horizontal, vertical, slack))
        if any(len(set(row)) > 1 for row in table.cell_of):
            found.append(table)
    return sorted(found, key=lambda table: table.ys[0])


def _merged(rules: Iterable[Rule], slack: float) -> list[Rule]:
    """Return the lines with pieces of the same line joined."""
    merged: list[Rule] = []
    lane: list[Rule] = []

    def flush() -> None:
        if not lane:
            return
        at = sum(rule.at for rule in lane) / len(lane)
        start = end = None
        for rule in sorted(lane, key=lambda r: r.start):
            if end is not None and start is not None and rule.start <= end + slack:
                end = max(end, rule.end)
                continue
            if end is not None and start is not None:
                merged.append(Rule(at, start, end))
            start, end = rule.start, rule.end
        if end is not None and start is not None:
            merged.append(Rule(at, start, end))
        lane.clear()

    for rule in sorted(rules):
        if lane and rule.at - lane[-1].at > slack:
            flush()
        lane.append(rule)
    flush()
    return [rule for rule in merged if rule.end - rule.start > 3 * slack]


def _connected(
    across: list[Rule], down: list[Rule], slack: float
) -> list[tuple[list[Rule], list[Rule]]]:
    """Return the groups of lines that touch each other."""
    group = list(range(len(across) + len(down)))

    def find(n: int) -> int:
        while group[n] != n:
            group[n] = group[group[n]]
            n = group[n]
        return n

    for i, h in enumerate(across):
        for j, v in enumerate(down):
            meets_x = h.start - slack <= v.at <= h.end + slack
            if meets_x and v.start - slack <= h.at <= v.end + slack:
                group[find(i)] = find(len(across) + j)
    groups: dict[int, tuple[list[Rule], list[Rule]]] = {}
    for i, h in enumerate(across):
        groups.setdefault(find(i), ([], []))[0].append(h)
    for j, v in enumerate(down):
        groups.setdefault(find(len(across) + j), ([], []))[1].append(v)
    return [lines for lines in groups.values() if lines[0] and lines[1]]


def _lanes(places: list[float], slack: float) -> tuple[float, ...]:
    lanes: list[float] = []
    for place in sorted(places):
        if not lanes or place - lanes[-1] > 2 * slack:
            lanes.append(place)
    return tuple(lanes)


def _cells(
    xs: tuple[float, ...],
    ys: tuple[float, ...],
    across: list[Rule],
    down: list[Rule],
    slack: float,
) -> tuple[tuple[int, ...], ...]:
    """Return the number of the cell at each row and column; lanes without a line between join."""
    width = len(xs) - 1
    owner = list(range(width * (len(ys) - 1)))

    def find(n: int) -> int:
        while owner[n] != n:
            owner[n] = owner[owner[n]]
            n = owner[n]
        return n

    for row, (top, bottom) in enumerate(pairwise(ys)):
        for column, (left, right) in enumerate(pairwise(xs)):
            here = row * width + column
            if column + 1 < width and not _drawn(down, right, top, bottom, slack):
                owner[find(here + 1)] = find(here)
            if row + 2 < len(ys) and not _drawn(across, bottom, left, right, slack):
                owner[find(here + width)] = find(here)
    return tuple(
        tuple(find(row * width + column) for column in range(width)) for row in range(len(ys) - 1)
    )


def _drawn(rules: list[Rule], at: float, start: float, end: float, slack: float) -> bool:
    """Return whether a line at `at` covers most of the way from `start` to `end`."""
    covered = sum(
        max(0.0, min(rule.end, end) - max(rule.start, start))
        for rule in rules
        if abs(rule.at - at) <= 2 * slack
    )
    return covered >= 0.6 * (end - start)
