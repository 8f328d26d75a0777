"""The commands as a user runs them: results on standard output, one line on standard error."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY
from tests.shop.exports import csv_file, days

EXAMPLES = REPOSITORY / "examples"
EXPORT, VENDOR = EXAMPLES / "shop_export.csv", EXAMPLES / "vendor_draft.docx"


def _run(*words: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "reviewer", *map(str, words)],
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
        cwd=REPOSITORY,
    )


def test_baseline_prints_one_object_a_shop_and_nothing_else() -> None:
    done = _run("baseline", EXPORT, "--as-of", "2026-11-23", "--json")
    made = json.loads(done.stdout)
    assert (done.returncode, done.stderr) == (0, "")
    assert made["days"] == 184
    assert {c["header"] for c in made["columns"] if c["role"] == "unknown"} == {"值班主管"}
    level = next(entry for entry in made["levels"] if entry["metric"] == "average_response")
    assert set(level["quartiles"]) == {"least", "lower", "median", "upper", "greatest"}


def test_a_mapping_is_saved_and_used_again(tmp_path: Path) -> None:
    data = csv_file(tmp_path / "a.csv", days(*["28"] * 31, head="响应时间"))
    saved = tmp_path / "map.yaml"
    first = _run("baseline", data, "--map", "响应时间=平均响应时间", "--save-mapping", saved)
    again = _run("baseline", data, "--mapping", saved, "--json")
    assert first.returncode == 0
    assert json.loads(again.stdout)["levels"][0]["metric"] == "average_response"


def test_terms_are_yaml_on_standard_output_or_json() -> None:
    text = _run("terms", VENDOR)
    made = json.loads(_run("terms", VENDOR, "--json").stdout)
    assert text.stdout.startswith("# 合同条款")
    assert made["confirmed"] is False
    assert made["duration"]["start"] == "2026-12-01"


def test_money_and_whatif_print_json() -> None:
    money = json.loads(_run("money", VENDOR, "--monthly-fee", "34800", "--json").stdout)
    replay = json.loads(_run("whatif", VENDOR, EXPORT, "--as-of", "2026-11-23", "--json").stdout)
    assert money["months"] == 12
    assert replay["steps"] == []
    assert any("没有可以识别的阶梯" in note for note in replay["notes"])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("baseline", "nowhere.csv"), "无法读取 nowhere.csv"),
        (("baseline", EXPORT, "--as-of", "2026-01-01"), "晚于 2026-01-01"),
        (("baseline", EXPORT, "--as-of", "2026-11-23", "--shop", "别家"), "没有店铺“别家”"),
        (("baseline", EXPORT, "--as-of", "2026-11-23", "--min-days", "999"), "不足 999 天"),
        (("baseline", EXPORT, "--map", "首次响应(秒)"), "--map"),
        (("baseline", EXPORT, "--map", "首次响应(秒)=速度"), "没有指标“速度”"),
        (("review", VENDOR, "--baseline", EXPORT, "--conversion-ratio", "many"), "不是比例"),
        (("monitor", VENDOR, EXPORT), "不是 UTF-8 编码"),
        (("monitor", "corpus/shop/ratios.yaml", EXPORT), "字段"),
        (("money", VENDOR, "--monthly-fee", "a lot"), "金额 a lot 看不懂"),
        (("whatif", "nowhere.docx", EXPORT), "nowhere.docx"),
    ],
    ids=lambda value: value if isinstance(value, str) else "-".join(map(str, value[:1])),
)
def test_what_is_wrong_is_one_line_and_exit_code_2(words: tuple[object, ...], said: str) -> None:
    done = _run(*words)
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.strip().splitlines()) == 1
    assert said in done.stderr


def test_nothing_is_written_when_something_is_wrong(tmp_path: Path) -> None:
    data = csv_file(tmp_path / "a.csv", days("28", "-3"))
    done = _run("baseline", data, "--out", tmp_path / "out")
    assert done.returncode == 2
    assert not (tmp_path / "out").exists()
