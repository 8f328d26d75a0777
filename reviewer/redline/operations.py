"""Operations on paragraphs and rows: checked before anything is changed, then applied."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from lxml import etree

from reviewer.ingest.characters import visible
from reviewer.ingest.package import w
from reviewer.redline import blocks, tables
from reviewer.redline.barriers import FOREIGN, Barriers, CannotPlace, check_block
from reviewer.redline.layout import Piece, host_of, twins
from reviewer.redline.runs import Marks, isolate, paragraph_of
from reviewer.redline.tracked import Extent, check_words, replace_words, steps_of

ACROSS = "跨越表格或文本框的边界"


class Operation(Protocol):
    """Something that is done to the tree."""

    def check(self) -> None:
        """Raise CannotPlace where `apply` would; nothing is changed."""

    def apply(self, marks: Marks) -> Extent | None:
        """Change the tree; return where."""


@dataclass
class Words:
    """Words of one paragraph, in both copies of a text box."""

    piece: Piece
    start: int
    end: int
    text: str
    barriers: Barriers

    def check(self) -> None:
        """Check every copy."""
        for element in (self.piece.element, *twins(self.piece.element)):
            check_words(element, self.start, self.end, self.text, self.barriers)

    def changes(self) -> bool:
        """Return whether anything is to change."""
        return bool(steps_of(self.piece.element, self.start, self.end, self.text))

    def apply(self, marks: Marks) -> Extent | None:
        """Change every copy; the change is where the first is."""
        others = twins(self.piece.element)
        arguments = (self.start, self.end, self.text, self.barriers, marks)
        for element in others:
            replace_words(element, *arguments)
        return replace_words(self.piece.element, *arguments)


@dataclass
class Drop:
    """A whole paragraph goes."""

    piece: Piece
    barriers: Barriers

    def check(self) -> None:
        """Check."""
        element = self.piece.element
        if host_of(element) is not element:
            raise CannotPlace(ACROSS)
        blocks.check_drop(element, self.barriers)

    def apply(self, marks: Marks) -> Extent | None:
        """Delete it; what was put behind it takes its place."""
        extent = blocks.drop(self.piece.element, self.barriers, marks)
        self.piece.element = paragraph_of(extent.first)
        return extent


@dataclass
class DropRow:
    """A whole row goes."""

    row: etree._Element
    barriers: Barriers

    def check(self) -> None:
        """Check."""
        check_block(self.row)
        tables.check_drop_row(self.row, self.barriers)

    def apply(self, marks: Marks) -> Extent | None:
        """Delete it."""
        return tables.drop_row(self.row, self.barriers, marks)


@dataclass
class Put:
    """New paragraphs and tables beside an element."""

    place: etree._Element
    make: Callable[[Marks], list[blocks.Made]]
    before: bool = False
    commented: bool = False
    """Whether the comment of the edit is anchored in what is put."""
    piece: Piece | None = None
    """The paragraph that `place` was when this was planned; it may have been cut since."""

    def check(self) -> None:
        """Check."""
        if self.before:
            check_block(self.place)
        else:
            blocks.check_behind(self.place)

    def keep_clear(self, dropped: Collection[etree._Element]) -> None:
        """Go before paragraphs that are deleted, where there is text on both sides of them.

        A word processor would otherwise have to tell whose mark goes and whose comes.
        """
        following = blocks.next_block(self.place)
        if self.before or self.place not in dropped or following is None or following.tag != w("p"):
            return
        above = blocks.previous_block(self.place)
        while above is not None and above in dropped:
            above = blocks.previous_block(above)
        if (
            above is not None
            and above.tag == w("p")
            and not blocks.has_section(above)
            and blocks.tracked_mark(above) is None
        ):
            self.place, self.piece = above, None

    def apply(self, marks: Marks) -> Extent | None:
        """Insert them."""
        put = blocks.put_before if self.before else blocks.put_behind
        place = self.piece.element if self.piece else self.place
        return put(place, self.make(marks), marks, commented=self.commented)


@dataclass
class PutRows:
    """New rows behind a row."""

    row: etree._Element
    rows: Sequence[Sequence[str]]

    def check(self) -> None:
        """Check."""
        check_block(self.row)
        tables.check_row(self.row)

    def apply(self, marks: Marks) -> Extent | None:
        """Insert them."""
        made = [tables.new_row(self.row, cells, marks) for cells in self.rows]
        return tables.put_rows(self.row, made, marks)


@dataclass
class Split:
    """Words of a paragraph become several paragraphs, the last with what stood behind them."""

    words: Words
    lines: Sequence[str]
    """The lines behind the first."""

    def check(self) -> None:
        """Check."""
        element = self.words.piece.element
        self.words.check()
        check_block(element)
        if host_of(element) is not element:
            raise CannotPlace(ACROSS)
        if blocks.tracked_mark(element):
            raise CannotPlace(FOREIGN)

    def apply(self, marks: Marks) -> Extent | None:
        """Write the last line behind the words, then cut before it."""
        words, element = self.words, self.words.piece.element
        extent = replace_words(element, words.end, words.end, self.lines[-1], words.barriers, marks)
        runs = isolate(element, words.end, len(visible(element)))
        if extent is None and not runs:
            raise CannotPlace(ACROSS)
        rest = extent.first if extent else runs[0]
        changed = words.apply(marks)
        first = words.piece.element = blocks.split(element, rest, marks)
        middle = [
            blocks.new_paragraph(blocks.NewParagraph(line, element), marks)
            for line in self.lines[:-1]
        ]
        if middle:
            blocks.put_behind(first, middle, marks)
        ends = [e for e in (changed, extent) if e is not None] or [Extent(rest, rest)]
        return Extent(ends[0].first, ends[-1].last)


@dataclass
class Cut:
    """New paragraphs in the middle of one, which becomes two."""

    piece: Piece
    at: int
    make: Callable[[Marks], list[blocks.Made]]

    def check(self) -> None:
        """Check."""
        element = self.piece.element
        check_block(element)
        if host_of(element) is not element:
            raise CannotPlace(ACROSS)
        if blocks.tracked_mark(element):
            raise CannotPlace(FOREIGN)

    def apply(self, marks: Marks) -> Extent | None:
        """Cut and insert."""
        element = self.piece.element
        runs = isolate(element, self.at, len(visible(element)))
        if not runs:
            raise CannotPlace(ACROSS)
        first = self.piece.element = blocks.split(element, runs[0], marks)
        return blocks.put_behind(first, self.make(marks), marks)
