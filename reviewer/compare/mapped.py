"""Where the characters of one version stand in another."""

import bisect
from collections.abc import Iterable
from functools import cached_property

from reviewer.compare.alignment import Alignment, Pair, align
from reviewer.compare.differences import Difference, differences_of, steps_between
from reviewer.contract import Contract
from reviewer.text import Span

WORDS = ("insert", "delete", "replace")
"""Kinds of differences in which words went or came."""


class Mapped:
    """Two versions, what differs between them, and where each character went."""

    def __init__(self, old: Contract, new: Contract) -> None:
        self.old = old
        self.new = new

    @cached_property
    def alignment(self) -> Alignment:
        """Return which sentence is which."""
        return align(self.old, self.new)

    @cached_property
    def differences(self) -> tuple[Difference, ...]:
        """Return what differs."""
        return differences_of(self.alignment)

    @cached_property
    def lost(self) -> bytearray:
        """Return for each character of the old version whether the new one has it no more."""
        gone = (d.old for d in self.differences if d.kind in WORDS and not d.cosmetic)
        return _flags(len(self.old.text), gone)

    @cached_property
    def novel(self) -> bytearray:
        """Return for each character of the new version whether the old one has it not."""
        come = (d.new for d in self.differences if d.kind in WORDS and not d.cosmetic)
        return _flags(len(self.new.text), come)

    def sentences(self, span: Span) -> Span | None:
        """Return the sentences of the new version that those at `span` of the old became."""
        inside = [
            pair for pair in self.alignment.pairs
            if span.start < self._old(pair).end and self._old(pair).start < max(span.end, span.start + 1)
        ]  # fmt: skip
        if not inside:
            return None
        places = [self._new(pair) for pair in inside]
        return Span(min(p.start for p in places), max(p.end for p in places))

    def there(self, span: Span) -> Span | None:
        """Return where the characters at `span` of the old version stand in the new one."""
        spots = [
            (max(0, span.start - old), length - max(0, old + length - span.end), new)
            for old, new, length in self._between(span)
        ]
        if not spots:
            return None
        return Span(
            min(new + first for first, _, new in spots), max(new + last for _, last, new in spots)
        )

    def point(self, at: int) -> int:
        """Return the place in the new version that follows what stands before `at` in the old."""
        number = bisect.bisect_left(self._equal, (at, -1, -1)) - 1
        if number < 0:
            return 0
        old, new, length = self._equal[number]
        return new + min(length, at - old)

    def _between(self, span: Span) -> Iterable[tuple[int, int, int]]:
        first = max(0, bisect.bisect_left(self._equal, (span.start, -1, -1)) - 1)
        for old, new, length in self._equal[first:]:
            if old >= span.end:
                return
            if old + length > span.start:
                yield old, new, length

    @cached_property
    def _equal(self) -> list[tuple[int, int, int]]:
        """Return stretches that both have: where in the old, where in the new, how long."""
        found: list[tuple[int, int, int]] = []
        for pair in self.alignment.pairs:
            old, new = self._old(pair), self._new(pair)
            i, j = old.start, new.start
            for step in steps_between(old.of(self.old.text), new.of(self.new.text)):
                if step.kind == "equal" and len(step.old) == len(step.new) and step.old:
                    found.append((i, j, len(step.old)))
                i, j = i + len(step.old), j + len(step.new)
        return sorted(found)

    def _old(self, pair: Pair) -> Span:
        units = self.alignment.olds
        return Span(units[pair.old[0]].span.start, units[pair.old[1] - 1].span.end)

    def _new(self, pair: Pair) -> Span:
        units = self.alignment.news
        return Span(units[pair.new[0]].span.start, units[pair.new[1] - 1].span.end)


def _flags(size: int, spans: Iterable[Span]) -> bytearray:
    found = bytearray(size)
    for span in spans:
        found[span.start : span.end] = b"\1" * (span.end - span.start)
    return found
