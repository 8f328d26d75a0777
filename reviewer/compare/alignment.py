"""Which sentence of one version is which of the other, numbers and places aside."""

import bisect
import difflib
from collections import Counter, defaultdict
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from reviewer.compare.units import Unit, keys, units
from reviewer.contract import Contract

ALIKE = 0.34
"""Likeness from which a sentence at the same place is taken for an earlier form of another."""
MOVED_ALIKE = 0.72
"""Likeness from which one elsewhere is; more is asked, since nothing but the words speaks for it."""
RUN_ALIKE = 0.6
"""Likeness from which a whole article elsewhere is."""
LEAST_MOVED = 6
"""Characters below which a sentence that stands elsewhere is not called moved."""
LARGEST_GAP = 6_000
"""Pairs of sentences up to which all pairings between two fixed points are weighed."""
LARGEST_SEARCH = 250_000


class Pair(NamedTuple):
    """Sentences `old` of one version that became `new` of the other: first and end of each."""

    old: tuple[int, int]
    new: tuple[int, int]
    moved: bool = False


@dataclass(frozen=True)
class Alignment:
    """Two contracts, their sentences, and what became of which."""

    old: Contract
    new: Contract
    olds: tuple[Unit, ...]
    news: tuple[Unit, ...]
    pairs: tuple[Pair, ...]
    """In the order of `old`. Sentences in no pair were deleted or inserted."""

    def pair_of_old(self) -> dict[int, Pair]:
        """Return the pair of each old sentence that has one."""
        return {i: pair for pair in self.pairs for i in range(*pair.old)}

    def pair_of_new(self) -> dict[int, Pair]:
        """Return the pair of each new sentence that has one."""
        return {j: pair for pair in self.pairs for j in range(*pair.new)}


def align(old: Contract, new: Contract) -> Alignment:
    """Return what became of each sentence of `old` in `new`."""
    olds, news = units(old), units(new)
    pairs: list[Pair] = []
    blocks = difflib.SequenceMatcher(None, keys(olds), keys(news), autojunk=False)
    i = j = 0
    for block in blocks.get_matching_blocks():
        pairs += _gap(olds, news, (i, block.a), (j, block.b))
        pairs += [
            Pair((block.a + n, block.a + n + 1), (block.b + n, block.b + n + 1))
            for n in range(block.size)
        ]
        i, j = block.a + block.size, block.b + block.size
    pairs += _runs_elsewhere(Alignment(old, new, olds, news, tuple(pairs)))
    pairs += _elsewhere(olds, news, pairs)
    return Alignment(old, new, olds, news, tuple(_in_place_or_moved(sorted(pairs))))


def _in_place_or_moved(pairs: Sequence[Pair]) -> Iterator[Pair]:
    """Call those moved that stand outside the longest run of sentences that kept their order."""
    sizes = [pair.old[1] - pair.old[0] for pair in pairs]
    ends: list[tuple[int, int, int]] = []
    """Best runs so far: where the run ends in the new version, its length, its last pair."""
    before: list[int] = []
    for number, pair in enumerate(pairs):
        at = bisect.bisect_left(ends, (pair.new[0], -1, -1))
        length, last = (ends[at - 1][1], ends[at - 1][2]) if at else (0, -1)
        before.append(last)
        run = (pair.new[0], length + sizes[number], number)
        upto = at
        while upto < len(ends) and ends[upto][1] <= run[1]:
            upto += 1
        ends[at:upto] = [run]
    kept: set[int] = set()
    number = ends[-1][2] if ends else -1
    while number >= 0:
        kept.add(number)
        number = before[number]
    for number, pair in enumerate(pairs):
        yield pair._replace(moved=number not in kept)


def likeness(a: str, b: str) -> float:
    """Return how alike two texts are, 0 to 1: the share of character pairs that both have.

    >>> likeness("乙方应及时回复买家", "乙方应在三十秒内回复买家") > 0.5
    True
    """
    if a == b:
        return 1.0
    left, right = _pairs_of(a), _pairs_of(b)
    total = sum(left.values()) + sum(right.values())
    return 2 * sum((left & right).values()) / total if total else 0.0


@lru_cache(maxsize=20_000)
def _pairs_of(text: str) -> Counter[str]:
    framed = f"\0{text}\0"
    return Counter(framed[at : at + 2] for at in range(len(framed) - 1))


def _gap(
    olds: Sequence[Unit], news: Sequence[Unit], rows: tuple[int, int], columns: tuple[int, int]
) -> list[Pair]:
    """Pair what stands between two fixed points."""
    if rows[0] == rows[1] or columns[0] == columns[1]:
        return []
    if _joined(olds, rows) == _joined(news, columns):
        return [Pair(rows, columns)]
    if (rows[1] - rows[0]) * (columns[1] - columns[0]) > LARGEST_GAP:
        return []  # `_elsewhere` looks for what is left, each sentence by itself
    best = _best(olds, news, rows, columns)
    return _widened(olds, news, best, rows, columns)


def _joined(found: Sequence[Unit], of: tuple[int, int]) -> str:
    return "".join(unit.key for unit in found[slice(*of)])


def _best(
    olds: Sequence[Unit], news: Sequence[Unit], rows: tuple[int, int], columns: tuple[int, int]
) -> list[tuple[int, int]]:
    """Return the pairing in order with the greatest likeness altogether."""
    height, width = rows[1] - rows[0], columns[1] - columns[0]
    score = [[0.0] * (width + 1) for _ in range(height + 1)]
    for i in range(height - 1, -1, -1):
        for j in range(width - 1, -1, -1):
            alike = likeness(olds[rows[0] + i].key, news[columns[0] + j].key)
            paired = alike + score[i + 1][j + 1] if alike >= ALIKE else 0.0
            score[i][j] = max(score[i + 1][j], score[i][j + 1], paired)
    found: list[tuple[int, int]] = []
    i = j = 0
    while i < height and j < width:
        if score[i][j] == score[i + 1][j]:
            i += 1
        elif score[i][j] == score[i][j + 1]:
            j += 1
        else:
            found.append((rows[0] + i, columns[0] + j))
            i, j = i + 1, j + 1
    return found


def _widened(
    olds: Sequence[Unit],
    news: Sequence[Unit],
    pairs: Sequence[tuple[int, int]],
    rows: tuple[int, int],
    columns: tuple[int, int],
) -> list[Pair]:
    """Let a pair take in lone neighbours where sentences were joined or split."""
    found: list[Pair] = []
    for number, (i, j) in enumerate(pairs):
        following = pairs[number + 1] if number + 1 < len(pairs) else (rows[1], columns[1])
        before = found[-1] if found else None
        old, new = (i, i + 1), (j, j + 1)
        least_i = before.old[1] if before else rows[0]
        least_j = before.new[1] if before else columns[0]
        old, new = _taking(olds, news, old, new, (least_i, following[0]), (least_j, following[1]))
        found.append(Pair(old, new))
    return found


def _taking(
    olds: Sequence[Unit],
    news: Sequence[Unit],
    old: tuple[int, int],
    new: tuple[int, int],
    rows: tuple[int, int],
    columns: tuple[int, int],
) -> tuple[tuple[int, int], tuple[int, int]]:
    best = likeness(_joined(olds, old), _joined(news, new))
    while best < 1.0:
        wider: list[tuple[float, tuple[int, int], tuple[int, int]]] = [
            (likeness(_joined(olds, o), _joined(news, n)), o, n)
            for o, n in _neighbours(olds, news, old, new, rows, columns)
        ]
        if not wider:
            break
        alike, o, n = max(wider)
        if alike <= best + 0.04:
            break
        best, old, new = alike, o, n
    return old, new


def _neighbours(
    olds: Sequence[Unit],
    news: Sequence[Unit],
    old: tuple[int, int],
    new: tuple[int, int],
    rows: tuple[int, int],
    columns: tuple[int, int],
) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    if old[0] > rows[0] and olds[old[0] - 1].clause == olds[old[0]].clause:
        yield (old[0] - 1, old[1]), new
    if old[1] < rows[1] and olds[old[1]].clause == olds[old[1] - 1].clause:
        yield (old[0], old[1] + 1), new
    if new[0] > columns[0] and news[new[0] - 1].clause == news[new[0]].clause:
        yield old, (new[0] - 1, new[1])
    if new[1] < columns[1] and news[new[1]].clause == news[new[1] - 1].clause:
        yield old, (new[0], new[1] + 1)


def runs(
    of: Sequence[Unit], paired: Container[int], contract: Contract
) -> Iterator[tuple[int, int]]:
    """Yield the sentences without a partner: each article, or sentence of one, by itself."""
    parents = {clause.id: clause.parent for clause in contract.clauses}
    start: int | None = None
    inside: set[str] = set()
    for number, unit in enumerate(of):
        free = number not in paired
        if start is not None and not (free and _belongs(unit, inside, parents)):
            yield start, number
            start = None
        if free:
            if start is None:
                start, inside = number, set()
            inside.add(unit.clause)
    if start is not None:
        yield start, len(of)


def _belongs(unit: Unit, inside: set[str], parents: dict[str, str | None]) -> bool:
    clause: str | None = unit.clause
    while clause is not None:
        if clause in inside:
            return True
        clause = parents.get(clause)
    return False


def _runs_elsewhere(found: Alignment) -> list[Pair]:
    """Return pairs of sentences of articles that went elsewhere as a whole."""
    olds, news = found.olds, found.news
    left = [run for run in runs(olds, found.pair_of_old(), found.old) if _size(olds, run)]
    right = [run for run in runs(news, found.pair_of_new(), found.new) if _size(news, run)]
    if len(left) * len(right) > LARGEST_SEARCH:
        return []
    scored = sorted(
        ((likeness(_joined(olds, a), _joined(news, b)), a, b) for a in left for b in right),
        key=lambda one: (-one[0], one[1], one[2]),
    )
    made: list[Pair] = []
    gone: set[tuple[int, int]] = set()
    used: set[tuple[int, int]] = set()
    for alike, rows, columns in scored:
        if alike < RUN_ALIKE:
            break
        if rows not in gone and columns not in used:
            gone.add(rows)
            used.add(columns)
            made += _gap(olds, news, rows, columns)
    return made


def _size(of: Sequence[Unit], run: tuple[int, int]) -> bool:
    return len(_joined(of, run)) >= 2 * LEAST_MOVED


def _elsewhere(olds: Sequence[Unit], news: Sequence[Unit], pairs: Sequence[Pair]) -> list[Pair]:
    """Return pairs of sentences that stand elsewhere in the other version."""
    left = sorted(set(range(len(olds))) - {i for p in pairs for i in range(*p.old)})
    right = sorted(set(range(len(news))) - {j for p in pairs for j in range(*p.new)})
    by_key: dict[str, list[int]] = defaultdict(list)
    for j in right:
        by_key[news[j].key].append(j)
    taken: set[int] = set()
    rest: list[int] = []
    found: list[Pair] = []
    for i in left:
        same = by_key.get(olds[i].key)
        if same and len(olds[i].key) >= LEAST_MOVED:
            taken.add(same[0])
            found.append(Pair(_one(i), _one(same.pop(0))))
        else:
            rest.append(i)
    free = [j for j in right if j not in taken]
    if len(rest) * len(free) > LARGEST_SEARCH:
        return found
    return found + [Pair(_one(i), _one(j)) for i, j in _alike(olds, news, rest, free)]


def _one(number: int) -> tuple[int, int]:
    return number, number + 1


def _alike(
    olds: Sequence[Unit], news: Sequence[Unit], left: Sequence[int], right: Sequence[int]
) -> Iterator[tuple[int, int]]:
    scored = sorted(
        (
            (likeness(olds[i].key, news[j].key), i, j)
            for i in left
            for j in right
            if min(len(olds[i].key), len(news[j].key)) >= 2 * LEAST_MOVED
        ),
        key=lambda found: (-found[0], found[1], found[2]),
    )
    gone: set[int] = set()
    used: set[int] = set()
    for alike, i, j in scored:
        if alike < MOVED_ALIKE:
            return
        if i not in gone and j not in used:
            gone.add(i)
            used.add(j)
            yield i, j
