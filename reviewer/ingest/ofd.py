"""OFD (GB/T 33190), the electronic document of Chinese offices: its text layer by place."""

import io
import re
import zipfile
from posixpath import dirname, join, normpath

from lxml import etree

from reviewer.contract import Unread
from reviewer.errors import Unreadable
from reviewer.ingest.flow import flow
from reviewer.ingest.grid import Box, Rule, tables
from reviewer.ingest.layout import Piece, in_order
from reviewer.ingest.limits import Limits
from reviewer.ingest.package import archive_parts, parse_xml
from reviewer.ingest.printed import Printed
from reviewer.ingest.source import Source

_A4 = Box(0.0, 0.0, 210.0, 297.0)
_SLACK = 0.8
"""Millimetres that the lines of a table may miss each other by."""
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_PATH = re.compile(r"([MLBC])((?:\s+-?\d+(?:\.\d+)?)*)")


def read_ofd(data: bytes, name: str, limits: Limits) -> Source:
    """Return the text of an OFD file.

    Raises:
        Unreadable: It is damaged, too large, has too many pages or no text.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive_parts(archive, name, limits)
    except (zipfile.BadZipFile, RuntimeError, EOFError, OSError, ValueError) as error:
        raise _damaged(name) from error
    package = _Package(parts, name)
    pages: list[list[Printed]] = []
    unread: list[Unread] = []
    for location in package.documents():
        document = package.xml(location)
        templates = _templates(document, location)
        shape = _page_box(document)
        for base in _locations(document, "Page", location):
            if len(pages) >= limits.max_pages:
                raise Unreadable(
                    f"{name} 超过上限 {limits.max_pages} 页", remedy="请拆分，或调高上限"
                )
            pages.append(_page(package, base, templates, shape))
            if not pages[-1]:
                unread.append(Unread(part=f"第 {len(pages)} 页", reason="没有文字层"))
    if not any(pages):
        raise Unreadable(f"{name} 里没有文字层", remedy="请导出为 PDF 或 .docx")
    text, starts, _ = flow(pages)
    return Source(text, pages=starts, page_count=len(pages), unread=tuple(unread))


def _damaged(name: str) -> Unreadable:
    return Unreadable(f"{name} 不是有效的 .ofd，或已损坏", remedy="请重新导出，或提供 PDF、.docx")


class _Package:
    """The parts of the archive by name. The names are keys here and never paths."""

    def __init__(self, parts: dict[str, bytes], name: str) -> None:
        self._parts = parts
        self._name = name

    def documents(self) -> list[str]:
        """Return the places of the documents in the file."""
        root = self.xml("OFD.xml")
        return [
            (element.text or "").strip().lstrip("/") for element in root.iterfind(".//{*}DocRoot")
        ]

    def xml(self, place: str) -> etree._Element:
        """Return a part.

        Raises:
            Unreadable: It is absent or damaged.
        """
        try:
            return parse_xml(self._parts[place])
        except (KeyError, etree.XMLSyntaxError, etree.ParserError) as error:
            raise _damaged(self._name) from error


def _resolved(base: str, location: str) -> str:
    return (
        location.lstrip("/")
        if location.startswith("/")
        else normpath(join(dirname(base), location))
    )


def _locations(document: etree._Element, kind: str, base: str) -> list[str]:
    found = document.iterfind(f".//{{*}}Pages/{{*}}{kind}")
    return [_resolved(base, element.get("BaseLoc") or "") for element in found]


def _templates(document: etree._Element, base: str) -> dict[str, str]:
    return {
        element.get("ID") or "": _resolved(base, element.get("BaseLoc") or "")
        for element in document.iterfind(".//{*}TemplatePage")
    }


def _page_box(root: etree._Element) -> Box | None:
    box = root.find(".//{*}PageArea/{*}PhysicalBox")
    numbers = [float(n) for n in _NUMBER.findall(box.text or "")] if box is not None else []
    if len(numbers) != 4 or min(numbers[2:]) <= 0:
        return None
    return Box(0.0, 0.0, numbers[2], numbers[3])


def _page(
    package: _Package, base: str, templates: dict[str, str], shape: Box | None
) -> list[Printed]:
    page = package.xml(base)
    shape = _page_box(page) or shape or _A4
    roots = [page]
    for used in page.iterfind(".//{*}Template"):
        place = templates.get(used.get("TemplateID") or "")
        if place:
            roots.append(package.xml(place))
    pieces: list[Piece] = []
    across: list[Rule] = []
    down: list[Rule] = []
    for root in roots:
        for thing in root.iterfind(".//{*}TextObject"):
            pieces += _pieces(thing, shape)
        for thing in root.iterfind(".//{*}PathObject"):
            _lines(thing, across, down)
    lines = in_order(pieces, tables(across, down, _SLACK))
    return [line._replace(box=None, confidence=None) for line in lines]


def _boundary(thing: etree._Element) -> tuple[float, float]:
    numbers = _NUMBER.findall(thing.get("Boundary") or "")
    return (float(numbers[0]), float(numbers[1])) if len(numbers) == 4 else (0.0, 0.0)


def _pieces(thing: etree._Element, shape: Box) -> list[Piece]:
    left, top = _boundary(thing)
    size = _float(thing.get("Size"), 4.0)
    found = []
    for code in thing.iterfind("{*}TextCode"):
        text = code.text or ""
        if not text.strip():
            continue
        x, y = left + _float(code.get("X"), 0.0), top + _float(code.get("Y"), size)
        width = sum(size if ord(c) > 0x2E7F else size * 0.55 for c in text)
        box = Box(x, y - size, x + width, y)
        shown = Box(
            box.left / shape.right,
            box.top / shape.bottom,
            box.right / shape.right,
            box.bottom / shape.bottom,
        )
        found.append(Piece(text.strip(), box, shown, 1.0))
    return found


def _float(text: str | None, otherwise: float) -> float:
    found = _NUMBER.search(text or "")
    return float(found.group()) if found else otherwise


def _lines(thing: etree._Element, across: list[Rule], down: list[Rule]) -> None:
    """Note the straight lines that a path draws."""
    left, top = _boundary(thing)
    data = thing.find("{*}AbbreviatedData")
    last: tuple[float, float] | None = None
    for command, rest in _PATH.findall(data.text or "" if data is not None else ""):
        numbers = [float(n) for n in _NUMBER.findall(rest)]
        if command in "ML" and len(numbers) == 2:
            here = (left + numbers[0], top + numbers[1])
            if command == "L" and last:
                _note(last, here, across, down)
            last = here


def _note(
    start: tuple[float, float], end: tuple[float, float], across: list[Rule], down: list[Rule]
) -> None:
    wide, high = abs(end[0] - start[0]), abs(end[1] - start[1])
    if wide > 3 and high < 0.3:
        across.append(Rule(start[1], min(start[0], end[0]), max(start[0], end[0])))
    elif high > 2 and wide < 0.3:
        down.append(Rule(start[0], min(start[1], end[1]), max(start[1], end[1])))
