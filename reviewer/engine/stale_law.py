"""Citations in a contract of laws that were repealed or renumbered."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from reviewer.contract import Contract
from reviewer.knowledge.laws import LawBook
from reviewer.quantity import chinese_number
from reviewer.text import Span


@dataclass(frozen=True)
class StaleCitation:
    """A citation that has to be brought up to date."""

    span: Span
    message: str
    message_en: str
    replacement: str
    """What to write instead."""


@cache
def _cited(law: str) -> re.Pattern[str]:
    """Return the pattern of a citation: 《中华人民共和国合同法》第一百一十四条."""
    return re.compile(
        rf"《?(?:中华人民共和国)?{law}(?!司法解释|解释|律|规)》?"
        r"(?:[（(][^）)]{0,12}[)）])?(?:第?\s*([零一二三四五六七八九十百\d]+)\s*[条條])?"
    )


def stale_citations(contract: Contract, laws: LawBook) -> tuple[StaleCitation, ...]:
    """Return the citations of repealed laws and of article numbers of before a renumbering."""
    found = [*_repealed(contract, laws.changes), *_renumbered(contract, laws.changes)]
    return tuple(sorted(found, key=lambda stale: stale.span))


def _repealed(contract: Contract, changes: dict[str, Any]) -> list[StaleCitation]:
    found: list[StaleCitation] = []
    for entry in changes.get("repealed", ()):
        for match in _cited(entry["law"]).finditer(contract.text):
            if not match[0].startswith(("《", "中华人民共和国")) and not _bare(
                contract.text, match
            ):
                continue
            now = entry["now"]
            number = _number(match[1])
            mapped = (
                changes.get("contract_law", {}).get(number) if entry["law"] == "合同法" else None
            )
            target = f"《{now}》第{mapped}条" if mapped else f"《{now}》"
            found.append(
                StaleCitation(
                    Span(match.start(), match.end()),
                    f"《{entry['law']}》已于{entry['since']}废止，现为{target}",
                    f"{entry['law']} was repealed on {entry['since']}; now {target}",
                    target,
                )
            )
    return found


def _bare(text: str, match: re.Match[str]) -> bool:
    """Return whether a law named without 《》 is meant: not a part of 劳动合同法."""
    before = text[max(0, match.start() - 2) : match.start()]
    return not re.search(r"[\u4e00-\u9fff]$", before) or bool(
        re.search(r"(根据|依据|依照|按照|及|和|与)$", before)
    )


def _renumbered(contract: Contract, changes: dict[str, Any]) -> list[StaleCitation]:
    found: list[StaleCitation] = []
    for entry in changes.get("renumbered", ()):
        for match in _cited(entry["law"]).finditer(contract.text):
            number = _number(match[1])
            new = entry["articles"].get(number) if number else None
            if new is None:
                continue
            around = contract.text[max(0, match.start() - 60) : match.end() + 60]
            sign = entry["signs"].get(number)
            if sign is None or not re.search(sign, around):
                continue
            law = entry["law"]
            found.append(
                StaleCitation(
                    Span(match.start(), match.end()),
                    f"《{law}》自{entry['since']}起重新编号，原第{number}条现为第{new}条",
                    f"{law} was renumbered on {entry['since']}: {number} is now {new}",
                    f"《{law}》第{new}条",
                )
            )
    return found


def _number(words: str | None) -> str | None:
    if not words:
        return None
    if words.isdigit():
        return words
    value = chinese_number(words)
    return str(value) if value is not None else None
