"""An edit of the text as operations on paragraphs and rows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from lxml import etree

from reviewer.ingest.characters import visible
from reviewer.ingest.markers import marker_of
from reviewer.ingest.package import parent_of, w
from reviewer.redline import tables
from reviewer.redline.barriers import Barriers, CannotPlace
from reviewer.redline.diff import likeness
from reviewer.redline.edits import Edit
from reviewer.redline.layout import Layout, Line, Piece, host_of
from reviewer.redline.looks import Looks
from reviewer.redline.operations import (
    ACROSS,
    Cut,
    Drop,
    DropRow,
    Operation,
    Put,
    PutRows,
    Split,
    Words,
)
from reviewer.text import Span

NUMBERED = "编号由 Word 自动生成，不能直接改"
_CLOSING = "。；;.，,：: "
ALIKE = 0.5
"""Likeness from which an old line is taken for the earlier form of a new one."""

LARGEST = 10_000
"""Pairs of old and new lines up to which they are compared."""


@dataclass
class Planner:
    """Turns edits into operations on one document."""

    layout: Layout
    looks: Looks
    _barriers: Barriers = field(init=False)

    def __post_init__(self) -> None:
        """Take what the layout knows of obstacles."""
        self._barriers = self.layout.barriers

    def operations(self, edit: Edit) -> list[Operation]:
        """Return what to do, in the order of the text, each step checked.

        Raises:
            CannotPlace: The change would not be exact.
        """
        found = self._insertion(edit) if edit.inserts else self._replacement(edit)
        for operation in found:
            operation.check()
        return found

    def spot(self, edit: Edit) -> etree._Element | None:
        """Return the paragraph that a comment on `edit` goes to when it cannot be made."""
        pieces = [piece for line in self.layout.lines for piece in line.pieces]
        before = [piece for piece in pieces if piece.place.start <= edit.span.start]
        for piece in (*reversed(before), *pieces[len(before) :]):
            host = host_of(piece.element)
            if visible(host):
                return host
        return None

    def _insertion(self, edit: Edit) -> list[Operation]:
        if not edit.lines:
            return []
        at = edit.span.start
        if edit.before:
            line = self.layout.line_at(at)
            if self._is_inside(line, at):
                return [Cut(line.piece, at - line.piece.start, self.looks.maker(edit, line.piece))]
            if line.row is None and host_of(line.piece.element) is line.piece.element:
                make = self.looks.maker(edit, self._neighbour(edit) or line.piece)
                return [Put(line.piece.element, make, before=True, piece=line.piece)]
            line = self._line_above(line)
        else:
            line = self.layout.line_before(at)
            if self._is_inside(line, at):
                return [Cut(line.piece, at - line.piece.start, self.looks.maker(edit, line.piece))]
        if line.row is not None:
            return self._behind_row(edit, line)
        element = line.piece.element
        host = host_of(element)
        if host is not element and self._goes_on_in(host, line):
            raise CannotPlace(ACROSS)
        return [Put(host, self.looks.maker(edit, line.piece))]

    def _is_inside(self, line: Line, at: int) -> bool:
        """Return whether words of the same paragraph stand on both sides of `at`."""
        text = self.layout.text
        return (
            line.row is None
            and bool(text[line.piece.start : at].strip())
            and bool(text[at : line.end].strip())
        )

    def _neighbour(self, edit: Edit) -> Piece | None:
        """Return the paragraph above an insertion, whose look body lines take."""
        above = [e for e in self.layout.lines if e.end < edit.span.start and e.row is None]
        return above[-1].piece if above and above[-1].end > above[-1].start else None

    def _line_above(self, line: Line) -> Line:
        number = self.layout.lines.index(line)
        if number == 0 or self.layout.lines[number - 1].row is None is not line.row:
            raise CannotPlace(ACROSS)
        return self.layout.lines[number - 1]

    def _goes_on_in(self, host: etree._Element, line: Line) -> bool:
        number = self.layout.lines.index(line)
        following = self.layout.lines[number + 1 : number + 2]
        return any(host_of(e.piece.element) is host for e in following)

    def _behind_row(self, edit: Edit, line: Line) -> list[Operation]:
        assert line.row is not None
        table = tables.outer_table(line.row)
        if host_of(line.piece.element) is not line.piece.element:
            raise CannotPlace(ACROSS)
        grids = list(tables.parts_of(edit.typed))
        rows = [tables.cells_of(text) for text in edit.typed]
        width = self.layout.text[line.start : line.end].count(" | ") + 1
        last = list(table.iter(w("tr")))[-1]
        is_last = line.row is last or last in set(line.row.iter(w("tr")))
        fitting = [row for row in rows if row is not None and len(row) == width]
        if len(fitting) == len(rows) and not any(isinstance(g, tables.Grid) for g in grids):
            return [PutRows(line.row, fitting)]
        if is_last:
            return [Put(table, self.looks.maker(edit, line.piece))]
        return [PutRows(line.row, [[text] for text in edit.typed])]

    def _replacement(self, edit: Edit) -> list[Operation]:
        start, end = edit.span
        text = edit.text
        old = self.layout.text[start:end]
        whole = old.endswith("\n") and (not text or text.endswith("\n"))
        while whole and old.endswith("\n"):
            old, end = old[:-1], end - 1
            text = text[:-1] if text.endswith("\n") else text
        if not old:
            raise CannotPlace("只有空行")
        lines = self.layout.lines_in(Span(start, end))
        if any(line.row is not None for line in lines):
            return self._in_rows(lines, Span(start, end), text)
        if len(lines) > 1:
            containers = {parent_of(line.piece.element) for line in lines}
            if len(containers) > 1:
                raise CannotPlace(ACROSS)
        return self._in_paragraphs(lines, Span(start, end), text)

    def _in_paragraphs(self, lines: Sequence[Line], span: Span, text: str) -> list[Operation]:
        news = text.split("\n") if text else []
        rest = self.layout.text[span.end : lines[-1].end]
        if len(news) > 1 and rest and not rest.strip(_CLOSING):
            # The full stop left behind closes the last of the new lines.
            span = Span(span.start, lines[-1].end)
            news[-1] += rest
        olds = [self._range(line.piece, span) for line in lines]
        head = olds[0][0] > 0
        last = lines[-1].piece
        tail = olds[-1][1] < last.end - last.start
        if len(lines) == 1 and len(news) <= 1:
            return self._in_one(lines[0], span, "".join(news))
        if head and tail and len(lines) == 1:
            words = self._words(lines[0].piece, span, news[0])
            return [Split(words, news[1:])]
        if (head or tail) and not news:
            news = [""]
        if head and tail and len(news) == 1:
            raise CannotPlace("修改会把几个段落合成一段")
        return self._aligned(lines, span, news, head=head, tail=tail)

    def _in_one(self, line: Line, span: Span, text: str) -> list[Operation]:
        start, end = self._range(line.piece, span)
        if not text and start == 0 and end == line.piece.end - line.piece.start:
            return [Drop(line.piece, self._barriers)] if end else []
        return [self._words(line.piece, span, text)]

    def _range(self, piece: Piece, span: Span) -> tuple[int, int]:
        start = max(span.start, piece.start) - piece.start
        end = min(span.end, piece.end) - piece.start
        return start, max(start, end)

    def _words(self, piece: Piece, span: Span, text: str) -> Words:
        """Return the change of a paragraph; the number that its list gives stays out of it."""
        start, end = self._range(piece, span)
        if piece.place.prefix and span.start < piece.start:
            text = self._without_number(piece, span, text)
        return Words(piece, start, end, text, self._barriers)

    def _without_number(self, piece: Piece, span: Span, text: str) -> str:
        shown = self.layout.text[max(span.start, piece.place.start) : piece.start]
        if text.startswith(shown):
            return text[len(shown) :]
        old, new = marker_of(shown.strip() + " x"), marker_of(text)
        if old is None or new is None or (old.style, old.value) != (new.style, new.value):
            raise CannotPlace(NUMBERED)
        return text[new.end :]

    def _aligned(
        self, lines: Sequence[Line], span: Span, news: Sequence[str], *, head: bool, tail: bool
    ) -> list[Operation]:
        """Pair old lines with new ones; what has no partner is deleted or inserted."""
        olds = [self.layout.text[max(s.start, span.start) : min(s.end, span.end)] for s in lines]
        pairs = aligned(olds, news, first=head, last=tail)
        found: list[Operation] = []
        done = 0
        for number, line in enumerate(lines):
            partner = pairs.get(number)
            if partner is None:
                found.append(Drop(line.piece, self._barriers))
                continue
            if partner > done:
                make = self.looks.plain(news[done:partner], line.piece)
                found.append(Put(line.piece.element, make, before=True, piece=line.piece))
            found.append(self._words(line.piece, span, news[partner]))
            done = partner + 1
            nexts = [pairs[n] for n in pairs if n > number]
            upto = min(nexts) if nexts else len(news)
            if not nexts and upto > done:
                make = self.looks.plain(news[done:upto], line.piece)
                found.append(Put(line.piece.element, make))
                done = upto
        return found

    def _in_rows(self, lines: Sequence[Line], span: Span, text: str) -> list[Operation]:
        if any(line.row is None for line in lines):
            raise CannotPlace(ACROSS)
        if len(lines) == 1 and not (text == "" and _covers(span, lines[0])):
            return self._in_row(lines[0], span, text)
        if span.start > lines[0].start or span.end < lines[-1].end:
            raise CannotPlace(ACROSS)
        news = text.split("\n") if text else []
        olds = [self.layout.text[line.start : line.end] for line in lines]
        pairs = aligned(olds, news, first=False, last=False)
        found: list[Operation] = []
        last = -1
        for number, line in enumerate(lines):
            assert line.row is not None
            if number not in pairs:
                found.append(DropRow(line.row, self._barriers))
                continue
            if pairs[number] != last + 1:
                raise CannotPlace(ACROSS)
            found += self._in_row(line, Span(line.start, line.end), news[pairs[number]])
            last = pairs[number]
        if last + 1 < len(news):
            rows = [tables.cells_of(words) for words in news[last + 1 :]]
            width = olds[-1].count(" | ") + 1
            if lines[-1].row is None or any(row is None or len(row) != width for row in rows):
                raise CannotPlace(ACROSS)
            found.append(PutRows(lines[-1].row, [row for row in rows if row]))
        return found

    def _in_row(self, line: Line, span: Span, text: str) -> list[Operation]:
        """Change the cells of one row, or words of one cell."""
        pieces = [p for p in line.pieces if p.place.start < span.end and p.end > span.start]
        within = [p for p in line.pieces if p.place.start <= span.start and span.end <= p.end]
        if "\n" in text:
            raise CannotPlace("要在单元格内分段")
        if within:
            return [self._words(within[0], span, text)]
        return [
            self._words(piece, _clipped(span, piece), words)
            for piece, words in self._cells(pieces, span, text)
        ]

    def _cells(self, pieces: Sequence[Piece], span: Span, text: str) -> Iterator[tuple[Piece, str]]:
        """Yield what each paragraph of a row is to read; what stands between them must stay."""
        if not pieces:
            raise CannotPlace(ACROSS)
        lead = self.layout.text[span.start : max(span.start, pieces[0].place.start)]
        if not text.startswith(lead):
            raise CannotPlace(ACROSS)
        rest = text[len(lead) :]
        for piece, following in zip(pieces, [*pieces[1:], None], strict=True):
            old = _clipped(span, piece)
            gap = self.layout.text[old.end : following.place.start if following else span.end]
            if following is None:
                if not rest.endswith(gap):
                    raise CannotPlace(ACROSS)
                yield piece, rest[: len(rest) - len(gap)]
            else:
                words, found, behind = rest.partition(gap) if gap.strip() else (rest, "", "")
                unchanged = old.of(self.layout.text)
                if not gap.strip() and rest.startswith(unchanged + gap):
                    words, found, behind = unchanged, gap, rest[len(unchanged + gap) :]
                if not found and gap:
                    raise CannotPlace(ACROSS)
                rest = behind
                yield piece, words


def _clipped(span: Span, piece: Piece) -> Span:
    return Span(max(span.start, piece.place.start), min(span.end, piece.end))


def _covers(span: Span, line: Line) -> bool:
    return span.start <= line.start and span.end >= line.end


def aligned(olds: Sequence[str], news: Sequence[str], *, first: bool, last: bool) -> dict[int, int]:
    """Return which old line becomes which new one, in order; never none where both have lines.

    Args:
        olds: The old lines.
        news: The new lines.
        first: Whether the first two belong together in any case.
        last: Whether the last two do.
    """
    pairs: dict[int, int] = {}
    low, high = (1 if first else 0), len(olds) - (1 if last else 0)
    news_low, news_high = (1 if first else 0), len(news) - (1 if last else 0)
    if first:
        pairs[0] = 0
    if last:
        pairs[len(olds) - 1] = len(news) - 1
    # A line that becomes several keeps its number in front of all of them.
    if len(olds) == 1 and len(news) > 1 and not (first or last):
        return {0: 0}
    pairs |= _best(olds, news, range(low, high), range(news_low, news_high))
    if not pairs and olds and news:
        pairs[0] = 0
    return dict(sorted(pairs.items()))


def _best(olds: Sequence[str], news: Sequence[str], rows: range, columns: range) -> dict[int, int]:
    """Return the pairing in order with the greatest likeness altogether."""
    if len(rows) * len(columns) > LARGEST:
        raise CannotPlace("改动的段落太多")
    score: dict[tuple[int, int], tuple[float, tuple[tuple[int, int], ...]]] = {}

    def at(i: int, j: int) -> tuple[float, tuple[tuple[int, int], ...]]:
        return score.get((i, j), (0.0, ()))

    for i in rows:
        for j in columns:
            alike = likeness(olds[i], news[j]) if olds[i].strip() or not news[j].strip() else 0.0
            before = at(i - 1, j - 1)
            choices = [at(i - 1, j), at(i, j - 1)]
            if alike >= ALIKE:
                choices.append((before[0] + alike, (*before[1], (i, j))))
            score[i, j] = max(choices, key=lambda choice: choice[0])
    return dict(at(rows[-1], columns[-1])[1]) if rows and columns else {}
