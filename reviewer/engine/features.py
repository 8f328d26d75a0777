"""Features of a statement for the recogniser: its character n-grams and its quantities, hashed.

Character n-grams need no word list and survive a drafter's inflections; digits count as one and
the same there. How much is asked for is a feature of its own, in units that do not depend on how
it is written: 24小时 is 1日.
"""

import math
import re
import zlib
from collections.abc import Iterator
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from reviewer.quantity import PATTERNS, parse_quantity

DIMENSIONS = 1 << 15
LENGTHS = (1, 2, 3)
"""Lengths of the n-grams in characters."""
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_QUANTITY = re.compile(
    "|".join(PATTERNS[name] for name in ("时长", "百分比", "金额", "倍数", "数量", "数"))
)


@lru_cache(maxsize=4096)
def features(text: str) -> NDArray[np.int32]:
    """Return the sorted places of the n-grams and quantities of a canonical text, each once."""
    return _places({*_grams(text, LENGTHS), *_quantities(text)})


@lru_cache(maxsize=4096)
def setting(heading: str) -> NDArray[np.int32]:
    """Return the places of the headings that a statement stands under."""
    return _places({f"#{gram}" for gram in _grams(heading, (2,))})


@lru_cache(maxsize=4096)
def vicinity(text: str) -> NDArray[np.int32]:
    """Return the places of a canonical text as what its neighbours see of it."""
    return _places({f"&{gram}" for gram in _grams(text, (2,))})


def _grams(text: str, lengths: tuple[int, ...]) -> Iterator[str]:
    framed = f"^{_NUMBER.sub('0', text)}$"
    for length in lengths:
        for at in range(len(framed) - length + 1):
            yield framed[at : at + length]


def _quantities(text: str) -> Iterator[str]:
    """Yield each quantity exactly and, twice, roughly: by halves and wholes of a doubling."""
    for match in _QUANTITY.finditer(text):
        quantity = parse_quantity(match[0])
        if quantity is None:
            continue
        value, kind = float(quantity.value), quantity.dimension[0]
        if quantity.dimension == "count":
            kind = "n" + _NUMBER.sub("", match[0])[:1]
        elif "工作日" in match[0]:
            kind += "w"
        size = round(2 * math.log2(value)) if value > 0 else -40
        yield from (f"={kind}{value:g}", f"~{kind}{size}", f"~~{kind}{size // 2}")


def _places(found: set[str]) -> NDArray[np.int32]:
    places = {zlib.crc32(piece.encode()) % DIMENSIONS for piece in found}
    return np.fromiter(sorted(places), dtype=np.int32, count=len(places))
