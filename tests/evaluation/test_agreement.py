"""Agreement of two readers: Cohen's kappa by hand, and over the label files."""

import pytest

from reviewer.evaluation.agreement import answers, by_kind, kappa
from reviewer.playbook import Playbook
from tests.conftest import REPOSITORY


def test_kappa_of_perfect_agreement_is_one() -> None:
    assert kappa([("a", "a"), ("b", "b")]) == 1


def test_kappa_of_chance_is_zero() -> None:
    assert kappa([("a", "a"), ("a", "b"), ("b", "a"), ("b", "b")]) == 0


def test_kappa_is_as_cohen_computes_it() -> None:
    pairs = [("a", "a")] * 20 + [("a", "b")] * 5 + [("b", "a")] * 10 + [("b", "b")] * 15
    assert kappa(pairs) == pytest.approx(0.4)


@pytest.mark.parametrize("pairs", [[], [("a", "a"), ("a", "a")]], ids=["nothing", "one-answer"])
def test_kappa_is_unknown_where_it_has_no_meaning(pairs: list[tuple[str, str]]) -> None:
    assert kappa(pairs) is None


def test_every_dev_and_test_contract_was_labelled_twice(playbook: Playbook) -> None:
    found = list(answers(REPOSITORY / "eval" / "labels", REPOSITORY / "eval" / "second"))
    assert len({answer.contract for answer in found}) == 48
    table = by_kind(found, playbook)
    assert set(table) == {"protection", "red_flag", "caution", "element"}
