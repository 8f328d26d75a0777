"""The other side's own changes: what each does, for whom, and what to do about it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from reviewer.compare.differences import Difference
from reviewer.compare.effects import SEVERITIES, Judge, overall, touched
from reviewer.compare.mapped import Mapped
from reviewer.compare.signals import Signals
from reviewer.compare.versions import Version, passage_of
from reviewer.comparison import (
    Advice,
    Direction,
    Effect,
    Passage,
    Remark,
    Step,
    Touch,
    VendorEdit,
)
from reviewer.contract import Contract, TrackedChange
from reviewer.engine.canonical import roles_of
from reviewer.finding import Finding, Severity
from reviewer.text import Span

STATUS = {"ok": "达标", "weak": "薄弱", "missing": "缺失", "hit": "命中", "clear": "未命中"}
ELEMENT = {"met": "已约定", "partial": "不明确", "absent": "未约定"}


@dataclass(frozen=True)
class Base:
    """The text that the changes were made to, and what became of it."""

    change: Mapped
    """From the text without the changes to the text with all of them."""
    answer: Mapped
    """From the text with the changes to the answer."""
    sent: Mapped
    """From the text that was sent to the text without the changes."""
    after: Sequence[Finding]
    """Of the answer."""


class Editor:
    """Says of each difference what it does."""

    def __init__(
        self, judge: Judge, signals: Signals, remarks: Iterable[Remark], moved: Iterable[Effect]
    ) -> None:
        """Make it.

        Args:
            judge: Reviews variants.
            signals: Compares the words themselves.
            remarks: Comments in the answer.
            moved: Effects of all changes together: their checks are tried for each.
        """
        self.judge = judge
        self.signals = signals
        self.remarks = [r for r in remarks if r.passage and not r.ours]
        self.moved = {e.check for e in moved if e.kind != "observation"}
        self._moved = {e.check: e for e in moved}

    def edit(self, difference: Difference, base: Base, *, by: "Traced | None") -> VendorEdit:
        """Return what a difference is and does; its id is still to be given.

        Args:
            difference: The difference between the two sides of `base.change`.
            base: Where it stands.
            by: The pending change that carries it; None where there is no trace of it.
        """
        text = base.change.old
        touches = self._touches(difference, base)
        effects = self._effects(difference, base, set(touches))
        shown = _shown_in_answer(difference, base)
        signals = self._signals(difference, base)
        direction: Direction = overall(effects)
        verdict = _Verdict(
            difference=difference,
            effects=effects,
            touches=tuple(touches.values()),
            signals=signals,
            direction=direction,
            tracked=by is not None,
        )
        return VendorEdit(
            id="",
            kind=difference.kind,
            tracked=by is not None,
            author=by.author if by else None,
            date=by.date if by else None,
            old=_shown_in_sent(difference, base, text),
            new=shown,
            steps=difference.steps,
            cosmetic=difference.cosmetic,
            effects=effects,
            touches=verdict.touches,
            signals=signals,
            direction=direction,
            severity=verdict.severity,
            advice=verdict.advice,
            reason=verdict.reason,
            remarks=tuple(self._on(difference, shown, base)),
        )

    def _touches(self, difference: Difference, base: Base) -> dict[str, Touch]:
        if difference.cosmetic:
            return {}
        before = self.judge.findings(base.change.old)
        found = touched(before, difference.old) if difference.kind != "insert" else {}
        come = base.answer.there(difference.new) if difference.kind != "delete" else None
        both = {**(touched(base.after, come) if come else {}), **found}
        hit = {f.check for f in base.after if f.kind == "red_flag" and f.status == "hit"}
        return {k: t.model_copy(update={"still": k in hit}) for k, t in both.items()}

    def _effects(self, difference: Difference, base: Base, touches: set[str]) -> tuple[Effect, ...]:
        checks = touches | self.moved
        if difference.cosmetic or difference.kind in ("move", "reference") or not checks:
            return ()
        if self.judge.spent:
            return tuple(effect for name, effect in self._moved.items() if name in touches)
        words = difference.new.of(base.change.new.text)
        if difference.kind == "insert" and difference.whole:
            words = f"\n{words}"
        return self.judge.alone(base.change.old, difference.old, words, checks)

    def _signals(self, difference: Difference, base: Base) -> tuple[str, ...]:
        if difference.cosmetic or difference.kind in ("move", "reference"):
            return ()
        old, new = base.change.old, base.change.new
        before = difference.old_around.of(old.text)
        gone, come = difference.old, difference.new.of(new.text)
        offset = difference.old_around.start
        after = before[: gone.start - offset] + come + before[gone.end - offset :]
        return self.signals.between(before, after, roles_of(old))

    def _on(self, difference: Difference, shown: Passage | None, base: Base) -> Iterator[Remark]:
        """Yield the comments of others on the changed words."""
        place = Span(shown.start, shown.end) if shown else None
        if place is None:
            point = base.answer.point(difference.new.start)
            place = Span(point, point)
        return (remark for remark in self.remarks if remark.is_on(*place))


def _shown_in_sent(difference: Difference, base: Base, text: Contract) -> Passage | None:
    """Return the words that went, where they stand in the text as it was sent."""
    if difference.old.start == difference.old.end:
        return None
    if base.sent.old.text == text.text:
        return passage_of(base.sent.old, difference.old)
    words = difference.old.of(text.text)
    at = base.sent.old.text.find(words)
    if at < 0 or base.sent.old.text.find(words, at + 1) >= 0:
        return None
    return passage_of(base.sent.old, Span(at, at + len(words)))


def _shown_in_answer(difference: Difference, base: Base) -> Passage | None:
    """Return the words that came, where they stand in the answer."""
    if difference.new.start == difference.new.end:
        return None
    place = base.answer.there(difference.new)
    return passage_of(base.answer.new, place) if place else None


@dataclass(frozen=True)
class Traced:
    """Who made a pending change, and when."""

    author: str | None
    date: str | None


def traced(difference: Difference, version: Version) -> Traced:
    """Return who made a difference between the text with and without pending changes."""
    near = next((c for c in version.theirs if _covers(c, difference.new)), None)
    if near:
        return Traced(near.author, near.date)
    names = {change.author for change in version.theirs}
    return Traced(next(iter(names)) if len(names) == 1 else None, None)


def _covers(change: TrackedChange, span: Span) -> bool:
    """Return whether a pending change stands at a place of the accepted text."""
    end = change.start + len(change.new)
    return change.start <= span.end and span.start <= end


def untold(version: Version, edits: Iterable[VendorEdit], first: int) -> list[VendorEdit]:
    """Return the pending changes that no difference of the main text shows: in notes and headers."""
    contract = version.accepted
    aside = next((c.start for c in contract.clauses if c.kind == "aside"), None)
    if aside is None:
        return []
    known = [Span(e.new.start, e.new.end) for e in edits if e.new]
    found: list[VendorEdit] = []
    for change in version.theirs:
        span = Span(change.start, change.start + len(change.new))
        if change.start < aside or any(span.overlap(other) for other in known):
            continue
        new = passage_of(contract, span) if change.new and _verbatim(change, contract) else None
        step = Step(
            kind="replace" if change.old and change.new else "insert" if change.new else "delete",
            old=change.old,
            new=change.new,
        )
        found.append(
            VendorEdit(
                id=f"v{first + len(found):02d}",
                kind="replace" if step.kind == "replace" else "insert" if change.new else "delete",
                tracked=True,
                author=change.author,
                date=change.date,
                old=None,
                new=new,
                steps=(step,),
                severity="medium",
                advice="look",
                reason="位于脚注、页眉或页脚，未逐项审查，请人工核对",
            )
        )
    return found


def _verbatim(change: TrackedChange, contract: Contract) -> bool:
    return contract.text[change.start : change.start + len(change.new)] == change.new


@dataclass(frozen=True)
class _Verdict:
    """What to do about a change, and why."""

    difference: Difference
    effects: tuple[Effect, ...]
    touches: tuple[Touch, ...]
    signals: tuple[str, ...]
    direction: Direction
    tracked: bool

    @property
    def severity(self) -> Severity:
        """Return how bad it is: of the worst check that suffers, else of one that is touched."""
        hurt = [e.severity for e in self.effects if e.direction in ("worse", "mixed")]
        ranked = hurt or [touch.severity for touch in self.touches]
        if self.direction == "better" or self.difference.cosmetic:
            return "low"
        if ranked:
            return min(ranked, key=lambda severity: SEVERITIES[severity])
        stirs = self.signals or self.difference.whole or self.difference.kind == "reference"
        return "medium" if stirs else "low"

    @property
    def advice(self) -> Advice:
        """Return what to do."""
        if self.direction == "worse":
            return "reject"
        if self.direction == "mixed":
            return "negotiate"
        if self.direction == "better":
            return "negotiate" if self._still else "accept"
        return "accept" if self._harmless else "look"

    @property
    def _still(self) -> list[str]:
        """Return the red flags of these words that are hit as before."""
        return [touch.title for touch in self.touches if touch.still]

    @property
    def _harmless(self) -> bool:
        if self.difference.cosmetic:
            return True
        weighty = self.touches or self.signals or self.difference.kind != "replace"
        return self.tracked and not weighty

    @property
    def reason(self) -> str:
        """Return why, in Chinese."""
        if self.difference.cosmetic:
            return "只是标点或数字写法不同，含义相同"
        if self.difference.kind == "reference":
            return "条款编号已变，这里引用的条号没有跟着改，现在指向另一条"
        if self.effects:
            told = "；".join(map(_told, self.effects))
            gained = self.direction == "better" and self._still
            return f"{told}；但“{'”、“'.join(self._still)}”仍命中，可继续争取" if gained else told
        if self.difference.kind == "move":
            return "整段移动了位置，文字见别处所列的改动"
        if self.touches:
            named = "、".join(f"“{touch.title}”" for touch in self.touches[:4])
            return f"改动了{named}所依据的文字，审查结论未变，请核对数值与范围"
        if self.signals:
            return "不影响现有审查结论，但措辞有实质变化，请人工核对"
        if self.difference.kind != "replace":
            verb = "新增" if self.difference.kind == "insert" else "删去"
            return f"{verb}的文字不影响任何审查项，请人工核对是否符合商务安排"
        return "不影响任何审查项"


def _told(effect: Effect) -> str:
    """Return what a change does to one check, in words."""
    if effect.kind == "observation":
        return f"{'出现' if effect.after == 'hit' else '消除'}结构问题“{effect.title}”"
    if effect.before != effect.after:
        moved = f"“{effect.title}”由{STATUS[effect.before]}变为{STATUS[effect.after]}"
    else:
        moved = f"“{effect.title}”仍为{STATUS[effect.after]}"
    parts = [f"{e.title}由{ELEMENT[e.before]}变为{ELEMENT[e.after]}" for e in effect.elements[:3]]
    return f"{moved}（{'，'.join(parts)}）" if parts else moved
