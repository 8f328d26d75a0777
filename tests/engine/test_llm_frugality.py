"""What the chain sends: few requests, a shared prefix, far less than the naive chain."""

import pytest

from reviewer.bench_model import rows
from reviewer.playbook import Playbook
from tests.factories import contract
from tests.scripted_models import remembering


@pytest.fixture(scope="module")
def figures(playbook: Playbook) -> dict[str, str]:
    articles = [f"乙方应按本合同第{n}批要求提供客服。" * 36 for n in range(1, 10)]
    subject = contract(*articles)
    assert 4_800 < len(subject.text) < 6_500
    return {name: value for name, value, _ in rows(subject, remembering(), playbook, paced=False)}


def number(words: str) -> int:
    return int("".join(c for c in words.partition(" tok")[0].rpartition(" ")[2] if c.isdigit()))


def test_a_usual_contract_takes_at_most_twelve_requests(figures: dict[str, str]) -> None:
    (requests,) = [v for k, v in figures.items() if k.startswith("model chain")]
    assert int(requests) <= 12


def test_it_takes_at_most_seventy_thousand_prompt_tokens(figures: dict[str, str]) -> None:
    assert number(figures["its prompt tokens"]) <= 70_000


def test_three_quarters_of_them_repeat_a_shared_prefix(figures: dict[str, str]) -> None:
    assert number(figures["of these repeating a shared prefix"]) >= 75


def test_the_naive_chain_takes_more_than_three_times_as_many(figures: dict[str, str]) -> None:
    naive = number(figures["naive chain (a call a check)"])
    assert naive > 3 * number(figures["its prompt tokens"])
