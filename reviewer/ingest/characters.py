"""The visible characters of a Word paragraph, and which element holds each."""

from collections.abc import Iterator
from typing import NamedTuple

from lxml import etree

from reviewer.ingest.package import MC, w

_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_FILLS = frozenset(DRAWING + name for name in ("solidFill", "gradFill", "blipFill", "pattFill"))
_PAPER = ("bg1", "lt1")
"""What a theme calls its white."""


class Visible(NamedTuple):
    """One visible character: what it is, and the run and element that hold it."""

    character: str
    run: etree._Element
    """The `w:r`; for a formula the `m:oMath`, which stays whole."""
    element: etree._Element
    offset: int
    """Position in the text of a `w:t`; 0 for a tab or a break."""


_SINGLE = {
    w("tab"): "\t",
    w("br"): " ",
    w("cr"): " ",
    w("noBreakHyphen"): "-",
    w("ptab"): "\t",
}
_SKIPPED = frozenset(
    {
        w("del"),
        w("moveFrom"),
        w("pPr"),
        w("rPr"),
        w("txbxContent"),
        w("instrText"),
        w("delText"),
        w("delInstrText"),
        w("rt"),
        f"{{{MC}}}Fallback",
        w("footnoteReference"),
        w("commentReference"),
    }
)
_TEXT = (w("t"), _MATH + "t")
_BETWEEN = {_MATH + "f": "/", _MATH + "sSup": "^"}
"""What stands between the two parts of a formula's element when it is written on one line."""
_SYMBOLS = {
    "wingdings": {
        0xFE: "☑", 0xFD: "☒", 0xFC: "✓", 0xFB: "✗", 0xA8: "□", 0x6F: "□", 0x70: "□", 0x71: "□",
        0x72: "□", 0x6C: "●", 0x6E: "■", 0x75: "◆", 0xD8: "➢", 0xE0: "→", 0xDF: "←",
    },
    "wingdings 2": {0x52: "☑", 0x53: "☒", 0x54: "☒", 0x50: "✓", 0x4F: "✗", 0xA3: "□", 0x2A: "□", 0x30: "□"},
    "symbol": {
        0xA3: "≤", 0xB3: "≥", 0xB4: "×", 0xB8: "÷", 0xB1: "±", 0xB9: "≠", 0xBB: "≈", 0xB7: "•",
        0xD7: "·", 0xE5: "∑", 0xAE: "→", 0xA5: "∞", 0xB0: "°", 0x25: "%", 0x2B: "+", 0x2D: "-",
        0x3D: "=", 0x3C: "<", 0x3E: ">",
    },
}  # fmt: skip
"""What characters of symbol fonts look like, by the lower byte of their code."""


def visible(paragraph: etree._Element) -> list[Visible]:
    """Return the visible characters of a paragraph in its accepted state."""
    found: list[Visible] = []
    _walk(paragraph, None, found)
    return found


def _walk(element: etree._Element, run: etree._Element | None, found: list[Visible]) -> None:
    parted = _BETWEEN.get(element.tag) if isinstance(element.tag, str) else None
    begun = len(found)
    for child in element:
        tag = child.tag
        if tag in _SKIPPED or not isinstance(tag, str):
            continue
        if tag == w("r"):
            if not is_hidden(child):
                _walk(child, child, found)
        elif tag == _MATH + "oMath":
            _walk(child, child, found)
        elif tag in _TEXT and run is not None:
            for index, character in enumerate(child.text or ""):
                found.append(Visible(" " if character in "\n\r" else character, run, child, index))
        elif tag in _SINGLE and run is not None:
            found.append(Visible(_SINGLE[tag], run, child, 0))
        elif tag == w("sym") and run is not None:
            found.append(Visible(_symbol(child), run, child, 0))
        else:
            if parted and run is not None and len(found) > begun:
                found.append(Visible(parted, run, element, 0))
                parted = None
            _walk(child, run, found)


def _symbol(element: etree._Element) -> str:
    font = (element.get(w("font")) or "").lower()
    try:
        code = int(element.get(w("char")) or "", 16) & 0xFF
    except ValueError:
        return "□"
    return _SYMBOLS.get(font, {}).get(code, "□")


def drawn(paragraph: etree._Element) -> list[str]:
    """Return the lines written on drawings that are no text boxes of Word."""
    return [
        words
        for line in paragraph.iter(DRAWING + "p")
        if next(line.iterancestors(w("p")), None) is paragraph
        and next(line.iterancestors(f"{{{MC}}}Fallback"), None) is None
        and (words := words_of(line))
    ]


def words_of(line: etree._Element) -> str:
    """Return the words of a paragraph of DrawingML."""
    return "".join(text.text or "" for text in line.iter(DRAWING + "t")).strip()


def is_hidden(run: etree._Element) -> bool:
    """Return whether a run does not show on the page: hidden, or white on white."""
    properties = run.find(w("rPr"))
    if properties is None:
        return False
    for name in ("vanish", "specVanish"):
        mark = properties.find(w(name))
        if mark is not None and mark.get(w("val")) not in ("0", "false", "off"):
            return True
    colour = properties.find(w("color"))
    if colour is None or not _is_white(colour.get(w("val"))):
        return False
    mark = properties.find(w("highlight"))
    if mark is not None and mark.get(w("val")) not in (None, "none", "white"):
        return False
    return next(_grounds(run, properties), True)


def _grounds(run: etree._Element, properties: etree._Element) -> Iterator[bool]:
    """Yield whether the ground of a run is white, as what stands around it says, nearest first."""
    yield from _shaded(properties)
    for holder in run.iterancestors():
        for name in ("pPr", "tcPr", "tblPr"):
            for inner in holder.iterfind(w(name)):
                yield from _shaded(inner)
        yield from _filled(holder)


def _shaded(properties: etree._Element) -> Iterator[bool]:
    for shade in properties.iterfind(w("shd")):
        fill, pattern = shade.get(w("fill")), shade.get(w("val")) or "clear"
        if pattern not in ("clear", "nil"):
            yield _is_white(shade.get(w("color")))
        elif fill not in (None, "auto"):
            yield _is_white(fill)


def _filled(shape: etree._Element) -> Iterator[bool]:
    """Yield whether a shape around text is filled with white, where it says that it is filled."""
    colour = shape.get("fillcolor")
    if colour:
        yield _is_white(colour.split("[")[0].strip().lstrip("#"))
    for part in shape.iterfind("{*}spPr"):
        if part.find(DRAWING + "noFill") is not None:
            return
        for fill in part:
            if fill.tag in _FILLS:
                yield _is_paper(fill)
    for style in shape.iterfind(f"{{*}}style/{DRAWING}fillRef"):
        if style.get("idx") not in (None, "0"):
            yield _is_paper(style)


def _is_paper(fill: etree._Element) -> bool:
    named = [colour.get("val") for colour in fill]
    return bool(named) and all(_is_white(name) or name in _PAPER for name in named)


def _is_white(colour: str | None) -> bool:
    return (colour or "").upper() in ("FFFFFF", "FEFEFE", "FDFDFD", "FFF", "WHITE")
