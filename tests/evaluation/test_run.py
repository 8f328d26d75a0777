"""The harness on a small data set, and the rules engine against its baseline on the whole one."""

import json
import shutil
from pathlib import Path

import pytest

from reviewer.errors import DatasetError
from reviewer.evaluation import run as run_module
from reviewer.evaluation.run import evaluate
from reviewer.settings import Settings
from tests.conftest import REPOSITORY

EVAL = REPOSITORY / "eval"


@pytest.fixture
def small(tmp_path: Path) -> Path:
    folder = tmp_path / "small"
    for part in ("contracts", "labels"):
        (folder / part).mkdir(parents=True)
    for path in sorted((EVAL / "labels").glob("d0*.json"))[:3]:
        shutil.copy(path, folder / "labels")
        name = json.loads(path.read_text(encoding="utf-8"))["contract"]
        shutil.copy(EVAL / "contracts" / name, folder / "contracts")
    return folder


def test_a_run_writes_figures_and_an_error_analysis(
    small: Path, settings: Settings, tmp_path: Path
) -> None:
    report, good = evaluate(small, settings, out=tmp_path / "out")
    assert good
    assert report.data["contracts"] == 3
    assert report.data["metrics"]["citation_validity"]["value"] == 1.0
    assert set(report.data["baselines"]) >= {"majority", "keyword"}
    page = (tmp_path / "out" / "rules.html").read_text(encoding="utf-8")
    assert "混淆矩阵" in page
    assert "http" not in page.replace("http-equiv", "").replace("http://www.w3.org", "")


def test_a_run_is_written_as_a_log_of_inspect(
    small: Path, settings: Settings, tmp_path: Path
) -> None:
    report, _ = evaluate(
        small, settings, inspect=tmp_path / "run.json", baselines=False, loop=False
    )
    log = json.loads((tmp_path / "run.json").read_bytes())
    assert log["version"] == 2
    assert len(log["samples"]) == report.data["checks"]
    right = sum(sample["scores"]["status"]["value"] == "C" for sample in log["samples"])
    accuracy = log["results"]["scores"][0]["metrics"]["accuracy"]["value"]
    assert right / len(log["samples"]) == pytest.approx(accuracy, abs=0.001)


def test_an_interrupted_run_resumes(
    small: Path, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    evaluate(small, settings, out=out, baselines=False)
    kept = list((out / ".partial").iterdir())
    assert len(kept) == 3
    kept[0].unlink()
    asked: list[str] = []
    evaluate(
        small, settings, out=out, baselines=False,
        on_progress=lambda done, total, name: asked.append(name),
    )  # fmt: skip
    assert len(asked) == 1


def test_a_contract_that_crashes_the_engine_counts_as_wrong_and_is_listed(
    small: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    victim = next(iter((small / "contracts").iterdir()))
    victim.write_bytes(b"")
    report, _ = evaluate(small, settings, baselines=False)
    assert list(report.data["crashes"]) == [victim.stem]
    assert report.data["metrics"]["accuracy"]["value"] < 0.75
    assert run_module.WORKERS == 2


def test_a_baseline_that_is_no_result_is_an_error(
    small: Path, settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / "x.json").write_text("[]")
    with pytest.raises(DatasetError):
        evaluate(small, settings, against=tmp_path / "x.json")


def test_the_rules_engine_does_not_fall_below_its_baseline(settings: Settings) -> None:
    report, good = evaluate(EVAL, settings, split="test", against=EVAL / "baseline.json")
    assert good, report.text
    ours = report.data["metrics"]
    for rival in report.data["baselines"].values():
        assert ours["accuracy"]["low"] > rival["accuracy"]
        assert ours["flagged_f1"]["low"] > rival["flagged_f1"]
        assert ours["element_macro_f1"]["low"] > rival["element_macro_f1"]
