"""Writing a package back.

Parts that did not change stay byte for byte, and in a part that did, so does everything outside
the elements that were touched.
"""

import io
import re
import warnings
import zipfile
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from lxml import etree

from reviewer.ingest.package import STRICT, parse_xml

_MARKUP = re.compile(
    rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>|<!DOCTYPE[^>]*>|<[^<>\"']*(?:\"[^\"]*\"[^<>\"']*|'[^']*'[^<>\"']*)*>",
    re.DOTALL,
)


class _Place(tuple[int, int, int, int]):
    """Bytes of an element: begin, end of its opening tag, begin of its closing tag, end."""


@dataclass(frozen=True)
class Source:
    """A parsed part beside the bytes it came from."""

    data: bytes
    root: etree._Element
    elements: Mapping[etree._Element, int]
    """Each element of the source to its number in document order."""

    @classmethod
    def of(cls, data: bytes) -> "Source":
        """Parse `data`."""
        root = parse_xml(data)
        return cls(data, root, {e: n for n, e in enumerate(root.iter("*"))})


def written(source: Source, touched: Collection[etree._Element]) -> bytes:
    """Return the part after `source.root` was changed, all else byte for byte as it was.

    Args:
        source: The part, its tree changed by now.
        touched: Elements that were changed in themselves; elements that are new are recognised.
            Where anything else turns out to have changed, the whole part is written afresh.
    """
    places = _places(source.data)
    if places is None or len(places) != len(source.elements):
        return serialised(source.root, source.data)
    spliced = _Splice(source, set(touched), places).text()
    try:
        same = _canonical(parse_xml(spliced)) == _canonical(source.root)
    except (etree.XMLSyntaxError, etree.ParserError):
        same = False
    return spliced if same else serialised(source.root, source.data)


def serialised(root: etree._Element, like: bytes = b"") -> bytes:
    """Return a part as bytes, in the strict namespaces where `like` was."""
    made = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return _in_namespaces_of(like, made)


def _in_namespaces_of(like: bytes, made: bytes) -> bytes:
    for strict, transitional in STRICT:
        if strict in like:
            made = made.replace(transitional, strict)
    return made


def _canonical(root: etree._Element) -> bytes:
    return etree.tostring(root, method="c14n")


def _places(data: bytes) -> list[_Place] | None:
    """Return where each element stands, in document order; None where that cannot be told."""
    if re.match(rb"<\?xml[^>]*encoding=[\"'](?!utf-?8)", data, re.IGNORECASE) or b"\0" in data[:64]:
        return None
    found: list[_Place | None] = []
    open_: list[tuple[int, int, int]] = []
    for match in _MARKUP.finditer(data):
        tag = match[0]
        if tag.startswith((b"<!", b"<?")):
            continue
        if tag.startswith(b"</"):
            if not open_:
                return None
            number, start, opened = open_.pop()
            found[number] = _Place((start, opened, match.start(), match.end()))
        elif tag.endswith(b"/>"):
            found.append(_Place((match.start(), match.end(), match.end(), match.end())))
        else:
            open_.append((len(found), match.start(), match.end()))
            found.append(None)
    complete = [place for place in found if place is not None]
    return complete if len(complete) == len(found) and not open_ else None


class _Splice:
    """Writes a changed tree, copying what did not change from the source."""

    def __init__(self, source: Source, touched: set[etree._Element], places: list[_Place]) -> None:
        self.source = source
        self.places = places
        self.touched = touched
        self.above: set[etree._Element] = set()
        for element in source.root.iter("*"):
            if element in touched or element not in source.elements:
                for parent in element.iterancestors():
                    if parent in self.above:
                        break
                    self.above.add(parent)
        self.pieces: list[bytes] = []

    def text(self) -> bytes:
        """Return the whole part."""
        begin, _, _, end = self.places[0]
        self._write(self.source.root)
        return b"".join((self.source.data[:begin], *self.pieces, self.source.data[end:]))

    def _write(self, element: etree._Element) -> None:
        number = self.source.elements.get(element)
        if number is None or element in self.touched:
            self.pieces.append(self._fresh(element))
            return
        begin, opened, closed, end = self.places[number]
        if element not in self.above:
            self.pieces.append(self.source.data[begin:end])
            return
        if opened == end:
            self.pieces.append(self._fresh(element))
            return
        self.pieces.append(self.source.data[begin:opened])
        self.pieces.append(_escaped(element.text))
        for child in element:
            if isinstance(child.tag, str):
                self._write(child)
            else:
                self.pieces.append(etree.tostring(child, with_tail=False, encoding="UTF-8"))
            self.pieces.append(_escaped(child.tail))
        self.pieces.append(self.source.data[closed:end])

    def _fresh(self, element: etree._Element) -> bytes:
        """Return an element serialised, without the declarations that are in force around it."""
        made = etree.tostring(element, with_tail=False, encoding="UTF-8")
        end = _MARKUP.match(made)
        assert end is not None
        head = made[: end.end()]
        parent = element.getparent()
        for prefix, uri in (parent.nsmap if parent is not None else {}).items():
            name = f"xmlns:{prefix}" if prefix else "xmlns"
            head = head.replace(f' {name}="{_attribute(uri)}"'.encode(), b"")
        return _in_namespaces_of(self.source.data, head + made[end.end() :])


def _escaped(text: str | None) -> bytes:
    if not text:
        return b""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").encode()


def _attribute(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


def rewritten(data: bytes, parts: Mapping[str, bytes]) -> bytes:
    """Return the package with `parts` replaced or added; all others byte for byte as they were."""
    out = io.BytesIO()
    with (
        warnings.catch_warnings(),
        zipfile.ZipFile(io.BytesIO(data)) as source,
        zipfile.ZipFile(out, "w") as target,
    ):
        warnings.simplefilter("ignore")
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
