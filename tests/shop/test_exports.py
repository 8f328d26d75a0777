"""Exports of shop figures: every way of writing gives the same record; nothing is guessed."""

import contextlib
import io
import json
import time
import zipfile
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from reviewer.errors import ShopDataError
from reviewer.sandbox import Bounds
from reviewer.shop.files import read_sheets
from reviewer.shop.job import packed, unpacked
from reviewer.shop.sheet import Cell, Sheet
from tests.shop.exports import clock, csv_file, days, read, xlsx_file, year


def _values(data, metric: str) -> list[Decimal]:
    return [value for _, value in data.only().series(metric)]


@pytest.mark.parametrize(
    "cell",
    [
        pytest.param("28秒", id="seconds-in-words"),
        pytest.param("28", id="bare"),
        pytest.param("00:00:28", id="clock"),
        pytest.param("0:28", id="minutes-and-seconds"),
        pytest.param("28s", id="latin-unit"),
        pytest.param("２８秒", id="full-width"),
        pytest.param("0.00分28秒", id="minutes-and-seconds-in-words"),
        pytest.param('="28"', id="kept-from-excel"),
    ],
)
def test_a_duration_is_read_however_it_is_written(tmp_path: Path, cell: str) -> None:
    path = csv_file(tmp_path / "a.csv", days(cell))
    assert _values(read(path), "average_response") == [28]


@pytest.mark.parametrize(
    "cell",
    [
        pytest.param("21.3%", id="percent"),
        pytest.param("0.213", id="fraction"),
        pytest.param("21.3", id="points"),
        pytest.param("２１．３％", id="full-width"),
        pytest.param("213‰", id="per-mille"),
    ],
)
def test_a_share_is_read_however_it_is_written(tmp_path: Path, cell: str) -> None:
    path = csv_file(tmp_path / "a.csv", days(cell, head="询单转化率"))
    assert _values(read(path), "conversion") == [Decimal("0.213")]


@pytest.mark.parametrize(
    "cell",
    [
        "2026-07-01",
        "2026/7/1",
        "20260701",
        "2026年7月1日",
        "2026.07.01",
        "2026-07-01 00:00:00",
        "2026-07-01(周三)",
        "46204",
    ],
)
def test_a_date_is_read_however_it_is_written(tmp_path: Path, cell: str) -> None:
    path = csv_file(tmp_path / "a.csv", [["日期", "均响"], [cell, "28"]])
    assert read(path).only().first == date(2026, 7, 1)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le"])
def test_every_usual_encoding_is_read(tmp_path: Path, encoding: str) -> None:
    path = csv_file(tmp_path / "a.csv", days("28秒", "29秒"), encoding)
    assert _values(read(path), "average_response") == [28, 29]


def test_a_workbook_gives_what_the_csv_gives(tmp_path: Path) -> None:
    rows: list[list[object]] = [["统计日期", "均响", "转化率"]]
    rows += [[day, clock(28), 0.213] for day in (date(2026, 7, 1), date(2026, 7, 2))]
    path = xlsx_file(tmp_path / "a.xlsx", rows, {"C": "0.00%"})
    data = read(path)
    assert _values(data, "average_response") == [28, 28]
    assert _values(data, "conversion") == [Decimal("0.213")] * 2


def test_header_variants_lead_to_the_same_metric(tmp_path: Path) -> None:
    for number, head in enumerate(
        ("首响", "首次响应时间(秒)", "平均首次响应时长（S）", "人工首响")
    ):
        path = csv_file(tmp_path / f"{number}.csv", days("12", head=head))
        assert _values(read(path), "first_response") == [12]


def test_the_unit_in_the_header_counts(tmp_path: Path) -> None:
    path = csv_file(tmp_path / "a.csv", days("0.5", head="平均响应时间(分钟)"))
    assert _values(read(path), "average_response") == [30]


def test_titles_totals_and_remarks_are_no_days(tmp_path: Path) -> None:
    rows = [["云裳女装旗舰店日报"], *days("28", "30"), ["合计", "29"], ["注：数据来自后台"], []]
    data = read(csv_file(tmp_path / "a.csv", rows))
    assert _values(data, "average_response") == [28, 30]
    assert any("跳过" in note for note in data.only().notes)


def test_a_header_of_two_rows_is_joined(tmp_path: Path) -> None:
    rows = [["日期", "响应", ""], ["", "首响", "均响"], ["2026-07-01", "12", "28"]]
    data = read(csv_file(tmp_path / "a.csv", rows))
    assert _values(data, "first_response") == [12]
    assert _values(data, "average_response") == [28]


def test_repeated_rows_count_once_and_are_named(tmp_path: Path) -> None:
    rows = days("28", "30")
    data = read(csv_file(tmp_path / "a.csv", [*rows, rows[1]]))
    assert _values(data, "average_response") == [28, 30]
    assert any("重复" in note for note in data.only().notes)


def test_a_missing_cell_and_a_missing_day_stay_missing(tmp_path: Path) -> None:
    rows = days("28", "--", "30")
    del rows[3]
    rows.append(["2026-07-05", "31"])
    history = read(csv_file(tmp_path / "a.csv", rows)).only()
    assert [value for _, value in history.series("average_response")] == [28, 31]
    assert history.missing_days() == (date(2026, 7, 3), date(2026, 7, 4))


def test_unknown_columns_are_listed_and_not_used(tmp_path: Path) -> None:
    data = read(
        csv_file(tmp_path / "a.csv", [["日期", "均响", "心情指数"], ["2026-07-01", "28", "9"]])
    )
    assert data.mapped[0].unknown == ("心情指数",)


def test_a_column_can_be_named_by_the_user(tmp_path: Path) -> None:
    path = csv_file(tmp_path / "a.csv", days("0.5", head="响应"))
    data = read(path, given=["响应=average_response:分钟"])
    assert _values(data, "average_response") == [30]


def test_monthly_rows_make_a_monthly_record(tmp_path: Path) -> None:
    rows = [["月份", "均响"], ["2026-01", "28"], ["2026年2月", "27"]]
    history = read(csv_file(tmp_path / "a.csv", rows)).only()
    assert (history.grain, history.days) == ("month", 59)


def test_monthly_subtotals_among_days_are_left_out(tmp_path: Path) -> None:
    rows = [*days("28", "30"), ["2026-07", "29"]]
    history = read(csv_file(tmp_path / "a.csv", rows)).only()
    assert (history.grain, len(history.entries)) == ("day", 2)


def test_rows_of_agents_add_up_weighted_by_sessions(tmp_path: Path) -> None:
    rows = [
        ["日期", "客服昵称", "均响", "接待量"],
        ["2026-07-01", "小云", "20", "100"],
        ["2026-07-01", "小裳", "40", "300"],
    ]
    entry = read(csv_file(tmp_path / "a.csv", rows)).only().entries[0]
    assert entry.values == {"average_response": 35, "sessions": 400}


def test_several_shops_stay_apart(tmp_path: Path) -> None:
    rows = [["日期", "店铺", "均响"], ["2026-07-01", "甲店", "20"], ["2026-07-01", "乙店", "40"]]
    data = read(csv_file(tmp_path / "a.csv", rows))
    assert {h.shop: h.entries[0].values["average_response"] for h in data.histories} == {
        "甲店": 20,
        "乙店": 40,
    }
    with pytest.raises(ShopDataError, match="--shop"):
        data.only()


def test_a_year_split_by_months_and_merged_is_the_same_record(tmp_path: Path) -> None:
    rows = [[str(day), f"{average}秒", f"{share:.2%}"] for day, average, share, _ in year(7)]
    head = ["日期", "均响", "转化率"]
    whole = read(csv_file(tmp_path / "whole.csv", [head, *rows])).only()
    months = sorted({row[0][:7] for row in rows})
    parts = [
        csv_file(tmp_path / f"{m}.csv", [head, *(row for row in rows if row[0].startswith(m))])
        for m in months
    ]
    merged = read(*parts).only()
    assert [(e.first, e.values) for e in merged.entries] == [
        (e.first, e.values) for e in whole.entries
    ]


@given(st.lists(st.integers(1, 9999), min_size=1, max_size=40))
def test_percent_and_fraction_agree(shares: list[int]) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        exact = [Decimal(share) / 10000 for share in shares]
        records = []
        for name, cells in (
            ("a", [f"{share * 100}%" for share in exact]),
            ("b", [str(share) for share in exact]),
        ):
            path = csv_file(Path(folder) / f"{name}.csv", days(*cells, head="转化率"))
            records.append(_values(read(path), "conversion"))
        assert records[0] == records[1] == exact


def _refused(path: Path, **options: object) -> str:
    with pytest.raises(ShopDataError) as caught:
        read(path, **options)  # type: ignore[arg-type]
    message = str(caught.value)
    assert "\n" not in message
    return message


def test_a_damaged_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("日期,均响\n".encode("gb18030") + b"2026-07-01,\xff\xff\xff\n")
    assert "编码无法识别" in _refused(path)


def test_mixed_encodings_are_refused_with_the_line(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("日期,均响\n".encode("gb18030") + "2026-07-01,28秒钟左右\n".encode())
    assert "混用了两种编码（第 2 行" in _refused(path)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        pytest.param([["店铺", "均响"], ["甲", "28"]], "找不到日期列", id="no-date-column"),
        pytest.param(
            days("28", head="响应时间"), "可能是首次响应时间或平均响应时间", id="ambiguous"
        ),
        pytest.param(
            [["日期", "均响", "平均响应时间"], ["2026-07-01", "28", "29"]],
            "都像是平均响应时间",
            id="two-columns-for-one-metric",
        ),
        pytest.param(days("-3"), "第2行 B 列（平均响应时间）：“-3”不合理", id="negative"),
        pytest.param(days("99999"), "不合理", id="absurd"),
        pytest.param(days("130%", head="满意度"), "不合理", id="more-than-all"),
        pytest.param(days("快"), "“快”不是数字", id="no-number"),
        pytest.param(days("21%"), "不是平均响应时间的单位", id="percent-of-a-duration"),
        pytest.param([["日期", "均响"], ["2027-07-01", "28"]], "晚于 2026-11-23", id="future"),
        pytest.param([["日期", "均响"], ["2026-02-30", "28"]], "不存在", id="no-such-day"),
        pytest.param([["日期", "均响"], ["7月1日", "28"]], "没有年份", id="no-year"),
        pytest.param([["日期", "均响"], ["某日", "28"]], "“某日”看不懂", id="no-date"),
        pytest.param([["日期", "心情"], ["2026-07-01", "9"]], "没有认识的指标列", id="no-metric"),
        pytest.param([["日期", "均响"]], "没有数据行", id="heads-only"),
        pytest.param(
            [["日期", "转化率"], ["2026-07-01", "0.22"], ["2026-07-02", "21.3"]],
            "单位不一致",
            id="fraction-and-points",
        ),
        pytest.param(
            [["日期", "均响"], ["2026-07-01", "28"], ["2026-07-01", "31"]],
            "是同一天（2026-07-01），而数值不同",
            id="rows-that-disagree",
        ),
    ],
)
def test_bad_data_is_one_clear_line(tmp_path: Path, rows: list[list[str]], said: str) -> None:
    assert said in _refused(csv_file(tmp_path / "a.csv", rows))


def test_overlapping_files_that_disagree_are_refused(tmp_path: Path) -> None:
    first = csv_file(tmp_path / "a.csv", days("28", "29"))
    second = csv_file(tmp_path / "b.csv", days("28", "30"))
    with pytest.raises(ShopDataError, match=r"a\.csv 第3行与b\.csv 第3行"):
        read(first, second)


def test_overlapping_files_that_agree_are_merged(tmp_path: Path) -> None:
    first = csv_file(tmp_path / "a.csv", days("28", "29"))
    second = csv_file(tmp_path / "b.csv", days("28", "29", "30"))
    assert _values(read(first, second), "average_response") == [28, 29, 30]


def test_an_empty_file_and_an_empty_sheet_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"")
    assert "空文件" in _refused(path)
    assert "空表" in _refused(xlsx_file(tmp_path / "b.xlsx", []))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "旧版 .xls"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "网页格式"),
        (b"PK\x03\x04broken", "不是有效的 .xlsx"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "不是表格文件"),
    ],
)
def test_other_kinds_of_file_are_refused(tmp_path: Path, data: bytes, said: str) -> None:
    path = tmp_path / "a.xls"
    path.write_bytes(data)
    message = _refused(path)
    assert said in message or "编码无法识别" in message


def test_bad_cells_can_be_dropped_and_are_then_named(tmp_path: Path) -> None:
    data = read(csv_file(tmp_path / "a.csv", days("28", "-3", "30")), drop_bad=True)
    assert _values(data, "average_response") == [28, 30]
    assert any("-3" in note for note in data.only().notes)


@given(st.integers(0, 3), st.binary(max_size=300))
def test_no_file_ever_gives_another_error(kind: int, data: bytes) -> None:
    import tempfile

    head = (b"", "日期,均响\n".encode(), b"PK\x03\x04", "日期,均响\n2026-07-01,".encode("gb18030"))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.csv"
        path.write_bytes(head[kind] + data)
        with contextlib.suppress(ShopDataError):
            read(path)


def test_a_day_is_never_moved_by_a_time_zone(tmp_path: Path) -> None:
    rows = [["日期", "均响"], ["2026-07-01 23:59:59", "28"], ["2026-07-02 00:00:01", "29"]]
    history = read(csv_file(tmp_path / "a.csv", rows)).only()
    assert history.last - history.first == timedelta(days=1)


def _packed(files: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return made.getvalue()


def _bombs() -> dict[str, bytes]:
    """Return workbooks that mean harm."""
    sheet = b"<worksheet xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'>"
    laughs = b"<!DOCTYPE x [<!ENTITY a 'haha'>" + b"".join(
        b"<!ENTITY %c '%s'>" % (98 + n, b"&%c;" % (97 + n) * 20) for n in range(12)
    )
    with zipfile.ZipFile(io.BytesIO(_book())) as archive:
        good = {name: archive.read(name) for name in archive.namelist()}
    first = "xl/worksheets/sheet1.xml"
    return {
        "blank": _packed({**good, first: sheet + b" " * (100 << 20)}),
        "laughs": _packed({**good, first: laughs + b"]>" + sheet + b"&m;</worksheet>"}),
        "wide": _packed(
            {**good, first: good[first].replace(b'r="A1"', b'r="XFD1"').replace(b"A1:", b"A1:XFD9")}
        ),
        "no-sheet": _packed({name: data for name, data in good.items() if name != first}),
        "cut-off": _packed(good)[:-200],
    }


def _book() -> bytes:
    book = Workbook()
    assert book.active is not None
    book.active.append(["日期", "首次响应时间"])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("name", ["blank", "laughs", "wide", "no-sheet", "cut-off"])
def test_a_workbook_that_means_harm_gives_one_line(tmp_path: Path, name: str) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(_bombs()[name])
    with pytest.raises(ShopDataError) as caught:
        read(path)
    assert "a.xlsx" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert ".py:" not in str(caught.value), "a defect, not an error"


def test_reading_an_export_is_bounded_in_time_and_memory(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("日期,首响\n" + "2026-01-01,9秒\n" * 200_000, encoding="utf-8")
    with pytest.raises(ShopDataError, match="读取超时"):
        read_sheets(path, Bounds(cpu_s=1, wall_s=0.01))
    with pytest.raises(ShopDataError, match="内存超过上限"):
        read_sheets(path, Bounds(memory_mb=100))


@given(
    st.lists(
        st.lists(
            st.none()
            | st.text(st.characters(exclude_categories=["Cs"]))
            | st.decimals(allow_nan=False, allow_infinity=False)
            | st.dates()
            | st.datetimes()
            | st.timedeltas(),
            max_size=4,
        ),
        max_size=4,
    )
)
def test_a_sheet_comes_out_of_the_process_apart_as_it_was(rows: list[list[Cell]]) -> None:
    sheet = Sheet("a.xlsx", "一月", rows, frozenset({(0, 1)}))
    assert unpacked(json.dumps([packed(sheet)]).encode(), "a.xlsx") == [sheet]


@pytest.mark.parametrize("cell", ["(" * 100_000, "9" * 100_000, "1:" * 50_000, " " * 100_000])
@pytest.mark.parametrize("row", ["日期,均响,{}", "{},28秒,备注", "2026-01-05,{},备注"])
def test_a_cell_of_any_length_takes_no_time(tmp_path: Path, row: str, cell: str) -> None:
    lines = ["日期,均响,备注", *(f"2026-01-{n:02},28秒," for n in range(1, 5))]
    lines[0 if "日期" in row else 3] = row.format(cell)
    path = tmp_path / "a.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    begun = time.process_time()
    with contextlib.suppress(ShopDataError):
        read(path)
    assert time.process_time() - begun < 2
