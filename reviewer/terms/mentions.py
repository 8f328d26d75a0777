"""Metrics named in a contract's words."""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from reviewer.shop.catalogue import Catalogue


class Mention(NamedTuple):
    """A metric named in a statement."""

    metrics: tuple[str, ...]
    """More than one where the words may mean either."""
    start: int
    end: int


@dataclass(frozen=True)
class MetricFinder:
    """Finds metrics by the catalogue's patterns."""

    catalogue: Catalogue

    @cached_property
    def patterns(self) -> list[tuple[re.Pattern[str], tuple[str, ...]]]:
        """Return the patterns, those that name one metric first."""
        sure = [(re.compile(p), (m.id,)) for m in self.catalogue.file.metrics for p in m.contract]
        unsure = [
            (re.compile(p), a.either) for a in self.catalogue.file.ambiguous for p in a.contract
        ]
        return sure + unsure

    def mentions(self, text: str) -> list[Mention]:
        """Return the metrics that `text` names, in its order, the longest words first."""
        found: list[Mention] = []
        for pattern, metrics in self.patterns:
            for match in pattern.finditer(text):
                mention = Mention(metrics, *match.span())
                clash = [m for m in found if m.start < mention.end and mention.start < m.end]
                if not match[0] or (len(metrics) > 1 and clash):
                    continue
                if all(m.end - m.start < mention.end - mention.start for m in clash):
                    found = [m for m in found if m not in clash] + [mention]
        return sorted(found, key=lambda mention: mention.start)
