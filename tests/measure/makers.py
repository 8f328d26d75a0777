"""The same contract as different programs make a PDF of it."""

import html
import io
import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import docx
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import (
    BaseDocTemplate,
    Frame,
    PageTemplate,
    Paragraph,
    Table,
    TableStyle,
)

from tests.hostile.pdfs import pdf, stream

Row = tuple[str, ...]
Block = str | tuple[Row, ...]
"""A paragraph, or the rows of a table."""


def blocks(text: str) -> list[Block]:
    """Return a contract's text as paragraphs and tables; rows have ` | ` between their cells."""
    found: list[Block] = []
    rows: list[Row] = []
    for line in [*text.splitlines(), ""]:
        if " | " in line:
            rows.append(tuple(cell.strip() for cell in line.split(" | ")))
            continue
        if rows:
            width = max(map(len, rows))
            found.append(tuple(row + ("",) * (width - len(row)) for row in rows))
            rows = []
        if line.strip():
            found.append(line.strip())
    return found


def by_libreoffice(given: Sequence[Block], folder: Path, font: str = "Noto Serif CJK SC") -> bytes:
    """Return the PDF that LibreOffice exports."""
    document = docx.Document()
    style = document.styles["Normal"]
    style.font.name = font
    for block in given:
        if isinstance(block, str):
            document.add_paragraph(block)
            continue
        table = document.add_table(len(block), len(block[0]), style="Table Grid")
        for row, cells in zip(table.rows, block, strict=True):
            for cell, words in zip(row.cells, cells, strict=True):
                cell.text = words
    source = folder / "measured.docx"
    document.save(str(source))
    subprocess.run(
        [
            *("soffice", "--headless", f"-env:UserInstallation={(folder / 'profile').as_uri()}"),
            *("--convert-to", "pdf", "--outdir", str(folder), str(source)),
        ],
        check=True,
        capture_output=True,
        timeout=180,
    )
    return source.with_suffix(".pdf").read_bytes()


def by_chromium(given: Sequence[Block], folder: Path, columns: int = 1) -> bytes:
    """Return the PDF that Chromium prints."""
    style = (
        "body{font:11pt/1.6 serif}table{border-collapse:collapse}td{border:1px solid #000}"
        f".page{{column-gap:30px;column-count:{columns};break-after:page}}"
    )
    sheets = [_html(part) for part in _sheets(given)]
    if columns > 1:
        sheets = [f"<div class=page>{sheet}</div>" for sheet in sheets]
    page = folder / "measured.html"
    page.write_text(
        f"<meta charset=utf-8><style>{style}</style>{''.join(sheets)}", encoding="utf-8"
    )
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    assert program, "Chromium is missing: run tests/system/install.sh"
    subprocess.run(
        [
            *(program, "--headless", "--no-sandbox", f"--user-data-dir={folder / 'browser'}"),
            *("--no-pdf-header-footer", f"--print-to-pdf={folder / 'measured.pdf'}", str(page)),
        ],
        check=True,
        capture_output=True,
        timeout=180,
    )
    return (folder / "measured.pdf").read_bytes()


def _sheets(given: Sequence[Block], most: int = 800) -> list[list[Block]]:
    """Return the blocks in portions that fit on a page."""
    sheets: list[list[Block]] = [[]]
    size = 0
    for block in given:
        long = len(block) if isinstance(block, str) else 3 * sum(len("".join(r)) for r in block)
        if size and size + long > most:
            sheets.append([])
            size = 0
        sheets[-1].append(block)
        size += long
    return sheets


def _html(given: Sequence[Block]) -> str:
    parts = []
    for block in given:
        if isinstance(block, str):
            parts.append(f"<p>{html.escape(block)}</p>")
            continue
        lines = ("".join(f"<td>{html.escape(cell)}</td>" for cell in row) for row in block)
        parts.append("<table>" + "".join(f"<tr>{line}</tr>" for line in lines) + "</table>")
    return "".join(parts)


def by_reportlab(given: Sequence[Block], columns: int = 1) -> bytes:
    """Return the PDF that reportlab draws, in a font that is not embedded."""
    name = "STSong-Light"
    pdfmetrics.registerFont(UnicodeCIDFont(name))
    style = ParagraphStyle("x", fontName=name, fontSize=10.5, leading=16, wordWrap="CJK")
    buffer = io.BytesIO()
    document = BaseDocTemplate(buffer, pagesize=(595, 842))
    wide = 460 / columns
    frames = [Frame(65 + n * (wide + 10), 60, wide - 10, 720) for n in range(columns)]
    document.addPageTemplates([PageTemplate(frames=frames)])

    def shown(words: str) -> Paragraph:
        return Paragraph(html.escape(words), style)

    story: list[object] = []
    for block in given:
        if isinstance(block, str):
            story.append(shown(block))
            continue
        cells = [[shown(cell) for cell in row] for row in block]
        grid = TableStyle([("GRID", (0, 0), (-1, -1), 0.5, "black")])
        story.append(Table(cells, style=grid))
    document.build(story)
    return buffer.getvalue()


def in_gbk(given: Sequence[Block]) -> bytes:
    """Return a PDF whose text is in GBK, as older Chinese programs write it; tables are left out."""
    lines = [
        block[at : at + 38]
        for block in given
        if isinstance(block, str)
        for at in range(0, len(block), 38)
    ]
    sheets = [lines[at : at + 40] for at in range(0, len(lines), 40)]
    font = 3 + 2 * len(sheets)
    objects = [
        b"<</Type /Catalog /Pages 2 0 R>>",
        b"<</Type /Pages /Count %d /Kids [%s]>>"
        % (len(sheets), b" ".join(b"%d 0 R" % (3 + 2 * n) for n in range(len(sheets)))),
    ]
    for number, sheet in enumerate(sheets):
        shown = b" ".join(
            b"<%s> Tj T*" % line.encode("gbk", "replace").hex().encode() for line in sheet
        )
        objects.append(
            b"<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R "
            b"/Resources <</Font <</F %d 0 R>>>>>>" % (4 + 2 * number, font)
        )
        objects.append(stream(b"BT /F 11 Tf 18 TL 70 790 Td " + shown + b" ET"))
    objects.append(
        b"<</Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /GBKp-EUC-H "
        b"/DescendantFonts [%d 0 R]>>" % (font + 1)
    )
    objects.append(
        b"<</Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000 /CIDSystemInfo "
        b"<</Registry (Adobe) /Ordering (GB1) /Supplement 2>> /FontDescriptor %d 0 R>>" % (font + 2)
    )
    objects.append(
        b"<</Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] "
        b"/ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93>>"
    )
    return pdf(objects)


MAKERS: dict[str, Callable[[Sequence[Block], Path], bytes]] = {
    "LibreOffice": by_libreoffice,
    "LibreOffice, sans serif": lambda given, folder: by_libreoffice(
        given, folder, "Noto Sans CJK SC"
    ),
    "Chromium": by_chromium,
    "Chromium, two columns": lambda given, folder: by_chromium(given, folder, 2),
    "reportlab": lambda given, folder: by_reportlab(given),
    "reportlab, two columns": lambda given, folder: by_reportlab(given, 2),
    "GBKp-EUC-H, no tables": lambda given, folder: in_gbk(given),
}
"""Programs and layouts."""
