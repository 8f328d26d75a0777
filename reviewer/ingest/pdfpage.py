"""One page of a PDF with a text layer: its lines, table rows kept together, hidden text left out."""

import ctypes
from typing import NamedTuple

import pypdfium2
from pypdfium2 import raw

from reviewer.ingest.grid import Box, Rule, Table, tables
from reviewer.ingest.pdfobjects import Drawn, drawn
from reviewer.ingest.printed import CELLS, Printed, joined
from reviewer.ingest.signs import Sign, as_text, cell_lines, edge_of, printed_lines

_SLACK = 2.5
"""Points that the lines of a table may miss each other by."""
MAX_CHARACTERS = 200_000
"""Of one page."""


class PageText(NamedTuple):
    """What a page's text layer says, and what speaks against it."""

    lines: list[Printed]
    hidden: str
    """Text that the page does not show; not in `lines`."""
    is_layer: bool
    """Whether the hidden text is most of the page's text, as in a scan with a text layer."""
    pictures: tuple[Box, ...]
    coverage: float
    """Share of the page that pictures cover, 0 to 1."""
    shapes: int
    """How many paths are drawn, letters as outlines included."""

    @property
    def text(self) -> str:
        """Return the lines as one text."""
        return "\n".join(line.text for line in self.lines)


def page_text(page: "pypdfium2.PdfPage") -> PageText:
    """Return the text layer of a page."""
    turned = page.get_rotation()
    page.set_rotation(0)
    found = drawn(page)
    width, height = page.get_size()
    view = _View(turned, width, height, *page.get_bbox()[:2])
    across, down = view.rules(found)
    grids = tables(across, down, _SLACK)
    textpage = page.get_textpage()
    try:
        lines, hidden, seen = _by_sign(textpage, grids, found, view)
    finally:
        textpage.close()
        page.set_rotation(turned)
    return PageText(
        lines=lines,
        hidden=hidden,
        is_layer=len(hidden) > max(20, seen),
        pictures=tuple(found.pictures),
        coverage=found.share_of_pictures(width, height),
        shapes=found.shapes,
    )


class _View(NamedTuple):
    """How a page is looked at: y downwards, turned as its author wants it."""

    turned: int
    width: float
    height: float
    x: float
    y: float

    def place(self, box: Box) -> Box:
        """Return where a box stands that is given from the lower left corner, y upwards."""
        left, low, right, high = box
        if self.turned == 90:
            return Box(low, left, high, right)
        if self.turned == 180:
            return Box(self.width - right, low, self.width - left, high)
        if self.turned == 270:
            return Box(self.height - high, self.width - right, self.height - low, self.width - left)
        return Box(left, self.height - high, right, self.height - low)

    def rules(self, found: Drawn) -> tuple[list[Rule], list[Rule]]:
        """Return the horizontal and the vertical lines."""
        across: list[Rule] = []
        down: list[Rule] = []
        boxes = [Box(rule.start, rule.at, rule.end, rule.at) for rule in found.across]
        boxes += [Box(rule.at, rule.start, rule.at, rule.end) for rule in found.down]
        for left, top, right, bottom in map(self.place, boxes):
            if right - left >= bottom - top:
                across.append(Rule(top, left, right))
            else:
                down.append(Rule(left, top, bottom))
        return across, down


def _by_sign(
    textpage: "pypdfium2.PdfTextPage",
    grids: list[Table],
    found: Drawn,
    view: _View,
) -> tuple[list[Printed], str, int]:
    """Return the lines, the hidden text, and how many characters are to be seen."""
    shown: list[Sign] = []
    hidden: list[str] = []
    seen = 0
    cells: dict[tuple[int, int], list[Sign]] = {}
    places: list[tuple[int, int]] = []
    last: tuple[int, int] | None = None
    for index in range(min(textpage.count_chars(), MAX_CHARACTERS)):
        sign = _sign(textpage, index, view)
        if sign is None or sign.owner in found.doubled:
            continue
        if sign.owner in found.unseen and not sign.character.isspace():
            hidden.append(sign.character)
            continue
        if not sign.owner and last is not None:
            if sign.character == " ":
                cells[last].append(sign._replace(y=cells[last][-1].y))
            continue
        at = last = _cell(grids, sign) if sign.owner else None
        seen += not sign.character.isspace()
        if at is None:
            shown.append(sign)
            continue
        if at not in cells and not any(grid == at[0] for grid, _ in places):
            places.append((at[0], len(shown)))
        cells.setdefault(at, []).append(sign)
    lines: list[Printed] = []
    edge = edge_of(shown)
    begin = 0
    for grid, place in places:
        lines += printed_lines(shown[begin:place], edge)
        lines += _rows(grids[grid], {c: signs for (g, c), signs in cells.items() if g == grid})
        begin = place
    return lines + printed_lines(shown[begin:], edge), as_text(hidden).strip(), seen


def _sign(textpage: "pypdfium2.PdfTextPage", index: int, view: _View) -> Sign | None:
    code = raw.FPDFText_GetUnicode(textpage, index)
    if code in (0, 0xFFFE, 0x02) or code > 0x10FFFF:
        return None
    owner = 0
    if raw.FPDFText_IsGenerated(textpage, index) != 1:
        handle = raw.FPDFText_GetTextObject(textpage, index)
        owner = ctypes.cast(handle, ctypes.c_void_p).value or 0 if handle else 0
    edges = raw.FS_RECTF()
    if not raw.FPDFText_GetLooseCharBox(textpage, index, edges):
        return Sign(chr(code), 0, 0, 0, 0, owner)
    left, low = edges.left - view.x, edges.bottom - view.y
    box = view.place(Box(left, low, edges.right - view.x, edges.top - view.y))
    return Sign(
        chr(code), box.left, box.right, (box.top + box.bottom) / 2, box.bottom - box.top, owner
    )


def _cell(grids: list[Table], sign: Sign) -> tuple[int, int] | None:
    for number, grid in enumerate(grids):
        cell = grid.cell_at(sign.x, sign.y)
        if cell is not None:
            return number, cell
    return None


def _rows(grid: Table, cells: dict[int, list[Sign]]) -> list[Printed]:
    """Return the rows of a table; a row that is one cell stays a text of its own."""
    rows = []
    for row in grid.rows():
        texts = [cell_lines(cells.get(cell, [])) if cell is not None else [] for cell in row]
        if len(texts) == 1:
            rows += [Printed(line) for line in texts[0]]
        elif any(texts):
            rows.append(Printed(CELLS.join(joined(lines) for lines in texts), is_row=True))
    return rows
