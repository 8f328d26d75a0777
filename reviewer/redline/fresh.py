"""A Word file made from a contract's text, for contracts that came as PDF or plain text."""

import io
import re

import docx
from docx.document import Document
from docx.oxml.ns import qn
from docx.shared import Pt

from reviewer.contract import Contract


def fresh_word(contract: Contract) -> bytes:
    """Return a .docx whose text is, line by line, that of `contract`.

    Consecutive lines of cells become a table; titles and article headings are bold.
    """
    document = docx.Document()
    style = document.styles["Normal"]
    style.font.name = "SimSun"
    style.font.size = Pt(11)
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), "SimSun")
    headings = {
        c.start for c in contract.clauses if c.kind == "title" or (c.heading and c.level == 0)
    }
    at = 0
    rows: list[list[str]] = []
    for line in contract.text.split("\n"):
        cells = line.split(" | ")
        if (
            len(cells) > 1
            and all(cell == cell.strip() for cell in cells)
            and (not rows or len(rows[0]) == len(cells))
        ):
            rows.append(cells)
        else:
            _table(document, rows)
            rows = []
            short = at in headings and len(line) <= 40
            _paragraph(document, line, bold=short)
        at += len(line) + 1
    _table(document, rows)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _paragraph(document: Document, line: str, *, bold: bool) -> None:
    run = document.add_paragraph().add_run(re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", "", line))
    run.bold = bold or None


def _table(document: Document, rows: list[list[str]]) -> None:
    if not rows:
        return
    table = document.add_table(rows=0, cols=len(rows[0]))
    table.style = "Table Grid"
    for cells in rows:
        for cell, words in zip(table.add_row().cells, cells, strict=True):
            cell.text = words
