"""The original PDF with its findings: highlights on the passages, notes where something is missing.

The file is only added to: its own bytes stay as they are, and the annotations follow them.
"""

import datetime
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import pypdf
import pypdfium2
import pypdfium2.raw
from pypdf.annotations import Highlight, Text
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, FloatObject, NameObject, RectangleObject, TextStringObject

from reviewer.errors import Unreadable
from reviewer.finding import Finding, Severity
from reviewer.redline.notes import Comments, Language, comment_of, words
from reviewer.review import Review
from reviewer.text import Span, fold

_COLOUR: dict[Severity, str] = {"high": "ff9d9d", "medium": "ffd98a", "low": "b9dcff"}
_NOTE = 18
"""Points that the sign of a note is wide and high."""


@dataclass(frozen=True)
class Annotated:
    """A PDF with annotations, and the findings that have no place of their own in it."""

    data: bytes
    placed: tuple[str, ...]
    unplaced: tuple[tuple[str, str], ...]
    """Id and reason, in Chinese; such a finding is a note at the top of its page."""


class _Box(NamedTuple):
    page: int
    left: float
    bottom: float
    right: float
    top: float


def annotated_pdf(
    review: Review,
    data: bytes,
    findings: Sequence[Finding],
    *,
    comments: Comments = "internal",
    author: str = "合同审查",
    date: datetime.datetime | None = None,
    lang: Language = "zh",
) -> Annotated:
    """Return the reviewed PDF with a highlight or a note for each of `findings`.

    Args:
        review: The review of this file.
        data: The file.
        findings: What to show.
        comments: Written for oneself, for the other side, or none (highlights only).
        author: Shown as the author of the annotations.
        date: Time of the annotations; now by default.
        lang: Language of the comments.

    Raises:
        Unreadable: The file cannot be added to.
    """
    stamp = (date or datetime.datetime.now(datetime.UTC)).strftime("D:%Y%m%d%H%M%SZ")
    try:
        places = _Places(data, review)
        writer = pypdf.PdfWriter(io.BytesIO(data), incremental=True)
        pen = _Pen(writer, author, stamp, comments, lang)
        placed, unplaced = [], []
        for finding in findings:
            boxes = [box for span in _spans(review, finding) for box in places.boxes(span)]
            if boxes:
                pen.highlight(finding, boxes)
                placed.append(finding.id)
            else:
                pen.note(finding, places.beside(review, finding))
                if finding.suggestion is None or finding.suggestion.original is not None:
                    unplaced.append((finding.id, "该页没有文本层，批注放在页首"))
                else:
                    placed.append(finding.id)
        out = io.BytesIO()
        writer.write(out)
    except (PyPdfError, pypdfium2.PdfiumError, KeyError, ValueError, TypeError, OSError) as error:
        raise Unreadable(
            f"{review.contract.file} 不能添加批注，可能已损坏", remedy="请改用 --format docx"
        ) from error
    return Annotated(out.getvalue(), tuple(placed), tuple(unplaced))


def _spans(review: Review, finding: Finding) -> Iterator[Span]:
    """Yield the passages that a finding is about: what it wants to change, or its evidence."""
    suggestion = finding.suggestion
    if suggestion and suggestion.start is not None and suggestion.end is not None:
        yield Span(suggestion.start, suggestion.end)
        yield from (Span(change.start, change.end) for change in suggestion.more)
    else:
        yield from (evidence.span for evidence in finding.evidence)


class _Places:
    """Where the characters of the reviewed text stand on the pages."""

    def __init__(self, data: bytes, review: Review) -> None:
        self.text = review.contract.text
        self._folded, origin = fold(self.text)
        self._at = {place: n for n, place in reversed(list(enumerate(origin)))}
        self._origin = origin
        self.sizes: list[tuple[float, float, float, float]] = []
        self._characters: list[str] = []
        self._boxes: list[_Box] = []
        document = pypdfium2.PdfDocument(data)
        try:
            for number in range(len(document)):
                self._read(document, number)
        finally:
            document.close()
        self._page_text = "".join(self._characters)

    def _read(self, document: "pypdfium2.PdfDocument", number: int) -> None:
        page = document[number]
        self.sizes.append(tuple(page.get_cropbox()))
        page.set_rotation(0)
        text = page.get_textpage()
        for index in range(text.count_chars()):
            character = chr(pypdfium2.raw.FPDFText_GetUnicode(text.raw, index))
            for piece in fold(character)[0]:
                self._characters.append(piece)
                self._boxes.append(_Box(number, *text.get_charbox(index)))
        text.close()
        page.close()

    def boxes(self, span: Span) -> list[_Box]:
        """Return the lines on which a passage stands, one box each; none where it is not found."""
        needle = fold(span.of(self.text))[0]
        if len(needle) < 1 or not self._page_text:
            return []
        wanted = self._position(span.start) * len(self._page_text) / max(len(self._folded), 1)
        starts = [m.start() for m in re.finditer(f"(?={re.escape(needle)})", self._page_text)]
        if not starts:
            return []
        start = min(starts, key=lambda place: abs(place - wanted))
        return list(_lines(self._boxes[start : start + len(needle)]))

    def _position(self, at: int) -> int:
        while at < len(self.text) and at not in self._at:
            at += 1
        return self._at.get(at, len(self._folded))

    def beside(self, review: Review, finding: Finding) -> _Box:
        """Return where the note of a finding goes that has no passage: its clause, or page one."""
        anchor = finding.suggestion.anchor if finding.suggestion else None
        clause = review.contract.clause(anchor or (finding.clauses[-1] if finding.clauses else ""))
        if clause is not None:
            end = clause.start + len(clause.text.rstrip())
            for start in (end - 12, end - 6, clause.start):
                boxes = self.boxes(Span(max(start, clause.start), end))
                if boxes:
                    return boxes[-1]
        page = review.contract.page_of(clause.start) if clause is not None else None
        number = min(max((page or 1) - 1, 0), len(self.sizes) - 1)
        left, _, _, top = self.sizes[number]
        return _Box(number, left + 20, top - 40, left + 20, top - 20)


def _lines(boxes: Sequence[_Box]) -> Iterator[_Box]:
    """Join the boxes of characters that stand on one line."""
    current: _Box | None = None
    for box in boxes:
        if box.right <= box.left:
            continue
        if current and box.page == current.page and _level(current, box):
            current = _Box(
                current.page,
                min(current.left, box.left),
                min(current.bottom, box.bottom),
                max(current.right, box.right),
                max(current.top, box.top),
            )
            continue
        if current:
            yield current
        current = box
    if current:
        yield current


def _level(line: _Box, box: _Box) -> bool:
    middle = (box.bottom + box.top) / 2
    return line.bottom - 2 <= middle <= line.top + 2 and box.left >= line.left - 2


class _Pen:
    """Writes annotations."""

    def __init__(
        self,
        writer: pypdf.PdfWriter,
        author: str,
        stamp: str,
        comments: Comments,
        lang: Language,
    ) -> None:
        self.writer, self.author, self.stamp = writer, author, stamp
        self.comments, self.lang = comments, lang
        self._count = 0
        self._notes: dict[tuple[int, int], int] = {}

    def highlight(self, finding: Finding, boxes: Sequence[_Box]) -> None:
        """Mark the lines of a passage; the comment is on the first page that it stands on."""
        for page in dict.fromkeys(box.page for box in boxes):
            here = [box for box in boxes if box.page == page]
            quads = [
                value
                for b in here
                for value in (b.left, b.top, b.right, b.top, b.left, b.bottom, b.right, b.bottom)
            ]
            rect = (
                min(b.left for b in here),
                min(b.bottom for b in here),
                max(b.right for b in here),
                max(b.top for b in here),
            )
            self._add(
                page,
                finding,
                Highlight(
                    rect=rect,
                    quad_points=ArrayObject([FloatObject(round(q, 2)) for q in quads]),
                    highlight_color=_COLOUR[finding.severity],
                    printing=True,
                ),
                speak=page == boxes[0].page,
            )

    def note(self, finding: Finding, beside: _Box) -> None:
        """Put the sign of a note behind a line; several at one place stand side by side."""
        place = (beside.page, round(beside.bottom))
        nth = self._notes.get(place, 0)
        self._notes[place] = nth + 1
        left = beside.right + 4 + nth * (_NOTE + 2)
        rect = (left, beside.bottom, left + _NOTE, beside.bottom + _NOTE)
        self._add(beside.page, finding, Text(rect=rect, text=""), speak=True)

    def _add(
        self, page: int, finding: Finding, annotation: Highlight | Text, *, speak: bool
    ) -> None:
        self._count += 1
        annotation[NameObject("/T")] = TextStringObject(self.author)
        annotation[NameObject("/M")] = TextStringObject(self.stamp)
        annotation[NameObject("/NM")] = TextStringObject(f"review-{finding.id}-{self._count}")
        rect = annotation[NameObject("/Rect")]
        assert isinstance(rect, RectangleObject | ArrayObject)
        said = self._said(finding) if speak and self.comments != "none" else finding.title
        annotation[NameObject("/Contents")] = TextStringObject(said)
        self.writer.add_annotation(page, annotation)

    def _said(self, finding: Finding) -> str:
        text = comment_of(finding, self.comments, self.lang)
        suggestion = finding.suggestion
        if suggestion is None:
            return text
        if suggestion.text.strip():
            return f"{text}\n{words('wanted', self.lang, text=suggestion.text)}"
        return f"{text}\n{words('wanted_gone', self.lang, text=suggestion.original or '')}"
