"""The structure audit: what is wrong with the document itself, whatever it says.

Each part looks at one thing: amounts, shares, dates, references, numbers, names, values that
disagree. Observations never count in the score; those that are true contradictions feed
`rf_contradiction`.
"""

from collections.abc import Sequence

from reviewer.contract import Contract
from reviewer.engine.audit.amounts import amounts
from reviewer.engine.audit.blanks import Blank, blanks
from reviewer.engine.audit.forum import forum
from reviewer.engine.audit.observation import Observation
from reviewer.engine.audit.references import references
from reviewer.engine.audit.roles import roles
from reviewer.engine.audit.spans import spans
from reviewer.engine.audit.terms import terms
from reviewer.engine.audit.values import values
from reviewer.engine.statements import Statement

__all__ = ["Blank", "Observation", "audit", "blanks"]


def audit(contract: Contract, statements: Sequence[Statement]) -> tuple[Observation, ...]:
    """Return what is wrong with the structure of `contract`, in the order of the text."""
    seen: list[Observation] = []
    for part in (amounts, forum, roles, values):
        seen += part(contract, statements)
    seen += spans(statements)
    seen += references(contract)
    seen += terms(contract)
    return tuple(sorted(seen, key=lambda observation: observation.spans[0]))
