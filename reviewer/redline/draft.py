"""One attempt at a redline: edits into the tree, comments, and the check of the whole."""

import dataclasses
import re
from collections.abc import Sequence

from reviewer.contract import Contract
from reviewer.ingest.characters import visible
from reviewer.ingest.package import Package, w
from reviewer.ingest.word import WordText
from reviewer.redline.barriers import CannotPlace
from reviewer.redline.check import (
    lines_after_acceptance,
    same_after_rejection,
    without_blanks,
)
from reviewer.redline.comments import with_comments
from reviewer.redline.edits import Edit, apply
from reviewer.redline.layout import Layout, host_of
from reviewer.redline.looks import Looks
from reviewer.redline.notes import Language, words
from reviewer.redline.operations import Drop, Operation, Put, Words
from reviewer.redline.package import written
from reviewer.redline.plan import Planner
from reviewer.redline.references import References, named
from reviewer.redline.runs import Marks, attach, used_ids
from reviewer.redline.tables import Grid, parts_of
from reviewer.redline.tracked import Extent
from reviewer.text import Span

_ID = re.compile(rb"[:\s]id=[\"'](-?\d{1,10})[\"']")
UNFAITHFUL = "自检发现拒绝修订后与原文不一致"
STRANGE = "此处的文件结构出乎意料"
_UNFORESEEN = (AssertionError, AttributeError, IndexError, KeyError, TypeError, ValueError)
"""What a file that breaks the rules of the format may cause; the change is refused, not guessed."""


class Draft:
    """A fresh copy of the main part, and what is done to it."""

    def __init__(self, contract: Contract, word: WordText, author: str, date: str) -> None:
        self.contract = contract
        self.word = word
        self.layout = Layout(word)
        self.marks = Marks(author, date, _used(word.package, self.layout))
        self.planner = Planner(self.layout, Looks(contract, self.layout))
        self.references = References(contract)
        self.made: list[Edit] = []
        self.warnings: list[str] = []

    def make(self, edits: Sequence[Edit], lang: Language) -> dict[str, str]:
        """Make the edits, last first; return finding and reason of those that cannot be made."""
        failed: dict[str, str] = {}
        planned: list[tuple[Edit, list[Operation]]] = []
        for edit in edits:
            try:
                planned.append((edit, self.planner.operations(edit)))
            except CannotPlace as problem:
                failed.setdefault(edit.finding, str(problem))
            except _UNFORESEEN:
                failed.setdefault(edit.finding, STRANGE)
        planned = [(edit, found) for edit, found in planned if edit.finding not in failed]
        operations_of_all = [operation for _, found in planned for operation in found]
        dropped = {o.piece.element for o in operations_of_all if isinstance(o, Drop)}
        for operation in operations_of_all:
            if isinstance(operation, Put):
                operation.keep_clear(dropped)
        for edit, operations in reversed(planned):
            note = self._note(edit, operations, lang)
            try:
                self._do(edit, operations, note)
            except CannotPlace as problem:
                return {edit.finding: str(problem)}
            except _UNFORESEEN:
                return {edit.finding: STRANGE}
            self.made.insert(0, edit)
        return failed

    def _do(self, edit: Edit, operations: Sequence[Operation], note: str) -> None:
        """Apply the operations, last first, and anchor the comment to the words that change."""
        in_words = [o for o in operations if isinstance(o, Words) and o.changes()]
        anchors: list[Extent] = []
        for operation in reversed(operations):
            if isinstance(operation, Put):
                operation.commented = bool(edit.comment) and not in_words
            extent = operation.apply(self.marks)
            if extent is not None and (operation in in_words or not in_words):
                anchors.insert(0, extent)
        if edit.comment and anchors:
            text = "\n".join(part for part in (edit.comment, note) if part)
            self._comment(Extent(anchors[0].first, anchors[-1].last), text)
        if note:
            self.warnings.insert(0, f"{edit.finding}：{note}")

    def _note(self, edit: Edit, operations: Sequence[Operation], lang: Language) -> str:
        """Return what the change does to references by number elsewhere, or nothing."""
        if edit.inserts:
            clause = self.contract.clause(edit.anchor)
            if clause is None or not any(isinstance(o, Put) for o in operations):
                return ""
            line = self.layout.line_before(edit.span.start) if not edit.before else None
            if line is None or not self.planner.looks.takes_number(edit, line.piece):
                return ""
            while edit.article and clause.parent and (above := self.contract.clause(clause.parent)):
                clause = above
            moved = self.references.shifted(edit.span.start, clause)
            return words("shifted", lang, numbers=named(moved)) if moved else ""
        if edit.text.strip():
            return ""
        covered = [
            c
            for c in self.contract.clauses
            if c.start >= edit.span.start and c.start + len(c.text.rstrip()) <= edit.span.end
        ]
        if not covered:
            return ""
        gone = self.references.dangling(covered)
        moved = (
            self.references.shifted(edit.span.end, covered[0])
            if self.layout.line_at(covered[0].start).piece.place.prefix
            else []
        )
        said = [words("dangling", lang, numbers=named(gone))] if gone else []
        said += [words("moved_up", lang, numbers=named(moved))] if moved else []
        return "\n".join(said)

    def _comment(self, extent: Extent, text: str) -> None:
        first, last = extent
        hosts = [host_of(e) for e in extent]
        nested = [next(e.iterancestors(w("p")), None) for e in extent]
        if nested[0] is not None and hosts[0] is not nested[0]:
            first = last = hosts[0]
        attach(first, last, self.marks.comment(text), self.marks)
        for element in (first, last):
            self.marks.touched.add(
                element if element.tag == w("p") else next(element.iterancestors(w("p")))
            )

    def remark(self, edit: Edit, reason: str, lang: Language) -> None:
        """Say in a comment what could not be changed."""
        place = self.planner.spot(edit)
        if place is None or not edit.comment or not visible(place):
            return
        old = edit.span.of(self.word.text)
        asked = (
            words("wanted", lang, text=edit.text)
            if edit.text.strip()
            else words("wanted_gone", lang, text=old)
        )
        text = "\n".join([words("refused", lang, reason=reason), asked, edit.comment])
        attach(place, place, self.marks.comment(text), self.marks)
        self.marks.touched.add(place)

    def main_part(self) -> bytes:
        """Return the main part as it is now."""
        return written(self.layout.source, self.marks.touched)

    def is_faithful(self) -> bool:
        """Return whether rejection gives the original back and acceptance what was asked."""
        marked = self.main_part()
        package = self.word.package
        original = package.root(package.main)
        assert original is not None
        comments = frozenset(str(number) for number, _ in self.marks.comments)
        if not same_after_rejection(original, marked, self.marks.is_own, comments):
            return False
        found = lines_after_acceptance(marked, package, self.marks.is_own)
        return found == self._wanted()

    def _wanted(self) -> list[str]:
        """Return the lines that the accepted document is to have, automatic numbers left out."""
        return without_blanks(
            apply(*_without_numbers(self.word, [self._typed(e) for e in self.made]))
        )

    def _typed(self, edit: Edit) -> Edit:
        """Return an insertion with the lines as they are written into this document."""
        if not edit.inserts:
            return edit
        line = (
            self.layout.line_at(edit.span.start)
            if edit.before
            else self.layout.line_before(edit.span.start)
        )
        lines = self.planner.looks.typed(edit, line.piece)
        shown = [
            text
            for part in parts_of(lines)
            for text in ([" | ".join(r) for r in part.rows] if isinstance(part, Grid) else [part])
        ]
        return dataclasses.replace(edit, text="\n".join(shown), numbers=())

    def finish(self) -> dict[str, bytes]:
        """Return the parts that changed."""
        parts = {self.word.package.main: self.main_part()}
        return parts | with_comments(
            self.word.package, self.marks.comments, self.marks.author, self.marks.date
        )


def _used(package: Package, layout: Layout) -> set[int]:
    """Return every id of a change, comment or bookmark in the file."""
    found = used_ids([layout.root])
    for name, data in package.parts.items():
        if name != package.main and name.endswith(".xml") and len(data) < 10_000_000:
            found.update(int(value) for value in _ID.findall(data))
    return found


def _without_numbers(word: WordText, edits: Sequence[Edit]) -> tuple[str, list[Edit]]:
    """Return text and edits with the automatic numbers taken out of the text."""
    cuts = [(p.start, p.start + p.prefix) for p in word.paragraphs if p.prefix]
    text, at = "", 0
    for start, end in cuts:
        text += word.text[at:start]
        at = end
    return text + word.text[at:], [_moved(e, word.text, cuts) for e in edits]


def _moved(edit: Edit, text: str, cuts: Sequence[tuple[int, int]]) -> Edit:
    def place(at: int) -> int:
        return at - sum(min(end, at) - start for start, end in cuts if start < at)

    span = Span(place(edit.span.start), place(edit.span.end))
    words = edit.text
    for start, end in cuts:
        inside = start <= edit.span.start < end and edit.span.end > end
        if inside and not edit.inserts and words.startswith(text[edit.span.start : end]):
            words = words[end - edit.span.start :]
    return dataclasses.replace(edit, span=span, text=words)
