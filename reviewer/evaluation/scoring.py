"""Comparing a review with its labels, finding by finding."""

from collections.abc import Mapping
from datetime import date

from reviewer.evaluation.dataset import Label, LabelledContract, passages
from reviewer.finding import FLAGGED, ElementStatus, Finding, Kind, Severity, Status
from reviewer.knowledge.laws import LawBook
from reviewer.record import Record
from reviewer.review import Review


class ElementOutcome(Record):
    """One element: what was labelled and what the engine said."""

    id: str
    expected: ElementStatus
    got: ElementStatus | None
    """None when the engine crashed or has no elements."""


class Outcome(Record):
    """One check in one contract: what was labelled and what the engine said."""

    contract: str
    check: str
    kind: Kind
    title: str
    severity: Severity
    expected: Status
    got: Status | None
    """None when the engine crashed on the contract; counts as wrong."""
    elements: tuple[ElementOutcome, ...] = ()
    evidence_right: bool | None = None
    """None when the label or the finding rests on no passage."""
    citations: int = 0
    citations_valid: int = 0
    fixed: bool | None = None
    """Whether the check passes once its suggestion is accepted; None when it was not flagged or
    the loop was not run."""
    confidence: float = 0.0
    labelled: tuple[str, ...] = ()
    found: tuple[str, ...] = ()
    reason: str = ""
    note: str | None = None

    @property
    def right(self) -> bool:
        """Return whether the status is the labelled one."""
        return self.got == self.expected

    @property
    def flagged(self) -> bool:
        """Return whether the engine says that something is to be done."""
        return self.got in FLAGGED


def outcomes(
    item: LabelledContract,
    review: Review | None,
    laws: LawBook,
    *,
    again: Review | None = None,
    accepted: frozenset[str] | None = None,
    kinds: Mapping[str, tuple[Kind, str, Severity]],
    as_of: date,
) -> list[Outcome]:
    """Return one outcome for each labelled check.

    Args:
        item: The labels.
        review: What the engine made of the contract; None when it crashed.
        laws: The corpus that citations must stand in.
        again: The review of the contract with its suggestions accepted; None without the loop.
        accepted: Checks whose suggestion could be applied; None without the loop.
        kinds: Kind, title and severity by check id.
        as_of: The day on which cited law must be in force.
    """
    findings = {f.check: f for f in review.findings} if review else {}
    after = {f.check: f for f in again.findings} if again else {}
    made = []
    for name, label in item.labels.items():
        kind, title, severity = kinds[name]
        finding = findings.get(name)
        valid = [laws.holds(c, as_of) for c in finding.citations] if finding else []
        fixed = None
        if finding and finding.flagged and again and name in after:
            fixed = not after[name].flagged
        made.append(
            Outcome(
                contract=item.name,
                check=name,
                kind=kind,
                title=title,
                severity=severity,
                expected=label.status,
                got=finding.status if finding else None,
                elements=_elements(label, finding),
                evidence_right=_evidence_right(label, finding, review) if finding else None,
                citations=len(valid),
                citations_valid=sum(valid),
                fixed=fixed,
                confidence=finding.confidence if finding else 0.0,
                labelled=label.evidence,
                found=tuple(e.quote for e in finding.evidence) if finding else (),
                reason=finding.reason if finding else "引擎在这份合同上出错",
                note=label.note,
            )
        )
    return made


def _elements(label: Label, finding: Finding | None) -> tuple[ElementOutcome, ...]:
    got = {e.id: e.status for e in finding.elements} if finding else {}
    return tuple(
        ElementOutcome(id=name, expected=status, got=got.get(name))
        for name, status in label.elements.items()
    )


def _evidence_right(label: Label, finding: Finding, review: Review | None) -> bool | None:
    """Return whether one quote overlaps a labelled one by half of the shorter.

    Source: the label format of the interface specification.
    """
    if not label.evidence or not finding.evidence or review is None:
        return None
    labelled = [span for quote in label.evidence for span in passages(quote, review.contract.text)]
    return any(
        2 * span.overlap(passage.span) >= min(span.end - span.start, passage.end - passage.start)
        for span in labelled
        for passage in finding.evidence
    )
