"""The fuzz target over the same files each time; `make fuzz` runs it for as long as one likes."""

from pathlib import Path

import pytest

from tests.hostile.fuzz import run

MOST = 3_000
"""Files of a run, the same ones in every run: two to three minutes of one quiet core."""
SECONDS = 600
FEWEST = 600
"""What a machine that is busy with other things reads in that time, at the least."""


@pytest.mark.timeout(900)
def test_mutated_files_give_a_contract_or_one_clear_error(tmp_path: Path) -> None:
    report = run(SECONDS, seed=8, keep=tmp_path, most=MOST)
    assert report.total >= FEWEST
    assert list(report.defects) == []
    assert report.counts[".docx", "contract"] > 0
    assert report.counts[".pdf", "contract"] > 0
