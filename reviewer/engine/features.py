"""Features of a statement for the recogniser: its character n-grams, hashed.

Character n-grams need no word list and survive a drafter's inflections; digits count as one and
the same, since how much is asked for is the business of the quantity parser, not of the words.
"""

import re
import zlib
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

DIMENSIONS = 1 << 14
LENGTHS = (1, 2, 3)
"""Lengths of the n-grams in characters."""
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


@lru_cache(maxsize=4096)
def features(text: str) -> NDArray[np.int32]:
    """Return the sorted places of the n-grams of a canonical text, each once."""
    framed = f"^{_NUMBER.sub('0', text)}$"
    places = {
        zlib.crc32(framed[at : at + length].encode()) % DIMENSIONS
        for length in LENGTHS
        for at in range(len(framed) - length + 1)
    }
    return np.fromiter(sorted(places), dtype=np.int32, count=len(places))
