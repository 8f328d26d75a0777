"""Finding: the answer to one check, with its evidence, law and suggestion."""

from typing import Literal, Self

from pydantic import Field, model_validator

from reviewer.law import Citation
from reviewer.record import Record
from reviewer.text import Span

Kind = Literal["protection", "red_flag", "caution", "observation"]
Status = Literal["ok", "weak", "missing", "hit", "clear"]
ElementStatus = Literal["met", "partial", "absent"]
Severity = Literal["high", "medium", "low"]
Action = Literal["replace", "insert_after", "insert_before", "delete"]

STATUSES: dict[Kind, tuple[Status, ...]] = {
    "protection": ("ok", "weak", "missing"),
    "red_flag": ("hit", "clear"),
    "caution": ("hit", "clear"),
    "observation": ("hit",),
}
"""Which status fits which kind."""

FLAGGED: frozenset[Status] = frozenset({"weak", "missing", "hit"})


class Evidence(Record):
    """A verbatim passage: `contract.text[start:end] == quote`."""

    quote: str
    start: int
    end: int

    @property
    def span(self) -> Span:
        """Return where the passage stands in `Contract.text`."""
        return Span(self.start, self.end)


class ElementFinding(Record):
    """What was found of one element."""

    id: str
    title: str = ""
    core: bool = False
    status: ElementStatus
    quote: str | None = None
    """The decisive passage; None when nothing was found."""
    start: int | None = None
    end: int | None = None
    note: str | None = None
    more: tuple[Evidence, ...] = ()
    """Further passages that the element needs, in the order of the text."""


class Change(Record):
    """One further passage that a suggestion replaces, or deletes where `text` is empty."""

    original: str
    start: int
    end: int
    text: str


class Suggestion(Record):
    """A proposed change to one clause."""

    action: Action
    anchor: str
    """The id of the clause that is changed or beside which the text goes."""
    original: str | None
    """The verbatim text that is replaced or deleted; None for an insertion."""
    start: int | None = None
    end: int | None = None
    """Where `original` stands in `Contract.text`."""
    text: str
    """The wording proposed; empty for a deletion. Paragraphs are separated by a line feed."""
    fallback: str | None = None
    """The wording still acceptable in negotiation."""
    letter: str | None = None
    """One courteous sentence for the other side."""
    more: tuple[Change, ...] = ()
    """Further passages that have to change with it."""


class Finding(Record):
    """The answer to one check."""

    id: str
    check: str
    kind: Kind
    title: str
    status: Status
    severity: Severity
    clauses: tuple[str, ...] = ()
    elements: tuple[ElementFinding, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    reason: str
    citations: tuple[Citation, ...] = ()
    suggestion: Suggestion | None = None
    confidence: float = Field(ge=0, le=1)
    needs_human: bool = False
    recognition: float | None = Field(default=None, ge=0, le=1)
    """How sure the recognition was of the lines it rests on; None where the file had text."""

    @property
    def flagged(self) -> bool:
        """Return whether something is to be done about it."""
        return self.status in FLAGGED

    @model_validator(mode="after")
    def _status_fits_kind(self) -> Self:
        if self.status not in STATUSES[self.kind]:
            raise ValueError(f"{self.check}: a {self.kind} cannot be {self.status}")
        return self
