"""What a change does to the checks: the review of the text with it against the one without."""

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

from reviewer.comparison import Direction, Effect, ElementShift, FindingShift, Shift, Touch
from reviewer.contract import Contract, Side
from reviewer.engine.judgement import DEFEATED, Floats
from reviewer.engine.rules import RulesEngine
from reviewer.engine.status import protection_status
from reviewer.finding import ElementFinding, ElementStatus, Finding, Severity, Status
from reviewer.ingest.assemble import assemble
from reviewer.ingest.source import Source
from reviewer.playbook import Playbook
from reviewer.text import Span

MOST_CHARACTERS = 1_500_000
"""So much text is reviewed for single changes; beyond it they are judged by what they touch."""
_RANK: dict[Status, int] = {"ok": 2, "clear": 2, "weak": 1, "missing": 0, "hit": 0}
_ELEMENT: dict[ElementStatus, int] = {"met": 2, "partial": 1, "absent": 0}
SEVERITIES: dict[Severity, int] = {"high": 0, "medium": 1, "low": 2}


class Judge:
    """Reviews variants of a text with the rules engine, within a bound."""

    def __init__(self, engine: RulesEngine, playbook: Playbook, side: Side | None) -> None:
        self.engine = engine
        self.playbook = playbook
        self.side = side
        self.left = MOST_CHARACTERS
        self._tone: Floats | None = None
        self._known: dict[tuple[str, frozenset[str]], tuple[Finding, ...]] = {}

    @property
    def spent(self) -> bool:
        """Return whether the bound was reached."""
        return self.left <= 0

    def findings(
        self, contract: Contract, checks: Collection[str] | None = None
    ) -> tuple[Finding, ...]:
        """Return the findings for a contract, or for those checks alone."""
        names = frozenset(checks if checks is not None else (c.id for c in self.playbook.checks))
        key = (contract.text, names)
        if key not in self._known:
            self.left -= len(contract.text)
            outcome = self.engine.review(contract, self._narrowed(names), tone=self._tone)
            self._tone = outcome.tone  # the first one's: a change is judged by what it says
            found = outcome.findings
            self._known[key] = tuple(
                f for f in found if f.check in names or f.kind == "observation"
            )
        return self._known[key]

    def _narrowed(self, names: frozenset[str]) -> Playbook:
        """Return the playbook with these checks, and with what a detector of theirs looks at."""
        checks = self.playbook.checks
        if len(names) >= len(checks):
            return self.playbook
        looks = any(c.id in names and c.rule and c.rule.detector for c in checks)
        kept = tuple(c for c in checks if c.id in names or (looks and c.elements))
        return self.playbook.model_copy(update={"checks": kept})

    def alone(
        self, base: Contract, span: Span, words: str, checks: Collection[str]
    ) -> tuple[Effect, ...]:
        """Return what it does to `checks` that the words at `span` of `base` become `words`."""
        text = base.text[: span.start] + words + base.text[span.end :]
        aside = next((c.start for c in base.clauses if c.kind == "aside"), None)
        if aside is not None:
            aside += len(words) - (span.end - span.start) if span.end <= aside else 0
        digest = hashlib.sha256(text.encode()).hexdigest()
        changed = assemble(Source(text, aside), base.file, digest, self.side)
        before, after = self.findings(base, checks), self.findings(changed, checks)
        after = _where_it_stands(before, after, base.text, text)
        return effects(before, [self._restated(finding) for finding in after])

    def _restated(self, finding: Finding) -> Finding:
        """Return the finding with the status that follows from its elements."""
        check = self.playbook.check(finding.check)
        if check is None or not finding.elements:
            return finding
        status = protection_status(check, {e.id: e.status for e in finding.elements})
        return finding.model_copy(update={"status": status})


def _where_it_stands(
    before: Sequence[Finding], after: Sequence[Finding], old_text: str, new_text: str
) -> tuple[Finding, ...]:
    """Return `after` without what a change elsewhere cannot have done.

    An element that rests on words which stand in both texts keeps its status, unless other words
    defeat it: likeness weighs a contract as a whole and may tip by a hair.
    """
    were = {e.id: e for finding in before for e in finding.elements}

    def settled(new: ElementFinding) -> ElementFinding:
        old = were.get(new.id)
        if old is None or old.status == new.status or DEFEATED in (new.note or old.note or ""):
            return new
        quotes = [quote for quote in (old.quote, new.quote) if quote]
        stands = quotes and all(q in old_text and q in new_text for q in quotes)
        return old if stands else new

    return tuple(
        finding.model_copy(update={"elements": tuple(map(settled, finding.elements))})
        for finding in after
    )


def effects(before: Iterable[Finding], after: Iterable[Finding]) -> tuple[Effect, ...]:
    """Return the checks that come out otherwise; observations by how many there are."""
    old, new = _by_check(before), _by_check(after)
    found = []
    for check in [*old, *(name for name in new if name not in old)]:
        made = _effect(old.get(check, ()), new.get(check, ()))
        if made.direction != "none":
            found.append(made)
    return tuple(found)


def _by_check(findings: Iterable[Finding]) -> dict[str, list[Finding]]:
    found: dict[str, list[Finding]] = {}
    for finding in findings:
        found.setdefault(finding.check, []).append(finding)
    return found


def _effect(before: Sequence[Finding], after: Sequence[Finding]) -> Effect:
    shown = (after or before)[0]
    if shown.kind == "observation":
        return _observed(shown, len(before), len(after))
    old, new = before[0] if before else shown, after[0] if after else shown
    elements = _elements(old, new)
    worse = any(_ELEMENT[e.after] < _ELEMENT[e.before] for e in elements)
    better = any(_ELEMENT[e.after] > _ELEMENT[e.before] for e in elements)
    step = _RANK[new.status] - _RANK[old.status]
    if step:
        direction: Direction = "better" if step > 0 else "worse"
    else:
        direction = direction_of(better=better, worse=worse)
    return Effect(
        check=shown.check,
        title=shown.title,
        kind=shown.kind,
        severity=shown.severity,
        before=old.status,
        after=new.status,
        elements=elements,
        direction=direction,
    )


def _observed(shown: Finding, before: int, after: int) -> Effect:
    return Effect(
        check=shown.check,
        title=shown.title,
        kind="observation",
        severity=shown.severity,
        before="hit" if before else "clear",
        after="hit" if after else "clear",
        direction=direction_of(better=after < before, worse=after > before),
    )


def _elements(old: Finding, new: Finding) -> tuple[ElementShift, ...]:
    were = {element.id: element.status for element in old.elements}
    return tuple(
        ElementShift(id=e.id, title=e.title, before=were[e.id], after=e.status)
        for e in new.elements
        if e.id in were and were[e.id] != e.status
    )


def direction_of(*, better: bool, worse: bool) -> Direction:
    """Return one word for both."""
    if better and worse:
        return "mixed"
    return "better" if better else "worse" if worse else "none"


def overall(found: Iterable[Effect]) -> Direction:
    """Return what the effects amount to for the merchant; no gain outweighs a new red flag."""
    effects_ = tuple(found)
    if any(effect.kind == "red_flag" and effect.direction == "worse" for effect in effects_):
        return "worse"
    directions = {effect.direction for effect in effects_}
    if "mixed" in directions:
        return "mixed"
    return direction_of(better="better" in directions, worse="worse" in directions)


def touched(findings: Iterable[Finding], span: Span) -> dict[str, Touch]:
    """Return the checks whose evidence the words at `span` belong to."""
    return {
        finding.check: Touch(check=finding.check, title=finding.title, severity=finding.severity)
        for finding in findings
        if finding.kind != "observation"
        and any(passage.span.overlap(span) for passage in finding.evidence)
    }


def shifts(before: Iterable[Finding], after: Iterable[Finding]) -> tuple[FindingShift, ...]:
    """Return how every check stands in the answer against the original, the worst first."""
    old, new = _by_check(before), _by_check(after)
    found = []
    for check in [*new, *(name for name in old if name not in new)]:
        made = _effect(old.get(check, ()), new.get(check, ()))
        flagged = made.after in ("weak", "missing", "hit")
        if made.direction == "none" and not flagged:
            continue
        found.append(
            FindingShift(effect=made, shift=_shift(made, flagged=flagged), flagged=flagged)
        )
    order: Mapping[Shift, int] = {"new": 0, "worse": 1, "same": 2, "better": 3, "solved": 4}
    return tuple(sorted(found, key=lambda s: (order[s.shift], SEVERITIES[s.effect.severity])))


def _shift(effect: Effect, *, flagged: bool) -> Shift:
    was = effect.before in ("weak", "missing", "hit")
    if was and not flagged:
        return "solved"
    if flagged and not was:
        return "new"
    if effect.direction in ("worse", "mixed"):
        return "worse"
    return "better" if effect.direction == "better" else "same"


def counted(found: Iterable[FindingShift]) -> Counter[str]:
    """Return how many checks moved which way."""
    return Counter(one.shift for one in found)
