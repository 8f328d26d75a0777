"""Comparison: what the other side made of a contract. It holds no false quotation."""

from typing import Literal, Self

from pydantic import Field, model_validator

from reviewer.contract import Contract
from reviewer.finding import ElementStatus, Kind, Severity, Status
from reviewer.record import Record
from reviewer.review import Review

StepKind = Literal["equal", "delete", "insert", "replace"]
EditKind = Literal["insert", "delete", "replace", "move", "reference"]
"""`reference`: the words stand as they were, but the number in them now names another clause."""

Outcome = Literal["taken", "changed", "refused", "open"]
"""What became of a change that was asked for. `open`: it still stands there as a pending change."""

Direction = Literal["better", "worse", "mixed", "none"]
"""For the merchant. `none`: no check comes out otherwise."""

Advice = Literal["accept", "reject", "negotiate", "look"]
"""`look`: no check can tell; a person has to."""

Shift = Literal["solved", "better", "same", "worse", "new"]
"""How a finding stands in the answer, against the original."""


class Step(Record):
    """A stretch of words that stayed, went or came."""

    kind: StepKind
    old: str
    new: str


class Passage(Record):
    """Words of one version, verbatim, with where they stand in its text."""

    quote: str
    start: int
    end: int
    clause: str | None = None
    number: str | None = None
    """Of the clause, as displayed; None where it has none."""


class ElementShift(Record):
    """An element that comes out otherwise."""

    id: str
    title: str
    before: ElementStatus
    after: ElementStatus


class Effect(Record):
    """What a change does to one check."""

    check: str
    title: str
    kind: Kind
    severity: Severity
    before: Status
    after: Status
    elements: tuple[ElementShift, ...] = ()
    direction: Direction


class Touch(Record):
    """A check whose evidence the changed words belong to, although it comes out the same."""

    check: str
    title: str
    severity: Severity
    still: bool = False
    """Whether it is a red flag that is still hit in the answer."""


class Remark(Record):
    """A comment that somebody wrote in the margin."""

    author: str
    date: str | None
    text: str
    passage: Passage | None
    """What it is on, in the answer; empty where the words were struck, None where the file does
    not say."""
    ours: bool = False

    def is_on(self, start: int, end: int) -> bool:
        """Return whether it stands at words of the answer, or at the place where some were."""
        if self.passage is None:
            return False
        if start < end and self.passage.start < self.passage.end:
            return self.passage.start < end and start < self.passage.end
        return self.passage.start <= end and start <= self.passage.end


class AskedChange(Record):
    """A change that was asked for, and what became of it."""

    id: str
    title: str
    """The check, or the clause where no check is known."""
    findings: tuple[str, ...] = ()
    """Ids in the review that asked for it."""
    check: str | None = None
    severity: Severity | None = None
    kind: EditKind
    old: Passage | None
    """What stood in the original; None for an insertion."""
    asked: str
    """The wording asked for; empty for a deletion."""
    outcome: Outcome
    now: Passage | None
    """What stands in the answer; None where nothing does."""
    steps: tuple[Step, ...] = ()
    """From the wording asked for to what stands in the answer, where it was changed."""
    silent: bool = False
    """Whether it was reworded without a trace."""
    status_before: Status | None = None
    """Of the check, in the original."""
    status_after: Status | None = None
    """Of the check, in the answer."""
    reason: str


class VendorEdit(Record):
    """A change that the other side made of its own accord."""

    id: str
    kind: EditKind
    tracked: bool
    author: str | None = None
    date: str | None = None
    """ISO 8601 as the file has it."""
    old: Passage | None
    """In the text as it was sent; None for an insertion."""
    new: Passage | None
    """In the answer; None for a deletion."""
    steps: tuple[Step, ...]
    cosmetic: bool = False
    """Whether only punctuation or the spelling of numbers differs."""
    effects: tuple[Effect, ...] = ()
    touches: tuple[Touch, ...] = ()
    signals: tuple[str, ...] = ()
    """What a reader should notice in the words, in Chinese: 数值改变, 义务主体改变."""
    asked: tuple[str, ...] = ()
    """Ids of the changes asked for that it undoes or rewords."""
    direction: Direction = "none"
    severity: Severity
    advice: Advice
    reason: str
    remarks: tuple[Remark, ...] = ()
    """What others wrote on it."""


class FindingShift(Record):
    """How one check stands in the answer, against the original."""

    effect: Effect
    shift: Shift
    flagged: bool
    """Whether it asks for something in the answer."""


class Renumbered(Record):
    """A clause that kept its words and has another number."""

    old: str
    new: str
    heading: str | None = None


class Tally(Record):
    """How many of what."""

    taken: int = 0
    changed: int = 0
    refused: int = 0
    open: int = 0
    silent: int = 0
    silent_high: int = 0
    tracked: int = 0
    solved: int = 0
    better: int = 0
    worse: int = 0
    new: int = 0


class Comparison(Record):
    """What became of a contract between one version and the next."""

    schema_version: int = 1
    mode: Literal["answer", "changes"]
    """`answer`: two files; `changes`: one file and the pending changes in it."""
    original: Review
    """Before anything was asked for; with `changes`, with everything rejected."""
    sent: Contract
    """With everything that was asked for; equal to the original where nothing was."""
    answer: Review
    """With every pending change accepted."""
    traceable: bool
    """Whether the answer is of a format that can carry tracked changes."""
    asked: tuple[AskedChange, ...] = ()
    edits: tuple[VendorEdit, ...] = ()
    shifts: tuple[FindingShift, ...] = ()
    renumbered: tuple[Renumbered, ...] = ()
    remarks: tuple[Remark, ...] = ()
    warnings: tuple[str, ...] = ()
    tally: Tally = Field(default_factory=Tally)

    @property
    def silent(self) -> tuple[VendorEdit, ...]:
        """Return what was changed without a trace, spelling and punctuation aside."""
        return tuple(e for e in self.edits if not e.tracked and not e.cosmetic)

    @property
    def tracked(self) -> tuple[VendorEdit, ...]:
        """Return the pending changes of others."""
        return tuple(edit for edit in self.edits if edit.tracked)

    @property
    def same(self) -> bool:
        """Return whether nothing differs and nothing was asked for."""
        return not (self.asked or self.edits or self.renumbered)

    @model_validator(mode="after")
    def _quotes_are_verbatim(self) -> Self:
        for text, passages in (
            (self.original.contract.text, [a.old for a in self.asked]),
            (self.sent.text, [e.old for e in self.edits]),
            (
                self.answer.contract.text,
                [a.now for a in self.asked]
                + [e.new for e in self.edits]
                + [r.passage for r in self.remarks],
            ),
        ):
            for passage in passages:
                if passage and text[passage.start : passage.end] != passage.quote:
                    raise ValueError(f"a quote at {passage.start} is not verbatim")
        return self
