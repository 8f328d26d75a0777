"""A Word file with words in its pictures: the redline is of the file, without these words."""

from reviewer.contract import Clause, Contract
from reviewer.finding import Finding, Suggestion
from reviewer.review import Review
from reviewer.text import Span

IN_A_PICTURE = "位于图片里的文字，不能在原件里修订"
MOSTLY_PICTURES = "正文主要在图片里，修订稿由识别出的文字另建，不含原件的版式"
_MOST = 0.5
"""Share of the text from which a contract is taken for one that was pasted in as pictures."""


def without_pictures(review: Review, text: str) -> tuple[Review, dict[str, str]] | None:
    """Return the review of the words that the file itself has.

    Args:
        review: Of the file's words and those that were recognised in its pictures.
        text: The file's own words.

    Returns:
        The review, and finding and reason where a suggestion is about a picture; None where most
        of the contract stands in pictures.
    """
    seen = _seen(review.contract, text)
    if seen is None or seen.end - seen.start > _MOST * len(review.contract.text):
        return None
    contract = _cut(review.contract, seen)
    refused: dict[str, str] = {}
    findings: list[Finding] = []
    for finding in review.findings:
        suggestion = finding.suggestion
        moved = _moved(suggestion, seen, review.contract, contract) if suggestion else None
        if suggestion is not None and moved is None:
            refused[finding.id] = IN_A_PICTURE
        update = {"suggestion": moved, "evidence": (), "elements": (), "clauses": ()}
        findings.append(finding.model_copy(update=update))
    return review.model_copy(update={"contract": contract, "findings": tuple(findings)}), refused


def _seen(contract: Contract, text: str) -> Span | None:
    """Return which stretch of the text was recognised in pictures."""
    size = len(contract.text) - len(text)
    at = min(place.start for place in contract.places)
    rest = contract.text[:at] + contract.text[at + size :]
    return Span(at, at + size) if size > 0 and rest == text else None


def _cut(contract: Contract, seen: Span) -> Contract:
    size = seen.end - seen.start
    clauses: list[Clause] = []
    for clause in contract.clauses:
        head = contract.text[clause.start : min(clause.end, max(seen.start, clause.start))]
        tail = contract.text[max(clause.start, min(seen.end, clause.end)) : clause.end]
        words = clause.text if clause.end <= seen.start or clause.start >= seen.end else head + tail
        start = clause.start if clause.start <= seen.start else max(clause.start, seen.end) - size
        if words:
            update = {"text": words, "start": start, "end": start + len(words)}
            clauses.append(clause.model_copy(update=update))
    text = contract.text[: seen.start] + contract.text[seen.end :]
    update = {"clauses": tuple(clauses), "text": text, "places": (), "changes": (), "pages": ()}
    return contract.model_copy(update=update)


def _moved(suggestion: Suggestion, seen: Span, old: Contract, new: Contract) -> Suggestion | None:
    """Return the suggestion for the text without pictures, or None where it is about one."""
    size = seen.end - seen.start
    places = [change.start for change in suggestion.more]
    ends = [change.end for change in suggestion.more]
    if suggestion.start is not None and suggestion.end is not None:
        places.append(suggestion.start)
        ends.append(suggestion.end)
    if any(Span(a, b).overlap(seen) for a, b in zip(places, ends, strict=True)):
        return None
    update: dict[str, object] = {}
    if new.clause(suggestion.anchor) is None:
        clause = old.clause(suggestion.anchor)
        before = [c for c in new.clauses if clause and c.start < min(seen.start, clause.start)]
        if not before or suggestion.original is not None:
            return None
        update = {"anchor": before[-1].id}
    if suggestion.start is not None and suggestion.end is not None and suggestion.start >= seen.end:
        update |= {"start": suggestion.start - size, "end": suggestion.end - size}
    update["more"] = tuple(
        c.model_copy(update={"start": c.start - size, "end": c.end - size})
        if c.start >= seen.end
        else c
        for c in suggestion.more
    )
    return suggestion.model_copy(update=update)
