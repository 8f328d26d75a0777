"""Terms: what a contract demands, as data, each with clause and verbatim words."""

from datetime import date
from pathlib import Path

import pytest

from reviewer.contract import Contract
from reviewer.errors import TermsError
from reviewer.ingest import load_contract
from reviewer.shop.catalogue import load_catalogue
from reviewer.terms.extract import terms_of
from reviewer.terms.file import read_terms, terms_yaml
from reviewer.terms.term import Target, Term, Terms
from tests.conftest import REPOSITORY
from tests.factories import contract

CONTRACTS = sorted((REPOSITORY / "eval" / "contracts").iterdir())


def _terms(subject: Contract | str, *more: str) -> Terms:
    read = subject if isinstance(subject, Contract) else contract(subject, *more)
    return terms_of(read, load_catalogue())


def _targets(text: str) -> list[tuple[str, str, str | None]]:
    return [(t.metric, t.bound, t.value) for t in _terms(text).targets]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param(
            "客服首次响应时间不超过15秒，平均响应时间不超过30秒。",
            [("first_response", "at_most", "15秒"), ("average_response", "at_most", "30秒")],
            id="two-in-a-sentence",
        ),
        pytest.param(
            "首响不超过半分钟。", [("first_response", "at_most", "0.5分钟")], id="half-minute"
        ),
        pytest.param(
            "客户满意度不得低于百分之九十五。",
            [("satisfaction", "at_least", "95%")],
            id="chinese-percent",
        ),
        pytest.param(
            "三分钟人工回复率不低于98%。", [("reply_3min", "at_least", "98%")], id="window"
        ),
        pytest.param("月度质检均分须达90分以上。", [("qc_score", "at_least", "90分")], id="score"),
        pytest.param(
            "纠纷退款率不高于0.06%。", [("dispute_refund_rate", "at_most", "0.06%")], id="small"
        ),
        pytest.param(
            "买家进线后，半分钟内必须有人开口。",
            [("first_response", "at_most", "0.5分钟")],
            id="number-first",
        ),
        pytest.param(
            "月均质检分低于88分的，每低1分扣2%。",
            [("qc_score", "at_least", "88分")],
            id="threshold",
        ),
        pytest.param("满意度高于95%的，奖励当月服务费的2%。", [], id="reward-is-no-target"),
        pytest.param("乙方应及时回复买家咨询，让客户满意。", [], id="vague"),
        pytest.param("乙方应在收到投诉后48小时内答复。", [], id="complaints-are-no-response"),
        pytest.param(
            "连续5日首次响应超过40秒的，甲方可以解除合同。", [], id="trigger-is-no-target"
        ),
        pytest.param("会话保存不少于180天，抽检不少于50通。", [], id="other-numbers"),
    ],
)
def test_a_target_is_found_in_the_words_of_drafters(
    text: str, found: list[tuple[str, str, str | None]]
) -> None:
    assert _targets(text) == found


def _only(text: str) -> Target:
    (target,) = _terms(text).targets
    return target


def test_a_ratio_of_the_shops_level_is_kept_as_a_ratio() -> None:
    target = _only("询单转化率不低于店铺近三个月均值21.3%的115%，即24.5%。")
    assert target.relative is not None
    assert (target.relative.ratio, target.relative.base, target.relative.months) == (
        "115%",
        "21.3%",
        3,
    )
    assert target.value == "24.5%"


def test_times_a_level_is_the_same_as_its_percentage() -> None:
    target = _only("询单转化率不得低于店铺2026年5月至7月均值24.8%的1.2倍。")
    assert target.relative is not None
    assert (target.relative.ratio, target.relative.base) == ("120%", "24.8%")


def test_a_past_level_is_a_baseline_and_no_target() -> None:
    terms = _terms("外包前历史数据：平均响应31秒、满意度93.4%。")
    assert not terms.targets
    assert [(b.metric, b.value) for b in terms.baselines] == [
        ("average_response", "31秒"),
        ("satisfaction", "93.4%"),
    ]


def test_words_that_may_mean_two_metrics_keep_both_and_ask() -> None:
    target = _only("客服应在三十秒内回复买家咨询。")
    assert {target.metric, target.or_metric} == {"first_response", "average_response"}
    assert target.question == "没有写明是首次响应时间还是平均响应时间"


def test_what_does_not_bind_is_marked() -> None:
    assert not _only("平均响应时间力争45秒以内。").binding


def test_promotion_and_ramp_targets_are_told_apart() -> None:
    applies = [t.applies for t in _terms(
        "首次响应不超过15秒。", "双十一期间首次响应不超过20秒。", "磨合期内首次响应不超过60秒。"
    ).targets]  # fmt: skip
    assert applies == ["normal", "promotion", "ramp"]


def test_the_period_of_measuring_is_taken_from_the_article() -> None:
    terms = _terms("首次响应不超过15秒。上述指标以千牛后台数据为准，按自然月统计。")
    assert terms.targets[0].period == "month"


def test_a_table_gives_targets_and_deductions() -> None:
    terms = _terms(
        "考核指标\n指标 | 目标 | 扣减\n首次响应 | ≤18秒 | 每超1秒扣当月服务费0.5%\n满意度 | ≥94% | 每低1个百分点扣2%"
    )
    assert [(t.metric, t.value) for t in terms.targets] == [
        ("first_response", "18秒"),
        ("satisfaction", "94%"),
    ]
    assert [(d.metric, d.step, d.rate) for d in terms.deductions] == [
        ("first_response", "1秒", "0.5%"),
        ("satisfaction", "1%", "2%"),
    ]


def test_a_general_deduction_is_for_every_metric_of_its_unit_and_has_a_cap() -> None:
    terms = _terms(
        "服务质量考核\n任一考核指标每低于标准一个百分点（响应时间每超过1秒），扣减当月服务费的1%，当月累计扣减不超过服务费的20%。"
    )
    assert [(d.metric, d.unit, d.step, d.rate) for d in terms.deductions] == [
        (None, "share", "1%", "1%"),
        (None, "seconds", "1秒", "1%"),
    ]
    assert terms.cap is not None
    assert terms.cap.share == "20%"


def test_payment_by_number_of_misses_becomes_bands() -> None:
    terms = _terms("考核：一项不达标支付百分之九十二，两项不达标支付百分之八十五。")
    assert [(b.misses, b.rate) for b in terms.deductions[0].bands] == [(1, "8%"), (2, "15%")]


def test_the_ladder_keeps_trigger_window_and_action() -> None:
    terms = _terms(
        "违约责任：乙方考核首次不达标的，应在48小时内完成整改；三个月内第二次不达标的，扣减当月服务费的10%；"
        "累计三次不达标的，甲方有权书面通知解除合同。"
        "连续3日考核不达标且经通知后7日内仍未改善的，甲方有权书面通知解除合同。"
    )
    steps = [
        (s.trigger.kind, s.trigger.n, s.trigger.months, s.trigger.cure_days, s.actions[0].kind)
        for s in terms.steps
    ]
    assert steps == [
        ("count", 1, None, None, "rectify"),
        ("count", 2, 3, None, "deduct"),
        ("count", 3, None, None, "terminate"),
        ("consecutive", 3, None, 7, "terminate"),
    ]
    assert "没有写明" in (terms.steps[0].question or "")


def test_an_automatic_end_is_marked() -> None:
    step = _terms("考核不合格累计三次的，本合同自动解除，无须通知。").steps[0]
    assert step.actions[-1].automatic


def test_the_vendors_right_to_leave_is_no_step() -> None:
    assert not _terms("指标连续两月过低的，乙方可书面通知解除合同。").steps


def test_money_terms_are_found() -> None:
    terms = _terms(
        "费用：服务费为每月人民币7,800元，按季预付，服务费一经支付概不退还。",
        "甲方逾期付款的，每日按未付金额的千分之五支付滞纳金。",
        "甲方不得提前解除本合同，否则应支付剩余合同期的全部服务费。",
        "乙方泄露买家信息的，每次按当月服务费的20%支付违约金。",
        "因乙方原因造成甲方损失的，乙方的赔偿责任以当月服务费为限。",
    )
    assert (terms.fees[0].kind, terms.fees[0].amount) == ("monthly", "7800元")
    assert (terms.payments[0].kind, terms.payments[0].months) == ("prepayment", 3)
    assert [(c.kind, c.who, c.rate) for c in terms.charges] == [
        ("late_fee", "client", "0.5%"),
        ("early_exit", "client", "100%"),
        ("penalty", "vendor", "20%"),
    ]
    assert (terms.limits[0].rate, terms.limits[0].carve_outs) == ("1个月", ())


def test_dates_notices_and_rhythms_are_found() -> None:
    terms = _terms(
        "本合同自2026年12月1日起至2027年11月30日止。期满前30日可协商续约。",
        "甲方可提前30日书面通知乙方解除合同。乙方每周一提交周报，双方每月10日召开复盘会。",
    )
    assert terms.duration is not None
    assert (terms.duration.start, terms.duration.end) == (date(2026, 12, 1), date(2027, 11, 30))
    assert [(n.kind, n.who, n.within) for n in terms.notices] == [
        ("renewal", None, "30日"),
        ("leave", "client", "30日"),
    ]
    assert [(r.kind, r.every, r.day) for r in terms.rhythms] == [
        ("report", "week", 1),
        ("meeting", "month", 10),
    ]


def test_a_length_that_does_not_fit_the_dates_is_asked_about() -> None:
    terms = _terms("合同期限1年，自2026年3月15日起至2027年9月14日止。")
    assert terms.duration is not None
    assert "不一致" in (terms.duration.question or "")


def test_a_demand_without_a_metric_is_listed_and_not_dropped() -> None:
    terms = _terms("考核：平台介入败诉率不高于1.2%。")
    assert terms.unrecognised[0].source.quote == "考核：平台介入败诉率不高于1.2%"


@pytest.mark.parametrize("path", CONTRACTS, ids=lambda path: path.stem)
def test_every_quote_stands_verbatim_in_its_clause(path: Path) -> None:
    read = load_contract(path)
    terms = _terms(read)
    for source in _sources(terms):
        assert source.start is not None
        assert read.text[source.start : source.end] == source.quote
        clause = read.clause(source.clause)
        assert clause is not None
        assert clause.start <= source.start


def _sources(terms: Terms) -> list:
    found = []
    for name in Terms.model_fields:
        value = getattr(terms, name)
        entries = value if isinstance(value, tuple) else (value,)
        found += [entry.source for entry in entries if isinstance(entry, Term)]
    return found


@pytest.mark.parametrize(
    "name", ["d02_tmall_merchant.docx", "d24_luxury_service.txt", "t13_negotiated_good.docx"]
)
def test_a_terms_file_reads_back_as_it_was_written(tmp_path: Path, name: str) -> None:
    terms = _terms(load_contract(REPOSITORY / "eval" / "contracts" / name))
    path = tmp_path / "terms.yaml"
    path.write_text(terms_yaml(terms), encoding="utf-8")
    assert read_terms(path, load_catalogue()) == terms


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("value: 15秒", "value: 15%", "targets.0.value"),
        ("metric: first_response", "metric: speed", "没有指标 speed"),
        ("bound: at_most", "bound: below", "targets.0.bound"),
        ("confirmed: false", "confirmed: false\nsurprise: 1", "surprise"),
        ("schema_version: 1", "schema_version: 9", "schema_version"),
    ],
)
def test_a_wrong_terms_file_is_refused_with_its_line(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    text = terms_yaml(_terms("客服首次响应时间不超过15秒。"))
    assert old in text
    path = tmp_path / "terms.yaml"
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(TermsError) as caught:
        read_terms(path, load_catalogue())
    assert said in str(caught.value)
    assert f"{path}:" in str(caught.value)


def test_a_file_that_is_no_terms_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "terms.yaml"
    path.write_text("hello", encoding="utf-8")
    with pytest.raises(TermsError, match="reviewer terms"):
        read_terms(path, load_catalogue())
