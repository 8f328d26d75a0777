"""What training learns from: the labelled contracts as statements, and our own wording."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reviewer.engine.assess import Assessment, Assessor
from reviewer.engine.audit import audit
from reviewer.engine.detectors import Facts
from reviewer.engine.injection import without_injections
from reviewer.engine.matching import Lexicon
from reviewer.engine.rules import signs_of
from reviewer.engine.statements import statements
from reviewer.evaluation.dataset import LabelledContract, passages
from reviewer.knowledge.exemplars import Exemplar
from reviewer.knowledge.laws import load_laws
from reviewer.model_clause import Fix, ModelClause, fill
from reviewer.pipeline import read_contract
from reviewer.playbook import Playbook
from reviewer.settings import Settings
from reviewer.text import Span


@dataclass(frozen=True)
class Case:
    """One labelled contract, read and assessed by the patterns."""

    item: LabelledContract
    known: bool
    """Whether the patterns were written with this contract in view."""
    assessor: Assessor
    elements: dict[str, Assessment]
    flags: dict[str, tuple[Span, ...]]
    labels: dict[str, str]
    """Element or flag to `met`, `partial` or `absent`; a hit is `met`."""
    told: dict[str, NDArray[np.bool_]]
    """Element or flag to the statements that its labelled passages touch."""
    near: dict[str, NDArray[np.bool_]]
    """Check to the statements that any of its labelled passages touches."""


def own_wording(clauses: Iterable[ModelClause], fixes: Iterable[Fix]) -> Iterator[Exemplar]:
    """Yield what the product itself proposes: it must be recognised when it comes back."""
    names = {"client": "甲方", "vendor": "乙方", "shop": "店铺", "platform": "平台"}
    for clause in clauses:
        values = names | {name: slot.default for name, slot in clause.slots.items()}
        for part in (*clause.standard.parts, *clause.strong.parts):
            for element in part.elements:
                yield Exemplar(element, "met", fill(part.text, values))
    for fix in fixes:
        values = names | {name: slot.default for name, slot in fix.slots.items()}
        for text in (fix.text, *fix.variants.values()):
            if text:
                yield Exemplar(fix.check, "absent", fill(text, values))


def read_case(item: LabelledContract, playbook: Playbook, lexicon: Lexicon, *, known: bool) -> Case:
    """Return one labelled contract, assessed by the patterns alone."""
    contract = read_contract(item.path, Settings(engine="rules"))
    assessor = Assessor(lexicon, without_injections(contract, statements(contract)))
    elements = {e.id: assessor.element(e) for c in playbook.checks for e in c.elements}
    seen = audit(contract, assessor.statements)
    facts = Facts(contract, assessor, elements, load_laws(), seen)
    labels: dict[str, str] = {}
    told: dict[str, Any] = {}
    near: dict[str, Any] = {}
    flags: dict[str, tuple[Span, ...]] = {}
    for check in playbook.checks:
        label = item.labels.get(check.id)
        if check.rule:
            signs = signs_of(check, facts)
            flags[check.id] = tuple(span for sign in signs for span in sign.spans)
        if label is None:
            continue
        if check.rule:
            labels[check.id] = "met" if label.status == "hit" else "absent"
        labels |= label.elements
        near[check.id] = _told(contract.text, label.evidence, assessor)
        told[check.id] = near[check.id]
        for element in check.elements:
            quotes = label.quotes.get(element.id, ())
            told[element.id] = _told(contract.text, quotes, assessor)
    return Case(item, known, assessor, elements, flags, labels, told, near)


def _told(text: str, evidence: Sequence[str], assessor: Assessor) -> NDArray[np.bool_]:
    touched = np.zeros(len(assessor.statements), dtype=bool)
    for span in (span for quote in evidence for span in passages(quote, text)):
        for row, statement in enumerate(assessor.statements):
            if statement.span.start < span.end and statement.span.end > span.start:
                touched[row] = True
    return touched
