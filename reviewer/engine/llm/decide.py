"""Two opinions become one finding.

The rules engine's value stands. A model that fails `Trust` changes nothing at all. One that passes
changes an element only where it looked twice and said the same, its passage stands in the contract,
and `support` bears the passage out; it never clears a flag that is hit, and a check that it turns
from flagged to unflagged goes to a person. What else it sees differently is shown as a second view.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

from reviewer.contract import Contract
from reviewer.engine.assess import Assessment
from reviewer.engine.llm.grounding import Grounded
from reviewer.engine.llm.messages import Lang, message
from reviewer.engine.llm.support import RANK, Support
from reviewer.engine.reasons import protection_reason
from reviewer.engine.status import protection_status
from reviewer.finding import ElementFinding, ElementStatus, Evidence, Finding, Status
from reviewer.playbook import Check, Element
from reviewer.text import Span

ENOUGH = 5
"""Fewer answers than this say nothing about a model."""
MIN_ANSWERED = 0.7
MIN_GROUNDED = 0.8
MIN_FOUND = 0.6
MIN_SILENT = 0.6
LONGEST_WHY = 80
STATUTE = re.compile(
    r"《[^》]*》|[\u4e00-\u9fff]{2,8}(?:法|法典|条例|规定|解释)第|第[零一二三四五六七八九十百\d]+条"
)


class Dispute(NamedTuple):
    """Something that rules engine and model see differently."""

    id: str
    title: str
    asks: str
    """What the playbook asks for."""
    rules: str
    rules_quote: str | None
    rules_note: str | None
    model: Grounded


class Trust(NamedTuple):
    """How far the model can be believed, from what can be checked."""

    answered: float
    """Share of what it was asked that it answered at all."""
    grounded: float
    """Share of its quotes that stand in the contract."""
    found: float
    """Of what the rules engine found, the share that the model sees too."""
    silent: float
    """Of what the rules engine did not find, the share that the model does not see either."""
    agreed: int
    asked: int
    invented: int

    @property
    def enough(self) -> bool:
        """Return whether its views may change anything."""
        return (
            self.answered >= MIN_ANSWERED
            and self.grounded >= MIN_GROUNDED
            and self.found >= MIN_FOUND
            and self.silent >= MIN_SILENT
        )


class Decided(NamedTuple):
    """A finding after both opinions."""

    finding: Finding
    taken: int
    """How many of the model's views were taken."""
    open: int
    """How many stay disputed."""


class _Value(NamedTuple):
    """One element after both opinions."""

    element: ElementFinding
    taken: bool = False
    model: ElementStatus | None = None
    """The model's view where it stays disputed."""
    invented: bool = False


class Judge:
    """Combines the two opinions about one contract."""

    def __init__(
        self, contract: Contract, support: Support, findings: Mapping[str, Finding], lang: Lang
    ) -> None:
        self.contract = contract
        self.support = support
        self.findings = findings
        self.lang: Lang = lang

    def disputes(self, check: Check, claims: Mapping[str, Grounded]) -> list[Dispute]:
        """Return what the opinions about `check` disagree on, quotes not found included."""
        finding = self.findings[check.id]
        found: list[Dispute] = []
        if not check.elements:
            claim = claims.get(check.id)
            if claim and not _agree(finding, claim):
                first = finding.evidence[0].quote if finding.evidence else None
                asks = f"hit：{check.hit_when or check.what}"
                found.append(
                    Dispute(check.id, check.title, asks, finding.status, first, None, claim)
                )
            return found
        by_id = {element.id: element for element in check.elements}
        for element in finding.elements:
            claim = claims.get(element.id)
            if claim and not _agree(element, claim):
                asks = _asks(by_id[element.id])
                found.append(
                    Dispute(
                        element.id,
                        element.title,
                        asks,
                        element.status,
                        element.quote,
                        element.note,
                        claim,
                    )
                )
        return found

    def trust(self, checks: Mapping[str, Check], claims: Mapping[str, Grounded]) -> Trust:
        """Return how far the model can be believed, from its first answers.

        Args:
            checks: Those that it was asked and gave an answer about, whole or in part.
            claims: What it said.
        """
        quoted = [g for g in claims.values() if not g.silent]
        grounded = [g for g in quoted if g.span]
        found: list[bool] = []
        silent: list[bool] = []
        agreed = asked = total = 0
        for check in checks.values():
            finding = self.findings[check.id]
            for one in finding.elements or (finding,):
                total += 1
                claim = claims.get(check.id if one is finding else one.id)
                if claim is None:
                    continue
                asked += 1
                agreed += _agree(one, claim)
                if _by_silence(one):
                    continue
                if one.status in ("absent", "clear"):
                    silent.append(claim.silent)
                else:
                    found.append(not claim.silent and not claim.invented)
        return Trust(
            asked / total if total else 1.0,
            _share([g in grounded for g in quoted]),
            _share(found),
            _share(silent),
            agreed,
            asked,
            len(quoted) - len(grounded),
        )

    def decide(
        self,
        check: Check,
        first: Mapping[str, Grounded],
        second: Mapping[str, Grounded],
        *,
        trusted: bool,
    ) -> Decided:
        """Return the finding for `check` after both opinions."""
        finding = self.findings[check.id]
        if not trusted or not (first or second):
            return Decided(finding, 0, 0)
        if not check.elements:
            return self._flag(check, finding, first, second)
        by_id = {element.id: element for element in check.elements}
        values = [
            self._element(by_id[e.id], e, first.get(e.id), second.get(e.id))
            for e in finding.elements
        ]
        taken = sum(value.taken for value in values)
        disputed = [value for value in values if value.model is not None]
        if not taken and not disputed:
            answered = all(e.id in first for e in finding.elements)
            return Decided(_surer(finding) if answered else finding, 0, 0)
        statuses = {v.element.id: v.element.status for v in values}
        status = protection_status(check, statuses)
        other = protection_status(
            check, statuses | {v.element.id: v.model for v in disputed if v.model}
        )
        matters = other != status or any(v.invented for v in disputed)
        decided = self._rebuilt(check, finding, [v.element for v in values], status, taken)
        if matters or finding.flagged > decided.flagged:  # never an all-clear on one opinion
            decided = decided.model_copy(
                update={"needs_human": True, "confidence": min(decided.confidence, 0.6)}
            )
        return Decided(decided, taken, len(disputed))

    def _element(
        self,
        element: Element,
        rules: ElementFinding,
        first: Grounded | None,
        second: Grounded | None,
    ) -> _Value:
        claim = second or first
        if claim is None:
            return _Value(rules)
        if _agree(rules, claim):
            return _Value(rules)
        said: ElementStatus = "absent" if claim.invented else claim.claim.status  # type: ignore[assignment]
        if said == rules.status:
            return _Value(self._noted(rules, message("no_quote", self.lang)), False, said, True)
        if second and claim.span and RANK[said] > RANK[rules.status]:
            borne = self.support.element(element, said, claim.span)
            if RANK[borne] > RANK[rules.status]:
                return _Value(self._taken(rules, borne, claim.span), True)
        if second and said == "partial" and rules.status == "met" and self._is_weak(rules):
            taken = rules.model_copy(
                update={"status": "partial", "note": message("taken", self.lang)}
            )
            return _Value(taken, True)
        return _Value(
            self._noted(rules, self._views(rules.title, rules.status, claim)),
            False,
            said,
            claim.invented,
        )

    def _is_weak(self, rules: ElementFinding) -> bool:
        if rules.start is None or rules.end is None:
            return False
        return any(self.support.weak(s) for s in self.support.of(Span(rules.start, rules.end)))

    def _taken(self, rules: ElementFinding, status: ElementStatus, span: Span) -> ElementFinding:
        return rules.model_copy(
            update={
                "status": status,
                "quote": span.of(self.contract.text),
                "start": span.start,
                "end": span.end,
                "note": message("taken", self.lang),
                "more": (),
            }
        )

    def _noted(self, element: ElementFinding, note: str) -> ElementFinding:
        both = f"{element.note}；{note}" if element.note else note
        return element.model_copy(update={"note": both})

    def _views(self, title: str, rules: str, claim: Grounded) -> str:
        why = plain_why(claim.claim.why)
        return message(
            "views",
            self.lang,
            title=title,
            rules=message(rules, self.lang),
            model=message(claim.claim.status, self.lang),
            why=f"（{why}）" if why else "",
        )

    def _rebuilt(
        self,
        check: Check,
        finding: Finding,
        elements: list[ElementFinding],
        status: Status,
        taken: int,
    ) -> Finding:
        if not taken:
            return finding.model_copy(update={"elements": tuple(elements)})
        assessed = {e.id: Assessment(e.status, (), e.note, 0.7) for e in elements}
        passages = {p for e in elements if e.status != "absent" for p in _passages(e)}
        evidence = tuple(sorted(passages, key=lambda p: (p.start, p.end)))
        clauses = (self.contract.clause_at(passage.start) for passage in evidence)
        unread = status == "missing" and not self.contract.coverage.complete
        return finding.model_copy(
            update={
                "status": status,
                "elements": tuple(elements),
                "evidence": () if status == "missing" else evidence,
                "clauses": tuple(dict.fromkeys(c.id for c in clauses if c)),
                "reason": protection_reason(check, assessed, status, unread=unread),
                "confidence": min(finding.confidence, 0.7),
                "suggestion": None,
            }
        )

    def _flag(
        self,
        check: Check,
        finding: Finding,
        first: Mapping[str, Grounded],
        second: Mapping[str, Grounded],
    ) -> Decided:
        claim = second.get(check.id) or first.get(check.id)
        if claim is None:
            return Decided(finding, 0, 0)
        said = "clear" if claim.invented else claim.claim.status
        if said == finding.status and not claim.invented:
            return Decided(_surer(finding), 0, 0)
        if (
            said == "hit"
            and claim.span
            and check.id in second
            and self.support.flag(check, claim.span)
        ):
            words = Evidence(
                quote=claim.span.of(self.contract.text), start=claim.span.start, end=claim.span.end
            )
            clause = self.contract.clause_at(words.start)
            hit = finding.model_copy(
                update={
                    "status": "hit",
                    "evidence": (words,),
                    "clauses": (clause.id,) if clause else (),
                    "reason": f"{message('taken', self.lang)}。{check.why}",
                    "confidence": 0.7,
                }
            )
            return Decided(hit, 1, 0)
        note = (
            message("no_quote", self.lang)
            if claim.invented
            else self._views(check.title, finding.status, claim)
        )
        reason = f"{finding.reason.rstrip('。')}。{note}。"
        kept = finding.model_copy(
            update={
                "reason": reason,
                "needs_human": True,
                "confidence": min(finding.confidence, 0.6),
            }
        )
        return Decided(kept, 0, 1)


def _by_silence(rules: ElementFinding | Finding) -> bool:
    """Return whether the element is met because nothing in the contract speaks against it."""
    silent = isinstance(rules, ElementFinding) and rules.quote is None
    return silent and rules.status not in ("absent", "clear")


def _agree(rules: ElementFinding | Finding, claim: Grounded) -> bool:
    if _by_silence(rules) and claim.span is None:
        return True
    return claim.claim.status == rules.status and not claim.invented


def plain_why(why: str | None) -> str:
    """Return the model's reason if it may be shown: short, and naming no statute.

    A statute in it would be a citation that nobody verified.
    """
    words = " ".join((why or "").split())
    return "" if STATUTE.search(words) else words[:LONGEST_WHY]


def _surer(finding: Finding) -> Finding:
    return finding.model_copy(
        update={
            "confidence": round(max(finding.confidence, min(0.97, finding.confidence + 0.05)), 2)
        }
    )


def _share(values: list[bool]) -> float:
    return sum(values) / len(values) if len(values) >= ENOUGH else 1.0


def _asks(element: Element) -> str:
    asks = f"met：{element.met_when}"
    if element.partial_when:
        asks += f"；partial：{element.partial_when}"
    return f"{asks}；底线：{element.lax_bound}" if element.lax_bound else asks


def _passages(element: ElementFinding) -> list[Evidence]:
    if element.quote is None or element.start is None or element.end is None:
        return []
    return [Evidence(quote=element.quote, start=element.start, end=element.end), *element.more]
