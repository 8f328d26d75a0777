"""What if and the money view: before signing, in times and in yuan."""

from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from reviewer.monitoring.exposure import Exposure, Figure, Inputs, exposure_of
from reviewer.monitoring.pages import money_page, money_workbook, whatif_page
from reviewer.monitoring.whatif import WhatIf, what_if
from reviewer.shop.catalogue import load_calendar, load_catalogue, load_ratios
from reviewer.terms.extract import terms_of
from reviewer.terms.term import Terms
from tests.factories import contract
from tests.shop.records import history

VENDOR_FORM = (
    "本合同期限一年，自2026年12月1日起至2027年11月30日止。",
    "费用：服务费为每月人民币7,800元，按季预付，服务费一经支付概不退还。乙方另收甲方保证金10,000元，不予退还。",
    "甲方逾期付款的，每日按未付金额的千分之五支付滞纳金。",
    "甲方不得提前解除本合同，否则应支付剩余合同期的全部服务费。",
    "乙方泄露买家信息的，每次按当月服务费的20%支付违约金。甲方违反本协议的，应向乙方支付违约金50,000元。",
    "因乙方原因造成甲方损失的，乙方的赔偿责任以当月服务费为限。",
)
PROPOSED = (
    "考核：平均响应时间不超过30秒，按自然月统计，每超过1秒扣减当月服务费的1%。",
    "违约责任：平均响应时间连续3日不达标的，甲方有权书面通知解除合同。",
)


def _terms(*articles: str) -> Terms:
    return terms_of(contract(*articles), load_catalogue())


def _what_if(values: list[float], fee: str | None = "30000", months: int = 12) -> WhatIf:
    return what_if(
        _terms(*PROPOSED),
        history(values),
        load_catalogue(),
        load_calendar(),
        months=months,
        monthly_fee=Decimal(fee) if fee else None,
    )


def test_the_past_is_replayed_although_the_contract_has_not_begun() -> None:
    found = _what_if([25] * 10 + [40] * 3 + [25] * 18)
    (step,) = found.steps
    assert (step.times, step.days) == (1, (date(2026, 7, 13),))


def test_each_months_deduction_and_their_sum_are_told() -> None:
    found = _what_if([32] * 31 + [25] * 31)
    assert [(m.month.month, m.missed, m.total) for m in found.months] == [
        (7, 1, Decimal("600.00")),
        (8, 0, Decimal(0)),
    ]
    assert found.total == Decimal("600.00")


def test_without_a_fee_the_times_are_told_and_the_sum_stays_open() -> None:
    found = _what_if([40] * 31, fee=None)
    assert found.steps[0].times == 1
    assert found.total is None
    assert any("只能数次数" in note for note in found.notes)


def test_only_the_last_months_are_replayed() -> None:
    found = _what_if([40] * 31 + [25] * 31, months=1)
    assert found.first == date(2026, 8, 1)
    assert found.steps[0].times == 0


def test_a_ratio_is_of_the_records_own_mean() -> None:
    terms = _terms("考核：询单转化率不低于店铺近三个月均值的110%，按自然月统计。")
    record = history([0.2] * 31, metric="conversion")
    found = what_if(terms, record, load_catalogue(), load_calendar())
    assert found.monitoring.watched[0].demanded == "≥22%"
    assert found.months[0].missed == 1


def test_the_what_if_page_has_its_charts_and_clauses() -> None:
    found = _what_if([40] * 31)
    page = whatif_page(found, history([40] * 31), load_catalogue(), load_calendar())
    assert page.count("<svg") == 2
    assert "连续3日不达标" in page


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(10, 60), min_size=31, max_size=62))
def test_more_demanding_targets_never_cost_less(values: list[int]) -> None:
    totals = []
    for target in (35, 30, 25):
        terms = _terms(
            f"考核：平均响应时间不超过{target}秒，按自然月统计，每超过1秒扣减当月服务费的1%。"
        )
        found = what_if(
            terms, history(values), load_catalogue(), load_calendar(), monthly_fee=Decimal(1000)
        )
        totals.append(found.total)
    assert totals == sorted(totals)


@pytest.fixture(scope="module")
def exposure() -> Exposure:
    inputs = Inputs(orders_per_month=3000, order_value=Decimal(182))
    return exposure_of(_terms(*VENDOR_FORM), inputs, load_ratios())


def _figures(found: Exposure, group: str) -> list[Figure]:
    return [figure for figure in found.figures if figure.group == group]


def test_the_cost_is_the_fee_times_the_term(exposure: Exposure) -> None:
    assert [f.amount for f in _figures(exposure, "cost")] == [Decimal(7800), Decimal(93600)]


def test_what_is_paid_ahead_is_at_risk(exposure: Exposure) -> None:
    prepaid, deposit = _figures(exposure, "at_risk")
    assert prepaid.amount == Decimal(23400)
    assert prepaid.formula == "月服务费 7,800元 × 3个月 = 23,400元"
    assert "不退" in prepaid.note
    assert deposit.amount == Decimal(10000)


@pytest.mark.parametrize(("month", "amount"), [(1, 85800), (3, 70200), (6, 46800), (9, 23400)])
def test_leaving_costs_the_months_that_are_left(
    exposure: Exposure, month: int, amount: int
) -> None:
    (figure,) = [f for f in _figures(exposure, "leaving") if f.what == f"第{month}个月末离开"]
    assert figure.amount == Decimal(amount)


def test_penalties_stand_on_their_side(exposure: Exposure) -> None:
    assert [f.amount for f in _figures(exposure, "owed_by_client")] == [Decimal(50000)]
    assert [f.amount for f in _figures(exposure, "owed_by_vendor")] == [Decimal(1560)]


def test_the_late_fee_is_shown_as_an_annual_rate(exposure: Exposure) -> None:
    rate, overdue = _figures(exposure, "late")
    assert rate.shown == "182.5%"
    assert overdue.amount == Decimal(1170)


def test_the_cap_is_held_against_a_closed_shop_and_a_leak(exposure: Exposure) -> None:
    cap, closed, leak = _figures(exposure, "cap")
    assert cap.amount == Decimal(7800)
    assert "没有例外" in cap.note
    assert closed.amount == Decimal(127400)
    assert "超出上限 119,600元" in closed.note
    assert leak.amount == Decimal(15000)
    assert "情景假设" in leak.note


def test_every_figure_has_its_clause_or_says_that_it_is_assumed(exposure: Exposure) -> None:
    for figure in exposure.figures:
        assert figure.formula
        assert figure.source is not None or "假设" in figure.note


def test_a_fair_exit_costs_the_notice_period() -> None:
    found = exposure_of(
        _terms(
            VENDOR_FORM[0], "服务费为每月人民币9,000元。", "甲方可提前30日书面通知乙方解除合同。"
        ),
        Inputs(),
        load_ratios(),
    )
    assert {f.amount for f in _figures(found, "leaving")} == {Decimal(9000)}
    assert any("没有赔偿上限条款" in warning for warning in found.warnings)


def test_the_money_page_and_workbook_carry_formula_and_clause(exposure: Exposure) -> None:
    page = money_page(exposure)
    rows = list(
        load_workbook(BytesIO(money_workbook(exposure)))["钱账"].iter_rows(values_only=True)
    )
    for figure in exposure.figures:
        assert figure.formula in page
    assert len(rows) == len(exposure.figures) + 1
    assert float(rows[1][2]) == 7800.0
