"""A review applied to a later state of its contract."""

import pytest

from reviewer.errors import StaleReview
from reviewer.ingest import contract_from_text
from reviewer.redline.relocate import GONE, MOVED, THERE, Relocated, relocated
from tests.redline.asking import inserted, replaced, reviewed

OLD = (
    "客服外包合同\n甲方：云裳服饰\n乙方：快答信息\n"
    "第一条 服务内容为售前咨询。\n第二条 客服应及时回复买家。\n"
    "第三条 甲方逾期付款的，应及时补足。\n第四条 期限一年。\n"
)


def _again(new: str, old: str = "及时回复", text: str = "在三十秒内回复") -> Relocated:
    contract = contract_from_text(OLD)
    review = reviewed(contract, replaced(contract, old, text))
    return relocated(review, contract_from_text(new))


def test_words_are_found_again_behind_a_paragraph_that_is_new() -> None:
    new = OLD.replace("第二条", "补充：节假日照常服务。\n第二条")
    moved = _again(new)
    (finding,) = moved.review.findings
    assert finding.suggestion is not None
    assert finding.suggestion.start == new.index("及时回复")


def test_words_are_found_again_in_a_paragraph_that_changed_elsewhere() -> None:
    new = OLD.replace("客服应及时回复买家", "乙方客服应及时回复买家的咨询")
    moved = _again(new)
    assert not moved.unplaced
    assert moved.review.findings[0].suggestion is not None
    assert moved.review.findings[0].suggestion.start == new.index("及时回复")


def test_words_that_changed_are_listed() -> None:
    moved = _again(OLD.replace("及时回复", "尽快答复"))
    assert moved.unplaced == (("f01", GONE),)


def test_words_that_stand_twice_are_placed_by_what_stands_around_them() -> None:
    new = OLD.replace("客服应及时回复买家", "乙方的客服应及时回复买家").replace("一年", "两年")
    moved = _again(new, old="及时", text="在三十秒内")
    (finding,) = moved.review.findings
    assert finding.suggestion is not None
    assert finding.suggestion.start == new.index("及时回复")


def test_an_insertion_follows_its_clause() -> None:
    contract = contract_from_text(OLD)
    review = reviewed(contract, inserted(contract, "服务内容", "乙方不得转包。"))
    new = contract_from_text(OLD.replace("第一条", "第一条之前的一段。\n第一条"))
    (finding,) = relocated(review, new).review.findings
    assert finding.suggestion is not None
    clause = new.clause(finding.suggestion.anchor)
    assert clause is not None
    assert "服务内容" in clause.text


@pytest.mark.parametrize(
    ("new", "reason"),
    [
        pytest.param(OLD.replace("第一条 服务内容为售前咨询。\n", ""), MOVED, id="clause-gone"),
        pytest.param(OLD.replace("第二条", "乙方不得转包。\n第二条"), THERE, id="done-already"),
    ],
)
def test_an_insertion_without_a_place_is_listed(new: str, reason: str) -> None:
    contract = contract_from_text(OLD)
    review = reviewed(contract, inserted(contract, "服务内容", "乙方不得转包。"))
    assert relocated(review, contract_from_text(new)).unplaced == (("f01", reason),)


def test_another_contract_is_refused() -> None:
    contract = contract_from_text(OLD)
    review = reviewed(contract, replaced(contract, "及时回复", "在三十秒内回复"))
    other = contract_from_text(
        "房屋租赁合同\n出租方：张三\n承租方：李四\n第一条 租金每月三千元。\n"
    )
    with pytest.raises(StaleReview, match="不同"):
        relocated(review, other)
