"""What was asked for, and what became of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from reviewer.compare.alignment import likeness
from reviewer.compare.differences import Difference, steps_between
from reviewer.compare.mapped import Mapped
from reviewer.compare.versions import passage_of
from reviewer.comparison import AskedChange, EditKind, Outcome, Remark
from reviewer.contract import Contract
from reviewer.finding import Finding
from reviewer.ingest.markers import marker_of
from reviewer.redline.edits import Edit, apply
from reviewer.review import Review
from reviewer.text import Span, fold

GONE = 0.12
"""Share up to which they count as gone: words as common as 的 stand anywhere."""
SAME_CLAUSE = 0.5
"""Likeness of a new clause to a suggestion from which it is that suggestion, edited."""
_TITLE_LENGTH = 24
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
        finding = _asked_by(difference, asking, drafted)
        remark = None if finding else _remark_on(difference, ours)
        if finding or remark:
            title = finding.title if finding else _title_in(remark) if remark else ""
            wish = found.setdefault(title, Wish(title=title))
            wish.finding = wish.finding or finding
        elif last and _goes_with(difference, last[0], asking):
            wish = last[1]
        else:
            wish = found.setdefault(difference, Wish())
        wish.add(difference.old, difference.new)
        last = difference, wish
    return list(found.values())


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
    if any(_within(gone, place) or place.overlap(gone) > half for place in places):
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


def _remark_on(difference: Difference, remarks: Sequence[Remark]) -> Remark | None:
    """Return our comment on a change, or None where it has none of its own."""
    point = Span(max(0, difference.new.start - 1), difference.new.end + 1)
    place = difference.new if difference.new.start < difference.new.end else point
    for remark in remarks:
        assert remark.passage is not None
        if Span(remark.passage.start, remark.passage.end).overlap(place):
            return remark
    return None


def _title_in(remark: Remark) -> str:
    """Return what a comment of ours says it is about."""
    line = remark.text.split("\n", 1)[0]
    if line.startswith("【") and "】" in line:
        return line[1 : line.index("】")]
    return line[:_TITLE_LENGTH]


@dataclass(frozen=True)
class Answered:
    """The versions between which a wish is followed."""

    asking: Mapped
    """From the original to what was sent."""
    kept: Mapped
    """From the original to the answer."""
    got: Mapped
    """From what was sent to the answer."""

    def shares(self, wish: Wish) -> tuple[float | None, float | None]:
        """Return the share of the words asked for that came, and of the old ones that stayed.

        None where there are none of them.
        """
        wanted = _marked(wish.news, self.asking.novel)
        struck = _marked(wish.olds, self.asking.lost)
        return _share(wanted, self.got.lost), _share(struck, self.kept.lost)

    def outcome(self, wish: Wish) -> Outcome:
        """Return what became of a wish."""
        got, kept = self.shares(wish)
        came = got is None or got == 1.0  # one word less, and it is another promise
        stayed = kept is None or kept == 1.0
        if came and (kept is None or kept <= GONE):
            return "taken"
        if stayed and (got is None or got <= GONE):
            return "changed" if self._instead(wish) else "refused"
        return "changed"

    def _instead(self, wish: Wish) -> list[Span]:
        """Return where the answer has words of its own in the place of those asked for."""
        return [
            difference.new
            for difference in self.got.differences
            if difference.kind == "replace"
            and any(difference.old.overlap(span) for span in wish.news)
            and self._is_new(difference.new)
        ]

    def _is_new(self, span: Span) -> bool:
        """Return whether most words at `span` of the answer stand in no earlier version."""
        return 2 * sum(self.kept.novel[span.start : span.end]) > span.end - span.start

    def place(self, wish: Wish, outcome: Outcome) -> Span | None:
        """Return the sentences of the answer that a wish is now found in, or None."""
        spans = []
        if outcome != "refused":
            spans = [s for span in wish.news if (s := self.got.sentences(span))]
            spans = spans or self._instead(wish)
        if not spans:
            spans = [
                s
                for span in wish.olds
                if span.start < span.end and (s := self.kept.sentences(span))
            ]
        if not spans:
            return None
        return Span(min(s.start for s in spans), max(s.end for s in spans))


def _marked(spans: Iterable[Span], flags: bytearray) -> list[int]:
    return [at for span in spans for at in range(span.start, span.end) if flags[at]]


def _share(places: Sequence[int], lost: bytearray) -> float | None:
    return sum(not lost[at] for at in places) / len(places) if places else None


def followed(
    wishes: Sequence[Wish],
    answered: Answered,
    unmarked: Answered | None,
    bare: Answered | None,
) -> list[AskedChange]:
    """Return what became of each wish.

    Args:
        wishes: What was asked for.
        answered: Up to the answer with everything accepted.
        unmarked: Up to the answer without the pending changes of others: what they did without a
            trace; None where the format carries none.
        bare: Up to the answer with every pending change rejected, where ours still pend in it.
    """
    return [
        _followed(name, wish, answered, unmarked, bare)
        for name, wish in zip(wish_ids(len(wishes)), wishes, strict=True)
    ]


def wish_ids(count: int) -> list[str]:
    """Return the ids of so many changes asked for."""
    return [f"a{number:02d}" for number in range(1, count + 1)]


def _followed(
    name: str, wish: Wish, answered: Answered, unmarked: Answered | None, bare: Answered | None
) -> AskedChange:
    outcome = answered.outcome(wish)
    if outcome == "taken" and bare is not None and bare.outcome(wish) == "refused":
        outcome = "open"
    silent = outcome == "changed" and unmarked is not None and unmarked.outcome(wish) == "changed"
    original, sent = answered.asking.old, answered.asking.new
    answer = answered.got.new
    asked = _words_asked(wish, answered.asking)
    place = answered.place(wish, outcome)
    now = passage_of(answer, place) if place else None
    struck = [span for span in wish.olds if span.start < span.end]
    old = _sentence_of(struck, answered.asking) if struck else None
    finding = wish.finding
    return AskedChange(
        id=name,
        title=wish.title or _clause_title(wish, original, sent),
        findings=(finding.id,) if finding else (),
        check=finding.check if finding else None,
        severity=finding.severity if finding else None,
        kind=_kind(wish),
        old=passage_of(original, old) if old else None,
        asked=asked,
        outcome=outcome,
        now=now,
        steps=tuple(steps_between(asked, now.quote)) if outcome == "changed" and now else (),
        silent=silent,
        reason=_reason(outcome, silent=silent, gone=now is None),
    )


def _words_asked(wish: Wish, asking: Mapped) -> str:
    words = [span.of(asking.new.text).strip() for span in wish.news if span.start < span.end]
    if words and all(span.start == span.end for span in wish.olds):
        return "\n".join(words)
    around = [
        d.new_around for d in asking.differences if any(_within(d.new, span) for span in wish.news)
    ]
    spans = sorted(set(around))
    return "\n".join(span.of(asking.new.text).strip() for span in spans).strip()


def _sentence_of(struck: Sequence[Span], asking: Mapped) -> Span:
    around = [
        d.old_around for d in asking.differences if any(_within(d.old, span) for span in struck)
    ] or list(struck)
    return Span(min(s.start for s in around), max(s.end for s in around))


def _within(inner: Span, outer: Span) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


def _kind(wish: Wish) -> EditKind:
    gone = any(span.start < span.end for span in wish.olds)
    come = any(span.start < span.end for span in wish.news)
    return "replace" if gone and come else "delete" if gone else "insert"


def _clause_title(wish: Wish, original: Contract, sent: Contract) -> str:
    text, span = (sent, wish.news[0]) if _kind(wish) == "insert" else (original, wish.olds[0])
    clause = text.clause_at(span.start + (1 if text is sent and span.start < span.end else 0))
    if clause is None:
        return ""
    return (
        " ".join(
            part for part in ((clause.number or "").strip(" .、"), clause.heading or "") if part
        )
        or clause.text.strip()[:_TITLE_LENGTH]
    )


def _reason(outcome: Outcome, *, silent: bool, gone: bool) -> str:
    if outcome == "taken":
        return "对方照此接受"
    if outcome == "open":
        return "仍是待定的修订，对方没有接受也没有拒绝"
    if outcome == "refused":
        return "对方没有接受，也没有保留这处位置" if gone else "对方没有接受，原文未动"
    return "对方改写了我方文字，且没有留下修订痕迹" if silent else "对方改写了我方文字"
