"""The vendor's answer against what was asked for, on real Word files."""

from pathlib import Path

import pytest

from reviewer.comparison import AskedChange, Comparison, VendorEdit
from reviewer.errors import StaleReview, UsageError
from reviewer.ingest import contract_from_bytes
from reviewer.pipeline import Reviewer, redline_file
from reviewer.redline import AUTHOR
from reviewer.redline.resolve import accept_all, reject_all
from reviewer.review import Review
from tests.compare.answers import (
    added,
    commented,
    contract_file,
    moved,
    removed,
    silently,
    tracked,
)
from tests.compare.conftest import Compared
from tests.conftest import REPOSITORY

EXAMPLE = REPOSITORY / "examples" / "vendor_draft.docx"
DRAFT = contract_file(
    "服务内容\n乙方提供售前咨询和售后服务。",
    "服务标准\n客服首次响应时间不超过九十秒，以千牛数据为准，按自然月统计。",
    "费用\n甲方每月5日前支付服务费一万元。",
    "保密\n乙方不得泄露、导出、拍摄买家信息；每泄露一次扣当月服务费20%。",
    "违约责任\n乙方违约的，应当赔偿甲方全部损失。",
    "争议解决\n由甲方所在地人民法院管辖。",
)
SENT = added(
    tracked(tracked(DRAFT, "九十秒", "三十秒", AUTHOR), "全部损失", "全部损失和律师费", AUTHOR),
    "每泄露一次",
    "乙方发现泄露的，应当在二十四小时内书面通知甲方。",
    AUTHOR,
)
"""What we sent: a number, some words and a sentence of ours, all as tracked changes."""


@pytest.fixture(scope="module")
def example(reviewer: Reviewer) -> Review:
    return reviewer.review(EXAMPLE)


@pytest.fixture(scope="module")
def redlined(example: Review) -> bytes:
    return redline_file(example, EXAMPLE).data


def outcomes(result: Comparison) -> list[str]:
    return [change.outcome for change in result.asked]


def about(result: Comparison, words: str) -> AskedChange:
    return next(change for change in result.asked if words in change.asked)


def silent(result: Comparison) -> list[tuple[str, str, str]]:
    return [_told(edit) for edit in result.silent]


def _told(edit: VendorEdit) -> tuple[str, str, str]:
    return (
        edit.kind,
        edit.old.quote if edit.old else "",
        edit.new.quote if edit.new else "",
    )


# ------------------------------------------------------------------ all or nothing


def test_a_file_against_itself_gives_nothing(compared: Compared) -> None:
    result = compared(DRAFT, DRAFT)
    assert result.same
    assert not [shift for shift in result.shifts if shift.shift != "same"]


def test_a_redline_accepted_as_a_whole_is_all_taken(
    compared: Compared, redlined: bytes, example: Review
) -> None:
    result = compared(redlined, accept_all(redlined), review=example)
    assert set(outcomes(result)) == {"taken"}
    assert not result.edits
    assert result.tally.solved > 30
    assert not result.tally.worse + result.tally.new


def test_a_redline_rejected_as_a_whole_is_all_refused(
    compared: Compared, redlined: bytes, example: Review
) -> None:
    result = compared(redlined, reject_all(redlined), review=example)
    assert set(outcomes(result)) == {"refused"}
    assert not result.edits
    assert result.tally.solved == 0


def test_a_redline_that_comes_back_untouched_is_all_pending(
    compared: Compared, redlined: bytes
) -> None:
    result = compared(redlined, redlined)
    assert set(outcomes(result)) == {"open"}
    assert not result.edits


def test_the_original_with_its_review_does_as_well_as_the_redline(
    compared: Compared, redlined: bytes, example: Review
) -> None:
    asked = {f.id for f in example.findings if f.suggestion}
    taken = compared(EXAMPLE.read_bytes(), accept_all(redlined), review=example)
    assert set(outcomes(taken)) == {"taken"}
    assert {name for change in taken.asked for name in change.findings} <= asked
    refused = compared(EXAMPLE.read_bytes(), EXAMPLE.read_bytes(), review=example)
    assert set(outcomes(refused)) == {"refused"}


def test_each_change_names_the_finding_that_asked_for_it(
    compared: Compared, redlined: bytes, example: Review
) -> None:
    result = compared(redlined, accept_all(redlined), review=example)
    assert all(change.findings and change.check for change in result.asked)
    assert {change.status_after for change in result.asked} <= {"ok", "clear", "weak"}


def test_without_the_review_our_own_comments_say_what_each_change_is_about(
    compared: Compared, redlined: bytes
) -> None:
    titles = {change.title for change in compared(redlined, redlined).asked}
    assert {"人员稳定性保障", "争议解决", "最终解释权归乙方", "质检权"} <= titles


# ------------------------------------------------------------------ one by one


def test_a_change_is_taken_when_its_words_stand_and_the_old_ones_are_gone(
    compared: Compared,
) -> None:
    result = compared(SENT, accept_all(SENT))
    assert outcomes(result) == ["taken"] * 3
    assert not result.edits


def test_one_change_taken_one_refused_and_one_reworded_are_told_apart(compared: Compared) -> None:
    answer = silently(accept_all(SENT), "二十四小时", "七十二小时")
    answer = silently(answer, "全部损失和律师费", "全部损失")
    result = compared(SENT, answer)
    assert about(result, "三十秒").outcome == "taken"
    assert about(result, "律师费").outcome == "refused"
    assert about(result, "书面通知").outcome == "changed"


def test_a_reworded_change_shows_what_words_differ(compared: Compared) -> None:
    answer = silently(accept_all(SENT), "二十四小时", "七十二小时")
    change = about(compared(SENT, answer), "书面通知")
    assert [(s.old, s.new) for s in change.steps if s.kind != "equal"] == [("二十四", "七十二")]
    assert change.now is not None
    assert "七十二小时内书面通知" in change.now.quote


def test_rewording_without_a_trace_is_said(compared: Compared) -> None:
    answer = silently(accept_all(SENT), "二十四小时", "七十二小时")
    assert about(compared(SENT, answer), "书面通知").silent
    shown = tracked(accept_all(SENT), "二十四", "七十二")
    assert not about(compared(SENT, shown), "书面通知").silent


def test_a_refused_insertion_stands_nowhere(compared: Compared) -> None:
    change = about(compared(SENT, reject_all(SENT)), "书面通知")
    assert change.outcome == "refused"
    assert change.now is None


def test_a_refused_replacement_shows_that_the_old_words_stand(compared: Compared) -> None:
    change = about(compared(SENT, reject_all(SENT)), "三十秒")
    assert change.now is not None
    assert "九十秒" in change.now.quote


def test_a_clause_of_their_own_in_the_place_of_ours_is_a_rewording(compared: Compared) -> None:
    answer = silently(
        accept_all(SENT), "乙方发现泄露的，应当在二十四小时内书面通知甲方。", "如有争端，另行商议。"
    )
    change = about(compared(SENT, answer), "书面通知")
    assert change.outcome == "changed"
    assert change.now is not None
    assert change.now.quote == "如有争端，另行商议。"


def test_changes_are_followed_into_a_clause_that_was_moved_and_renumbered(
    compared: Compared,
) -> None:
    answer = moved(accept_all(SENT), "服务标准", "三十秒", "一万元")
    answer = silently(silently(answer, "第二条", "第3条"), "第三条", "第二条")
    result = compared(SENT, answer)
    assert outcomes(result) == ["taken"] * 3
    assert [edit[0] for edit in silent(result)] == ["move"]


def test_a_tracked_strike_of_our_words_refuses_them_and_names_them(compared: Compared) -> None:
    answer = tracked(accept_all(SENT), "乙方发现泄露的，应当在二十四小时内书面通知甲方。", "")
    result = compared(SENT, answer)
    change = about(result, "书面通知")
    assert change.outcome == "refused"
    assert [edit.asked for edit in result.tracked] == [(change.id,)]
    assert result.tracked[0].author == "快答法务"


def test_a_struck_sentence_put_back_elsewhere_is_not_called_taken(compared: Compared) -> None:
    sent = tracked(DRAFT, "甲方每月5日前支付服务费一万元。", "", AUTHOR)
    answer = added(accept_all(sent), "人民法院管辖", "甲方每月5日前支付服务费一万元。")
    (change,) = compared(sent, answer).asked
    assert change.outcome == "refused"
    assert change.now is not None


# ------------------------------------------------------------------ without a trace


def test_words_changed_without_a_trace_are_a_red_flag_of_their_checks_severity(
    compared: Compared,
) -> None:
    result = compared(SENT, silently(accept_all(SENT), "20%", "5%"))
    assert silent(result) == [("replace", "20%", "5%")]
    (edit,) = result.silent
    assert edit.severity == "high"
    assert "data_security" in {touch.check for touch in edit.touches}
    assert edit.advice == "look"
    assert "number" in edit.signals


def test_a_silent_change_that_turns_a_check_says_so(compared: Compared) -> None:
    result = compared(SENT, silently(accept_all(SENT), "甲方所在地", "乙方所在地"))
    (edit,) = result.silent
    assert {effect.check: effect.after for effect in edit.effects}["rf_vendor_venue"] == "hit"
    assert (edit.direction, edit.advice) == ("worse", "reject")


def test_a_sentence_struck_and_one_put_in_without_a_trace_are_found(compared: Compared) -> None:
    answer = removed(accept_all(SENT), "服务费一万元")
    answer = added(answer, "售前咨询", "乙方可以将服务转包给第三方。")
    kinds = silent(compared(SENT, answer))
    assert ("insert", "", "乙方可以将服务转包给第三方。") in kinds
    assert ("delete", "甲方每月5日前支付服务费一万元。", "") in kinds


def test_what_is_tracked_is_not_called_silent(compared: Compared) -> None:
    answer = tracked(accept_all(SENT), "20%", "5%")
    result = compared(SENT, answer)
    assert silent(result) == []
    assert [_told(edit) for edit in result.tracked] == [("replace", "20%", "5%")]


def test_a_silent_change_beside_a_tracked_one_is_found(compared: Compared) -> None:
    answer = silently(tracked(accept_all(SENT), "20%", "5%"), "买家信息", "信息")
    result = compared(SENT, answer)
    assert silent(result) == [("delete", "买家", "")]
    assert len(result.tracked) == 1


def test_accepting_and_rejecting_ours_is_not_called_silent(compared: Compared) -> None:
    answer = silently(accept_all(SENT), "全部损失和律师费", "全部损失")
    assert silent(compared(SENT, answer)) == []


def test_spelling_alone_is_counted_and_not_listed_as_silent(compared: Compared) -> None:
    result = compared(SENT, silently(accept_all(SENT), "二十四小时", "24小时"))
    assert outcomes(result) == ["taken"] * 3
    assert silent(result) == []


def test_changes_of_others_that_pended_before_and_still_do_are_not_silent(
    compared: Compared,
) -> None:
    before = tracked(DRAFT, "一万元", "两万元")
    result = compared(tracked(before, "九十秒", "三十秒", AUTHOR), before)
    assert silent(result) == []
    assert outcomes(result) == ["refused"]


def test_a_clean_copy_that_hides_a_change_is_caught(
    compared: Compared, redlined: bytes, example: Review
) -> None:
    """The vendor accepts all, and lowers one number in the accepted text."""
    text = contract_from_bytes(accept_all(redlined), "x.docx").text
    assert "客户满意度不低于95%" in text
    answer = silently(accept_all(redlined), "客户满意度不低于95%", "客户满意度不低于59%")
    result = compared(redlined, answer, review=example)
    told = [change for change in result.asked if change.outcome != "taken"]
    assert [change.check for change in told] == ["kpi"]
    assert told[0].silent


# ------------------------------------------------------------------ other forms


def test_comments_of_others_are_listed_with_their_words(compared: Compared) -> None:
    result = compared(SENT, commented(accept_all(SENT), "售前咨询", "售后另行报价"))
    (remark,) = [remark for remark in result.remarks if not remark.ours]
    assert remark.text == "售后另行报价"
    assert remark.passage is not None
    assert remark.passage.quote == "乙方提供售前咨询和售后服务。"


def test_an_answer_as_text_is_compared_and_said_to_carry_no_trace(compared: Compared) -> None:
    text = contract_from_bytes(accept_all(SENT), "x.docx").text.replace("20%", "5%")
    result = compared(SENT, text.encode(), suffix=".txt")
    assert outcomes(result) == ["taken"] * 3
    assert silent(result) == [("replace", "20%", "5%")]
    assert not result.traceable
    assert any("无法留痕" in warning for warning in result.warnings)


def test_the_same_contract_as_pdf_does_not_differ(compared: Compared) -> None:
    pdf = (REPOSITORY / "examples" / "vendor_draft.pdf").read_bytes()
    result = compared(EXAMPLE.read_bytes(), pdf, suffix=".pdf")
    told = silent(result)
    assert len(told) <= 6, told


def test_a_review_of_another_contract_is_refused(compared: Compared, example: Review) -> None:
    with pytest.raises(StaleReview, match="不是同一份"):
        compared(DRAFT, DRAFT, review=example)


def test_an_unknown_finding_is_refused(compared: Compared, example: Review) -> None:
    data = EXAMPLE.read_bytes()
    with pytest.raises(UsageError, match="f999"):
        compared(data, data, review=example, accept=["f999"])


def test_only_what_was_asked_for_is_followed(compared: Compared, example: Review) -> None:
    data = EXAMPLE.read_bytes()
    name = next(f.id for f in example.findings if f.suggestion)
    result = compared(data, data, review=example, accept=[name])
    assert [change.findings for change in result.asked] == [(name,)]


def test_without_anything_asked_for_the_comparison_says_so(compared: Compared) -> None:
    result = compared(DRAFT, DRAFT)
    assert any("只比较差异" in warning for warning in result.warnings)


def test_changes_of_a_person_are_followed_under_that_name(compared: Compared) -> None:
    sent = tracked(DRAFT, "九十秒", "三十秒", "云裳李娜")
    result = compared(sent, accept_all(sent), author="云裳李娜")
    assert outcomes(result) == ["taken"]


def test_results_are_the_same_twice(compared: Compared) -> None:
    answer = silently(tracked(accept_all(SENT), "20%", "5%"), "买家信息", "信息")
    first, second = (compared(SENT, answer) for _ in range(2))
    assert first.model_dump(exclude={"original", "answer"}) == second.model_dump(
        exclude={"original", "answer"}
    )


def test_the_files_are_not_touched(compared: Compared, tmp_path: Path) -> None:
    compared(SENT, SENT)
    assert (tmp_path / "旧稿.docx").read_bytes() == SENT
