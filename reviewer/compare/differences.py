"""What differs between two versions: each place once, with the words that went and came."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from reviewer.compare.alignment import Alignment, Pair, align, runs
from reviewer.compare.numbering import Numbering, references
from reviewer.compare.units import Unit, plain
from reviewer.comparison import EditKind, Step, StepKind
from reviewer.contract import Contract
from reviewer.engine.canonical import Roles, canonical, roles_of
from reviewer.redline.diff import word_diff
from reviewer.text import Span

CONTEXT = 24
"""Characters of unchanged text shown on either side."""
_BREAK = re.compile(r"[，,；;。:：、]")
_FAR = 10
"""Characters that stayed between two changes from which they are two changes."""
_PUNCTUATION = re.compile(r"[,;:。、（）()“”\"'《》〈〉·\s|]+")


@dataclass(frozen=True)
class Difference:
    """One place at which two versions differ."""

    kind: EditKind
    old: Span
    """The words that went; empty where words came."""
    new: Span
    old_around: Span
    """The sentences that hold them; empty for an insertion."""
    new_around: Span
    steps: tuple[Step, ...]
    """The change with a little of what stands on either side, in the versions' own words."""
    cosmetic: bool = False
    whole: bool = False
    """Whether it begins a line of its own, its number included."""


def differences(old: Contract, new: Contract) -> tuple[Difference, ...]:
    """Return what differs, in the order of `old`; numbers of clauses are no difference."""
    return differences_of(align(old, new))


def differences_of(found: Alignment) -> tuple[Difference, ...]:
    """Return what differs between two versions that were aligned."""
    numbering = Numbering.of(found)
    made = [
        *_replaced(found, list(_deleted(found)), list(_inserted(found))),
        *_moves(found),
        *(d for pair in found.pairs for d in _within(found, pair, numbering)),
    ]
    return tuple(sorted(made, key=lambda d: (d.old.start, d.old.end, d.new.start)))


# ------------------------------------------------------------------ whole sentences


def _deleted(found: Alignment) -> Iterator[Difference]:
    paired = found.pair_of_old()
    behind = _Behind(found, of_new=True)
    for run in runs(found.olds, paired, found.old):
        span = _stretch(found.olds, run, found.old)
        at = behind(run[0])
        words, joined = span.of(found.old.text), _joined(found.olds, run)
        if not _words(joined):
            continue
        yield Difference(
            "delete", span, Span(at, at), span, Span(at, at), (Step(kind="delete", old=words, new=""),),
            whole=found.olds[run[0]].starts_line,
        )  # fmt: skip


def _inserted(found: Alignment) -> Iterator[Difference]:
    paired = found.pair_of_new()
    behind = _Behind(found, of_new=False)
    for run in runs(found.news, paired, found.new):
        span = _stretch(found.news, run, found.new)
        at = behind(run[0])
        words, joined = span.of(found.new.text), _joined(found.news, run)
        if not _words(joined):
            continue
        yield Difference(
            "insert", Span(at, at), span, Span(at, at), span, (Step(kind="insert", old="", new=words),),
            whole=found.news[run[0]].starts_line,
        )  # fmt: skip


def _replaced(
    found: Alignment, gone: Sequence[Difference], come: Sequence[Difference]
) -> Iterator[Difference]:
    """Yield both, those that stand at one place in clauses of one number as one difference."""
    left = list(come)
    for old in gone:
        new = next((one for one in left if _same_place(found, old, one)), None)
        if new is None:
            yield old
            continue
        left.remove(new)
        steps = (*old.steps, *new.steps)
        yield Difference("replace", old.old, new.new, old.old, new.new, steps, whole=old.whole)
    yield from left


def _same_place(found: Alignment, gone: Difference, come: Difference) -> bool:
    before_old = found.old.text[come.old.start : gone.old.start]
    before_new = found.new.text[gone.new.start : come.new.start]
    if come.old.start > gone.old.start or before_old.strip() or before_new.strip():
        return False
    clauses = found.old.clause_at(gone.old.start), found.new.clause_at(come.new.start)
    numbers = {(clause.number or "").strip() for clause in clauses if clause}
    return len(numbers) == 1 and not (gone.cosmetic or come.cosmetic)


def _moves(found: Alignment) -> Iterator[Difference]:
    moved = sorted(pair for pair in found.pairs if pair.moved)
    run: list[Pair] = []
    for pair in moved:
        if run and (pair.old[0], pair.new[0]) != (run[-1].old[1], run[-1].new[1]):
            yield _move(found, run)
            run = []
        run.append(pair)
    if run:
        yield _move(found, run)


def _move(found: Alignment, run: Sequence[Pair]) -> Difference:
    old = _stretch(found.olds, (run[0].old[0], run[-1].old[1]), found.old)
    new = _stretch(found.news, (run[0].new[0], run[-1].new[1]), found.new)
    words = new.of(found.new.text)
    step = Step(kind="equal", old=words, new=words)
    return Difference("move", old, new, old, new, (step,), whole=True)


def _stretch(of: Sequence[Unit], run: tuple[int, int], contract: Contract) -> Span:
    """Return where the sentences stand, the number of a clause that begins with them included."""
    first = of[run[0]]
    start = first.span.start
    if first.opens:
        clause = contract.clause(first.clause)
        if clause:
            start = clause.start + len(clause.text) - len(clause.text.lstrip())
    return Span(start, of[run[1] - 1].span.end)


class _Behind:
    """Tells where in the other version words would stand that only one has."""

    def __init__(self, found: Alignment, *, of_new: bool) -> None:
        steady = [pair for pair in found.pairs if not pair.moved]
        if of_new:
            self.ends = [(p.old[1], found.news[p.new[1] - 1].span.end) for p in steady]
        else:
            self.ends = [(p.new[1], found.olds[p.old[1] - 1].span.end) for p in steady]

    def __call__(self, number: int) -> int:
        """Return the place behind what stands before the sentence `number`; 0 at the top."""
        return max((end for upto, end in self.ends if upto <= number), default=0)


# ------------------------------------------------------------------ within sentences


def _within(found: Alignment, pair: Pair, numbering: Numbering) -> Iterator[Difference]:
    old = Span(found.olds[pair.old[0]].span.start, found.olds[pair.old[1] - 1].span.end)
    new = Span(found.news[pair.new[0]].span.start, found.news[pair.new[1] - 1].span.end)
    before, after = old.of(found.old.text), new.of(found.new.text)
    yield from _stale_references(found, old, new, numbering)
    if _joined(found.olds, pair.old) == _joined(found.news, pair.new):
        return
    roles = roles_of(found.old)
    for hunk in _hunks(steps_between(before, after)):
        gone, come = hunk.old(old.start), hunk.new(new.start)
        changed = (
            before[: gone.start - old.start]
            + come.of(found.new.text)
            + before[gone.end - old.start :]
        )
        if numbering.follows(before, changed):
            continue
        same = meaning(before, roles) == meaning(changed, roles)
        kind: EditKind = (
            "replace"
            if gone.start < gone.end and come.start < come.end
            else ("delete" if gone.start < gone.end else "insert")
        )
        yield Difference(kind, gone, come, old, new, hunk.shown, cosmetic=same)


def _joined(of: Sequence[Unit], run: tuple[int, int]) -> str:
    return "".join(unit.key for unit in of[slice(*run)])


def _stale_references(
    found: Alignment, old: Span, new: Span, numbering: Numbering
) -> Iterator[Difference]:
    """Yield references that were left as they were although the clause has another number now."""
    theirs = list(references(new.of(found.new.text)))
    for ours in references(old.of(found.old.text)):
        same = next((ref for ref in theirs if ref.value == ours.value), None)
        now = numbering.now(ours.value)
        if same is None or now is None or now == ours.value:
            continue
        gone = Span(old.start + ours.span.start, old.start + ours.span.end)
        come = Span(new.start + same.span.start, new.start + same.span.end)
        around = _around(new.of(found.new.text), same.span)
        yield Difference(
            "reference", gone, come, old, new,
            (Step(kind="equal", old=around, new=around),),
        )  # fmt: skip


def _around(sentence: str, span: Span) -> str:
    return sentence[max(0, span.start - CONTEXT) : span.end + CONTEXT]


@dataclass(frozen=True)
class _Hunk:
    """Changes within a sentence that belong together, and what stands beside them."""

    before: Step | None
    steps: tuple[Step, ...]
    after: Step | None
    old_at: int
    new_at: int

    def old(self, offset: int) -> Span:
        start = offset + self.old_at
        return Span(start, start + sum(len(step.old) for step in self.steps))

    def new(self, offset: int) -> Span:
        start = offset + self.new_at
        return Span(start, start + sum(len(step.new) for step in self.steps))

    @property
    def shown(self) -> tuple[Step, ...]:
        lead = self.before.new[-CONTEXT:] if self.before else ""
        tail = self.after.new[:CONTEXT] if self.after else ""
        sides = [Step(kind="equal", old=words, new=words) for words in (lead, tail)]
        return tuple(step for step in (sides[0], *self.steps, sides[1]) if step.old or step.new)


def steps_between(old: str, new: str) -> list[Step]:
    """Return the steps from `old` to `new` in their own words; width and case are no change.

    A number is changed as a whole, also where a digit of it stayed.

    >>> [(s.old, s.new) for s in steps_between("三十秒内", "六十秒内") if s.kind != "equal"]
    [('三十', '六十')]
    """
    raw: list[tuple[bool, str, str]] = []
    i = j = 0
    for kind, before, after in word_diff(plain(old), plain(new)):
        gone, come = old[i : i + len(before)], new[j : j + len(after)]
        i, j = i + len(before), j + len(after)
        raw.append((kind == "equal" or not (gone.strip() or come.strip()), gone, come))
    return list(_joined_steps(_whole_numbers(raw)))


def _joined_steps(raw: Iterable[tuple[bool, str, str]]) -> Iterator[Step]:
    told = (step for step in raw if step[1] or step[2])
    for same, group in groupby(told, key=lambda step: step[0]):
        pieces = list(group)
        gone = "".join(piece[1] for piece in pieces)
        come = "".join(piece[2] for piece in pieces)
        yield Step(kind="equal" if same else _kind(gone, come), old=gone, new=come)


_NUMERALS = "0-9零〇一二三四五六七八九十百千万亿两"
_HEAD = re.compile(rf"[{_NUMERALS}][{_NUMERALS}.,]*%?")
_TAIL = re.compile(rf"[{_NUMERALS}][{_NUMERALS}.,]*$")


def _whole_numbers(raw: list[tuple[bool, str, str]]) -> list[tuple[bool, str, str]]:
    """Let a change take in the digits beside it that belong to the number it changes."""
    found = list(raw)
    for at, (same, gone, come) in enumerate(raw):
        if same:
            continue
        if at and any(_HEAD.match(words) for words in (gone, come)):
            _, before, also = found[at - 1]
            tail = _TAIL.search(before) if before == also else None
            if tail and found[at - 1][0]:
                found[at - 1] = (True, before[: tail.start()], also[: tail.start()])
                gone, come = tail[0] + gone, tail[0] + come
        if at + 1 < len(found) and any(_TAIL.search(words) for words in (gone, come)):
            _, after, also = found[at + 1]
            head = _HEAD.match(after) if after == also else None
            if head and found[at + 1][0]:
                found[at + 1] = (True, after[head.end() :], also[head.end() :])
                gone, come = gone + head[0], come + head[0]
        found[at] = (False, gone, come)
    return found


def _kind(old: str, new: str) -> StepKind:
    return "replace" if old and new else "delete" if old else "insert"


def _hunks(steps: Sequence[Step]) -> Iterator[_Hunk]:
    held: list[Step] = []
    before: Step | None = None
    i = j = old_at = new_at = 0
    for number, step in enumerate(steps):
        last = number + 1 == len(steps)
        if step.kind != "equal":
            if not held:
                old_at, new_at = i, j
            held.append(step)
        elif held and (last or _BREAK.search(step.new) or len(step.new) >= _FAR):
            yield _Hunk(before, tuple(held), step, old_at, new_at)
            held, before = [], step
        elif held:
            held.append(step)
        else:
            before = step
        i, j = i + len(step.old), j + len(step.new)
    if held:
        yield _Hunk(before, tuple(held), None, old_at, new_at)


def meaning(text: str, roles: Roles) -> str:
    """Return `text` such that spelling of numbers, names of parties and punctuation are one.

    >>> from reviewer.engine.canonical import DEFAULT_ROLES
    >>> meaning("每月一万元，", DEFAULT_ROLES) == meaning("每月10000元", DEFAULT_ROLES)
    True
    """
    return _words(evened(text, roles))


def evened(text: str, roles: Roles) -> str:
    """Return the canonical form of `text`, sums of money written out."""
    return _SUM.sub(_summed, canonical(text, roles).text)


_SUM = re.compile(r"(\d+(?:\.\d+)?)([万千百])(?=[元圆块])")
_SCALE = {"万": 10_000, "千": 1_000, "百": 100}


def _summed(match: re.Match[str]) -> str:
    return f"{(Decimal(match[1]) * _SCALE[match[2]]).normalize():f}"


def _words(text: str) -> str:
    return _PUNCTUATION.sub("", text)
