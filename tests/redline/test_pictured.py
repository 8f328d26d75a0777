"""A Word file with words in its pictures is redlined itself; what stands in them is left alone."""

import hashlib
from pathlib import Path

import pytest

from reviewer.contract import Contract, Place
from reviewer.ingest.assemble import assemble
from reviewer.ingest.source import Source
from reviewer.pipeline import redline_file
from reviewer.redline.pictured import IN_A_PICTURE, MOSTLY_PICTURES
from tests.redline import judge
from tests.redline.asking import inserted, read, replaced, reviewed
from tests.redline.corpus import HEAD, TAIL, p, package, part

FILE = package(HEAD + p("第一条 甲方付款。") + TAIL, header1=part("hdr", p("网店客服合同　第一版")))


def _with_picture(words: str) -> Contract:
    """Return the contract in FILE with words that were recognised in a picture."""
    own = read(FILE).text
    at = own.index("网店客服合同")
    text = own[:at] + words + own[at:]
    place = Place(start=at, end=at + len(words) - 1, page=1, box=(0, 0, 1, 1), confidence=0.9)
    digest = hashlib.sha256(FILE).hexdigest()
    return assemble(Source(text, at + len(words), places=(place,)), "合同.docx", digest, None)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "合同.docx"
    path.write_bytes(FILE)
    return path


def test_the_words_of_the_file_are_changed_in_the_file_itself(file: Path) -> None:
    contract = _with_picture("云裳女装\n")
    review = reviewed(
        contract,
        replaced(contract, "甲方付款", "乙方开票后甲方付款"),
        inserted(contract, "云裳女装", "乙方不得转包。", 2),
        replaced(contract, "云裳女装", "快答", 3),
    )
    made = redline_file(review, file)
    assert made.applied == ("f01", "f02")
    assert made.refused == (("f03", IN_A_PICTURE),)
    assert judge.lines(made.data, "reject") == judge.lines(FILE, "reject")
    assert judge.lines(made.data, "accept")[3:] == [
        "第一条 乙方开票后甲方付款。",
        "第三条 其他事项由双方协商。",
        "乙方不得转包。",
    ]
    assert judge.part(made.data, "word/header1.xml") == judge.part(FILE, "word/header1.xml")


def test_a_contract_that_was_pasted_in_as_pictures_is_written_anew_and_that_is_said(
    file: Path,
) -> None:
    contract = _with_picture("第四条 乙方不得转包给第三方，否则甲方可以解除合同。\n" * 9)
    made = redline_file(reviewed(contract, replaced(contract, "甲方付款", "乙方付款")), file)
    assert MOSTLY_PICTURES in made.warnings
    assert judge.lines(made.data, "reject") != judge.lines(FILE, "reject")
