"""A document as a stream of tokens after the changes of one author are accepted or rejected.

Stricter than `judge.lines`: the stream holds every character with the properties of its run, every
end of a paragraph with its properties, and all that stands around them; what other people changed
is left as it is. It shares no code with the product. Two streams are equal where a word processor
would show, and save, the same; how words are cut into runs does not count.
"""

import copy
import re
from collections.abc import Collection, Iterator
from typing import NamedTuple

from lxml import etree

from tests.redline.judge import MC, Mode, W, local

_SHOWN = {"tab": "\t", "br": " ", "cr": " ", "noBreakHyphen": "-", "sym": "□", "ptab": "\t"}
_CHANGES = ("ins", "del", "moveFrom", "moveTo")
_GONE = {"accept": ("del", "moveFrom"), "reject": ("ins", "moveTo")}
_RANGES = ("commentRangeStart", "commentRangeEnd")
_OUTSIDE = "outside"
"""The look of what stands in no run: a word processor does not show it."""
_VOID = ("pPr", "rPr", "trPr")
_NEVER_COPIED = ("vanish", "webHidden", "specVanish", "rPrChange", *_CHANGES)
_HIDDEN = re.compile(r"<w:(?:vanish|specVanish)(?: w:val=\"(?:1|true|on)\")?></w:")
_WHITE = re.compile(r"<w:color [^>]*w:val=\"(?:FFFFFF|FEFEFE|FDFDFD)\"", re.IGNORECASE)


class Token(NamedTuple):
    """One thing in the stream."""

    kind: str
    """`t` words, `¶` the end of a paragraph, `<` and `>` around, `=` anything else."""
    tag: str
    value: str
    look: str = ""


class Reading:
    """Reads a part for one author, in one mode."""

    def __init__(
        self, root: etree._Element, mode: Mode, author: str, comments: Collection[str] = ()
    ) -> None:
        self.root = root
        self.author = author
        self.gone = _GONE[mode]
        self.rejects = mode == "reject"
        self.comments = frozenset(comments)

    def tokens(self) -> list[Token]:
        """Return the stream, words of one look joined."""
        found: list[Token] = []
        for token in self._walk(self.root, _OUTSIDE, undone=False):
            last = found[-1] if found else None
            if last and token.kind == last.kind == "t" and token[1::2] == last[1::2]:
                found[-1] = last._replace(value=last.value + token.value)
            else:
                found.append(token)
        return found

    def _ours(self, element: etree._Element) -> bool:
        return element.get(f"{{{W}}}author") == self.author

    def _walk(self, element: etree._Element, look: str, *, undone: bool) -> Iterator[Token]:
        for child in element:
            name = local(child)
            if not isinstance(child.tag, str) or name in ("pPr", "rPr"):
                continue
            if name in _RANGES and child.get(f"{{{W}}}id") in self.comments:
                continue
            if name in _CHANGES and self._ours(child):
                if name not in self.gone:
                    yield from self._walk(child, look, undone=True)
            elif name == "p":
                yield from self._walk(child, _OUTSIDE, undone=False)
                if not self._marked(child, "pPr/rPr"):
                    yield Token("¶", child.tag, self._of_paragraph(child))
            elif name == "r":
                yield from self._walk(child, serial(child.find(f"{{{W}}}rPr")), undone=undone)
            elif name in ("tr", "tbl") and self._is_gone(child):
                continue
            elif name in ("t", "delText"):
                yield Token("t", "t" if undone else name, child.text or "", look)
            elif name in ("trPr", "tblPr", "tcPr"):
                if words := self._without_ours(child):
                    yield Token("=", child.tag, words)
            elif next(child.iter(f"{{{W}}}p", f"{{{W}}}r"), None) is not None:
                yield Token("<", child.tag, str(sorted(child.attrib.items())), look)
                yield from self._walk(child, look, undone=undone)
                yield Token(">", child.tag, "")
            else:
                words = serial(child)
                if undone:
                    name, words = (x.replace("delInstr", "instr") for x in (name, words))
                yield Token("=", name or child.tag, words, look)

    def _is_gone(self, element: etree._Element) -> bool:
        rows = [element] if local(element) == "tr" else element.findall(f"{{{W}}}tr")
        return bool(rows) and all(self._marked(row, "trPr") for row in rows)

    def _marked(self, element: etree._Element, path: str) -> bool:
        """Return whether our change of a paragraph's end, or of a row, takes it away."""
        steps = "/".join(f"{{{W}}}{step}" for step in path.split("/"))
        found = [element.find(f"{steps}/{{{W}}}{name}") for name in self.gone]
        return any(change is not None and self._ours(change) for change in found)

    def _without_ours(self, properties: etree._Element) -> str:
        own = copy.deepcopy(properties)
        for change in [c for c in own.iter("*") if local(c) in _CHANGES and self._ours(c)]:
            parent = change.getparent()
            if parent is not None:
                parent.remove(change)
        return serial(own)

    def _of_paragraph(self, paragraph: etree._Element) -> str:
        properties = paragraph.find(f"{{{W}}}pPr")
        if properties is None:
            return ""
        own = copy.deepcopy(properties)
        change = own.find(f"{{{W}}}pPrChange")
        if change is not None and self._ours(change):
            own.remove(change)
            if self.rejects:
                for child in [c for c in own if local(c) not in ("rPr", "sectPr")]:
                    own.remove(child)
                for at, child in enumerate(list(change[0])):
                    own.insert(at, child)
        return self._without_ours(own)


def serial(element: etree._Element | None) -> str:
    """Return an element in one spelling; properties that say nothing are none."""
    if element is None:
        return ""
    inner = "".join(serial(child) for child in element if isinstance(child.tag, str))
    if not inner and local(element) in _VOID:
        return ""
    words = (element.text or "") if not len(element) else ""
    name = _named(element.tag)
    attributes = "".join(f' {_named(n)}="{v}"' for n, v in sorted(element.attrib.items()))
    return f"<{name}{attributes}>{words}{inner}</{name}>"


def _named(tag: str) -> str:
    return tag.replace(f"{{{W}}}", "w:")


class Paragraph(NamedTuple):
    """A paragraph as it reads: other people's changes accepted, hidden words left out."""

    text: str
    is_copy: bool
    """Whether it stands in the copy that old programs read."""


def paragraphs(tokens: Collection[Token]) -> list[Paragraph]:
    """Return the paragraphs of a stream in the order of their ends."""
    found: list[Paragraph] = []
    buffers: list[list[str]] = [[]]
    copies = struck = 0
    for token in tokens:
        name = token.tag.rpartition("}")[2]
        if token.kind in "<>":
            step = 1 if token.kind == "<" else -1
            copies += step * (token.tag == f"{{{MC}}}Fallback")
            struck += step * (name in ("del", "moveFrom", "rt"))
            if name in ("txbxContent", "Fallback"):
                buffers.append([]) if step == 1 else buffers.pop()
        elif token.kind == "¶":
            found.append(Paragraph("".join(buffers[-1]), copies > 0))
            buffers[-1] = []
        elif not struck and token.look != _OUTSIDE and not _is_hidden(token.look):
            words = token.value if token.kind == "t" and token.tag == "t" else ""
            if token.kind == "=":
                words = _SHOWN.get(token.tag, "")
            buffers[-1].append(words.replace("\n", " ").replace("\r", " "))
    return found


def _is_hidden(look: str) -> bool:
    shaded = "<w:shd " in look or "<w:highlight " in look
    return bool(_HIDDEN.search(look) or (_WHITE.search(look) and not shaded))


def by_their_ends(root: etree._Element) -> list[etree._Element]:
    """Return all paragraphs in the order of their ends, as `paragraphs` gives them."""
    return [element for _, element in etree.iterwalk(root, events=("end",), tag=f"{{{W}}}p")]


def bare_look(run: etree._Element) -> str:
    """Return the look that words written beside a run are to have."""
    properties = run.find(f"{{{W}}}rPr")
    if properties is None:
        return ""
    return "".join(sorted(serial(c) for c in properties if local(c) not in _NEVER_COPIED))
