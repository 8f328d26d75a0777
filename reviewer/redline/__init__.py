"""Accepted suggestions as tracked changes with comments in a Word file."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from reviewer.errors import StaleReview, UsageError
from reviewer.finding import Finding, Severity
from reviewer.ingest.limits import Limits
from reviewer.ingest.word import WordText, read_word
from reviewer.redline.draft import UNFAITHFUL, Draft
from reviewer.redline.edits import OVERLAPS, Edit, Edits, edits_of, numbered
from reviewer.redline.fresh import fresh_word
from reviewer.redline.guard import notes_on
from reviewer.redline.notes import Comments, Language, comment_of
from reviewer.redline.package import rewritten
from reviewer.redline.resolve import resolved
from reviewer.review import Review

AUTHOR = "合同审查"
_RANK: dict[Severity, int] = {"high": 0, "medium": 1, "low": 2}


@dataclass(frozen=True)
class Redline:
    """A marked-up Word file, and what could not be marked."""

    data: bytes
    applied: tuple[str, ...]
    """Ids of the findings whose suggestion is a tracked change."""
    refused: tuple[tuple[str, str], ...]
    """Id and reason, in Chinese; such a suggestion stands as a comment where it could."""
    warnings: tuple[str, ...] = ()
    """What to know of the file and of references that a change touches, in Chinese."""


def redline(
    review: Review,
    source: bytes | None,
    *,
    accept: Iterable[str] | Literal["all"] = "all",
    min_severity: Severity = "low",
    comments: Comments = "internal",
    author: str = AUTHOR,
    date: datetime.datetime | None = None,
    clean: bool = False,
    lang: Language = "zh",
) -> Redline:
    """Return the contract with the accepted suggestions as tracked changes.

    Args:
        review: The review.
        source: The original .docx; None when the contract came as text or PDF, and a Word file
            is made from the text.
        accept: Ids of the findings to accept.
        min_severity: Leaves out what is less severe.
        comments: Written for oneself, for the other side, or none.
        author: Shown as the author of the changes.
        date: Time of the changes; now by default.
        clean: Return the accepted text as a normal document.
        lang: Language of the comments.

    Raises:
        StaleReview: `source` is not the file that was reviewed.
        UsageError: A finding to accept is not in the review.
        Unreadable: The file cannot take comments, because those it has are damaged.
    """
    chosen = chosen_of(review, accept, min_severity)
    data = source if source is not None else fresh_word(review.contract)
    word = read_word(data, limits=_GENEROUS)
    if word.text.rstrip("\n") != review.contract.text.rstrip("\n"):
        raise StaleReview(
            f"{review.contract.file} 与审查时的内容不同", remedy="请重新审查后再导出修订稿"
        )
    silent = clean or comments == "none"
    notes = {} if silent else {f.id: comment_of(f, comments, lang) for f in chosen}
    planned = edits_of(review.contract, chosen, notes)
    stamp = (date or datetime.datetime.now(datetime.UTC)).strftime("%Y-%m-%dT%H:%M:%SZ")
    attempt = _Attempt(review, word, author, stamp, lang)
    draft, refused = attempt.made(planned)
    result = rewritten(data, draft.finish())
    if clean:
        result = resolved(result, draft.marks.is_own, accept=True)
    applied = [n for e in draft.made for n in (e.finding, *e.also) if n not in refused]
    warnings = (*notes_on(word.package), *_foreign(word, clean=clean), *draft.warnings)
    return Redline(result, tuple(dict.fromkeys(applied)), tuple(refused.items()), warnings)


_GENEROUS = Limits(max_bytes=10**9, max_unzipped=2 * 10**9, max_characters=10**8)
"""The file was read once already, within the limits that the user set."""


def _foreign(word: WordText, *, clean: bool) -> list[str]:
    if not word.changes or not clean:
        return []
    return [f"文件里他人的 {len(word.changes)} 处修订仍待处理，干净文本里原样保留"]


def chosen_of(
    review: Review, accept: Iterable[str] | Literal["all"], min_severity: Severity = "low"
) -> Sequence[Finding]:
    """Return the findings whose suggestion is accepted.

    Raises:
        UsageError: A finding to accept is not in the review.
    """
    drafted = [f for f in review.findings if f.suggestion is not None]
    if accept != "all":
        wanted = set(accept)
        unknown = wanted - {f.id for f in review.findings} - {f.check for f in review.findings}
        if unknown:
            known = "、".join(f.id for f in drafted[:8])
            raise UsageError(
                f"没有编号为 {'、'.join(sorted(unknown))} 的审查意见",
                remedy=f"可用的编号如 {known}",
            )
        drafted = [f for f in drafted if f.id in wanted or f.check in wanted]
    return [f for f in drafted if _RANK[f.severity] <= _RANK[min_severity]]


@dataclass
class _Attempt:
    """Drafts until every change in the draft is exact; what is not becomes a comment."""

    review: Review
    word: WordText
    author: str
    date: str
    lang: Language

    def made(self, planned: Edits) -> tuple[Draft, dict[str, str]]:
        """Return the draft, and finding and reason of what is not changed in it."""
        bad: dict[str, str] = {}
        while True:
            draft = self._draft()
            failed = draft.make(self._without(planned.edits, bad), self.lang)
            if not failed and not draft.is_faithful():
                failed = self._culprits(draft.made)
            if not failed:
                break
            bad |= failed
        refused = {edit.finding: OVERLAPS for edit in planned.refused} | bad
        refused |= {n: bad[e.finding] for e in planned.edits if e.finding in bad for n in e.also}
        self._remark(draft, planned, refused)
        return draft, refused

    def _draft(self) -> Draft:
        return Draft(self.review.contract, self.word, self.author, self.date)

    def _without(self, edits: Sequence[Edit], bad: Mapping[str, str]) -> list[Edit]:
        kept = [edit for edit in edits if edit.finding not in bad]
        return list(numbered(self.review.contract, kept))

    def _culprits(self, edits: Sequence[Edit]) -> dict[str, str]:
        """Return the findings whose changes are not exact by themselves."""
        findings = list(dict.fromkeys(edit.finding for edit in edits))
        if len(findings) == 1:
            return {findings[0]: UNFAITHFUL}
        found: dict[str, str] = {}
        for half in (findings[: len(findings) // 2], findings[len(findings) // 2 :]):
            part = [edit for edit in edits if edit.finding in half]
            draft = self._draft()
            failed = draft.make(part, self.lang)
            if failed or not draft.is_faithful():
                found |= failed or self._culprits(part)
        return found or dict.fromkeys(findings, UNFAITHFUL)

    def _remark(self, draft: Draft, planned: Edits, refused: Mapping[str, str]) -> None:
        first: dict[str, Edit] = {}
        for edit in (*planned.edits, *planned.refused):
            if edit.finding in refused:
                first.setdefault(edit.finding, edit)
        for name, edit in sorted(first.items(), key=lambda item: (item[1].span, item[0])):
            draft.remark(edit, refused[name], self.lang)


__all__ = ["AUTHOR", "Comments", "Language", "Redline", "chosen_of", "redline"]
