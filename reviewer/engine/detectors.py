"""Detectors: flags that patterns alone cannot decide."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from reviewer.contract import Contract
from reviewer.engine.assess import Assessment, Assessor
from reviewer.engine.audit import Observation, blanks
from reviewer.engine.stale_law import stale_citations
from reviewer.knowledge.laws import LawBook
from reviewer.text import Span


@dataclass(frozen=True)
class Sign:
    """What a detector found: passages, and what is wrong with them in Chinese and English."""

    spans: tuple[Span, ...]
    note: str
    note_en: str


@dataclass(frozen=True)
class Facts:
    """What detectors may look at."""

    contract: Contract
    assessor: Assessor
    elements: Mapping[str, Assessment]
    """The assessment of every element of every protection."""
    laws: LawBook
    observations: tuple[Observation, ...]


def _blanks(facts: Facts) -> tuple[Sign, ...]:
    return tuple(
        Sign((blank.span,), f"{blank.what}留空", f"{blank.what_en} left blank")
        for blank in blanks(facts.contract, facts.assessor.statements)
    )


def _contradiction(facts: Facts) -> tuple[Sign, ...]:
    return tuple(
        Sign(seen.spans, seen.message, seen.message_en)
        for seen in facts.observations
        if seen.contradiction
    )


def _stale_law(facts: Facts) -> tuple[Sign, ...]:
    return tuple(
        Sign((stale.span,), stale.message, stale.message_en)
        for stale in stale_citations(facts.contract, facts.laws)
    )


def _unguarded_conversion(facts: Facts) -> tuple[Sign, ...]:
    """Playbook 1.4: a conversion target without a compliance floor is a caution."""
    conversion, guard = facts.elements.get("kp_conversion"), facts.elements.get("kp_guard")
    if not conversion or conversion.status == "absent" or (guard and guard.status == "met"):
        return ()
    spans = tuple(statement.span for statement in conversion.statements[:2])
    return (Sign(spans, "有转化指标而无合规底线", "a conversion target without a floor"),)


DETECTORS: dict[str, Callable[[Facts], tuple[Sign, ...]]] = {
    "blanks": _blanks,
    "contradiction": _contradiction,
    "stale_law": _stale_law,
    "unguarded_conversion": _unguarded_conversion,
}
"""Name in the playbook to function."""
