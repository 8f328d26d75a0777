"""Contract, its parties and its clauses: what every later step reads."""

from collections.abc import Iterator
from typing import Literal, Self

from pydantic import model_validator

from reviewer.record import Record
from reviewer.text import Span

Side = Literal["client", "vendor"]
ClauseKind = Literal[
    "title", "parties", "recital", "contents", "body", "signature", "annex", "aside"
]
"""`body` and `annex` are operative. `aside` is a header, a footer or a note outside the text."""


class Party(Record):
    """Someone who signs."""

    role: str
    """The label that the contract uses: 甲方, 委托方, 服务商."""
    name: str
    """Empty when the contract leaves it blank."""
    side: Side | None
    """The merchant is `client`, whoever is paid is `vendor`; None when it could not be decided."""
    aliases: tuple[str, ...] = ()
    """Other words that the contract uses for this party, `role` and `name` included."""


class Clause(Record):
    """A provision: its own text, without that of the clauses below it.

    The clauses of a contract cover its text without a gap and without overlap.
    """

    id: str
    """`c3.2` for 3.2 or 第三条第二款; unique in the contract."""
    number: str | None
    """As displayed: 第三条, 3.2, （一）, ①."""
    heading: str | None
    text: str
    start: int
    end: int
    kind: ClauseKind = "body"
    level: int = 0
    """Depth in the tree; 0 is the top."""
    parent: str | None = None
    annex: str | None = None
    """The annex it belongs to, as the contract names it (附件一), None for the main text."""

    @property
    def span(self) -> Span:
        """Return where the clause stands in `Contract.text`."""
        return Span(self.start, self.end)


class TrackedChange(Record):
    """A pending edit that the file already carried when it arrived."""

    kind: Literal["insert", "delete", "replace", "move", "format"]
    author: str | None
    date: str | None
    """ISO 8601 as the file has it."""
    old: str
    new: str
    start: int
    """Where `new` stands in `Contract.text`; for a deletion, where the words were."""


class Hidden(Record):
    """Text that a reader of the page does not see: hidden, white, vanished, zero-width."""

    text: str
    how: str
    where: str


class Unread(Record):
    """A part of the file that could not be read."""

    part: str
    """第 3 页, 文本框, 图片."""
    reason: str


class Coverage(Record):
    """What was read of the file, and what was not."""

    share: float
    """Share of the characters found that stand in clauses, 0 to 1."""
    pages: int | None = None
    pages_read: int | None = None
    truncated: bool = False
    """The text visibly stops in the middle (labelling rule R8)."""
    unread: tuple[Unread, ...] = ()

    @property
    def complete(self) -> bool:
        """Return whether nothing was left unread."""
        return not self.unread and not self.truncated


class PageStart(Record):
    """Where a page of the file begins in the text."""

    page: int
    start: int
    confidence: float | None = None
    """Mean confidence of optical recognition, 0 to 1; None for a text layer."""


class Place(Record):
    """Where a recognised line stands on its page, so that it can be marked on the picture."""

    start: int
    end: int
    """Code points of `Contract.text`, end exclusive."""
    page: int
    box: tuple[float, float, float, float]
    """Left, top, right, bottom as shares of the page's width and height."""
    confidence: float | None = None
    """Of recognition, 0 to 1."""


class Contract(Record):
    """One agreement: its text, parties and clauses."""

    file: str
    sha256: str
    title: str
    language: str
    parties: tuple[Party, ...]
    clauses: tuple[Clause, ...]
    text: str
    coverage: Coverage
    pages: tuple[PageStart, ...] = ()
    places: tuple[Place, ...] = ()
    """Where each recognised line stands; empty where the file had text."""
    changes: tuple[TrackedChange, ...] = ()
    hidden: tuple[Hidden, ...] = ()
    warnings: tuple[str, ...] = ()
    """What a reader must know of how the file was read, in Chinese."""

    @model_validator(mode="after")
    def _clauses_partition_the_text(self) -> Self:
        at = 0
        for clause in self.clauses:
            if clause.start != at or self.text[clause.start : clause.end] != clause.text:
                raise ValueError(f"clause {clause.id} does not follow at {at}")
            at = clause.end
        if at != len(self.text):
            raise ValueError(f"the clauses end at {at} of {len(self.text)}")
        return self

    def party(self, side: Side) -> Party | None:
        """Return the party on `side`, or None if it could not be decided."""
        return next((party for party in self.parties if party.side == side), None)

    def clause(self, clause_id: str) -> Clause | None:
        """Return the clause with this id, or None."""
        return next((clause for clause in self.clauses if clause.id == clause_id), None)

    def clause_at(self, offset: int) -> Clause | None:
        """Return the clause that covers `offset`, or None beyond the end."""
        return next((c for c in self.clauses if c.start <= offset < c.end), None)

    def operative(self) -> Iterator[Clause]:
        """Yield the clauses that can satisfy something (labelling rule R2)."""
        return (clause for clause in self.clauses if clause.kind in ("body", "annex"))

    def places_of(self, span: Span) -> tuple[Place, ...]:
        """Return the recognised lines that a passage touches."""
        return tuple(p for p in self.places if p.start < span.end and span.start < p.end)

    def page_of(self, offset: int) -> int | None:
        """Return the page on which `offset` stands, or None where the file has no pages."""
        page = None
        for start in self.pages:
            if start.start > offset:
                break
            page = start.page
        return page
