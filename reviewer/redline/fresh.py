"""A Word file made from a contract's text, for contracts that came as PDF or plain text."""

import io
import re

import docx
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from reviewer.contract import Clause, Contract
from reviewer.ingest.markers import marker_of

_LONGEST_HEADING = 40
_TOP = ("chapter", "section", "article", "english", "chinese")


def fresh_word(contract: Contract) -> bytes:
    """Return a .docx whose text is, line by line, that of `contract`.

    The title is centred, headings are bold and kept with what follows, lines of cells become a
    table.
    """
    document = _blank()
    lines = contract.text.split("\n")
    starts: dict[int, str] = {}
    for clause in contract.clauses:
        if clause.kind == "title":
            at = clause.start
            for line in clause.text.split("\n"):
                starts[at] = "title" if line.strip() else "body"
                at += len(line) + 1
        elif clause.heading and clause.level == 0 and _is_bare(clause):
            starts[clause.start] = "heading"
    at = 0
    rows: list[list[str]] = []
    for line in lines:
        cells = _cells(line, rows)
        if cells is None:
            _table(document, rows)
            rows = []
            cells = _cells(line, rows)
        if cells is not None:
            rows.append(cells)
        else:
            _paragraph(document, line, starts.get(at, "body"))
        at += len(line) + 1
    _table(document, rows)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _is_bare(clause: Clause) -> bool:
    """Return whether the first line of a clause is its heading alone."""
    first = clause.text.split("\n", 1)[0].strip().rstrip("：: *#】")
    return first.endswith(clause.heading or " ")


def _blank() -> Document:
    document: Document = docx.Document()
    style = document.styles["Normal"]
    style.font.name = "Times New Roman"
    style.font.size = Pt(12)
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), "宋体")
    style.paragraph_format.space_after = Pt(0)
    style.paragraph_format.line_spacing = 1.5
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.8)
    section.top_margin = section.bottom_margin = Cm(2.5)
    return document


def _cells(line: str, rows: list[list[str]]) -> list[str] | None:
    """Return the cells of a line that belongs to the table of `rows` or opens one."""
    cells = line.split(" | ")
    if len(cells) < 2 or any(cell != cell.strip() for cell in cells):
        return None
    if rows:
        return cells if len(rows[0]) == len(cells) else None
    return cells


def _paragraph(document: Document, line: str, kind: str) -> None:
    paragraph = document.add_paragraph()
    short = len(line) <= _LONGEST_HEADING
    run = paragraph.add_run(re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", "", line))
    form = paragraph.paragraph_format
    if kind == "title" and short:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        run.bold, run.font.size = True, Pt(16)
        form.space_after = Pt(6)
    elif kind == "heading" and short:
        run.bold = True
        form.keep_with_next = True
        form.space_before = Pt(6)
    elif not line[:1].isspace() and _is_prose(line):
        form.first_line_indent = Pt(24)


def _is_prose(line: str) -> bool:
    marker = marker_of(line)
    return bool(line.strip()) and (marker is None or marker.style not in _TOP) and len(line) > 12


def _table(document: Document, rows: list[list[str]]) -> None:
    if not rows:
        return
    table = document.add_table(rows=0, cols=len(rows[0]))
    table.style = "Table Grid"
    for cells in rows:
        for cell, words in zip(table.add_row().cells, cells, strict=True):
            cell.text = words
