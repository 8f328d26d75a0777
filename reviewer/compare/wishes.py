"""What was asked for: from a review's suggestions, or from our pending changes in a file."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from reviewer.compare.alignment import likeness
from reviewer.compare.differences import Difference
from reviewer.compare.mapped import Mapped
from reviewer.comparison import EditKind, Remark
from reviewer.finding import Finding
from reviewer.ingest.markers import marker_of
from reviewer.redline.edits import Edit, apply
from reviewer.review import Review
from reviewer.text import Span, fold

SAME_CLAUSE = 0.5
"""Likeness of a new clause to a suggestion from which it is that suggestion, edited."""
TITLE_LENGTH = 24
_LEAST = 4
"""Characters below which words are not recognised by themselves."""


@dataclass(eq=False)
class Wish:
    """One change that was asked for, with its words in the original and in what was sent."""

    olds: list[Span] = field(default_factory=list)
    """In the original; empty spans say where an insertion goes."""
    news: list[Span] = field(default_factory=list)
    """In what was sent; empty spans say where words were struck."""
    finding: Finding | None = None
    title: str = ""
    also: list[str] = field(default_factory=list)
    """Ids of further findings that the same change answers."""

    def add(self, old: Span, new: Span) -> None:
        """Take in one more place."""
        self.olds.append(old)
        self.news.append(new)


def spliced(text: str, edits: Sequence[Edit]) -> tuple[str, list[Span]]:
    """Return `text` with the edits made, and where the words of each stand in it."""
    pieces: list[str] = []
    spans: list[Span] = []
    at = length = 0
    for edit in edits:
        made = apply(text, [edit])
        words = made[edit.span.start : len(made) - len(text) + edit.span.end]
        pieces += [text[at : edit.span.start], words]
        length += edit.span.start - at
        spans.append(Span(length, length + len(words)))
        length += len(words)
        at = edit.span.end
    return "".join([*pieces, text[at:]]), spans


def wishes_of_edits(
    edits: Sequence[Edit], spans: Sequence[Span], findings: Iterable[Finding]
) -> list[Wish]:
    """Return the wishes that the accepted suggestions of a review are."""
    by_id = {finding.id: finding for finding in findings}
    found: dict[str, Wish] = {}
    for edit, span in zip(edits, spans, strict=True):
        finding = by_id[edit.finding]
        wish = found.setdefault(edit.finding, Wish(finding=finding, title=finding.title))
        wish.also += [name for name in edit.also if name not in wish.also]
        wish.add(edit.span, span)
    return list(found.values())


def wishes_of_changes(
    asking: Mapped, review: Review | None, remarks: Iterable[Remark]
) -> list[Wish]:
    """Return the wishes that our pending changes in the file sent are.

    A change without a comment and a finding of its own goes with the one before it where both
    are in one clause or next to one another: a suggestion of several paragraphs has one comment.

    Args:
        asking: From the original to what was sent.
        review: The review they came from; tells which finding each answers.
        remarks: Our comments in that file; tell what each is about where there is no review.
    """
    drafted = [_Draft.of(f) for f in review.findings if f.suggestion] if review else []
    ours = [remark for remark in remarks if remark.ours and remark.passage]
    found: dict[object, Wish] = {}
    last: tuple[Difference, Wish] | None = None
    for difference in asking.differences:
        if difference.cosmetic or difference.kind in ("move", "reference"):
            continue
        for piece in _pieces(difference, asking):
            finding = _asked_by(piece, asking, drafted)
            remark = None if finding else _remark_on(piece, ours, asking)
            if finding or remark:
                title = finding.title if finding else _title_in(remark) if remark else ""
                wish = found.setdefault(title, Wish(title=title))
                wish.finding = wish.finding or finding
            elif last and _goes_with(piece, last[0], asking):
                wish = last[1]
            else:
                wish = found.setdefault(piece, Wish())
            wish.add(piece.old, piece.new)
            last = piece, wish
    return list(found.values())


def _pieces(difference: Difference, asking: Mapped) -> Iterator[Difference]:
    """Yield a difference line by line: lines side by side may answer different findings."""
    words = difference.new.of(asking.new.text)
    if difference.old_around != difference.old or "\n" not in words.strip():
        yield difference
        return
    at, old = difference.new.start, difference.old
    for line in words.splitlines(keepends=True):
        if line.strip():
            new = Span(at, at + len(line.rstrip()))
            kind: EditKind = "insert" if old.start == old.end else difference.kind
            yield replace(difference, kind=kind, old=old, old_around=old, new=new, new_around=new)
            old = Span(old.end, old.end)
        at += len(line)


class _Draft(NamedTuple):
    """A finding, and the words of its suggestion as they are compared."""

    finding: Finding
    words: str

    @classmethod
    def of(cls, finding: Finding) -> "_Draft":
        assert finding.suggestion is not None
        return cls(finding, fold(finding.suggestion.text)[0])


def _asked_by(difference: Difference, asking: Mapped, drafts: Sequence[_Draft]) -> Finding | None:
    """Return the finding whose suggestion a change is, judged by its place or its words."""
    lines = [_words_of(line) for line in difference.new.of(asking.new.text).splitlines()]
    best: tuple[float, Finding] | None = None
    for draft in drafts:
        score = _score(draft, difference, [line for line in lines if line])
        if score > (best[0] if best else 0.0):
            best = (score, draft.finding)
    return best[1] if best else None


def _words_of(line: str) -> str:
    """Return a line as it is compared, without its number."""
    marker = marker_of(line)
    return fold(line[marker.end :] if marker else line)[0]


def _score(draft: _Draft, difference: Difference, lines: Sequence[str]) -> float:
    suggestion = draft.finding.suggestion
    assert suggestion is not None
    places = [Span(change.start, change.end) for change in suggestion.more]
    if suggestion.start is not None and suggestion.end is not None:
        places.append(Span(suggestion.start, suggestion.end))
    gone = difference.old
    half = (gone.end - gone.start) / 2
    if any(within(gone, place) or place.overlap(gone) > half for place in places):
        return 1.0
    if gone.start < gone.end or not lines:
        return 0.0
    size = sum(map(len, lines))
    inside = sum(len(line) for line in lines if line in draft.words)
    if 2 * inside >= size and size >= _LEAST:
        return 0.9 * inside / size
    alike = likeness(draft.words, "".join(lines)) if suggestion.original is None else 0.0
    return 0.9 * alike if alike >= SAME_CLAUSE else 0.0


def _goes_with(difference: Difference, before: Difference, asking: Mapped) -> bool:
    """Return whether a change continues the one before it."""
    between = asking.new.text[before.new.end : difference.new.start]
    if difference.kind == before.kind == "insert" and not between.strip():
        return True
    same = [asking.new.clause_at(d.new.start) for d in (before, difference)]
    return same[0] is same[1] and not (difference.whole or before.whole)


def _remark_on(difference: Difference, remarks: Sequence[Remark], asking: Mapped) -> Remark | None:
    """Return our comment on a change, or None where it has none of its own.

    That on words that were struck stands at a place: theirs, or the one behind the lines put in
    beside them.
    """
    place = difference.new
    on = [remark for remark in remarks if remark.is_on(*place)]
    if difference.whole and place.start == place.end:
        ends = [place.end]
        for new in sorted(d.new for d in asking.differences if d.kind == "insert"):
            if new.start >= ends[-1] and not asking.new.text[ends[-1] : new.start].strip():
                ends.append(new.end)
        at = [r for r in remarks if r.passage and r.passage.start == r.passage.end]
        on = [r for end in ends for r in at if r.is_on(end, end)] + on
    return next(iter(on), None)


def _title_in(remark: Remark) -> str:
    """Return what a comment of ours says it is about."""
    line = remark.text.split("\n", 1)[0]
    if line.startswith("【") and "】" in line:
        return line[1 : line.index("】")]
    return line[:TITLE_LENGTH]


def within(inner: Span, outer: Span) -> bool:
    """Return whether one span lies in another."""
    return outer.start <= inner.start and inner.end <= outer.end
