"""How sure findings can be where the text they rest on was recognised from a picture."""

from collections.abc import Sequence
from statistics import fmean

from reviewer.contract import Contract
from reviewer.finding import Finding
from reviewer.text import Span

CLEAR = 0.9
"""Confidence of recognition below which a person has to look at the page."""


def weighed(findings: Sequence[Finding], contract: Contract) -> tuple[Finding, ...]:
    """Return the findings, each no surer than the lines it rests on were legible.

    One that rests on no line, since something is missing or no flag was hit, is as sure as the
    recognised lines are on average: what was misread may be what was looked for.
    """
    if not contract.places:
        return tuple(findings)
    known = [place.confidence for place in contract.places if place.confidence is not None]
    if not known:
        return tuple(findings)
    average = fmean(known)
    return tuple(_weighed(finding, contract, average) for finding in findings)


def _weighed(finding: Finding, contract: Contract, average: float) -> Finding:
    spans = [passage.span for passage in finding.evidence]
    spans += [
        Span(element.start, element.end)
        for element in finding.elements
        if element.start is not None and element.end is not None
    ]
    touched = [
        place.confidence
        for span in spans
        for place in contract.places_of(span)
        if place.confidence is not None
    ]
    if not touched and spans:
        return finding
    legible = round(min(touched) if touched else average, 2)
    return finding.model_copy(
        update={
            "recognition": legible,
            "confidence": round(finding.confidence * legible, 2),
            "needs_human": finding.needs_human or legible < CLEAR,
        }
    )
