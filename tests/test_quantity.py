import re
import time
import unicodedata
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.quantity import PATTERNS, chinese_number, normalise, parse_quantity


def canonical(words: str) -> str:
    return normalise(unicodedata.normalize("NFKC", words))[0]


@pytest.mark.parametrize(
    "words",
    ["15%", "１５％", "百分之十五", "一成五", "一成半", "15％", "百分之15"],
)
def test_a_share_is_the_same_in_every_spelling(words: str) -> None:
    quantity = parse_quantity(canonical(words))
    assert quantity is not None
    assert (quantity.value, quantity.dimension) == (Decimal("0.15"), "share")


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        pytest.param("三成的违约金", "30%的违约金", id="of-a-penalty"),
        pytest.param("扣减当月服务费的五成", "扣减当月服务费的50%", id="at-the-end"),
        pytest.param("两成半的尾款", "25%的尾款", id="and-a-half"),
        pytest.param("三成五的佣金", "35%的佣金", id="and-a-digit"),
        pytest.param("一成的押金", "10%的押金", id="one"),
        pytest.param("3成的货款", "30%的货款", id="digit"),
        pytest.param("双方对半承担", "双方50%承担", id="half-each"),
        pytest.param("格式统一成的样式", "格式统一成的样式", id="not-made-one"),
        pytest.param("单一成的", "单一成的", id="not-single"),
        pytest.param("三成分担", "三成分担", id="not-sure"),
        pytest.param("第二成员", "第二成员", id="not-a-member"),
    ],
)
def test_tenths_are_a_share_where_they_are_one(words: str, shown: str) -> None:
    assert canonical(words) == shown


@pytest.mark.parametrize("words", ["万分之五", "0.5‰", "0.05%", "千分之零点五"])
def test_small_shares_are_the_same_in_every_spelling(words: str) -> None:
    quantity = parse_quantity(canonical(words))
    assert quantity is not None
    assert quantity.value == Decimal("0.0005")


@pytest.mark.parametrize(
    ("words", "seconds"),
    [
        pytest.param("30秒", 30, id="seconds"),
        pytest.param("三十秒", 30, id="seconds-in-words"),
        pytest.param("半分钟", 30, id="half-a-minute"),
        pytest.param("1分10秒", 70, id="minutes-and-seconds"),
        pytest.param("一小时三十分钟", 5400, id="hours-and-minutes"),
        pytest.param("0.5分钟", 30, id="fraction-of-a-minute"),
        pytest.param("二十四小时", 86400, id="hours-in-words"),
        pytest.param("24小时", 86400, id="hours"),
        pytest.param("一日", 86400, id="a-day"),
        pytest.param("两个工作日", 172800, id="working-days"),
        pytest.param("一周", 604800, id="a-week"),
        pytest.param("三个月", 7776000, id="months"),
        pytest.param("半年", 15552000, id="half-a-year"),
    ],
)
def test_a_duration_is_counted_in_seconds(words: str, seconds: int) -> None:
    quantity = parse_quantity(canonical(words))
    assert quantity is not None
    assert quantity.dimension == "duration"
    assert abs(quantity.value - seconds) <= Decimal(seconds) / 60


@pytest.mark.parametrize(
    ("words", "yuan"),
    [
        pytest.param("10万元", 100_000, id="ten-thousands"),
        pytest.param("壹拾万元", 100_000, id="formal"),
        pytest.param("人民币贰仟叁佰元", 2300, id="formal-hundreds"),
        pytest.param("1,200元", 1200, id="thousands-separator"),
        pytest.param("三千元", 3000, id="words"),
    ],
)
def test_money_is_counted_in_yuan(words: str, yuan: int) -> None:
    quantity = parse_quantity(canonical(words).removeprefix("人民币"))
    assert quantity is not None
    assert (quantity.value, quantity.dimension) == (yuan, "money")


def _spelled(number: int) -> str:
    digits = "零一二三四五六七八九"
    if number < 10:
        return digits[number]
    if number < 100:
        tens, ones = divmod(number, 10)
        return ("" if tens == 1 else digits[tens]) + "十" + (digits[ones] if ones else "")
    hundreds, rest = divmod(number, 100)
    if rest == 0:
        return digits[hundreds] + "百"
    if rest < 10:
        return digits[hundreds] + "百零" + digits[rest]
    tens, ones = divmod(rest, 10)
    return digits[hundreds] + "百" + digits[tens] + "十" + (digits[ones] if ones else "")


@given(st.integers(1, 999))
def test_a_chinese_number_has_the_value_that_it_spells(number: int) -> None:
    assert chinese_number(_spelled(number)) == number


@given(st.integers(1, 100))
def test_a_share_in_words_equals_the_share_in_digits(number: int) -> None:
    in_words = parse_quantity(canonical(f"百分之{_spelled(number)}"))
    in_digits = parse_quantity(canonical(f"{number}%"))
    assert in_words == in_digits


@given(
    st.text(st.sampled_from("甲乙方一二三十百分之0123456789%秒小时日元万、，。 ％"), max_size=60)
)
def test_normalising_keeps_where_each_character_came_from(text: str) -> None:
    words, origin = normalise(text)[:2]
    assert len(words) == len(origin)


@given(st.text(st.sampled_from("甲乙方一二三十百分之0123456789%秒小时日元万、，。"), max_size=40))
def test_normalising_twice_changes_nothing_more(text: str) -> None:
    once = canonical(text)
    assert canonical(once) == once


@pytest.mark.parametrize(
    "words",
    [
        pytest.param("九" * 100_000, id="digits"),
        pytest.param("壹拾" * 50_000, id="formal"),
        pytest.param("万" * 100_000, id="scales"),
        pytest.param("九点" * 50_000, id="points"),
        pytest.param("9" * 100_000, id="arabic"),
        pytest.param("1,111," * 16_000, id="commas"),
        pytest.param("9.9" * 33_000, id="decimals"),
        pytest.param("两个半" * 33_000, id="halves"),
    ],
)
def test_a_line_of_numerals_takes_no_longer_than_its_length_says(words: str) -> None:
    begun = time.process_time()
    canonical(words)
    chinese_number(words)
    for pattern in PATTERNS.values():
        list(re.finditer(pattern, words))
    assert time.process_time() - begun < 5


@pytest.mark.parametrize("words", ["九" * 4_400, "壹" * 41, "万" * 41])
def test_what_is_longer_than_any_number_is_none(words: str) -> None:
    assert chinese_number(words) is None
