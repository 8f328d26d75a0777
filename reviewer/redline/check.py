"""Our own judge: a redline is rejected and accepted again and compared before it is handed out."""

import copy
import re
from collections.abc import Iterator

from lxml import etree

from reviewer.ingest.package import Package, parse_xml, w
from reviewer.ingest.word import WordText, read_root
from reviewer.redline.resolve import Chosen, resolve

_EMPTY_MEANS_NONE = frozenset({w("pPr"), w("rPr"), w("trPr")})
_COMMENTS = frozenset({w("commentRangeStart"), w("commentRangeEnd")})


def same_after_rejection(
    original: etree._Element, marked: bytes, own: Chosen, comments: frozenset[str]
) -> bool:
    """Return whether rejecting our changes gives the original, element by element.

    How words are cut into runs of the same look does not count.

    Args:
        original: The main part before.
        marked: The main part as written.
        own: Tells our changes.
        comments: Ids of our comments.
    """
    root = parse_xml(marked)
    resolve(root, own, accept=False)
    return list(_merged(_tokens(root, comments))) == list(_merged(_tokens(original, frozenset())))


def lines_after_acceptance(marked: bytes, package: Package, own: Chosen) -> list[str]:
    """Return the lines of the main part with our changes accepted, automatic numbers left out."""
    root = parse_xml(marked)
    resolve(root, own, accept=True)
    return plain_lines(read_root(package, root))


def plain_lines(word: WordText) -> list[str]:
    """Return the lines that are not blank, automatic numbers left out."""
    text, at = "", 0
    for place in word.paragraphs:
        text += word.text[at : place.start]
        at = place.start + place.prefix
    return without_blanks(text + word.text[at:])


def without_blanks(text: str) -> list[str]:
    """Return the lines that are not blank; blanks around cells and at the ends do not count."""
    lines = (re.sub(r"[ \t]*\|[ \t]*", "|", line).strip() for line in text.split("\n"))
    return [re.sub(r" +", " ", line) for line in lines if line.strip("|　")]


_Token = tuple[str, str, str]


def _tokens(element: etree._Element, comments: frozenset[str], look: str = "") -> Iterator[_Token]:
    """Yield what `element` holds; inside a run, `look` is the run's properties."""
    for child in element:
        tag = child.tag
        if not isinstance(tag, str) or _is_void(child):
            continue
        if (tag in _COMMENTS and child.get(w("id")) in comments) or (tag == w("rPr") and look):
            continue
        if tag == w("r"):
            yield from _tokens(child, comments, _look(child))
        elif tag == w("t") and look:
            yield "", child.text or "", look
        elif tag == w("p") or next(child.iter(w("p"), w("r")), None) is not None:
            # What identifies a paragraph (rsid, paraId) belongs to its mark and moves with it.
            kept = sorted(child.attrib.items()) if tag != w("p") else ""
            yield "<", tag, str(kept)
            yield from _tokens(child, comments)
            yield ">", tag, ""
        else:
            bare = copy.copy(child)
            bare.tail = None
            yield "=", _serial(bare), look


def _look(run: etree._Element) -> str:
    properties = run.find(w("rPr"))
    if properties is None or _is_void(properties):
        return "-"
    return _serial(properties)


def _is_void(element: etree._Element) -> bool:
    """Return whether properties say nothing: LibreOffice writes `w:rPr` even where it is empty."""
    return element.tag in _EMPTY_MEANS_NONE and all(_is_void(child) for child in element)


def _serial(element: etree._Element) -> str:
    # Exclusive: where a prefix is declared does not count.
    words = etree.tostring(element, method="c14n", exclusive=True).decode()
    text = re.sub(r">\s+<", "><", words)
    return re.sub(r"<((?:\w+:)?rPr)></\1>", "", text)


def _merged(tokens: Iterator[_Token]) -> Iterator[_Token]:
    """Join words of the same look that follow one another."""
    held: _Token | None = None
    for token in tokens:
        if held and token[0] == held[0] == "" and token[2] == held[2]:
            held = ("", held[1] + token[1], held[2])
            continue
        if held:
            yield held
        held = token
    if held:
        yield held
