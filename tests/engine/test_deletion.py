"""Words that are deleted take along what makes no sense without them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewer.engine.deletion import tidied, whole_cut
from reviewer.finding import Change, Suggestion
from reviewer.ingest import contract_from_text
from reviewer.text import Span


def _left(text: str, words: str) -> str:
    """Return `text` without `words` and without what goes with them."""
    at = text.index(words)
    cut = whole_cut(text, Span(at, at + len(words)))
    return text[: cut.start] + text[cut.end :]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        pytest.param(
            "1、甲方付款。\n2、免责。\n3、其他。", "1、甲方付款。\n\n3、其他。", id="provision"
        ),
        pytest.param("第九条　免责。", "", id="article"),
        pytest.param("（二） 免责；", "", id="item"),
        pytest.param("甲方付款。免责。乙方收款。", "甲方付款。乙方收款。", id="sentence"),
        pytest.param("2、免责。乙方收款。", "2、乙方收款。", id="first-sentence"),
        pytest.param("甲方付款；免责。", "甲方付款。", id="last-of-a-list"),
        pytest.param("甲方付款，免责，乙方收款。", "甲方付款，乙方收款。", id="in-the-middle"),
        pytest.param("免责，乙方收款。", "乙方收款。", id="beginning"),
        pytest.param("甲方免责条款无效。", "甲方条款无效。", id="within-words"),
        pytest.param("指标 | 免责。 | 扣款", "指标 |  | 扣款", id="cell"),
    ],
)
def test_no_number_and_no_stop_is_left_by_itself(text: str, left: str) -> None:
    assert _left(text, "免责") == left


def _suggestion(text: str, *words: str) -> Suggestion:
    contract = contract_from_text(text)
    places = [(w, text.index(w), text.index(w) + len(w)) for w in words]
    first, *others = places
    clause = contract.clause_at(first[1])
    assert clause is not None
    suggestion = Suggestion(
        action="delete",
        anchor=clause.id,
        original=first[0],
        start=first[1],
        end=first[2],
        text="",
        more=tuple(Change(original=w, start=a, end=b, text="") for w, a, b in others),
    )
    return tidied(suggestion, contract)


ARTICLES = "客服合同\n第一条 服务\n乙方提供服务。\n第二条 最终解释权\n解释权归乙方。\n第三条 其他\n协商。\n"


def test_a_heading_over_nothing_goes_too() -> None:
    assert _suggestion(ARTICLES, "解释权归乙方").original == "第二条 最终解释权\n解释权归乙方。"


def test_a_heading_over_something_else_stays() -> None:
    text = ARTICLES.replace("解释权归乙方。", "解释权归乙方。\n争议协商。")
    assert _suggestion(text, "解释权归乙方").original == "解释权归乙方。"


def test_passages_that_follow_one_another_go_as_one() -> None:
    text = "合同\n第一条 服务\n1、甲免责；乙免责。\n2、其他。\n第二条 费用\n按月。\n"
    made = _suggestion(text, "甲免责", "乙免责")
    assert (made.original, made.more) == ("1、甲免责；乙免责。", ())


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="甲乙，。；、2 |\n（一）", min_size=1, max_size=40), st.data())
def test_what_goes_always_holds_what_was_asked_and_stays_in_its_line(
    text: str, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    cut = whole_cut(text, Span(start, end))
    assert 0 <= cut.start <= start < end <= cut.end <= len(text)
    assert "\n" not in text[cut.start : start] + text[end : cut.end]
