"""A reviewer made once, and a comparison of two files in a line."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reviewer.compare import compare, review_changes
from reviewer.comparison import Comparison
from reviewer.pipeline import Reviewer
from reviewer.settings import Settings

Compared = Callable[..., Comparison]


@pytest.fixture(scope="session")
def reviewer(tmp_path_factory: pytest.TempPathFactory) -> Reviewer:
    home = tmp_path_factory.mktemp("reviewer")
    return Reviewer.of(Settings(engine="rules", cache_dir=home, data_dir=home, _env_file=None))


@pytest.fixture
def compared(tmp_path: Path, reviewer: Reviewer) -> Compared:
    """Return what compares two files given as bytes."""

    def run(old: bytes, new: bytes, *, suffix: str = ".docx", **more: Any) -> Comparison:
        paths = tmp_path / "旧稿.docx", tmp_path / f"回稿{suffix}"
        for path, data in zip(paths, (old, new), strict=True):
            path.write_bytes(data)
        return compare(*paths, reviewer, **more)

    return run


@pytest.fixture
def changed(tmp_path: Path, reviewer: Reviewer) -> Callable[[bytes], Comparison]:
    """Return what reviews the pending changes of a file given as bytes."""

    def run(data: bytes) -> Comparison:
        path = tmp_path / "回稿.docx"
        path.write_bytes(data)
        return review_changes(path, reviewer)

    return run
