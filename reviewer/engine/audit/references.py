"""References to clauses and annexes that do not exist; gaps and repeats in the numbering."""

import re
from collections import Counter
from itertools import pairwise

from reviewer.contract import Contract
from reviewer.engine.audit.observation import Observation
from reviewer.quantity import chinese_number
from reviewer.text import Span

_ARTICLE = re.compile(
    r"(?:本合同|本协议|上述|前述|按照?|依据?|根据|违反|见)\s*第\s*([一二三四五六七八九十百零\d]{1,4})\s*条"
)
_ANNEX = re.compile(r"附件\s*([一二三四五六七八九十\d]{1,3})")
_NUMBER = re.compile(r"第\s*([一二三四五六七八九十百零\d]{1,4})\s*[条條]")


def references(contract: Contract) -> list[Observation]:
    """Return dangling references and faults of the numbering."""
    return [*_articles(contract), *_annexes(contract), *_numbering(contract)]


def _value(words: str) -> int | None:
    if words.isdigit():
        return int(words)
    number = chinese_number(words)
    return int(number) if number is not None else None


def _numbers(contract: Contract) -> list[tuple[int, Span]]:
    found: list[tuple[int, Span]] = []
    for clause in contract.clauses:
        match = _NUMBER.fullmatch(clause.number.strip()) if clause.number else None
        if match and clause.annex is None:
            value = _value(match[1])
            if value is not None:
                line = clause.text.split("\n", 1)[0]
                found.append((value, Span(clause.start, clause.start + len(line.rstrip()))))
    return found


def _articles(contract: Contract) -> list[Observation]:
    there = {value for value, _ in _numbers(contract)}
    if not there:
        return []
    found: list[Observation] = []
    for match in _ARTICLE.finditer(contract.text):
        value = _value(match[1])
        before = contract.text[max(0, match.start() - 12) : match.start() + 4]
        if value is None or value in there or "》" in before or "法" in before[-4:]:
            continue
        found.append(
            Observation(
                "missing_clause",
                "引用的条款不存在",
                (Span(match.start(), match.end()),),
                f"引用了第{match[1]}条，但合同中没有这一条",
                f"article {value} is referred to but does not exist",
                severity="medium",
                confidence=0.85,
            )
        )
    return found


def _annexes(contract: Contract) -> list[Observation]:
    supplied = {
        number
        for clause in contract.clauses
        if clause.annex
        for number in _ANNEX.findall(clause.annex)
    }
    values = {_value(number) for number in supplied}
    found: dict[int, Observation] = {}
    for match in _ANNEX.finditer(contract.text):
        value = _value(match[1])
        clause = contract.clause_at(match.start())
        if (
            value is None
            or value in values
            or value in found
            or (clause and clause.kind == "contents")
        ):
            continue
        found[value] = Observation(
            "missing_annex",
            "附件未随附",
            (Span(match.start(), match.end()),),
            f"引用了附件{match[1]}，但文件中没有这一附件",
            f"annex {value} is referred to but not supplied",
            severity="medium",
            confidence=0.85,
        )
    return list(found.values())


def _numbering(contract: Contract) -> list[Observation]:
    numbers = _numbers(contract)
    found: list[Observation] = []
    counts = Counter(value for value, _ in numbers)
    for (before, _), (value, span) in pairwise(numbers):
        if counts[value] > 1 and value == before:
            message, english = f"第{value}条重复编号", f"article {value} occurs twice"
        elif value > before + 1:
            message, english = (
                f"编号从第{before}条跳到第{value}条",
                f"{before} is followed by {value}",
            )
        else:
            continue
        found.append(Observation("numbering", "编号不连续", (span,), message, english))
    return found
