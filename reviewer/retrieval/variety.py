"""How varied the exemplar sentences are: `python -m reviewer.retrieval.variety`.

Two sentences of one element and one status are near-duplicates where their character trigrams
overlap by half (Jaccard) or their e5 vectors are closer than 0.97.
"""

import sys
from collections.abc import Iterator
from itertools import combinations
from typing import NamedTuple

from reviewer.knowledge.playbooks import load_playbook
from reviewer.playbook import Playbook
from reviewer.retrieval.embedding import SmallEmbedder
from reviewer.text import fold

SAME_TRIGRAMS = 0.5
SAME_VECTOR = 0.97


class Pair(NamedTuple):
    """Two exemplars of one group."""

    group: str
    first: str
    second: str
    overlap: float
    """Share of character trigrams in common, 0 to 1."""


def groups(playbook: Playbook) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the exemplars that stand for the same answer."""
    for check in playbook.checks:
        for element in check.elements:
            for status in ("met", "partial", "absent"):
                yield f"{element.id} {status}", getattr(element.exemplars, status)
        if check.exemplars:
            yield f"{check.id} hit", check.exemplars.hit
            yield f"{check.id} clear", check.exemplars.clear


def overlap(first: str, second: str) -> float:
    """Return the Jaccard overlap of the character trigrams of two sentences."""
    a, b = ({t[i : i + 3] for i in range(len(t) - 2)} for t in (fold(first)[0], fold(second)[0]))
    return len(a & b) / len(a | b) if a | b else 0.0


def pairs(playbook: Playbook) -> list[Pair]:
    """Return all pairs within groups with their overlap."""
    return [
        Pair(name, a, b, overlap(a, b))
        for name, sentences in groups(playbook)
        for a, b in combinations(sentences, 2)
    ]


def main() -> None:
    """Print how many exemplars there are and how many pairs are near-duplicates."""
    playbook = load_playbook()
    sentences = [s for _, group in groups(playbook) for s in group]
    found = pairs(playbook)
    alike = [pair for pair in found if pair.overlap >= SAME_TRIGRAMS]
    embedder = SmallEmbedder()
    vectors = dict(zip(sentences, embedder.passages(sentences), strict=True))
    close = [p for p in found if float(vectors[p.first] @ vectors[p.second]) >= SAME_VECTOR]
    sys.stdout.write(
        f"{len(sentences)} exemplars, {len(found)} pairs of one answer; "
        f"{len(alike)} share half of their trigrams ({len(alike) / len(found):.1%}), "
        f"{len(close)} are closer than {SAME_VECTOR} ({len(close) / len(found):.1%})\n"
    )
    for pair in sorted(alike, key=lambda p: -p.overlap)[:10]:
        sys.stdout.write(f"  {pair.overlap:.2f} {pair.group}: {pair.first} / {pair.second}\n")


if __name__ == "__main__":
    main()
