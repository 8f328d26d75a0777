import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewer.ingest import contract_from_text
from reviewer.ingest.clauses import cut_clauses

LINES = st.sampled_from(
    [
        "客服外包合同",
        "甲方：杭州云裳服饰有限公司",
        "乙方：合肥快答信息技术有限公司",
        "鉴于甲方经营网店，",
        "第一条 服务内容",
        "第二条　费用。每月五日前支付。",
        "第十二条之一 补充",
        "第一章 总则",
        "一、服务范围",
        "（一）售前咨询",
        "1. 售前",
        "1.1 售中",
        "1.1.1 催付",
        "2、售后",
        "① 截图",
        "a) 其他",
        "首次响应 | ≤30秒 | 每超1秒扣100元",
        "附件一 服务标准",
        "补充协议",
        "甲方（盖章）：",
        "签订日期：    年  月  日",
        "",
        "乙方应当及时回复。",
        "\u3000\u3000双方协商确定；",
        "第",
        "1",
        "0.5",
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(LINES, max_size=25), st.sampled_from(["\n", "\n\n", "\r\n"]))
def test_the_clauses_cover_the_text_without_gap_or_overlap(lines: list[str], end: str) -> None:
    text = end.join(lines)
    clauses = cut_clauses(text)
    assert "".join(clause.text for clause in clauses) == text
    at = 0
    for clause in clauses:
        assert (clause.start, text[clause.start : clause.end]) == (at, clause.text)
        at = clause.end
    assert len({clause.id for clause in clauses}) == len(clauses)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=300))
def test_any_text_at_all_is_covered_by_clauses(text: str) -> None:
    assert "".join(clause.text for clause in cut_clauses(text)) == text


def numbers(text: str) -> list[str | None]:
    return [c.number for c in cut_clauses(text) if c.kind in ("body", "annex") and c.number]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "合同\n第一条 服务\n第二条 费用\n第三条 期限\n",
            ["第一条", "第二条", "第三条"],
            id="articles",
        ),
        pytest.param(
            "合同\n一、服务\n（一）售前\n（二）售后\n二、费用\n",
            ["一、", "（一）", "（二）", "二、"],
            id="chinese-enumeration",
        ),
        pytest.param(
            "合同\n甲篇　服务\n其一　售前\n其二　售后\n乙篇　费用\n",
            ["甲篇", "其一", "其二", "乙篇"],
            id="old-style",
        ),
        pytest.param(
            "约定\n第一，人。两个人。\n第二，钟点。从早到晚。\n§3 价钱\n第四款　期限\n",
            ["第一", "第二", "§3", "第四款"],
            id="spoken-and-signs",
        ),
        pytest.param(
            "合同\n1. 服务\n1.1 售前\n1.1.1 咨询\n2. 费用\n",
            ["1.", "1.1", "1.1.1", "2."],
            id="decimal",
        ),
    ],
)
def test_numbered_clauses_keep_the_numbers_that_they_show(text: str, expected: list[str]) -> None:
    assert [n.strip() for n in numbers(text) if n] == expected


def test_a_number_inside_a_sentence_does_not_begin_a_clause() -> None:
    text = "合同\n第一条 违约\n依照第五条 的约定，乙方应于1.5日内处理。\n第二条 其他\n"
    assert numbers(text) == ["第一条", "第二条"]


def test_recitals_titles_signatures_and_annexes_are_told_apart() -> None:
    text = (
        "网店客服外包合同\n甲方：杭州云裳服饰有限公司\n乙方：合肥快答信息技术有限公司\n"
        "鉴于乙方具备专业的客服能力，双方订立本合同：\n第一条 服务\n乙方提供售后服务。\n"
        "甲方（盖章）：        乙方（盖章）：\n日期：\n附件一 服务标准\n首次响应30秒。\n"
    )
    kinds = {clause.kind for clause in contract_from_text(text).clauses}
    assert {"title", "parties", "recital", "body", "signature", "annex"} <= kinds


@pytest.mark.parametrize(
    "block",
    [
        pytest.param("甲方：　　　　　　乙方：\n2026年3月1日\n", id="blank-side-by-side"),
        pytest.param("甲方：云裳服饰有限公司    乙方：快答信息\n日期：\n", id="names-side-by-side"),
        pytest.param("甲方：云裳服饰有限公司\n乙方：快答信息\n签订日期：\n", id="names-above-date"),
        pytest.param("委托方：          受托方：\n", id="other-roles"),
        pytest.param("甲方： | 乙方：\n代表人： | 代表人：\n", id="in-a-table"),
    ],
)
def test_the_block_in_which_the_parties_sign_is_no_part_of_the_last_clause(block: str) -> None:
    text = f"客服合同\n甲方：云裳\n乙方：快答\n第一条 服务\n售后服务。\n第二条 其他\n协商解决。\n{block}"
    signature = cut_clauses(text)[-1]
    assert (signature.kind, signature.text) == ("signature", block)


def test_what_a_contract_provides_before_its_first_number_is_no_recital() -> None:
    provisions = [
        f"【第{n}样】\n乙方应回复买家，不得泄露买家信息。{'按月付款。' * 30}\n" for n in range(4)
    ]
    text = f"托付书\n甲方：云裳\n乙方：快答\n{''.join(provisions)}一、成绩不好先改。\n二、再不好就散。\n"
    clauses = cut_clauses(text)
    assert "recital" not in {clause.kind for clause in clauses}
    assert [c.heading for c in clauses if c.kind == "body"][:2] == ["第0样", "第1样"]


@pytest.mark.parametrize(
    "line",
    [
        "乙方应每日为甲方提供12小时客服，响应不超过30秒。",
        "甲方预付的款项概不退还。",
        "服务费：9000元/月",
        "特别提示：甲方提前解约的，已付服务费不予退还。",
    ],
)
def test_a_term_above_the_first_number_is_a_term(line: str) -> None:
    text = f"合同\n甲方：云裳\n乙方：快答\n{line}\n第一条 服务\n售后。\n第二条 其他\n协商。\n"
    clause = next(c for c in cut_clauses(text) if line in c.text)
    assert clause.kind == "body"


@pytest.mark.parametrize("numbers", [("1. ", "2. "), ("一、", "二、"), ("(A) ", "(B) ")])
def test_numbered_recitals_provide_nothing(numbers: tuple[str, str]) -> None:
    text = (
        f"合同\n甲方：云裳\n乙方：快答\n鉴于：\n{numbers[0]}甲方经营店铺；\n{numbers[1]}乙方提供客服。\n"
        "双方约定如下：\n第一条 服务\n售后。\n第二条 其他\n协商。\n"
    )
    kinds = {c.kind for c in cut_clauses(text) if "经营店铺" in c.text or "乙方提供" in c.text}
    assert kinds == {"recital"}


def test_a_line_of_blanks_behind_an_annex_takes_no_time() -> None:
    text = f"合同\n第一条 服务\n第二条 费用\n附件{' ' * 600}{'x' * 50}\n甲方\n"
    begun = time.monotonic()
    cut_clauses(text + "#####\n" * 5000)
    assert time.monotonic() - begun < 2


def test_an_annex_behind_the_signatures_is_read_whatever_its_title_adds() -> None:
    text = (
        "合同\n甲方：云裳\n乙方：快答\n第一条 服务\n第二条 费用\n甲方（盖章）：　　乙方（盖章）：\n"
        "附件一　技术要求（甲方编制，▲为实质要求）\n乙方应配备十席。\n附订单二　抖音店\n乙方应配备两席。\n"
    )
    annexes = [c for c in cut_clauses(text) if c.kind == "annex"]
    assert ["十席" in annexes[0].text, "两席" in annexes[1].text] == [True, True]


def test_a_provision_behind_the_signatures_is_not_lost_in_them() -> None:
    text = (
        "合同\n甲方：云裳\n乙方：快答\n第一条 服务\n第二条 费用\n甲方（盖章）：　　乙方（盖章）：\n"
        "双方另约定：乙方不得将任何工作交给他人完成。\n"
    )
    assert "不得" in cut_clauses(text)[-1].text
    assert cut_clauses(text)[-1].kind == "body"


def test_duties_of_the_parties_beside_each_other_are_no_signature() -> None:
    text = "合同\n第一条 分工\n甲方：负责商品，发货；乙方：负责客服。\n第二条 其他\n协商解决。\n"
    assert "signature" not in {clause.kind for clause in cut_clauses(text)}


@pytest.mark.parametrize(
    ("head", "client", "vendor"),
    [
        pytest.param(
            "甲方：杭州云裳服饰有限公司\n乙方：合肥快答信息技术有限公司\n"
            "第一条 乙方为甲方店铺提供客服服务，甲方按月向乙方支付服务费。",
            "甲方",
            "乙方",
            id="merchant-first",
        ),
        pytest.param(
            "甲方：合肥快答信息技术有限公司\n乙方：杭州云裳服饰有限公司\n"
            "第一条 甲方为乙方的天猫店铺提供客服外包服务，乙方按月向甲方支付服务费。",
            "乙方",
            "甲方",
            id="vendor-first",
        ),
        pytest.param(
            "委托方：杭州云裳服饰有限公司\n受托方：合肥快答信息技术有限公司\n"
            "第一条 受托方接受委托，为委托方店铺提供客服。",
            "委托方",
            "受托方",
            id="principal-and-agent",
        ),
        pytest.param(
            "服务商：合肥快答信息技术有限公司\n商户：杭州云裳服饰有限公司\n"
            "第一条 服务商为商户提供在线客服，商户支付费用。",
            "商户",
            "服务商",
            id="provider-and-shop",
        ),
    ],
)
def test_the_merchant_is_known_by_what_it_does(head: str, client: str, vendor: str) -> None:
    read = contract_from_text(f"客服外包合同\n{head}\n")
    assert read.party("client").role == client  # type: ignore[union-attr]
    assert read.party("vendor").role == vendor  # type: ignore[union-attr]


def test_a_text_without_parties_warns_that_the_sides_are_unknown() -> None:
    read = contract_from_text("客服合同\n第一条 双方友好合作。\n")
    assert read.warnings
    assert read.party("client") is None
