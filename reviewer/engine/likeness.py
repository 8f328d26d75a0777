"""Likeness: what the recogniser makes of one contract, target by target."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from reviewer.engine.recogniser import Readings
from reviewer.engine.statements import Statement

Floats = NDArray[np.float64]
SHORTEST = 6
"""A statement with fewer characters is like everything and nothing."""
LEAST_LIKE = -1.2
"""Scores end here: how unlike a statement is says nothing."""
NEAR_ENOUGH = -0.6
"""From here on a statement may add to what the best one says of a target."""
FEW = 3
"""So many statements, at most, are read together for how definite they are."""
SPOKEN = -0.3
"""From here on an element counts for how definite the whole contract is."""
TONES = np.array([(-0.9, 0.1), (-0.6, 0.9), (0.75, 1.05), (-0.5, 1.1)])
"""Least and most of each tone over the labelled contracts: beyond it nothing was learned."""


class Likeness(NamedTuple):
    """What the recogniser makes of one target in one contract."""

    best: int
    """Row of the statement that is most like it."""
    first: float
    second: float
    definite: float
    """How definite the best statement is of this target."""
    around: float
    """The same of the best few statements read together."""


class Reading:
    """The scores of one contract, and what follows from comparing them."""

    def __init__(
        self,
        statements: Sequence[Statement],
        readings: Readings,
        elements: Sequence[str],
        flags: Sequence[str],
        tone: Floats | None = None,
    ) -> None:
        """Take the scores.

        Args:
            statements: Those that were read, in the order of the rows.
            readings: Their scores.
            elements: Ids of the elements that the judge knows.
            flags: Ids of the flags that it knows.
            tone: How the whole contract speaks; None to find it out. What a single change does
                is judged in the tone of the contract it is made to.
        """
        self.places = readings.places
        self._readings = readings
        self._rows = {id(statement): row for row, statement in enumerate(statements)}
        operative = np.array(
            [not s.introduces and len(s.own.text) >= SHORTEST for s in statements], dtype=bool
        )
        self._scores = np.where(
            operative[:, None], np.maximum(readings.scores, LEAST_LIKE), LEAST_LIKE
        )
        self._known: dict[str, Likeness] = {}
        self.tone = self._tone_of(elements, flags) if tone is None else tone

    def of(self, name: str) -> Likeness:
        """Return how like the contract is to the target `name`."""
        if name not in self._known:
            scores = self._scores[:, self.places[name]]
            order = np.argsort(scores)[::-1]
            best = int(order[0])
            second = float(scores[order[1]]) if len(order) > 1 else LEAST_LIKE
            few = [int(row) for row in order[:FEW] if scores[row] > NEAR_ENOUGH] or [best]
            self._known[name] = Likeness(
                best,
                float(scores[best]),
                second,
                self._readings.definite(name, [best]),
                self._readings.definite(name, few),
            )
        return self._known[name]

    def definite(self, name: str, found: Sequence[Statement]) -> float:
        """Return how definite the statements `found` are of a target, read together; 0 of none."""
        rows = self._rows_of(found)
        return self._readings.definite(name, rows) if rows else 0.0

    def at(self, name: str, found: Sequence[Statement]) -> float:
        """Return the best score among the statements `found`; 0 of none."""
        rows = self._rows_of(found)
        return float(self._readings.scores[rows, self.places[name]].max()) if rows else 0.0

    def around(self, name: str, like: Likeness) -> list[float]:
        """Return how like the neighbours of the best statement are."""
        scores = self._scores[:, self.places[name]]
        near = [scores[at] for at in (like.best - 1, like.best + 1) if 0 <= at < len(scores)]
        return [float(max(near, default=LEAST_LIKE))]

    def rivals(self, name: str, absent: float) -> list[float]:
        """Return what else the best statement may speak of, and how much rather.

        Args:
            name: Id of the target.
            absent: 1.0 where the patterns found nothing, when it matters most, else 0.0.
        """
        place = self.places[name]
        scores = self._scores[self.of(name).best]
        others = np.delete(scores, place)
        lead = float(np.clip(scores[place] - others.max(initial=LEAST_LIKE), -1.0, 0.5))
        rank = min(3, int((others > scores[place]).sum())) / 3
        told = min(4, int((others > 0).sum())) / 4
        return [lead, absent * lead, rank, absent * rank, told]

    def _rows_of(self, found: Sequence[Statement]) -> list[int]:
        return [self._rows[id(s)] for s in found if id(s) in self._rows]

    def _tone_of(self, elements: Sequence[str], flags: Sequence[str]) -> Floats:
        """Return how the whole contract speaks: of traps, of protections, how long, how surely."""
        if not len(self._scores):
            return TONES[:, 0]
        firsts = self._scores.max(axis=0)
        known = [name for name in elements if name in self.places]
        traps = [self.places[name] for name in flags if name in self.places]
        told = [n for n in known if firsts[self.places[n]] > SPOKEN]
        found = np.array(
            [
                firsts[traps].mean() if traps else 0.0,
                firsts[[self.places[name] for name in known]].mean() if known else 0.0,
                np.log(len(self._scores)) / 5,
                np.mean([self.of(name).definite for name in told]) if told else 0.0,
            ]
        )
        return np.asarray(np.clip(found, TONES[:, 0], TONES[:, 1]), dtype=np.float64)
