"""Canonical text: what patterns are matched against.

Half width, Simplified, without white space, numerals in Arabic digits, shares in percent, and
the parties named by function (商家, 外包商, 双方), so that one pattern serves every drafter. Each
canonical character knows which passage of the contract it came from.
"""

import re
import unicodedata
from functools import cache
from typing import NamedTuple

from reviewer.contract import Contract
from reviewer.quantity import normalise, substitute
from reviewer.text import Span, simplified

CLIENT = "商家"
VENDOR = "外包商"
BOTH = "双方"


class Canonical(NamedTuple):
    """Canonical text with its map to the source."""

    text: str
    starts: list[int]
    ends: list[int]

    def span(self, start: int, end: int) -> Span:
        """Return the source passage of the canonical characters `start` to `end`."""
        return Span(self.starts[start], self.ends[max(start, end - 1)])


class Roles(NamedTuple):
    """The words by which a contract names its parties."""

    client: tuple[str, ...]
    vendor: tuple[str, ...]


DEFAULT_ROLES = Roles(("甲方",), ("乙方",))
"""For a sentence without its contract, as in exemplars."""


def roles_of(contract: Contract) -> Roles:
    """Return the aliases of both sides; empty for a side that could not be decided."""
    client, vendor = contract.party("client"), contract.party("vendor")
    return Roles(client.aliases if client else (), vendor.aliases if vendor else ())


@cache
def _party_pattern(roles: Roles) -> tuple[re.Pattern[str], dict[str, str]]:
    names = {_plain(word): CLIENT for word in roles.client if len(_plain(word)) > 0}
    names |= {_plain(word): VENDOR for word in roles.vendor if len(_plain(word)) > 0}
    names |= {"甲乙双方": BOTH, "双方": BOTH, "各方": BOTH, "甲、乙双方": BOTH, "甲乙两方": BOTH}
    names.setdefault("合同双方", BOTH)
    ordered = sorted(names, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, ordered))), names


def _plain(word: str) -> str:
    return simplified("".join(unicodedata.normalize("NFKC", word).casefold().split()))


def canonical(text: str, roles: Roles = DEFAULT_ROLES, offset: int = 0) -> Canonical:
    """Return the canonical form of `text`.

    Args:
        text: A passage of the contract.
        roles: How the contract names its parties.
        offset: Where the passage begins in the contract; the maps count from there.
    """
    characters: list[str] = []
    starts: list[int] = []
    for index, character in enumerate(text):
        if character.isspace() or character in _DROPPED:
            continue
        plain = _FOLDED.get(character) or unicodedata.normalize("NFKC", character).casefold()
        for piece in plain:
            if not piece.isspace():
                characters.append(piece)
                starts.append(offset + index)
    folded = simplified("".join(characters))
    ends = [start + 1 for start in starts]
    pattern, names = _party_pattern(roles)
    folded, starts, ends = substitute(folded, starts, ends, pattern, lambda m: names[m[0]])
    return Canonical(*normalise(folded, starts, ends))


_DROPPED = frozenset("\u200b\u200c\u200d\u2060\ufeff\u00ad*#`")
_FOLDED = {
    "“": '"',
    "”": '"',
    "「": '"',
    "」": '"',
    "‘": '"',
    "’": '"',
    "〔": "(",
    "〕": ")",
    "【": "【",
    "】": "】",
    "﹪": "%",
    "％": "%",
    "～": "~",
    "—": "-",
    "－": "-",
    "–": "-",
    "：": ":",
    "﹔": ";",
    "≦": "≤",
    "≧": "≥",
    "⩽": "≤",
    "⩾": "≥",
}
