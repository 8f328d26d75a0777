"""The rules engine: deterministic, explainable, without a network."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from reviewer.contract import Contract
from reviewer.engine import OnFinding
from reviewer.engine.assess import ABSENT, MAX_PASSAGES, Assessment, Assessor
from reviewer.engine.audit import Observation, audit
from reviewer.engine.detectors import CLEARS, DETECTORS, Facts, Sign
from reviewer.engine.injection import injection_warnings, injections, without_injections
from reviewer.engine.judgement import Floats, Judge, load_weights
from reviewer.engine.matching import Lexicon
from reviewer.engine.reasons import flag_reason, protection_reason
from reviewer.engine.recogniser import load_recogniser
from reviewer.engine.statements import statements
from reviewer.engine.status import protection_status
from reviewer.engine.suggest import Drafter
from reviewer.engine.venue import venue_side
from reviewer.finding import ElementFinding, Evidence, Finding, Status
from reviewer.knowledge.clauses import ClauseLibrary
from reviewer.knowledge.laws import LawBook
from reviewer.playbook import Check, Element, Playbook
from reviewer.review import EngineInfo, Usage
from reviewer.text import Span

NAME = "rules"

_COURT = re.compile(r"法院|仲裁委")


@dataclass(frozen=True)
class RulesOutcome:
    """What the rules engine made of a contract."""

    findings: tuple[Finding, ...]
    info: EngineInfo
    warnings: tuple[str, ...] = ()
    usage: Usage = field(default_factory=Usage)
    tone: Floats | None = None
    """How the contract speaks as a whole; None where nothing was learned."""


class RulesEngine:
    """Answers every check by the patterns, bounds and detectors of the playbook."""

    def __init__(
        self, laws: LawBook, clauses: ClauseLibrary, *, platform: str | None = None
    ) -> None:
        self.laws = laws
        self.clauses = clauses
        self.platform = platform
        self._lexicons: dict[int, Lexicon] = {}

    def review(
        self,
        contract: Contract,
        playbook: Playbook,
        on_finding: OnFinding | None = None,
        *,
        tone: Floats | None = None,
    ) -> RulesOutcome:
        """Return one finding for every check, then the observations of the structure audit.

        With `tone` the contract is judged in the tone of another, of which it is a variant.
        """
        case = _Case(contract, playbook, self._lexicon(playbook), self.laws, tone)
        tell = on_finding or (lambda finding: None)
        findings: list[Finding] = []
        for check in _in_need(playbook):
            findings.append(case.protection(check) if check.elements else case.flag(check))
            tell(findings[-1])
        order = {check.id: at for at, check in enumerate(playbook.checks)}
        findings.sort(key=lambda finding: order[finding.check])
        findings = [f.model_copy(update={"id": f"f{n:02d}"}) for n, f in enumerate(findings, 1)]
        findings = Drafter(contract, playbook, self.clauses, self.platform).drafted(findings)
        findings += case.observed(first=len(findings) + 1)
        info = EngineInfo(name=NAME, playbook=playbook.id, playbook_version=playbook.version)
        warnings = injection_warnings(contract, injections(contract))
        return RulesOutcome(
            tuple(findings), info, warnings, tone=case.judge.tone if case.judge else None
        )

    def _lexicon(self, playbook: Playbook) -> Lexicon:
        key = id(playbook.vocabulary)
        if key not in self._lexicons:
            self._lexicons[key] = Lexicon(playbook.vocabulary)
        return self._lexicons[key]


def _in_need(playbook: Playbook) -> Sequence[Check]:
    """Return the checks with the protections first: detectors look at their elements."""
    return sorted(playbook.checks, key=lambda check: check.kind != "protection")


class _Case:
    """One contract under review."""

    def __init__(
        self,
        contract: Contract,
        playbook: Playbook,
        lexicon: Lexicon,
        laws: LawBook,
        tone: Floats | None,
    ) -> None:
        self.contract = contract
        self.laws = laws
        self.assessor = Assessor(lexicon, without_injections(contract, statements(contract)))
        self.assessments: dict[str, Assessment] = {}
        self.observations: tuple[Observation, ...] = audit(contract, self.assessor.statements)
        self.judge = judge_of(self.assessor, playbook, tone)
        self.sides_known = all(contract.party(side) for side in ("client", "vendor"))

    def protection(self, check: Check) -> Finding:
        found = {element.id: self._assessed(element) for element in check.elements}
        self.assessments |= found
        status = protection_status(check, {name: a.status for name, a in found.items()})
        elements = tuple(self._element(check, name, a) for name, a in found.items())
        evidence = self._evidence(
            span for a in found.values() if a.status != "absent" for span in self._spans(a)
        )
        unread = status == "missing" and not self.contract.coverage.complete
        confidence = min(
            (a.confidence for n, a in found.items() if _is_core(check, n)), default=0.8
        )
        return Finding(
            id="f00",
            check=check.id,
            kind=check.kind,
            title=check.title,
            status=status,
            severity=check.severity,
            clauses=self._clauses(evidence),
            elements=elements,
            evidence=() if status == "missing" else evidence,
            reason=protection_reason(check, found, status, unread=unread),
            citations=self._citations(check),
            confidence=self._confidence(confidence, unread=unread),
            needs_human=unread or not self.sides_known,
        )

    def _assessed(self, element: Element) -> Assessment:
        found = self.assessor.element(element)
        if self.judge:
            found = self.judge.element(element, found)
        if element.rule.venue and found.status == "absent" and not found.note:
            found = self._seated(found)
        if not element.rule.venue or found.status != "partial":
            return found
        words = "".join(span.of(self.contract.text) for span in self._spans(found))
        side = venue_side(self.contract, words)
        if side == "vendor":
            return ABSENT._replace(note="约定的是外包商所在地")
        return found._replace(status="met", note=None) if side == "client" else found

    def _seated(self, found: Assessment) -> Assessment:
        """Return what a court says that is named by its place alone: 番禺法院."""
        for statement in self.assessor.statements:
            raw = statement.span.of(self.contract.text)
            if _COURT.search(statement.own.text) and venue_side(self.contract, raw) == "client":
                return Assessment("met", (statement,), None, found.confidence, (0,))
        return found

    def flag(self, check: Check) -> Finding:
        facts = Facts(self.contract, self.assessor, self.assessments, self.laws, self.observations)
        signs, sure = self._weighed(check, facts)
        status: Status = "hit" if signs else "clear"
        evidence = self._evidence(span for sign in signs[:MAX_PASSAGES] for span in sign.spans)
        return Finding(
            id="f00",
            check=check.id,
            kind=check.kind,
            title=check.title,
            status=status,
            severity=check.severity,
            clauses=self._clauses(evidence),
            evidence=evidence,
            reason=flag_reason(check, status, [sign.note for sign in signs if sign.note]),
            citations=self._citations(check) if signs else (),
            confidence=self._confidence(sure, unread=False),
            needs_human=not self.sides_known and status == "hit",
        )

    def _weighed(self, check: Check, facts: Facts) -> tuple[Sequence[Sign], float]:
        """Return the signs that stand beside what the recogniser makes of the contract."""
        assert check.rule is not None
        signs = signs_of(check, facts)
        spans = [span for sign in signs for span in sign.spans]
        verdict = self.judge.flag(check.id, check.rule, spans) if self.judge else None
        if verdict is None:
            return signs, 0.85
        clears = CLEARS.get(check.rule.detector or "")
        if not verdict.hit or (not signs and clears and clears(facts, verdict.best)):
            return (), verdict.confidence
        return signs or (Sign((verdict.best,), "", ""),), verdict.confidence

    def observed(self, first: int) -> list[Finding]:
        return [
            Finding(
                id=f"o{number:02d}",
                check=seen.id,
                kind="observation",
                title=seen.title,
                status="hit",
                severity=seen.severity,
                clauses=self._clauses(self._evidence(seen.spans)),
                evidence=self._evidence(seen.spans),
                reason=seen.message,
                confidence=seen.confidence,
            )
            for number, seen in enumerate(self.observations, 1)
        ]

    def _element(self, check: Check, name: str, found: Assessment) -> ElementFinding:
        element = next(e for e in check.elements if e.id == name)
        passages = self._evidence(self._spans(found)) if found.status != "absent" else ()
        first = passages[0] if passages else None
        return ElementFinding(
            id=name,
            title=element.title,
            core=element.core,
            status=found.status,
            quote=first.quote if first else None,
            start=first.start if first else None,
            end=first.end if first else None,
            note=found.note,
            more=passages[1:],
        )

    def _spans(self, found: Assessment) -> list[Span]:
        return list(dict.fromkeys(statement.span for statement in found.statements))[:MAX_PASSAGES]

    def _evidence(self, spans: object) -> tuple[Evidence, ...]:
        unique = sorted(set(spans))  # type: ignore[call-overload]
        return tuple(
            Evidence(quote=span.of(self.contract.text), start=span.start, end=span.end)
            for span in unique
            if span.end > span.start
        )

    def _clauses(self, evidence: Sequence[Evidence]) -> tuple[str, ...]:
        clauses = (self.contract.clause_at(passage.start) for passage in evidence)
        return tuple(dict.fromkeys(clause.id for clause in clauses if clause))

    def _citations(self, check: Check) -> tuple:  # type: ignore[type-arg]
        return tuple(
            article.cite() for article in self.laws.for_check(check.id, check.law, limit=3)
        )

    def _confidence(self, value: float, *, unread: bool) -> float:
        if unread:
            value = min(value, 0.4)
        if not self.sides_known:
            value = min(value, 0.6)
        return round(value, 2)


def signs_of(check: Check, facts: Facts) -> list[Sign]:
    """Return what the patterns and the detector of a flag find."""
    assert check.rule is not None
    signs = [Sign(match.spans, "", "") for match in facts.assessor.flag(check.rule)]
    if check.rule.detector:
        signs += DETECTORS[check.rule.detector](facts)
    return signs


def judge_of(assessor: Assessor, playbook: Playbook, tone: Floats | None = None) -> Judge | None:
    """Return the judge for one contract; None where nothing was learned."""
    recogniser, weights = load_recogniser(), load_weights()
    if recogniser is None or weights is None:
        return None
    return Judge(assessor, recogniser.read(assessor.statements), weights, playbook.flags, tone)


def _is_core(check: Check, name: str) -> bool:
    return any(element.id == name and element.core for element in check.elements)
