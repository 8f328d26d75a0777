"""The learned weights belong to the exemplars and labels that lie beside them."""

import numpy as np

from reviewer.engine.recogniser import weights_file
from reviewer.evaluation.training import SPLITS, inputs_hash
from tests.conftest import REPOSITORY


def test_the_shipped_weights_were_learned_from_the_shipped_exemplars_and_labels() -> None:
    with np.load(weights_file()) as stored:
        learned_from = str(stored["inputs"])
    assert learned_from == inputs_hash(REPOSITORY / "eval"), (
        "exemplars or labels have changed: run `make train`"
    )


def test_nothing_is_learned_from_test() -> None:
    assert "test" not in SPLITS
