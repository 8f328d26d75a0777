"""Across the border: a claim becomes a passage of the contract, or nothing."""

from collections.abc import Sequence
from typing import NamedTuple

from reviewer.contract import Contract
from reviewer.engine.injection import ZERO_WIDTH, Injection
from reviewer.engine.llm.claims import SILENT, Claim
from reviewer.text import Searched, Span, fold, locate

SHORTEST_QUOTE = 6
"""Fewer characters than this stand in every contract."""


class Grounded(NamedTuple):
    """A claim with its passage."""

    claim: Claim
    span: Span | None
    """Where the quote stands; None when it gives none, or none that can be found."""
    invented: bool = False
    """It gives a quote that does not stand in the contract."""

    @property
    def silent(self) -> bool:
        """Return whether the claim says that nothing is there."""
        return self.claim.status in SILENT


class Grounder:
    """Finds the quotes of one contract."""

    def __init__(self, contract: Contract, injected: Sequence[Injection]) -> None:
        self.contract = contract
        self.injected = [i.span for i in injected if i.kind != ZERO_WIDTH]
        self._text = Searched(contract.text)

    def ground(self, claim: Claim) -> Grounded:
        """Return the claim with its quotation in the contract's own words.

        The model names words, never positions: it miscounts. The clause that it names is looked
        at first, then the whole text. White space, width and quotation marks are forgiven, words
        never.
        """
        if claim.status in SILENT:
            return Grounded(claim, None)
        quote = (claim.quote or "").strip().strip("“”\"'")
        if len(fold(quote)[0]) < SHORTEST_QUOTE:
            return Grounded(claim, None, invented=True)
        span = self._in_clause(quote, claim.clause) or self._text.locate(quote)
        if span is None or any(span.overlap(other) for other in self.injected):
            return Grounded(claim, None, invented=True)
        return Grounded(claim, span)

    def _in_clause(self, quote: str, name: str | None) -> Span | None:
        clause = self.contract.clause((name or "").strip("[] "))
        found = locate(quote, clause.text) if clause else None
        if clause is None or found is None:
            return None
        return Span(found.start + clause.start, found.end + clause.start)
