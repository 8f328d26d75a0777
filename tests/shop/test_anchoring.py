"""A review anchored on the shop's record: comparisons, wording, annex."""

import re
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import docx
import pytest

from reviewer.anchoring.anchored import ANNEX, Anchor
from reviewer.contract import Contract
from reviewer.finding import Finding
from reviewer.ingest import contract_from_text, load_contract
from reviewer.knowledge.clauses import load_clauses
from reviewer.knowledge.playbooks import load_playbook
from reviewer.redline import redline
from reviewer.redline.edits import apply, edits_of
from reviewer.review import Review
from reviewer.shop.baseline import baseline_of
from reviewer.shop.catalogue import load_calendar, load_catalogue, load_ratios
from tests.conftest import REPOSITORY
from tests.factories import contract, review
from tests.office import Job, texts
from tests.shop.exports import csv_file, read

EXPORT = REPOSITORY / "examples" / "shop_export.csv"


def _anchor(path: Path, months: int | None = None) -> Anchor:
    history = read(path).only()
    catalogue, ratios = load_catalogue(), load_ratios()
    level = baseline_of(history, catalogue, load_calendar(), ratios, months=months)
    return Anchor(history, level, catalogue, ratios)


@pytest.fixture(scope="module")
def example() -> Anchor:
    return _anchor(EXPORT)


@pytest.fixture
def plain(tmp_path: Path) -> Anchor:
    """A shop at 28 秒 and 21.3 % on every day, but for ten days at 20 秒."""
    rows = [["日期", "平均响应时间", "询单转化率"]]
    for n in range(60):
        day = date(2026, 7, 1) + timedelta(days=n)
        rows.append([str(day), "20秒" if n < 10 else "29.6秒", "21.3%"])
    return _anchor(csv_file(tmp_path / "a.csv", rows))


def _anchored(anchor: Anchor, subject: Contract | str) -> Review:
    return anchor.review(review(subject), load_playbook(), load_clauses())


def _finding(result: Review, check: str) -> Finding:
    return next(f for f in result.findings if f.check == check)


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        pytest.param("平均响应时间不高于40秒。", "laxer", id="laxer-than-today"),
        pytest.param("平均响应时间不高于28秒。", "same", id="as-today"),
        pytest.param("平均响应时间不高于25秒。", "stretch", id="met-on-some-days"),
        pytest.param("平均响应时间不高于15秒。", "unreachable", id="met-on-no-day"),
        pytest.param("客户满意度不低于95%。", "not_recorded", id="not-in-the-data"),
        pytest.param("首次响应时间不超过15秒。", "measured_differently", id="first-for-average"),
        pytest.param("询单转化率不低于近三个月均值的115%。", "unreachable", id="ratio-of-own-mean"),
        pytest.param("询单转化率不低于近三个月均值的100%。", "same", id="own-mean"),
        pytest.param("大促期间平均响应时间不高于60秒。", "not_recorded", id="no-promotion-days"),
    ],
)
def test_a_target_is_classed_by_the_shops_record(plain: Anchor, text: str, verdict: str) -> None:
    assert [c.verdict for c in plain.compare(contract(text))] == [verdict]


def test_the_days_on_which_a_target_was_met_are_counted(plain: Anchor) -> None:
    (made,) = plain.compare(contract("平均响应时间不高于25秒。"))
    assert (made.days, made.days_met, made.level) == (60, 10, Decimal(28))
    assert "60天中10天做到" in made.words


def test_a_target_exactly_at_the_level_is_met_by_it(plain: Anchor) -> None:
    (made,) = plain.compare(contract("询单转化率不低于21.3%。"))
    assert made.days_met == 60


def test_an_ambiguous_target_is_compared_in_the_reading_that_the_data_has(plain: Anchor) -> None:
    made = plain.compare(contract("客服应在三十秒内回复买家咨询。"))
    assert [(c.metric, c.verdict) for c in made] == [("average_response", "laxer")]


def test_a_stated_level_that_is_not_the_shops_is_told(plain: Anchor) -> None:
    text = "双方以店铺2026年1至6月后台数据为基线：平均响应时间45秒，任一月不得低于基线的95%。"
    assert "基准45秒与店铺" in _finding(_anchored(plain, text), "sla_anchor").reason


def test_a_lax_target_makes_its_element_partial_and_the_number_is_replaced(plain: Anchor) -> None:
    text = (
        "服务质量考核\n平均响应时间不高于四十秒，满意度不低于95%。以千牛后台数据为准，按自然月统计。"
        "响应时间每超过1秒扣减当月服务费的1%。"
    )
    before = _finding(review(text), "kpi")
    result = _anchored(plain, text)
    finding = _finding(result, "kpi")
    assert (before.status, finding.status) == ("ok", "weak")
    assert finding.suggestion is not None
    assert (finding.suggestion.original, finding.suggestion.text) == ("四十秒", "28秒")
    assert result.summary.weak == review(text).summary.weak + 1


def test_the_suggested_wording_carries_the_shops_numbers(example: Anchor) -> None:
    result = _anchored(example, load_contract(REPOSITORY / "examples" / "vendor_draft.docx"))
    suggestion = _finding(result, "kpi").suggestion
    assert suggestion is not None
    average, base, target = _recomputed()
    assert (
        f"平均响应时间不高于{-(-average // 1):.0f}秒（2026年5—10月店铺后台日数据均值{average:.1f}秒）"
        in suggestion.text
    )
    assert f"询单转化率不低于近3个月均值{base:.1f}%的115%，即{target:.1f}%" in suggestion.text


def _recomputed() -> tuple[float, float, float]:
    """Return mean response, recent conversion and its target from the export's own text."""
    promotions = [("06-01", "06-03"), ("06-15", "06-20"), ("10-31", "10-31")]
    seen, average, conversion = set(), [], []
    for line in EXPORT.read_bytes().decode("gb18030").splitlines()[2:]:
        cells = re.sub(r'"(\d+),(\d+)"', r"\1\2", line).split(",")
        day = cells[0].replace("/", "-")
        if not "2026-05-01" <= day <= "2026-10-31" or day in seen:
            continue
        seen.add(day)
        if any(first <= day[5:] <= last for first, last in promotions):
            continue
        average.append(float(cells[2].rstrip("秒")))
        if day >= "2026-08-01":
            conversion.append(float(cells[3].rstrip("%")))
    base = round(sum(conversion) / len(conversion), 1)
    return sum(average) / len(average), base, round(base * 1.15 + 1e-9, 1)


def test_a_conversion_target_comes_with_the_compliance_floor(example: Anchor) -> None:
    result = _anchored(example, "乙方应及时回复买家咨询，让客户满意。")
    for check in ("kpi", ANNEX):
        suggestion = _finding(result, check).suggestion
        assert suggestion is not None
        assert "转化率" in suggestion.text
        assert "虚假承诺" in suggestion.text
        assert "一票否决" in suggestion.text


def test_the_ratios_can_be_set(plain: Anchor) -> None:
    ratios = plain.ratios.model_copy(
        update={"conversion_ratio": Decimal("1.05"), "floor_ratio": Decimal("0.9")}
    )
    anchor = Anchor(plain.history, plain.baseline, plain.catalogue, ratios)
    result = _anchored(anchor, "乙方应及时回复买家咨询。")
    kpi, anchor_ = _finding(result, "kpi").suggestion, _finding(result, "sla_anchor").suggestion
    assert kpi is not None
    assert anchor_ is not None
    assert "21.3%的105%，即22.4%" in kpi.text
    assert "不得低于基线的90%" in anchor_.text


def test_the_annex_has_a_full_row_for_every_metric_of_the_record(plain: Anchor) -> None:
    suggestion = _finding(_anchored(plain, "乙方应及时回复。"), ANNEX).suggestion
    assert suggestion is not None
    rows = [line.split(" | ") for line in suggestion.text.split("\n") if " | " in line]
    assert [len(row) for row in rows] == [9, 9, 9]
    assert rows[1][0] == "平均响应时间"
    assert rows[1][2:6] == ["2026年7月1日—2026年8月29日", "28秒", "≤28秒", "≤29.4秒"]
    assert rows[2][4] == "≥24.5%（21.3%×115%）"


def test_a_metric_the_shop_lacks_keeps_the_standard_wording(tmp_path: Path) -> None:
    rows = [["日期", "客户满意度"]]
    rows += [[str(date(2026, 7, 1) + timedelta(days=n)), "95.5%"] for n in range(40)]
    result = _anchored(_anchor(csv_file(tmp_path / "a.csv", rows)), "乙方应及时回复买家咨询。")
    suggestion = _finding(result, "kpi").suggestion
    assert suggestion is not None
    assert "首次响应时间不超过15秒" in suggestion.text
    assert "满意度不低于95.5%" in suggestion.text


@pytest.mark.parametrize(
    "name",
    [
        "d01_taobao_vendor.pdf",
        "d05_informal_onepage.txt",
        "t10_definitions_heavy.txt",
        "d28_multi_shop.docx",
    ],
)
def test_the_accepted_suggestions_satisfy_both_checks(example: Anchor, name: str) -> None:
    read_ = load_contract(REPOSITORY / "eval" / "contracts" / name)
    result = _anchored(example, read_)
    chosen = [f for f in result.findings if f.check in ("kpi", "sla_anchor", ANNEX)]
    text = apply(read_.text, edits_of(read_, chosen, {}).edits)
    again = {f.check: f.status for f in review(contract_from_text(text)).findings}
    assert (again["kpi"], again["sla_anchor"]) == ("ok", "ok")


def test_the_redline_with_its_annex_opens_in_libreoffice(example: Anchor, tmp_path: Path) -> None:
    path = REPOSITORY / "examples" / "vendor_draft.docx"
    result = _anchored(example, load_contract(path))
    made = redline(result, path.read_bytes(), accept=["kpi", "sla_anchor", ANNEX])
    accepted, rejected, original = texts(
        [Job(made.data, "accept"), Job(made.data, "reject"), Job(path.read_bytes(), "open")],
        tmp_path,
    )
    assert not made.refused
    assert rejected.rstrip("\n") == original.rstrip("\n")
    average, base, target = _recomputed()
    clean = redline(result, path.read_bytes(), accept=["kpi", "sla_anchor", ANNEX], clean=True)
    table = docx.Document(BytesIO(clean.data)).tables[-1]
    assert [cell.text for cell in table.rows[0].cells][:4] == ["指标", "定义", "统计期间", "基线值"]
    assert table.rows[2].cells[3].text == f"{average:.1f}秒"
    for words in (f"{average:.1f}秒", f"{base:.1f}%", f"≥{target:.1f}%", "月度红线", "数据基准"):
        assert words in accepted
