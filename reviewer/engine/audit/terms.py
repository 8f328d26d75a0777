"""Defined terms that are never used."""

import re

from reviewer.contract import Contract
from reviewer.engine.audit.observation import Observation
from reviewer.text import Span

_DEFINED = re.compile(
    r"(?:以下)?(?:简称|合称|统称|称)(?:为)?[:：]?\s*[“\"「]([^”\"」\n]{2,12})[”\"」]"
)
_USUAL = frozenset({"甲方", "乙方", "丙方", "双方", "本合同", "本协议", "合同", "协议"})


def terms(contract: Contract) -> list[Observation]:
    """Return the terms that are defined and then never used."""
    found: list[Observation] = []
    for match in _DEFINED.finditer(contract.text):
        word = match[1]
        if word in _USUAL or contract.text.count(word) > 1:
            continue
        found.append(
            Observation(
                "unused_term",
                "定义后未使用",
                (Span(match.start(), match.end()),),
                f"定义了“{word}”，正文中没有再使用",
                f"“{word}” is defined and never used",
                confidence=0.8,
            )
        )
    return found
