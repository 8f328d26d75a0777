"""What the report on a comparison says, worked out once for every format."""

from reviewer.comparison import (
    AskedChange,
    Comparison,
    Direction,
    Effect,
    FindingShift,
    Outcome,
    VendorEdit,
)
from reviewer.finding import Severity
from reviewer.knowledge.signals import load_signals
from reviewer.playbook import Playbook
from reviewer.render.comparing.words import said
from reviewer.render.messages import Lang
from reviewer.render.report import score_of

_OUTCOMES: dict[Outcome, int] = {"refused": 0, "changed": 1, "open": 2, "taken": 3}
_SEVERITIES: dict[Severity, int] = {"high": 0, "medium": 1, "low": 2}
_FOR: dict[Direction, str] = {
    "better": "for_client",
    "worse": "for_vendor",
    "mixed": "for_both",
    "none": "for_none",
}


class Report:
    """What the report says, worked out once for every format."""

    def __init__(self, comparison: Comparison, playbook: Playbook | None, lang: Lang) -> None:
        self.comparison = comparison
        self.lang = lang
        checks = playbook.checks if playbook and lang == "en" else ()
        self._titles = {check.id: check.title_en for check in checks}
        self._signals = {s.id: s.zh if lang == "zh" else s.en for s in load_signals()}

    def say(self, key: str, **values: object) -> str:
        """Return the words for `key`."""
        return said(key, self.lang, **values)

    @property
    def asked(self) -> list[AskedChange]:
        """Return what was asked for and not simply taken, the worst first."""
        found = [a for a in self.comparison.asked if a.outcome != "taken"]
        return sorted(
            found, key=lambda a: (_OUTCOMES[a.outcome], _SEVERITIES[a.severity or "medium"])
        )

    @property
    def taken(self) -> list[AskedChange]:
        """Return what was taken."""
        return [a for a in self.comparison.asked if a.outcome == "taken"]

    @property
    def silent(self) -> list[VendorEdit]:
        """Return what was changed without a trace, the worst first."""
        return sorted(self.comparison.silent, key=lambda e: _SEVERITIES[e.severity])

    @property
    def tracked(self) -> list[VendorEdit]:
        """Return the tracked changes of others in the order of the text."""
        return list(self.comparison.tracked)

    @property
    def cosmetic(self) -> int:
        """Return how many untracked changes are of spelling alone."""
        return sum(1 for e in self.comparison.edits if e.cosmetic and not e.tracked)

    @property
    def shifts(self) -> list[FindingShift]:
        """Return the checks that moved."""
        return [s for s in self.comparison.shifts if s.shift != "same"]

    @property
    def unmoved(self) -> int:
        """Return how many problems stand as they did."""
        return sum(1 for s in self.comparison.shifts if s.shift == "same")

    @property
    def files(self) -> str:
        """Return the names of the files."""
        comparison = self.comparison
        new = comparison.answer.contract.file
        if comparison.mode == "changes":
            return new
        return f"{comparison.original.contract.file} → {new}"

    @property
    def scores(self) -> str:
        """Return the score before and after."""
        reviews = (self.comparison.original, self.comparison.answer)
        return " → ".join(score_of(review, self.lang) for review in reviews)

    @property
    def counts(self) -> list[tuple[str, int]]:
        """Return the numbers of the headline with their words' keys."""
        tally = self.comparison.tally
        keys: tuple[str, ...] = ("tracked", "solved", "better", "worse", "new")
        if self.comparison.mode == "answer":
            keys = ("taken", "changed", "refused", "open", "silent", *keys)
        return [(key, getattr(tally, key)) for key in keys]

    @property
    def silent_title(self) -> str:
        """Return how what was changed without a trace is headed."""
        return self.say("silent" if self.comparison.traceable else "untraceable")

    def title(self, check: str | None, title: str) -> str:
        """Return the title of a check, or of a change that belongs to none."""
        return self._titles.get(check or "", title) or "—"

    def side(self, edit: VendorEdit) -> str:
        """Return for whom a change is better; what nobody has looked at is not called neutral."""
        if edit.direction == "none" and edit.advice != "accept":
            return self.say("for_unknown")
        return self.say(_FOR[edit.direction])

    def signals(self, edit: VendorEdit) -> str:
        """Return what to notice in the words of a change."""
        join = "、" if self.lang == "zh" else ", "
        return join.join(self._signals.get(name, name) for name in edit.signals)

    def who(self, edit: VendorEdit) -> str:
        """Return who made a change."""
        if not edit.tracked:
            return self.say("trace")
        return self.say("by", author=edit.author or self.say("someone"))

    def where(self, edit: VendorEdit) -> str:
        """Return the clause that a change is in, as displayed."""
        numbers = [p.number for p in (edit.new, edit.old) if p and p.number]
        return numbers[0] if numbers else ""

    def reason(self, edit: VendorEdit) -> str:
        """Return why to take a change or not."""
        if self.lang == "zh":
            return edit.reason
        if edit.cosmetic or edit.kind == "reference":
            return self.say("r_cosmetic" if edit.cosmetic else "r_reference")
        if edit.effects:
            told = "; ".join(map(self.effect, edit.effects))
            still = [self.title(t.check, t.title) for t in edit.touches if t.still]
            gained = edit.direction == "better" and still
            return f"{told}; {self.say('r_still', checks=', '.join(still))}" if gained else told
        if edit.touches:
            named = ", ".join(self.title(t.check, t.title) for t in edit.touches)
            return self.say("r_touches", checks=named)
        return self.say(
            "r_move" if edit.kind == "move" else "r_signals" if edit.signals else "r_plain"
        )

    def effect(self, effect: Effect) -> str:
        """Return how a check moves, in words."""
        return self.say(
            "r_status",
            check=self.title(effect.check, effect.title),
            before=self.say(effect.before),
            after=self.say(effect.after),
        )

    def outcome(self, change: AskedChange) -> str:
        """Return what became of a request, in a word or two."""
        word = self.say(change.outcome)
        return f"{word}（{self.say('trace')}）" if change.silent else word

    def answered(self, change: AskedChange) -> str:
        """Return what became of a request, in words."""
        if self.lang == "zh":
            return change.reason
        return self.say("r_silent" if change.silent else f"r_{change.outcome}")

    def moved(self, change: AskedChange) -> str:
        """Return how the check of a request moved; empty where none is known."""
        if change.status_before is None or change.status_after is None:
            return ""
        before, after = self.say(change.status_before), self.say(change.status_after)
        return self.say("status_moved", before=before, after=after)
