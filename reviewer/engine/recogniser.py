"""Recognising wording that no cue foresaw: linear scores learned from the exemplars.

Patterns say exactly what they accept and know nothing else; the recogniser knows how many drafters
word an element or a trap and scores any statement by its likeness to them. What a score is worth
beside the patterns is for `judgement` to say.
"""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from reviewer.engine.features import features
from reviewer.engine.statements import Statement
from reviewer.resources import data_folder

Floats = NDArray[np.float32]


class Readings(NamedTuple):
    """The scores of the statements of one contract."""

    places: dict[str, int]
    """Column of each element or flag."""
    scores: Floats
    """One row a statement, one column a target; above 0 it speaks of the target, below it does
    not."""
    definite: Floats
    """One row a statement; above 0 it is definite as `met` asks, below it is vague or blank."""


class Recogniser:
    """Scores statements for every element and flag that it has learned."""

    def __init__(
        self, targets: Sequence[str], weights: Floats, bias: Floats, definite: Floats
    ) -> None:
        """Take learned weights.

        Args:
            targets: Ids of elements and flags.
            weights: One row a feature, one column a target.
            bias: One number a target.
            definite: One weight a feature, and the bias last.
        """
        self.places = {target: column for column, target in enumerate(targets)}
        self._weights = np.column_stack([weights, definite[:-1]]).astype(np.float32)
        self._bias = np.append(bias, definite[-1]).astype(np.float32)

    def read(self, statements: Sequence[Statement]) -> Readings:
        """Return the scores of `statements`."""
        rows = np.zeros((len(statements), len(self._bias)), dtype=np.float32)
        for row, statement in enumerate(statements):
            found = features(statement.full)
            rows[row] = self._weights[found].sum(axis=0) / np.sqrt(max(1, len(found)))
        rows += self._bias
        return Readings(self.places, rows[:, :-1], rows[:, -1])


def weights_file() -> Path:
    """Return where the learned weights lie."""
    return data_folder("corpus") / "vectors" / "recogniser.npz"


@cache
def load_recogniser() -> Recogniser | None:
    """Return the recogniser that was shipped; None where there is none."""
    path = weights_file()
    if not path.is_file():
        return None
    with np.load(path) as stored:
        return Recogniser(
            [str(target) for target in stored["targets"]],
            stored["weights"].astype(np.float32) * stored["scales"],
            stored["bias"],
            stored["definite"].astype(np.float32),
        )
