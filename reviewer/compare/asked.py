"""What became of what was asked for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from reviewer.compare.differences import Difference, steps_between
from reviewer.compare.mapped import WORDS, Mapped
from reviewer.compare.versions import passage_of
from reviewer.compare.wishes import TITLE_LENGTH, Wish, within
from reviewer.comparison import AskedChange, EditKind, Outcome
from reviewer.contract import Contract
from reviewer.text import Span

GONE = 0.12
"""Share up to which words count as gone: those as common as 的 stand anywhere."""
_NEAR = 12
"""Characters by which the place of words that are gone may be off: a number, a line feed."""


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
        here = not _touched(wish.news, self.got.differences)
        if here and (kept is None or kept <= GONE):
            return "taken"
        if kept is not None and not _touched(wish.olds, self.kept.differences):
            return "changed" if self._partly(wish, got) else "refused"
        came = got is None or got == 1.0  # one word less, and it is another promise
        stayed = kept is None or kept == 1.0
        if came and (kept is None or kept <= GONE):
            return "taken"
        if stayed and (got is None or got <= GONE):
            return "changed" if self._instead(wish) else "refused"
        return "changed"

    def _partly(self, wish: Wish, got: float | None) -> bool:
        """Return whether words asked for came beside the old ones, which all stayed."""
        if got is None or got <= GONE:
            return False
        came = [d.old.start for d in self.kept.differences if d.kind == "insert"]
        return any(
            span.start - _NEAR <= place <= span.end + _NEAR for span in wish.olds for place in came
        )

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


def _touched(spans: Iterable[Span], differences: Iterable[Difference]) -> bool:
    """Return whether words at the spans, or the places that empty spans are, differ."""
    places = [d.old for d in differences if d.kind in WORDS and not d.cosmetic]
    return any(_meets(place, span) for span in spans for place in places)


def _meets(place: Span, span: Span) -> bool:
    if span.start == span.end:
        return place.start - _NEAR <= span.start <= place.end + _NEAR
    if place.start == place.end:
        return span.start < place.start < span.end
    return place.overlap(span) > 0


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
        findings=(finding.id, *wish.also) if finding else (),
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
        d.new_around for d in asking.differences if any(within(d.new, span) for span in wish.news)
    ]
    spans = sorted(set(around))
    return "\n".join(span.of(asking.new.text).strip() for span in spans).strip()


def _sentence_of(struck: Sequence[Span], asking: Mapped) -> Span:
    around = [
        d.old_around for d in asking.differences if any(within(d.old, span) for span in struck)
    ] or list(struck)
    return Span(min(s.start for s in around), max(s.end for s in around))


def _kind(wish: Wish) -> EditKind:
    gone = any(span.start < span.end for span in wish.olds)
    come = any(span.start < span.end for span in wish.news)
    return "replace" if gone and come else "delete" if gone else "insert"


def _clause_title(wish: Wish, original: Contract, sent: Contract) -> str:
    text, span = (sent, wish.news[0]) if _kind(wish) == "insert" else (original, wish.olds[0])
    clause = text.clause_at(span.start + (1 if text is sent and span.start < span.end else 0))
    if clause is None:
        return ""
    number, heading = (clause.number or "").strip(" .、"), clause.heading or ""
    if clause.level:
        return number or heading[:TITLE_LENGTH]
    return f"{number} {heading}".strip() or clause.text.strip()[:TITLE_LENGTH]


def _reason(outcome: Outcome, *, silent: bool, gone: bool) -> str:
    if outcome == "taken":
        return "对方照此接受"
    if outcome == "open":
        return "仍是待定的修订，对方没有接受也没有拒绝"
    if outcome == "refused":
        return "对方没有接受，也没有保留这处位置" if gone else "对方没有接受，原文未动"
    return "对方改写了我方文字，且没有留下修订痕迹" if silent else "对方改写了我方文字"
