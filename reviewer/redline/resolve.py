"""Accepting and rejecting tracked changes in the XML: what a word processor does."""

from collections.abc import Callable

from lxml import etree

from reviewer.ingest.limits import Limits
from reviewer.ingest.package import open_package, parent_of, w
from reviewer.redline.package import rewritten, serialised

Chosen = Callable[[etree._Element], bool]
"""Whether a change is one of those to resolve."""

RANGE_MARKUP = frozenset(
    w(name)
    for name in (
        "bookmarkStart",
        "bookmarkEnd",
        "commentRangeStart",
        "commentRangeEnd",
        "moveFromRangeStart",
        "moveFromRangeEnd",
        "moveToRangeStart",
        "moveToRangeEnd",
        "permStart",
        "permEnd",
        "proofErr",
    )
)
"""What may stand between two paragraphs without being text."""
_PROPERTY_CHANGES = tuple(
    w(f"{name}Change") for name in ("rPr", "pPr", "sectPr", "tblPr", "trPr", "tcPr", "tblPrEx")
)
_MARKS = {True: ("del", "moveFrom"), False: ("ins", "moveTo")}
"""Names of the changes whose words go, by whether changes are accepted."""


def accept_all(data: bytes, author: str | None = None) -> bytes:
    """Return the document with all changes of its main part (or those of `author`) accepted."""
    return resolved(data, _of(author), accept=True)


def reject_all(data: bytes, author: str | None = None) -> bytes:
    """Return the document with all changes of its main part (or those of `author`) rejected."""
    return resolved(data, _of(author), accept=False)


def resolved(data: bytes, chosen: Chosen, *, accept: bool) -> bytes:
    """Return the document with the chosen changes of its main part accepted or rejected."""
    package = open_package(data, "合同.docx", Limits())
    root = package.root(package.main)
    assert root is not None
    resolve(root, chosen, accept=accept)
    return rewritten(data, {package.main: serialised(root, package.parts[package.main])})


def _of(author: str | None) -> Chosen:
    return lambda change: author is None or change.get(w("author")) == author


def resolve(root: etree._Element, chosen: Chosen, *, accept: bool) -> None:
    """Resolve the chosen changes in a part in place."""
    gone, kept = _MARKS[accept], _MARKS[not accept]
    _rows(root, chosen, gone, kept)
    for element in [e for e in root.iter(*map(w, gone)) if chosen(e) and not _is_mark(e)]:
        if element.getparent() is not None:
            parent_of(element).remove(element)
    for element in [e for e in root.iter(*map(w, kept)) if chosen(e) and not _is_mark(e)]:
        _unwrap(element)
    for paragraph in reversed(list(root.iter(w("p")))):
        _mark(paragraph, chosen, gone, kept)
    for change in [e for e in root.iter(*_PROPERTY_CHANGES) if chosen(e)]:
        _properties(change, accept=accept)


def _is_mark(element: etree._Element) -> bool:
    return parent_of(element).tag in (w("rPr"), w("trPr"))


def _rows(
    root: etree._Element, chosen: Chosen, gone: tuple[str, ...], kept: tuple[str, ...]
) -> None:
    for row in list(root.iter(w("tr"))):
        properties = row.find(w("trPr"))
        for name in (*gone, *kept) if properties is not None else ():
            mark = properties.find(w(name)) if properties is not None else None
            if mark is None or not chosen(mark):
                continue
            if name in kept:
                assert properties is not None
                properties.remove(mark)
                continue
            table = parent_of(row)
            table.remove(row)
            if table.tag == w("tbl") and table.find(f".//{w('tr')}") is None:
                parent_of(table).remove(table)
            break


def _mark(
    paragraph: etree._Element, chosen: Chosen, gone: tuple[str, ...], kept: tuple[str, ...]
) -> None:
    mark = paragraph.find(f"{w('pPr')}/{w('rPr')}")
    for name in (*gone, *kept) if mark is not None else ():
        element = mark.find(w(name)) if mark is not None else None
        if mark is None or element is None or not chosen(element):
            continue
        mark.remove(element)
        if len(mark) == 0:
            properties = parent_of(mark)
            properties.remove(mark)
            if len(properties) == 0:
                parent_of(properties).remove(properties)
        if name in gone:
            _merge_with_next(paragraph)
            return


def _merge_with_next(paragraph: etree._Element) -> None:
    """Let a paragraph run on into the next, whose properties the whole then has."""
    between = []
    following = paragraph.getnext()
    while following is not None and following.tag in RANGE_MARKUP:
        between.append(following)
        following = following.getnext()
    content = [child for child in paragraph if child.tag != w("pPr")]
    if following is None or following.tag != w("p"):
        if not any(child.tag not in RANGE_MARKUP for child in content) and _spare(paragraph):
            for child in content:
                paragraph.addprevious(child)
            parent_of(paragraph).remove(paragraph)
        return
    if all(child.tag in RANGE_MARKUP for child in content):
        for child in content:
            paragraph.addprevious(child)
        parent_of(paragraph).remove(paragraph)
        return
    position = 1 if following.find(w("pPr")) is not None else 0
    for child in (*content, *between):
        following.insert(position, child)
        position += 1
    parent_of(paragraph).remove(paragraph)


def _spare(paragraph: etree._Element) -> bool:
    """Return whether the paragraph's container is complete without it."""
    if parent_of(paragraph).tag == w("tc"):
        before = paragraph.getprevious()
        return before is not None and before.tag == w("p")
    return True


def _properties(change: etree._Element, *, accept: bool) -> None:
    """Take the mark of changed properties away, and on rejection bring the old ones back."""
    properties = parent_of(change)
    properties.remove(change)
    if accept:
        if len(properties) == 0 and properties.tag in (w("pPr"), w("rPr")):
            parent_of(properties).remove(properties)
        return
    kept = (w("rPr"), w("sectPr"), w("ins"), w("del"), w("moveFrom"), w("moveTo"))
    for child in [c for c in properties if c.tag not in kept]:
        properties.remove(child)
    marks = sum(1 for c in properties if c.tag in kept[2:])
    for at, child in enumerate(list(next(iter(change), ()))):
        properties.insert(marks + at, child)
    if len(properties) == 0 and properties.tag in (w("pPr"), w("rPr")):
        parent_of(properties).remove(properties)


def _unwrap(element: etree._Element) -> None:
    parent = parent_of(element)
    for text in element.iter(w("delText")):
        text.tag = w("t")
    for text in element.iter(w("delInstrText")):
        text.tag = w("instrText")
    at = parent.index(element)
    for child in list(element):
        parent.insert(at, child)
        at += 1
    parent.remove(element)
