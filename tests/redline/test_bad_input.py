"""Files that are damaged, protected or signed, and command lines that make no sense."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

from reviewer.errors import StaleReview, Unreadable, UsageError
from reviewer.redline import redline
from reviewer.redline.resolve import accept_all
from tests.conftest import REPOSITORY
from tests.redline import judge
from tests.redline.asking import asked, inserted, marked, read, replaced, reviewed
from tests.redline.corpus import HEAD, TAIL, cases, changed, p, package, part

EXAMPLES = REPOSITORY / "examples"
PLAIN = package(HEAD + p("第一条 甲方付款。") + p("第二条 附则。") + TAIL)
COMMENTED = package(
    HEAD + p("第一条 甲方付款。") + TAIL, comments="<w:comments xmlns:w='x'><w:comment"
)


def run(*arguments: object, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the command line."""
    return subprocess.run(
        [sys.executable, "-m", "reviewer", *map(str, arguments)],
        capture_output=True,
        text=True,
        cwd=folder,
        timeout=120,
        env={"PYTHONPATH": str(REPOSITORY), "PATH": "", "HOME": str(folder), "PYTHONUTF8": "1"},
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a contract and its review."""
    where = tmp_path_factory.mktemp("redline")
    (where / "a.docx").write_bytes(PLAIN)
    contract = read(PLAIN)
    review = reviewed(
        contract.model_copy(update={"sha256": hashlib.sha256(PLAIN).hexdigest()}),
        replaced(contract, "甲方付款", "乙方开票后甲方付款"),
        inserted(contract, "附则", "乙方不得转包。", 2),
    )
    (where / "review.json").write_text(review.model_dump_json(), encoding="utf-8")
    return where


def test_damaged_comments_are_needed_for_comments_and_refused() -> None:
    finding = replaced(read(COMMENTED), "甲方付款", "乙方付款")
    with pytest.raises(Unreadable, match=r"comments\.xml"):
        marked(COMMENTED, finding, comments="internal")


def test_damaged_comments_are_kept_where_none_are_written() -> None:
    made = marked(COMMENTED, replaced(read(COMMENTED), "甲方付款", "乙方付款"))
    assert judge.part(made.data, "word/comments.xml") == judge.part(COMMENTED, "word/comments.xml")


def test_a_review_of_another_text_is_refused() -> None:
    other = package(HEAD + p("第一条 完全不同。") + TAIL)
    with pytest.raises(StaleReview):
        redline(reviewed(read(PLAIN), replaced(read(PLAIN), "甲方付款", "乙方付款")), other)


def test_an_unknown_id_is_refused_and_the_known_ones_are_named() -> None:
    review = reviewed(read(PLAIN), replaced(read(PLAIN), "甲方付款", "乙方付款"))
    with pytest.raises(UsageError, match=r"f77.*f01"):
        redline(review, PLAIN, accept=["f77"])


@pytest.mark.parametrize(
    ("name", "said"),
    [
        pytest.param("signed", "数字签名", id="digital-signature"),
        pytest.param("protected", "文件受保护（只读）", id="document-protection"),
        pytest.param("protected", "只读方式打开", id="read-only-recommended"),
        pytest.param("tracking_on", "已开启修订跟踪", id="track-revisions"),
    ],
)
def test_what_the_file_itself_is_like_is_said(name: str, said: str) -> None:
    case = cases()[name]
    made = marked(case.data, asked(read(case.data), case.asks[0]))
    assert any(said in warning for warning in made.warnings)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        pytest.param('<w:documentProtection w:edit="forms" w:enforcement="0"/>', (), id="off"),
        pytest.param('<w:trackRevisions w:val="0"/>', (), id="tracking-off"),
        pytest.param('<w:zoom w:percent="100"/>', (), id="nothing"),
    ],
)
def test_settings_that_change_nothing_are_not_mentioned(
    settings: str, said: tuple[str, ...]
) -> None:
    data = package(HEAD + p("第一条 甲方付款。") + TAIL, settings=part("settings", settings))
    assert marked(data, replaced(read(data), "甲方付款", "乙方付款")).warnings == said


def test_a_document_marked_as_final_is_said() -> None:
    data = changed(PLAIN, {"docProps/custom.xml": b"<a>_MarkAsFinal</a>"})
    made = marked(data, replaced(read(data), "甲方付款", "乙方付款"))
    assert any("最终版本" in warning for warning in made.warnings)


def test_a_clean_copy_leaves_the_changes_of_others_and_says_so() -> None:
    case = cases()["their_insertion"]
    review = reviewed(read(case.data), asked(read(case.data), case.asks[2]))
    made = redline(review, case.data, clean=True)
    assert any("他人的" in warning for warning in made.warnings)
    assert "违约金不超过百分之三十" in read(accept_all(made.data)).text


def test_an_in_place_redline_keeps_a_backup_and_never_overwrites_one(folder: Path) -> None:
    path = folder / "place.docx"
    path.write_bytes(PLAIN)
    (folder / "place.docx.bak").write_bytes(b"earlier")
    result = run("redline", path, "--review", "review.json", "--in-place", folder=folder)
    assert result.returncode == 0, result.stderr
    assert path.read_bytes() != PLAIN
    assert (folder / "place.docx.bak").read_bytes() == b"earlier"
    assert (folder / "place.docx.bak2").read_bytes() == PLAIN


def test_edited_wording_in_the_review_file_is_what_is_written(folder: Path) -> None:
    data = json.loads((folder / "review.json").read_text(encoding="utf-8"))
    data["findings"][1]["suggestion"]["text"] = "乙方经甲方同意方可转包。"
    (folder / "edited.json").write_text(json.dumps(data), encoding="utf-8")
    arguments = ("redline", "a.docx", "--review", "edited.json", "--out", "edited.docx")
    result = run(*arguments, folder=folder)
    assert result.returncode == 0, result.stderr
    assert "方可转包" in read(accept_all((folder / "edited.docx").read_bytes())).text


def test_a_review_file_that_was_spoilt_says_where(folder: Path) -> None:
    data = json.loads((folder / "review.json").read_text(encoding="utf-8"))
    data["findings"][0]["suggestion"]["action"] = "paint"
    (folder / "spoilt.json").write_text(json.dumps(data), encoding="utf-8")
    result = run("redline", "a.docx", "--review", "spoilt.json", folder=folder)
    assert result.returncode == 2
    assert "findings.0.suggestion.action" in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1


def test_what_cannot_be_placed_any_more_is_listed(folder: Path) -> None:
    later = package(HEAD + p("第一条 买方付款。") + p("第二条 附则。") + TAIL)
    (folder / "later.docx").write_bytes(later)
    arguments = ("redline", "later.docx", "--review", "review.json", "--out", "later.out.docx")
    result = run(*arguments, folder=folder)
    assert result.returncode == 0, result.stderr
    assert "f01 未写成修订（原文已改动" in result.stderr
    assert "乙方不得转包" in read(accept_all((folder / "later.out.docx").read_bytes())).text


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(("--comments", "loud"), "--comments", id="comments"),
        pytest.param(("--format", "odt"), "--format", id="format"),
        pytest.param(("--format", "pdf"), "不是 PDF", id="no-pdf-original"),
        pytest.param(("--min-severity", "huge"), "--min-severity", id="severity"),
    ],
)
def test_an_option_that_makes_no_sense_gives_one_line(
    folder: Path, arguments: tuple[str, ...], said: str
) -> None:
    result = run("redline", "a.docx", "--review", "review.json", *arguments, folder=folder)
    assert result.returncode == 2
    assert said in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1


def test_a_letter_ranks_what_is_asked_and_keeps_the_fallback_out(folder: Path) -> None:
    arguments = ("redline", "a.docx", "--review", "review.json", "--letter", "--out", "l.docx")
    result = run(*arguments, folder=folder)
    assert result.returncode == 0, result.stderr
    assert "一、必改" in (folder / "l.letter.txt").read_text(encoding="utf-8")
