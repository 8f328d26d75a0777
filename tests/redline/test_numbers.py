"""Hand-typed numbers of new provisions."""

import pytest

from reviewer.contract import Contract
from reviewer.ingest import contract_from_text
from reviewer.redline.edits import edits_of, numbered
from tests.redline.asking import inserted

HEAD = "客服外包合同\n甲方：云裳服饰\n乙方：快答信息\n"
ARTICLES = "第一条 服务内容\n1.1 售前。\n1.2 售后。\n第二条 费用\n2.1 每月付款。\n"
NEW = "转包\n乙方不得转包。\n违者解约。"


def _lines(text: str, *asked: tuple[str, str]) -> list[str]:
    contract: Contract = contract_from_text(HEAD + text)
    findings = [inserted(contract, old, new, n) for n, (old, new) in enumerate(asked, 1)]
    edits = numbered(contract, edits_of(contract, findings, {}).edits)
    return [line for edit in edits for line in edit.typed]


@pytest.mark.parametrize(
    ("text", "beside", "new", "lines"),
    [
        pytest.param(
            ARTICLES,
            "每月付款",
            NEW,
            ["第三条 转包", "3.1 乙方不得转包。", "3.2 违者解约。"],
            id="last",
        ),
        pytest.param(
            ARTICLES, "售后", NEW, ["第一条之一 转包", "乙方不得转包。", "违者解约。"], id="between"
        ),
        pytest.param(
            ARTICLES, "售后", "退货。", ["1.3 退货。"], id="behind-the-last-of-an-article"
        ),
        pytest.param(ARTICLES, "售前", "咨询。", ["咨询。"], id="a-further-paragraph-between"),
        pytest.param(
            "一、服务\n（一）售前。\n（二）售后。\n二、费用\n每月付。\n",
            "售后",
            "退货。",
            ["（三）退货。"],
            id="bracketed-numerals",
        ),
        pytest.param(
            "一、服务。\n二、费用。\n",
            "费用",
            NEW,
            ["三、转包", "乙方不得转包。", "违者解约。"],
            id="numerals",
        ),
        pytest.param(
            "1. 服务。\n2. 费用。\n",
            "费用",
            NEW,
            ["3. 转包", "乙方不得转包。", "违者解约。"],
            id="digits",
        ),
        pytest.param(
            "第十一条 服务。\n第十二条 费用。\n第十三条 其他。\n",
            "费用",
            NEW,
            ["第十二条之一 转包", "乙方不得转包。", "违者解约。"],
            id="two-digits",
        ),
        pytest.param(
            "第一章 总则\n第一条 服务。\n第二章 附则\n第二条 费用。\n",
            "费用",
            NEW,
            ["第三条 转包", "乙方不得转包。", "违者解约。"],
            id="articles-run-through-chapters",
        ),
        pytest.param(
            ARTICLES,
            "每月付款",
            "第九条 转包\n不得转包。",
            ["第九条 转包", "不得转包。"],
            id="numbered-already",
        ),
        pytest.param(
            ARTICLES,
            "每月付款",
            "附件一 指标\n名 | 值\n甲 | 1",
            ["附件一 指标", "名 | 值", "甲 | 1"],
            id="annex",
        ),
    ],
)
def test_a_new_provision_has_the_next_number(
    text: str, beside: str, new: str, lines: list[str]
) -> None:
    assert _lines(text, (beside, new)) == lines


def test_two_new_articles_at_one_place_have_different_numbers() -> None:
    found = _lines(ARTICLES, ("售后", NEW), ("售后", "保密\n乙方保密。"), ("每月付款", NEW))
    assert [line for line in found if line.startswith("第")] == [
        "第一条之一 转包",
        "第一条之二 保密",
        "第三条 转包",
    ]
