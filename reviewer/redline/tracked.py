"""Words changed within one paragraph, as `w:ins` and `w:del`, minimally."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from lxml import etree

from reviewer.ingest.characters import Visible, visible
from reviewer.ingest.package import parent_of, w
from reviewer.redline.barriers import FIELD, Barriers, CannotPlace
from reviewer.redline.diff import word_diff
from reviewer.redline.runs import Marks, inserted, isolate, with_fields, wrap_deleted

_SENTENCE_ENDS = "。；：！？;:!?"


class Extent(NamedTuple):
    """The first and the last element of a change, in the order of the document."""

    first: etree._Element
    last: etree._Element


class _Step(NamedTuple):
    start: int
    end: int
    text: str


def steps_of(paragraph: etree._Element, start: int, end: int, text: str) -> list[_Step]:
    """Return what has to change so that the visible characters `start` to `end` read `text`."""
    old = "".join(c.character for c in visible(paragraph)[start:end])
    steps: list[_Step] = []
    at = start
    for kind, before, after in word_diff(old, text):
        if kind != "equal":
            steps.append(_Step(at, at + len(before), after))
        at += len(before)
    return steps


def check_words(
    paragraph: etree._Element, start: int, end: int, text: str, barriers: Barriers
) -> None:
    """Raise CannotPlace where `replace_words` would; nothing is changed."""
    characters = visible(paragraph)
    for step in steps_of(paragraph, start, end, text):
        barriers.check(characters[step.start : step.end], characters)
        if step.start == step.end:
            _gap(paragraph, characters, step.start, barriers)


def replace_words(
    paragraph: etree._Element, start: int, end: int, text: str, barriers: Barriers, marks: Marks
) -> Extent | None:
    """Make the visible characters `start` to `end` of `paragraph` read `text`.

    Returns:
        Where the changes are; None where nothing changes.

    Raises:
        CannotPlace: A change would cut through something that must stay whole.
    """
    check_words(paragraph, start, end, text, barriers)
    changed: list[etree._Element] = []
    for step in reversed(steps_of(paragraph, start, end, text)):
        barriers.own = marks.own
        changed[:0] = (
            _replace(paragraph, step, barriers, marks)
            if step.end > step.start
            else _insert(paragraph, step, barriers, marks)
        )
    if not changed:
        return None
    marks.touched.add(paragraph)
    return Extent(changed[0], changed[-1])


def _replace(
    paragraph: etree._Element, step: _Step, barriers: Barriers, marks: Marks
) -> list[etree._Element]:
    characters = visible(paragraph)
    fields = barriers.check(characters[step.start : step.end], characters)
    like = Counter(c.run for c in characters[step.start : step.end]).most_common(1)[0][0]
    look = inserted(like, step.text, marks) if step.text else None
    runs = isolate(paragraph, step.start, step.end)
    deleted = wrap_deleted(with_fields(runs, fields), marks)
    if look is None:
        return deleted
    same = all(parent_of(d) is parent_of(deleted[0]) for d in deleted)
    outside = [d for d in deleted if parent_of(d) is paragraph]
    place = deleted[-1] if same else outside[-1] if outside else deleted[0]
    place.addnext(look)
    return [*deleted, look] if place is deleted[-1] else [deleted[0], deleted[-1]]


def _insert(
    paragraph: etree._Element, step: _Step, barriers: Barriers, marks: Marks
) -> list[etree._Element]:
    characters = visible(paragraph)
    at = step.start
    if 0 < at < len(characters) and characters[at - 1].run is characters[at].run:
        same = [n for n, c in enumerate(characters) if c.run is characters[at].run]
        isolate(paragraph, at, same[-1] + 1)
        characters = visible(paragraph)
    gap = _gap(paragraph, characters, step.start, barriers)
    look = inserted(gap.like, step.text, marks)
    if gap.place is None:
        paragraph.append(look)
    elif gap.behind:
        gap.place.addnext(look)
    else:
        gap.place.addprevious(look)
    return [look]


class _Gap(NamedTuple):
    """Where words go that replace nothing."""

    place: etree._Element | None
    """Behind or before this; None at the end of an empty paragraph."""
    behind: bool
    like: etree._Element | None


def _gap(
    paragraph: etree._Element, characters: Sequence[Visible], at: int, barriers: Barriers
) -> _Gap:
    left = characters[at - 1] if at else None
    right = characters[at] if at < len(characters) else None
    if left is None and right is None:
        return _Gap(None, True, None)
    beside = left or right
    other = right if left else None
    assert beside is not None
    place = beside.run
    entry = barriers.field_of(beside.run)
    if entry is not None:
        if not entry.ended or (other and barriers.field_of(other.run) is entry):
            raise CannotPlace(FIELD)
        place = entry.runs[-1] if left else entry.runs[0]
    inside = set(other.run.iterancestors()) if other else {paragraph}
    while parent_of(place) not in inside:
        place = parent_of(place)
    if parent_of(place) is not paragraph:
        barriers.check_run(place)
    like = _look(left, right, place)
    return _Gap(place, left is not None, like)


def _look(
    left: Visible | None, right: Visible | None, place: etree._Element
) -> etree._Element | None:
    """Return the run whose look new words take: of their sentence, and not of a link beside it."""
    starts_sentence = left is not None and left.character in _SENTENCE_ENDS
    order = (right, left) if starts_sentence else (left, right)
    outside = next(place.iterancestors(w("hyperlink")), None) is None
    for character in order:
        if character is None:
            continue
        linked = next(character.run.iterancestors(w("hyperlink")), None) is not None
        if not (linked and outside):
            return character.run
    return None
