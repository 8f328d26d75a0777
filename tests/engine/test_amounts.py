"""Sums in figures beside sums in words."""

import time

import pytest

from reviewer.engine.audit.amounts import amounts
from reviewer.ingest import contract_from_text


def differing(words: str) -> list[str]:
    contract = contract_from_text(f"客服合同\n甲方：某店\n乙方：某公司\n第一条 服务费为{words}。\n")
    return [span.of(contract.text) for found in amounts(contract, ()) for span in found.spans]


@pytest.mark.parametrize(
    "words",
    [
        pytest.param("人民币100000元（大写：壹拾万元整）", id="same"),
        pytest.param("¥ 100,000.00元（大写：人民币壹拾万元整）", id="separators"),
        pytest.param("10万元，大写壹拾万元", id="ten-thousands"),
        pytest.param("5800 元 整 （ 伍仟捌佰 元 ）", id="blanks"),
        pytest.param("人民币壹拾万元整（¥100,000）", id="words-first"),
        pytest.param("100000元（大写：" + "壹拾" * 30 + "元）", id="no-number"),
    ],
)
def test_figures_and_words_of_one_sum_are_no_contradiction(words: str) -> None:
    assert differing(words) == []


@pytest.mark.parametrize(
    ("words", "quoted"),
    [
        pytest.param(
            "人民币100000元（大写：壹拾贰万元整）", "人民币100000元（大写：壹拾贰万元", id="other"
        ),
        pytest.param("5800元（伍仟元）", "5800元（伍仟元", id="without-label"),
        pytest.param("壹拾万元整（¥120,000）", "壹拾万元整（¥120,000", id="words-first"),
    ],
)
def test_figures_and_words_that_differ_are_quoted(words: str, quoted: str) -> None:
    assert differing(words) == [quoted]


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("1" + " " * 1_900, id="blanks"),
        pytest.param("1,1，" * 120, id="commas"),
        pytest.param("壹" * 480, id="numerals"),
        pytest.param("人民币 " * 400, id="currency"),
    ],
)
def test_looking_for_sums_takes_no_longer_than_the_text_says(line: str) -> None:
    text = "客服合同\n" + (line + "甲\n") * (100_000 // len(line))
    contract = contract_from_text(text)
    begun = time.process_time()
    amounts(contract, ())
    assert time.process_time() - begun < 5
