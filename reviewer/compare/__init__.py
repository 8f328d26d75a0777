"""What the other side made of a contract: asked for, answered, changed without a word.

Four texts are set against one another: the original, what was sent (the original with the
changes asked for), the answer as it would read once its pending changes are accepted, and the
answer without the pending changes of others. What differs between the second and the last is
what they did without a trace.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from reviewer.compare.case import Case
from reviewer.compare.mapped import Mapped
from reviewer.compare.versions import Version, read_version
from reviewer.compare.wishes import Wish, spliced, wishes_of_changes, wishes_of_edits
from reviewer.comparison import Comparison
from reviewer.contract import Contract
from reviewer.errors import StaleReview, UsageError
from reviewer.finding import Severity
from reviewer.ingest.assemble import assemble
from reviewer.ingest.source import Source
from reviewer.pipeline import Reviewer, Stage, limits_of, sha256_of
from reviewer.redline import AUTHOR, chosen_of
from reviewer.redline.edits import edits_of, numbered
from reviewer.review import Review

__all__ = ["compare", "review_changes"]


def compare(
    old: Path,
    new: Path,
    reviewer: Reviewer,
    *,
    review: Review | None = None,
    accept: Iterable[str] | Literal["all"] = "all",
    min_severity: Severity = "low",
    author: str = AUTHOR,
    on_stage: Stage | None = None,
) -> Comparison:
    """Return what became of what was asked for, and what else the other side changed.

    Args:
        old: The contract as it was sent: the redline, or the file the review was made of.
        new: The answer.
        reviewer: Reviews both with the same engine and playbook.
        review: The review whose suggestions were asked for.
        accept: Ids of the findings that were asked for, where `old` carries no changes of ours.
        min_severity: Leaves out what is less severe, likewise.
        author: The name under which our own changes stand.
        on_stage: Told of each stage as it begins: `read`, `align`, `review`.

    Raises:
        ContractError: A file cannot be read.
        StaleReview: The review is of another contract.
        UsageError: A finding to accept is not in the review.
    """
    tell = on_stage or (lambda stage: None)
    tell("read")
    sent, answer = (_read(path, reviewer, author) for path in (old, new))
    asking, wishes, notes = _asked(sent, review, accept, min_severity, reviewer)
    tell("align")
    case = Case(reviewer, asking, answer, wishes, pending=bool(sent.theirs))
    tell("review")
    return case.compared("answer", review, (*notes, *_notes_on(sent, answer, author)))


def review_changes(
    path: Path, reviewer: Reviewer, *, author: str = AUTHOR, on_stage: Stage | None = None
) -> Comparison:
    """Return what each pending change of others in a file does, and whether to accept it.

    Raises:
        ContractError: The file cannot be read.
        UsageError: It carries no pending changes.
    """
    tell = on_stage or (lambda stage: None)
    tell("read")
    version = _read(path, reviewer, author)
    if not version.theirs and version.accepted.text == version.without_theirs.text:
        raise UsageError(
            f"{path.name} 里没有他人的修订",
            remedy="要比较两个文件请用 reviewer compare 旧稿 新稿",
        )
    tell("align")
    base = version.without_theirs
    case = Case(reviewer, Mapped(base, base), version, [], pending=False)
    tell("review")
    return case.compared("changes", None, _notes_on(version, version, author)[1:])


def _read(path: Path, reviewer: Reviewer, author: str) -> Version:
    settings = reviewer.settings
    return read_version(path, side=settings.side, limits=limits_of(settings), author=author)


def _asked(
    sent: Version,
    review: Review | None,
    accept: Iterable[str] | Literal["all"],
    min_severity: Severity,
    reviewer: Reviewer,
) -> tuple[Mapped, list[Wish], tuple[str, ...]]:
    """Return the original against what was sent, what was asked for, and what to say of it."""
    if sent.ours:
        asking = Mapped(sent.without_ours, sent.accepted)
        if review and not _same(review.contract, sent.without_ours):
            raise _stale(review)
        return asking, wishes_of_changes(asking, review, sent.remarks), ()
    if review is None:
        note = "没有给出审查结果，旧稿里也没有我方的修订：只比较差异，无法说明哪些要求被采纳"
        return Mapped(sent.accepted, sent.accepted), [], (note,)
    if not _same(review.contract, sent.accepted):
        raise _stale(review)
    chosen = chosen_of(review, accept, min_severity)
    planned = numbered(review.contract, edits_of(review.contract, chosen, {}).edits)
    text, spans = spliced(review.contract.text, planned)
    made = assemble(
        Source(text), review.contract.file, sha256_of(text.encode()), reviewer.settings.side
    )
    return Mapped(review.contract, made), wishes_of_edits(planned, spans, chosen), ()


def _same(one: Contract, other: Contract) -> bool:
    return "".join(one.text.split()) == "".join(other.text.split())


def _stale(review: Review) -> StaleReview:
    return StaleReview(
        f"旧稿与审查结果（{review.contract.file}）不是同一份合同",
        remedy="请给出审查过的那份文件，或由它导出的修订稿",
    )


def _notes_on(sent: Version, answer: Version, author: str) -> tuple[str, ...]:
    """Return what a reader must know of the two files; the first is on the file sent."""
    others = sorted({c.author or "未署名" for c in sent.theirs})
    notes = []
    if others:
        notes.append(
            f"旧稿里有 {'、'.join(others)} 的修订，按已接受处理；若其中有我方的，请用 --author 指明"
        )
    else:
        notes.append("")
    if not answer.is_word:
        notes.append("新稿不是 Word 文件，无法留痕：所有改动都请逐条核对")
    if answer.formats:
        notes.append(f"新稿另有 {answer.formats} 处只涉及格式的修订，未列出")
    return tuple(notes)
