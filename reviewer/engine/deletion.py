"""What has to go with words that are deleted, so that no number and no stop is left by itself."""

import re
from collections.abc import Iterable
from itertools import pairwise

from reviewer.contract import Contract
from reviewer.finding import Change, Suggestion
from reviewer.ingest.markers import marker_of
from reviewer.text import Span

_BLANK = " \t　"
_STOPS = "。；;！？!?."
_LINKS = "，,、；;"
_BETWEEN = re.compile(rf"[{_BLANK}。；;，,、！？!?]*")
_EDGE = re.compile(r"\n| \| ")
"""A change keeps within its line, and within its cell."""


def tidied(suggestion: Suggestion, contract: Contract) -> Suggestion:
    """Return a suggestion whose deletions take along what makes no sense without the words.

    A paragraph of which only a number and a stop would be left goes as a whole; a sentence goes
    with its stop, a part of a sentence with the comma that joined it.
    """
    kept = [change for change in suggestion.more if change.text]
    gone = [Span(change.start, change.end) for change in suggestion.more if not change.text]
    deletes = suggestion.action == "delete" and suggestion.start is not None
    if deletes:
        assert suggestion.start is not None
        assert suggestion.end is not None
        gone.append(Span(suggestion.start, suggestion.end))
    taken = [Span(change.start, change.end) for change in kept]
    if not deletes and suggestion.start is not None and suggestion.end is not None:
        taken.append(Span(suggestion.start, suggestion.end))
    spans = _apart(contract, gone, taken)
    if not spans:
        return suggestion
    update: dict[str, object] = {}
    if deletes:
        first = next(s for s in spans if s.start <= (suggestion.start or 0) < s.end)
        spans = [span for span in spans if span is not first]
        update = {"original": first.of(contract.text), "start": first.start, "end": first.end}
    fresh = [Change(original=s.of(contract.text), start=s.start, end=s.end, text="") for s in spans]
    update["more"] = tuple(sorted((*kept, *fresh), key=lambda change: change.start))
    return suggestion.model_copy(update=update)


def _apart(contract: Contract, gone: Iterable[Span], taken: Iterable[Span]) -> list[Span]:
    """Return the passages to delete, widened, those that follow one another as one."""
    text = contract.text
    joined: list[Span] = []
    for span in sorted(gone):
        if joined and _BETWEEN.fullmatch(text, joined[-1].end, max(span.start, joined[-1].end)):
            joined[-1] = Span(joined[-1].start, max(joined[-1].end, span.end))
        else:
            joined.append(span)
    wide = [_with_heading(contract, whole_cut(text, span)) for span in joined]
    others = list(taken)
    clash = any(a.overlap(b) for a, b in pairwise(wide)) or any(
        a.overlap(b) for a in wide for b in others
    )
    return joined if clash else wide


def whole_cut(text: str, span: Span) -> Span:
    """Return `span` with what has to go with it.

    >>> whole_cut("2、乙方免责。", Span(2, 6))
    Span(start=0, end=7)
    >>> whole_cut("甲方付款，乙方免责。", Span(5, 9))
    Span(start=4, end=9)
    """
    line = max((m.end() for m in _EDGE.finditer(text, 0, span.start)), default=0)
    edge = _EDGE.search(text, span.end)
    stop = edge.start() if edge else len(text)
    before, behind = text[line : span.start], text[span.end : stop]
    marker = marker_of(f"{before}字") if before.strip(_BLANK) else None
    opens = not before.strip(_BLANK) or (marker is not None and marker.end == len(before))
    if opens and not behind.strip(_STOPS + _LINKS + _BLANK):
        return Span(line, stop)
    last, following = before.rstrip(_BLANK)[-1:], behind.lstrip(_BLANK)[:1]
    if not following or following not in _STOPS + _LINKS:
        return span
    if not opens and last and last in _LINKS:
        return Span(line + len(before.rstrip(_BLANK)) - 1, span.end)
    if opens or (last and last in _STOPS):
        return Span(span.start, span.end + behind.index(following) + 1)
    return span


def _with_heading(contract: Contract, span: Span) -> Span:
    """Return `span`, or its whole provision where a heading over nothing would be left."""
    clause = contract.clause_at(span.start)
    if clause is None or clause.kind not in ("body", "annex") or not clause.heading:
        return span
    end = clause.start + len(clause.text.rstrip())
    left = contract.text[clause.start : span.start] + contract.text[span.end : max(end, span.end)]
    head = f"{clause.number or ''}{clause.heading}"
    has_more = any(other.parent == clause.id for other in contract.clauses)
    if has_more or _letters(left) != _letters(head):
        return span
    return Span(clause.start, max(end, span.end))


def _letters(words: str) -> str:
    return re.sub(r"\W", "", words)
