"""Suggestions: where they go, and what they take the place of."""

import pytest

from reviewer.contract import Contract
from reviewer.ingest import contract_from_text
from tests.factories import contract, finding

SERVES = "一、乙方为甲方店铺提供在线客服，甲方每月向乙方支付服务费。\n二、乙方不得泄露客户信息。\n"


def with_particulars() -> Contract:
    """Return a contract whose only words on who the parties are stand in its head."""
    return contract_from_text(
        "网店客服协议\n甲方：杭州云裳服饰有限公司\n统一社会信用代码：91330106MA2XXXXX1A\n"
        "乙方：合肥快答信息技术有限公司\n统一社会信用代码：91340104MA2XXXXX2B\n"
        "乙方地址：合肥市蜀山区黄山路1号\n" + SERVES,
        first_party_side="client",
    )


@pytest.mark.parametrize("check", ["party_qualification", "notice_evidence"])
def test_a_provision_is_not_put_among_the_particulars_of_the_parties(check: str) -> None:
    read = with_particulars()
    suggestion = finding(read, check).suggestion
    assert suggestion is not None
    anchor = next(clause for clause in read.clauses if clause.id == suggestion.anchor)
    assert suggestion.action == "insert_after"
    assert anchor.kind in ("body", "annex")


def test_a_court_takes_the_place_of_the_arbitration_that_is_there() -> None:
    arbitrated = "争议提交北京仲裁委员会在北京仲裁。"
    suggestion = finding(contract(arbitrated), "dispute_resolution").suggestion
    assert suggestion is not None
    assert suggestion.action == "replace"
    assert suggestion.original == arbitrated.rstrip("。")
    assert "人民法院" in suggestion.text


def test_words_that_a_redraft_took_out_in_brackets_are_not_read() -> None:
    kept = "乙方过错造成的损失由乙方赔偿。"
    struck = "【删：乙方概不负责。乙方的赔偿以当月服务费为限。】"
    assert finding(contract(kept + struck), "rf_liability_exclusion").status == "clear"
    assert finding(contract(kept + struck[3:-1]), "rf_liability_exclusion").status == "hit"


def test_an_option_that_nobody_ticked_in_a_form_is_no_term() -> None:
    form = "☑售前咨询 ☑售后登记。争议解决：{}由甲方住所地人民法院管辖 {}提交北京仲裁委员会仲裁。"
    chosen = finding(contract(form.format("☑", "□")), "dispute_resolution")
    assert {e.id: e.status for e in chosen.elements}["dr_single"] == "met"
    both = finding(contract(form.format("☑", "☑")), "rf_contradiction")
    assert both.status == "hit"
    assert finding(contract(form.format("☑", "□")), "rf_contradiction").status == "clear"


def test_what_follows_an_option_that_nobody_ticked_is_still_a_term() -> None:
    text = "☑售前 ☑售后。结算：☑ 月付，☐ 季付，甲方逾期付款的每日支付1%违约金。"
    assert finding(contract(text), "rf_penalty_merchant_only").status == "hit"


def test_a_penalty_is_compared_with_a_fee_that_is_only_named_by_the_month() -> None:
    fee = "合同总价528000元，即每月44000元。"
    above = fee + "乙方泄露信息的，每次支付违约金伍万元。"
    below = fee + "乙方泄露信息的，每次支付违约金伍仟元。"
    assert finding(contract(above), "ef_excess_penalty").status == "hit"
    assert finding(contract(below), "ef_excess_penalty").status == "clear"


@pytest.mark.parametrize(
    "words",
    [
        "每期扣一成作质保款，合同完结满九个月且无遗留客诉的，无息发还。",
        "每月留一成不付，合同完了满八个月，一回付清。",
        "付款之期定为收到票据后九十日内。",
    ],
)
def test_a_long_retention_or_payment_is_a_caution(words: str) -> None:
    assert finding(contract(words), "ef_retention_sme").status == "hit"


def test_three_months_of_fees_for_one_leak_are_a_caution() -> None:
    assert (
        finding(
            contract("资料从乙方漏出去的，每一起赔甲方三个月服务费。"), "ef_excess_penalty"
        ).status
        == "hit"
    )
    left = "甲方提前解除合同的，支付乙方三个月服务费。"
    assert finding(contract(left), "ef_excess_penalty").status == "clear"


def test_a_long_retention_is_a_caution_however_it_is_counted() -> None:
    long = "每月酬金留下百分之五，约定结束后第三百日无息付还。"
    short = "每月酬金留下百分之五，约定结束后第三十日无息付还。"
    assert finding(contract(long), "ef_retention_sme").status == "hit"
    assert finding(contract(short), "ef_retention_sme").status == "clear"


def test_a_cap_of_more_than_three_months_is_no_exclusion() -> None:
    cap = "因乙方过错给甲方造成损失的，乙方赔偿，赔偿总额以{}个月服务费为限。"
    assert finding(contract(cap.format("两")), "rf_liability_exclusion").status == "hit"
    assert finding(contract(cap.format("六")), "rf_liability_exclusion").status == "clear"
