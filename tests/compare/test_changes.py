"""The pending changes of others in one file: what each does, for whom, and what to do."""

from collections.abc import Callable

import pytest

from reviewer.comparison import Comparison, VendorEdit
from reviewer.errors import UsageError
from reviewer.redline import AUTHOR
from tests.compare.answers import added, commented, tracked
from tests.compare.test_answer import DRAFT, EXAMPLE
from tests.wordfiles import docx, paragraph, part

Changed = Callable[[bytes], Comparison]


def only(result: Comparison) -> VendorEdit:
    (edit,) = result.edits
    return edit


def test_a_change_for_the_vendor_is_to_be_rejected_with_the_reason(changed: Changed) -> None:
    edit = only(changed(tracked(DRAFT, "甲方所在地", "乙方所在地")))
    assert (edit.direction, edit.advice) == ("worse", "reject")
    assert {e.check: (e.before, e.after) for e in edit.effects} == {
        "dispute_resolution": ("ok", "weak"),
        "rf_vendor_venue": ("clear", "hit"),
    }
    assert "乙方所在地管辖" in edit.reason


def test_a_change_for_the_merchant_is_to_be_accepted(changed: Changed) -> None:
    before = tracked(DRAFT, "不超过九十秒", "不超过三十秒")
    edit = only(changed(before))
    assert (edit.direction, edit.advice) == ("better", "accept")


def test_a_gain_that_leaves_a_red_flag_standing_is_not_enough(changed: Changed) -> None:
    """Half a percent a day becomes a tenth; that service may stop at once stays in the sentence."""
    edit = only(changed(tracked(EXAMPLE.read_bytes(), "千分之五", "万分之五")))
    assert edit.direction == "better"
    assert "rf_service_suspension" in {touch.check for touch in edit.touches if touch.still}
    assert edit.advice == "negotiate"
    assert "仍命中" in edit.reason


def test_an_element_that_is_lost_counts_although_the_status_stays(changed: Changed) -> None:
    edit = only(
        changed(tracked(DRAFT, "每泄露一次扣当月服务费20%", "如有泄露，由乙方依法承担相应责任"))
    )
    effect = next(e for e in edit.effects if e.check == "data_security")
    assert effect.before == effect.after == "weak"
    assert ("ds_penalty", "met", "partial") in [(e.id, e.before, e.after) for e in effect.elements]
    assert edit.advice != "accept"


def test_a_number_that_turns_no_check_is_left_to_a_person(changed: Changed) -> None:
    edit = only(changed(tracked(DRAFT, "20%", "10%")))
    assert edit.direction == "none"
    assert edit.advice == "look"
    assert edit.signals == ("number",)
    assert "data_security" in {touch.check for touch in edit.touches}


def test_a_change_that_touches_nothing_may_be_accepted(changed: Changed) -> None:
    plain = added(DRAFT, "售前咨询", "双方指定联系人，便于日常沟通。")
    edit = only(changed(tracked(plain, "便于", "以便")))
    assert edit.advice == "accept"
    assert edit.severity == "low"


def test_another_spelling_is_said_to_be_one(changed: Changed) -> None:
    edit = only(changed(tracked(DRAFT, "九十秒", "90秒")))
    assert edit.cosmetic
    assert edit.advice == "accept"


@pytest.mark.parametrize(
    ("old", "new", "signal"),
    [
        pytest.param("应当赔偿", "可以赔偿", "duty", id="weaker-duty"),
        pytest.param("全部损失", "直接损失", "condition", id="narrower"),
        pytest.param("甲方每月", "乙方每月", "party", id="other-party"),
        pytest.param("不超过九十秒", "原则上不超过九十秒", "hedge", id="hedged"),
    ],
)
def test_words_that_weigh_are_pointed_out(
    changed: Changed, old: str, new: str, signal: str
) -> None:
    edit = only(changed(tracked(DRAFT, old, new)))
    assert signal in edit.signals
    assert edit.advice != "accept"


def test_each_change_is_judged_alone(changed: Changed) -> None:
    both = tracked(tracked(DRAFT, "九十秒", "三十秒"), "甲方所在地", "乙方所在地")
    assert [edit.advice for edit in changed(both).edits] == ["accept", "reject"]


def test_two_changes_in_one_sentence_are_judged_apart(changed: Changed) -> None:
    both = tracked(tracked(DRAFT, "九十秒", "三十秒"), "以千牛数据为准", "以乙方数据为准")
    assert len(changed(both).edits) == 2


def test_who_made_a_change_and_when_is_told(changed: Changed) -> None:
    both = tracked(tracked(DRAFT, "20%", "10%", "甲"), "甲方所在地", "乙方所在地", "乙")
    result = changed(both)
    assert [(e.author, (e.date or "")[:10]) for e in result.edits] == [
        ("甲", "2026-10-08"),
        ("乙", "2026-10-08"),
    ]


def test_the_file_is_compared_with_everything_of_theirs_rejected(changed: Changed) -> None:
    result = changed(tracked(DRAFT, "甲方所在地", "乙方所在地"))
    assert "甲方所在地" in result.original.contract.text
    assert "乙方所在地" in result.answer.contract.text
    assert result.tally.new == 2


def test_our_own_pending_changes_are_not_judged(changed: Changed) -> None:
    both = tracked(tracked(DRAFT, "20%", "30%", AUTHOR), "甲方所在地", "乙方所在地")
    result = changed(both)
    assert [e.author for e in result.edits] == ["快答法务"]
    assert "30%" in result.original.contract.text


def test_an_added_paragraph_is_judged_as_a_whole(changed: Changed) -> None:
    edit = only(
        changed(added(DRAFT, "人民法院管辖", "期满双方未提出异议的，本合同自动续约一年。", "快答"))
    )
    assert (edit.kind, edit.advice) == ("insert", "reject")
    assert "rf_auto_renewal" in {effect.check for effect in edit.effects}


def test_a_comment_on_a_change_stands_beside_it(changed: Changed) -> None:
    data = commented(tracked(DRAFT, "甲方所在地", "乙方所在地"), "乙方所在地", "我司惯例")
    edit = only(changed(data))
    assert [remark.text for remark in edit.remarks] == ["我司惯例"]


def test_a_change_in_a_footnote_is_listed_for_a_person(changed: Changed) -> None:
    note = (
        '<w:footnote w:id="2"><w:p><w:r><w:t>单价不含</w:t></w:r><w:ins w:id="9" w:author="快答">'
        "<w:r><w:t>大促加价</w:t></w:r></w:ins></w:p></w:footnote>"
    )
    body = "".join(
        paragraph(line)
        for line in (
            "客服外包合同",
            "甲方：云裳服饰",
            "乙方：快答信息",
            "第一条 甲方每月付款。",
            "第二条 合同期限一年。",
        )
    )
    edit = only(changed(docx(body, footnotes=part("footnotes", note))))
    assert (edit.advice, edit.author) == ("look", "快答")
    assert [step.new for step in edit.steps] == ["大促加价"]


def test_a_file_without_changes_of_others_is_refused(changed: Changed) -> None:
    with pytest.raises(UsageError, match="没有他人的修订"):
        changed(DRAFT)
