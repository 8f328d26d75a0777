"""What the index holds: articles of law and model clauses, each in several passages.

A document is found through any of its passages, so that a long clause is not blurred into one
vector. What is embedded is not what is shown: a passage may be a heading, a reason or an exemplar
sentence, the text of a hit is always the article or the clause.
"""

import hashlib
from collections.abc import Iterable
from datetime import date
from typing import Literal

from reviewer.knowledge.clauses import ClauseLibrary
from reviewer.knowledge.laws import LawBook
from reviewer.law import Article
from reviewer.model_clause import Fix, ModelClause
from reviewer.playbook import Check, Playbook
from reviewer.record import Record
from reviewer.retrieval.everyday import load_questions

HitKind = Literal["law", "clause"]


class Document(Record):
    """An article or a model clause, as the index finds and shows it."""

    id: str
    """`民法典#585`, or the id of the check that a clause serves."""
    kind: HitKind
    title: str
    text: str
    passages: tuple[str, ...]
    checks: tuple[str, ...] = ()
    law: str | None = None
    effective_date: date | None = None


def documents(laws: LawBook, library: ClauseLibrary, playbook: Playbook) -> tuple[Document, ...]:
    """Return everything that can be found."""
    by_id = {check.id: check for check in playbook.checks}
    cited: dict[str, list[Check]] = {}
    for check in playbook.checks:
        for name in check.law:
            cited.setdefault(name, []).append(check)
    found = [_article(a, cited.get(a.id, [])) for a in laws.articles.values()]
    found += [_clause(c, by_id[c.check]) for c in library.clauses.values() if c.check in by_id]
    found += [_fix(f, by_id[f.check]) for f in library.fixes.values() if f.check in by_id]
    questions = load_questions()
    return tuple(
        d.model_copy(update={"passages": (*d.passages, *questions[d.id])})
        if d.id in questions
        else d
        for d in found
    )


def corpus_key(found: Iterable[Document], embedding: str) -> str:
    """Return the key of an index: a hash of the corpus and the embedding model."""
    key = hashlib.sha256(embedding.encode())
    for document in found:
        key.update(document.model_dump_json().encode())
    return key.hexdigest()[:20]


def _article(article: Article, cited: list[Check]) -> Document:
    name = f"《{article.law.removeprefix('中华人民共和国')}》{article.article}"
    return Document(
        id=article.id,
        kind="law",
        title=name,
        text=article.excerpt,
        passages=(
            f"{name} {article.gist}",
            f"{name} {article.excerpt}",
            f"{article.gist} {article.caveat} {'、'.join(c.title for c in cited[:4])}",
        ),
        checks=tuple(dict.fromkeys((*article.checks, *(c.id for c in cited)))),
        law=article.law,
        effective_date=article.effective_date,
    )


def _clause(clause: ModelClause, check: Check) -> Document:
    versions = (clause.standard, clause.strong, clause.concession)
    parts = dict.fromkeys(part.text for version in versions for part in version.parts)
    sentences = dict.fromkeys(
        sentence
        for element in check.elements
        for sentence in (*element.exemplars.met, *element.exemplars.partial)
    )
    elements = (f"{check.title} {e.title}：{e.met_when}" for e in check.elements)
    return Document(
        id=check.id,
        kind="clause",
        title=f"{check.title}：{clause.heading}",
        text=clause.standard.text,
        passages=(
            f"{check.title} {clause.heading} {check.what}",
            f"{check.title} {check.why} {clause.why}",
            *elements,
            *parts,
            *sentences,
        ),
        checks=(check.id,),
    )


def _fix(fix: Fix, check: Check) -> Document:
    sentences = check.exemplars.hit if check.exemplars else ()
    return Document(
        id=check.id,
        kind="clause",
        title=f"{check.title}（{'改写' if fix.text else '删除'}）",
        text=fix.text or fix.why,
        passages=(
            f"{check.title} {check.what}",
            f"{check.title} {check.why} {fix.why}",
            f"{check.title}：{check.hit_when or ''}",
            *((fix.text,) if fix.text else ()),
            *sentences,
        ),
        checks=(check.id,),
    )
