"""Trains the recogniser and its judge: `python -m reviewer.evaluation.training`.

The recogniser learns from the exemplars and from the statements of the contracts in `dev` and
`fresh`; the judge from the same contracts, each read by a recogniser that did not see its writer
(four folds). The patterns were written with `dev` in view and are worth less on a contract they never
saw, which only `fresh` can tell: it weighs more, and of what the patterns found in `dev` a share
is withheld. `test` is not touched. Needs scikit-learn, which the product itself does not.
"""

import hashlib
import io
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reviewer.engine.assess import ABSENT
from reviewer.engine.canonical import canonical
from reviewer.engine.features import DIMENSIONS, features, vicinity
from reviewer.engine.judgement import STATUSES, Judge, Weights
from reviewer.engine.matching import Lexicon
from reviewer.engine.recogniser import (
    NEARBY,
    Definiteness,
    Recogniser,
    joined,
    neighbours,
    placed,
    weights_file,
)
from reviewer.engine.statements import Statement
from reviewer.evaluation.cases import Case, own_wording, read_case
from reviewer.evaluation.dataset import read_dataset
from reviewer.knowledge.clauses import load_clauses
from reviewer.knowledge.exemplars import Exemplar, exemplars, load_exemplars
from reviewer.knowledge.playbooks import load_playbook
from reviewer.pipeline import write_atomically
from reviewer.playbook import Check, Element, FlagRule, Playbook

SPLITS = ("dev", "fresh")
FOLDS = 4
WITHHELD = 0.4
"""Share of the finds of the patterns that is withheld on contracts they were written for."""
KNOWN = 0.3
"""Weight of those contracts beside the fresh ones."""
OWN = 1.0
"""How freely a single element or flag may leave what all share; 0 is not at all."""
OWN_WORDING = 8.0
"""How much more the wording of an element itself says of its definiteness than that of all."""
OWN_FEATURES = 3
"""How many numbers `Judge.own_features` gives."""
LEAST = 20
"""An element or a flag with fewer exemplars is left to the patterns."""
MOST = 3.0
"""No label counts more, or less, than this beside what it would without weighing."""
FOREIGN = 0.25
"""Weight of a sentence that was not written for the target, and probably does not speak of it."""


@dataclass(frozen=True)
class Learned:
    """The recogniser as arrays."""

    targets: tuple[str, ...]
    weights: NDArray[np.float32]
    bias: NDArray[np.float32]
    definiteness: Definiteness

    def recogniser(self) -> Recogniser:
        """Return it for use."""
        return Recogniser(self.targets, self.weights, self.bias, self.definiteness)


class Rows:
    """Features with answers and weights, gathered for one regression."""

    def __init__(self, names: Sequence[str]) -> None:
        self.places = {name: place for place, name in enumerate(names)}
        self.features: list[Any] = []
        self.answers: list[int] = []
        self.weights: list[float] = []

    def add(self, name: str, features: Any, own: Any, answer: int, weight: float) -> None:
        """Add one answer; features that are None are passed over."""
        if features is None:
            return
        apart = np.zeros((len(self.places), OWN_FEATURES))
        apart[self.places[name]] = OWN * own
        self.features.append(np.concatenate([features, apart.ravel()]))
        self.answers.append(answer)
        self.weights.append(weight)

    def fit(self) -> tuple[Any, dict[str, Any]]:
        """Return the coefficients, with the intercept in the first column, and the own weights."""
        from sklearn.linear_model import LogisticRegression

        model = LogisticRegression(C=1.0, max_iter=3000)
        model.fit(np.array(self.features), self.answers, sample_weight=self.weights)
        found = model.coef_.copy()
        found[:, 0] += model.intercept_
        shared = found.shape[1] - OWN_FEATURES * len(self.places)
        apart = OWN * found[:, shared:].reshape(len(found), len(self.places), OWN_FEATURES)
        return found[:, :shared], {name: apart[:, at] for name, at in self.places.items()}


class Trainer:
    """Everything that is learned from, and how."""

    def __init__(
        self,
        playbook: Playbook,
        cases: Sequence[Case],
        bank: Sequence[Exemplar],
        ours: Sequence[Exemplar],
    ) -> None:
        self.playbook = playbook
        self.cases = tuple(cases)
        self.bank = tuple(dict.fromkeys((*bank, *ours)))
        proposed = {exemplar.text for exemplar in ours}
        self._ours = np.array([exemplar.text in proposed for exemplar in self.bank])
        self.owner = {e.id: c for c in playbook.checks for e in c.elements}
        self.owner |= {c.id: c for c in playbook.checks if c.rule}
        counts: dict[str, int] = {}
        for exemplar in self.bank:
            counts[exemplar.target] = counts.get(exemplar.target, 0) + 1
        self.targets = tuple(t for t in self.owner if counts.get(t, 0) >= LEAST)
        self._bank = matrix([canonical(exemplar.text).text for exemplar in self.bank])
        self._texts = [in_context(case.assessor.statements) for case in self.cases]

    def learn(self, seen: Sequence[int]) -> Learned:
        """Return the recogniser that the exemplars and the cases `seen` teach."""
        weights = np.zeros((DIMENSIONS, len(self.targets)), dtype=np.float32)
        bias = np.zeros(len(self.targets), dtype=np.float32)
        for column, target in enumerate(self.targets):
            weights[:, column], bias[column] = self._separate(*self._examples(target, seen))
        return Learned(self.targets, weights, bias, self._definiteness(seen))

    def _usual(self) -> dict[tuple[str, str], float]:
        """Return how much a label of a writer counts, so that no writer's habit is learned.

        Some writers were asked for many half-done provisions: as many as they wrote nobody meets.
        Their labels are weighed as if `partial` were as frequent as in the contracts of `dev`,
        which were drafted without such a wish (label shift: Saerens et al. 2002).
        """
        counts: dict[str, dict[str, int]] = {}
        for case in self.cases:
            told = counts.setdefault(_writer(case), {})
            for _, label in self._labelled_elements(case):
                told[label] = told.get(label, 0) + 1
        shares = {
            writer: {label: count / sum(told.values()) for label, count in told.items()}
            for writer, told in counts.items()
        }
        usual = shares.get(DEV, {})
        return {
            (writer, label): min(MOST, max(1 / MOST, usual[label] / share))
            for writer, told in shares.items()
            for label, share in told.items()
            if label in usual
        }

    def judged(self, learned: Sequence[Learned], fold_of: Sequence[int]) -> Weights:
        """Return the judge's weights, each case read by the recogniser that did not see it."""
        priors = self._priors(range(len(self.cases)))
        elements = Rows([name for name, check in self.owner.items() if not check.rule])
        flags = Rows([name for name, check in self.owner.items() if check.rule])
        chance = np.random.default_rng(0)
        usual = self._usual()
        for at, case in enumerate(self.cases):
            judge = self.judge(case, learned[fold_of[at]], priors)
            weight = KNOWN if case.known else 1.0
            for element, label in self._labelled_elements(case):
                if element.id not in judge.reading.places:
                    continue
                withheld = case.known and chance.random() < WITHHELD
                found = ABSENT if withheld else case.elements[element.id]
                row, own = judge.element_features(element, found), judge.own_features(element.id)
                counts = weight * usual.get((_writer(case), label), 1.0)
                elements.add(element.id, row, own, STATUSES.index(label), counts)
            for check, rule, label in self._labelled_flags(case):
                if check.id not in judge.reading.places:
                    continue
                withheld = case.known and chance.random() < WITHHELD
                spans = () if withheld else case.flags[check.id]
                row = judge.flag_features(check.id, rule, spans)
                own = judge.own_features(check.id, spans)
                flags.add(check.id, row, own, int(label == "met"), weight)
        chosen, own_elements = elements.fit()
        told, own_flags = flags.fit()
        return priors._replace(elements=chosen, flags=told[0], own={**own_elements, **own_flags})

    def judge(self, case: Case, learned: Learned, weights: Weights) -> Judge:
        """Return the judge of one case."""
        readings = learned.recogniser().read(case.assessor.statements)
        return Judge(case.assessor, readings, weights, self.playbook.flags)

    def _examples(self, target: str, seen: Sequence[int]) -> tuple[Any, Any, Any]:
        from scipy import sparse

        own = np.array([e.target == target for e in self.bank])
        if self.owner[target].rule:  # nothing that we propose is a trap
            own |= self._ours
        says = np.array([e.target == target and e.label != "absent" for e in self.bank])
        blocks = [(self._bank, says.astype(int), np.where(own, np.where(says, 2.0, 1.0), FOREIGN))]
        for at in seen:
            case, texts = self.cases[at], self._texts[at]
            label = case.labels.get(target)
            if label is None:
                continue
            if label == "absent":
                blocks.append((texts, *_constant(texts, 0, 0.5)))
                continue
            speaks, near = case.told[target], case.near[self.owner[target].id]
            if (~near).any():
                blocks.append((texts[~near], *_constant(texts[~near], 0, 0.3)))
            if speaks.any():
                blocks.append((texts[speaks], *_constant(texts[speaks], 1, 2.0)))
        return (
            sparse.vstack([block[0] for block in blocks]),
            np.concatenate([block[1] for block in blocks]),
            np.concatenate([block[2] for block in blocks]),
        )

    def _separate(self, texts: Any, says: Any, weights: Any) -> tuple[Any, float]:
        from sklearn.svm import LinearSVC

        model = LinearSVC(C=1.0, dual=True, random_state=0).fit(texts, says, sample_weight=weights)
        return model.coef_[0], float(model.intercept_[0])

    def _definiteness(self, seen: Sequence[int]) -> Definiteness:
        """Return what tells definite wording from vague, as the cases `seen` teach it.

        Each element sees the wording of all and, apart and stronger, its own (Daumé III 2007,
        "Frustratingly easy domain adaptation"): vague words are much the same everywhere, while
        what has to be definite is not.
        """
        from scipy import sparse
        from sklearn.svm import LinearSVC

        names = [name for name, check in self.owner.items() if not check.rule]
        found, columns, met, weights = self._spoken({n: at for at, n in enumerate(names)}, seen)
        ends = np.cumsum([0, *(len(places) for places in found)])
        sizes = np.diff(ends)
        values = np.repeat(1 / np.sqrt(np.maximum(1, sizes)), sizes)
        places = np.concatenate(found).astype(np.int64)
        apart = places + np.repeat(columns * DIMENSIONS, sizes)
        count = len(found)
        shared = sparse.csr_matrix((values, places, ends), (count, DIMENSIONS))
        own = sparse.csr_matrix(
            (OWN_WORDING * values, apart, ends), (count, DIMENSIONS * len(names))
        )
        usual = sparse.csr_matrix((np.ones(count), (np.arange(count), columns)))
        model = LinearSVC(C=0.25, dual=True, random_state=0, class_weight="balanced", max_iter=400)
        model.fit(sparse.hstack([shared, own, usual]).tocsr(), met, sample_weight=weights)
        learned = model.coef_[0].astype(np.float32)
        middle = learned[DIMENSIONS : DIMENSIONS * (len(names) + 1)]
        return Definiteness(
            learned[:DIMENSIONS],
            tuple(names),
            learned[:DIMENSIONS, None] + OWN_WORDING * middle.reshape(len(names), DIMENSIONS).T,
            learned[-len(names) :] + np.float32(model.intercept_[0]),
        )

    def _spoken(
        self, columns: dict[str, int], seen: Sequence[int]
    ) -> tuple[list[NDArray[np.int32]], NDArray[np.int64], list[bool], list[float]]:
        """Return all wording labelled `met` or `partial`: features, column, which, weight."""
        rows = [
            (features(canonical(e.text).text), columns[e.target], e.label == "met", 0.5)
            for e in self.bank
            if e.target in columns and e.label != "absent"
        ]
        for case in (self.cases[at] for at in seen):
            for name, column in columns.items():
                label = case.labels.get(name)
                if label in ("met", "partial") and case.told[name].any():
                    told = zip(case.assessor.statements, case.told[name], strict=True)
                    texts = [statement.full for statement, touched in told if touched]
                    rows.append((joined(texts), column, label == "met", 1.0))
        found, places, met, weights = (list(part) for part in zip(*rows, strict=True))
        return found, np.array(places, dtype=np.int64), met, weights

    def _priors(self, seen: Sequence[int]) -> Weights:
        elements: dict[str, Any] = {}
        flags: dict[str, float] = {}
        usual = self._usual()
        for target, check in self.owner.items():
            told = [self.cases[at] for at in seen if target in self.cases[at].labels]
            labels = [case.labels[target] for case in told]
            worth = [usual.get((_writer(c), c.labels[target]), 1.0) for c in told]
            counts = np.array(
                [
                    2.0 + sum(w for label, w in zip(labels, worth, strict=True) if label == status)
                    for status in STATUSES
                ]
            )
            if check.rule:
                share = (labels.count("met") + 1) / (len(labels) + 5)
                flags[target] = float(np.log(share / (1 - share)))
            else:
                elements[target] = np.log(counts / counts.sum())
        empty = np.zeros(0)
        return Weights(empty, empty, elements, flags, {})

    def _labelled_elements(self, case: Case) -> list[tuple[Element, str]]:
        return [
            (element, case.labels[element.id])
            for check in self.playbook.checks
            for element in check.elements
            if element.id in case.labels
        ]

    def _labelled_flags(self, case: Case) -> list[tuple[Check, FlagRule, str]]:
        return [
            (check, check.rule, case.labels[check.id])
            for check in self.playbook.checks
            if check.rule and check.id in case.labels
        ]


def in_context(statements: Sequence[Statement]) -> Any:
    """Return the features of the statements of one contract, with what stands around them."""
    from scipy import sparse

    pairs = list(neighbours(statements))
    size = (len(statements), len(statements))
    beside = sparse.csr_matrix(
        (np.full(len(pairs), NEARBY), tuple(zip(*pairs, strict=True)) or ((), ())), size
    )
    own = unit_rows([placed(statement) for statement in statements])
    return (own + beside @ unit_rows([vicinity(s.own.text) for s in statements])).tocsr()


def matrix(texts: Sequence[str]) -> Any:
    """Return the features of canonical texts as unit rows."""
    return unit_rows([features(text) for text in texts])


def unit_rows(found: Sequence[NDArray[np.int32]]) -> Any:
    """Return the rows of a matrix, each with the same length, from the places of its features."""
    from scipy import sparse

    ends = np.cumsum([0, *(len(places) for places in found)])
    values = np.concatenate([np.full(len(p), 1 / np.sqrt(max(1, len(p)))) for p in found])
    return sparse.csr_matrix((values, np.concatenate(found), ends), (len(found), DIMENSIONS))


def _constant(texts: Any, says: int, weight: float) -> tuple[Any, Any]:
    return np.full(texts.shape[0], says), np.full(texts.shape[0], weight)


def packed(learned: Learned, weights: Weights, inputs: str) -> bytes:
    """Return the file that the engine loads: weights in eight bits with a scale a target."""
    told = learned.definiteness
    eighths, scales = _in_eight_bits(learned.weights)
    own, own_scales = _in_eight_bits(told.own - told.shared[:, None])
    buffer = io.BytesIO()
    np.savez_compressed(
        buffer,
        inputs=np.array(inputs),
        targets=np.array(learned.targets),
        weights=eighths,
        scales=scales,
        bias=learned.bias,
        definite=told.shared.astype(np.float16),
        definite_targets=np.array(told.targets),
        definite_own=own,
        definite_scales=own_scales,
        definite_bias=told.bias,
        element_weights=weights.elements,
        flag_weights=weights.flags,
        elements=np.array(list(weights.element_priors)),
        element_priors=np.array(list(weights.element_priors.values())),
        flags=np.array(list(weights.flag_priors)),
        flag_priors=np.array(list(weights.flag_priors.values())),
        element_own=np.array([weights.own[name] for name in weights.element_priors]),
        flag_own=np.array([weights.own[name] for name in weights.flag_priors]),
    )
    return buffer.getvalue()


def _in_eight_bits(weights: NDArray[np.float32]) -> tuple[Any, Any]:
    """Return whole numbers from -127 to 127 and the scale of each column."""
    scales = np.abs(weights).max(axis=0) / 127
    scales = np.where(scales == 0, 1, scales).astype(np.float32)
    return np.rint(weights / scales).astype(np.int8), scales


def inputs_hash(dataset: Path) -> str:
    """Return a hash of what the weights are learned from, by which a stale file is known."""
    from reviewer.resources import data_folder

    key = hashlib.sha256()
    for path in sorted((data_folder("corpus") / "exemplars").glob("*.yaml")):
        key.update(path.read_bytes())
    names = json.loads((dataset / "splits.json").read_text(encoding="utf-8"))
    for name in sorted(name for split in SPLITS for name in names[split]):
        key.update((dataset / "labels" / f"{name}.json").read_bytes())
    return key.hexdigest()[:16]


DEV = "dev"


def _writer(case: Case) -> str:
    return DEV if case.known else writer_of(case.item.name)


def writer_of(name: str) -> str:
    """Return who wrote a contract: the letters that its name begins with."""
    return name.rstrip("_").split("_")[0].rstrip("0123456789")


def folds(names: Sequence[str]) -> list[int]:
    """Return a fold for each contract, all of one writer in the same: a new drafter is new."""
    writers = [writer_of(name) for name in names]
    loads = [0] * FOLDS
    chosen: dict[str, int] = {}
    for writer in sorted(set(writers), key=lambda w: (-writers.count(w), w)):
        chosen[writer] = loads.index(min(loads))
        loads[chosen[writer]] += writers.count(writer)
    return [chosen[writer] for writer in writers]


def trained(dataset: Path = Path("eval")) -> tuple[Learned, Weights, Trainer]:
    """Return what the exemplars and the contracts of `dataset` teach."""
    playbook = load_playbook()
    lexicon = Lexicon(playbook.vocabulary)
    cases = [
        read_case(item, playbook, lexicon, known=split == "dev")
        for split in SPLITS
        for item in read_dataset(dataset, playbook, split).contracts
    ]
    library = load_clauses()
    ours = tuple(own_wording(library.clauses.values(), library.fixes.values()))
    trainer = Trainer(playbook, cases, tuple(exemplars(playbook, load_exemplars())), ours)
    fold_of = folds([case.item.name for case in cases if not case.known])
    fold_of = [at % FOLDS for at, case in enumerate(cases) if case.known] + fold_of
    unseen = [
        trainer.learn([at for at in range(len(cases)) if fold_of[at] != fold])
        for fold in range(FOLDS)
    ]
    weights = trainer.judged(unseen, fold_of)
    return trainer.learn(range(len(cases))), weights, trainer


def main() -> None:
    """Train and write the file."""
    dataset = Path("eval")
    learned, weights, trainer = trained(dataset)
    data = packed(learned, weights, inputs_hash(dataset))
    write_atomically(weights_file(), data)
    sys.stdout.write(
        f"{len(trainer.bank)} exemplars, {len(trainer.cases)} contracts, "
        f"{len(learned.targets)} targets, {len(data) // 1024} KiB\n"
    )


if __name__ == "__main__":
    main()
