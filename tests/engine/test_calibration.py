"""The calibration sentences of the labelling rules, each reviewed as a contract of one article."""

import pytest

from tests.factories import contract, elements, finding, review


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        pytest.param("乙方应及时回复买家咨询。", {"kp_response": "partial"}, id="vague-reply"),
        pytest.param(
            "首次响应不超过三十秒(以赤兔日报为准，按自然月统计)。",
            {"kp_response": "met", "kp_definition": "met"},
            id="thirty-seconds-with-source-and-period",
        ),
        pytest.param(
            "平均响应不高于九十秒。", {"kp_response": "partial"}, id="laxer-than-the-bound"
        ),
        pytest.param("客服月离职率控制在一成以内。", {"st_turnover": "met"}, id="a-tenth-a-month"),
        pytest.param("年离职率不超过30%。", {"st_turnover": "met"}, id="yearly-rate"),
        pytest.param(
            "乙方保证客服团队稳定，如离职应尽快补人。",
            {"st_turnover": "partial", "st_replace": "partial"},
            id="vague-twice",
        ),
        pytest.param(
            "乙方应对客户资料严格保密。",
            {"ds_noexport": "partial", "cf_scope": "partial", "pp_measures": "partial"},
            id="bare-confidentiality",
        ),
        pytest.param("泄露一次扣当月服务费20%。", {"ds_penalty": "met"}, id="a-fifth-a-leak"),
        pytest.param(
            "每泄露一条信息赔偿甲方10万元且不得要求调减。", {"ds_penalty": "met"}, id="each-item"
        ),
        pytest.param(
            "附件二KPI由双方另行协商。",
            {"kp_response": "partial", "kp_quality": "partial"},
            id="annex-left-open",
        ),
        pytest.param(
            "到期前三十日未书面提出终止的，视为续签一年。", {"tr_renew": "partial"}, id="silence"
        ),
        pytest.param("争议提交仲裁或向法院起诉。", {"dr_single": "partial"}, id="both-forums"),
        pytest.param("由被告所在地法院管辖。", {"dr_forum": "partial"}, id="defendants-court"),
        pytest.param(
            "乙方责任以当月已收服务费为限，但数据泄露和故意、重大过失除外。",
            {"li_nocap": "met"},
            id="cap-with-carve-outs",
        ),
        pytest.param(
            "乙方的赔偿累计不超过两个月服务费；信息泄露、故意和重大过失不适用该限额。",
            {"li_nocap": "met"},
            id="cap-with-carve-outs-in-the-next-sentence",
        ),
        pytest.param(
            "遇不可抗力的，受影响一方应在24小时内通知、7日内提供证明，并尽力减少损失。",
            {"fm_notice": "met", "fm_mitigate": "met"},
            id="best-efforts-to-mitigate-are-a-duty",
        ),
        pytest.param(
            "因自然灾害、平台故障、人员离职等不可抗力不能服务的，乙方不承担责任。",
            {"fm_def": "partial"},
            id="force-majeure-excuses-the-vendor",
        ),
        pytest.param(
            "发现买家信息泄露的，乙方应于12小时内告知甲方，每次扣当月服务费20%。",
            {"ds_incident": "met", "ds_penalty": "met"},
            id="notice-and-penalty-in-one-sentence",
        ),
        pytest.param(
            "甲方提前三十日、乙方提前六十日书面通知对方，可终止合同。",
            {"be_convenience": "met", "be_vendor_exit": "met"},
            id="both-may-leave",
        ),
        pytest.param(
            "任何一方可提前三十日书面通知对方终止本合同，已下达的订单继续履行完毕。",
            {"be_convenience": "met"},
            id="to-continue-is-not-to-renew",
        ),
        pytest.param(
            "甲方有预付款未使用的，十五日内退还。", {"sp_refund": "met"}, id="the-merchants-money"
        ),
        pytest.param(
            "乙方可提前四十五日书面通知终止合同。",
            {"be_convenience": "absent"},
            id="the-vendors-exit-is-not-the-merchants",
        ),
        pytest.param(
            "甲方提前解除合同的，应提前六十日书面通知，已付保证金不予退还。",
            {"be_convenience": "partial"},
            id="exit-that-costs-the-deposit",
        ),
        pytest.param(
            "席位增减由双方沟通后安排。", {"ss_change": "partial"}, id="change-left-to-talks"
        ),
        pytest.param(
            "差评和12315转来的投诉，乙方应尽早联系买家。",
            {"ss_complaint": "partial"},
            id="a-hotlines-number-measures-nothing",
        ),
        pytest.param(
            "甲方安排客服班次并负责考勤。", {"lc_independent": "absent"}, id="merchant-directs"
        ),
    ],
)
def test_a_calibration_sentence_gives_its_elements(
    sentence: str, expected: dict[str, str], playbook: object
) -> None:
    of = {
        element.id: check.id
        for check in playbook.checks  # type: ignore[attr-defined]
        for element in check.elements
    }
    found = {name: elements(sentence, of[name])[name] for name in expected}
    assert found == expected


@pytest.mark.parametrize(
    ("sentence", "check", "status"),
    [
        pytest.param(
            "乙方保证客服团队稳定，如离职应尽快补人。", "staffing_stability", "weak", id="vague"
        ),
        pytest.param("乙方应对客户资料严格保密。", "data_security", "weak", id="data-weak"),
        pytest.param("乙方应对客户资料严格保密。", "pi_processing", "missing", id="pi-missing"),
        pytest.param("泄露一次扣当月服务费20%。", "ef_excess_penalty", "clear", id="moderate"),
        pytest.param(
            "每泄露一条信息赔偿甲方10万元且不得要求调减。", "ef_excess_penalty", "hit", id="excess"
        ),
        pytest.param(
            "到期前三十日未书面提出终止的，视为续签一年。", "rf_auto_renewal", "hit", id="silence"
        ),
        pytest.param("争议提交仲裁或向法院起诉。", "rf_contradiction", "hit", id="both-forums"),
        pytest.param("由被告所在地法院管辖。", "rf_vendor_venue", "clear", id="neutral-court"),
        pytest.param(
            "乙方责任以当月已收服务费为限，但数据泄露和故意、重大过失除外。",
            "rf_liability_exclusion",
            "clear",
            id="carve-outs",
        ),
        pytest.param("甲方安排客服班次并负责考勤。", "ef_direct_control", "hit", id="direct"),
    ],
)
def test_a_calibration_sentence_gives_its_status(sentence: str, check: str, status: str) -> None:
    assert finding(sentence, check).status == status


@pytest.mark.parametrize(
    "line",
    [
        "【划去】乙方可将会话用于自有模型训练；提前解除的，余期费用照付。",
        "乙方首稿“乙方概不承担任何责任”一句已划去。",
    ],
)
def test_what_negotiators_crossed_out_is_no_term_of_the_contract(line: str) -> None:
    made = review(contract(line, "乙方每日八时至二十四时接待买家。"))
    assert not [f.check for f in made.findings if f.kind == "red_flag" and f.status == "hit"]
