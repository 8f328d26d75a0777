import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from reviewer.errors import ReviewerError
from reviewer.knowledge.verify import verify
from reviewer.resources import data_folder

TODAY = date(2026, 11, 23)


def test_every_citation_of_the_corpus_is_in_force() -> None:
    checked, problems = verify(TODAY)
    assert problems == []
    assert checked > 400


def test_law_that_is_not_yet_in_force_is_reported_with_its_date() -> None:
    _, problems = verify(date(2025, 12, 31))
    assert any("2026" in problem and "尚未生效" in problem for problem in problems)


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    return Path(shutil.copytree(data_folder("corpus"), tmp_path / "corpus"))


def _edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize(
    ("edit", "names"),
    [
        pytest.param(
            lambda c: _edit(c / "clauses/kpi.yaml", "kp_response", "kp_nothing"),
            ("clauses/kpi.yaml:", "kp_nothing"),
            id="unknown-element",
        ),
        pytest.param(
            lambda c: _edit(c / "playbooks/cs_outsourcing/kpi.yaml", "民法典#509", "民法典#9999"),
            ("cs_outsourcing/kpi.yaml:", "民法典#9999"),
            id="article-that-does-not-exist",
        ),
        pytest.param(
            lambda c: _edit(c / "playbooks/cs_outsourcing/kpi.yaml", "民法典#509", "合同法#60"),
            ("cs_outsourcing/kpi.yaml:", "已废止"),
            id="repealed-law",
        ),
    ],
)
def test_a_wrong_reference_is_named_with_file_and_line(
    corpus: Path, edit: Callable[[Path], None], names: tuple[str, ...]
) -> None:
    edit(corpus)
    _, problems = verify(TODAY, corpus)
    assert any(all(name in problem for name in names) for problem in problems), problems


@pytest.mark.parametrize(
    "edit",
    [
        pytest.param(
            lambda c: (c / "clauses/kpi.yaml").write_text("check: [", encoding="utf-8"),
            id="syntax-error",
        ),
        pytest.param(
            lambda c: shutil.copy(c / "laws/advertising.yaml", c / "laws/again.yaml"),
            id="duplicate-article",
        ),
        pytest.param(
            lambda c: _edit(
                c / "playbooks/cs_outsourcing/kpi.yaml", "severity: high", "severity: huge"
            ),
            id="value-that-the-schema-does-not-know",
        ),
    ],
)
def test_a_file_that_cannot_be_used_is_named_with_its_line(
    corpus: Path, edit: Callable[[Path], None]
) -> None:
    edit(corpus)
    with pytest.raises(ReviewerError, match=r"\.yaml:\d+"):
        verify(TODAY, corpus)
