"""What the patterns and the detector of a flag find, without the judge's opinion."""

from functools import cache

from reviewer.contract import Contract
from reviewer.engine.assess import Assessor
from reviewer.engine.audit import audit
from reviewer.engine.detectors import Facts, Sign
from reviewer.engine.matching import Lexicon
from reviewer.engine.rules import signs_of
from reviewer.engine.statements import statements
from reviewer.knowledge.laws import load_laws
from reviewer.knowledge.playbooks import load_playbook
from tests.factories import contract


@cache
def _lexicon() -> Lexicon:
    return Lexicon(load_playbook().vocabulary)


def signs(subject: Contract | str, name: str) -> list[Sign]:
    """Return the signs of the flag `name` in a contract, or in one with this single article."""
    read = subject if isinstance(subject, Contract) else contract(subject)
    assessor = Assessor(_lexicon(), statements(read))
    playbook = load_playbook()
    elements = {e.id: assessor.element(e) for c in playbook.checks for e in c.elements}
    facts = Facts(read, assessor, elements, load_laws(), audit(read, assessor.statements))
    check = playbook.check(name)
    assert check is not None
    return signs_of(check, facts)
