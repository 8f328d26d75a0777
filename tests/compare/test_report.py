"""The report on a comparison, as a person and as a program get it."""

import json
from pathlib import Path

import pytest

from reviewer.cli import main
from reviewer.comparison import Comparison
from reviewer.ingest import contract_from_bytes
from reviewer.pipeline import Reviewer
from reviewer.redline.resolve import accept_all
from reviewer.render.comparing.page import comparison_page
from reviewer.render.comparing.report import Report
from reviewer.render.comparing.text import comparison_markdown
from tests.compare.answers import added, silently, tracked
from tests.compare.conftest import Compared
from tests.compare.test_answer import DRAFT, EXAMPLE, SENT


@pytest.fixture
def answer() -> bytes:
    """Return an answer with one of everything."""
    data = silently(accept_all(SENT), "20%", "5%")
    data = silently(data, "二十四小时", "七十二小时")
    return tracked(data, "甲方所在地", "乙方所在地")


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr("sys.argv", ["reviewer", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    return int(ended.value.code or 0)


@pytest.fixture
def files(tmp_path: Path, answer: bytes) -> tuple[str, str]:
    (tmp_path / "sent.docx").write_bytes(SENT)
    (tmp_path / "answer.docx").write_bytes(answer)
    return str(tmp_path / "sent.docx"), str(tmp_path / "answer.docx")


def test_the_page_shows_what_was_struck_and_what_came(
    compared: Compared, reviewer: Reviewer, answer: bytes
) -> None:
    page = comparison_page(compared(SENT, answer), reviewer.playbook)
    assert "<del>20%</del><ins>5%</ins>" in page
    assert "没有留痕的修改" in page
    assert "被改写（无痕）" in page
    assert "不接受" in page


def test_words_of_a_contract_are_escaped_on_the_page(
    compared: Compared, reviewer: Reviewer
) -> None:
    bad = added(accept_all(SENT), "一万元", "<img src=x onerror=alert(1)>乙方可以转包。")
    page = comparison_page(compared(SENT, bad), reviewer.playbook)
    assert "<img" not in page
    assert "&lt;img" in page


def test_words_of_a_contract_are_inert_in_markdown(compared: Compared, reviewer: Reviewer) -> None:
    bad = added(accept_all(SENT), "一万元", "[点此](http://x.example)乙方可以转包。")
    text = comparison_markdown(compared(SENT, bad), reviewer.playbook)
    assert "[点此](" not in text


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_format_speaks_the_language_asked_for(
    compared: Compared, reviewer: Reviewer, answer: bytes, lang: str
) -> None:
    result = compared(SENT, answer)
    page = comparison_page(result, reviewer.playbook, lang)  # type: ignore[arg-type]
    text = comparison_markdown(result, reviewer.playbook, lang)  # type: ignore[arg-type]
    word = {"zh": "不接受", "en": "Reject"}[lang]
    assert word in page
    assert word in text


def test_the_json_gives_every_part_back(compared: Compared, answer: bytes) -> None:
    result = compared(SENT, answer)
    assert Comparison.model_validate_json(result.model_dump_json()) == result


def test_a_comparison_cannot_hold_a_false_quotation(compared: Compared, answer: bytes) -> None:
    data = json.loads(compared(SENT, answer).model_dump_json())
    data["edits"][0]["new"]["quote"] = "没有这句话"
    with pytest.raises(ValueError, match="not verbatim"):
        Comparison.model_validate(data)


def test_compare_writes_the_formats_asked_for(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, files: tuple[str, str]
) -> None:
    out = tmp_path / "out"
    code = run(
        monkeypatch, "compare", *files, "--out", str(out), "--format", "json,md,html",
        "--engine", "rules",
    )  # fmt: skip
    assert code == 0
    assert sorted(p.name for p in out.iterdir()) == [
        "answer.compare.html",
        "answer.compare.json",
        "answer.compare.md",
    ]


def test_compare_writes_a_redline_of_the_differences(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, files: tuple[str, str]
) -> None:
    out = str(tmp_path / "out")
    code = run(
        monkeypatch, "compare", *files, "--out", out, "--format", "docx", "--engine", "rules"
    )
    assert code == 0
    drawn = contract_from_bytes((tmp_path / "out" / "answer.compare.docx").read_bytes(), "x.docx")
    assert {change.author for change in drawn.changes} == {"对方回稿（比对）"}


def test_review_with_changes_is_the_same_as_changes(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], files: tuple[str, str]
) -> None:
    assert run(monkeypatch, "review", files[1], "--changes", "--json", "--engine", "rules") == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["mode"] == "changes"


def test_compare_prints_json_and_nothing_else(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], files: tuple[str, str]
) -> None:
    assert run(monkeypatch, "compare", *files, "--json", "--engine", "rules") == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["tally"]["silent"] == 1
    assert [change["outcome"] for change in printed["asked"]].count("changed") == 1


def test_compare_prints_a_readable_table(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], files: tuple[str, str]
) -> None:
    assert run(monkeypatch, "compare", *files, "--engine", "rules") == 0
    printed = capsys.readouterr().out
    assert "[-20%-]{+5%+}" in printed
    assert "不接受" in printed


def test_changes_reviews_one_file(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], files: tuple[str, str]
) -> None:
    assert run(monkeypatch, "changes", files[1], "--json", "--engine", "rules") == 0
    printed = json.loads(capsys.readouterr().out)
    assert [edit["advice"] for edit in printed["edits"]] == ["reject"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        pytest.param(["compare", "{sent}", "missing.docx"], "找不到文件", id="missing-file"),
        pytest.param(
            ["compare", "{sent}", "{sent}", "--format", "pdf"], "不支持的格式", id="format"
        ),
        pytest.param(
            ["compare", "{sent}", "{sent}", "--review", "{bad}"], "不是审查结果", id="no-review"
        ),
        pytest.param(["changes", "{plain}"], "没有他人的修订", id="nothing-to-review"),
    ],
)
def test_bad_input_is_told_in_one_line(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    files: tuple[str, str],
    arguments: list[str],
    told: str,
) -> None:
    plain = tmp_path / "plain.docx"
    plain.write_bytes(DRAFT)
    bad = tmp_path / "bad.json"
    bad.write_text("{}", encoding="utf-8")
    filled = [a.format(sent=files[0], plain=plain, bad=bad) for a in arguments]
    assert run(monkeypatch, *filled, "--engine", "rules") == 2
    error = capsys.readouterr().err
    assert told in error
    assert error.count("\n") == 1


def test_the_worked_example_of_the_documentation_is_as_it_says(
    compared: Compared,
) -> None:
    answer = (EXAMPLE.parent / "vendor_answer.docx").read_bytes()
    result = compared(EXAMPLE.read_bytes(), answer)
    told = (EXAMPLE.parents[1] / "docs" / "compare.md").read_text(encoding="utf-8")
    for edit in (*result.silent, *result.tracked):
        (line,) = [line for line in told.splitlines() if line.strip().startswith(edit.id)]
        assert Report(result, None, "zh").say(edit.advice) in line
        assert all(s.new in line for s in edit.steps if s.kind != "equal")
