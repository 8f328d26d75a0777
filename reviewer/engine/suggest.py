"""The wording for a flagged finding: what to add or change, and where.

The wording comes from the clause library, in the contract's own names; a weak clause gets only
the parts that it lacks.
"""

import re
from collections.abc import Iterable, Mapping, Sequence

from reviewer.contract import Clause, Contract
from reviewer.engine.canonical import canonical, roles_of
from reviewer.engine.deletion import tidied
from reviewer.engine.particulars import particulars
from reviewer.finding import Change, Evidence, Finding, Suggestion
from reviewer.knowledge.clauses import ClauseLibrary
from reviewer.model_clause import ClausePart, ClauseVersion, Fix, ModelClause, Slot, fill
from reviewer.playbook import Check, Playbook
from reviewer.text import Span

LONGEST_REPLACED = 90
"""A vague sentence longer than this is kept and supplemented: it may say more than we assess."""


class Drafter:
    """Drafts suggestions for the findings of one review."""

    def __init__(
        self,
        contract: Contract,
        playbook: Playbook,
        library: ClauseLibrary,
        platform: str | None = None,
    ) -> None:
        self.contract = contract
        self.playbook = playbook
        self.library = library
        self.names = particulars(contract, platform)
        self._taken: list[Span] = []

    def drafted(self, findings: Sequence[Finding]) -> list[Finding]:
        """Return the findings with a suggestion for everything that is flagged."""
        kept = [
            passage.span
            for finding in findings
            if finding.kind == "protection"
            for passage in _met_passages(finding)
        ]
        flags_first = sorted(findings, key=lambda finding: finding.kind == "protection")
        drafted: dict[str, Finding] = {}
        for finding in flags_first:
            check = self.playbook.check(finding.check)
            if check is None or not finding.flagged:
                continue
            suggestion = (
                self._protection(finding, check, kept) if check.elements else self._flag(finding)
            )
            shared = self._shared(finding, suggestion, drafted)
            drafted[finding.id] = finding.model_copy(update={"suggestion": shared or suggestion})
        return [self._tidied(drafted.get(finding.id, finding)) for finding in findings]

    def _tidied(self, finding: Finding) -> Finding:
        if finding.suggestion is None:
            return finding
        suggestion = tidied(finding.suggestion, self.contract)
        return finding.model_copy(update={"suggestion": suggestion})

    def _protection(
        self, finding: Finding, check: Check, kept: Sequence[Span]
    ) -> Suggestion | None:
        clause = self.library.clause(check.id)
        if clause is None or not self.contract.clauses:
            return None
        values = self._values(clause.slots)
        rival = self._rival(finding, clause)
        if rival:
            finding = _without(finding, rival.span)
        parts = _lacking(clause.standard, check, finding)
        text = fill("\n".join(part.text for part in parts), values)
        fallback = fill(
            "\n".join(p.text for p in _lacking(clause.concession, check, finding)), values
        )
        letter = fill(clause.letter, values)
        vague = self._replaceable(finding, kept) if finding.status == "weak" else None
        vague = rival or vague
        if vague:
            self._taken.append(vague.span)
            anchor = self.contract.clause_at(vague.start)
            return Suggestion(
                action="replace",
                anchor=anchor.id if anchor else finding.clauses[0],
                original=vague.quote,
                start=vague.start,
                end=vague.end,
                text=text.rstrip("。"),
                fallback=fallback,
                letter=letter,
            )
        anchor_id = next((name for name in reversed(finding.clauses) if self._provides(name)), "")
        if finding.status == "missing" or (finding.clauses and not anchor_id):
            text = f"{clause.heading}\n{text}"
        if finding.status == "missing" or not anchor_id:
            anchor_id = self._place(clause)
        return Suggestion(
            action="insert_after",
            anchor=anchor_id,
            original=None,
            text=text,
            fallback=fallback,
            letter=letter,
        )

    def _rival(self, finding: Finding, clause: ModelClause) -> Evidence | None:
        """Return the passage that an exclusive sentence of ours has to take the place of.

        A court beside the arbitration that is already there would make both void.
        """
        status = {element.id: element for element in finding.elements}
        for part in clause.standard.parts if finding.status == "weak" else ():
            named = [status[name] for name in part.elements if name in status]
            held = [element for element in named if element.status == "met" and element.quote]
            if not part.exclusive or not held or len(held) == len(named):
                continue
            first = held[0]
            if first.quote and first.start is not None and first.end is not None:
                passage = Evidence(quote=first.quote, start=first.start, end=first.end)
                if not any(passage.span.overlap(other) for other in self._taken):
                    return passage
        return None

    def _replaceable(self, finding: Finding, kept: Sequence[Span]) -> Evidence | None:
        for element in finding.elements:
            if element.status != "partial" or element.quote is None:
                continue
            assert element.start is not None
            assert element.end is not None
            span = Span(element.start, element.end)
            within = self.contract.clause_at(span.start)
            if (
                (within is None or self._provides(within.id))
                and span.end - span.start <= LONGEST_REPLACED
                and "|" not in element.quote
                and not any(span.overlap(other) for other in (*kept, *self._taken))
            ):
                return Evidence(quote=element.quote, start=span.start, end=span.end)
        return None

    def _provides(self, name: str) -> bool:
        """Return whether a clause provides something: the parties' particulars stay as they are."""
        return any(c.id == name and c.kind in ("body", "annex") for c in self.contract.clauses)

    def _flag(self, finding: Finding) -> Suggestion | None:
        fix = self.library.fix(finding.check)
        if fix is None or not self.contract.clauses:
            return None
        passages = [p for p in finding.evidence if not self._overlaps(p.span)]
        values = self._values(fix.slots)
        fallback = fill(fix.fallback, values) if fix.fallback else None
        letter = fill(fix.letter, values)
        if not passages or fix.action.startswith("insert"):
            anchor = finding.clauses[-1] if finding.clauses else self._last_body().id
            return Suggestion(
                action="insert_after",
                anchor=anchor,
                original=None,
                text=fill(fix.text, values) if fix.text else (fallback or ""),
                fallback=fallback,
                letter=letter,
            )
        self._taken += [passage.span for passage in passages]
        first, *others = passages
        anchor_clause = self.contract.clause_at(first.start)
        wording = self._fix_text(fix, first, values)
        return Suggestion(
            action="replace" if wording else "delete",
            anchor=anchor_clause.id if anchor_clause else finding.clauses[0],
            original=first.quote,
            start=first.start,
            end=first.end,
            text=wording,
            fallback=fallback,
            letter=letter,
            more=tuple(
                Change(
                    original=p.quote,
                    start=p.start,
                    end=p.end,
                    text=self._further(fix, p, wording, values),
                )
                for p in others
            ),
        )

    def _shared(
        self, finding: Finding, suggestion: Suggestion | None, drafted: dict[str, Finding]
    ) -> Suggestion | None:
        """Return one change for a sentence that two flags want to replace, or None."""
        if finding.kind == "protection" or suggestion is None or suggestion.original is not None:
            return None
        for other_id, other in drafted.items():
            first = other.suggestion
            if first is None or first.start is None or first.end is None or not suggestion.text:
                continue
            span = Span(first.start, first.end)
            if any(passage.span == span for passage in finding.evidence):
                text = (
                    f"{first.text}；{suggestion.text.rstrip('。')}"
                    if first.text
                    else suggestion.text
                )
                both = first.model_copy(update={"text": text.lstrip("；"), "action": "replace"})
                drafted[other_id] = other.model_copy(update={"suggestion": both})
                return both.model_copy(
                    update={"fallback": suggestion.fallback, "letter": suggestion.letter}
                )
        return None

    def _fix_text(self, fix: Fix, passage: Evidence, values: dict[str, str]) -> str:
        words = canonical(passage.quote, roles_of(self.contract)).text
        for pattern, text in fix.variants.items():
            if re.search(pattern, words):
                return fill(text, values).rstrip("。")
        return fill(fix.text, values).rstrip("。") if fix.action == "replace" else ""

    def _further(self, fix: Fix, passage: Evidence, said: str, values: dict[str, str]) -> str:
        wording = self._fix_text(fix, passage, values)
        return "" if wording == said else wording

    def _overlaps(self, span: Span) -> bool:
        return any(span.overlap(other) for other in self._taken)

    def _values(self, slots: Mapping[str, Slot]) -> dict[str, str]:
        defaults = {name: slot.default for name, slot in slots.items()}
        return {**defaults, **self.names}

    def _place(self, clause: ModelClause) -> str:
        """Return the clause after which a whole new clause goes."""
        tops = [c for c in self.contract.operative() if c.parent is None]
        roles = roles_of(self.contract)
        for pattern in clause.place_after:
            for top in tops:
                if top.heading and re.search(pattern, canonical(top.heading, roles).text):
                    return self._last_of(top).id
        return self._last_body().id

    def _last_of(self, top: Clause) -> Clause:
        inside = {top.id}
        last = top
        for clause in self.contract.clauses:
            if clause.parent in inside:
                inside.add(clause.id)
                last = clause
        return last

    def _last_body(self) -> Clause:
        clauses = self.contract.clauses
        body = [c for c in clauses if c.kind == "body"]
        text = [c for c in clauses if c.kind not in ("aside", "signature")]
        return (body or text or clauses)[-1]


def _met_passages(finding: Finding) -> Iterable[Evidence]:
    for element in finding.elements:
        if element.status == "met" and element.quote is not None:
            assert element.start is not None
            assert element.end is not None
            yield Evidence(quote=element.quote, start=element.start, end=element.end)
            yield from element.more


def _without(finding: Finding, span: Span) -> Finding:
    """Return the finding as if the passage at `span` were not there."""
    elements = tuple(
        element.model_copy(update={"status": "absent"})
        if element.start is not None
        and element.end is not None
        and Span(element.start, element.end).overlap(span)
        else element
        for element in finding.elements
    )
    return finding.model_copy(update={"elements": elements})


def _lacking(version: ClauseVersion, check: Check, finding: Finding) -> tuple[ClausePart, ...]:
    """Return the parts that bring the finding to ok; all of them where nothing is there."""
    if finding.status == "missing":
        return version.parts
    status = {element.id: element.status for element in finding.elements}
    core = {element.id for element in check.core}
    wanted = {name for name in core if status.get(name) != "met"}
    spare = check.other_needed - sum(
        1 for name, found in status.items() if name not in core and found == "met"
    )
    for part in version.parts:
        for name in part.elements:
            if spare > 0 and name not in core and status.get(name) != "met":
                wanted.add(name)
                spare -= 1
    return tuple(part for part in version.parts if wanted & set(part.elements))
