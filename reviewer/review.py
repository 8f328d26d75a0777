"""Review: a contract and one finding for every check. It holds no false quotation."""

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from typing import Self

from pydantic import Field, model_validator

from reviewer.contract import Contract
from reviewer.finding import Finding, Severity
from reviewer.record import Record


class EngineInfo(Record):
    """What made the review."""

    name: str
    model: str | None = None
    playbook: str
    playbook_version: str
    host: str | None = None
    """Where the contract's text was sent; None when nothing left the machine."""
    prompts: dict[str, str] = Field(default_factory=dict)
    """Prompt id to version and hash."""


class Summary(Record):
    """How many findings have which status, and a score of 0 to 100."""

    ok: int = 0
    weak: int = 0
    missing: int = 0
    hit: int = 0
    clear: int = 0
    score: int | None = None
    """None when too little was read to give one."""

    @classmethod
    def of(cls, findings: Iterable[Finding], *, scored: bool = True) -> "Summary":
        """Count `findings`; observations are counted nowhere.

        The score is the share of weight that is earned: a check weighs 3, 2 or 1 by severity;
        `ok` and `clear` earn it whole, `weak` half, the rest nothing. Half of the score comes
        from the protections and half from flags and cautions, so that forty clear flags do not
        hide that the protections are missing.
        """
        counted = [finding for finding in findings if finding.kind != "observation"]
        numbers = Counter(finding.status for finding in counted)
        halves = []
        for protections in (True, False):
            part = [f for f in counted if (f.kind == "protection") is protections]
            total = sum(_WEIGHT[f.severity] for f in part)
            earned = sum(_WEIGHT[f.severity] * _EARNED[f.status] for f in part)
            if total:
                halves.append(earned / total)
        score = round(100 * sum(halves) / len(halves)) if halves and scored else None
        return cls(
            ok=numbers["ok"],
            weak=numbers["weak"],
            missing=numbers["missing"],
            hit=numbers["hit"],
            clear=numbers["clear"],
            score=score,
        )


class Usage(Record):
    """What the language model cost."""

    prompt_tokens: int = 0
    cached_tokens: int = 0
    completion_tokens: int = 0
    requests: int = 0
    cost: Decimal | None = None
    """None when no price is known."""
    currency: str | None = None
    """Of `cost`: CNY or USD."""


class Timing(Record):
    """Seconds."""

    ingest_s: float = 0.0
    review_s: float = 0.0
    total_s: float = 0.0


class Review(Record):
    """A contract, and one finding for every check of the playbook.

    A review cannot hold a quotation that the contract does not contain, nor a suggestion for a
    clause that it does not have.
    """

    schema_version: int = 1
    contract: Contract
    engine: EngineInfo
    findings: tuple[Finding, ...]
    summary: Summary
    warnings: tuple[str, ...] = ()
    usage: Usage = Usage()
    timing: Timing = Timing()

    @model_validator(mode="after")
    def _quotes_are_verbatim(self) -> Self:
        clauses = {clause.id for clause in self.contract.clauses}
        for finding in self.findings:
            for quote, start, end in _quotes(finding):
                if self.contract.text[start:end] != quote:
                    raise ValueError(f"{finding.id}: a quote of {finding.check} is not verbatim")
            named = set(finding.clauses)
            if finding.suggestion:
                named.add(finding.suggestion.anchor)
            if named - clauses:
                raise ValueError(f"{finding.id}: the contract has no clause {named - clauses}")
        return self

    def finding(self, finding_id: str) -> Finding | None:
        """Return the finding with this id, or None."""
        return next((f for f in self.findings if f.id == finding_id), None)


def _quotes(finding: Finding) -> Iterable[tuple[str, int, int]]:
    for evidence in finding.evidence:
        yield evidence.quote, evidence.start, evidence.end
    for element in finding.elements:
        if element.quote is not None and element.start is not None and element.end is not None:
            yield element.quote, element.start, element.end
        for evidence in element.more:
            yield evidence.quote, evidence.start, evidence.end
    suggestion = finding.suggestion
    if suggestion and suggestion.original is not None:
        if suggestion.start is None or suggestion.end is None:
            raise ValueError(f"{finding.id}: the original of the suggestion has no place")
        yield suggestion.original, suggestion.start, suggestion.end
    for change in suggestion.more if suggestion else ():
        yield change.original, change.start, change.end


_WEIGHT: dict[Severity, int] = {"high": 3, "medium": 2, "low": 1}
_EARNED = {"ok": 1.0, "clear": 1.0, "weak": 0.5, "missing": 0.0, "hit": 0.0}
