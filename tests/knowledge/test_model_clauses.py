"""Every model clause and every fix, reviewed by the rules engine as a lawyer would sign it off."""

from functools import cache

import pytest

from reviewer.knowledge.clauses import load_clauses
from reviewer.knowledge.playbooks import load_playbook
from reviewer.model_clause import fill
from reviewer.review import Review
from tests.factories import contract, review

_PARTIES = {"client": "甲方", "vendor": "乙方", "shop": "云裳旗舰店", "platform": "天猫平台"}
_VERSIONS = ("standard", "strong", "concession")
_PROTECTIONS = sorted(load_clauses().clauses)
_FIXES = sorted(load_clauses().fixes)


@cache
def _reviewed(check: str, version: str) -> Review:
    clause = load_clauses().clauses[check]
    slots = {name: slot.default for name, slot in clause.slots.items()} | _PARTIES
    return review(contract(f"{clause.heading}\n{fill(clause.version(version).text, slots)}"))


@pytest.mark.parametrize("version", _VERSIONS)
@pytest.mark.parametrize("check", _PROTECTIONS)
def test_a_model_clause_passes_its_own_check(check: str, version: str) -> None:
    found = next(f for f in _reviewed(check, version).findings if f.check == check)
    assert [e.id for e in found.elements if e.status != "met"] == []
    assert found.status == "ok"


@pytest.mark.parametrize("version", _VERSIONS)
@pytest.mark.parametrize("check", _PROTECTIONS)
def test_a_model_clause_raises_no_flag_and_no_caution(check: str, version: str) -> None:
    hit = [
        (f.check, f.evidence[0].quote if f.evidence else "")
        for f in _reviewed(check, version).findings
        if f.kind in ("red_flag", "caution") and f.status == "hit"
    ]
    assert hit == []


@pytest.mark.parametrize("check", _FIXES)
def test_a_fix_does_not_raise_the_flag_that_it_removes(check: str) -> None:
    fix = load_clauses().fixes[check]
    slots = {name: slot.default for name, slot in fix.slots.items()} | _PARTIES
    if fix.text:
        found = review(contract(fill(fix.text, slots)))
        hit = [f.check for f in found.findings if f.kind != "observation" and f.status == "hit"]
        assert hit == []


def test_each_protection_has_a_clause_and_each_flag_a_fix() -> None:
    checks = load_playbook().checks
    assert {c.id for c in checks if c.kind == "protection"} == set(_PROTECTIONS)
    assert {c.id for c in checks if c.kind != "protection"} == set(_FIXES)


@pytest.mark.parametrize("check", _PROTECTIONS)
def test_every_element_of_a_check_has_a_part_in_each_version(check: str) -> None:
    clause = load_clauses().clauses[check]
    wanted = {e.id for e in load_playbook().check(check).elements}  # type: ignore[union-attr]
    for version in _VERSIONS:
        covered = {name for part in clause.version(version).parts for name in part.elements}
        assert covered == wanted
