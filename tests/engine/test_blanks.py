"""Blanks: which gaps in a contract matter."""

import pytest

from reviewer.ingest import contract_from_text
from tests.factories import HEAD, finding


@pytest.mark.parametrize(
    "text",
    [
        "服务费为每月____元。",
        "线路月租：＿＿＿元/线，以开通通知为准。",
        "首次响应：不高于　　　秒，由双方商定。",
        "乙方给予甲方金额等于该月费用百分之[●]的抵扣。",
        "每月保底____个会话，不足保底的按保底数收费。",
        "首响达标率不低于______%。",
        "大促加席：______席，按活动价。",
        "违约金为【●】万元。",
        "服务期限自【】年【】月【】日起。",
        "项目 | 数量\n每月保底 | ____个会话",
    ],
)
def test_an_open_key_item_is_a_blank(text: str) -> None:
    assert finding(text, "rf_blanks").status == "hit"


@pytest.mark.parametrize(
    "text",
    [
        "联系电话：____。",
        "开户行：________　账号：________",
        "乙方夜班经理的电话为0731-8422XXXX。",
        "您已阅读并勾选：□同意　　提交时间：2026-05-28 14:06:31",
        "计价方式：☑按席位 □按会话。",
        "甲方（盖章）：____________　　签订日期：____年__月__日",
        "乙方由杭州XX公司推荐，费用照付。",
        "本合同签于2026年8月  日。",
    ],
)
def test_contact_data_signatures_and_ticked_boxes_are_no_blanks(text: str) -> None:
    assert finding(text, "rf_blanks").status == "clear"


def test_a_blank_in_an_order_form_before_the_first_provision_counts() -> None:
    form = "单价｜5,280元/席/月\n大促加席｜______席，按活动价\n"
    read = contract_from_text(HEAD + form + "第一条 甲方按月付款。\n", first_party_side="client")
    assert finding(read, "rf_blanks").status == "hit"
