"""A review applied to a later state of its contract: changes are found again by their words."""

import difflib
import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from reviewer.contract import Clause, Contract
from reviewer.errors import StaleReview
from reviewer.finding import Change, Finding, Suggestion
from reviewer.review import Review
from reviewer.text import Span, fold

LEAST_IN_COMMON = 0.5
"""Share of the reviewed text that must still stand in the file."""
SAME_CLAUSE = 0.6
"""Likeness from which a clause with the same number is the same clause."""
GONE = "原文已改动，找不到要改的文字"
MOVED = "原文已改动，找不到插入的位置"
THERE = "文件里已有这段文字"


class Relocated(NamedTuple):
    """A review of the later state, and what could not be placed in it."""

    review: Review
    unplaced: tuple[tuple[str, str], ...]
    """Finding id and reason, in Chinese."""


def relocated(review: Review, contract: Contract) -> Relocated:
    """Return `review` with its suggestions where their words stand in `contract`.

    Evidence is left out: it belongs to the text that was reviewed.

    Raises:
        StaleReview: The two texts have too little in common to be the same contract.
    """
    finder = _Finder(review.contract, contract)
    if finder.share < LEAST_IN_COMMON:
        raise StaleReview(
            f"{contract.file} 与审查时的文件不同，不像是同一份合同",
            remedy="请核对文件，或重新审查后再导出修订稿",
        )
    kept: list[Finding] = []
    unplaced: list[tuple[str, str]] = []
    for finding in review.findings:
        if finding.suggestion is None:
            continue
        found = finder.suggestion(finding.suggestion)
        if isinstance(found, str):
            unplaced.append((finding.id, found))
            continue
        kept.append(
            finding.model_copy(
                update={
                    "suggestion": found,
                    "clauses": (found.anchor,),
                    "evidence": (),
                    "elements": (),
                }
            )
        )
    moved = review.model_copy(update={"contract": contract, "findings": tuple(kept)})
    return Relocated(Review.model_validate(moved.model_dump()), tuple(unplaced))


class _Finder:
    """Finds passages of the old text in the new one."""

    def __init__(self, old: Contract, new: Contract) -> None:
        self.old, self.new = old, new
        self._old_lines, self._new_lines = _lines(old.text), _lines(new.text)
        a = [_plain(line.of(old.text)) for line in self._old_lines]
        b = [_plain(line.of(new.text)) for line in self._new_lines]
        self._same: dict[int, int] = {}
        for i, j, size in difflib.SequenceMatcher(None, a, b, autojunk=False).get_matching_blocks():
            self._same.update({i + n: j + n for n in range(size)})
        words = sum(len(line) for line in a)
        self.share = sum(len(a[i]) for i in self._same) / words if words else 0.0

    def suggestion(self, suggestion: Suggestion) -> Suggestion | str:
        """Return the suggestion for the new text, or why there is none."""
        if suggestion.original is None:
            return self._insertion(suggestion)
        assert suggestion.start is not None
        assert suggestion.end is not None
        passages = [(suggestion.start, suggestion.end, suggestion.original)]
        passages += [(c.start, c.end, c.original) for c in suggestion.more]
        places = [self._passage(Span(start, end), words) for start, end, words in passages]
        found = [place for place in places if place is not None]
        if len(found) < len(places):
            return GONE
        anchor = self.new.clause_at(found[0].start)
        more = tuple(
            Change(original=at.of(self.new.text), start=at.start, end=at.end, text=change.text)
            for at, change in zip(found[1:], suggestion.more, strict=True)
        )
        return suggestion.model_copy(
            update={
                "anchor": anchor.id if anchor else suggestion.anchor,
                "original": found[0].of(self.new.text),
                "start": found[0].start,
                "end": found[0].end,
                "more": more,
            }
        )

    def _insertion(self, suggestion: Suggestion) -> Suggestion | str:
        if all(_plain(line) in _plain(self.new.text) for line in suggestion.text.split("\n")):
            return THERE
        clause = self.old.clause(suggestion.anchor)
        found = self._clause(clause, suggestion.action) if clause else None
        return suggestion.model_copy(update={"anchor": found.id}) if found else MOVED

    def _clause(self, clause: Clause, action: str) -> Clause | None:
        """Return the clause of the new text that `clause` has become."""
        inside = [
            n
            for n, line in enumerate(self._old_lines)
            if clause.start <= line.start < clause.end and line.of(self.old.text).strip()
        ]
        edge = inside[:1] if action == "insert_before" else inside[-1:]
        for number in edge:
            if number in self._same:
                return self.new.clause_at(self._new_lines[self._same[number]].start)
        alike = [c for c in self.new.clauses if c.number and c.number == clause.number]
        best = [c for c in alike if _likeness(c.text, clause.text) >= SAME_CLAUSE]
        return best[0] if len(best) == 1 else None

    def _passage(self, span: Span, words: str) -> Span | None:
        exact = self._in_same_lines(span)
        if exact is not None:
            return exact
        places = list(_occurrences(words, self.new.text))
        if len(places) > 1:
            low, high = self._between(span)
            places = [p for p in places if low <= p.start and p.end <= high]
        return places[0] if len(places) == 1 else None

    def _in_same_lines(self, span: Span) -> Span | None:
        """Return the passage where the lines around it are the same as they were."""
        first = self._line_of(span.start)
        moved = self._same.get(first)
        if moved is None:
            return None
        at = self._new_lines[moved].start + span.start - self._old_lines[first].start
        found = Span(at, at + span.end - span.start)
        return found if found.of(self.new.text) == span.of(self.old.text) else None

    def _line_of(self, at: int) -> int:
        return next((n for n, line in enumerate(self._old_lines) if line.end >= at), 0)

    def _between(self, span: Span) -> tuple[int, int]:
        """Return where in the new text the lines before and behind a passage stand."""
        first, last = self._line_of(span.start), self._line_of(span.end)
        before = [n for n in self._same if n < first]
        behind = [n for n in self._same if n > last]
        low = self._new_lines[self._same[max(before)]].end if before else 0
        high = self._new_lines[self._same[min(behind)]].start if behind else len(self.new.text)
        return low, high


def _lines(text: str) -> Sequence[Span]:
    found, at = [], 0
    for line in text.split("\n"):
        found.append(Span(at, at + len(line)))
        at += len(line) + 1
    return found


def _plain(text: str) -> str:
    return re.sub(r"\s", "", text)


def _likeness(one: str, other: str) -> float:
    return difflib.SequenceMatcher(None, _plain(one), _plain(other), autojunk=False).ratio()


def _occurrences(words: str, text: str) -> Iterable[Span]:
    """Yield where `words` stand in `text`, white space and width aside."""
    needle, _ = fold(words)
    haystack, origin = fold(text)
    at = haystack.find(needle) if needle else -1
    while at >= 0:
        yield Span(origin[at], origin[at + len(needle) - 1] + 1)
        at = haystack.find(needle, at + 1)
