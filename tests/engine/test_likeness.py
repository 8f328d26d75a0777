"""Likeness: what comparing the scores of one contract says."""

import numpy as np
import pytest

from reviewer.engine.features import DIMENSIONS
from reviewer.engine.likeness import LEAST_LIKE, Reading
from reviewer.engine.recogniser import Definiteness, Readings
from reviewer.engine.statements import statements
from tests.factories import contract

WORDS = ("乙方每周抽检五十通。", "乙方对买家信息保密。")


def reading(*scores: tuple[float, float]) -> Reading:
    """Return a reading in which the statements of `WORDS` have these scores for x and y."""
    stated = statements(contract(*WORDS))
    rows = np.full((len(stated), 2), -2.0, dtype=np.float32)
    rows[-len(scores) :] = scores
    nothing = Definiteness(
        np.zeros(DIMENSIONS, dtype=np.float32), (), np.zeros((DIMENSIONS, 0)), np.zeros(0)
    )
    texts = [statement.full for statement in stated]
    return Reading(stated, Readings({"x": 0, "y": 1}, rows, texts, nothing), ("x",), ("y",))


def test_the_best_statement_and_the_next_are_known() -> None:
    like = reading((0.4, -1.0), (0.9, -1.0)).of("x")
    assert (round(like.first, 2), round(like.second, 2)) == (0.9, 0.4)


def test_a_statement_that_rather_speaks_of_something_else_has_no_lead() -> None:
    rather, alone = reading((-1.0, -1.0), (0.2, 0.6)), reading((-1.0, -1.0), (0.2, -1.0))
    lead, _, rank, _, told = rather.rivals("x", 0.0)
    assert lead < 0 < alone.rivals("x", 0.0)[0]
    assert rank > alone.rivals("x", 0.0)[2]
    assert told == 0.25


def test_how_unlike_a_statement_is_says_nothing() -> None:
    like = reading((-3.0, -1.0), (-2.0, -1.0)).of("x")
    assert like.first == pytest.approx(LEAST_LIKE)


def test_the_tone_rises_with_traps_that_are_recognised() -> None:
    calm, loud = reading((-1.0, -0.8), (-1.0, -0.8)), reading((-1.0, 0.05), (-1.0, -0.8))
    assert loud.tone[0] > calm.tone[0]
