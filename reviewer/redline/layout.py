"""The lines of the text and what they are in the file: paragraphs, or rows of a table."""

from bisect import bisect_right
from dataclasses import dataclass, field

from lxml import etree

from reviewer.ingest.characters import visible
from reviewer.ingest.package import MC, parent_of, w
from reviewer.ingest.word import WordParagraph, WordText
from reviewer.redline.barriers import FOREIGN, Barriers, CannotPlace
from reviewer.redline.package import Source
from reviewer.redline.tables import outer_row
from reviewer.text import Span

OUTSIDE = "位置不在正文段落内"


@dataclass
class Piece:
    """A `w:p` and where its visible words stand in the text."""

    element: etree._Element
    place: WordParagraph

    @property
    def start(self) -> int:
        """Return where the words begin, behind the number that the list gives."""
        return self.place.start + self.place.prefix

    @property
    def end(self) -> int:
        """Return where the words end."""
        return self.place.end


@dataclass
class Line:
    """A line of the text: one paragraph, or a row with the paragraphs of its cells."""

    pieces: list[Piece]
    row: etree._Element | None
    end: int = 0
    run_on: bool = False
    """Whether someone's pending deletion lets the paragraph run on into the next."""
    start: int = field(default=0)

    @property
    def piece(self) -> Piece:
        """Return the first paragraph."""
        return self.pieces[0]


class Layout:
    """The main part of a Word file by lines."""

    def __init__(self, word: WordText) -> None:
        self.text = word.text
        self.package = word.package
        self.source = Source.of(word.package.parts[word.package.main])
        self.root = self.source.root
        self.barriers = Barriers(self.root)
        elements = list(self.root.iter(w("p")))
        self.lines: list[Line] = []
        for place in word.paragraphs:
            if place.part == word.package.main:
                self._add(Piece(elements[place.index], place))
        for line in self.lines:
            line.start = line.pieces[0].place.start
            line.end = line.pieces[-1].end
            if line.row is not None:
                stop = self.text.find("\n", line.end)
                line.end = stop if stop >= 0 else line.end
        for line, following in zip(self.lines, self.lines[1:], strict=False):
            if line.row is None and following.start == line.end and following.end > line.end:
                line.run_on = following.run_on = (
                    "\n" not in self.text[line.end : following.start + 1]
                )
        self._starts = [line.start for line in self.lines]

    def _add(self, piece: Piece) -> None:
        row = outer_row(piece.element) if piece.place.in_table else None
        if row is not None and self.lines and self.lines[-1].row is row:
            self.lines[-1].pieces.append(piece)
        else:
            self.lines.append(Line([piece], row))

    def lines_in(self, span: Span) -> list[Line]:
        """Return the lines that `span` has words of.

        Raises:
            CannotPlace: It reaches outside the main text, or into a line that is two paragraphs.
        """
        found = [n for n, e in enumerate(self.lines) if e.start < span.end and e.end > span.start]
        if not found:
            found = [
                n for n, e in enumerate(self.lines) if e.start <= span.start <= span.end <= e.end
            ]
        lines = self.lines[found[0] : found[-1] + 1] if found else []
        if not lines or span.end > lines[-1].end or span.start < lines[0].start:
            raise CannotPlace(OUTSIDE)
        if any(line.run_on for line in lines):
            raise CannotPlace(FOREIGN)
        return lines

    def line_before(self, at: int) -> Line:
        """Return the line that ends at or holds the character before `at`."""
        number = bisect_right(self._starts, max(at - 1, 0)) - 1
        line = self.lines[number] if number >= 0 else None
        if line is None or at > line.end + 1:
            raise CannotPlace(OUTSIDE)
        if line.run_on:
            raise CannotPlace(FOREIGN)
        return line

    def line_at(self, at: int) -> Line:
        """Return the line that begins at or holds `at`."""
        number = bisect_right(self._starts, at) - 1
        if number < 0 or at > self.lines[number].end:
            raise CannotPlace(OUTSIDE)
        if self.lines[number].run_on:
            raise CannotPlace(FOREIGN)
        return self.lines[number]


def host_of(paragraph: etree._Element) -> etree._Element:
    """Return the paragraph of the text that a text box with `paragraph` in it is anchored in."""
    host = paragraph
    for parent in paragraph.iterancestors(w("p")):
        host = parent
    return host


def twins(paragraph: etree._Element) -> list[etree._Element]:
    """Return the copies of a text box's paragraph for programs that do not know the box's format.

    Raises:
        CannotPlace: The copy reads differently, so that one change would not fit both.
    """
    box = next(paragraph.iterancestors(w("txbxContent")), None)
    choice = next(box.iterancestors(f"{{{MC}}}Choice"), None) if box is not None else None
    if box is None or choice is None:
        return []
    fallback = parent_of(choice).find(f"{{{MC}}}Fallback")
    if fallback is None:
        return []
    boxes = list(choice.iter(w("txbxContent")))
    others = list(fallback.iter(w("txbxContent")))
    if not others:
        return []
    here, there = list(box.iter(w("p"))), []
    if len(boxes) == len(others):
        there = list(others[boxes.index(box)].iter(w("p")))
    if len(here) != len(there) or not all(
        _same_words(a, b) for a, b in zip(here, there, strict=True)
    ):
        raise CannotPlace("位于文本框内，且文本框的两份内容不一致")
    return [there[here.index(paragraph)]]


def _same_words(one: etree._Element, other: etree._Element) -> bool:
    """Return whether two paragraphs read the same."""
    return [c.character for c in visible(one)] == [c.character for c in visible(other)]
