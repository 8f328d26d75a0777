"""The commands as a user runs them: output, exit code, standard error."""

import io
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import jsonschema
import pypdf
import pytest

from tests.conftest import REPOSITORY
from tests.wordfiles import docx, paragraph

EXAMPLES = REPOSITORY / "examples"


def run(*arguments: object, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "reviewer", *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=cwd or REPOSITORY,
        env={**os.environ, "PYTHONUTF8": "1", "NO_COLOR": "1", "REVIEWER_ENGINE": "rules"},
        timeout=120,
    )


def one_line(result: subprocess.CompletedProcess[str]) -> str:
    assert result.returncode == 2, result.stderr
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    assert line.startswith("reviewer: ")
    assert "；" in line
    return line


@pytest.mark.parametrize(
    "name",
    [
        "vendor_draft.docx",
        "vendor_draft.pdf",
        "merchant_draft.docx",
        "roles_reversed.txt",
        "informal_blanks.txt",
    ],
)
def test_the_result_of_an_example_validates_and_quotes_verbatim(name: str) -> None:
    result = run("review", EXAMPLES / name, "--json")
    assert result.returncode == 0, result.stderr
    (line,) = result.stdout.splitlines()
    data = json.loads(line)
    schema = json.loads((REPOSITORY / "docs" / "review.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema).validate(data)
    text = data["contract"]["text"]
    passages = [e for f in data["findings"] for e in (*f["evidence"], *f["elements"])]
    assert all(text[p["start"] : p["end"]] == p["quote"] for p in passages if p["quote"])
    assert len([f for f in data["findings"] if f["kind"] != "observation"]) == 55


def test_several_files_give_one_object_a_line() -> None:
    result = run(
        "review", EXAMPLES / "roles_reversed.txt", EXAMPLES / "informal_blanks.txt", "--json"
    )
    files = [json.loads(line)["contract"]["file"] for line in result.stdout.splitlines()]
    assert [Path(f).name for f in files] == ["roles_reversed.txt", "informal_blanks.txt"]


def test_a_folder_is_reviewed_file_by_file_and_a_broken_one_does_not_stop_it(
    tmp_path: Path,
) -> None:
    (tmp_path / "a.txt").write_text(
        "客服合同\n甲方：甲\n乙方：乙\n第一条 服务。\n", encoding="utf-8"
    )
    (tmp_path / "b.docx").write_bytes(b"broken")
    result = run("review", tmp_path, "--json")
    assert result.returncode == 2
    assert len(result.stdout.splitlines()) == 1
    assert "b.docx" in result.stderr


def test_the_table_says_what_was_read_and_that_it_is_no_legal_advice() -> None:
    result = run("review", EXAMPLES / "vendor_draft.docx")
    assert "读取情况" in result.stdout
    assert "不构成法律意见" in result.stdout


def test_every_format_is_written_and_says_which_engine_made_it(tmp_path: Path) -> None:
    result = run(
        "review",
        EXAMPLES / "vendor_draft.docx",
        "--out",
        tmp_path,
        "--format",
        "json,md,html,docx,xlsx",
    )
    assert result.returncode == 0, result.stderr
    assert sorted(p.name for p in tmp_path.iterdir()) == [
        "vendor_draft.html",
        "vendor_draft.md",
        "vendor_draft.redline.docx",
        "vendor_draft.review.json",
        "vendor_draft.xlsx",
    ]
    for name in ("vendor_draft.md", "vendor_draft.html"):
        page = (tmp_path / name).read_text(encoding="utf-8")
        assert "rules" in page
        assert "不构成法律意见" in page


def test_the_report_can_be_in_english(tmp_path: Path) -> None:
    run(
        "review",
        EXAMPLES / "vendor_draft.docx",
        "--out",
        tmp_path,
        "--format",
        "md",
        "--lang",
        "en",
    )
    page = (tmp_path / "vendor_draft.md").read_text(encoding="utf-8")
    assert "no legal advice" in page
    assert "Data security" in page


def test_help_is_there_within_half_a_second() -> None:
    import time

    best = float("inf")
    for _ in range(3):
        begun = time.perf_counter()
        assert run("--help").returncode == 0
        best = min(best, time.perf_counter() - begun)
    assert best < 0.5


def test_side_overrides_who_is_the_merchant() -> None:
    result = run("review", EXAMPLES / "vendor_draft.docx", "--side", "vendor", "--json")
    first = json.loads(result.stdout)["contract"]["parties"][0]
    assert first["side"] == "vendor"


def _encrypted_pdf(path: Path) -> None:
    writer = pypdf.PdfWriter()
    writer.add_blank_page(200, 200)
    writer.encrypt("secret")
    writer.write(path)


def _blank_pdf(path: Path) -> None:
    writer = pypdf.PdfWriter()
    writer.add_blank_page(200, 200)
    writer.write(path)


def _zip_without_main_part(path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("hello.txt", "hello")
    path.write_bytes(buffer.getvalue())


WRONG_FILES = [
    pytest.param("a.docx", lambda p: p.write_bytes(b""), "空", id="empty"),
    pytest.param("a.docx", lambda p: p.write_bytes(b"text"), ".docx", id="docx-no-zip"),
    pytest.param("a.docx", _zip_without_main_part, ".docx", id="docx-without-main-part"),
    pytest.param(
        "a.docx",
        lambda p: p.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512)),
        "加密",
        id="encrypted-docx",
    ),
    pytest.param("a.pdf", _encrypted_pdf, "加密", id="encrypted-pdf"),
    pytest.param("a.pdf", _blank_pdf, "没有", id="pdf-without-text"),
    pytest.param("a.pdf", lambda p: p.write_bytes(b"%PDF-1.4 broken"), "PDF", id="broken-pdf"),
    pytest.param("a.doc", lambda p: p.write_bytes(b"x" * 10), "另存为", id="doc"),
    pytest.param("a.wps", lambda p: p.write_bytes(b"x" * 10), "另存为", id="wps"),
    pytest.param("a.exe", lambda p: p.write_bytes(b"MZ"), "支持", id="other"),
    pytest.param("a.txt", lambda p: p.write_text("  \n"), "没有", id="blank-text"),
]


@pytest.mark.parametrize(("name", "make", "says"), WRONG_FILES)
def test_a_file_that_cannot_be_read_gives_one_line(
    tmp_path: Path, name: str, make: object, says: str
) -> None:
    path = tmp_path / name
    make(path)  # type: ignore[operator]
    line = one_line(run("review", path, "--out", tmp_path / "out"))
    assert says in line
    assert name in line
    assert not (tmp_path / "out").exists()


def test_a_missing_file_gives_one_line(tmp_path: Path) -> None:
    assert "找不到" in one_line(run("review", tmp_path / "nothing.docx"))


def test_an_empty_folder_gives_one_line(tmp_path: Path) -> None:
    assert "没有合同文件" in one_line(run("review", tmp_path))


def test_a_file_above_the_limit_is_refused_without_reading_it(tmp_path: Path) -> None:
    big = tmp_path / "big.docx"
    with big.open("wb") as file:
        file.truncate(200 * 1024 * 1024)
    assert "MB" in one_line(run("review", big))


def test_an_output_folder_that_cannot_be_written_gives_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    result = run("review", EXAMPLES / "informal_blanks.txt", "--out", tmp_path / "file" / "x")
    assert result.returncode == 2
    assert "无法写入" in result.stderr.splitlines()[-1]


def test_an_unknown_id_in_accept_gives_one_line(tmp_path: Path) -> None:
    out = tmp_path / "x.docx"
    line = one_line(run("redline", EXAMPLES / "vendor_draft.docx", "--accept", "f99", "--out", out))
    assert "f99" in line
    assert not out.exists()


def test_an_unknown_option_gives_one_line() -> None:
    one_line(run("review", "x.docx", "--nonsense"))


def test_a_text_that_is_no_contract_warns_and_finds_everything_missing(tmp_path: Path) -> None:
    poem = tmp_path / "poem.txt"
    poem.write_text("床前明月光，疑是地上霜。\n举头望明月，低头思故乡。\n", encoding="utf-8")
    result = run("review", poem, "--json")
    assert result.returncode == 0
    data = json.loads(result.stdout)
    assert data["warnings"]
    protections = [f for f in data["findings"] if f["kind"] == "protection"]
    assert {f["status"] for f in protections} == {"missing"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_a_text_is_read_in_every_usual_encoding(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "合同.txt"
    text = (EXAMPLES / "roles_reversed.txt").read_text(encoding="utf-8")
    path.write_bytes(text.encode(encoding))
    data = json.loads(run("review", path, "--json").stdout)
    assert "客服" in data["contract"]["text"]


def test_a_redline_is_not_written_over_its_input(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    path.write_bytes((EXAMPLES / "vendor_draft.docx").read_bytes())
    assert "就是原文件" in one_line(run("redline", path, "--out", path))


def test_a_review_for_another_contract_is_refused(tmp_path: Path) -> None:
    run("review", EXAMPLES / "roles_reversed.txt", "--out", tmp_path, "--format", "json")
    review = tmp_path / "roles_reversed.review.json"
    line = one_line(run("redline", EXAMPLES / "vendor_draft.docx", "--review", review))
    assert "不同" in line


def test_a_saved_review_is_applied_later(tmp_path: Path) -> None:
    run("review", EXAMPLES / "vendor_draft.docx", "--out", tmp_path, "--format", "json")
    result = run(
        "redline",
        EXAMPLES / "vendor_draft.docx",
        "--review",
        tmp_path / "vendor_draft.review.json",
        "--accept",
        "f03",
        "--out",
        tmp_path / "out.docx",
    )
    assert result.returncode == 0, result.stderr
    assert (tmp_path / "out.docx").exists()


def test_a_key_never_shows(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    path.write_bytes(docx(paragraph("客服合同")))
    result = subprocess.run(
        [sys.executable, "-m", "reviewer", "review", str(path), "--json", "--engine", "rules"],
        capture_output=True,
        text=True,
        env={**os.environ, "OPENAI_API_KEY": "sk-very-secret", "PYTHONUTF8": "1"},
        timeout=60,
    )
    assert "sk-very-secret" not in result.stdout + result.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(("playbook", "list"), id="list"),
        pytest.param(("playbook", "show", "cs_outsourcing"), id="show"),
        pytest.param(("playbook", "validate", "corpus/playbooks/cs_outsourcing"), id="validate"),
        pytest.param(("index", "verify", "--as-of", "2026-11-23"), id="verify"),
    ],
)
def test_a_command_about_the_corpus_works(arguments: tuple[str, ...]) -> None:
    result = run(*arguments)
    assert result.returncode == 0, result.stderr
    assert result.stdout


def test_a_playbook_that_does_not_validate_exits_with_one(tmp_path: Path) -> None:
    import shutil

    book = Path(shutil.copytree(REPOSITORY / "corpus/playbooks/cs_outsourcing", tmp_path / "book"))
    kpi = book / "kpi.yaml"
    kpi.write_text(kpi.read_text(encoding="utf-8").replace("severity: high", "severity: huge", 1))
    result = run("playbook", "validate", book)
    assert result.returncode == 1
    assert "kpi.yaml:" in result.stdout
    assert "severity" in result.stdout


def test_a_search_prints_one_object_a_hit() -> None:
    result = run("index", "search", "违约金过高", "--kind", "law", "--limit", "3", "--json")
    hits = [json.loads(line) for line in result.stdout.splitlines()]
    assert [set(hit) >= {"kind", "id", "score", "text"} for hit in hits] == [True] * 3
    assert hits[0]["score"] >= hits[1]["score"]
