"""Statements: what of a contract is agreed, and what stands before its terms."""

import pytest

from reviewer.engine.statements import statements
from reviewer.ingest import contract_from_text
from tests.factories import HEAD, contract, elements


def texts(*articles: str) -> str:
    """Return what is read as agreed in a contract with these articles."""
    return "|".join(statement.own.text for statement in statements(contract(*articles)))


@pytest.mark.parametrize(
    "struck",
    [
        "〔划：乙方可将会话用于内部培训〕",
        "原文“乙方可将会话用于内部培训”划去，改为：乙方不得留存。",
        "【原“乙方可将会话用于内部培训”改为：乙方不得留存。】",
        "乙方曾建议“会话可供内部培训”，甲方不同意，不纳入本合同。",
        "| 6 | 第七条 | 会话可用于内部培训 | 不接受 |",
        "补充协议里提过会话用于内部培训，双方划掉了，不再保留。",
    ],
)
def test_what_was_taken_out_or_refused_is_not_read(struck: str) -> None:
    read = texts(f"数据\n{struck}\n乙方按日报送数据。")
    assert "内部培训" not in read
    assert "按日报送数据" in read


GENERAL = (
    "甲部　通用条款\nA1　乙方提供在线客服。\nA2　期满自动顺延。双方可以提前商量。\nA3　乙方的赔偿以一个月服务费为限。\n"
    "乙部　特别约定\n"
)


@pytest.mark.parametrize(
    ("special", "gone", "kept"),
    [
        ("B1　A3删去，乙方赔偿全部损失。\n", "一个月服务费为限", "期满自动顺延"),
        ("B1（删去A2第一句）期满即止。\n", "期满自动顺延", "提前商量"),
        ("B1　原A2末句改为：须书面提出。\n", "提前商量", "期满自动顺延"),
    ],
)
def test_general_terms_that_special_terms_replace_are_not_read(
    special: str, gone: str, kept: str
) -> None:
    read = "|".join(s.own.text for s in statements(contract_from_text(HEAD + GENERAL + special)))
    assert kept in read
    assert gone.replace("一", "1") not in read.replace("一", "1")


def test_an_article_of_another_contract_takes_nothing_out_of_this_one() -> None:
    text = HEAD + "1 乙方提供客服。\n2 乙方须保密三年。\n3 原第2条改为：按月付款。\n"
    assert "保密" in "|".join(s.own.text for s in statements(contract_from_text(text)))


def test_a_quotation_that_stays_is_read() -> None:
    assert "内部培训" in texts("乙方的“内部培训”手册应交甲方审阅，原有做法改为每月一次。")


def test_what_stands_before_the_terms_tells_facts_and_provides_nothing() -> None:
    head = HEAD.replace(
        "\n", "\n鉴于乙方承诺严格保密，会话加密保存三年；附件与正文不一致的，以附件为准。\n", 1
    )
    read = contract("服务\n乙方提供在线客服。")
    text = read.text.replace(HEAD, head)
    whole = contract_from_text(text, first_party_side="client")
    assert elements(whole, "notice_evidence")["ne_order"] == "met"
    assert set(elements(whole, "confidentiality").values()) == {"absent"}
