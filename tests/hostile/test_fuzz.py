"""The fuzz target for three minutes, as `make fuzz` runs it for as long as one likes."""

from pathlib import Path

import pytest

from tests.hostile.fuzz import run

SECONDS = 180


@pytest.mark.timeout(900)
def test_mutated_files_give_a_contract_or_one_clear_error(tmp_path: Path) -> None:
    report = run(SECONDS, seed=8, keep=tmp_path)
    assert report.total > 500
    assert list(report.defects) == []
    assert report.counts[".docx", "contract"] > 0
    assert report.counts[".pdf", "contract"] > 0
