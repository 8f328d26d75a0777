"""The fuzz target over the same files each time; `make fuzz` runs it for as long as one likes."""

from pathlib import Path

import pytest

from tests.hostile.fuzz import run

SECONDS = 780
MOST = 3_000
"""The same number of files on a quick machine and a slow one: what is tested does not vary."""


@pytest.mark.timeout(900)
def test_mutated_files_give_a_contract_or_one_clear_error(tmp_path: Path) -> None:
    report = run(SECONDS, seed=8, keep=tmp_path, most=MOST)
    assert report.total == MOST
    assert list(report.defects) == []
    assert report.counts[".docx", "contract"] > 0
    assert report.counts[".pdf", "contract"] > 0
