"""The learned weights belong to the exemplars and labels that lie beside them."""

import numpy as np

from reviewer.engine.recogniser import weights_file
from reviewer.evaluation.training import SPLITS, folds, inputs_hash
from tests.conftest import REPOSITORY


def test_the_shipped_weights_were_learned_from_the_shipped_exemplars_and_labels() -> None:
    with np.load(weights_file()) as stored:
        learned_from = str(stored["inputs"])
    assert learned_from == inputs_hash(REPOSITORY / "eval"), (
        "exemplars or labels have changed: run `make train`"
    )


def test_nothing_is_learned_from_test() -> None:
    assert "test" not in SPLITS


def test_the_contracts_of_one_writer_are_never_learned_from_and_judged_at_once() -> None:
    names = ["a01_x", "b01_x", "a02_x", "ab01_x", "b02_x", "c01_x", "a03_x", "d01_x"]
    found = dict(zip(names, folds(names), strict=True))
    assert found["a01_x"] == found["a02_x"] == found["a03_x"]
    assert found["b01_x"] == found["b02_x"]
    assert len({found["a01_x"], found["b01_x"], found["ab01_x"]}) == 3
