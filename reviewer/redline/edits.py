"""Accepted suggestions as edits of the text. No files here."""

import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from reviewer.contract import Clause, Contract
from reviewer.finding import Finding
from reviewer.quantity import chinese_number
from reviewer.text import Span


@dataclass(frozen=True)
class Edit:
    """One change: the words of `span` become `text`; an empty span inserts paragraphs."""

    finding: str
    span: Span
    text: str
    comment: str = ""
    article: bool = False
    """Whether the text inserted is an article of its own, its first line the heading."""
    number: str = ""
    """What a new article is numbered where numbers are typed by hand: 第五条之一."""

    @property
    def inserts(self) -> bool:
        """Return whether whole paragraphs are inserted behind `span.start`."""
        return self.span.start == self.span.end


class Edits(NamedTuple):
    """Edits in the order of the text, and the findings whose change had no room."""

    edits: tuple[Edit, ...]
    refused: tuple[str, ...]


def edits_of(contract: Contract, findings: Iterable[Finding], comments: dict[str, str]) -> Edits:
    """Return the edits that the suggestions of `findings` amount to.

    Where two changes overlap the earlier in the text, then the longer, is kept.
    """
    wanted: list[Edit] = []
    for finding in findings:
        suggestion = finding.suggestion
        if suggestion is None:
            continue
        comment = comments.get(finding.id, "")
        if suggestion.action in ("replace", "delete"):
            assert suggestion.start is not None
            assert suggestion.end is not None
            wanted.append(
                Edit(finding.id, Span(suggestion.start, suggestion.end), suggestion.text, comment)
            )
        elif suggestion.text:
            clause = contract.clause(suggestion.anchor)
            assert clause is not None
            at = clause.start + len(clause.text.rstrip())
            if suggestion.action == "insert_before":
                at = max(0, clause.start - 1)
            article = _opens_article(suggestion.text)
            number = next_number(contract, clause) if article else ""
            edit = Edit(finding.id, Span(at, at), suggestion.text, comment, article, number)
            wanted.append(edit)
        wanted += [
            Edit(finding.id, Span(change.start, change.end), change.text)
            for change in suggestion.more
        ]
    return _without_overlaps(wanted)


def _opens_article(text: str) -> bool:
    first, _, rest = text.partition("\n")
    return bool(rest) and len(first) <= 20 and not first.endswith("。")


def _without_overlaps(wanted: Sequence[Edit]) -> Edits:
    kept: list[Edit] = []
    refused: list[str] = []
    for edit in sorted(wanted, key=lambda e: (e.span.start, e.inserts, -e.span.end, e.finding)):
        if any(edit.span == other.span and edit.text == other.text for other in kept):
            continue  # one change that answers two findings
        clash = any(
            edit.span.overlap(other.span)
            or (edit.inserts and other.span.start < edit.span.start < other.span.end)
            for other in kept
        )
        (refused.append(edit.finding) if clash else kept.append(edit))
    return Edits(tuple(kept), tuple(dict.fromkeys(refused)))


def apply(text: str, edits: Iterable[Edit]) -> str:
    """Return `text` with the edits made; everything outside their spans is unchanged."""
    ordered = sorted(edits, key=lambda e: (e.span.start, e.inserts, e.finding), reverse=True)
    for edit in ordered:
        new = f"\n{edit.number}{edit.text}" if edit.inserts else edit.text
        text = text[: edit.span.start] + new + text[edit.span.end :]
    return text


_TOKEN = re.compile(r"\d+(?:\.\d+)?%?|[a-zA-Z]+|[\u4e00-\u9fff]|\s+|.", re.DOTALL)
LEAST_ALIKE = 0.45
"""Below this likeness a sentence is replaced whole: a patchwork of words cannot be read."""


def word_diff(old: str, new: str) -> list[tuple[str, str, str]]:
    """Return the changes from `old` to `new` as (kind, old words, new words).

    `kind` is equal, delete, insert or replace. Numbers and Latin words are kept whole.

    >>> word_diff("三日内支付", "五日内支付")
    [('replace', '三', '五'), ('equal', '日内支付', '日内支付')]
    """
    a, b = _TOKEN.findall(old), _TOKEN.findall(new)
    matcher = difflib.SequenceMatcher(None, a, b, autojunk=False)
    if matcher.ratio() < LEAST_ALIKE:
        return (
            [("replace", old, new)] if old and new else [("delete" if old else "insert", old, new)]
        )
    return [(kind, "".join(a[i:j]), "".join(b[k:m])) for kind, i, j, k, m in matcher.get_opcodes()]


def next_number(contract: Contract, clause: Clause) -> str:
    """Return the hand-typed number of a new article behind the one that `clause` is in.

    第十二条之一 between two articles, 第十三条 behind the last; empty where the style is unknown.
    """
    tops = [c for c in contract.clauses if c.parent is None and c.kind == clause.kind and c.number]
    top = clause
    while top.parent:
        above = contract.clause(top.parent)
        if above is None:
            break
        top = above
    if not top.number:
        return ""
    last = bool(tops) and tops[-1].id == top.id
    article = re.fullmatch(r"第\s*([\d一二三四五六七八九十百零]+)\s*[条條]", top.number)
    if article:
        return f"第{_after(article[1])}条 " if last else f"{top.number}之一 "
    chinese = re.fullmatch(r"([一二三四五六七八九十]+)\s*[、.．]", top.number)
    if chinese:
        return f"{_after(chinese[1])}、" if last else f"{chinese[1]}之一、"
    digits = re.fullmatch(r"(\d+)\s*[、.．]?", top.number)
    if digits:
        return f"{int(digits[1]) + 1}. " if last else f"{digits[1]}A. "
    return ""


def _after(words: str) -> str:
    if words.isdigit():
        return str(int(words) + 1)
    value = chinese_number(words)
    return _spelled(int(value) + 1) if value is not None else words


def _spelled(number: int) -> str:
    digits = "零一二三四五六七八九"
    tens, ones = divmod(number, 10)
    head = ("十" if tens == 1 else f"{digits[tens]}十") if tens else ""
    return head + (digits[ones] if ones else "") or digits[0]
