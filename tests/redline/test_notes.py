"""What comments say, to whom, and the references that a change touches."""

import pytest

from reviewer.finding import Suggestion
from reviewer.law import Citation
from reviewer.redline.notes import comment_of
from tests.redline import judge
from tests.redline.asking import finding, inserted, marked, read, replaced
from tests.redline.corpus import HEAD, NUMBERING, TAIL, auto, cases, p, package

LAW = Citation(
    id="民法典#585",
    law="中华人民共和国民法典",
    article="第五百八十五条",
    quote="约定的违约金过分高于造成的损失的，可以适当减少",
    effective_date="2021-01-01",
)
ASKED = Suggestion(
    action="replace",
    anchor="c1",
    original="x",
    start=0,
    end=1,
    text="y",
    fallback="最低可接受百分之十五",
    letter="建议违约金双向且比例适度。",
)


def comments(data: bytes) -> list[str]:
    """Return the texts of the comments in a document."""
    return ["".join(map(str, comment.itertext())) for comment in judge.comments(data)]


def test_the_internal_comment_has_status_reason_law_and_fallback() -> None:
    said = comment_of(finding(1, ASKED, citations=(LAW,)), "internal")
    assert said == (
        "【考核】薄弱，风险高\n需要数字\n"
        "依据：《中华人民共和国民法典》第五百八十五条：约定的违约金过分高于造成的损失的，可以适当减少\n"
        "可让步：最低可接受百分之十五"
    )


def test_the_external_comment_has_a_neutral_reason_and_the_law_only() -> None:
    said = comment_of(finding(1, ASKED, citations=(LAW,)), "external")
    assert said.startswith("建议违约金双向且比例适度。\n依据：《中华人民共和国民法典》")
    assert "百分之十五" not in said
    assert "需要数字" not in said


def test_comments_are_in_the_readers_language() -> None:
    said = comment_of(finding(1, ASKED, citations=(LAW,), needs_human=True), "internal", "en")
    assert said.startswith("[考核] weak, risk high")
    assert "Fallback: " in said
    assert "have a person check" in said


@pytest.mark.parametrize(("audience", "count"), [("internal", 1), ("external", 1), ("none", 0)])
def test_there_are_comments_only_where_they_are_wanted(audience: str, count: int) -> None:
    data = cases()["end_of_text"].data
    made = marked(data, replaced(read(data), "其他事项", "未尽事宜"), comments=audience)
    assert len(comments(made.data)) == count


def test_a_refused_change_is_a_comment_with_reason_and_wording() -> None:
    data = cases()["their_insertion"].data
    made = marked(data, replaced(read(data), "百分之三十", "百分之十"), comments="internal")
    (said,) = comments(made.data)
    assert "未直接修改：与他人尚未接受的修订重叠" in said
    assert "建议：百分之十" in said
    assert judge.lines(made.data, "accept") == judge.lines(data, "accept")


def test_a_change_that_overlaps_another_is_a_comment() -> None:
    data = cases()["end_of_text"].data
    contract = read(data)
    asked = [replaced(contract, "其他事项由双方", "甲"), replaced(contract, "双方协商", "乙", 2)]
    made = marked(data, *asked, comments="internal")
    assert made.applied == ("f01",)
    assert any("与另一处修改重叠" in said for said in comments(made.data))


def test_one_change_that_answers_two_findings_has_both_comments() -> None:
    data = cases()["end_of_text"].data
    contract = read(data)
    asked = [replaced(contract, "其他事项", "未尽事宜", n) for n in (1, 2)]
    made = marked(data, *asked, comments="internal")
    assert set(made.applied) == {"f01", "f02"}
    assert comments(made.data)[0].count("【考核】") == 2


def _automatic(*lines: tuple[str, int]) -> bytes:
    return package(HEAD + "".join(auto(*line) for line in lines), numbering=NUMBERING)


def test_an_insertion_that_moves_automatic_numbers_names_the_references() -> None:
    data = _automatic(
        ("服务", 0), ("提供客服。", 1), ("费用", 0), ("违约见第三条。", 1), ("违约", 0)
    )
    asked = inserted(read(data), "提供客服", "转包\n乙方不得转包。")
    made = marked(data, asked, comments="internal")
    assert "正文中引用了第3条" in comments(made.data)[0]
    assert any("第3条" in warning for warning in made.warnings)


def test_an_insertion_behind_everything_that_is_referred_to_says_nothing() -> None:
    data = _automatic(("服务", 0), ("见第一条。", 1), ("费用", 0), ("按月付款。", 1))
    asked = inserted(read(data), "按月付款", "转包\n乙方不得转包。")
    assert not marked(data, asked).warnings


def test_hand_typed_numbers_are_not_moved_and_nothing_is_said() -> None:
    data = package(HEAD + p("第一条 服务") + p("第二条 费用，见第三条。") + p("第三条 违约"))
    made = marked(data, inserted(read(data), "服务", "转包\n乙方不得转包。"))
    assert "第一条之一 转包" in judge.lines(made.data, "accept")
    assert "第三条 违约" in judge.lines(made.data, "accept")
    assert not made.warnings


def test_a_deletion_of_what_is_referred_to_is_said() -> None:
    data = package(HEAD + p("第一条 押金不退。") + p("第二条 按第一条处理。") + TAIL)
    made = marked(data, replaced(read(data), "第一条 押金不退。", ""), comments="internal")
    assert "引用了第1条" in comments(made.data)[0]


def test_a_deletion_that_moves_automatic_numbers_up_names_the_references() -> None:
    data = _automatic(("押金不退。", 0), ("费用见第三条。", 0), ("违约。", 0))
    text = read(data).text
    whole = next(line for line in text.split("\n") if "押金" in line)
    made = marked(data, replaced(read(data), whole, ""))
    assert any("前移" in warning and "第3条" in warning for warning in made.warnings)
