"""Every exemplar of the playbook, put to the rules engine as a contract of one sentence."""

from functools import cache

import pytest

from reviewer.engine.assess import Assessor
from reviewer.engine.matching import Lexicon
from reviewer.engine.statements import statements
from reviewer.knowledge.playbooks import load_playbook
from reviewer.playbook import Check
from tests.factories import contract

ELEMENT_SHARE = 0.98
"""Of the exemplar sentences taken alone; a few need the clause around them."""


@cache
def _lexicon() -> Lexicon:
    return Lexicon(load_playbook().vocabulary)


def _assessor(sentence: str) -> Assessor:
    return Assessor(_lexicon(), statements(contract(sentence)))


def _wrong(check: Check) -> list[str]:
    wrong = []
    for element in check.elements:
        for status in ("met", "partial", "absent"):
            for sentence in getattr(element.exemplars, status):
                got = _assessor(sentence).element(element).status
                if got != status:
                    wrong.append(f"{element.id} {status} → {got}: {sentence}")
    if check.exemplars and check.rule and not check.rule.detector:
        for status in ("hit", "clear"):
            for sentence in getattr(check.exemplars, status):
                got = "hit" if _assessor(sentence).flag(check.rule) else "clear"
                if got != status:
                    wrong.append(f"{check.id} {status} → {got}: {sentence}")
    return wrong


def test_the_engine_answers_the_exemplars_as_they_are_filed() -> None:
    checks = load_playbook().checks
    total = sum(
        len(e.exemplars.met) + len(e.exemplars.partial) + len(e.exemplars.absent)
        for check in checks
        for e in check.elements
    ) + sum(len(c.exemplars.hit) + len(c.exemplars.clear) for c in checks if c.exemplars)
    wrong = [line for check in checks for line in _wrong(check)]
    assert len(wrong) <= (1 - ELEMENT_SHARE) * total, "\n".join(wrong)


@pytest.mark.parametrize("check", load_playbook().checks, ids=lambda check: check.id)
def test_every_check_has_exemplars_of_both_kinds(check: Check) -> None:
    if check.exemplars:
        assert check.exemplars.hit
        assert check.exemplars.clear
    for element in check.elements:
        assert element.exemplars.met
        assert element.exemplars.absent or element.exemplars.partial
