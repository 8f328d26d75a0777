"""Whole paragraphs, tracked: inserted, deleted, split and joined.

A new paragraph carries the tracked mark itself where a paragraph follows it, so that rejection
gives the following paragraph back untouched. Where none follows (the end of a cell or of the
text, before a table, at a section break) the mark goes on the paragraph before, as typing after
it would have it.
"""

import copy
from collections.abc import Sequence
from dataclasses import dataclass

from lxml import etree

from reviewer.ingest.characters import visible
from reviewer.ingest.package import W, parent_of, w
from reviewer.redline.barriers import FOREIGN, Barriers, CannotPlace, check_block
from reviewer.redline.order import in_order
from reviewer.redline.resolve import RANGE_MARKUP
from reviewer.redline.runs import (
    Marks,
    inherited,
    inserted,
    isolate,
    main_run,
    with_fields,
    wrap_deleted,
)
from reviewer.redline.tracked import Extent

_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}r"
_TRACKED = ("ins", "del", "moveFrom", "moveTo")


@dataclass(frozen=True)
class NewParagraph:
    """A line to insert, and the paragraph whose look it takes."""

    text: str
    like: etree._Element | None
    unnumbered: bool = False


@dataclass(frozen=True)
class Made:
    """A new paragraph or table that stands by itself, to be put into the document."""

    element: etree._Element
    words: etree._Element
    """What a comment on it is anchored to."""


def next_block(element: etree._Element) -> etree._Element | None:
    """Return what follows in the container, range markup aside."""
    following = element.getnext()
    while following is not None and following.tag in RANGE_MARKUP:
        following = following.getnext()
    return following


def previous_block(element: etree._Element) -> etree._Element | None:
    """Return what comes before in the container, range markup aside."""
    before = element.getprevious()
    while before is not None and before.tag in RANGE_MARKUP:
        before = before.getprevious()
    return before


def tracked_mark(paragraph: etree._Element, marks: Marks | None = None) -> str | None:
    """Return the name of someone else's change of the paragraph mark, or None."""
    mark = paragraph.find(f"{w('pPr')}/{w('rPr')}")
    for name in _TRACKED if mark is not None else ():
        change = mark.find(w(name)) if mark is not None else None
        if change is not None and not (marks and marks.is_own(change)):
            return name
    return None


def has_section(paragraph: etree._Element) -> bool:
    """Return whether the paragraph carries a section break."""
    return paragraph.find(f"{w('pPr')}/{w('sectPr')}") is not None


def new_paragraph(line: NewParagraph, marks: Marks) -> Made:
    """Return a paragraph of one tracked insertion that looks like another."""
    paragraph = etree.Element(w("p"), nsmap={"w": W})
    properties = line.like.find(w("pPr")) if line.like is not None else None
    own = _copied(properties)
    if line.unnumbered:
        leave_list(own)
    if len(own):
        paragraph.append(own)
    words = inserted(main_run(line.like), line.text, marks)
    paragraph.append(words)
    return Made(paragraph, words)


def empty_paragraph(like: etree._Element | None, marks: Marks) -> Made:
    """Return an empty paragraph, as must stand behind a table."""
    made = new_paragraph(NewParagraph("", like, unnumbered=like is not None), marks)
    made.element.remove(made.words)
    return Made(made.element, made.element)


def _copied(properties: etree._Element | None) -> etree._Element:
    """Return paragraph properties as another paragraph may have them."""
    own = etree.Element(w("pPr"), nsmap={"w": W})
    for child in properties if properties is not None else ():
        if child.tag == w("rPr"):
            mark = inherited(child)
            if len(mark):
                own.append(mark)
        elif child.tag not in (w("sectPr"), w("pPrChange")):
            own.append(copy.deepcopy(child))
    return in_order(own)


def leave_list(properties: etree._Element) -> None:
    """Take a paragraph out of its list, also where the list comes from its style (17.9.19)."""
    numbering = properties.find(w("numPr"))
    if numbering is None:
        numbering = etree.Element(w("numPr"), nsmap={"w": W})
        before = ("pStyle", "keepNext", "keepLines", "pageBreakBefore", "framePr", "widowControl")
        at = sum(child.tag in {w(name) for name in before} for child in properties)
        properties.insert(at, numbering)
    for child in list(numbering):
        numbering.remove(child)
    etree.SubElement(numbering, w("numId")).set(w("val"), "0")


def mark(paragraph: etree._Element, name: str, marks: Marks) -> None:
    """Mark the end of a paragraph as inserted or deleted."""
    properties = paragraph.find(w("pPr"))
    if properties is None:
        properties = etree.Element(w("pPr"), nsmap={"w": W})
        paragraph.insert(0, properties)
    run = properties.find(w("rPr"))
    if run is None:
        run = etree.Element(w("rPr"), nsmap={"w": W})
        follower = next((c for c in properties if c.tag in (w("sectPr"), w("pPrChange"))), None)
        properties.append(run) if follower is None else follower.addprevious(run)
    behind = name == "del" and len(run) and run[0].tag == w("ins")
    run.insert(1 if behind else 0, marks.element(name))
    marks.touched.add(paragraph)


def check_behind(place: etree._Element, marks: Marks | None = None) -> None:
    """Raise CannotPlace where `put_behind` would; nothing is changed."""
    check_block(place)
    if place.tag != w("p"):
        return
    tracked = tracked_mark(place, marks)
    following = next_block(place)
    if tracked in ("del", "moveFrom") or (
        tracked and (following is None or following.tag != w("p") or has_section(place))
    ):
        raise CannotPlace(FOREIGN)


def put_behind(
    place: etree._Element, made: Sequence[Made], marks: Marks, *, commented: bool = False
) -> Extent:
    """Put new blocks behind a paragraph or table.

    Args:
        place: The paragraph or table.
        made: The blocks.
        marks: Author, date and ids.
        commented: Whether a comment is anchored in them. LibreOffice then gives the following
            paragraph its own list level back on rejection only where the mark is handed over.

    Raises:
        CannotPlace: Rejection could not be exact here.
    """
    check_behind(place, marks)
    _take_back(place, "del", marks)
    following = next_block(place)
    before_paragraph = following is not None and following.tag == w("p")
    hand_over = place.tag == w("p") and (
        not before_paragraph or has_section(place) or (commented and not has_tracked_mark(place))
    )
    blocks = list(made)
    if blocks[0].element.tag == w("tbl") and place.tag == w("tbl"):
        blocks.insert(0, empty_paragraph(None, marks))
    if blocks[-1].element.tag == w("tbl") and (hand_over or not before_paragraph):
        blocks.append(empty_paragraph(place if place.tag == w("p") else None, marks))
    behind = place
    for block in blocks:
        behind.addnext(block.element)
        behind = block.element
    paragraphs = [b.element for b in blocks if b.element.tag == w("p")]
    if hand_over:
        _hand_over(place, paragraphs[-1], marks)
        paragraphs = [place, *paragraphs[:-1]]
    for paragraph in paragraphs:
        mark(paragraph, "ins", marks)
    return Extent(made[0].words, made[-1].words)


def _take_back(paragraph: etree._Element, name: str, marks: Marks) -> None:
    """Undo our own mark: the last paragraph, gone, had run on into what now comes between."""
    run = paragraph.find(f"{w('pPr')}/{w('rPr')}")
    change = run.find(w(name)) if run is not None else None
    if run is not None and change is not None and marks.is_own(change):
        run.remove(change)
        for empty in (run, parent_of(run)):
            if len(empty) == 0:
                parent_of(empty).remove(empty)


def has_tracked_mark(paragraph: etree._Element) -> bool:
    """Return whether anyone, we included, changed the paragraph mark."""
    return tracked_mark(paragraph) is not None


def put_before(
    paragraph: etree._Element, made: Sequence[Made], marks: Marks, *, commented: bool = False
) -> Extent:
    """Put new blocks before a paragraph, which keeps its mark and its properties."""
    check_block(paragraph)
    blocks = list(made)
    before = previous_block(paragraph)
    if before is not None and before.tag == w("p"):
        _take_back(before, "del", marks)
    above = before is not None and before.tag == w("p") and not has_tracked_mark(before)
    if commented and above and before is not None and not has_section(before):
        return put_behind(before, made, marks, commented=True)
    if blocks[0].element.tag == w("tbl") and before is not None and before.tag == w("tbl"):
        blocks.insert(0, empty_paragraph(None, marks))
    for block in blocks:
        paragraph.addprevious(block.element)
        if block.element.tag == w("p"):
            mark(block.element, "ins", marks)
    return Extent(made[0].words, made[-1].words)


def _hand_over(after: etree._Element, last: etree._Element, marks: Marks) -> None:
    """Give the last new paragraph the old paragraph mark of `after` with its properties.

    Where it is to look different, that is a tracked change of properties.
    """
    old = after.find(w("pPr"))
    before, wanted = bare(old), bare(last.find(w("pPr")))
    properties = last.find(w("pPr"))
    if properties is not None:
        last.remove(properties)
    properties = copy.deepcopy(wanted)
    for name in ("rPr", "sectPr"):
        child = old.find(w(name)) if old is not None else None
        if child is None:
            continue
        if name == "sectPr":
            properties.append(child)
            continue
        run = copy.deepcopy(child)
        for change in [c for c in run if c.tag in {w(n) for n in _TRACKED}]:
            run.remove(change)
        if len(run):
            properties.append(run)
    if _serial(before) != _serial(wanted):
        change = marks.element("pPrChange")
        change.append(before)
        properties.append(change)
    if len(properties):
        last.insert(0, properties)


def bare(properties: etree._Element | None) -> etree._Element:
    """Return a copy of paragraph properties as `w:pPrChange` may hold them (17.13.5.29)."""
    found = etree.Element(w("pPr"), nsmap={"w": W})
    for child in properties if properties is not None else ():
        if child.tag not in (w("rPr"), w("sectPr"), w("pPrChange")):
            found.append(copy.deepcopy(child))
    return found


def _serial(element: etree._Element) -> bytes:
    return etree.tostring(element, method="c14n2")


def check_drop(paragraph: etree._Element, barriers: Barriers) -> None:
    """Raise CannotPlace where `drop` would; nothing is changed."""
    characters = visible(paragraph)
    barriers.check(characters, characters)
    if tracked_mark(paragraph) is not None:
        raise CannotPlace(FOREIGN)


def drop(paragraph: etree._Element, barriers: Barriers, marks: Marks) -> Extent:
    """Delete the words of a paragraph, and its mark where a paragraph follows.

    The mark stays where the paragraph holds something else too (a picture, a note, a section
    break) or where nothing is there for it to run on into.
    """
    barriers.own = marks.own
    characters = visible(paragraph)
    fields = barriers.check(characters, characters)
    runs = with_fields(isolate(paragraph, 0, len(characters)), fields)
    deleted = wrap_deleted(runs, marks)
    marks.touched.add(paragraph)
    if not has_section(paragraph) and not _holds_more(paragraph, marks):
        paragraph = _delete_mark(paragraph, marks)
    return Extent(deleted[0], deleted[-1]) if deleted else Extent(paragraph, paragraph)


def _holds_more(paragraph: etree._Element, marks: Marks) -> bool:
    for child in paragraph:
        if child.tag == w("pPr") or child.tag in RANGE_MARKUP or not isinstance(child.tag, str):
            continue
        if child.tag == w("del") and marks.is_own(child):
            continue
        if child.tag == w("ins") and marks.is_own(child):
            continue
        if any(not _in_own(run, marks) for run in child.iter(w("r"), _MATH)):
            return True
    return False


def _in_own(element: etree._Element, marks: Marks) -> bool:
    return any(marks.is_own(parent) for parent in element.iterancestors(w("del"), w("ins")))


def _delete_mark(paragraph: etree._Element, marks: Marks) -> etree._Element:
    """Delete the end of a paragraph, and return the one that its words are in now."""
    following = next_block(paragraph)
    if following is not None and following.tag == w("p"):
        if following is paragraph.getnext() and _has_new_mark(paragraph, marks):
            _run_on(paragraph, following)
            return following
        mark(paragraph, "del", marks)
        return paragraph
    before = previous_block(paragraph)
    if (
        before is not None
        and before.tag == w("p")
        and not has_section(before)
        and tracked_mark(before) is None
        and _serial(bare(before.find(w("pPr")))) == _serial(bare(paragraph.find(w("pPr"))))
    ):
        mark(before, "del", marks)
    return paragraph


def _has_new_mark(paragraph: etree._Element, marks: Marks) -> bool:
    """Return whether the paragraph's end is one that we inserted."""
    change = paragraph.find(f"{w('pPr')}/{w('rPr')}/{w('ins')}")
    return change is not None and marks.is_own(change)


def _run_on(paragraph: etree._Element, following: etree._Element) -> None:
    """Let deleted words stand before the new ones that replace them, in one paragraph."""
    at = 1 if following.find(w("pPr")) is not None else 0
    for child in [c for c in paragraph if c.tag != w("pPr")]:
        following.insert(at, child)
        at += 1
    parent_of(paragraph).remove(paragraph)


def split(paragraph: etree._Element, at: etree._Element, marks: Marks) -> etree._Element:
    """Move what stands before `at` into a new tracked paragraph before it, and return that.

    Raises:
        CannotPlace: `at` does not stand in the paragraph itself.
    """
    if parent_of(at) is not paragraph:
        raise CannotPlace("位于超链接或内容控件内，不能在此分段")
    first = etree.Element(w("p"), nsmap={"w": W})
    own = _copied(paragraph.find(w("pPr")))
    if len(own):
        first.append(own)
    for child in list(paragraph):
        if child is at:
            break
        if child.tag != w("pPr"):
            first.append(child)
    paragraph.addprevious(first)
    mark(first, "ins", marks)
    marks.touched.add(paragraph)
    return first
