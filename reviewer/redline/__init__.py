"""Accepted suggestions as tracked changes with comments in a Word file."""

import dataclasses
import datetime
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from lxml import etree

from reviewer.contract import Contract
from reviewer.errors import StaleReview, UsageError
from reviewer.finding import Finding, Severity
from reviewer.ingest.package import w
from reviewer.ingest.word import WordParagraph, WordText, read_word, visible
from reviewer.redline.comments import with_comments
from reviewer.redline.edits import Edit, edits_of
from reviewer.redline.fresh import fresh_word
from reviewer.redline.notes import comment_of
from reviewer.redline.resolve import accept_all, resolve, rewritten, serialised
from reviewer.redline.tracked import (
    CannotPlace,
    Marks,
    comment_only,
    insert_paragraphs,
    replace_words,
    used_ids,
)
from reviewer.review import Review

Comments = Literal["internal", "external", "none"]
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

    Raises:
        StaleReview: `source` is not the file that was reviewed.
        UsageError: A finding to accept is not in the review.
    """
    chosen = _chosen(review, accept, min_severity)
    data = source if source is not None else fresh_word(review.contract)
    word = read_word(data)
    if not _same_text(word.text, review.contract.text):
        raise StaleReview(
            f"{review.contract.file} 与审查时的内容不同", remedy="请重新审查后再导出修订稿"
        )
    silent = clean or comments == "none"
    notes = {} if silent else {f.id: comment_of(f, comments) for f in chosen}
    planned = edits_of(review.contract, chosen, notes)
    stamp = (date or datetime.datetime.now(datetime.UTC)).strftime("%Y-%m-%dT%H:%M:%SZ")
    marked = _Marker(review.contract, word, author, stamp)
    for edit in reversed(planned.edits):
        marked.make(edit)
    refused = [*marked.refused, *((name, "与另一处修改重叠") for name in planned.refused)]
    result = marked.finish(data)
    taken = {name for name, _ in refused}
    applied = tuple(dict.fromkeys(e.finding for e in planned.edits if e.finding not in taken))
    return Redline(accept_all(result, author) if clean else result, applied, tuple(refused))


def _same_text(word: str, reviewed: str) -> bool:
    return word.rstrip("\n") == reviewed.rstrip("\n")


def _chosen(
    review: Review, accept: Iterable[str] | Literal["all"], min_severity: Severity
) -> Sequence[Finding]:
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


class _Marker:
    """Makes edits in the parsed main part, last one first."""

    def __init__(self, contract: Contract, word: WordText, author: str, date: str) -> None:
        self.contract = contract
        self.package = word.package
        root = self.package.root(self.package.main)
        assert root is not None
        self.root = root
        self.paragraphs = [p for p in word.paragraphs if p.part == self.package.main]
        self.elements = list(root.iter(w("p")))
        comments = [self.package.root(name) for name in self.package.related("comments")]
        ids = used_ids([root, *(part for part in comments if part is not None)])
        self.marks = Marks(author, date, max(ids, default=0) + 1)
        self.refused: list[tuple[str, str]] = []

    def make(self, edit: Edit) -> None:
        place = self._paragraph(edit)
        if place is None:
            self.refused.append((edit.finding, "位置不在正文段落内"))
            return
        element = self.elements[place.index]
        try:
            if edit.inserts:
                self._insert(element, edit)
            else:
                offset = place.start + place.prefix
                replace_words(
                    element, edit.span.start - offset, edit.span.end - offset, edit, self.marks
                )
        except CannotPlace as problem:
            self.refused.append((edit.finding, str(problem)))
            note = f"（未直接修改：{problem}）建议：{edit.text}\n{edit.comment}"
            comment_only(element, note, self.marks)

    def _paragraph(self, edit: Edit) -> WordParagraph | None:
        start, end = edit.span
        if not edit.inserts:
            return next(
                (p for p in self.paragraphs if p.start + p.prefix <= start and end <= p.end), None
            )
        before = [p for p in self.paragraphs if p.end <= start + 1 and p.end > p.start]
        return before[-1] if before else None

    def _insert(self, element: etree._Element, edit: Edit) -> None:
        """Insert paragraphs; in an automatic list a new article takes its number from the list."""
        head = self._head(edit)
        automatic = head is not None and head.num_id is not None and head.prefix > 0
        comment = edit.comment
        if automatic and edit.number and comment and self._refers_behind(edit.span.start):
            comment += "\n插入后其后条款的自动编号顺延，正文中按条号引用之处请一并核对。"
        made = dataclasses.replace(edit, number="" if automatic else edit.number, comment=comment)
        like = self.elements[head.index] if head else None
        insert_paragraphs(element, made, self.marks, head_like=like, automatic=automatic)

    def _refers_behind(self, at: int) -> bool:
        """Return whether the text refers by number to an article behind `at`."""
        behind = {
            re.sub(r"\s", "", c.number)
            for c in self.contract.clauses
            if c.start >= at and c.number and c.parent is None
        }
        text = re.sub(r"\s", "", self.contract.text)
        return any(text.count(number) > 1 for number in behind)

    def _head(self, edit: Edit) -> WordParagraph | None:
        """Return the paragraph of the article's heading, whose look a new heading takes."""
        clause = self.contract.clause_at(max(0, edit.span.start - 1))
        while clause and clause.parent:
            clause = self.contract.clause(clause.parent)
        if clause is None:
            return None
        first = next(
            (p for p in self.paragraphs if p.start >= clause.start and p.end > p.start), None
        )
        return first if first and not first.in_table else None

    def finish(self, data: bytes) -> bytes:
        parts = {self.package.main: serialised(self.root)}
        parts |= with_comments(
            self.package, self.marks.comments, self.marks.author, self.marks.date
        )
        return rewritten(data, parts)


def rejects_cleanly(original: bytes, marked: bytes, author: str = AUTHOR) -> bool:
    """Return whether rejecting `author`'s changes gives the original's words back."""
    package = read_word(marked).package
    root = package.root(package.main)
    assert root is not None
    resolve(root, author, accept=False)
    before = read_word(original).package
    source = before.root(before.main)
    assert source is not None
    return _lines(root) == _lines(source)


def _lines(root: etree._Element) -> list[str]:
    return ["".join(c.character for c in visible(p)) for p in root.iter(w("p"))]
