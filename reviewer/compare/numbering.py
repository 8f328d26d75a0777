"""Numbers of clauses in two versions, and references by number."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from reviewer.compare.alignment import Alignment
from reviewer.comparison import Renumbered
from reviewer.contract import Clause, Contract
from reviewer.ingest.markers import marker_of
from reviewer.text import Span

_NUMERAL = "一二三四五六七八九十百零〇两\\d"
_REFERENCE = re.compile(rf"(?<!》)(?<!》\s)第\s*[{_NUMERAL}]+\s*[条條](?:之[{_NUMERAL}]+)?")


class Reference(NamedTuple):
    """A clause that a sentence names by its number."""

    value: str
    """Arabic: `8`, `12-1`."""
    span: Span


def references(text: str) -> Iterator[Reference]:
    """Yield the articles of the same contract that `text` names; those of a law are left out.

    >>> [ref.value for ref in references("按第八条执行，依《民法典》第五百八十五条")]
    ['8']
    """
    for match in _REFERENCE.finditer(text):
        value = value_of(match[0])
        if value:
            yield Reference(value, Span(match.start(), match.end()))


def value_of(number: str | None) -> str | None:
    """Return the Arabic value of an article's number, None for other numbers."""
    marker = marker_of(f"{number} ") if number else None
    return marker.value if marker and marker.style == "article" else None


@dataclass(frozen=True)
class Numbering:
    """What number each article of the old version has in the new one."""

    articles: dict[str, str]

    @classmethod
    def of(cls, found: Alignment) -> "Numbering":
        """Return it, judged by where the sentences of each article went."""
        old_tops, new_tops = _articles(found.old), _articles(found.new)
        went: dict[str, Counter[str]] = {}
        for pair in found.pairs:
            source = old_tops.get(found.olds[pair.old[0]].clause)
            target = new_tops.get(found.news[pair.new[0]].clause)
            if source and target:
                went.setdefault(source, Counter())[target] += 1
        return cls({source: votes.most_common(1)[0][0] for source, votes in went.items()})

    def now(self, value: str) -> str | None:
        """Return the number that an article has now, None where it is gone or never was."""
        return self.articles.get(value)

    def follows(self, before: str, after: str) -> bool:
        """Return whether two sentences differ only in references that follow their articles."""
        ours, theirs = list(references(before)), list(references(after))
        if len(ours) != len(theirs) or not ours:
            return False
        if _without(before, ours) != _without(after, theirs):
            return False
        return all(
            self.now(old.value) == new.value or old.value == new.value
            for old, new in zip(ours, theirs, strict=True)
        )


def renumbered(found: Alignment) -> tuple[Renumbered, ...]:
    """Return the clauses that kept their words and have another number, tops only."""
    made: dict[tuple[str, str], Renumbered] = {}
    olds = {clause.id: clause for clause in found.old.clauses}
    news = {clause.id: clause for clause in found.new.clauses}
    for pair in found.pairs:
        first, then = found.olds[pair.old[0]], found.news[pair.new[0]]
        if not (first.opens and then.opens):
            continue
        old, new = olds[first.clause], news[then.clause]
        if _differ(old, new) and not old.parent and not new.parent:
            key = (_shown(old), _shown(new))
            made[key] = Renumbered(old=key[0], new=key[1], heading=new.heading)
    return tuple(made.values())


def _differ(old: Clause, new: Clause) -> bool:
    before = marker_of(f"{old.number} ") if old.number else None
    after = marker_of(f"{new.number} ") if new.number else None
    return bool(before and after and before.value != after.value)


def _shown(clause: Clause) -> str:
    return (clause.number or "").strip(" .、")


def _articles(contract: Contract) -> dict[str, str]:
    """Return for each clause the value of the article that it stands in."""
    parents = {clause.id: clause for clause in contract.clauses}
    found: dict[str, str] = {}
    for clause in contract.clauses:
        at: Clause | None = clause
        while at is not None:
            value = value_of(at.number)
            if value and not at.annex:
                found[clause.id] = value
                break
            at = parents.get(at.parent or "")
    return found


def _without(text: str, found: list[Reference]) -> str:
    kept, at = [], 0
    for reference in found:
        kept.append(text[at : reference.span.start])
        at = reference.span.end
    return "\0".join([*kept, text[at:]])
