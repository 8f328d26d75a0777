"""An independent reader of tracked changes, and the schema rules that matter to Word.

It shares no code with the product: it walks the XML once and writes down what a word processor
shows after all changes are accepted or rejected.
"""

import io
import zipfile
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from typing import Literal

from lxml import etree

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
MATH = "http://schemas.openxmlformats.org/officeDocument/2006/math"
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
MATH = "http://schemas.openxmlformats.org/officeDocument/2006/math"
Mode = Literal["accept", "reject"]
_GONE = {"accept": ("del", "moveFrom"), "reject": ("ins", "moveTo")}
_SHOWN = {"tab": "\t", "br": " ", "cr": " ", "noBreakHyphen": "-", "sym": "□", "ptab": "\t"}
_SILENT = (
    "pPr",
    "rPr",
    "tblPr",
    "tblGrid",
    "trPr",
    "tcPr",
    "sectPr",
    "sdtPr",
    "instrText",
    "delInstrText",
)


def part(data: bytes, name: str) -> bytes:
    """Return the bytes of a part."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name)


def main_name(data: bytes) -> str:
    """Return the name of the main part."""
    root = etree.fromstring(part(data, "_rels/.rels"))
    return next(
        (e.get("Target") or "").lstrip("/")
        for e in root
        if (e.get("Type") or "").endswith("/officeDocument")
    )


def main(data: bytes) -> etree._Element:
    """Return the main part, in the transitional namespace."""
    return etree.fromstring(part(data, main_name(data)).replace(STRICT.encode(), W.encode()))


def local(element: etree._Element) -> str:
    """Return the name of a WordprocessingML element, or an empty string."""
    tag = element.tag
    return tag[len(W) + 2 :] if isinstance(tag, str) and tag.startswith(f"{{{W}}}") else ""


def lines(data: bytes, mode: Mode) -> list[str]:
    """Return the paragraphs of the main part after all changes are resolved, blank ones left out.

    A text box stands behind the paragraph that it is anchored in.
    """
    text = "".join(_read(main(data), mode, []))
    return [line for line in text.split("\n") if line.strip()]


def _read(element: etree._Element, mode: Mode, boxes: list[etree._Element]) -> Iterator[str]:
    anchored: list[etree._Element] = []
    for child in element:
        name = local(child)
        if name in _SILENT or name in _GONE[mode] or child.tag == f"{{{MC}}}Fallback":
            continue
        if name == "r" and child.find(f"{{{W}}}rPr/{{{W}}}vanish") is not None:
            continue
        if name == "tr" and _marked(child, "trPr", mode):
            continue
        if name in ("t", "delText") or child.tag == f"{{{MATH}}}t":
            yield child.text or ""
        elif name in _SHOWN:
            yield _SHOWN[name]
        elif name == "txbxContent":
            boxes.append(child)
        elif name == "p":
            yield from _read(child, mode, anchored)
            if _marked(child, "pPr/rPr", mode):
                continue
            yield "\n"
            for box in anchored:
                yield from _read(box, mode, [])
            anchored = []
        else:
            yield from _read(child, mode, boxes)


def _marked(element: etree._Element, path: str, mode: Mode) -> bool:
    steps = "/".join(f"{{{W}}}{step}" for step in path.split("/"))
    return any(element.find(f"{steps}/{{{W}}}{name}") is not None for name in _GONE[mode])


_CHANGES = ("ins", "del", "moveFrom", "moveTo")
_BEHIND = ("rPr", "sectPr", "pPrChange")
_PPR = (
    "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr "
    "shd tabs suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE "
    "autoSpaceDN bidi adjustRightInd snapToGrid spacing ind contextualSpacing mirrorIndents "
    "suppressOverlap jc textDirection textAlignment textboxTightWrap outlineLvl divId cnfStyle rPr "
    "sectPr pPrChange"
)
_RPR = (
    "ins del moveFrom moveTo rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow "
    "emboss imprint noProof snapToGrid vanish webHidden color spacing w kern position sz szCs "
    "highlight u effect bdr shd fitText vertAlign rtl cs em lang eastAsianLayout specVanish oMath "
    "rPrChange"
)
_TCPR = (
    "cnfStyle tcW gridSpan hMerge vMerge tcBorders shd noWrap tcMar textDirection tcFitText vAlign "
    "hideMark headers cellIns cellDel cellMerge tcPrChange"
)
_TBLPR = (
    "tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW jc "
    "tblCellSpacing tblInd tblBorders shd tblLayout tblCellMar tblLook tblCaption tblDescription "
    "tblPrChange"
)
_ORDER = {
    name: words.split()
    for name, words in {"pPr": _PPR, "rPr": _RPR, "tcPr": _TCPR, "tblPr": _TBLPR}.items()
}
_FIRST = {"p": "pPr", "r": "rPr", "tbl": "tblPr", "tc": "tcPr"}


def faults(before: bytes, after: bytes) -> list[str]:
    """Return what breaks a rule of the schema in `after` and did not in `before`."""
    old = _counted(before)
    found = Counter(_faults(after)).items()
    return [f for f, count in found if count > old[f] and not (old[f] and _may_be_cut(f))]


def _may_be_cut(fault: str) -> bool:
    """Return whether a run or paragraph with this fault may be two where it was cut in two."""
    return fault.startswith("children of ")


@lru_cache(maxsize=2)
def _counted(data: bytes) -> Counter[str]:
    return Counter(_faults(data))


def _faults(data: bytes) -> Iterator[str]:
    root = main(data)
    for element in root.iter("*"):
        yield from _of_element(element)
    changes = Counter(
        e.get(f"{{{W}}}id")
        for e in root.iter("*")
        if local(e) in ("ins", "del", "pPrChange", "moveFrom", "moveTo")
    )
    yield from (f"id {number} used twice" for number, count in changes.items() if count > 1)
    yield from _of_comments(data, root)
    yield from _of_package(data)


def _of_element(element: etree._Element) -> Iterator[str]:
    name, parent = local(element), element.getparent()
    order = _ORDER.get(name)
    if order:
        known = [local(c) for c in element if local(c) in order]
        changes = [child for child in known if child in _CHANGES]
        behind = [child for child in known if child in _BEHIND]
        others = [child for child in known if child not in (*_CHANGES, *_BEHIND)]
        if name == "pPr" and known != others + behind:
            yield "marks, sections and changes do not come last in pPr"
        if known != changes + others and name == "rPr":
            yield "changes do not come first in rPr"
        for children in (changes, others, behind):
            if children != sorted(children, key=order.index):
                yield f"children of {name} out of order: {' '.join(children)}"
    first = _FIRST.get(name)
    if first and any(local(c) == first for c in list(element)[1:]):
        yield f"{first} is not first in {name}"
    if name == "tc" and (len(element) == 0 or local(element[-1]) not in ("p", "sdt", "customXml")):
        yield "a cell does not end with a paragraph"
    if name == "tbl" and not element.findall(f".//{{{W}}}tr"):
        yield "a table without rows"
    above = {local(e) for e in element.iterancestors()} if name in ("t", "delText") else set()
    if name == "t" and above & {"del", "moveFrom"} == {"del"} and "txbxContent" not in above:
        yield "w:t in w:del"
    if name == "delText" and "del" not in above and "moveFrom" not in above:
        yield "w:delText outside w:del"
    if name in ("ins", "del") and parent is not None and local(parent) in ("ins", "del"):
        yield "one change in another"
    if name in ("ins", "del") and not element.get(f"{{{W}}}author"):
        yield "a change without author"


def _of_comments(data: bytes, root: etree._Element) -> Iterator[str]:
    names: dict[str, list[str]] = {
        "commentRangeStart": [],
        "commentRangeEnd": [],
        "commentReference": [],
    }
    for element in root.iter("*"):
        if local(element) in names:
            names[local(element)].append(element.get(f"{{{W}}}id") or "")
    known = [c.get(f"{{{W}}}id") or "" for c in comments(data)]
    if len(known) != len(set(known)):
        yield "comment ids are not unique"
    if sorted(names["commentRangeStart"]) != sorted(names["commentRangeEnd"]):
        yield "comment ranges are not paired"
    if set(names["commentReference"]) - set(known):
        yield "a comment is referred to that is not there"
    if set(known) - set(names["commentReference"]):
        yield "a comment is not anchored"


def comments(data: bytes) -> list[etree._Element]:
    """Return the comments of a document."""
    name = main_name(data)
    folder, _, file = name.rpartition("/")
    rels = f"{folder}/_rels/{file}.rels".lstrip("/")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if rels not in archive.namelist():
            return []
        for relation in etree.fromstring(archive.read(rels)):
            if (relation.get("Type") or "").endswith("/comments"):
                path = f"{folder}/{relation.get('Target')}".lstrip("/")
                text = archive.read(path).replace(STRICT.encode(), W.encode())
                return list(etree.fromstring(text))
    return []


def _of_package(data: bytes) -> Iterator[str]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = set(archive.namelist())
        if len(names) != len(archive.namelist()):
            yield "a part is there twice"
        types = etree.fromstring(archive.read("[Content_Types].xml"))
        defaults = {(e.get("Extension") or "").lower() for e in types if e.get("Extension")}
        overrides = {(e.get("PartName") or "").lstrip("/") for e in types if e.get("PartName")}
        for name in names - {"[Content_Types].xml"}:
            if name not in overrides and name.rpartition(".")[2].lower() not in defaults:
                yield f"{name} has no content type"
        yield from (f"{name} has a type and is not there" for name in overrides - names)
        for name in names:
            if name.endswith(".rels"):
                folder = name.rpartition("_rels/")[0]
                for relation in etree.fromstring(archive.read(name)):
                    target = relation.get("Target") or ""
                    path = target.lstrip("/") if target.startswith("/") else folder + target
                    if relation.get("TargetMode") != "External" and path not in names:
                        yield f"{name} points to {target}, which is not there"
