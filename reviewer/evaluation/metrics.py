"""Figures over outcomes, with bootstrap intervals over contracts.

Each contract is first reduced to counts that add up, so that a resample is a sum of rows and a
thousand resamples take milliseconds.

Source: the metrics named in the interface specification; percentile bootstrap after Efron (1979).
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from reviewer.evaluation.scoring import Outcome
from reviewer.finding import FLAGGED, ElementStatus, Status
from reviewer.record import Record

STATUSES: tuple[Status, ...] = ("ok", "weak", "missing", "hit", "clear")
ELEMENT_STATUSES: tuple[ElementStatus, ...] = ("met", "partial", "absent")
RESAMPLES = 1000
SEED = 20261123

_S, _E = len(STATUSES), len(ELEMENT_STATUSES)
_CONFUSION = _S * (_S + 1)
"""Rows are the labelled status, columns what the engine said; the last column is a crash."""
_ELEMENTS = _E * (_E + 1)
WIDTH = _CONFUSION + _ELEMENTS + 6
Counts = NDArray[np.float64]


class Figure(Record):
    """A measured share with its 95 % interval over contracts; None when there is nothing to measure."""

    value: float | None
    low: float | None = None
    high: float | None = None


class Comparison(NamedTuple):
    """How much better the second run is in one metric, and the 95 % interval of that."""

    difference: float
    low: float
    high: float

    @property
    def worse(self) -> bool:
        """Return whether the second run is worse by more than noise."""
        return self.high < 0


METRICS = (
    "accuracy",
    "macro_f1",
    "flagged_precision",
    "flagged_recall",
    "flagged_f1",
    "missing_recall",
    "element_accuracy",
    "element_macro_f1",
    "evidence_rate",
    "citation_validity",
    "fix_rate",
)


def counts(outcomes: Iterable[Outcome]) -> Counts:
    """Return the counts of one contract's outcomes, a vector of `WIDTH`."""
    row = np.zeros(WIDTH)
    for outcome in outcomes:
        got = STATUSES.index(outcome.got) if outcome.got else _S
        row[STATUSES.index(outcome.expected) * (_S + 1) + got] += 1
        for element in outcome.elements:
            seen = ELEMENT_STATUSES.index(element.got) if element.got else _E
            row[_CONFUSION + ELEMENT_STATUSES.index(element.expected) * (_E + 1) + seen] += 1
        tail = _CONFUSION + _ELEMENTS
        if outcome.evidence_right is not None:
            row[tail] += 1
            row[tail + 1] += outcome.evidence_right
        row[tail + 2] += outcome.citations
        row[tail + 3] += outcome.citations_valid
        if outcome.fixed is not None:
            row[tail + 4] += 1
            row[tail + 5] += outcome.fixed
    return row


def confusion(total: Counts) -> Counts:
    """Return the status confusion matrix: labelled down, found across, crashes last."""
    return total[:_CONFUSION].reshape(_S, _S + 1)


def measure(total: Counts) -> dict[str, float | None]:
    """Return the metrics of summed counts."""
    matrix = confusion(total)
    elements = total[_CONFUSION : _CONFUSION + _ELEMENTS].reshape(_E, _E + 1)
    evidence, right, cited, valid, looped, fixed = total[_CONFUSION + _ELEMENTS :]
    flagged = np.array([status in FLAGGED for status in STATUSES])
    true = matrix[flagged][:, :_S][:, flagged].sum()
    precision = _share(true, matrix[:, :_S][:, flagged].sum())
    recall = _share(true, matrix[flagged].sum())
    missing = matrix[STATUSES.index("missing")]
    return {
        "accuracy": _share(np.trace(matrix[:, :_S]), matrix.sum()),
        "macro_f1": _macro_f1(matrix),
        "flagged_precision": precision,
        "flagged_recall": recall,
        "flagged_f1": _f1(precision, recall),
        "missing_recall": _share(missing[STATUSES.index("missing")], missing.sum()),
        "element_accuracy": _share(np.trace(elements[:, :_E]), elements.sum()),
        "element_macro_f1": _macro_f1(elements),
        "evidence_rate": _share(right, evidence),
        "citation_validity": _share(valid, cited),
        "fix_rate": _share(fixed, looped),
    }


def figures(rows: Sequence[Counts]) -> dict[str, Figure]:
    """Return each metric over `rows`, one row a contract, with its interval."""
    if not rows:
        return {name: Figure(value=None) for name in METRICS}
    table = np.array(rows)
    values = measure(table.sum(axis=0))
    samples = [measure(table[pick].sum(axis=0)) for pick in _resamples(len(rows))]
    made = {}
    for name, value in values.items():
        spread = [s for sample in samples if (s := sample[name]) is not None]
        low, high = np.percentile(spread, [2.5, 97.5]) if spread else (None, None)
        made[name] = Figure(value=_rounded(value), low=_rounded(low), high=_rounded(high))
    return made


def compare(before: Sequence[Counts], after: Sequence[Counts]) -> dict[str, Comparison]:
    """Return how the second run differs from the first on the same contracts.

    Args:
        before: One row a contract.
        after: The same contracts in the same order.
    """
    old, new = np.array(before), np.array(after)
    found = {}
    picks = [np.arange(len(old)), *_resamples(len(old))]
    pairs = [(measure(old[p].sum(axis=0)), measure(new[p].sum(axis=0))) for p in picks]
    for name in METRICS:
        steps = [
            b - a
            for first, second in pairs
            if (a := first[name]) is not None and (b := second[name]) is not None
        ]
        if steps:
            low, high = np.percentile(steps, [2.5, 97.5])
            found[name] = Comparison(round(steps[0], 4), round(low, 4), round(high, 4))
    return found


def _resamples(size: int) -> list[NDArray[np.int64]]:
    random = np.random.default_rng(SEED)
    return [random.integers(0, size, size) for _ in range(RESAMPLES)]


def _macro_f1(matrix: Counts) -> float | None:
    """Return the mean F1 over the classes that occur, labelled or found."""
    scores = []
    for index in range(len(matrix)):
        labelled, found = matrix[index].sum(), matrix[:, index].sum()
        if labelled + found:
            scores.append(2 * matrix[index, index] / (labelled + found))
    return float(np.mean(scores)) if scores else None


def _share(part: float, whole: float) -> float | None:
    return float(part / whole) if whole else None


def _f1(precision: float | None, recall: float | None) -> float | None:
    if precision is None or recall is None:
        return None
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(float(value), 4)
