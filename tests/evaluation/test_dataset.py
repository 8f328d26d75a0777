import json
from pathlib import Path

import pytest

from reviewer.errors import DatasetError
from reviewer.evaluation.dataset import check_evidence, passages, read_dataset
from reviewer.ingest import load_contract
from reviewer.playbook import Playbook
from tests.conftest import REPOSITORY

TEXT = "客服外包合同\n甲方：云裳服饰有限公司\n乙方：快答信息有限公司\n第一条 乙方应及时回复买家。\n"


def dataset(folder: Path, labels: object, name: str = "a.txt") -> Path:
    (folder / "contracts").mkdir(exist_ok=True)
    (folder / "labels").mkdir(exist_ok=True)
    (folder / "contracts" / "a.txt").write_text(TEXT, encoding="utf-8")
    data = {"contract": name, "playbook": "cs_outsourcing", "labels": labels}
    path = folder / "labels" / "a.json"
    path.write_text(json.dumps(data, ensure_ascii=False, indent=1), encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("labels", "says"),
    [
        pytest.param({"nothing": {"status": "ok"}}, "nothing", id="unknown-check"),
        pytest.param({"kpi": {"status": "hit"}}, "hit", id="status-of-another-kind"),
        pytest.param(
            {"kpi": {"status": "weak", "elements": {"zz_no": "met"}}}, "zz_no", id="unknown-element"
        ),
        pytest.param(
            {"kpi": {"status": "ok", "elements": {"kp_response": "partial"}}},
            "weak",
            id="status-does-not-follow",
        ),
        pytest.param({"kpi": {"status": "perhaps"}}, "status", id="unknown-status"),
    ],
)
def test_a_wrong_label_is_named_with_file_and_line_and_the_rest_is_kept(
    tmp_path: Path, playbook: Playbook, labels: dict[str, object], says: str
) -> None:
    found = read_dataset(dataset(tmp_path, {**labels, "rf_blanks": {"status": "clear"}}), playbook)
    (problem,) = found.problems
    assert says in str(problem)
    assert "labels/a.json:" in str(problem)
    assert set(found.contracts[0].labels) == {"rf_blanks"}


def test_a_missing_contract_is_named(tmp_path: Path, playbook: Playbook) -> None:
    found = read_dataset(dataset(tmp_path, {}, "gone.docx"), playbook)
    assert "gone.docx" in str(found.problems[0])
    assert found.contracts == ()


def test_a_passage_that_is_not_in_the_contract_is_named(tmp_path: Path, playbook: Playbook) -> None:
    labels = {
        "kpi": {"status": "weak", "elements": {"kp_response": "partial"}, "evidence": ["没有的话"]}
    }
    found = read_dataset(dataset(tmp_path, labels), playbook)
    item = found.contracts[0]
    assert "没有的话" in str(next(iter(check_evidence(item, load_contract(item.path)))))


def test_a_passage_is_found_without_the_bars_of_a_table() -> None:
    (span,) = passages("首次响应 | ≤30秒", "指标\n首次响应 ≤30秒 每月\n")
    assert (span.start, span.end) == (3, 12)


def test_a_folder_without_labels_is_an_error(tmp_path: Path, playbook: Playbook) -> None:
    with pytest.raises(DatasetError):
        read_dataset(tmp_path, playbook)


def test_every_shipped_label_is_valid_and_verbatim(playbook: Playbook) -> None:
    found = read_dataset(REPOSITORY / "eval", playbook)
    assert found.problems == ()
    assert len(found.contracts) >= 48
    lost = [
        str(problem)
        for item in found.contracts
        for problem in check_evidence(item, load_contract(item.path))
    ]
    assert lost == []


def test_the_splits_name_every_contract_once(playbook: Playbook) -> None:
    folder = REPOSITORY / "eval"
    names = {item.name for item in read_dataset(folder, playbook).contracts}
    dev = {item.name for item in read_dataset(folder, playbook, "dev").contracts}
    test = {item.name for item in read_dataset(folder, playbook, "test").contracts}
    fresh = {item.name for item in read_dataset(folder, playbook, "fresh").contracts}
    assert dev | test | fresh == names
    assert len(dev) + len(test) + len(fresh) == len(names)
    assert (len(dev), len(test)) == (32, 16)


def test_the_contracts_come_in_every_format() -> None:
    suffixes = [path.suffix for path in (REPOSITORY / "eval" / "contracts").iterdir()]
    assert suffixes.count(".docx") >= 14
    assert suffixes.count(".pdf") >= 10
