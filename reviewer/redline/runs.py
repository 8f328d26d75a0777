"""Runs: split so that a stretch of characters fills whole runs, wrapped, and made like others."""

import copy
from collections import Counter
from collections.abc import Sequence

from lxml import etree

from reviewer.ingest.characters import visible
from reviewer.ingest.package import W, parent_of, w
from reviewer.redline.barriers import Field
from reviewer.redline.order import in_order
from reviewer.redline.resolve import RANGE_MARKUP

XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_GOES_ALONG = frozenset({w("lastRenderedPageBreak"), w("softHyphen")})
"""Invisible content of a run that may be deleted with the words around it."""
_NOT_INHERITED = frozenset(
    w(name)
    for name in (
        "ins",
        "del",
        "moveFrom",
        "moveTo",
        "rPrChange",
        "vanish",
        "webHidden",
        "specVanish",
    )
)


class Marks:
    """Author, date, the ids that are still free, and what was touched."""

    def __init__(self, author: str, date: str, used: set[int]) -> None:
        self.author = author
        self.date = date
        self.comments: list[tuple[int, str]] = []
        self.own: set[str] = set()
        """Ids of the changes made."""
        self.touched: set[etree._Element] = set()
        self._used = used
        self._next = 1 + max((n for n in used if n < _HIGHEST), default=0)

    def element(self, name: str) -> etree._Element:
        """Return a new change element with its own id."""
        found = etree.Element(w(name), nsmap={"w": W})
        found.set(w("id"), self._number())
        found.set(w("author"), self.author)
        found.set(w("date"), self.date)
        self.own.add(found.get(w("id"), ""))
        return found

    def comment(self, text: str) -> str:
        """Return the id of a new comment."""
        number = self._number()
        self.comments.append((int(number), text))
        return number

    def _number(self) -> str:
        while self._next in self._used:
            self._next += 1
        if self._next >= _HIGHEST:
            self._next = 1
            return self._number()
        self._used.add(self._next)
        return str(self._next)

    def is_own(self, change: etree._Element) -> bool:
        """Return whether a change element is one of ours."""
        return change.get(w("id")) in self.own and change.get(w("author")) == self.author


_HIGHEST = 2**31 - 10**6


def isolate(paragraph: etree._Element, start: int, end: int) -> list[etree._Element]:
    """Split runs so that the characters `start` to `end` fill whole runs, and return these.

    What else a run holds (a footnote reference, a picture) is moved into a run of its own.
    """
    chosen: dict[etree._Element, dict[etree._Element, set[int]]] = {}
    for character in visible(paragraph)[start:end]:
        of_run = chosen.setdefault(character.run, {})
        of_run.setdefault(character.element, set()).add(character.offset)
    return [part for run, inside in chosen.items() for part in _cut(run, inside)]


def _cut(run: etree._Element, chosen: dict[etree._Element, set[int]]) -> list[etree._Element]:
    """Cut a run into chosen and other parts, and return the chosen."""
    pieces: list[tuple[bool, etree._Element]] = []
    for child in [c for c in run if c.tag != w("rPr")]:
        offsets = chosen.get(child)
        if child.tag in _GOES_ALONG and pieces:
            pieces.append((pieces[-1][0], child))
        elif offsets is None or child.tag != w("t"):
            pieces.append((offsets is not None, child))
        else:
            pieces += _cut_text(child, min(offsets), max(offsets) + 1)
    if all(wanted for wanted, _ in pieces):
        return [run]
    if not any(wanted for wanted, _ in pieces):
        return []
    return _distributed(run, pieces)


def _cut_text(text: etree._Element, start: int, end: int) -> list[tuple[bool, etree._Element]]:
    words = text.text or ""
    found = []
    for wanted, part in ((False, words[:start]), (True, words[start:end]), (False, words[end:])):
        if part:
            piece = copy.copy(text) if part != words else text
            piece.text = part
            piece.tail = None
            if part != words:
                piece.set(XML_SPACE, "preserve")
            found.append((wanted, piece))
    return found


def _distributed(
    run: etree._Element, pieces: Sequence[tuple[bool, etree._Element]]
) -> list[etree._Element]:
    """Put pieces of a run into runs of their own, one for each change of `wanted`."""
    properties = run.find(w("rPr"))
    for child in [c for c in run if c.tag != w("rPr")]:
        run.remove(child)
    found: list[etree._Element] = []
    current, state = run, pieces[0][0]
    for number, (wanted, piece) in enumerate(pieces):
        if wanted != state:
            following = etree.Element(run.tag, nsmap={"w": W})
            for name, value in run.attrib.items():
                following.set(name, value)
            if properties is not None:
                following.append(copy.deepcopy(properties))
            current.addnext(following)
            current, state = following, wanted
        current.append(piece)
        if wanted and (not found or found[-1] is not current or number == 0):
            found.append(current)
    return list(dict.fromkeys(found))


def wrap_deleted(runs: Sequence[etree._Element], marks: Marks) -> list[etree._Element]:
    """Put runs into `w:del`, neighbours into one, and return these."""
    found: list[etree._Element] = []
    for run in runs:
        before = run.getprevious()
        if found and before is found[-1]:
            found[-1].append(run)
        else:
            deleted = marks.element("del")
            run.addprevious(deleted)
            deleted.append(run)
            found.append(deleted)
        for text in run.findall(w("t")):
            text.tag = w("delText")
            text.set(XML_SPACE, "preserve")
        for code in run.findall(w("instrText")):
            code.tag = w("delInstrText")
    return found


def with_fields(runs: Sequence[etree._Element], fields: Sequence[Field]) -> list[etree._Element]:
    """Return `runs` and all runs of `fields`, in the order of the document."""
    if not fields:
        return list(runs)
    wanted = {*runs, *(run for entry in fields for run in entry.runs)}
    paragraph = next(runs[0].iterancestors(w("p")))
    return [run for run in paragraph.iter(w("r")) if run in wanted]


def run_like(like: etree._Element | None, text: str) -> etree._Element:
    """Return a new run with the properties of `like`; tabs become `w:tab`."""
    new = etree.Element(w("r"), nsmap={"w": W})
    properties = like.find(w("rPr")) if like is not None else None
    if properties is not None:
        new.append(inherited(properties))
    for number, part in enumerate(text.split("\t")):
        if number:
            etree.SubElement(new, w("tab"))
        if part:
            words = etree.SubElement(new, w("t"))
            words.text = part
            words.set(XML_SPACE, "preserve")
    return new


def inherited(properties: etree._Element) -> etree._Element:
    """Return a copy of run properties without marks of change or hiding."""
    own = copy.deepcopy(properties)
    for child in [c for c in own if c.tag in _NOT_INHERITED]:
        own.remove(child)
    return in_order(own)


def inserted(like: etree._Element | None, text: str, marks: Marks) -> etree._Element:
    """Return `text` as a tracked insertion."""
    made = marks.element("ins")
    made.append(run_like(like, text))
    return made


def main_run(paragraph: etree._Element | None) -> etree._Element | None:
    """Return the run whose look most characters of a paragraph have."""
    characters = visible(paragraph) if paragraph is not None else []
    words = [c for c in characters if not c.character.isspace()] or characters
    if not words:
        return None
    looks: Counter[bytes] = Counter()
    sample: dict[bytes, etree._Element] = {}
    for run, count in Counter(c.run for c in words).items():
        properties = run.find(w("rPr"))
        look = b"" if properties is None else etree.tostring(inherited(properties), method="c14n")
        looks[look] += count
        sample.setdefault(look, run)
    return sample[looks.most_common(1)[0][0]]


def attach(first: etree._Element, last: etree._Element, number: str, marks: Marks) -> None:
    """Anchor comment `number` from `first` to `last`, at the level of the paragraph."""
    first, last = _in_paragraph(first), _in_paragraph(last)
    start, end = (
        etree.Element(w(name), nsmap={"w": W}) for name in ("commentRangeStart", "commentRangeEnd")
    )
    for element in (start, end):
        element.set(w("id"), number)
    holder = marks.element("ins")
    run = etree.SubElement(holder, w("r"))
    etree.SubElement(run, w("commentReference")).set(w("id"), number)
    if first.tag == w("p"):
        _at_the_head(first, start)
    else:
        first.addprevious(start)
    follower = _follower(paragraph_of(last), marks)
    if follower is not None:
        _at_the_head(follower, end)
        marks.touched.add(follower)
    elif last.tag == w("p"):
        last.append(end)
    else:
        last.addnext(end)
    end.addnext(holder)


def _at_the_head(paragraph: etree._Element, element: etree._Element) -> None:
    properties = paragraph.find(w("pPr"))
    paragraph.insert(0, element) if properties is None else properties.addnext(element)


def _follower(paragraph: etree._Element, marks: Marks) -> etree._Element | None:
    """Return where a comment on a paragraph that vanishes has to end; None where it stays.

    With the comment's sign left in it LibreOffice would take it for a paragraph that is joined
    to the next, and give that one its number.
    """
    found: etree._Element | None = paragraph
    while found is not None and _vanishes(found, marks):
        found = found.getnext()
        while found is not None and found.tag in RANGE_MARKUP:
            found = found.getnext()
    return found if found is not paragraph and found is not None and found.tag == w("p") else None


def _vanishes(paragraph: etree._Element, marks: Marks) -> bool:
    change = paragraph.find(f"{w('pPr')}/{w('rPr')}/{w('del')}")
    return change is not None and marks.is_own(change) and not visible(paragraph)


def paragraph_of(element: etree._Element) -> etree._Element:
    """Return the innermost paragraph that is or holds `element`."""
    return element if element.tag == w("p") else next(element.iterancestors(w("p")))


def _in_paragraph(element: etree._Element) -> etree._Element:
    while element.tag != w("p") and parent_of(element).tag != w("p"):
        element = parent_of(element)
    return element


def used_ids(roots: Sequence[etree._Element]) -> set[int]:
    """Return the ids of changes, comments and bookmarks in the parts."""
    found: set[int] = set()
    for root in roots:
        for element in root.iter("*"):
            value = element.get(w("id"))
            if value and value.lstrip("-").isdigit():
                found.add(int(value))
    return found
