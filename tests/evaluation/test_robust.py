"""What must not change a finding, and what must."""

import pytest

from reviewer.evaluation.robust import as_pdf, as_word, shares, statuses
from reviewer.evaluation.transform import KEEP, spelled
from reviewer.knowledge.playbooks import load_playbook
from reviewer.quantity import chinese_number
from tests.conftest import REPOSITORY
from tests.factories import elements, finding, rules

TEXTS = [
    path.read_text(encoding="utf-8")
    for path in sorted((REPOSITORY / "eval" / "contracts").glob("*.txt"))
]


def test_rewriting_a_contract_keeps_at_least_97_of_100_findings() -> None:
    found = shares(TEXTS[::14], rules(), load_playbook())
    assert set(found) == set(KEEP)
    assert {name: share for name, share in found.items() if share < 0.97} == {}


def test_the_kind_of_file_keeps_at_least_97_of_100_findings() -> None:
    found = shares(TEXTS[::60], rules(), load_playbook(), {"docx": as_word, "pdf": as_pdf})
    assert {name: share for name, share in found.items() if share < 0.97} == {}


def test_a_number_is_spelled_as_it_is_read() -> None:
    assert [n for n in range(1, 1000) if chinese_number(spelled(n)) != n] == []


@pytest.mark.parametrize(
    ("sentence", "worse"),
    [
        pytest.param("首次响应不超过三十秒，以千牛后台为准。", "客服应及时响应。", id="made-vague"),
        pytest.param(
            "首次响应不超过三十秒，以千牛后台为准。", "乙方不保证首次响应时间。", id="negated"
        ),
        pytest.param("首次响应不超过三十秒，以千牛后台为准。", "乙方提供服务。", id="deleted"),
        pytest.param("首次响应不超过三十秒。", "首次响应不超过____秒。", id="blanked"),
        pytest.param("首次响应不超过三十秒。", "首次响应不超过三百秒。", id="made-lax"),
    ],
)
def test_a_core_sentence_that_is_spoiled_is_no_longer_met(sentence: str, worse: str) -> None:
    assert elements(sentence, "kpi")["kp_response"] == "met"
    assert elements(worse, "kpi")["kp_response"] != "met"


def test_a_trap_that_is_negated_is_no_trap() -> None:
    assert finding("期满未提出异议的，本合同自动续约一年。", "rf_auto_renewal").status == "hit"
    assert finding("本合同期满不自动续约。", "rf_auto_renewal").status == "clear"


def test_a_duty_moved_to_the_merchant_protects_nobody() -> None:
    theirs = statuses(
        "客服合同\n甲方：甲公司\n乙方：乙公司\n第一条 乙方为甲方提供客服，甲方付款。"
        "\n第二条 乙方应在24小时内补足离职客服。\n",
        rules(),
        load_playbook(),
    )
    ours = statuses(
        "客服合同\n甲方：甲公司\n乙方：乙公司\n第一条 乙方为甲方提供客服，甲方付款。"
        "\n第二条 甲方应在24小时内补足离职客服。\n",
        rules(),
        load_playbook(),
    )
    assert theirs["staffing_stability"] == "weak"
    assert ours["staffing_stability"] == "missing"
