"""Accepted suggestions as edits of the text. No files here."""

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from reviewer.contract import Clause, Contract
from reviewer.finding import Finding
from reviewer.ingest.markers import marker_of
from reviewer.redline.numbers import Numbers, names_annex, opens_article
from reviewer.redline.tables import cells_of
from reviewer.text import Span

OVERLAPS = "与另一处修改重叠"


@dataclass(frozen=True)
class Edit:
    """One change: the words of `span` become `text`; an empty span inserts whole paragraphs."""

    finding: str
    span: Span
    text: str
    comment: str = ""
    article: bool = False
    """Whether the text inserted is an article of its own, its first line the heading."""
    numbers: tuple[str, ...] = ()
    """What each line of an insertion is numbered where numbers are typed by hand."""
    before: bool = False
    """Whether the insertion goes before the paragraph at `span.start` instead of behind it."""
    anchor: str = ""
    """The clause beside which an insertion goes."""
    also: tuple[str, ...] = ()
    """Further findings that the same change answers."""

    @property
    def inserts(self) -> bool:
        """Return whether whole paragraphs are inserted."""
        return self.span.start == self.span.end

    @property
    def lines(self) -> tuple[str, ...]:
        """Return the lines of an insertion."""
        return tuple(line for line in self.text.split("\n") if line.strip())

    @property
    def typed(self) -> tuple[str, ...]:
        """Return the lines of an insertion with the numbers typed by hand."""
        numbers = (*self.numbers, *[""] * len(self.lines))
        return tuple(f"{n}{line}" for n, line in zip(numbers, self.lines, strict=False))


class Edits(NamedTuple):
    """Edits in the order of the text, and those that had no room."""

    edits: tuple[Edit, ...]
    refused: tuple[Edit, ...]


def edits_of(contract: Contract, findings: Iterable[Finding], comments: Mapping[str, str]) -> Edits:
    """Return the edits that the suggestions of `findings` amount to.

    Where two changes overlap the earlier in the text, then the longer, is kept; a suggestion of
    several changes is kept whole or not at all.
    """
    wanted: dict[str, list[Edit]] = {}
    for finding in findings:
        made = _edits(contract, finding, comments.get(finding.id, ""))
        if made:
            wanted[finding.id] = made
    return _without_overlaps(wanted)


def numbered(contract: Contract, edits: Sequence[Edit]) -> tuple[Edit, ...]:
    """Return the edits with their hand-typed numbers, given in the order of the text."""
    numbers = Numbers(contract)
    found = []
    for edit in edits:
        clause = contract.clause(edit.anchor) if edit.inserts and not edit.before else None
        if clause is not None and edit.lines:
            edit = dataclasses.replace(edit, numbers=_numbers(numbers, clause, edit))
        found.append(edit)
    return tuple(found)


def _numbers(numbers: Numbers, clause: Clause, edit: Edit) -> tuple[str, ...]:
    lines = edit.lines
    if marker_of(lines[0]) or names_annex(lines[0]) or cells_of(lines[0]):
        return ()
    has_rows = any(cells_of(line) for line in lines)
    if edit.article:
        found = numbers.article(clause, len(lines))
        return found[:1] if has_rows or any(map(marker_of, lines[1:])) else found
    return () if has_rows else numbers.siblings(clause, len(lines))


def _edits(contract: Contract, finding: Finding, comment: str) -> list[Edit]:
    suggestion = finding.suggestion
    if suggestion is None:
        return []
    made: list[Edit] = []
    if suggestion.action in ("replace", "delete"):
        assert suggestion.start is not None
        assert suggestion.end is not None
        span = Span(suggestion.start, suggestion.end)
        text = suggestion.text if suggestion.action == "replace" else ""
        if span.start < span.end:
            made.append(Edit(finding.id, span, text, comment))
    elif suggestion.text.strip():
        clause = contract.clause(suggestion.anchor)
        assert clause is not None
        before = suggestion.action == "insert_before"
        at = clause.start if before else clause.start + len(clause.text.rstrip())
        lines = [line for line in suggestion.text.split("\n") if line.strip()]
        made.append(
            Edit(
                finding.id,
                Span(at, at),
                suggestion.text,
                comment,
                article=opens_article(lines),
                before=before,
                anchor=clause.id,
            )
        )
    made += [
        Edit(finding.id, Span(change.start, change.end), change.text)
        for change in suggestion.more
        if change.start < change.end
    ]
    return made


def _without_overlaps(wanted: Mapping[str, list[Edit]]) -> Edits:
    """Keep what has room: suggestions are taken in the order of their first change."""
    kept: list[Edit] = []
    refused: list[Edit] = []
    for made in sorted(wanted.values(), key=lambda edits: _order(edits[0])):
        fresh: list[Edit] = []
        for edit in made:
            twin = next((n for n, other in enumerate(kept) if _same(edit, other)), None)
            if twin is None:
                fresh.append(edit)
            else:
                kept[twin] = _both(kept[twin], edit)
        if any(_clash(edit, other) for edit in fresh for other in (*kept, *fresh)):
            refused.append(made[0])
        else:
            kept += fresh
    return Edits(tuple(sorted(kept, key=_order)), tuple(refused))


def _both(edit: Edit, twin: Edit) -> Edit:
    comment = "\n".join(part for part in (edit.comment, twin.comment) if part)
    return dataclasses.replace(edit, comment=comment, also=(*edit.also, twin.finding))


def _order(edit: Edit) -> tuple[int, int, int, str]:
    """Return where an edit stands; what is put in at a place comes before what is replaced there."""
    rank = 2 if not edit.inserts else 1 if edit.before else 0
    return edit.span.start, rank, -edit.span.end, edit.finding


def _same(edit: Edit, other: Edit) -> bool:
    """Return whether one change answers two findings."""
    return edit.span == other.span and edit.text == other.text and edit.before == other.before


def _clash(edit: Edit, other: Edit) -> bool:
    if edit is other:
        return False
    return bool(edit.span.overlap(other.span)) or any(
        one.inserts and two.span.start < one.span.start < two.span.end
        for one, two in ((edit, other), (other, edit))
    )


def apply(text: str, edits: Iterable[Edit]) -> str:
    """Return `text` with the edits made; everything outside their spans is unchanged."""
    for edit in sorted(edits, key=_order, reverse=True):
        start, end = edit.span
        before, behind = text[:start], text[end:]
        new = edit.text
        if edit.inserts:
            new = "\n".join(edit.typed)
            new = new if not before or before.endswith("\n") else f"\n{new}"
            new = new if not behind or behind.startswith("\n") else f"{new}\n"
        text = before + new + behind
    return text
