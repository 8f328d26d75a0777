"""Monitoring: boundary cases worked out by hand, and properties that must hold for all records."""

from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar as ICalendar
from openpyxl import load_workbook

from reviewer.errors import CorpusInvalid, ShopDataError, UsageError
from reviewer.knowledge.laws import load_laws
from reviewer.monitoring.calendar import calendar_file
from reviewer.monitoring.dates import days_before, months_after, next_day_of_month
from reviewer.monitoring.notices import drafts_of, load_notices, notice_document
from reviewer.monitoring.outcome import Monitoring
from reviewer.monitoring.report import monitoring_page, period_of, restricted
from reviewer.monitoring.workbook import monitoring_workbook
from reviewer.shop.catalogue import load_calendar, load_catalogue
from reviewer.terms.extract import terms_of
from reviewer.terms.term import Excluded
from tests.factories import contract
from tests.shop.records import START, TERM, days, history, terms, watch

KPI = "服务质量考核：平均响应时间不超过30秒，按自然月统计。"
STEPS = "考核：平均响应时间不超过30秒，按自然月统计，每超过1秒扣减当月服务费的1%，当月累计扣减不超过服务费的5%。"
RUN = "违约责任：平均响应时间连续3日不达标的，甲方有权书面通知解除合同。"
RUN_CURED = (
    "违约责任：平均响应时间连续3日不达标且经通知后7日内仍未改善的，甲方有权书面通知解除合同。"
)
GOOD, BAD = 25, 40


def _day(n: int) -> date:
    return START + timedelta(days=n)


@pytest.mark.parametrize(
    ("values", "on"),
    [
        pytest.param([GOOD, BAD, BAD, GOOD], [], id="two-days-are-not-three"),
        pytest.param([GOOD, BAD, BAD, BAD], ["2026-07-04"], id="exactly-three"),
        pytest.param([BAD] * 7, ["2026-07-03"], id="a-longer-run-counts-once"),
        pytest.param([BAD, BAD, GOOD, BAD, BAD], [], id="a-good-day-between"),
        pytest.param([BAD] * 3 + [GOOD] + [BAD] * 3, ["2026-07-03", "2026-07-07"], id="two-runs"),
        pytest.param([BAD, BAD, None, BAD], [], id="a-gap-breaks-the-run"),
        pytest.param([30, 30, 30], [], id="exactly-the-target-is-met"),
        pytest.param([30.1, 30.1, 30.1], ["2026-07-03"], id="just-beyond-the-target"),
    ],
)
def test_three_days_in_a_row_are_counted_exactly(values: list[float | None], on: list[str]) -> None:
    assert days(watch(terms(KPI, RUN), history(values)), "s1") == on


def test_a_gap_is_shown_as_two_readings_where_it_matters() -> None:
    found = watch(terms(KPI, RUN), history([BAD, BAD, None, BAD]))
    (gap,) = [a for a in found.ambiguities if a.id == "gap"]
    assert "没有触发" in gap.taken_result
    assert "s1 触发 1 次：2026-07-04" in gap.other_result


def test_an_excluded_day_does_not_count() -> None:
    found = terms(KPI, RUN).model_copy(
        update={"excluded_days": (Excluded(day=_day(2), reason="平台故障"),)}
    )
    assert days(watch(found, history([BAD, BAD, BAD, GOOD])), "s1") == []


def test_a_run_with_time_to_cure_waits_for_the_notice() -> None:
    found = watch(terms(KPI, RUN_CURED), history([BAD] * 20))
    (event,) = found.events
    assert event.pending
    assert "须先发出整改通知" in event.note


@pytest.mark.parametrize(
    ("after", "on"),
    [
        pytest.param([BAD] * 7, ["2026-07-12"], id="seven-days-without-a-good-one"),
        pytest.param([BAD] * 6 + [GOOD], [], id="better-on-the-seventh"),
        pytest.param([BAD] * 6, [], id="the-seventh-is-not-over"),
        pytest.param([None] * 7, [], id="no-figures-prove-nothing"),
        pytest.param([None] * 6 + [BAD], ["2026-07-12"], id="one-recorded-bad-day"),
    ],
)
def test_seven_days_without_improvement_run_from_the_notice(
    after: list[float | None], on: list[str]
) -> None:
    record = history([BAD] * 3 + [GOOD] * 2 + after)
    as_of = _day(4 + len(after)) if after[-1] is not None else _day(11)
    found = watch(terms(KPI, RUN_CURED), record, as_of=as_of, notices=(_day(4),))
    assert days(found, "s1") == on


def test_a_notice_before_the_run_does_not_count() -> None:
    found = watch(terms(KPI, RUN_CURED), history([BAD] * 20), notices=(_day(0),))
    assert found.events[0].pending


COUNTED = "违约责任：月度考核首次不达标的，应在48小时内整改；三个月内第二次不达标的，扣减当月服务费的10%；累计三次不达标的，甲方有权书面通知解除合同。"


def _months(*values: float) -> list[float | None]:
    """Return a day's value for every day of months from July 2026."""
    lengths = (31, 31, 30, 31, 30, 31)
    return [value for value, length in zip(values, lengths, strict=False) for _ in range(length)]


@pytest.mark.parametrize(
    ("values", "second", "third"),
    [
        pytest.param((BAD, BAD), ["2026-08-31"], [], id="two-months-running"),
        pytest.param((BAD, GOOD, BAD), ["2026-09-30"], [], id="third-month-is-within-three"),
        pytest.param((BAD, GOOD, GOOD, BAD), [], [], id="fourth-month-is-not"),
        pytest.param((BAD, BAD, BAD), ["2026-08-31"], ["2026-09-30"], id="three-in-all"),
        pytest.param(
            (BAD, GOOD, GOOD, BAD, GOOD, BAD), ["2026-12-31"], ["2026-12-31"], id="far-apart"
        ),
    ],
)
def test_the_second_miss_within_three_months(
    values: tuple[float, ...], second: list[str], third: list[str]
) -> None:
    found = watch(terms(KPI, COUNTED), history(_months(*values)))
    assert days(found, "s1") == ["2026-07-31"]
    assert (days(found, "s2"), days(found, "s3")) == (second, third)


def test_a_month_is_judged_only_when_it_is_over() -> None:
    record = history(_months(BAD)[:30])
    assert days(watch(terms(KPI, COUNTED), record), "s1") == []
    assert not watch(terms(KPI, STEPS), record).statements[0].complete


def test_one_miss_a_day_or_a_month_is_shown_as_two_readings() -> None:
    found = watch(terms(KPI, COUNTED), history([BAD, *_months(GOOD)[1:]]))
    (miss,) = [a for a in found.ambiguities if a.id == "miss"]
    assert "s1 触发 1 次：2026-07-01" in miss.other_result
    assert not found.events


@pytest.mark.parametrize(
    ("mean", "amount"),
    [
        pytest.param("30", None, id="exactly-the-target"),
        pytest.param("30.99", None, id="less-than-a-full-second"),
        pytest.param("31", "300.00", id="exactly-one-second"),
        pytest.param("32.5", "600.00", id="two-full-seconds-of-two-and-a-half"),
        pytest.param("34.99", "1200.00", id="below-the-cap"),
        pytest.param("40", "1500.00", id="the-cap-of-five-percent"),
    ],
)
def test_a_months_deduction_is_exact(mean: str, amount: str | None) -> None:
    found = watch(terms(STEPS), history([float(mean)] * 31))
    (statement,) = found.statements
    assert statement.total == (Decimal(amount) if amount else Decimal(0))
    assert (statement.cap is not None) == (mean == "40")


def test_money_is_rounded_to_a_fen_half_up_and_the_formula_says_how() -> None:
    found = watch(terms(STEPS), history([31] * 31), fee=Decimal("33333.50"))
    (line,) = found.statements[0].lines
    assert line.amount == Decimal("333.34")
    assert line.formula == "当月服务费 33,333.50元 × 1% × 1级（差1秒，每级1秒） = 333.34元"
    assert line.rows == ("a.csv 第2行", "a.csv 第32行")
    assert "每超过1秒扣减" in line.source.quote


def test_part_of_a_step_is_shown_as_two_readings() -> None:
    found = watch(terms(STEPS), history([32.5] * 31))
    (steps,) = [a for a in found.ambiguities if a.id == "steps"]
    assert "扣减 600元" in steps.taken_result
    assert "扣减 750元" in steps.other_result


@pytest.mark.parametrize(
    ("satisfaction", "total"),
    [(0.92, "0"), (0.9199, "900.00"), (0.88, "900.00"), (0.8799, "2400.00")],
)
def test_bands_are_by_value(satisfaction: float, total: str) -> None:
    text = "考核：店铺客服满意度不低于92%。满意度低于92%的当月扣服务费3%，低于88%的扣8%。"
    found = watch(terms(text), history([satisfaction] * 31, metric="satisfaction"))
    assert found.statements[0].total == Decimal(total)


def test_without_a_fee_the_sum_is_open_and_not_nothing() -> None:
    found = watch(terms_of(contract(TERM, STEPS), load_catalogue()), history([35] * 31))
    assert found.statements[0].total is None
    assert any("--monthly-fee" in warning for warning in found.warnings)


def test_month_lengths_are_those_of_the_calendar() -> None:
    record = history([35] * 59, first=date(2027, 2, 1))
    found = watch(terms(STEPS), record, as_of=date(2027, 3, 31))
    assert [(s.month, s.complete) for s in found.statements] == [
        (date(2027, 2, 1), True),
        (date(2027, 3, 1), True),
    ]
    assert {r.last for r in found.results if r.unit == "month"} == {
        date(2027, 2, 28),
        date(2027, 3, 31),
    }


def test_a_promotion_day_is_shown_as_two_readings() -> None:
    record = history([GOOD] * 9 + [BAD] * 3 + [GOOD] * 5, first=date(2026, 11, 1))
    found = watch(terms(KPI, RUN), record)
    assert days(found, "s1") == ["2026-11-12"]
    (promotions,) = [a for a in found.ambiguities if a.id == "promotions"]
    assert "没有触发" in promotions.other_result


def test_a_promotion_target_of_its_own_replaces_the_normal_one_on_those_days() -> None:
    text = "大促期间平均响应时间不超过50秒。"
    record = history([GOOD] * 9 + [BAD] * 3 + [GOOD] * 5, first=date(2026, 11, 1))
    assert days(watch(terms(KPI, text, RUN), record), "s1") == []


def test_the_ramp_up_lowers_the_targets() -> None:
    ramp = "自上线之日起10日为磨合期，磨合期内各项指标按不低于标准的80%考核。"
    found = watch(terms(KPI, ramp, RUN), history([37] * 10 + [GOOD] * 5))
    assert days(found, "s1") == []
    assert days(watch(terms(KPI, ramp, RUN), history([38] * 10)), "s1") == ["2026-07-03"]


def test_what_does_not_bind_is_not_counted() -> None:
    found = watch(terms("平均响应时间力争30秒以内，仅供参考。", RUN), history([BAD] * 5))
    assert found.watched[0].note == "合同写明仅供参考，不计"
    assert days(found, "s1") == []


def test_a_record_without_any_watched_metric_is_no_all_clear() -> None:
    found = watch(terms("客户满意度不低于95%。"), history([GOOD] * 31))
    assert any("不说明没有违约" in warning for warning in found.warnings)


def test_figures_outside_the_contracts_life_do_not_count() -> None:
    record = history([BAD] * 40, first=date(2026, 6, 25))
    found = watch(terms(KPI, RUN), record)
    assert found.first == date(2026, 7, 1)
    assert any("之前的数据不计" in warning for warning in found.warnings)
    with pytest.raises(ShopDataError, match="没有数据"):
        watch(terms(KPI, RUN), history([BAD], first=date(2026, 1, 1)))


def test_a_step_says_which_reading_it_rests_on() -> None:
    found = watch(
        terms(KPI, RUN), history([GOOD] * 9 + [BAD] * 3 + [GOOD], first=date(2026, 11, 1))
    )
    assert found.events[0].rests_on == ("promotions",)
    (notice,) = [d for d in drafts_of(found, load_laws()) if d.kind == "termination"]
    assert "按“大促日剔除”的读法，这一步尚未触发" in notice.text


@pytest.fixture(scope="module")
def eventful() -> Monitoring:
    found = terms(
        STEPS,
        COUNTED + RUN_CURED.removeprefix("违约责任："),
        "双方每月10日召开复盘会，乙方每周一提交周报。期满前30日可协商续约。",
    )
    return watch(found, history([35] * 62), notices=(_day(5),))


def test_the_notices_carry_facts_clause_and_law(eventful: Monitoring) -> None:
    drafts = {d.kind: d for d in drafts_of(eventful, load_laws())}
    assert set(drafts) == {"rectification", "deduction", "termination"}
    termination = drafts["termination"].text
    assert "平均响应时间35秒（要求≤30秒），见a.csv 第2行" in termination
    assert "连续3日不达标且经通知后7日内仍未改善" in termination
    assert "第五百六十五条" in termination
    assert "自本通知到达贵方时解除" in termination
    deduction = drafts["deduction"].text
    assert "当月服务费 30,000元 × 1% × 5级" in deduction
    assert "48小时内整改到位" in drafts["rectification"].text
    laws = load_laws()
    for draft in drafts.values():
        assert draft.citations
        assert all(laws.holds(citation, eventful.as_of) for citation in draft.citations)


def test_a_notice_opens_as_a_word_file(eventful: Monitoring) -> None:
    import docx

    draft = drafts_of(eventful, load_laws())[0]
    read = docx.Document(BytesIO(notice_document(draft)))
    assert [p.text for p in read.paragraphs] == [draft.title, *draft.lines]


def test_a_wrong_notice_template_is_refused_with_its_line(tmp_path) -> None:
    path = tmp_path / "notices.yaml"
    path.write_text("notices: {}\nreply_days: 0\ndraft: x\n", encoding="utf-8")
    with pytest.raises(CorpusInvalid, match=r"notices\.yaml:2: 字段 reply_days"):
        load_notices(path)


def test_the_page_escapes_and_names_every_clause(eventful: Monitoring) -> None:
    hostile = eventful.model_copy(update={"client": "<script>alert(1)</script>"})
    page = monitoring_page(
        hostile,
        drafts_of(hostile, load_laws()),
        history([35] * 62),
        load_catalogue(),
        load_calendar(),
    )
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert "<svg" in page
    for event in eventful.events:
        assert event.source.quote in page


def test_the_workbook_has_sums_as_numbers_and_rows_for_each(eventful: Monitoring) -> None:
    book = load_workbook(BytesIO(monitoring_workbook(eventful)))
    rows = list(book["扣减"].iter_rows(values_only=True))
    assert rows[1][0] == "2026-07"
    assert float(rows[1][2]) == 1500.0
    assert rows[1][4] == "a.csv 第2行、a.csv 第32行"
    assert len(list(book["未达标日"].iter_rows())) == 62 + 1


def test_the_calendar_holds_the_dates(eventful: Monitoring) -> None:
    calendar = ICalendar.from_ical(calendar_file(eventful))
    events = {str(e["summary"]): e for e in calendar.walk("vevent")}
    assert events["合同到期"].decoded("dtstart") == date(2027, 6, 30)
    assert events["复盘会"]["rrule"]["FREQ"] == ["MONTHLY"]
    assert events["复盘会"].decoded("dtstart") == date(2026, 9, 10)
    weekly = events["外包商提交周报"]
    assert weekly.decoded("dtstart").isoweekday() == 1
    renewal = next(e for name, e in events.items() if name.startswith("到期前30日"))
    assert renewal.decoded("dtstart") == date(2027, 5, 31)
    assert calendar_file(eventful) == calendar_file(eventful)


def test_dates_keep_month_ends_and_working_days() -> None:
    assert months_after(date(2027, 1, 31), 1) == date(2027, 2, 28)
    assert next_day_of_month(date(2027, 2, 1), 31) == date(2027, 2, 28)
    assert days_before(date(2026, 11, 23), "1个工作日") == date(2026, 11, 20)
    assert days_before(date(2027, 3, 31), "1个月") == date(2027, 2, 28)


def test_a_report_can_be_for_a_month_or_a_quarter(eventful: Monitoring) -> None:
    assert period_of("2026Q3") == (date(2026, 7, 1), date(2026, 9, 30))
    august = restricted(eventful, *period_of("2026-08"))
    assert {s.month for s in august.statements} == {date(2026, 8, 1)}
    assert all(e.on.month == 8 for e in august.events)
    with pytest.raises(UsageError, match="--period"):
        period_of("2026-13")


VALUES = st.lists(st.one_of(st.none(), st.integers(10, 60)), min_size=1, max_size=70)
ALL = terms(STEPS, COUNTED + RUN_CURED.removeprefix("违约责任："))


@settings(max_examples=60, deadline=None)
@given(VALUES.filter(lambda v: v[0] is not None), st.integers(0, 90), st.integers(10, 30))
def test_adding_a_good_day_never_sets_off_a_step(
    values: list[float | None], at: int, good: int
) -> None:
    as_of = _day(92)
    notices = (_day(4),)
    before = watch(ALL, history(values), as_of=as_of, notices=notices)
    longer: list[float | None] = [*values, *[None] * (91 - len(values))]
    if longer[at] is not None:
        return
    longer[at] = good
    after = watch(ALL, history(longer), as_of=as_of, notices=notices)
    fired = {e.step for e in before.events if not e.pending}
    assert {e.step for e in after.events if not e.pending} <= fired
    owed = {s.month: s.total or 0 for s in before.statements}
    for statement in after.statements:
        if statement.month in owed:
            assert (statement.total or 0) <= owed[statement.month]
        else:
            assert statement.total == 0


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(10, 60), min_size=1, max_size=70), st.integers(1, 69))
def test_splitting_the_record_and_merging_it_changes_nothing(values: list[int], cut: int) -> None:
    whole = history(values)
    parts = [whole.between(whole.first, _day(cut - 1)), whole.between(_day(cut), whole.last)]
    entries = tuple(entry for part in parts for entry in part.entries)
    merged = type(whole)("", "day", entries, ("a.csv",))
    assert watch(ALL, merged) == watch(ALL, whole)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(10, 60), min_size=31, max_size=62))
def test_every_sum_is_the_formula_of_its_rows(values: list[int]) -> None:
    found = watch(ALL, history(values))
    for statement in found.statements:
        month = [
            Decimal(v) for n, v in enumerate(values) if _day(n).replace(day=1) == statement.month
        ]
        over = sum(month) / len(month) - 30
        expected = min(300 * max(0, int(over // 1)), 1500)
        ladder = sum(
            (
                line.amount or Decimal(0)
                for line in statement.lines
                if line.what.startswith("扣减（")
            ),
            Decimal(0),
        )
        assert statement.total == expected + ladder
