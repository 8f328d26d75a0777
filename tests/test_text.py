import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.text import Span, fold, locate, simplified

CLAUSE = "第五条 逾期付款的，每日按 0.05% 支付违约金；“合理期限”为７日。"
CHINESE = st.text(st.sampled_from("甲方乙应当在内支付服务费，。；0123456789%第条（）Ab \n\u3000"))


@pytest.mark.parametrize(
    ("quote", "found"),
    [
        pytest.param("每日按0.05%", "每日按 0.05%", id="space-dropped"),
        pytest.param("逾期付款的,每日", "逾期付款的，每日", id="ascii-comma"),
        pytest.param("为7日", "为７日", id="full-width-digit"),
        pytest.param('"合理期限"', "“合理期限”", id="straight-quotation-marks"),
        pytest.param("每日按 0.5%", None, id="other-number"),
        pytest.param("", None, id="nothing"),
        pytest.param("  ", None, id="blank"),
    ],
)
def test_locate_finds_the_words_as_the_contract_has_them(quote: str, found: str | None) -> None:
    span = locate(quote, CLAUSE)
    assert (span.of(CLAUSE) if span else None) == found


@given(CHINESE, st.data())
def test_locate_finds_every_passage_that_is_not_blank(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    passage = text[start:end]
    span = locate(passage, text)
    if fold(passage)[0]:
        assert span is not None
        assert fold(span.of(text))[0] == fold(passage)[0]
    else:
        assert span is None


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("或由上海市靜安區人民法院管轄", "或由上海市静安区人民法院管辖"),
        ("歇業", "歇业"),
        ("由上海市静安区人民法院管辖①", "由上海市静安区人民法院管辖①"),
    ],
)
def test_traditional_characters_become_simplified_however_few(words: str, expected: str) -> None:
    assert simplified(words) == expected


@given(CHINESE)
def test_fold_says_where_each_character_came_from(text: str) -> None:
    folded, origin = fold(text)
    assert len(folded) == len(origin)
    assert origin == sorted(origin)


@given(*[st.integers(0, 30)] * 4)
def test_overlap_is_symmetric_and_no_longer_than_either(a: int, b: int, c: int, d: int) -> None:
    first, second = Span(min(a, b), max(a, b)), Span(min(c, d), max(c, d))
    assert first.overlap(second) == second.overlap(first)
    assert first.overlap(second) <= min(first.end - first.start, second.end - second.start)
