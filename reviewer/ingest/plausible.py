"""How much a page's text layer looks like the text of a contract.

Two questions. Are the characters ones that contracts are made of? A font without a usable map
gives private-use characters, rare ones, replacement signs. And do they stand in an order that
Chinese has? A map that is shifted or shuffled gives ordinary characters in no order; of the
neighbouring pairs in a contract a quarter to two thirds are among the three thousand commonest
ones in statutes and model clauses, and of shuffled ones at most two in a hundred.
"""

import re
from functools import cache
from importlib.resources import files

from reviewer.text import simplified

ENOUGH = 0.6
"""Share of plausible characters from which a text layer is believed."""
MIN_ORDER = 0.06
"""Share of known pairs below which Chinese text is taken for shuffled."""
_MIN_PAIRS = 40
_MIN_WORDS = 40
_GOOD = re.compile(
    r"[\u4e00-\u9fff\u3000-\u303f\uff00-\uffefa-zA-Z0-9,.;:!?()%_\-—“”‘’《》·…①-⑳|/\[\]¥￥≤≥~+×*\"'&@□]"
)
_LATIN = re.compile("[a-zA-Z]")
_ACCENTED = re.compile("[\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff\ufb00-\ufb06]")
ACCENTED_MOST = 0.15
"""Accented to plain letters up to which both are a language's: Chinese in a wrong map has more."""
_RARE = re.compile(r"[\u3400-\u4dbf\ue000-\uf8ff\ufffd]")
_CHINESE = re.compile("[\u4e00-\u9fff]")
_RUN = re.compile("[\u4e00-\u9fff]{2,}")
_COMMON_ENGLISH = (
    "the of and to in shall or be by for any a this is with as that on will may not which from "
    "party agreement such an all it are at other under each its services if no have has you your "
    "we our date time"
)
_ENGLISH = frozenset(_COMMON_ENGLISH.split())


def believable(text: str) -> bool:
    """Return whether `text` can be what the page shows."""
    return plausible(text) >= ENOUGH


def readable(text: str) -> bool:
    """Return whether `text` is text in some language, and not bytes taken for letters."""
    words = re.sub(r"\s", "", text)
    return len(_RARE.findall(words)) <= 0.05 * len(words) and (_in_order(text) or _is_latin(words))


def _is_latin(words: str) -> bool:
    """Return whether letters are mostly Latin ones, with as many vowels as languages have."""
    letters = _LATIN.findall(words)
    vowels = sum(letter in "aeiouAEIOU" for letter in letters)
    return len(letters) >= 0.6 * len(words) and 0.28 <= vowels / max(1, len(letters)) <= 0.55


def plausible(text: str) -> float:
    """Return how much `text` looks like a contract's, 0 to 1."""
    words = re.sub(r"\s", "", text)
    if not words:
        return 0.0
    good = len(_GOOD.findall(words))
    accented = len(_ACCENTED.findall(words))
    if accented <= ACCENTED_MOST * len(_LATIN.findall(words)):
        good += accented
    share = (good - len(_RARE.findall(words))) / len(words)
    return max(0.0, share) if _in_order(text) else min(max(0.0, share), ENOUGH / 2)


def _in_order(text: str) -> bool:
    """Return whether neighbouring characters or words are ones that a language has."""
    pairs = [
        run[at : at + 2] for run in _RUN.findall(simplified(text)) for at in range(len(run) - 1)
    ]
    if len(pairs) >= _MIN_PAIRS:
        return sum(pair in _common() for pair in pairs) >= MIN_ORDER * len(pairs)
    words = re.findall(r"[A-Za-z]+", text)
    if len(words) < _MIN_WORDS or _CHINESE.search(text):
        return True
    return sum(word.lower() in _ENGLISH for word in words) >= MIN_ORDER * len(words)


@cache
def _common() -> frozenset[str]:
    listed = files(__package__).joinpath("pairs.txt").read_text(encoding="utf-8")
    return frozenset(listed.split())
