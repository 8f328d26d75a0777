"""Many contracts at once."""

import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import openpyxl
import pytest

from reviewer.batch import Row, Unit, units
from reviewer.batch.ledger import NAME, Ledger
from reviewer.batch.pool import outcomes
from reviewer.batch.summary import by_vendor, summary_files, worst_first
from reviewer.batch.worker import Order
from reviewer.errors import UsageError
from reviewer.playbook import Playbook
from reviewer.settings import Settings

CONTRACT = """客服服务合同
甲方：{client}
乙方：{vendor}
第一条 乙方为甲方网店提供在线客服服务。
第二条 服务费每月五千元，甲方应在每月十日前支付给乙方。
第三条 乙方应当对甲方的客户信息保密。
"""


def contract(folder: Path, name: str, vendor: str = "合肥快答信息技术有限公司") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    text = CONTRACT.format(client="杭州云裳服饰有限公司", vendor=vendor)
    path.write_text(text + f"第四条 编号 {name}。\n", encoding="utf-8")
    return path


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "reviewer", "review", *map(str, arguments)]


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command(*arguments), capture_output=True, text=True, timeout=300)


def test_a_folder_gives_a_unit_a_file_and_names_that_do_not_collide(tmp_path: Path) -> None:
    for name in ("a.docx", "a.pdf", "x/a.docx", "b.doc", "~$b.doc", ".hidden.txt", "notes.exe"):
        contract(tmp_path, name)
    found = units([tmp_path])
    assert [unit.name for unit in found] == ["a_docx", "a_pdf", "b", "x/a"]


def test_pictures_of_one_name_and_a_number_are_the_pages_of_one_contract(tmp_path: Path) -> None:
    for name in ("扫描2.jpg", "扫描10.jpg", "扫描1.jpg", "另一份.png", "y/扫描1.jpg"):
        contract(tmp_path, name)
    pages = {unit.name: [path.name for path in unit.paths] for unit in units([tmp_path])}
    assert pages == {
        "另一份": ["另一份.png"],
        "扫描1": ["扫描1.jpg", "扫描2.jpg", "扫描10.jpg"],
        "y/扫描1": ["扫描1.jpg"],
    }


def test_pictures_named_one_by_one_are_one_contract_in_the_order_given(tmp_path: Path) -> None:
    given = [contract(tmp_path, name) for name in ("b.png", "c.txt", "a.tif")]
    assert units(given) == [Unit((given[0], given[2]), "b"), Unit((given[1],), "c")]


def test_results_are_not_taken_for_contracts_when_they_lie_in_the_folder(tmp_path: Path) -> None:
    contract(tmp_path, "a.txt")
    contract(tmp_path, "out/a.html")
    assert [unit.name for unit in units([tmp_path], tmp_path / "out")] == ["a"]


def test_a_folder_without_contracts_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="没有合同文件"):
        units([tmp_path])


def test_a_broken_file_never_stops_the_rest_and_all_are_summed_up(tmp_path: Path) -> None:
    folder, out = tmp_path / "in", tmp_path / "out"
    for number in range(4):
        contract(folder, f"{number}.txt", vendor=f"外包公司{number % 2}")
    (folder / "broken.docx").write_bytes(b"PK\x03\x04 nonsense")
    result = run(folder, "--out", out, "--jobs", 2, "--format", "json")
    assert result.returncode == 2, result.stderr
    assert sorted(path.name for path in out.iterdir()) == [
        *(f"{number}.review.json" for number in range(4)),
        "summary.html",
        "summary.xlsx",
    ]
    assert len(result.stdout.splitlines()) == 4
    assert "broken.docx" in result.stderr
    book = openpyxl.load_workbook(out / "summary.xlsx")
    contracts, vendors, unread = book.worksheets
    assert contracts.max_row == 5
    assert {row[0].value for row in list(vendors.rows)[1:]} == {"外包公司0", "外包公司1"}
    assert "broken.docx" in str(unread["A2"].value)
    assert "broken.docx" in (out / "summary.html").read_text(encoding="utf-8")


def test_json_comes_one_object_a_contract(tmp_path: Path) -> None:
    for number in range(3):
        contract(tmp_path, f"{number}.txt")
    result = run(tmp_path, "--jobs", 2, "--json")
    found = sorted(json.loads(line)["contract"]["file"] for line in result.stdout.splitlines())
    assert found == ["0.txt", "1.txt", "2.txt"]


def test_an_interrupted_run_goes_on_where_it_was(tmp_path: Path) -> None:
    folder, out = tmp_path / "in", tmp_path / "out"
    for number in range(30):
        contract(folder, f"{number:02}.txt")
    arguments = command(folder, "--out", out, "--jobs", 1, "--format", "json")
    first = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    until = time.monotonic() + 120
    while len(list(out.glob("*.review.json"))) < 4 and time.monotonic() < until:
        time.sleep(0.02)
    first.send_signal(signal.SIGKILL)
    first.wait()
    done = {path: path.stat().st_mtime_ns for path in out.glob("*.review.json")}
    assert 4 <= len(done) < 30
    second = run(folder, "--out", out, "--jobs", 2, "--format", "json")
    assert second.returncode == 0, second.stderr
    assert len(list(out.glob("*.review.json"))) == 30
    kept = [path for path, time_ in done.items() if path.stat().st_mtime_ns == time_]
    assert len(kept) >= len(done) - 1
    assert "跳过已完成的" in second.stderr
    assert not (out / NAME).exists()
    assert openpyxl.load_workbook(out / "summary.xlsx").worksheets[0].max_row == 31


def _row(name: str, **how: object) -> Row:
    return Row(name=name, file=f"{name}.txt", **how)  # type: ignore[arg-type]


def test_a_contract_that_changed_or_lost_its_results_is_done_again(tmp_path: Path) -> None:
    kept, changed, lost = (Unit((contract(tmp_path, f"{n}.txt"),), n) for n in ("a", "b", "c"))
    result = tmp_path / "result"
    result.write_text("x")
    ledger = Ledger(tmp_path, "key")
    for unit in (kept, changed, lost):
        ledger.add(unit, _row(unit.name))
    ledger.close(finished=False)
    with (tmp_path / NAME).open("a") as file:
        file.write('{"sha256": "torn')
    changed.paths[0].write_text("anders", encoding="utf-8")
    again = Ledger(tmp_path, "key")
    assert again.row_of(kept, [result]) == _row("a")
    assert again.row_of(changed, [result]) is None
    assert again.row_of(lost, [tmp_path / "nothing"]) is None
    assert Ledger(tmp_path, "other settings").row_of(kept, [result]) is None


def test_a_contract_that_failed_is_tried_again(tmp_path: Path) -> None:
    unit = Unit((contract(tmp_path, "a.txt"),), "a")
    ledger = Ledger(tmp_path, "key")
    ledger.add(unit, _row("a", error="损坏"))
    ledger.close(finished=False)
    assert Ledger(tmp_path, "key").row_of(unit, []) is None


def test_a_worker_that_dies_costs_one_contract(tmp_path: Path, settings: Settings) -> None:
    todo = [Unit((contract(tmp_path, f"{n}.txt"),), str(n)) for n in range(3)]
    order = Order(settings)
    rows = []
    for number, outcome in enumerate(outcomes(todo, order, 1, 300)):
        rows.append(outcome.row)
        if number == 0:
            (worker,) = _children("reviewer.batch.worker")
            os.kill(worker, signal.SIGKILL)
    assert [row.error is None for row in rows] == [True, False, True]
    assert "异常退出" in (rows[1].error or "")


def test_a_contract_that_takes_too_long_is_given_up(tmp_path: Path, settings: Settings) -> None:
    todo = [Unit((contract(tmp_path, "a.txt"),), "a")]
    ((_, row, _),) = outcomes(todo, Order(settings), 1, longest_s=0.01)
    assert "没有审完" in (row.error or "")
    assert _children("reviewer.batch.worker") == []


def _children(module: str) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            parent = (entry / "stat").read_text().rsplit(")", 1)[1].split()[1]
            words = (entry / "cmdline").read_bytes().decode().split("\0")
        except OSError:
            continue
        if int(parent) == os.getpid() and module in words:
            found.append(int(entry.name))
    return found


ROWS = (
    _row("good", vendor="甲公司", score=90, ok=("data_security",)),
    _row(
        "bad",
        vendor="乙公司",
        score=20,
        missing=("data_security", "kpi_sla"),
        hit=("rf_auto_renewal",),
    ),
    _row("unscored", vendor="乙公司", missing=("data_security",), warnings=("=cmd|'/c calc'!A1",)),
    _row("broken", error="<script>损坏</script>"),
)


def test_the_worst_contract_comes_first_and_an_unscored_one_before_it() -> None:
    assert [row.name for row in worst_first(ROWS)] == ["unscored", "bad", "good"]


def test_a_vendor_is_told_by_what_its_contracts_lack() -> None:
    first, second = by_vendor(ROWS)
    assert (first.name, first.contracts, first.lacks) == ("乙公司", 2, 2)
    assert second.states == {"data_security": "ok"}


def test_a_summary_holds_no_formula_and_no_markup_of_a_contract(playbook: Playbook) -> None:
    files = summary_files(ROWS, playbook, "zh")
    assert "<script>" not in files["summary.html"].decode()
    book = openpyxl.load_workbook(io.BytesIO(files["summary.xlsx"]))
    cells = [cell for sheet in book for row in sheet.rows for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]


def test_a_summary_can_be_in_english(playbook: Playbook) -> None:
    page = summary_files(ROWS, playbook, "en")["summary.html"].decode()
    assert "What each vendor lacks" in page
    assert "Data security" in page
