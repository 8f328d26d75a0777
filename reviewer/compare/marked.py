"""What differs as tracked changes in the file that was sent: accepting all gives the answer.

Numbers of clauses stay as they were sent, and a paragraph that moved is struck at its old place
and inserted at the new one.
"""

from collections.abc import Iterator
from pathlib import Path

from reviewer.compare.differences import Difference
from reviewer.compare.mapped import Mapped
from reviewer.compare.units import body_start
from reviewer.comparison import AskedChange, Comparison, VendorEdit
from reviewer.errors import ContractError
from reviewer.finding import Action, Finding, Suggestion
from reviewer.ingest import contract_from_bytes
from reviewer.ingest.word import read_word
from reviewer.redline import Redline, redline
from reviewer.redline.resolve import accept_all
from reviewer.review import EngineInfo, Review, Summary
from reviewer.text import Span

AUTHOR = "对方回稿（比对）"
_ADVICE = {"accept": "可以接受", "reject": "不接受", "negotiate": "再谈", "look": "人工核对"}
_OUTCOME = {"taken": "已采纳", "changed": "被改写", "refused": "未接受", "open": "待定"}
_SEVERITY = {"high": "高", "medium": "中", "low": "低"}


def marked(old: Path, comparison: Comparison) -> Redline:
    """Return the file at `old` with everything that the answer has otherwise as tracked changes.

    Raises:
        ContractError: The file cannot be read.
    """
    try:
        data = old.read_bytes()
    except OSError as error:
        raise ContractError(f"无法打开 {old.name}", remedy="请检查路径") from error
    answer = comparison.answer.contract
    source: bytes | None = None
    base = comparison.sent
    automatic = False
    if data.startswith(b"PK\x03\x04"):
        source = accept_all(data)
        base = contract_from_bytes(source, old.name)
        automatic = any(p.prefix for p in read_word(source).paragraphs)
    elif comparison.original.contract.file == old.name:
        base = comparison.original.contract
    changes = _Changes(Mapped(base, answer), comparison, automatic=automatic)
    review = Review(
        contract=base,
        engine=EngineInfo(name="compare", playbook="", playbook_version=""),
        findings=tuple(changes.findings()),
        summary=Summary(),
    )
    return redline(review, source, comments="external", author=AUTHOR)


class _Changes:
    """Turns differences into suggestions for the file that was sent."""

    def __init__(self, mapped: Mapped, comparison: Comparison, *, automatic: bool) -> None:
        self.mapped = mapped
        self.comparison = comparison
        self.automatic = automatic
        self.moved = [d for d in mapped.differences if d.kind == "move"]

    def findings(self) -> Iterator[Finding]:
        """Yield one finding for each difference; those of a moved paragraph are in its move."""
        number = 0
        for difference in self.mapped.differences:
            for suggestion in self._suggestions(difference):
                number += 1
                yield Finding(
                    id=f"d{number:03d}",
                    check="difference",
                    kind="observation",
                    title="对方改动",
                    status="hit",
                    severity="medium",
                    reason="",
                    suggestion=suggestion,
                    confidence=1,
                )

    def _suggestions(self, difference: Difference) -> Iterator[Suggestion]:
        note = self._note(difference)
        if difference.kind == "reference" or self._is_in_move(difference):
            return
        if difference.kind == "move":
            yield self._strike(difference.old, f"移到别处。{note}")
            yield self._put(difference, f"由别处移来。{note}")
        elif difference.whole and difference.kind == "replace":
            yield self._strike(difference.old, note)
            yield self._put(difference, note)
        elif difference.kind == "delete" and difference.whole:
            yield self._strike(difference.old, note)
        elif difference.kind == "insert" and difference.whole:
            yield self._put(difference, note)
        else:
            yield self._within(difference, note)

    def _is_in_move(self, difference: Difference) -> bool:
        return difference.kind != "move" and any(
            move.old.start <= difference.old.start and difference.old.end <= move.old.end
            for move in self.moved
        )

    def _strike(self, span: Span, note: str) -> Suggestion:
        return self._suggestion("delete", span, "", note)

    def _within(self, difference: Difference, note: str) -> Suggestion:
        """Return a change of words; an insertion takes a character beside it along."""
        text = self.mapped.old.text
        start, end = difference.old
        words = difference.new.of(self.mapped.new.text)
        if start == end:
            if start and text[start - 1] != "\n":
                start, words = start - 1, text[start - 1] + words
            else:
                end, words = end + 1, words + text[end : end + 1]
        return self._suggestion("replace", Span(start, end), words, note)

    def _put(self, difference: Difference, note: str) -> Suggestion:
        """Return an insertion of whole lines behind those that stand before them."""
        text = self.mapped.old.text
        at = self._anchor(difference)
        clause = self.mapped.old.clause_at(max(0, at - 1)) or self.mapped.old.clauses[0]
        lines = self._lines(difference.new)
        line_end = text.find("\n", at)
        if text[at : clause.end].strip() and line_end > 0:  # in the middle of a clause
            end = Span(line_end - 1, line_end)
            return self._suggestion("replace", end, f"{end.of(text)}\n{lines}", note)
        return Suggestion(
            action="insert_after", anchor=clause.id, original=None, text=lines, letter=note
        )

    def _anchor(self, difference: Difference) -> int:
        if difference.kind != "move":
            return difference.old.start
        before = [
            d for d in self.mapped.alignment.pairs
            if not d.moved and self.mapped.alignment.news[d.new[1] - 1].span.end <= difference.new.start
        ]  # fmt: skip
        if not before:
            return 0
        last = max(before, key=lambda pair: pair.new[1])
        return self.mapped.alignment.olds[last.old[1] - 1].span.end

    def _lines(self, span: Span) -> str:
        """Return the lines of the answer, without their numbers where the list gives them."""
        new = self.mapped.new
        if not self.automatic:
            return span.of(new.text).strip("\n")
        cuts = [
            Span(clause.start, clause.start + body_start(clause))
            for clause in new.clauses
            if span.start <= clause.start < span.end and clause.number
        ]
        text, at = "", span.start
        for cut in cuts:
            text += new.text[at : cut.start]
            at = cut.end
        return (text + new.text[at : span.end]).strip("\n")

    def _suggestion(self, action: Action, span: Span, words: str, note: str) -> Suggestion:
        clause = self.mapped.old.clause_at(span.start)
        assert clause is not None
        return Suggestion(
            action=action,
            anchor=clause.id,
            original=span.of(self.mapped.old.text),
            start=span.start,
            end=span.end,
            text=words,
            letter=note,
        )

    def _note(self, difference: Difference) -> str:
        """Return what the comparison says of a difference, for the comment on it."""
        words = difference.old.of(self.mapped.old.text).strip()
        for edit in self.comparison.edits:
            if _is_of(edit, difference, words):
                trace = f"{edit.author or '未署名'} 留痕修订" if edit.tracked else "没有留痕的修改"
                return (
                    f"{edit.id} {trace}，风险{_SEVERITY[edit.severity]}。"
                    f"{_ADVICE[edit.advice]}：{edit.reason}"
                )
        for change in self.comparison.asked:
            if _answers(change, difference, words):
                return f"{change.id} 我方要求“{change.title}”{_OUTCOME[change.outcome]}。{change.reason}"
        return "对方的改动" if not difference.cosmetic else "只是标点或数字写法不同"


def _is_of(edit: VendorEdit, difference: Difference, words: str) -> bool:
    if edit.kind == "move":
        return difference.kind == "move" and bool(edit.new) and _meets(edit, difference.new)
    if edit.new and difference.new.start < difference.new.end:
        return _meets(edit, difference.new)
    return bool(edit.old and words and edit.old.quote.strip() == words)


def _meets(edit: VendorEdit, span: Span) -> bool:
    assert edit.new is not None
    return Span(edit.new.start, edit.new.end).overlap(span) > 0


def _answers(change: AskedChange, difference: Difference, words: str) -> bool:
    if change.now and Span(change.now.start, change.now.end).overlap(difference.new_around):
        return True
    return bool(words) and (words in change.asked or bool(change.old and words in change.old.quote))
