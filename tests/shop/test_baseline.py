"""The shop's level: figures worked out independently of the code under test."""

import statistics
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from reviewer.errors import ShopDataError
from reviewer.shop.baseline import Baseline, baseline_of, months_back, period_words
from reviewer.shop.catalogue import load_calendar, load_catalogue, load_ratios
from reviewer.shop.chart import baseline_chart
from reviewer.shop.history import History
from tests.shop.exports import csv_file, days, read, year


def _baseline(history: History, months: int | None = None) -> Baseline:
    return baseline_of(history, load_catalogue(), load_calendar(), load_ratios(), months=months)


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> History:
    rows = [[str(d), f"{a}秒", f"{s:.2%}", str(n)] for d, a, s, n in year(11)]
    path = tmp_path_factory.mktemp("year") / "a.csv"
    return read(csv_file(path, [["日期", "均响", "转化率", "接待量"], *rows])).only()


def _ordinary(first: date, last: date) -> list[tuple[date, float, float, int]]:
    """Return the days of the year that are in no promotion, by dates written out here."""
    promotions = [
        (date(2025, 10, 31), date(2025, 11, 3)),
        (date(2025, 11, 9), date(2025, 11, 12)),
        (date(2025, 12, 10), date(2025, 12, 12)),
        (date(2026, 1, 20), date(2026, 2, 9)),
        (date(2026, 6, 1), date(2026, 6, 3)),
        (date(2026, 6, 15), date(2026, 6, 20)),
        (date(2026, 10, 31), date(2026, 10, 31)),
    ]
    return [
        row
        for row in year(11)
        if first <= row[0] <= last and not any(a <= row[0] <= b for a, b in promotions)
    ]


def test_mean_median_and_quartiles_are_those_of_the_ordinary_days(history: History) -> None:
    level = _baseline(history, months=0).level("average_response")
    values = [row[1] for row in _ordinary(date(2025, 11, 1), date(2026, 10, 31))]
    lower, middle, upper = statistics.quantiles(values, n=4, method="inclusive")
    assert level is not None
    assert level.days == len(values)
    assert float(level.mean) == pytest.approx(statistics.fmean(values))
    assert float(level.quartiles.median) == pytest.approx(middle)
    assert float(level.quartiles.lower) == pytest.approx(lower)
    assert float(level.quartiles.upper) == pytest.approx(upper)


def test_the_weighted_mean_weights_by_sessions(history: History) -> None:
    level = _baseline(history, months=0).level("average_response")
    rows = _ordinary(date(2025, 11, 1), date(2026, 10, 31))
    expected = sum(row[1] * row[3] for row in rows) / sum(row[3] for row in rows)
    assert level is not None
    assert level.weighted_mean is not None
    assert float(level.weighted_mean) == pytest.approx(expected)


def test_the_baseline_is_the_last_six_months_and_targets_the_last_three(history: History) -> None:
    baseline = _baseline(history)
    level = baseline.level("conversion")
    recent = [row[2] for row in _ordinary(date(2026, 8, 1), date(2026, 10, 31))]
    assert (baseline.first, baseline.last) == (date(2026, 5, 1), date(2026, 10, 31))
    assert level is not None
    assert float(level.recent_mean) == pytest.approx(statistics.fmean(recent))


def test_promotion_days_are_counted_apart(history: History) -> None:
    assert _baseline(history).promotion_days == {"618": 9, "双11": 1}


def test_a_trend_is_named_by_what_is_better(tmp_path: Path) -> None:
    falling = [str(40 - n * 0.2) for n in range(60)]
    for head, cells, direction in (
        ("平均响应时间", falling, "better"),
        ("质检分", falling, "worse"),
        ("接待量", falling, "falling"),
        ("平均响应时间", ["28", "29"] * 30, "steady"),
    ):
        rows = days(*cells, first=date(2026, 7, 1), head=head)
        level = _baseline(read(csv_file(tmp_path / "a.csv", rows)).only()).levels[0]
        assert level.trend is not None
        assert level.trend.direction == direction


def test_an_outlier_is_named_with_its_row(tmp_path: Path) -> None:
    cells = ["28", "29", "27"] * 12
    cells[10] = "95"
    level = _baseline(read(csv_file(tmp_path / "a.csv", days(*cells))).only()).levels[0]
    assert [(o.day, o.value, o.row) for o in level.outliers] == [
        (date(2026, 7, 11), Decimal(95), "a.csv 第12行")
    ]


def test_an_even_record_has_no_outliers(history: History) -> None:
    assert all(not level.outliers for level in _baseline(history).levels)


@pytest.mark.parametrize(("count", "fine"), [(29, False), (30, True)])
def test_a_baseline_needs_thirty_days(tmp_path: Path, count: int, fine: bool) -> None:
    history = read(csv_file(tmp_path / "a.csv", days(*["28"] * count))).only()
    if fine:
        assert _baseline(history).days == 30
    else:
        with pytest.raises(ShopDataError, match="只有 29 天数据，不足 30 天"):
            _baseline(history)


@pytest.mark.parametrize(
    ("last", "months", "first"),
    [
        (date(2026, 6, 30), 6, date(2026, 1, 1)),
        (date(2026, 2, 28), 3, date(2025, 12, 1)),
        (date(2028, 2, 29), 1, date(2028, 2, 1)),
        (date(2026, 6, 15), 6, date(2025, 12, 16)),
        (date(2026, 3, 30), 1, date(2026, 3, 1)),
    ],
)
def test_months_are_counted_back_by_the_calendar(last: date, months: int, first: date) -> None:
    assert months_back(last, months) == first


def test_a_period_is_worded_as_contracts_do() -> None:
    assert period_words(date(2026, 1, 1), date(2026, 6, 30)) == "2026年1—6月"
    assert period_words(date(2025, 11, 1), date(2026, 1, 31)) == "2025年11月—2026年1月"
    assert period_words(date(2026, 1, 2), date(2026, 6, 30)) == "2026年1月2日—2026年6月30日"


def test_the_chart_is_svg_with_every_metric_and_the_same_each_time(history: History) -> None:
    baseline = _baseline(history)
    first, second = (
        baseline_chart(history, baseline, load_catalogue(), load_calendar()) for _ in range(2)
    )
    assert first.startswith("<svg")
    assert all(level.title in first for level in baseline.levels)
    assert first == second
