"""A review anchored on the shop's record: findings, wording, and the annex."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from reviewer.anchoring.comparison import Comparison, comparisons, disagreements
from reviewer.anchoring.wording import Wording, attainable, load_anchor
from reviewer.contract import Contract
from reviewer.engine.canonical import canonical, roles_of
from reviewer.engine.particulars import particulars
from reviewer.engine.status import protection_status
from reviewer.engine.suggest import Drafter
from reviewer.finding import Change, ElementFinding, Finding, Suggestion
from reviewer.knowledge.clauses import ClauseLibrary
from reviewer.playbook import Playbook
from reviewer.quantity import parse_quantity
from reviewer.review import Review, Summary
from reviewer.shop.baseline import Baseline
from reviewer.shop.catalogue import Catalogue
from reviewer.shop.history import History
from reviewer.shop.metric import Metric, Ratios
from reviewer.terms.extract import terms_of
from reviewer.terms.term import amount
from reviewer.text import Span

CHECKS = ("kpi", "sla_anchor")
ANNEX = "sla_annex"
_NO_FIGURES = "合同没有带数值的考核指标，无从与店铺数据比较。"
_ANNEX_REASON = (
    "指标的定义、期间、数值和复核办法写进附件，才有据可查；数值取自店铺{period}的后台数据。"
)


@dataclass(frozen=True)
class Anchor:
    """Anchors reviews on one shop's record."""

    history: History
    baseline: Baseline
    catalogue: Catalogue
    ratios: Ratios

    def compare(self, contract: Contract) -> tuple[Comparison, ...]:
        """Return every target of a contract against the record."""
        terms = terms_of(contract, self.catalogue)
        return comparisons(terms, self.baseline, self.history, self.catalogue, self.ratios)

    def review(self, review: Review, playbook: Playbook, library: ClauseLibrary) -> Review:
        """Return the review with the two checks on targets judged by the shop's record.

        A target laxer than what the shop already does is no protection, so its element counts as
        partial. Suggestions for both checks carry the shop's numbers, and the annex follows as
        an observation, so that the score does not count it.
        """
        terms = terms_of(review.contract, self.catalogue)
        made = comparisons(terms, self.baseline, self.history, self.catalogue, self.ratios)
        differ = disagreements(terms.baselines, self.baseline, self.catalogue, self.ratios)
        judged = tuple(self._judged(f, playbook, made, differ) for f in review.findings)
        wording = self._wording(playbook)
        drafter = Drafter(review.contract, playbook, wording.library(library))
        drafted = {f.id: f for f in drafter.drafted([_bare(f) for f in judged])}
        findings = [
            self._suggested(f, drafted[f.id], made, review.contract, wording)
            if f.check in CHECKS
            else f
            for f in judged
        ]
        if any(f.check in CHECKS and f.flagged for f in findings):
            findings.append(self._annex(wording, review))
        scored = review.summary.score is not None
        return review.model_copy(
            update={
                "findings": tuple(findings),
                "summary": Summary.of(findings, scored=scored),
                "warnings": (*review.warnings, *self.baseline.notes),
            }
        )

    def _wording(self, playbook: Playbook) -> Wording:
        check = playbook.check("kpi")
        lax: dict[str, Decimal] = {}
        for element in check.elements if check else ():
            bound = parse_quantity(element.lax_bound) if element.lax_bound else None
            if bound and bound.dimension == "duration":
                lax[element.id] = bound.value
        return Wording(self.baseline, self.catalogue, self.ratios, lax, load_anchor())

    def _judged(
        self,
        finding: Finding,
        playbook: Playbook,
        made: Sequence[Comparison],
        differ: Sequence[str],
    ) -> Finding:
        check = playbook.check(finding.check)
        if finding.check not in CHECKS or check is None:
            return finding
        if finding.check == "sla_anchor":
            level = "、".join(
                f"{level.title}{self.catalogue.metric(level.metric).shown(level.mean)}"
                for level in self.baseline.levels
                if level.better != "neutral"
            )
            said = "；".join([f"店铺{self.baseline.period}自己的水平：{level}", *differ])
            return finding.model_copy(update={"reason": f"{finding.reason}{said}。"})
        elements = tuple(self._element(element, made) for element in finding.elements)
        status = protection_status(check, {e.id: e.status for e in elements})
        said = "；".join(dict.fromkeys(comparison.words for comparison in made))
        doubtful = any(
            c.verdict in ("unreachable", "not_recorded", "measured_differently") for c in made
        )
        return finding.model_copy(
            update={
                "elements": elements,
                "status": status,
                "reason": f"{finding.reason}{f'对照店铺数据：{said}。' if said else _NO_FIGURES}",
                "needs_human": finding.needs_human or doubtful,
            }
        )

    def _element(self, element: ElementFinding, made: Sequence[Comparison]) -> ElementFinding:
        lax = [
            c
            for c in made
            if c.verdict == "laxer" and self.catalogue.metric(c.metric).element == element.id
        ]
        if element.status != "met" or not lax:
            return element
        titles = "、".join(dict.fromkeys(self.catalogue.metric(c.metric).title for c in lax))
        note = f"{titles}的要求宽于店铺现状"
        return element.model_copy(update={"status": "partial", "note": note})

    def _suggested(
        self,
        finding: Finding,
        drafted: Finding,
        made: Sequence[Comparison],
        contract: Contract,
        wording: Wording,
    ) -> Finding:
        if not finding.flagged:
            return finding.model_copy(update={"suggestion": None})
        if finding.check == "kpi" and _only_laxer(finding):
            tightened = self._tightened(made, contract)
            if tightened:
                return finding.model_copy(update={"suggestion": tightened})
        suggestion = drafted.suggestion
        if finding.check == "kpi" and suggestion and _lacks(finding, "kp_conversion"):
            more = wording.conversion_sentence(particulars(contract))
            if more and more not in suggestion.text:
                joined = f"{suggestion.text.rstrip('。')}。\n{more}"
                keeps_stop = suggestion.action == "replace" and not suggestion.text.endswith("。")
                text = joined.rstrip("。") if keeps_stop else joined
                suggestion = suggestion.model_copy(update={"text": text})
        return finding.model_copy(update={"suggestion": suggestion})

    def _tightened(self, made: Sequence[Comparison], contract: Contract) -> Suggestion | None:
        """Return one change that puts the shop's level in place of every laxer number."""
        changes: list[Change] = []
        for comparison in made:
            level = self.baseline.level(comparison.metric)
            metric = self.catalogue.metric(comparison.metric)
            span = value_span(comparison, metric, contract)
            if comparison.verdict != "laxer" or level is None or span is None:
                continue
            if any(change.start == span.start for change in changes):
                continue
            changes.append(
                Change(
                    original=span.of(contract.text),
                    start=span.start,
                    end=span.end,
                    text=metric.shown(attainable(comparison.level or level.mean, metric)),
                )
            )
        if not changes:
            return None
        first, *others = sorted(changes, key=lambda change: change.start)
        anchor = contract.clause_at(first.start)
        assert anchor is not None
        return Suggestion(
            action="replace",
            anchor=anchor.id,
            original=first.original,
            start=first.start,
            end=first.end,
            text=first.text,
            letter="店铺自己接待时已经做到这一水平，建议以此为准。",
            more=tuple(others),
        )

    def _annex(self, wording: Wording, review: Review) -> Finding:
        contract = review.contract
        number = sum(f.kind == "observation" for f in review.findings) + 1
        text = wording.annex(particulars(contract))
        return Finding(
            id=f"o{number:02d}",
            check=ANNEX,
            kind="observation",
            title="数据基线附件",
            status="hit",
            severity="medium",
            reason=_ANNEX_REASON.format(period=self.baseline.period),
            suggestion=Suggestion(
                action="insert_after",
                anchor=contract.clauses[-1].id,
                original=None,
                text=text,
                letter="附件列明指标定义、期间、数值和复核办法，双方都可查。",
            ),
            confidence=0.9,
            needs_human=True,
        )


def _lacks(finding: Finding, element: str) -> bool:
    return any(e.id == element and e.status != "met" for e in finding.elements)


def _bare(finding: Finding) -> Finding:
    return finding.model_copy(update={"suggestion": None})


def _only_laxer(finding: Finding) -> bool:
    """Return whether nothing of the core is lacking but strictness."""
    return all(
        element.status == "met" or (element.note or "").endswith("宽于店铺现状")
        for element in finding.elements
        if element.core
    )


def value_span(comparison: Comparison, metric: Metric, contract: Contract) -> Span | None:
    """Return where the number of a target stands in the contract, or None.

    The quote of a target ends with its number, however that is spelt.
    """
    start, end = comparison.source.start, comparison.source.end
    if start is None or end is None or comparison.demanded is None:
        return None
    roles = roles_of(contract)
    for at in range(end - 1, start - 1, -1):
        words = canonical(contract.text[at:end], roles).text
        try:
            value = amount(words, metric.unit)
        except ValueError:
            continue
        before = contract.text[at - 1 : at]
        if value == comparison.demanded and not before.isdigit() and before not in ".．":
            return Span(at, end)
    return None
