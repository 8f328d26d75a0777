"""How much of a text was read right."""

import re


def letters(text: str) -> str:
    """Return a text without white space and without what stands between cells."""
    return re.sub(r"[\s|]", "", text)


def distance(one: str, other: str) -> int:
    """Return how many insertions, deletions and replacements lead from one text to the other.

    Source: G. Myers, A fast bit-vector algorithm for approximate string matching (1999).
    """
    if not one:
        return len(other)
    places: dict[str, int] = {}
    for index, character in enumerate(one):
        places[character] = places.get(character, 0) | 1 << index
    every, last = (1 << len(one)) - 1, 1 << len(one) - 1
    up, down, score = every, 0, len(one)
    for character in other:
        match = places.get(character, 0)
        across = (((match & up) + up) ^ up) | match | down
        higher, lower = down | ~(across | up) & every, up & across
        score += bool(higher & last) - bool(lower & last)
        higher, lower = (higher << 1 | 1) & every, lower << 1 & every
        across = match | down
        up, down = lower | ~(across | higher) & every, higher & across
    return score


def accuracy(read: str, truth: str) -> float:
    """Return the share of characters that are right, 0 to 1, white space left aside."""
    read, truth = letters(read), letters(truth)
    return max(0.0, 1 - distance(truth, read) / len(truth)) if truth else 0.0
