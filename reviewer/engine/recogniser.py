"""Recognising wording that no cue foresaw: linear scores learned from the exemplars.

Patterns say exactly what they accept and know nothing else; the recogniser knows how many drafters
word an element or a trap and scores any statement by its likeness to them. What a score is worth
beside the patterns is for `judgement` to say.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from reviewer.engine.features import features, setting, vicinity
from reviewer.engine.statements import Statement
from reviewer.resources import data_folder

Floats = NDArray[np.float32]
NEARBY = 0.3
"""Weight of what stands next to a statement, beside the statement itself."""


class Definiteness(NamedTuple):
    """What tells definite wording from vague: much that all elements share, and what is its own.

    A weekly report is definite of reporting and says nothing definite of quality.
    """

    shared: Floats
    """One weight a feature; all that is known of a flag."""
    targets: tuple[str, ...]
    own: Floats
    """One row a feature, one column a target: shared and own together."""
    bias: Floats
    """One number a target."""


class Readings:
    """The scores of the statements of one contract."""

    def __init__(
        self,
        places: dict[str, int],
        scores: Floats,
        texts: Sequence[str],
        definiteness: Definiteness,
    ) -> None:
        """Take the scores.

        Args:
            places: Column of each element or flag.
            scores: One row a statement, one column a target; above 0 it speaks of the target,
                below it does not.
            texts: The statements.
            definiteness: What tells definite wording from vague.
        """
        self.places = places
        self.scores = scores
        self._texts = texts
        self._definiteness = definiteness
        self._columns = {name: column for column, name in enumerate(definiteness.targets)}

    def definite(self, target: str, rows: Sequence[int]) -> float:
        """Return how definite the statements in `rows`, read together, are of `target`.

        Above 0 they are as definite as `met` asks, below they are vague, blank or one-sided.
        """
        found = joined([self._texts[row] for row in rows])
        scale = np.sqrt(max(1, len(found)))
        column = self._columns.get(target)
        if column is None:
            return float(self._definiteness.shared[found].sum() / scale)
        told = self._definiteness.own[found, column].sum() / scale
        return float(told + self._definiteness.bias[column])


class Recogniser:
    """Scores statements for every element and flag that it has learned."""

    def __init__(
        self, targets: Sequence[str], weights: Floats, bias: Floats, definiteness: Definiteness
    ) -> None:
        """Take learned weights.

        Args:
            targets: Ids of elements and flags.
            weights: One row a feature, one column a target.
            bias: One number a target.
            definiteness: What tells definite wording from vague.
        """
        self.places = {target: column for column, target in enumerate(targets)}
        self._weights = weights.astype(np.float32)
        self._bias = bias.astype(np.float32)
        self._definiteness = definiteness

    def read(self, statements: Sequence[Statement]) -> Readings:
        """Return the scores of `statements`."""
        texts = [statement.full for statement in statements]
        rows = np.zeros((len(texts), len(self._bias)), dtype=np.float32)
        seen = np.zeros_like(rows)
        for row, statement in enumerate(statements):
            rows[row] = self._sum(placed(statement))
            seen[row] = self._sum(vicinity(statement.own.text))
        for row, near in neighbours(statements):
            rows[row] += NEARBY * seen[near]
        return Readings(self.places, rows + self._bias, texts, self._definiteness)

    def _sum(self, found: NDArray[np.int32]) -> Floats:
        total: Floats = self._weights[found].sum(axis=0) / np.sqrt(max(1, len(found)))
        return total


def placed(statement: Statement) -> NDArray[np.int32]:
    """Return the features of a statement and of the headings that it stands under."""
    return np.union1d(features(statement.full), setting(statement.heading))


def neighbours(statements: Sequence[Statement]) -> Iterator[tuple[int, int]]:
    """Yield each statement's row with that of one next to it in the same article."""
    for row in range(1, len(statements)):
        if statements[row].article == statements[row - 1].article:
            yield row, row - 1
            yield row - 1, row


def joined(texts: Sequence[str]) -> NDArray[np.int32]:
    """Return the features of several texts as of one."""
    if len(texts) == 1:
        return features(texts[0])
    return np.unique(np.concatenate([features(text) for text in texts]))


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
        shared = stored["definite"].astype(np.float32)
        own = stored["definite_own"].astype(np.float32) * stored["definite_scales"]
        return Recogniser(
            [str(target) for target in stored["targets"]],
            stored["weights"].astype(np.float32) * stored["scales"],
            stored["bias"],
            Definiteness(
                shared,
                tuple(str(target) for target in stored["definite_targets"]),
                shared[:, None] + own,
                stored["definite_bias"],
            ),
        )
