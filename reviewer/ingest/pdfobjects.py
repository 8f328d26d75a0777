"""What is drawn on a PDF page: ruled lines, pictures, and text that the page does not show."""

import ctypes
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import pypdfium2
from pypdfium2 import raw

from reviewer.ingest.grid import Box, Rule

MAX_OBJECTS = 60_000
"""Of one page; what comes after is not looked at."""
_THIN = 3.0
"""Points up to which a bar is a line."""
_SHORT = 8.0
_TINY = 1.5
"""Points of a letter up to which nobody reads it."""
_INVISIBLE = (raw.FPDF_TEXTRENDERMODE_INVISIBLE, raw.FPDF_TEXTRENDERMODE_CLIP)
_COVERS = 60
"""How many things drawn over text are looked at."""
_LOOK = 1.5
"""Pixels a point when a page is drawn to see whether text shows."""


class _Text(NamedTuple):
    """A text object: its address, its place, when it was drawn."""

    address: int
    handle: Any
    box: Box
    order: int


@dataclass
class Drawn:
    """What one pass over a page's objects found.

    Coordinates are in points from the lower left corner of what the page shows; y grows up.
    """

    across: list[Rule] = field(default_factory=list)
    down: list[Rule] = field(default_factory=list)
    pictures: list[Box] = field(default_factory=list)
    shapes: int = 0
    texts: int = 0
    unseen: set[int] = field(default_factory=set)
    """Addresses of the text objects that the page does not show."""
    doubled: set[int] = field(default_factory=set)
    """Addresses of the text objects that stand on a copy of themselves."""

    def share_of_pictures(self, width: float, height: float) -> float:
        """Return how much of the page its pictures cover, 0 to 1."""
        area = sum(
            max(0.0, min(b.right, width) - max(b.left, 0.0))
            * max(0.0, min(b.bottom, height) - max(b.top, 0.0))
            for b in self.pictures
        )
        return min(1.0, area / max(width * height, 1.0))


def drawn(page: "pypdfium2.PdfPage") -> Drawn:
    """Return what is drawn on the page."""
    found = Drawn()
    texts: list[_Text] = []
    doubtful: list[_Text] = []
    tiny: set[int] = set()
    covers: list[tuple[int, Box]] = []
    origin = page.get_bbox()
    for order, thing in enumerate(_objects(page)):
        box = _box(thing, origin)
        if box is None:
            continue
        if thing.type == raw.FPDF_PAGEOBJ_TEXT:
            text = _Text(_address(thing.raw), thing.raw, box, order)
            texts.append(text)
            if _is_tiny(thing, box):
                tiny.add(text.address)
            elif _doubtful(thing.raw, box):
                doubtful.append(text)
        elif thing.type == raw.FPDF_PAGEOBJ_IMAGE:
            found.pictures.append(box)
            covers.append((order, box))
        elif thing.type == raw.FPDF_PAGEOBJ_PATH:
            found.shapes += 1
            if not _rules(thing, box, origin, found) and _is_filled(thing.raw):
                covers.append((order, box))
    found.texts = len(texts)
    known = {text.address for text in doubtful} | tiny
    doubtful += [t for t in texts if t.address not in known and _is_covered(t, covers)]
    found.unseen = _unseen(page, doubtful) | tiny
    found.doubled = _doubled(texts)
    return found


def _objects(page: "pypdfium2.PdfPage") -> Iterator[Any]:
    for number, thing in enumerate(page.get_objects(max_depth=8)):
        if number >= MAX_OBJECTS:
            return
        yield thing


def _address(handle: Any) -> int:
    return ctypes.cast(handle, ctypes.c_void_p).value or 0


def _box(thing: Any, origin: Sequence[float]) -> Box | None:
    try:
        left, bottom, right, top = thing.get_bounds()
    except pypdfium2.PdfiumError:
        return None
    x, y = origin[:2]
    return Box(left - x, bottom - y, right - x, top - y)


def _fill(handle: Any) -> tuple[int, int, int, int]:
    parts = [ctypes.c_uint() for _ in range(4)]
    if not raw.FPDFPageObj_GetFillColor(handle, *parts):
        return 0, 0, 0, 255
    red, green, blue, alpha = (part.value for part in parts)
    return red, green, blue, alpha


def _doubtful(handle: Any, box: Box) -> bool:
    """Return whether a text object may not show: no ink or pale ink.

    One without any extent is a blank.
    """
    if not any(_size(box)):
        return False
    if raw.FPDFTextObj_GetTextRenderMode(handle) in _INVISIBLE:
        return True
    red, green, blue, alpha = _fill(handle)
    return min(red, green, blue) > 225 or alpha < 50


def _is_tiny(thing: Any, box: Box) -> bool:
    """Return whether a text object is too small to be read on paper."""
    if thing.level or min(_size(box)) > _TINY or not any(_size(box)):
        return False
    size = ctypes.c_float()
    if not raw.FPDFTextObj_GetFontSize(thing.raw, size):
        return False
    matrix = thing.get_matrix()
    scale = float(abs(matrix.a * matrix.d - matrix.b * matrix.c)) ** 0.5
    return bool(size.value * scale < _TINY)


def _size(box: Box) -> tuple[float, float]:
    return box.right - box.left, box.bottom - box.top


def _is_filled(handle: Any) -> bool:
    mode, stroke = ctypes.c_int(), ctypes.c_int()
    known = raw.FPDFPath_GetDrawMode(handle, mode, stroke)
    return bool(known) and mode.value != raw.FPDF_FILLMODE_NONE and _fill(handle)[3] > 200


def _is_covered(text: _Text, covers: list[tuple[int, Box]]) -> bool:
    x, y = text.box.middle
    return any(
        order > text.order and box.left <= x <= box.right and box.top <= y <= box.bottom
        for order, box in covers[:_COVERS]
    )


def _rules(thing: Any, box: Box, origin: Sequence[float], found: Drawn) -> bool:
    """Note the lines that a path draws; return whether it is one of lines."""
    wide, high = _size(box)
    if high <= _THIN or wide <= _THIN:
        if max(wide, high) >= _SHORT:
            _note(found, box)
        return True
    count = raw.FPDFPath_CountSegments(thing.raw)
    if not 2 <= count <= 4000 or thing.level:
        return False
    corners = [_corner(thing, n, origin) for n in range(count)]
    first: tuple[float, float] | None = None
    last: tuple[float, float] | None = None
    for corner in corners:
        if corner is None:
            return False
        (x, y), kind, closes = corner
        if kind == raw.FPDF_SEGMENT_MOVETO:
            first = (x, y)
        elif kind == raw.FPDF_SEGMENT_LINETO and last:
            _segment(found, last, (x, y))
        last = (x, y)
        if closes and first and last:
            _segment(found, last, first)
    return False


def _corner(
    thing: Any, number: int, origin: Sequence[float]
) -> tuple[tuple[float, float], int, bool] | None:
    segment = raw.FPDFPath_GetPathSegment(thing.raw, number)
    x, y = ctypes.c_float(), ctypes.c_float()
    if not segment or not raw.FPDFPathSegment_GetPoint(segment, x, y):
        return None
    right, up = thing.get_matrix().on_point(x.value, y.value)
    place = right - origin[0], up - origin[1]
    return place, raw.FPDFPathSegment_GetType(segment), bool(raw.FPDFPathSegment_GetClose(segment))


def _segment(found: Drawn, start: tuple[float, float], end: tuple[float, float]) -> None:
    box = Box(
        min(start[0], end[0]), min(start[1], end[1]), max(start[0], end[0]), max(start[1], end[1])
    )
    wide, high = _size(box)
    if max(wide, high) >= _SHORT and min(wide, high) < 1.0:
        _note(found, box)


def _note(found: Drawn, box: Box) -> None:
    wide, high = _size(box)
    x, y = box.middle
    if wide >= high:
        found.across.append(Rule(y, box.left, box.right))
    else:
        found.down.append(Rule(x, box.top, box.bottom))


def _unseen(page: "pypdfium2.PdfPage", doubtful: list[_Text]) -> set[int]:
    """Return the text objects without which the page looks the same."""
    if not doubtful:
        return set()
    with_them = _picture(page)
    for text in doubtful:
        raw.FPDFPageObj_SetIsActive(text.handle, False)
    without = _picture(page)
    for text in doubtful:
        raw.FPDFPageObj_SetIsActive(text.handle, True)
    differs = abs(with_them.astype("int16") - without) > 24
    height = page.get_height()
    unseen = set()
    for text in doubtful:
        left, right = int(text.box.left * _LOOK), int(text.box.right * _LOOK) + 1
        top, bottom = (
            int((height - text.box.bottom) * _LOOK),
            int((height - text.box.top) * _LOOK) + 1,
        )
        if not differs[max(top, 0) : bottom, max(left, 0) : right].any():
            unseen.add(text.address)
    return unseen


def _picture(page: "pypdfium2.PdfPage") -> Any:
    scale = min(_LOOK, _LOOK * 3000 / max(page.get_size()))
    return page.render(scale=scale, grayscale=True, draw_annots=False).to_numpy()


def _doubled(texts: list[_Text]) -> set[int]:
    """Return the text objects that stand where another of the same size does, if many do."""
    seen: set[tuple[int, ...]] = set()
    doubled: set[int] = set()
    for text in texts:
        place = tuple(round(edge * 2) for edge in text.box)
        if place in seen and _size(text.box)[0] > 1:
            doubled.add(text.address)
        seen.add(place)
    return doubled if len(doubled) >= max(4, 0.2 * len(texts)) else set()
