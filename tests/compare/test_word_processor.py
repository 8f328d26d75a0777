"""An answer that another program saved: its words are the same, so nothing was changed silently."""

import shutil
import subprocess
from pathlib import Path

from reviewer.compare import compare
from reviewer.pipeline import Reviewer, redline_file
from reviewer.redline.resolve import accept_all
from tests.compare.test_answer import EXAMPLE


def saved(paths: list[Path], suffix: str, folder: Path) -> None:
    program = shutil.which("soffice")
    assert program, "LibreOffice is missing: run tests/system/install.sh"
    profile = f"-env:UserInstallation=file://{folder}/profile"
    command = [program, "--headless", profile, "--convert-to", suffix, "--outdir", str(folder)]
    subprocess.run([*command, *map(str, paths)], check=True, capture_output=True, timeout=240)


def test_what_libreoffice_saved_or_printed_holds_no_silent_edit(
    tmp_path: Path, reviewer: Reviewer
) -> None:
    review = reviewer.review(EXAMPLE)
    sent, answer = tmp_path / "sent.docx", tmp_path / "answer.docx"
    sent.write_bytes(redline_file(review, EXAMPLE).data)
    answer.write_bytes(accept_all(sent.read_bytes()))
    out = tmp_path / "out"
    out.mkdir()
    saved([sent, answer], "docx", out)
    saved([answer], "pdf", out)
    for name, outcome in (("answer.docx", "taken"), ("answer.pdf", "taken"), ("sent.docx", "open")):
        result = compare(sent, out / name, reviewer, review=review)
        assert {change.outcome for change in result.asked} == {outcome}, name
        assert not result.silent, name
