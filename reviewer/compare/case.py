"""One answer to what was sent: everything that can be said of it, put together."""

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Literal

from reviewer.compare.asked import Answered, followed, wish_ids
from reviewer.compare.differences import Difference
from reviewer.compare.edits import Base, Editor, traced, untold
from reviewer.compare.effects import Judge, counted, effects, shifts
from reviewer.compare.mapped import Mapped
from reviewer.compare.numbering import renumbered
from reviewer.compare.signals import Signals
from reviewer.compare.versions import Version
from reviewer.compare.wishes import Wish
from reviewer.comparison import AskedChange, Comparison, FindingShift, Tally, VendorEdit
from reviewer.contract import Contract
from reviewer.engine.matching import Lexicon
from reviewer.engine.rules import RulesEngine
from reviewer.finding import Status
from reviewer.knowledge.clauses import load_clauses
from reviewer.knowledge.laws import load_laws
from reviewer.knowledge.signals import load_signals
from reviewer.pipeline import Reviewer, review_contract
from reviewer.review import Review
from reviewer.text import Span


class Case:
    """One answer to what was sent."""

    def __init__(
        self,
        reviewer: Reviewer,
        asking: Mapped,
        answer: Version,
        wishes: Sequence[Wish],
        *,
        pending: bool,
    ) -> None:
        """Make it.

        Args:
            reviewer: Reviews both with the same engine and playbook.
            asking: From the original to what was sent.
            answer: The answer.
            wishes: What was asked for.
            pending: Whether changes of others pended in the file that was sent.
        """
        self.reviewer = reviewer
        self.asking = asking
        self.version = answer
        self.wishes = wishes
        self.pending = pending
        self.got = Mapped(asking.new, answer.accepted)
        self.kept = self.got if asking.old is asking.new else Mapped(asking.old, answer.accepted)
        quiet = answer.without_theirs
        same = quiet is answer.accepted
        self.quiet_got = self.got if same else Mapped(asking.new, quiet)
        self.quiet_kept = self.kept if same else Mapped(asking.old, quiet)
        self.tracked = Mapped(quiet, answer.accepted)

    def compared(
        self, mode: Literal["answer", "changes"], review: Review | None, notes: Iterable[str]
    ) -> Comparison:
        """Return everything there is to say.

        Args:
            mode: Two files, or one with pending changes.
            review: The review whose suggestions were asked for; used again where it fits.
            notes: What a reader must know of the files.
        """
        after = self._review(self.version.accepted)
        before = self._original(review, after)
        moved = shifts(before.findings, after.findings)
        editor, spent = self._editor(before, after)
        edits = [*self._silent(editor, after), *self._tracked(editor, after)]
        edits = [e.model_copy(update={"id": f"v{n:02d}"}) for n, e in enumerate(edits, 1)]
        edits += untold(self.version, edits, len(edits) + 1)
        asked = [_with_status(change, before, after) for change in self._followed()]
        warnings = [note for note in notes if note]
        if spent.spent:
            warnings.append("改动很多，后面的改动只按其涉及的审查项估计影响，没有逐条单独审查")
        warnings += [w for w in after.warnings if w not in warnings]
        return Comparison(
            mode=mode,
            original=before,
            sent=self.asking.new,
            answer=after,
            traceable=self.version.is_word,
            asked=tuple(asked),
            edits=tuple(edits),
            shifts=moved,
            renumbered=renumbered(self.got.alignment),
            remarks=self.version.remarks,
            warnings=tuple(warnings),
            tally=_tally(asked, edits, moved),
        )

    def _review(self, contract: Contract) -> Review:
        return review_contract(contract, self.reviewer.engine, self.reviewer.playbook)

    def _original(self, review: Review | None, after: Review) -> Review:
        """Return the review of the original; the one given where the same engine made it."""
        if review and review.engine == after.engine and review.contract is self.asking.old:
            return review
        if self.asking.old.text == after.contract.text:
            return after.model_copy(update={"contract": self.asking.old})
        return self._review(self.asking.old)

    def _editor(self, before: Review, after: Review) -> tuple[Editor, Judge]:
        engine = self.reviewer.engine
        rules = (
            engine if isinstance(engine, RulesEngine) else RulesEngine(load_laws(), load_clauses())
        )
        playbook = self.reviewer.playbook
        judge = Judge(rules, playbook, self.reviewer.settings.side)
        signals = Signals(load_signals(), Lexicon(playbook.vocabulary))
        moved = effects(before.findings, after.findings)
        return Editor(judge, signals, self.version.remarks, moved), judge

    @cached_property
    def answered(self) -> Answered:
        """Return the way up to the answer with everything accepted."""
        return Answered(self.asking, self.kept, self.got)

    @cached_property
    def quiet(self) -> Answered:
        """Return the way up to the answer without the pending changes of others."""
        return Answered(self.asking, self.quiet_kept, self.quiet_got)

    def _followed(self) -> list[AskedChange]:
        bare = None
        if self.version.ours:
            kept = Mapped(self.asking.old, self.version.rejected)
            bare = Answered(self.asking, kept, Mapped(self.asking.new, self.version.rejected))
        quiet = self.quiet if self.version.is_word else None
        return followed(self.wishes, self.answered, quiet, bare)

    def _silent(self, editor: Editor, after: Review) -> list[VendorEdit]:
        """Return what they changed without a trace, what was asked for left out."""
        base = Base(
            self.quiet_got, self.tracked, Mapped(self.asking.new, self.asking.new), after.findings
        )
        return [
            editor.edit(difference, base, by=None)
            for difference in self.quiet_got.differences
            if self._is_theirs(difference)
        ]

    def _is_theirs(self, difference: Difference) -> bool:
        """Return whether a difference is their own doing, and not an answer to what was asked."""
        if difference.kind in ("move", "reference"):
            return True
        old, new = difference.old, difference.new
        if any(self.asking.novel[old.start : old.end]):
            return False
        if old.start == old.end and not any(self.quiet_kept.novel[new.start : new.end]):
            return False  # words that we had struck and they put back
        return not self.pending or self._lasts(difference)

    def _lasts(self, difference: Difference) -> bool:
        """Return whether a difference is still there once every pending change is accepted."""
        old, new = difference.old, difference.new
        there = self.tracked.there(new) if new.start < new.end else None
        came = there is not None and any(self.got.novel[there.start : there.end])
        return came or any(self.got.lost[old.start : old.end])

    def _undone(self) -> list[tuple[str, Span]]:
        """Return the changes asked for that a pending change undoes, and where they stand."""
        quiet = self.quiet
        found = []
        for name, wish in zip(wish_ids(len(self.wishes)), self.wishes, strict=True):
            outcome = quiet.outcome(wish)
            if outcome != self.answered.outcome(wish):
                place = quiet.place(wish, outcome)
                found += [(name, place)] if place else []
        return found

    def _tracked(self, editor: Editor, after: Review) -> list[VendorEdit]:
        answer = self.version.accepted
        base = Base(self.tracked, Mapped(answer, answer), self.quiet_got, after.findings)
        undone = self._undone()
        found = []
        for difference in self.tracked.differences:
            edit = editor.edit(difference, base, by=traced(difference, self.version))
            around = Span(difference.old_around.start, difference.old_around.end + 1)
            asked = tuple(name for name, place in undone if place.overlap(around))
            found.append(edit.model_copy(update={"asked": asked}))
        return found


def _with_status(change: AskedChange, before: Review, after: Review) -> AskedChange:
    if change.check is None:
        return change

    def status(review: Review) -> Status | None:
        return next((f.status for f in review.findings if f.check == change.check), None)

    return change.model_copy(
        update={"status_before": status(before), "status_after": status(after)}
    )


def _tally(
    asked: Iterable[AskedChange], edits: Iterable[VendorEdit], moved: Iterable[FindingShift]
) -> Tally:
    outcomes = [change.outcome for change in asked]
    silent = [e for e in edits if not e.tracked and not e.cosmetic]
    numbers = counted(moved)
    return Tally(
        taken=outcomes.count("taken"),
        changed=outcomes.count("changed"),
        refused=outcomes.count("refused"),
        open=outcomes.count("open"),
        silent=len(silent),
        silent_high=sum(e.severity == "high" for e in silent),
        tracked=sum(e.tracked for e in edits),
        solved=numbers["solved"],
        better=numbers["better"],
        worse=numbers["worse"],
        new=numbers["new"],
    )
