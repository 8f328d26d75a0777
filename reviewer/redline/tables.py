"""Tables and rows, tracked: a suggestion whose lines are `a | b | c` becomes a Word table."""

import copy
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lxml import etree

from reviewer.ingest.characters import visible
from reviewer.ingest.package import W, parent_of, w
from reviewer.redline.barriers import FOREIGN, Barriers, CannotPlace
from reviewer.redline.blocks import Made, mark
from reviewer.redline.runs import Marks, inserted, isolate, main_run, with_fields, wrap_deleted
from reviewer.redline.tracked import Extent

_DEFAULT_WIDTH = 8300
"""Twips between the margins of an A4 page, where the document does not say."""
_RULE = re.compile(r"[\s|:+-]*-{2,}[\s|:+-]*")
_SIDES = ("top", "left", "bottom", "right", "insideH", "insideV")


@dataclass(frozen=True)
class Grid:
    """Lines of text that are rows of a table."""

    rows: tuple[tuple[str, ...], ...]


def parts_of(lines: Sequence[str]) -> Iterator[str | Grid]:
    """Yield paragraphs and tables: two or more rows in succession with as many cells are a table.

    A row is `a | b | c`; a bar at both ends, and a rule of dashes as in Markdown, are left out.

    >>> list(parts_of(["指标如下：", "指标 | 标准", "满意度 | 95%"]))
    ['指标如下：', Grid(rows=(('指标', '标准'), ('满意度', '95%')))]
    """
    rows: list[tuple[str, ...]] = []
    held: list[str] = []
    for line in [*lines, ""]:
        if rows and _RULE.fullmatch(line) and "|" in line:
            continue
        cells = cells_of(line)
        if rows and (cells is None or len(cells) != len(rows[0])):
            yield from [Grid(tuple(rows))] if len(rows) > 1 else held
            rows, held = [], []
        if cells is not None:
            rows.append(cells)
            held.append(line)
        elif line:
            yield line


def cells_of(line: str) -> tuple[str, ...] | None:
    """Return the cells of a row of text, or None where it is none."""
    words = line.strip()
    if words.startswith("|") and words.endswith("|") and len(words) > 2:
        return tuple(cell.strip() for cell in words[1:-1].split("|"))
    cells = re.split(r" \| ?|(?<= )\| ", line)
    return tuple(cell.strip() for cell in cells) if len(cells) > 1 else None


@dataclass(frozen=True)
class Look:
    """What new tables of a document look like."""

    properties: etree._Element | None
    """`w:tblPr` of a ruled table of the document, where it has one."""
    width: int
    run: etree._Element | None
    """The run whose look the words take."""


def look_of(
    body: etree._Element, styles: etree._Element | None, like: etree._Element | None
) -> Look:
    """Return the look that a new table of the document takes."""
    ruled = next((t for t in body.iter(w("tbl")) if _is_ruled(t, styles)), None)
    properties = ruled.find(w("tblPr")) if ruled is not None else None
    cell = ruled.find(f".//{w('tc')}/{w('p')}") if ruled is not None else None
    words = main_run(cell) if cell is not None else None
    return Look(properties, _width(body), words if words is not None else main_run(like))


def _is_ruled(table: etree._Element, styles: etree._Element | None) -> bool:
    inside = table.find(f"{w('tblPr')}/{w('tblBorders')}/{w('insideH')}")
    if inside is not None:
        return inside.get(w("val")) not in (None, "nil", "none")
    style = table.find(f"{w('tblPr')}/{w('tblStyle')}")
    if style is None or styles is None:
        return False
    name = style.get(w("val"))
    found = next((s for s in styles.iter(w("style")) if s.get(w("styleId")) == name), None)
    return found is not None and found.find(f".//{w('tblBorders')}/{w('insideH')}") is not None


def _width(body: etree._Element) -> int:
    section = next((s for s in body.iter(w("sectPr")) if s.find(w("pgSz")) is not None), None)
    size = section.find(w("pgSz")) if section is not None else None
    margin = section.find(w("pgMar")) if section is not None else None
    try:
        assert size is not None
        assert margin is not None
        width = int(float(size.get(w("w"), ""))) - sum(
            int(float(margin.get(w(side), ""))) for side in ("left", "right")
        )
    except (AssertionError, ValueError):
        return _DEFAULT_WIDTH
    return width if 1000 < width < 40000 else _DEFAULT_WIDTH


def new_table(grid: Grid, look: Look, marks: Marks) -> Made:
    """Return a tracked table whose first row is its head."""
    table = etree.Element(w("tbl"), nsmap={"w": W})
    table.append(_table_properties(look.properties))
    columns = etree.SubElement(table, w("tblGrid"))
    widths = _widths(grid, look.width)
    for width in widths:
        etree.SubElement(columns, w("gridCol")).set(w("w"), str(width))
    first: etree._Element | None = None
    for number, cells in enumerate(grid.rows):
        row = etree.SubElement(table, w("tr"))
        properties = etree.SubElement(row, w("trPr"))
        etree.SubElement(properties, w("cantSplit"))
        if number == 0:
            etree.SubElement(properties, w("tblHeader"))
        properties.append(marks.element("ins"))
        for words, width in zip(cells, widths, strict=True):
            cell = etree.SubElement(row, w("tc"))
            size = etree.SubElement(etree.SubElement(cell, w("tcPr")), w("tcW"))
            size.set(w("w"), str(width))
            size.set(w("type"), "dxa")
            run = _cell_paragraph(cell, words, look.run, marks, head=number == 0)
            first = first if first is not None else run
    assert first is not None
    return Made(table, first)


def _table_properties(like: etree._Element | None) -> etree._Element:
    if like is not None:
        properties = copy.deepcopy(like)
        for name in ("tblpPr", "tblOverlap", "tblInd", "tblW", "tblLayout", "tblPrChange"):
            for child in properties.findall(w(name)):
                properties.remove(child)
    else:
        properties = etree.Element(w("tblPr"), nsmap={"w": W})
        borders = etree.SubElement(properties, w("tblBorders"))
        for side in _SIDES:
            line = etree.SubElement(borders, w(side))
            for name, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", "auto")):
                line.set(w(name), value)
    width = etree.Element(w("tblW"), nsmap={"w": W})
    width.set(w("w"), "5000")
    width.set(w("type"), "pct")
    before = ("tblStyle", "bidiVisual", "tblStyleRowBandSize", "tblStyleColBandSize")
    properties.insert(sum(c.tag in {w(n) for n in before} for c in properties), width)
    return properties


def _widths(grid: Grid, total: int) -> list[int]:
    weights = [
        min(max(max(len(row[n]) for row in grid.rows), 4), 24) for n in range(len(grid.rows[0]))
    ]
    return [total * weight // sum(weights) for weight in weights]


def _cell_paragraph(
    cell: etree._Element, text: str, like: etree._Element | None, marks: Marks, *, head: bool
) -> etree._Element:
    paragraph = etree.SubElement(cell, w("p"))
    indent = etree.SubElement(etree.SubElement(paragraph, w("pPr")), w("ind"))
    for name in ("left", "firstLineChars", "firstLine"):
        indent.set(w(name), "0")
    words = inserted(like, text, marks)
    properties = words.find(f"{w('r')}/{w('rPr')}")
    if properties is None:
        properties = etree.Element(w("rPr"), nsmap={"w": W})
        words[0].insert(0, properties)
    for bold in properties.findall(w("b")):
        properties.remove(bold)
    if head:
        before = sum(c.tag in (w("rStyle"), w("rFonts")) for c in properties)
        properties.insert(before, etree.Element(w("b"), nsmap={"w": W}))
    if len(properties) == 0:
        words[0].remove(properties)
    paragraph.append(words)
    mark(paragraph, "ins", marks)
    return words


def check_row(row: etree._Element) -> None:
    """Raise CannotPlace where no row may be put behind `row`."""
    if tracked_row(row):
        raise CannotPlace(FOREIGN)
    following = row.getnext()
    for cell in following.iter(w("tc")) if following is not None else ():
        merge = cell.find(f"{w('tcPr')}/{w('vMerge')}")
        if merge is not None and merge.get(w("val")) != "restart":
            raise CannotPlace("位于纵向合并的单元格之间")


def tracked_row(row: etree._Element) -> bool:
    """Return whether someone inserted or deleted the row."""
    properties = row.find(w("trPr"))
    return properties is not None and any(
        properties.find(w(name)) is not None for name in ("ins", "del")
    )


def new_row(row: etree._Element, cells: Sequence[str], marks: Marks) -> Made:
    """Return a tracked row built like `row`; a single cell spans all its columns."""
    made = etree.Element(w("tr"), nsmap={"w": W})
    properties = etree.SubElement(made, w("trPr"))
    old = row.find(w("trPr"))
    for child in old if old is not None else ():
        if child.tag not in (w("ins"), w("del"), w("trPrChange"), w("tblHeader")):
            properties.append(copy.deepcopy(child))
    properties.append(marks.element("ins"))
    olds = [c for c in row.iter(w("tc")) if next(c.iterancestors(w("tr"))) is row]
    first: etree._Element | None = None
    for number, words in enumerate(cells):
        cell = etree.SubElement(made, w("tc"))
        cell.append(_cell_properties(olds, number, spanning=len(cells) == 1 < len(olds)))
        like = olds[number].find(w("p"))
        run = _row_paragraph(cell, words, like, marks)
        first = first if first is not None else run
    assert first is not None
    return Made(made, first)


def _cell_properties(
    cells: Sequence[etree._Element], number: int, *, spanning: bool
) -> etree._Element:
    like = cells[number].find(w("tcPr"))
    properties = (
        copy.deepcopy(like) if like is not None else etree.Element(w("tcPr"), nsmap={"w": W})
    )
    for name in ("vMerge", "hMerge", "cellIns", "cellDel", "cellMerge", "tcPrChange"):
        for child in properties.findall(w(name)):
            properties.remove(child)
    if spanning:
        for name in ("gridSpan", "tcW"):
            for child in properties.findall(w(name)):
                properties.remove(child)
        span = etree.Element(w("gridSpan"), nsmap={"w": W})
        span.set(w("val"), str(sum(_span(cell) for cell in cells)))
        properties.insert(sum(c.tag == w("cnfStyle") for c in properties), span)
    return properties


def _span(cell: etree._Element) -> int:
    span = cell.find(f"{w('tcPr')}/{w('gridSpan')}")
    value = span.get(w("val"), "1") if span is not None else "1"
    return int(value) if value.isdigit() else 1


def _row_paragraph(
    cell: etree._Element, text: str, like: etree._Element | None, marks: Marks
) -> etree._Element:
    from reviewer.redline.blocks import NewParagraph, new_paragraph

    made = new_paragraph(NewParagraph(text, like), marks)
    cell.append(made.element)
    mark(made.element, "ins", marks)
    return made.words


def put_rows(row: etree._Element, made: Sequence[Made], marks: Marks) -> Extent:
    """Put new rows behind a row."""
    check_row(row)
    behind = row
    for entry in made:
        behind.addnext(entry.element)
        behind = entry.element
    return Extent(made[0].words, made[-1].words)


def check_drop_row(row: etree._Element, barriers: Barriers) -> None:
    """Raise CannotPlace where `drop_row` would; nothing is changed."""
    if tracked_row(row):
        raise CannotPlace(FOREIGN)
    if row.find(f".//{w('tbl')}") is not None or row.find(f".//{w('txbxContent')}") is not None:
        raise CannotPlace("含嵌套的表格或文本框")
    for paragraph in row.iter(w("p")):
        characters = visible(paragraph)
        barriers.check(characters, characters)


def drop_row(row: etree._Element, barriers: Barriers, marks: Marks) -> Extent:
    """Delete a row with its words."""
    barriers.own = marks.own
    changed: list[etree._Element] = []
    for paragraph in row.iter(w("p")):
        characters = visible(paragraph)
        fields = barriers.check(characters, characters)
        if characters:
            runs = with_fields(isolate(paragraph, 0, len(characters)), fields)
            changed += wrap_deleted(runs, marks)
            marks.touched.add(paragraph)
    properties = row.find(w("trPr"))
    if properties is None:
        properties = etree.Element(w("trPr"), nsmap={"w": W})
        before = row.find(w("tblPrEx"))
        row.insert(0, properties) if before is None else before.addnext(properties)
    change = properties.find(w("trPrChange"))
    entry = marks.element("del")
    properties.append(entry) if change is None else change.addprevious(entry)
    marks.touched.add(row)
    first = next(row.iter(w("p")))
    return Extent(changed[0], changed[-1]) if changed else Extent(first, first)


def outer_row(paragraph: etree._Element) -> etree._Element | None:
    """Return the outermost row around a paragraph within its text box or the body."""
    found = None
    for parent in paragraph.iterancestors():
        if parent.tag == w("txbxContent"):
            break
        if parent.tag == w("tr"):
            found = parent
    return found


def outer_table(row: etree._Element) -> etree._Element:
    """Return the table that a row of text belongs to."""
    return next(row.iterancestors(w("tbl")), parent_of(row))
