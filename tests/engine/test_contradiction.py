"""Contradictions of fact: figures against words, shares that are not the whole, two forums."""

import pytest

from tests.engine.signs import signs


@pytest.mark.parametrize(
    "text",
    [
        "每月保底呼出壹万贰仟通（10,200通），不足按保底计费。",
        "每个月包干一万二千六百元整（¥12,800.00），两个店都在里头。",
        "考核权重：响应30%、满意度30%、转化25%、质检25%。",
        "利润甲方得百分之八十八，乙方得百分之九，另外百分之五存入共建基金。",
        "讲不拢，到温州仲裁委员会去仲裁，或者到鹿城法院去告，随便哪家。",
        "争议提交深圳国际仲裁院仲裁。双方同意杭州市余杭区人民法院对本协议的争议享有管辖权。",
        "每月酬金人民币大写叁万陆仟元整，即三万八千元。",
    ],
)
def test_facts_that_cannot_both_be_true_are_hit(text: str) -> None:
    assert signs(text, "rf_contradiction")


@pytest.mark.parametrize(
    "text",
    [
        "每月保底呼出壹万贰仟通（12,000通），不足按保底计费。",
        "每月服务费一万二千六百元整（¥12,600.00）。",
        "每席三千元（5席起），次月结算。",
        "每月酬金人民币大写叁万陆仟元整，即三万六千元。",
        "考核权重：响应30%、满意度30%、转化20%、质检20%。",
        "利润甲方得百分之八十六，乙方得百分之九，另外百分之五存入共建基金。",
        "首次响应不超过12秒，以过去的实际首次响应14秒为起点。",
        "争议由甲方住所地人民法院管辖。",
        "机器人首次响应3秒以内，转人工首次响应45秒以内。",
        "每外泄一起，乙方向甲方支付当月服务费的25%。",
    ],
)
def test_facts_that_agree_are_clear(text: str) -> None:
    assert not signs(text, "rf_contradiction")
