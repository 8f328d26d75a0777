"""Engines to beat: the majority answer, title words, and the nearest exemplar."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reviewer.contract import Clause, Contract
from reviewer.engine import OnFinding
from reviewer.engine.rules import RulesOutcome
from reviewer.engine.status import protection_status
from reviewer.evaluation.dataset import LabelledContract
from reviewer.finding import ElementFinding, ElementStatus, Evidence, Finding, Status
from reviewer.playbook import Check, Element, Playbook
from reviewer.review import EngineInfo

Embed = Callable[[Sequence[str]], NDArray[np.float32]]
"""Turns sentences into unit vectors, one row each."""

_SEPARATORS = re.compile(r"[与和、及()（）/的或]")
_SENTENCE = re.compile(r"[^。；;\n]+")
NEAR = 0.88
"""Cosine from which e5 vectors of Chinese clause sentences speak of one subject; the model puts
unrelated ones at about 0.8."""


@dataclass(frozen=True)
class MajorityEngine:
    """Gives every check the status that it has most often among labelled contracts."""

    statuses: Mapping[str, Status]
    elements: Mapping[str, ElementStatus]

    @classmethod
    def learned(cls, labelled: Iterable[LabelledContract]) -> "MajorityEngine":
        """Return the engine that knows the labels of `labelled` and nothing of the text."""
        statuses: dict[str, Counter[Status]] = {}
        elements: dict[str, Counter[ElementStatus]] = {}
        for item in labelled:
            for name, label in item.labels.items():
                statuses.setdefault(name, Counter())[label.status] += 1
                for element, status in label.elements.items():
                    elements.setdefault(element, Counter())[status] += 1
        return cls(
            {name: count.most_common(1)[0][0] for name, count in statuses.items()},
            {name: count.most_common(1)[0][0] for name, count in elements.items()},
        )

    def review(
        self, contract: Contract, playbook: Playbook, on_finding: OnFinding | None = None
    ) -> RulesOutcome:
        """Return the same findings for every contract."""
        return _outcome(
            "majority",
            playbook,
            [
                _finding(
                    check,
                    self.statuses.get(check.id, "clear" if check.rule else "missing"),
                    {e.id: (self.elements.get(e.id, "absent"), None) for e in check.elements},
                )
                for check in playbook.checks
            ],
        )


@dataclass(frozen=True)
class KeywordEngine:
    """Takes an element for met, or a flag for hit, where the words of its title occur."""

    def review(
        self, contract: Contract, playbook: Playbook, on_finding: OnFinding | None = None
    ) -> RulesOutcome:
        """Return findings from title words alone."""
        clauses = tuple(contract.operative())
        findings = []
        for check in playbook.checks:
            if check.rule:
                found = _keyword(check.title, clauses)
                findings.append(_finding(check, "hit" if found else "clear", {}, found))
                continue
            answers: dict[str, tuple[ElementStatus, Evidence | None]] = {}
            for element in check.elements:
                passage = _keyword(element.title, clauses)
                answers[element.id] = ("met" if passage else "absent", passage)
            findings.append(_from_elements(check, answers))
        return _outcome("keyword", playbook, findings)


class DenseEngine:
    """Takes the label of the nearest exemplar sentence, by embedding alone."""

    def __init__(self, playbook: Playbook, embed: Embed) -> None:
        self._embed = embed
        self._of: dict[str, tuple[NDArray[np.float32], list[str]]] = {}
        sentences: list[tuple[str, str, str]] = []
        for check in playbook.checks:
            for element in check.elements:
                for status in ("met", "partial", "absent"):
                    texts = getattr(element.exemplars, status)
                    sentences += [(element.id, status, text) for text in texts]
            if check.exemplars:
                sentences += [(check.id, "hit", text) for text in check.exemplars.hit]
                sentences += [(check.id, "clear", text) for text in check.exemplars.clear]
        vectors = embed([text for _, _, text in sentences])
        rows: dict[str, list[int]] = {}
        for index, (name, _, _) in enumerate(sentences):
            rows.setdefault(name, []).append(index)
        for name, indices in rows.items():
            self._of[name] = (vectors[indices], [sentences[i][1] for i in indices])

    def review(
        self, contract: Contract, playbook: Playbook, on_finding: OnFinding | None = None
    ) -> RulesOutcome:
        """Return findings from the nearest exemplars."""
        passages = _sentences(contract)
        vectors = self._embed([passage.quote for passage in passages])
        findings = []
        for check in playbook.checks:
            if check.rule:
                status, passage = self._nearest(check.id, vectors, passages, "clear")
                hit = status == "hit"
                findings.append(
                    _finding(check, "hit" if hit else "clear", {}, passage if hit else None)
                )
                continue
            answers: dict[str, tuple[ElementStatus, Evidence | None]] = {}
            for element in check.elements:
                answers[element.id] = self._element(element, vectors, passages)
            findings.append(_from_elements(check, answers))
        return _outcome("dense", playbook, findings)

    def _element(
        self, element: Element, vectors: NDArray[np.float32], passages: Sequence[Evidence]
    ) -> tuple[ElementStatus, Evidence | None]:
        status, passage = self._nearest(element.id, vectors, passages, "absent")
        if status == "met":
            return "met", passage
        return ("partial", passage) if status == "partial" else ("absent", None)

    def _nearest(
        self,
        name: str,
        vectors: NDArray[np.float32],
        passages: Sequence[Evidence],
        otherwise: str,
    ) -> tuple[str, Evidence | None]:
        if name not in self._of or not len(passages):
            return otherwise, None
        exemplars, statuses = self._of[name]
        scores = vectors @ exemplars.T
        row, column = np.unravel_index(int(scores.argmax()), scores.shape)
        if scores[row, column] < NEAR:
            return otherwise, None
        return statuses[int(column)], passages[int(row)]


def _sentences(contract: Contract) -> list[Evidence]:
    return [
        Evidence(quote=match[0], start=clause.start + match.start(), end=clause.start + match.end())
        for clause in contract.operative()
        for match in _SENTENCE.finditer(clause.text)
        if len(match[0].strip()) >= 6
    ]


def _keyword(title: str, clauses: Sequence[Clause]) -> Evidence | None:
    words = [word for word in _SEPARATORS.split(title) if len(word) >= 2]
    for clause in clauses:
        for word in words:
            at = clause.text.find(word)
            if at >= 0:
                begin = clause.start + at
                return Evidence(quote=word, start=begin, end=begin + len(word))
    return None


def _from_elements(
    check: Check, answers: Mapping[str, tuple[ElementStatus, Evidence | None]]
) -> Finding:
    status = protection_status(check, {name: answer[0] for name, answer in answers.items()})
    return _finding(check, status, answers)


def _finding(
    check: Check,
    status: Status,
    answers: Mapping[str, tuple[ElementStatus, Evidence | None]],
    passage: Evidence | None = None,
) -> Finding:
    elements = tuple(
        ElementFinding(
            id=name,
            status=state,
            quote=found.quote if found else None,
            start=found.start if found else None,
            end=found.end if found else None,
        )
        for name, (state, found) in answers.items()
    )
    evidence = [found for _, found in answers.values() if found] + ([passage] if passage else [])
    return Finding(
        id=check.id,
        check=check.id,
        kind=check.kind,
        title=check.title,
        status=status,
        severity=check.severity,
        elements=elements,
        evidence=tuple(evidence) if status in ("ok", "weak", "hit") else (),
        reason="",
        confidence=0.5,
    )


def _outcome(name: str, playbook: Playbook, findings: Sequence[Finding]) -> RulesOutcome:
    info = EngineInfo(name=name, playbook=playbook.id, playbook_version=playbook.version)
    return RulesOutcome(tuple(findings), info)
