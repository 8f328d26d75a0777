"""Edits as tracked changes in WordprocessingML.

Rules, from measurement (docs/design/001-tracked-changes.md): paragraphs are addressed by index;
a new paragraph copies its neighbour's whole `w:pPr`; where no paragraph follows, the tracked mark
goes on the preceding one; nothing is merged with or nested into another author's change.
"""

import copy
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from lxml import etree

from reviewer.ingest.package import W, parent_of, w
from reviewer.ingest.word import Visible, visible
from reviewer.redline.edits import Edit, word_diff

XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


class CannotPlace(Exception):
    """The change would cut through something that must stay whole; the message says what."""


@dataclass
class Marks:
    """Author, date and the ids that are still free."""

    author: str
    date: str
    next_id: int
    comments: list[tuple[int, str]] = field(default_factory=list)

    def element(self, name: str) -> etree._Element:
        """Return a new change element with its own id."""
        found = etree.Element(w(name))
        found.set(w("id"), str(self.next_id))
        found.set(w("author"), self.author)
        found.set(w("date"), self.date)
        self.next_id += 1
        return found

    def comment(self, text: str) -> int:
        """Return the id of a new comment."""
        self.comments.append((self.next_id, text))
        self.next_id += 1
        return self.next_id - 1


def replace_words(
    paragraph: etree._Element, start: int, end: int, edit: Edit, marks: Marks
) -> None:
    """Change the visible characters `start` to `end` of `paragraph`, minimally.

    Raises:
        CannotPlace: The range touches another author's change, a field or a special character.
    """
    characters = visible(paragraph)
    _check(characters[start:end])
    old = "".join(c.character for c in characters[start:end])
    at = start
    first: etree._Element | None = None
    last: etree._Element | None = None
    for kind, before, after in word_diff(old, edit.text):
        if kind == "equal":
            at += len(before)
            continue
        runs = _isolate(paragraph, at, at + len(before)) if before else []
        anchor = runs[-1] if runs else _run_at(paragraph, at, marks)
        for run in runs:
            first = first if first is not None else _wrap_deleted(run, marks)
            if parent_of(run).tag != w("del"):
                _wrap_deleted(run, marks)
        place = parent_of(runs[-1]) if runs else _change_around(anchor, marks)
        if after:
            inserted = marks.element("ins")
            inserted.append(_run_like(anchor, after))
            place.addnext(inserted) if runs or at else place.addprevious(inserted)
            first = first if first is not None else inserted
            last = inserted
        else:
            last = place
        at += len(after)
    if edit.comment and first is not None and last is not None:
        _attach(first, last, edit.comment, marks)


def _change_around(run: etree._Element, marks: Marks) -> etree._Element:
    """Return our own insertion around `run`, or the run: changes are never nested."""
    parent = parent_of(run)
    own = parent.tag == w("ins") and parent.get(w("author")) == marks.author
    return parent if own else run


def _check(characters: Sequence[Visible], own: str | None = None) -> None:
    for character in characters:
        for parent in character.run.iterancestors():
            if parent.tag in (w("ins"), w("moveTo")) and parent.get(w("author")) != own:
                raise CannotPlace("与他人尚未接受的修订重叠")
            if parent.tag in (w("hyperlink"), w("fldSimple"), w("smartTag")):
                raise CannotPlace("位于超链接或域内")
            if parent.tag == w("p"):
                break
        if character.element.tag != w("t"):
            raise CannotPlace("含制表符、换行等特殊字符")


def _isolate(paragraph: etree._Element, start: int, end: int) -> list[etree._Element]:
    """Split runs so that the characters `start` to `end` fill whole runs, and return these."""
    for edge in (start, end):
        characters = visible(paragraph)
        if 0 < edge < len(characters) and characters[edge - 1].run is characters[edge].run:
            _split(characters[edge])
    characters = visible(paragraph)[start:end]
    runs: list[etree._Element] = []
    for character in characters:
        if not runs or runs[-1] is not character.run:
            runs.append(character.run)
    return runs


def _split(at: Visible) -> None:
    """Split the run of `at` so that it begins a run of its own."""
    run, element, index = at.run, at.element, at.offset
    second = etree.Element(run.tag, {str(k): str(v) for k, v in run.attrib.items()})
    properties = run.find(w("rPr"))
    if properties is not None:
        second.append(copy.deepcopy(properties))
    if element.tag == w("t") and index > 0:
        text = element.text or ""
        tail = etree.SubElement(second, w("t"))
        tail.text, element.text = text[index:], text[:index]
        for part in (element, tail):
            part.set(XML_SPACE, "preserve")
        following = list(element.itersiblings())
    else:
        following = [element, *element.itersiblings()]
    for sibling in following:
        second.append(sibling)
    run.addnext(second)


def _wrap_deleted(run: etree._Element, marks: Marks) -> etree._Element:
    deleted = marks.element("del")
    run.addprevious(deleted)
    deleted.append(run)
    for text in run.findall(w("t")):
        text.tag = w("delText")
        text.set(XML_SPACE, "preserve")
    return deleted


def _run_at(paragraph: etree._Element, at: int, marks: Marks) -> etree._Element:
    """Return the run that ends (or begins) at `at`, after which words are inserted."""
    characters = visible(paragraph)
    if not characters:
        raise CannotPlace("段落为空")
    if 0 < at < len(characters) and characters[at - 1].run is characters[at].run:
        _split(characters[at])
        characters = visible(paragraph)
    chosen = characters[at - 1] if at else characters[0]
    _check([chosen], marks.author)
    return chosen.run


def _run_like(run: etree._Element | None, text: str) -> etree._Element:
    new = etree.Element(w("r"))
    properties = run.find(w("rPr")) if run is not None else None
    if properties is not None:
        new.append(copy.deepcopy(properties))
    words = etree.SubElement(new, w("t"))
    words.text = text
    words.set(XML_SPACE, "preserve")
    return new


def insert_paragraphs(
    after: etree._Element,
    edit: Edit,
    marks: Marks,
    *,
    head_like: etree._Element | None,
    automatic: bool = False,
) -> None:
    """Insert the lines of `edit.text` as tracked paragraphs behind the paragraph `after`.

    Args:
        after: The last paragraph of the clause; inside a table the lines go behind the table.
        edit: The insertion.
        marks: Author, date and ids.
        head_like: The paragraph whose look the first line takes, where it is a heading.
        automatic: Whether `head_like` is numbered by a list; lines below it then are not.
    """
    place = _outermost(after)
    lines = f"{edit.number}{edit.text}".split("\n")
    body_like = after if place is after else _paragraph_before(place)
    new = [
        _new_paragraph(
            head_like if n == 0 and edit.article else body_like,
            line,
            marks,
            unnumbered=automatic and body_like is head_like and not (n == 0 and edit.article),
        )
        for n, line in enumerate(lines)
    ]
    following = place.getnext()
    behind = place
    for paragraph in new:
        behind.addnext(paragraph)
        behind = paragraph
    if place is after and not _mark_is_tracked(after):
        _hand_over_mark(after, new, marks)
    else:
        for paragraph in new:
            _mark_inserted(paragraph, marks)
        if following is None or following.tag != w("p"):
            _unmark(new[-1])
    if edit.comment:
        inserted = next(new[0].iterchildren(w("ins")))
        _attach(inserted, inserted, edit.comment, marks)


def _outermost(paragraph: etree._Element) -> etree._Element:
    """Return the table around `paragraph`, or the paragraph itself."""
    table = paragraph
    for parent in paragraph.iterancestors():
        if parent.tag == w("tbl"):
            table = parent
        if parent.tag == w("txbxContent"):
            raise CannotPlace("位于文本框内")
    return table


def _paragraph_before(table: etree._Element) -> etree._Element | None:
    for sibling in table.itersiblings(preceding=True):
        if sibling.tag == w("p"):
            return sibling
    return None


def _new_paragraph(
    like: etree._Element | None, text: str, marks: Marks, *, unnumbered: bool = False
) -> etree._Element:
    paragraph = etree.Element(w("p"))
    properties = like.find(w("pPr")) if like is not None else None
    if properties is not None:
        own = copy.deepcopy(properties)
        for name in ("sectPr", "pPrChange"):
            for child in own.findall(w(name)):
                own.remove(child)
        mark = own.find(w("rPr"))
        for name in ("ins", "del", "moveFrom", "moveTo", "rPrChange"):
            for child in mark.findall(w(name)) if mark is not None else ():
                parent_of(child).remove(child)
        if unnumbered:
            _leave_list(own)
        paragraph.append(own)
    runs = [c.run for c in visible(like)] if like is not None else []
    inserted = marks.element("ins")
    inserted.append(_run_like(runs[-1] if runs else None, text))
    paragraph.append(inserted)
    return paragraph


def _leave_list(properties: etree._Element) -> None:
    """Take a paragraph out of its list, also where the list comes from its style (17.9.19)."""
    numbering = properties.find(w("numPr"))
    if numbering is None:
        numbering = etree.Element(w("numPr"))
        before = ("pStyle", "keepNext", "keepLines", "pageBreakBefore", "framePr", "widowControl")
        at = sum(child.tag in {w(name) for name in before} for child in properties)
        properties.insert(at, numbering)
    for child in list(numbering):
        numbering.remove(child)
    etree.SubElement(numbering, w("numId")).set(w("val"), "0")


def _mark_inserted(paragraph: etree._Element, marks: Marks) -> None:
    properties = paragraph.find(w("pPr"))
    if properties is None:
        properties = etree.Element(w("pPr"))
        paragraph.insert(0, properties)
    mark = properties.find(w("rPr"))
    if mark is None:
        mark = etree.Element(w("rPr"))
        follower = next((c for c in properties if c.tag in (w("sectPr"), w("pPrChange"))), None)
        properties.append(mark) if follower is None else follower.addprevious(mark)
    mark.insert(0, marks.element("ins"))


def _unmark(paragraph: etree._Element) -> None:
    """Leave the last paragraph behind a table unmarked: a table needs a paragraph after it."""
    mark = paragraph.find(f"{w('pPr')}/{w('rPr')}")
    if mark is not None:
        for child in mark.findall(w("ins")):
            mark.remove(child)


def _mark_is_tracked(paragraph: etree._Element) -> bool:
    mark = paragraph.find(f"{w('pPr')}/{w('rPr')}")
    return mark is not None and any(
        mark.find(w(name)) is not None for name in ("ins", "del", "moveFrom", "moveTo")
    )


def _hand_over_mark(after: etree._Element, new: Sequence[etree._Element], marks: Marks) -> None:
    """Mark `after` and all but the last new paragraph as inserted, as typing after it would.

    The last new paragraph keeps the old paragraph mark with its properties; where it is to look
    different, that is a tracked change of properties. Word and LibreOffice then both give the
    paragraph before and the one behind their own properties back on rejection.
    """
    last = new[-1]
    old = after.find(w("pPr"))
    section = old.find(w("sectPr")) if old is not None else None
    before = _bare(old)
    wanted = _bare(last.find(w("pPr")))
    for paragraph in (after, *new[:-1]):
        _mark_inserted(paragraph, marks)
    properties = last.find(w("pPr"))
    if properties is None:
        properties = etree.Element(w("pPr"))
        last.insert(0, properties)
    if section is not None:
        properties.append(section)
    if serial(before) != serial(wanted):
        change = marks.element("pPrChange")
        change.append(before)
        properties.append(change)
    if len(properties) == 0:
        last.remove(properties)


def _bare(properties: etree._Element | None) -> etree._Element:
    """Return a copy of paragraph properties as `w:pPrChange` may hold them (17.13.5.29)."""
    bare = etree.Element(w("pPr"))
    for child in properties if properties is not None else ():
        if child.tag not in (w("rPr"), w("sectPr"), w("pPrChange")):
            bare.append(copy.deepcopy(child))
    return bare


def serial(element: etree._Element) -> bytes:
    """Return an element as comparable bytes."""
    return etree.tostring(element, method="c14n2")


def _attach(first: etree._Element, last: etree._Element, text: str, marks: Marks) -> None:
    number = str(marks.comment(text))
    start, end = etree.Element(w("commentRangeStart")), etree.Element(w("commentRangeEnd"))
    for element in (start, end):
        element.set(w("id"), number)
    first.addprevious(start)
    last.addnext(end)
    holder = marks.element("ins")
    run = etree.SubElement(holder, w("r"))
    etree.SubElement(run, w("commentReference")).set(w("id"), number)
    end.addnext(holder)


def comment_only(paragraph: etree._Element, text: str, marks: Marks) -> None:
    """Put a comment on the whole paragraph without changing it."""
    runs = [c.run for c in visible(paragraph)]
    if not runs:
        return
    top = [_child_of(paragraph, run) for run in (runs[0], runs[-1])]
    _attach(top[0], top[1], text, marks)


def _child_of(paragraph: etree._Element, element: etree._Element) -> etree._Element:
    while parent_of(element) is not paragraph:
        element = parent_of(element)
    return element


def used_ids(roots: Sequence[etree._Element]) -> Iterator[int]:
    """Yield the ids of changes, comments and bookmarks in the parts."""
    for root in roots:
        for element in root.iter():
            value = element.get(f"{{{W}}}id") if isinstance(element.tag, str) else None
            if value and value.lstrip("-").isdigit():
                yield int(value)
