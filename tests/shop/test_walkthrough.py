"""docs/sla.md as a reader follows it: every command runs, every line shown appears."""

import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import docx
import pytest

from tests.conftest import REPOSITORY

PAGE = (REPOSITORY / "docs" / "sla.md").read_text(encoding="utf-8")
_BLOCK = re.compile(r"```(bash|text)\n(.*?)```", re.DOTALL)
_FRAME = re.compile(r"[\s│┃━─┏┓┗┛┡┩└┘┌┐├┤┼┬┴╇╈═]+")


class Step(NamedTuple):
    """Commands, and the lines that their output must have."""

    commands: tuple[str, ...]
    lines: tuple[str, ...]


def _steps() -> Iterator[Step]:
    blocks = [(kind, tuple(text.strip().splitlines())) for kind, text in _BLOCK.findall(PAGE)]
    for (kind, text), following in zip(blocks, [*blocks[1:], ("", ())], strict=True):
        if kind == "bash":
            yield Step(text, following[1] if following[0] == "text" else ())


def _bare(words: str) -> str:
    return _FRAME.sub("", words)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder in which every command of the page was run, the output checked."""
    made = tmp_path_factory.mktemp("walk")
    for name in ("vendor_draft.docx", "shop_export.csv", "shop_under_contract.csv"):
        shutil.copy(REPOSITORY / "examples" / name, made / name)
    for step in _steps():
        output = "".join(_run(command, made) for command in step.commands)
        for line in step.lines:
            assert _bare(line) in _bare(output), f"{step.commands}: {line}"
    return made


def _run(command: str, folder: Path) -> str:
    words = shlex.split(command)
    if words[0] == "reviewer":
        words = [sys.executable, "-m", "reviewer", *words[1:]]
    done = subprocess.run(
        words,
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(REPOSITORY), "HOME": str(folder)},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_every_command_of_the_page_runs_and_shows_what_the_page_shows(folder: Path) -> None:
    assert (folder / "signed.docx").exists()


def test_the_way_ends_with_notices_a_report_and_dates(folder: Path) -> None:
    names = {path.name for path in (folder / "out").iterdir()}
    assert {"terms.monitor.html", "terms.monitor.xlsx", "terms.ics"} <= names
    assert {"signed.whatif.html", "vendor_draft.money.html", "vendor_draft.money.xlsx"} <= names
    (termination,) = [n for n in names if n.startswith("解除合同通知书")]
    text = "\n".join(p.text for p in docx.Document(folder / "out" / termination).paragraphs)
    assert "连续3日不达标（2026-12-09 至 2026-12-19）" in text
    assert "第五百六十五条" in text


def test_the_signed_text_carries_the_annex_as_a_table(folder: Path) -> None:
    tables = docx.Document(folder / "signed.docx").tables
    assert [cell.text for cell in tables[-1].rows[0].cells][:4] == [
        "指标",
        "定义",
        "统计期间",
        "基线值",
    ]


def test_the_page_quotes_the_wording_that_is_suggested(folder: Path) -> None:
    text = "\n".join(p.text for p in docx.Document(folder / "signed.docx").paragraphs)
    said = re.search(r"The suggestion reads: (.*?)\.\n", PAGE, re.DOTALL)
    assert said
    for part in said[1].split("… "):
        assert part in text


def test_the_example_exports_are_what_their_script_makes(tmp_path: Path) -> None:
    script = (REPOSITORY / "examples" / "make_shop_data.py").read_text(encoding="utf-8")
    (tmp_path / "make_shop_data.py").write_text(script, encoding="utf-8")
    subprocess.run([sys.executable, str(tmp_path / "make_shop_data.py")], check=True, timeout=60)
    for name in ("shop_export.csv", "shop_under_contract.csv"):
        made = (tmp_path / name).read_bytes()
        assert made == (REPOSITORY / "examples" / name).read_bytes()
