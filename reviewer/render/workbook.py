"""The report as a workbook, with formulas made inert."""

import io
from collections.abc import Sequence
from typing import NamedTuple

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill

from reviewer.finding import Finding
from reviewer.playbook import Playbook
from reviewer.render.messages import Lang, say
from reviewer.render.report import (
    by_urgency,
    legibility_of,
    numbers_of,
    reason_of,
    score_of,
    title_of,
)
from reviewer.review import Review

_FILL = {"missing": "F8D7DA", "hit": "F8D7DA", "weak": "FFF3CD", "ok": "D4EDDA", "clear": "FFFFFF"}
_WIDTHS = (8, 22, 8, 8, 14, 60, 60, 40, 60)


def workbook(review: Review, playbook: Playbook | None = None, lang: Lang = "zh") -> bytes:
    """Return an .xlsx with one row for each finding."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = say("report", lang)
    sheet.append([inert(review.contract.title), score_of(review, lang), say("no_advice", lang)])
    keys = ("finding", "status", "severity", "where", "reason", "evidence", "law", "suggestion")
    sheet.append(["#", *(say(key, lang) for key in keys)])
    for cell in sheet[2]:
        cell.font = Font(bold=True)
    for finding in by_urgency(review.findings):
        sheet.append(
            [
                finding.id,
                title_of(finding, playbook, lang),
                say(finding.status, lang),
                say(finding.severity, lang),
                inert(numbers_of(finding, review.contract)),
                inert(_reason(finding, playbook, lang)),
                inert("\n".join(passage.quote for passage in finding.evidence)),
                "\n".join(f"《{c.law}》{c.article}" for c in finding.citations),
                inert(finding.suggestion.text if finding.suggestion else ""),
            ]
        )
        row = sheet[sheet.max_row]
        row[2].fill = PatternFill("solid", fgColor=_FILL[finding.status])
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    for column, width in zip("ABCDEFGHI", _WIDTHS, strict=True):
        sheet.column_dimensions[column].width = width
    sheet.freeze_panes = "A3"
    return _saved(book)


def _reason(finding: Finding, playbook: Playbook | None, lang: Lang) -> str:
    parts = (reason_of(finding, playbook, lang), legibility_of(finding, lang))
    return "\n".join(part for part in parts if part)


class Sheet(NamedTuple):
    """A sheet of a workbook."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[object]]


def sheets(*given: Sheet) -> bytes:
    """Return an .xlsx with these sheets, formulas in them made inert."""
    book = Workbook()
    book.remove(book.active)
    for sheet in given:
        page = book.create_sheet(sheet.title)
        for number, row in enumerate((sheet.head, *sheet.rows)):
            page.append([inert(cell) if isinstance(cell, str) else cell for cell in row])
            for cell in page[number + 1]:
                cell.font = Font(bold=number == 0)
                cell.alignment = Alignment(wrap_text=True, vertical="top")
        for column in page.columns:
            longest = max(len(str(cell.value or "")) for cell in column)
            page.column_dimensions[column[0].column_letter].width = min(max(8, 2 * longest), 60)
        page.freeze_panes = "B2"
    return _saved(book)


def _saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def inert(text: str) -> str:
    """Return `text` such that no spreadsheet takes it for a formula."""
    text = "".join(c for c in text if c in "\n\t" or c >= " ")[:32000]
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
