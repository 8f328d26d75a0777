"""Penalties on the merchant: late fees in any notation, and those without a counterpart."""

import pytest

from tests.engine.signs import signs
from tests.factories import contract

VENDOR_PAYS = "乙方泄露买家信息的，每次支付违约金五千元，并赔偿损失。"


@pytest.mark.parametrize(
    "text",
    [
        "加时费拖起不给的，从第二天起每天加千分之五。",
        "迟付一日，加收欠数百分之一，逐日计。",
        "甲方付款若有延宕，每日按延宕金额的千分之五补偿乙方。",
        "未清偿的，每逾一日加收千分之三，直至清偿完毕。",
        "超过七日的，每日按欠款千分之二计资金占用费。",
        "甲方晚付钱，每晚一天加0.5%。",
    ],
)
def test_a_late_fee_above_the_bound_is_hit_whatever_the_vendor_pays(text: str) -> None:
    assert signs(contract(text, VENDOR_PAYS), "rf_penalty_merchant_only")


@pytest.mark.parametrize(
    "text",
    [
        "逾期付款，自逾期之日起按日万分之八计收占用费。",
        "到28号没打钱的，晚一天加五十。",
        "甲方拖欠费用的，一天罚五十块。",
        "甲方把乙方的客服招走的，每招一人赔偿30000元。",
    ],
)
def test_a_penalty_on_the_merchant_alone_is_hit(text: str) -> None:
    assert signs(text, "rf_penalty_merchant_only")


@pytest.mark.parametrize(
    "text",
    [
        "甲方逾期付款的，每日按未付金额的万分之五支付违约金。",
        "乙方逾期退还保证金的，每日按百分之一支付违约金。",
        "任何一方逾期付款的，每日按万分之五支付违约金。",
        "乙方客服每日迟到的，扣当日费用的10%。",
    ],
)
def test_a_modest_fee_beside_the_vendors_penalty_is_clear(text: str) -> None:
    assert not signs(contract(text, VENDOR_PAYS), "rf_penalty_merchant_only")
