"""Matching: what is skipped for speed would not have fitted."""

from pathlib import Path

import pytest

from reviewer.engine.matching import Lexicon, Matcher
from reviewer.engine.statements import statements
from reviewer.ingest import contract_from_bytes
from reviewer.knowledge.playbooks import load_playbook
from reviewer.playbook import Cue, Way

CONTRACTS = Path(__file__).parents[2] / "eval" / "contracts"


class Thorough(Matcher):
    """A matcher that tries every pattern on every statement."""

    def _occurs(self, cue: Cue) -> bool:
        return True


@pytest.mark.parametrize("name", ["d01_taobao_vendor", "cb7_jinxianyunying", "cm3_tanpan_xiugai"])
def test_a_pattern_is_skipped_only_where_it_fits_nothing(name: str) -> None:
    (path,) = CONTRACTS.glob(f"{name}.*")
    stated = statements(contract_from_bytes(path.read_bytes(), path.name))
    playbook = load_playbook()
    lexicon = Lexicon(playbook.vocabulary)
    quick, thorough = Matcher(lexicon, stated), Thorough(lexicon, stated)
    rules = [element.rule for check in playbook.checks for element in check.elements]
    every: list[tuple[Way, ...]] = [way for r in rules for way in (r.met, r.partial, r.weakened_by)]
    every += [check.rule.hit for check in playbook.checks if check.rule]
    assert len(every) > 400
    for ways in every:
        assert list(quick.ways(ways, "any", stated)) == list(thorough.ways(ways, "any", stated))
