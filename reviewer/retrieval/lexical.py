"""BM25 over Chinese characters and pairs of them."""

import re
from collections.abc import Sequence

import bm25s
import numpy as np
from numpy.typing import NDArray

from reviewer.text import fold, simplified

_STOP = frozenset("的了吗呢吧啊么是在有和与及或我你他它们这那就都也很不能可以要会对为把被让给")


def tokens(text: str) -> list[str]:
    """Return single characters and adjacent pairs of `text`, words of Latin letters whole."""
    folded = simplified(fold(text)[0])
    found: list[str] = []
    for run in re.findall(r"[a-z]+|\d+(?:\.\d+)?%?|[\u4e00-\u9fff]+", folded):
        if not "\u4e00" <= run[0] <= "\u9fff":
            found.append(run)
            continue
        found += [character for character in run if character not in _STOP]
        found += [run[i : i + 2] for i in range(len(run) - 1)]
    return found


class LexicalIndex:
    """Scores passages by the terms that they share with a query."""

    def __init__(self, passages: Sequence[str]) -> None:
        self._index = bm25s.BM25()
        self._tokens = [tokens(passage) for passage in passages]
        self._vocabulary = {token for row in self._tokens for token in row}
        self._index.index(self._tokens, show_progress=False)

    def scores(self, query: str) -> NDArray[np.float32]:
        """Return the score of every passage."""
        known = [token for token in tokens(query) if token in self._vocabulary]
        if not known:
            return np.zeros(len(self._tokens), dtype=np.float32)
        return np.asarray(self._index.get_scores(known), dtype=np.float32)

    def shared(self, query: str, passage: int) -> list[str]:
        """Return the longest terms that query and passage share, best first."""
        pairs = [t for t in dict.fromkeys(tokens(query)) if len(t) > 1]
        inside = set(self._tokens[passage])
        return [token for token in pairs if token in inside]
