"""What the model sees beyond the playbook: shown with a passage that stands there, never counted."""

from collections.abc import Iterable, Sequence

from reviewer.engine.llm.claims import Claim
from reviewer.engine.llm.decide import plain_why
from reviewer.engine.llm.grounding import Grounder
from reviewer.engine.llm.messages import Lang, message
from reviewer.finding import Evidence, Finding


def remarked(
    claims: Iterable[Claim], grounder: Grounder, known: Sequence[Finding], lang: Lang
) -> list[Finding]:
    """Return the remarks whose quotes stand in the contract and that nobody made before.

    Args:
        claims: What the model said.
        grounder: Finds quotes.
        known: The observations that there are already.
        lang: The reader's language.
    """
    new: list[Finding] = []
    contract = grounder.contract
    for claim in claims:
        span = grounder.ground(claim).span
        words = plain_why(claim.why)
        if span is None or not words:
            continue
        if any(p.span.overlap(span) for f in (*known, *new) for p in f.evidence):
            continue
        clause = contract.clause_at(span.start)
        passage = Evidence(quote=span.of(contract.text), start=span.start, end=span.end)
        new.append(
            Finding(
                id=f"o{len(known) + len(new) + 1:02d}",
                check="llm_observation",
                kind="observation",
                title=message("observation", lang),
                status="hit",
                severity="low",
                clauses=(clause.id,) if clause else (),
                evidence=(passage,),
                reason=words,
                confidence=0.5,
                needs_human=True,
            )
        )
    return new
