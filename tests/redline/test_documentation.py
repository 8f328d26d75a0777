"""docs/redline.md promises nothing that no test holds, and leaves no case of the corpus out."""

import re

from tests.conftest import REPOSITORY
from tests.redline.corpus import cases

PAGE = (REPOSITORY / "docs" / "redline.md").read_text(encoding="utf-8")
TESTS = "\n".join(
    p.read_text(encoding="utf-8") for p in (REPOSITORY / "tests/redline").glob("*.py")
)


def _rows() -> list[str]:
    lines = PAGE[PAGE.index("| construct |") :].split("\n\n")[0].splitlines()[2:]
    return [line.strip("|").split("|")[-1] for line in lines]


def test_every_line_of_the_table_names_a_document_or_a_test_that_holds_it() -> None:
    for row in _rows():
        names = re.findall(r"`(\w+)`", row)
        assert names, row
        for name in names:
            assert name in cases() or f"def {name}(" in TESTS, name


def test_every_document_of_the_corpus_is_in_the_table() -> None:
    named = set(re.findall(r"`(\w+)`", "".join(_rows())))
    assert set(cases()) <= named


def test_every_test_that_the_page_names_is_there() -> None:
    for name in re.findall(r"`(test_\w+)`", PAGE):
        assert f"def {name}(" in TESTS, name
