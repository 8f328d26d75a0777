"""Citations in a contract of laws that were repealed or renumbered."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from reviewer.contract import Contract
from reviewer.knowledge.laws import LawBook
from reviewer.quantity import chinese_number
from reviewer.text import Span, simplified


@dataclass(frozen=True)
class StaleCitation:
    """A citation that has to be brought up to date."""

    span: Span
    message: str
    message_en: str
    replacement: str
    """What to write instead."""


_NUMBER = r"第?\s*([零一二三四五六七八九十百\d]+)\s*[条條]"
_FURTHER = re.compile(rf"\s*[、,，和及与或]\s*{_NUMBER}")
"""A second article of the same law: 第四十条、第四十二条."""
_BEFORE_A_LAW = re.compile(
    r"(?:[依按照据及和与以违反用守合参考现行是为老旧原的在]|^|[^\u4e00-\u9fff])$"
)
"""What stands before a law that is named without 《》: not a part of 劳动合同法."""


@cache
def _cited(law: str) -> re.Pattern[str]:
    """Return the pattern of a citation: 《中华人民共和国合同法》第一百一十四条."""
    return re.compile(
        rf"《?(?:中华人民共和国)?(?:{law})(?!司法解释|解释|律|规|定|院|人|务)》?"
        rf"(?:[（(][^）)]{{0,12}}[)）])?(?:{_NUMBER})?"
    )


def stale_citations(contract: Contract, laws: LawBook) -> tuple[StaleCitation, ...]:
    """Return the citations of repealed laws and of article numbers of before a renumbering."""
    found = [*_repealed(contract, laws.changes), *_renumbered(contract, laws.changes)]
    return tuple(sorted(found, key=lambda stale: stale.span))


def _named(contract: Contract, law: str) -> Iterator[re.Match[str]]:
    """Yield where the contract names `law`, in Simplified or Traditional characters."""
    text = simplified(contract.text)
    for match in _cited(law).finditer(text):
        if match[0].startswith(("《", "中华人民共和国")) or _BEFORE_A_LAW.search(
            text[max(0, match.start() - 1) : match.start()]
        ):
            yield match


def _repealed(contract: Contract, changes: dict[str, Any]) -> list[StaleCitation]:
    found: list[StaleCitation] = []
    for entry in changes.get("repealed", ()):
        for match in _named(contract, entry["law"]):
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


def _renumbered(contract: Contract, changes: dict[str, Any]) -> list[StaleCitation]:
    found: list[StaleCitation] = []
    for entry in changes.get("renumbered", ()):
        law = entry["law"]
        for match in _named(contract, "|".join((law, *entry.get("also", ())))):
            for number, span in _articles(contract.text, match):
                new = entry["articles"].get(number)
                if new is None or not _means_the_old(contract.text, span, entry, number):
                    continue
                found.append(
                    StaleCitation(
                        span,
                        f"《{law}》自{entry['since']}起重新编号，原第{number}条现为第{new}条",
                        f"{law} was renumbered on {entry['since']}: {number} is now {new}",
                        f"《{law}》第{new}条",
                    )
                )
    return found


def _articles(text: str, match: re.Match[str]) -> Iterator[tuple[str, Span]]:
    """Yield the number of every article that one citation names, and where it stands."""
    number = _number(match[1])
    at = match.end()
    if number is None:
        return
    yield number, Span(match.start(), at)
    while further := _FURTHER.match(text, at):
        number = _number(further[1])
        if number:
            yield number, Span(match.start(), further.end())
        at = further.end()


def _means_the_old(text: str, span: Span, entry: dict[str, Any], number: str) -> bool:
    """Return whether the words around a citation speak of what the article said before.

    The new text has an article of the same number, and citing that one for what it says is right.
    """
    around = simplified(text[max(0, span.start - 60) : span.end + 60])
    sign, still = entry["signs"].get(number), entry.get("still", {}).get(number)
    if sign is None or not re.search(sign, around):
        return False
    return still is None or not re.search(still, around)


def _number(words: str | None) -> str | None:
    if not words:
        return None
    if words.isdigit():
        return words
    value = chinese_number(words)
    return str(value) if value is not None else None
