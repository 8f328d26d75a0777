"""Optical recognition of pages, on this machine and with what the wheel carries.

`rapidocr` finds the lines and reads them; here its pieces are put in order, ruled tables found,
and the page turned the right way round. Its own classifier of turned lines stays off: on clean
pages it turned upright lines over and lost what they say. A page is turned as a whole instead.
"""

import math
import os
from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from statistics import median
from typing import Any, NamedTuple

from reviewer.errors import NoTextLayer
from reviewer.ingest.grid import Box, Rule, Table, tables
from reviewer.ingest.layout import Piece, in_order
from reviewer.ingest.printed import Printed
from reviewer.sandbox import Pace

DPI = 200
"""At which a PDF page is drawn."""
UNREADABLE = 0.5
"""Confidence below which a line is not taken for text."""
MEMORY_MB = 3584
"""Address space that recognition takes; about a third of it is really used."""
PAGE_CPU_S = 120
START_CPU_S = 60
PAGE_WALL_S = 300.0
INSTALL = "pip install 'cs-contract-reviewer[ocr]'"
_GOOD = 0.8


class Seen(NamedTuple):
    """What was recognised on a page."""

    lines: list[Printed]
    confidence: float
    """Mean over the characters, 0 to 1."""
    unreadable: int
    """Places that look like text and could not be read."""


Recognise = Callable[[Any, int], Seen]
"""Recognition of a page's picture (an array of pixels) with its number, from 1."""


def recogniser(pace: Pace, threads: int = 0) -> Recognise | None:
    """Return the recognition of pages, or None where the extra is not installed.

    Args:
        pace: Granted the time and memory of each page.
        threads: How many to use; 0: as many as there are cores, four at most.
    """
    if find_spec("rapidocr") is None or find_spec("onnxruntime") is None:
        return None
    begun = False

    def recognise(picture: Any, number: int) -> Seen:
        nonlocal begun
        start = 0 if begun else START_CPU_S
        begun = True
        pace.step(cpu_s=PAGE_CPU_S + start, memory_mb=MEMORY_MB, wall_s=PAGE_WALL_S, page=number)
        return read_picture(picture, threads)

    return recognise


def missing(name: str, what: str) -> NoTextLayer:
    """Return the error that says what to install."""
    return NoTextLayer(
        f"{name} {what}", remedy=f"请安装文字识别组件（{INSTALL}），或提供 .docx 或有文本层的 PDF"
    )


def read_picture(picture: Any, threads: int = 0) -> Seen:
    """Return what is written on the picture of a page, turned so that it can be read.

    Args:
        picture: Pixels as an array of height, width and three colours.
        threads: How many to use; 0: as many as there are cores, four at most.
    """
    best, lies = _read(picture, 0, threads)
    if (best.confidence >= _GOOD and not lies) or not (best.lines or best.unreadable):
        return best
    if lies:
        best = best._replace(lines=[], confidence=0.0)
    for turns in (1, 3) if lies else (2, 1, 3):
        seen, _ = _read(picture, turns, threads)
        if _worth(seen) > 1.15 * _worth(best):
            best = seen
        if best.confidence >= _GOOD and turns == 2:
            break
    return best


def _worth(seen: Seen) -> float:
    return seen.confidence**2 * sum(len(line.text) for line in seen.lines)


def _read(picture: Any, turns: int, threads: int) -> tuple[Seen, bool]:
    """Read a picture turned by quarters against the clock; also whether its lines stand upright."""
    import numpy

    turned = numpy.ascontiguousarray(numpy.rot90(picture, turns))
    found = _engine(threads)(turned)
    if found.boxes is None or not found.txts:
        return Seen([], 0.0, 0), False
    height, width = turned.shape[:2]
    boxes = numpy.asarray(found.boxes, dtype=float)
    angle = _tilt(boxes)
    straight = _rotated(boxes, angle, width, height)
    pieces: list[Piece] = []
    unreadable = standing = 0
    weight = total = 0.0
    for quad, level, text, score in zip(boxes, straight, found.txts, found.scores, strict=True):
        if score < UNREADABLE:
            unreadable += len(text.strip()) > 1
            continue
        box = Box(*level.min(axis=0), *level.max(axis=0))
        standing += len(text) > 2 and box.bottom - box.top > 1.5 * (box.right - box.left)
        shown = _as_shown(quad, turns, width, height)
        pieces.append(Piece(text.strip(), box, shown, round(float(score), 4)))
        weight += float(score) * len(text)
        total += len(text)
    size = median([piece.height for piece in pieces]) if pieces else 30.0
    lines = in_order(pieces, _grids(turned, angle, size))
    seen = Seen(lines, round(weight / total, 4) if total else 0.0, unreadable)
    return seen, standing > 0.5 * sum(len(p.text) > 2 for p in pieces)


@cache
def _engine(threads: int) -> Callable[[Any], Any]:
    from rapidocr import RapidOCR

    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    engine = RapidOCR(
        params={
            "Global.log_level": "critical",
            "Global.text_score": 0.0,
            "Global.use_cls": False,
            "EngineConfig.onnxruntime.intra_op_num_threads": threads or min(cores or 1, 4),
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )
    return lambda picture: engine(picture, use_cls=False)


def _tilt(boxes: Any) -> float:
    """Return the angle of the lines in radians, clockwise positive."""
    angles = []
    for first, second, _, last in boxes:
        across, down = second - first, last - first
        if math.hypot(*across) > 5 * math.hypot(*down):
            angles.append(math.atan2(across[1], across[0]))
    return median(angles) if len(angles) >= 3 else 0.0


def _rotated(boxes: Any, angle: float, width: int, height: int) -> Any:
    """Return the corners of the boxes with the tilt taken out."""
    import numpy

    middle = numpy.array([width / 2, height / 2])
    cosine, sine = math.cos(-angle), math.sin(-angle)
    turn = numpy.array([[cosine, -sine], [sine, cosine]])
    return (boxes - middle) @ turn.T + middle


def _as_shown(quad: Any, turns: int, width: int, height: int) -> Box:
    """Return a box as shares of the page as it is, its quarter turns undone."""
    corners = [(x / width, y / height) for x, y in quad]
    for _ in range(turns):
        corners = [(1 - y, x) for x, y in corners]
    across = [min(max(float(x), 0.0), 1.0) for x, _ in corners]
    down = [min(max(float(y), 0.0), 1.0) for _, y in corners]
    return Box(min(across), min(down), max(across), max(down))


def _grids(picture: Any, angle: float, size: float) -> list[Table]:
    """Return the ruled tables on a picture."""
    import cv2

    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    height, width = grey.shape
    if abs(angle) > 0.003:
        matrix = cv2.getRotationMatrix2D((width / 2, height / 2), math.degrees(angle), 1.0)
        grey = cv2.warpAffine(grey, matrix, (width, height), borderValue=255)
    ink = cv2.adaptiveThreshold(
        grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 25, 12
    )
    across = _bars(ink, max(60, int(2.5 * size)), flat=True)
    down = _bars(ink, max(50, int(1.6 * size)), flat=False)
    return tables(across, down, max(4.0, size * 0.2))


def _bars(ink: Any, shortest: int, *, flat: bool) -> list[Rule]:
    """Return the straight lines of at least `shortest` pixels."""
    import cv2

    shape = (shortest, 1) if flat else (1, shortest)
    bars = cv2.morphologyEx(ink, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_RECT, shape))
    _, _, stats, _ = cv2.connectedComponentsWithStats(bars, connectivity=8)
    rules = []
    for left, top, wide, high, _ in stats[1:].tolist():
        if flat and high < 0.2 * wide:
            rules.append(Rule(top + high / 2, left, left + wide))
        elif not flat and wide < 0.2 * high:
            rules.append(Rule(left + wide / 2, top, top + high))
    return rules
