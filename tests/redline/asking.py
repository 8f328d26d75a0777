"""Findings that ask for a change, in a line each."""

import datetime

from reviewer.contract import Contract
from reviewer.finding import Action, Finding, Suggestion
from reviewer.ingest import contract_from_bytes
from reviewer.redline import Redline, redline
from reviewer.review import EngineInfo, Review, Summary
from tests.redline.corpus import Ask

DAY = datetime.datetime(2026, 11, 23, tzinfo=datetime.UTC)


def read(data: bytes) -> Contract:
    """Return the contract in a Word file."""
    return contract_from_bytes(data, "合同.docx")


def replaced(contract: Contract, old: str, new: str, number: int = 1) -> Finding:
    """Return a finding whose suggestion makes `old` read `new`, or go where `new` is empty."""
    at = contract.text.index(old)
    clause = contract.clause_at(at)
    assert clause is not None
    return finding(
        number,
        Suggestion(
            action="replace" if new else "delete",
            anchor=clause.id,
            original=old,
            start=at,
            end=at + len(old),
            text=new,
        ),
    )


def inserted(
    contract: Contract,
    beside: str,
    text: str,
    number: int = 1,
    action: Action = "insert_after",
) -> Finding:
    """Return a finding whose suggestion puts `text` beside the clause with the words `beside`."""
    clause = contract.clause_at(contract.text.index(beside))
    assert clause is not None
    return finding(number, Suggestion(action=action, anchor=clause.id, original=None, text=text))


def asked(contract: Contract, ask: Ask, number: int = 1) -> Finding:
    """Return the finding that a case of the corpus asks for."""
    if ask.action in ("insert_after", "insert_before"):
        return inserted(contract, ask.old, ask.new, number, ask.action)  # type: ignore[arg-type]
    return replaced(contract, ask.old, ask.new, number)


def finding(number: int, suggestion: Suggestion, **changes: object) -> Finding:
    """Return a finding with this suggestion."""
    return Finding(
        id=f"f{number:02d}",
        check="kpi",
        kind="protection",
        title="考核",
        status="weak",
        severity="high",
        reason="需要数字",
        suggestion=suggestion,
        confidence=1,
    ).model_copy(update=changes)


def reviewed(contract: Contract, *findings: Finding) -> Review:
    """Return a review with these findings."""
    return Review(
        contract=contract,
        engine=EngineInfo(name="test", playbook="p", playbook_version="1"),
        findings=findings,
        summary=Summary(),
    )


def marked(data: bytes, *findings: Finding, comments: str = "none") -> Redline:
    """Return the redline of a Word file with the suggestions of `findings`."""
    review = reviewed(read(data), *findings)
    return redline(review, data, comments=comments, date=DAY)  # type: ignore[arg-type]
