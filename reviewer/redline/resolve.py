"""Accepting and rejecting tracked changes in the XML: what a word processor does."""

import io
import zipfile

from lxml import etree

from reviewer.ingest.limits import Limits
from reviewer.ingest.package import open_package, parent_of, w


def accept_all(data: bytes, author: str | None = None) -> bytes:
    """Return the document with all changes (or those of `author`) accepted and no comments."""
    return _resolved(data, author, accept=True)


def reject_all(data: bytes, author: str | None = None) -> bytes:
    """Return the document with all changes (or those of `author`) rejected."""
    return _resolved(data, author, accept=False)


def _resolved(data: bytes, author: str | None, *, accept: bool) -> bytes:
    package = open_package(data, "合同.docx", Limits())
    root = package.root(package.main)
    assert root is not None
    resolve(root, author, accept=accept)
    return rewritten(data, {package.main: serialised(root)})


def resolve(root: etree._Element, author: str | None, *, accept: bool) -> None:
    """Resolve the changes in a part in place."""
    gone, kept = ("del", "ins") if accept else ("ins", "del")
    for paragraph in reversed(list(root.iter(w("p")))):
        mark = paragraph.find(f"{w('pPr')}/{w('rPr')}")
        if mark is None:
            continue
        for name in (gone, kept):
            element = mark.find(w(name))
            if element is None or (author and element.get(w("author")) != author):
                continue
            mark.remove(element)
            if name == gone:
                _merge_with_next(paragraph)
            if len(mark) == 0 and mark.getparent() is not None:
                parent_of(mark).remove(mark)
    for change in list(root.iter(w("pPrChange"))):
        if not author or change.get(w("author")) == author:
            _resolve_properties(change, accept=accept)
    for element in list(root.iter(w(gone))):
        if (not author or element.get(w("author")) == author) and element.getparent() is not None:
            parent_of(element).remove(element)
    for element in list(root.iter(w(kept))):
        if not author or element.get(w("author")) == author:
            _unwrap(element)


def _resolve_properties(change: etree._Element, *, accept: bool) -> None:
    """Take the mark of changed paragraph properties away, and on rejection bring the old back."""
    properties = parent_of(change)
    properties.remove(change)
    if accept:
        return
    kept = (w("rPr"), w("sectPr"))
    for child in [c for c in properties if c.tag not in kept]:
        properties.remove(child)
    for at, child in enumerate(change.find(w("pPr")) or ()):
        properties.insert(at, child)


def _merge_with_next(paragraph: etree._Element) -> None:
    following = paragraph.getnext()
    if following is None or following.tag != w("p"):
        return
    position = 1 if following.find(w("pPr")) is not None else 0
    for child in [c for c in paragraph if c.tag != w("pPr")]:
        following.insert(position, child)
        position += 1
    parent_of(paragraph).remove(paragraph)


def _unwrap(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is None or parent.tag in (w("rPr"), w("trPr")):
        if parent is not None:
            parent.remove(element)
        return
    for text in element.iter(w("delText")):
        text.tag = w("t")
    at = parent.index(element)
    for child in list(element):
        parent.insert(at, child)
        at += 1
    parent.remove(element)


def serialised(root: etree._Element) -> bytes:
    """Return a part as bytes."""
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def rewritten(data: bytes, parts: dict[str, bytes]) -> bytes:
    """Return the package with `parts` replaced or added; all others byte for byte as they were."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        names = set()
        for info in source.infolist():
            names.add(info.filename)
            content = parts.get(info.filename)
            target.writestr(
                info, source.read(info) if content is None else content, info.compress_type
            )
        for name, content in parts.items():
            if name not in names:
                added = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
                target.writestr(added, content, zipfile.ZIP_DEFLATED)
    return out.getvalue()
