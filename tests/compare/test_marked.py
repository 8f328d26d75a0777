"""The differences as tracked changes in the file that was sent."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from reviewer.compare.marked import marked
from reviewer.compare.units import units
from reviewer.ingest import contract_from_bytes
from reviewer.pipeline import Reviewer, redline_file
from reviewer.redline import Redline
from reviewer.redline.resolve import accept_all, reject_all
from tests.compare.answers import added, moved, removed, silently, tracked
from tests.compare.conftest import Compared
from tests.compare.test_answer import DRAFT, EXAMPLE, SENT
from tests.wordfiles import docx, numbered, numbering, paragraph

Drawn = Callable[..., Redline]
BASE = accept_all(SENT)
LIST = docx(
    "".join(
        [
            *(paragraph(line) for line in ("客服外包合同", "甲方：云裳服饰", "乙方：快答信息")),
            *(
                numbered(f"{heading}") + paragraph(words)
                for heading, words in (
                    ("服务内容", "乙方提供售前咨询。"),
                    ("费用", "甲方每月支付服务费一万元。"),
                    ("期限", "本合同期限一年。"),
                )
            ),
        ]
    ),
    numbering=numbering(("chineseCounting", "第%1条")),
)


def words(data: bytes) -> list[str]:
    """Return the sentences of a file, numbers of clauses left out."""
    return [unit.key for unit in units(contract_from_bytes(data, "合同.docx"))]


@pytest.fixture
def drawn(compared: Compared, tmp_path: Path) -> Drawn:
    def run(old: bytes, new: bytes, suffix: str = ".docx") -> Redline:
        result = compared(old, new, suffix=suffix)
        return marked(tmp_path / "旧稿.docx", result)

    return run


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(silently(BASE, "20%", "5%"), id="number"),
        pytest.param(silently(BASE, "买家信息", "信息"), id="words-struck"),
        pytest.param(silently(BASE, "不得泄露", "原则上不得泄露"), id="words-put-in"),
        pytest.param(added(BASE, "一万元", "乙方可以转包。"), id="paragraph-put-in"),
        pytest.param(added(BASE, "服务内容", "乙方可以转包。"), id="paragraph-behind-a-heading"),
        pytest.param(removed(BASE, "服务费一万元"), id="paragraph-struck"),
        pytest.param(removed(BASE, "第三条", "服务费一万元"), id="article-struck"),
        pytest.param(moved(BASE, "第三条", "服务费一万元", "人民法院"), id="article-moved"),
        pytest.param(tracked(BASE, "甲方所在地", "乙方所在地"), id="tracked-by-them"),
        pytest.param(
            silently(tracked(BASE, "20%", "5%"), "二十四小时", "七十二小时"), id="several"
        ),
    ],
)
def test_accepting_everything_gives_the_answer_and_rejecting_what_was_sent(
    drawn: Drawn, answer: bytes
) -> None:
    made = drawn(SENT, answer)
    assert not made.refused
    assert words(accept_all(made.data)) == words(accept_all(answer))
    assert words(reject_all(made.data)) == words(BASE)


def test_a_list_numbered_by_word_takes_new_articles_without_a_second_number(drawn: Drawn) -> None:
    answer = added(added(LIST, "一万元", "转包"), "转包", "乙方不得转包。")
    made = drawn(LIST, answer)
    assert words(accept_all(made.data)) == words(answer)


def test_each_change_carries_what_the_comparison_says_of_it(drawn: Drawn) -> None:
    made = drawn(SENT, silently(BASE, "20%", "5%"))
    with zipfile.ZipFile(io.BytesIO(made.data)) as archive:
        comments = archive.read("word/comments.xml").decode()
    assert "没有留痕的修改，风险高" in comments


def test_a_whole_redline_refused_is_drawn_back(drawn: Drawn, reviewer: Reviewer) -> None:
    sent = redline_file(reviewer.review(EXAMPLE), EXAMPLE).data
    made = drawn(sent, EXAMPLE.read_bytes())
    assert words(reject_all(made.data)) == words(accept_all(sent))
    assert len(made.refused) <= 0.1 * (len(made.applied) + len(made.refused))


def test_an_answer_as_text_is_drawn_into_the_word_file(drawn: Drawn) -> None:
    text = contract_from_bytes(silently(BASE, "20%", "5%"), "x.docx").text
    made = drawn(SENT, text.encode(), ".txt")
    assert words(accept_all(made.data)) == words(silently(BASE, "20%", "5%"))


def test_two_equal_files_give_the_file_back(drawn: Drawn) -> None:
    made = drawn(DRAFT, DRAFT)
    assert not made.applied
    assert words(made.data) == words(DRAFT)
