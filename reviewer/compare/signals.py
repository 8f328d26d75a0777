"""What to notice in the words of a changed sentence, where no check can tell."""

import re
from collections import Counter

from reviewer.compare.differences import evened
from reviewer.engine.canonical import Roles
from reviewer.engine.matching import Lexicon
from reviewer.knowledge.signals import Signal


class Signals:
    """Compares what the patterns find in two sentences."""

    def __init__(self, signals: tuple[Signal, ...], lexicon: Lexicon) -> None:
        self._patterns = {signal.id: _pattern(signal, lexicon) for signal in signals}

    def between(self, old: str, new: str, roles: Roles) -> tuple[str, ...]:
        """Return the ids of the signals that `old` and `new` differ in."""
        before, after = evened(old, roles), evened(new, roles)
        return tuple(
            name
            for name, pattern in self._patterns.items()
            if _found(pattern, before) != _found(pattern, after)
        )


def _pattern(signal: Signal, lexicon: Lexicon) -> re.Pattern[str]:
    if signal.vocabulary:
        known: re.Pattern[str] = getattr(lexicon, signal.vocabulary)
        return known
    return lexicon.pattern(signal.pattern or "")


def _found(pattern: re.Pattern[str], text: str) -> Counter[str]:
    return Counter(match[0] for match in pattern.finditer(text))
