"""The comparison of two wordings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.redline.diff import word_diff

WORDINGS = st.text(alphabet="甲乙方应当不得三十日内，。；付款3.5%a ", max_size=40)


def _shown(old: str, new: str) -> str:
    return "".join(
        s.old if s.kind == "equal" else f"[{s.old}→{s.new}]" for s in word_diff(old, new)
    )


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        pytest.param(
            "应在九十秒内回复", "应在三十秒内回复", "应在[九十→三十]秒内回复", id="chinese-number"
        ),
        pytest.param("服务费的30%", "服务费的10%", "服务费的[30%→10%]", id="percentage"),
        pytest.param("甲方应当付款", "乙方应当付款", "[甲方→乙方]应当付款", id="word-not-syllable"),
        pytest.param(
            "乙方应处理，不得拖延。",
            "乙方应处理，超时扣减，不得拖延。",
            "乙方应处理，[→超时扣减，]不得拖延。",
            id="clause-inserted",
        ),
        pytest.param(
            "乙方不承担任何责任。",
            "损失由过错方赔偿，不可抗力除外。",
            "[乙方不承担任何责任→损失由过错方赔偿，不可抗力除外]。",
            id="too-different-for-a-patchwork",
        ),
        pytest.param(
            "违约金百分之三十", "违约金百分之五", "违约金[百分之三十→百分之五]", id="share"
        ),
    ],
)
def test_a_comparison_shows_words_and_clauses(old: str, new: str, shown: str) -> None:
    assert _shown(old, new) == shown


@given(WORDINGS, WORDINGS)
def test_the_steps_spell_both_wordings(old: str, new: str) -> None:
    steps = word_diff(old, new)
    assert "".join(step.old for step in steps) == old
    assert "".join(step.new for step in steps) == new
    assert all((step.kind == "equal") == (step.old == step.new) for step in steps)


@given(WORDINGS)
def test_the_same_wording_has_no_change(text: str) -> None:
    assert all(step.kind == "equal" for step in word_diff(text, text))
