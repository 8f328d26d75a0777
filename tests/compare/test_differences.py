"""What differs between two versions, however clauses are numbered and wherever they went."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewer.compare.alignment import align
from reviewer.compare.differences import Difference, differences
from reviewer.compare.numbering import renumbered
from reviewer.compare.units import units
from reviewer.contract import Contract
from reviewer.ingest import contract_from_text
from tests.factories import HEAD, contract

SERVICE = "服务内容\n乙方提供售前咨询、催付和售后退换货服务。"
REPLY = "服务标准\n客服首次响应时间不超过三十秒，按自然月统计。"
FEES = "费用与支付\n甲方于每月5日前支付服务费；逾期的按第四条处理。"
BREACH = "违约责任\n乙方违约的，应当赔偿甲方全部损失。"
VENUE = "争议解决\n由甲方所在地人民法院管辖。"


def found(old: Contract, new: Contract) -> list[tuple[str, str, str]]:
    """Return kind, words that went and words that came."""
    return [(d.kind, d.old.of(old.text), d.new.of(new.text)) for d in differences(old, new)]


def words(difference: Difference) -> str:
    return "".join(step.new for step in difference.steps)


def test_one_changed_word_is_one_difference_with_its_surroundings() -> None:
    old = contract(SERVICE, REPLY)
    new = contract(SERVICE, REPLY.replace("三十秒", "六十秒"))
    assert found(old, new) == [("replace", "三十", "六十")]
    assert words(differences(old, new)[0]) == "客服首次响应时间不超过六十秒，按自然月统计。"


def test_changes_that_a_comma_parts_are_told_apart() -> None:
    old = contract(SERVICE, REPLY)
    new = contract(SERVICE, REPLY.replace("三十秒", "六十秒").replace("自然月", "季度"))
    assert [d[1:] for d in found(old, new)] == [("三十", "六十"), ("自然月", "季度")]


def test_clauses_whose_numbers_shifted_are_no_difference() -> None:
    old = contract(SERVICE, REPLY, BREACH)
    new = contract(SERVICE, "保密\n乙方应当保守甲方的商业秘密。", REPLY, BREACH)
    assert [d[0] for d in found(old, new)] == ["insert"]
    shown = [(one.old, one.new) for one in renumbered(align(old, new))]
    assert shown == [("第二条", "第三条"), ("第三条", "第四条")]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("第一条 服务内容", "一、服务内容", id="other-style"),
        pytest.param("第一条 服务内容", "1. 服务内容", id="digits"),
    ],
)
def test_another_style_of_numbers_is_no_difference(old: str, new: str) -> None:
    before = contract_from_text(f"{HEAD}{old}\n乙方提供售前咨询。\n第二条 期限\n合同期限一年。\n")
    after = contract_from_text(
        f"{HEAD}{new}\n乙方提供售前咨询。\n{new[:-4].replace('一', '二').replace('1', '2')}期限\n合同期限一年。\n"
    )
    assert found(before, after) == []


def test_an_article_that_went_elsewhere_is_moved_and_not_struck() -> None:
    old = contract(SERVICE, REPLY, FEES, BREACH, VENUE)
    new = contract(SERVICE, FEES, BREACH, REPLY, VENUE)
    moves = [d for d in found(old, new) if d[0] == "move"]
    assert [(gone.split("\n")[0], come.split("\n")[0]) for _, gone, come in moves] == [
        ("第二条 服务标准", "第四条 服务标准")
    ]
    assert not [d for d in found(old, new) if d[0] in ("insert", "delete")]


def test_words_changed_within_a_moved_article_are_shown_as_well() -> None:
    old = contract(SERVICE, REPLY, FEES, BREACH, VENUE)
    new = contract(SERVICE, FEES, BREACH, VENUE, REPLY.replace("三十秒", "六十秒"))
    kinds = [d for d in found(old, new) if d[0] in ("move", "replace")]
    assert ("replace", "三十", "六十") in kinds
    assert [d[0] for d in kinds].count("move") == 1


def test_a_reference_that_follows_its_article_is_no_difference() -> None:
    old = contract(SERVICE, FEES, REPLY, BREACH)
    new = contract(
        SERVICE, "保密\n乙方应当保守秘密。", FEES.replace("第四条", "第五条"), REPLY, BREACH
    )
    assert [d[0] for d in found(old, new)] == ["insert"]


def test_a_reference_left_behind_when_its_article_got_another_number_is_told() -> None:
    old = contract(SERVICE, FEES, REPLY, BREACH)
    new = contract(SERVICE, "保密\n乙方应当保守秘密。", FEES, REPLY, BREACH)
    assert ("reference", "第四条", "第四条") in found(old, new)


def test_a_reference_to_another_article_is_a_difference() -> None:
    old = contract(SERVICE, FEES, REPLY, BREACH)
    new = contract(SERVICE, FEES.replace("第四条", "第三条"), REPLY, BREACH)
    assert found(old, new) == [("replace", "四", "三")]


def test_articles_of_a_law_are_no_references() -> None:
    cited = "依据《民法典》第五百八十五条，违约金为二万元。"
    old = contract(SERVICE, f"违约责任\n{cited}")
    new = contract("保密\n乙方应当保守秘密。", SERVICE, f"违约责任\n{cited}")
    assert [d[0] for d in found(old, new)] == ["insert"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("违约金为服务费的20%。", "违约金为服务费的２０％。", id="full-width"),
        pytest.param("违约金为 5 万元。", "违约金为5万元。", id="white-space"),
        pytest.param("乙方应当保密，", "乙方应当保密,", id="ascii-comma"),
    ],
)
def test_width_and_white_space_are_no_difference(old: str, new: str) -> None:
    assert found(contract(SERVICE, old), contract(SERVICE, new)) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("三十日内付款。", "30日内付款。", id="digits"),
        pytest.param("违约金为二万元。", "违约金为20000元。", id="sum"),
        pytest.param("每日按万分之五计算。", "每日按0.05%计算。", id="share"),
        pytest.param("应当赔偿，并退款。", "应当赔偿；并退款。", id="punctuation"),
    ],
)
def test_another_spelling_of_the_same_is_cosmetic(old: str, new: str) -> None:
    before, after = contract(SERVICE, f"乙方{old}"), contract(SERVICE, f"乙方{new}")
    made = differences(before, after)
    assert made
    assert all(difference.cosmetic for difference in made)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("一万元", "十万元", id="sum"),
        pytest.param("30日", "3日", id="days"),
        pytest.param("1.5%", "15%", id="decimal-point"),
        pytest.param("甲方承担", "乙方承担", id="party"),
        pytest.param("应当承担", "不承担", id="negation"),
    ],
)
def test_a_change_of_meaning_is_never_cosmetic(old: str, new: str) -> None:
    before = contract(SERVICE, f"其他\n相关费用{old}，由双方确认。")
    after = contract(SERVICE, f"其他\n相关费用{new}，由双方确认。")
    made = differences(before, after)
    assert made
    assert not any(difference.cosmetic for difference in made)


def test_lines_broken_elsewhere_are_no_difference() -> None:
    old = contract(SERVICE, REPLY, BREACH)
    text = old.text.replace("售前咨询、", "售前咨询、\n").replace("应当赔偿", "应当\n赔偿")
    assert found(old, contract_from_text(text, first_party_side="client")) == []


def test_sentences_run_together_differ_in_what_joins_them_alone() -> None:
    old = contract(SERVICE, "保密\n乙方应当保守秘密。期限为合同终止后三年。")
    new = contract(SERVICE, "保密\n乙方应当保守秘密，期限为合同终止后三年。")
    assert [(d.kind, d.cosmetic) for d in differences(old, new)] == [("replace", True)]


def test_a_change_in_a_row_of_a_table_is_found() -> None:
    old = contract(SERVICE, "指标\n首次响应 | ≤30秒 | 按月\n满意度 | ≥95% | 按月")
    new = contract(SERVICE, "指标\n首次响应 | ≤90秒 | 按月\n满意度 | ≥95% | 按月")
    assert found(old, new) == [("replace", "30", "90")]


def test_particulars_of_the_parties_are_compared_too() -> None:
    old = contract_from_text(
        HEAD.replace("乙方：", "乙方账号：62220001\n乙方：") + "第一条 " + SERVICE
    )
    new = contract_from_text(
        HEAD.replace("乙方：", "乙方账号：62229999\n乙方：") + "第一条 " + SERVICE
    )
    assert [d[1:] for d in found(old, new)] == [("62220001", "62229999")]


def test_a_sentence_put_in_the_place_of_another_is_one_difference() -> None:
    old = contract(SERVICE, "保密\n泄露一次扣当月服务费20%。", BREACH)
    new = contract(SERVICE, "保密\n如有争端依法处理。", BREACH)
    assert found(old, new) == [("replace", "泄露一次扣当月服务费20%。", "如有争端依法处理。")]


def test_new_articles_are_told_apart() -> None:
    old = contract(SERVICE, BREACH)
    new = contract(SERVICE, REPLY, "保密\n乙方应当保守秘密。", BREACH)
    assert [d[2].split("\n")[0] for d in found(old, new)] == ["第二条 服务标准", "第三条 保密"]


def test_many_equal_lines_do_not_slow_the_comparison_down() -> None:
    rows = "\n".join(["待填 | 待填 | 待填"] * 3000)
    old = contract(SERVICE, f"清单\n{rows}", BREACH)
    new = contract(SERVICE, f"清单\n{rows}", BREACH.replace("全部", "直接"))
    assert found(old, new) == [("replace", "全部", "直接")]


def test_sentences_that_recur_are_found_again_behind_a_part_that_was_struck() -> None:
    lines = [f"第{n}笔费用为{n * 37}元。逾期的按日计算违约金。" for n in range(120)]
    old = contract(SERVICE, "清单\n" + "\n".join(lines))
    new = contract(SERVICE, "清单\n" + "\n".join(lines[:40] + lines[60:]))
    assert {d.kind for d in differences(old, new)} == {"delete"}
    assert sum(len(d.old.of(old.text).splitlines()) for d in differences(old, new)) == 20


SENTENCES = st.lists(
    st.text(alphabet="甲乙方应当不得支付服务费三五十日内元秒保密信息赔偿", min_size=4, max_size=24),
    min_size=1,
    max_size=4,
).map("。".join)
ARTICLES = st.lists(SENTENCES, min_size=1, max_size=7)


@settings(max_examples=60, deadline=None)
@given(ARTICLES)
def test_a_contract_does_not_differ_from_itself(articles: list[str]) -> None:
    made = contract(*articles)
    assert differences(made, made) == ()


@settings(max_examples=60, deadline=None)
@given(ARTICLES, ARTICLES)
def test_no_word_is_lost_between_two_versions(first: list[str], second: list[str]) -> None:
    """Every sentence of either version is paired, or shown as struck or added."""
    alignment = align(contract(*first), contract(*second))
    olds, news = alignment.pair_of_old(), alignment.pair_of_new()
    made = differences(alignment.old, alignment.new)
    for number, unit in enumerate(units(alignment.old)):
        shown = any(d.old.overlap(unit.span) for d in made if d.kind in ("delete", "replace"))
        assert number in olds or shown
    for number, unit in enumerate(units(alignment.new)):
        shown = any(d.new.overlap(unit.span) for d in made if d.kind in ("insert", "replace"))
        assert number in news or shown


@settings(max_examples=40, deadline=None)
@given(ARTICLES, st.data())
def test_an_article_taken_out_is_all_that_differs(articles: list[str], data: st.DataObject) -> None:
    marked = [f"事项{number}号\n{words}。" for number, words in enumerate(articles)] + [
        "末条\n完。"
    ]
    gone = data.draw(st.integers(0, len(marked) - 2))
    new = contract(*marked[:gone], *marked[gone + 1 :])
    old = contract(*marked)
    kinds = {d.kind for d in differences(old, new)}
    assert "delete" in kinds
    assert "insert" not in kinds
