"""The retrieval index: dense search and BM25 over passages, fused by rank into documents."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from reviewer.errors import ChatUnavailable
from reviewer.knowledge.clauses import load_clauses
from reviewer.knowledge.laws import load_laws
from reviewer.knowledge.own import with_own_clauses
from reviewer.knowledge.playbooks import load_playbook
from reviewer.quantity import chinese_number
from reviewer.retrieval.documents import Document, HitKind, corpus_key, documents
from reviewer.retrieval.embedding import Embedder, Vectors, embedder_of
from reviewer.retrieval.everyday import expansion
from reviewer.retrieval.lexical import LexicalIndex
from reviewer.retrieval.store import VectorStore, in_memory, kept, served
from reviewer.settings import Settings

Method = Literal["hybrid", "dense", "lexical"]

RANK_CONSTANT = 10
"""Of reciprocal rank fusion. Source: Cormack, Clarke and Büttcher (2009), who use 60 for runs of
a thousand; with a few hundred documents a smaller one keeps the top ranks apart. This and the two
weights below were chosen with `python -m reviewer.retrieval.evaluate`."""
SECOND_WEIGHT = 0.5
"""How much a document's second passage adds to its best one: two that agree beat a lucky one."""
DEPTH = 600
"""So many passages are fetched from Chroma; all of them where a filter leaves few documents."""
SUPPORTING = 6
SUPPORT_WEIGHT = 0.8
"""How many of the best clauses lift the articles that support them, and how much."""
EXPANSION_WEIGHT = 0.5
"""How much the formal terms for everyday words count against the user's own words, in BM25."""


class Hit(NamedTuple):
    """One document found."""

    kind: HitKind
    id: str
    score: float
    """0 to 1; comparable within one search."""
    text: str
    title: str
    why: str

    def as_json(self) -> dict[str, object]:
        """Return the hit as an object for programs."""
        return self._asdict()


class _Ranking(NamedTuple):
    """How one method scores every document."""

    scores: Vectors
    best: NDArray[np.intp]
    """The passage that matches best."""
    top: Vectors
    """The score of that passage."""


class Index:
    """Searches the corpus."""

    def __init__(
        self,
        found: Sequence[Document],
        embedder: Embedder | None,
        store: VectorStore | None,
        note: str,
    ) -> None:
        self.documents = tuple(found)
        self.note = note
        """How the index was opened, in Chinese."""
        self._embedder = embedder
        self._store = store
        lengths = [len(document.passages) for document in found]
        self._owner = np.repeat(np.arange(len(lengths)), lengths)
        self._starts = np.cumsum([0, *lengths[:-1]])
        self._ends = np.cumsum(lengths) - 1
        self._lexical = LexicalIndex([p for document in found for p in document.passages])

    @property
    def size(self) -> int:
        """Return how many documents can be found."""
        return len(self.documents)

    def search(
        self,
        query: str,
        *,
        kind: str | None = None,
        limit: int = 5,
        check: str | None = None,
        law: str | None = None,
        as_of: date | None = None,
        method: Method = "hybrid",
    ) -> list[Hit]:
        """Return the documents that answer `query`, best first.

        Args:
            query: Everyday words, a clause, or a question of law.
            kind: `law` or `clause`; None for both.
            limit: At most so many.
            check: Only documents that serve this check.
            law: Only articles of this law, by any part of its title.
            as_of: Only articles in force on this day.
            method: Without an embedding model all three are `lexical`.

        Raises:
            ChatUnavailable: The embedding endpoint or the Chroma server went away.
            IndexStale: The embedding model is not the one that the index was built with.
        """
        allowed = np.array(
            [
                (kind is None or d.kind == kind)
                and (check is None or check in d.checks)
                and (law is None or (d.law is not None and law in d.law))
                and (as_of is None or d.effective_date is None or d.effective_date <= as_of)
                for d in self.documents
            ]
        )
        extra = expansion(query)
        depth = len(self._owner) if check or law else DEPTH
        dense = self._dense(query, extra, depth) if method != "lexical" else None
        lexical = self._lexically(query, extra) if method != "dense" or not dense else None
        used = [ranking for ranking in (dense, lexical) if ranking]
        scores = _fused(used, allowed)
        if method == "hybrid" and kind != "clause":
            scores += np.where(allowed, self._supported(used), 0)
        named = _named_article(query)
        for number in np.flatnonzero(allowed):
            if self.documents[number].id == named:
                scores[number] = np.inf
        order = [n for n in np.argsort(-scores, kind="stable")[:limit] if scores[n] > 0]
        return [self._hit(int(n), float(scores[n]), query, (dense, lexical), named) for n in order]

    def _supported(self, used: Sequence[_Ranking]) -> Vectors:
        """Return what each article gains from the clauses that the query finds.

        Everyday words seldom stand in a statute; they do stand in clauses and their exemplars, and
        every article names the checks that it supports.
        """
        clauses = _fused(used, np.array([d.kind == "clause" for d in self.documents]))
        best = np.argsort(-clauses, kind="stable")[:SUPPORTING]
        gains = {
            self.documents[n].id: SUPPORT_WEIGHT / rank
            for rank, n in enumerate(best, RANK_CONSTANT + 1)
        }
        return np.array(
            [
                max((gains.get(c, 0.0) for c in d.checks), default=0.0) if d.kind == "law" else 0.0
                for d in self.documents
            ],
            dtype=np.float32,
        )

    def _dense(self, query: str, extra: str, depth: int) -> _Ranking | None:
        if self._embedder is None or self._store is None:
            return None
        vector = self._embedder.query(f"{query} {extra}" if extra else query)
        return self._ranking(self._store.similarities(vector, depth=depth))

    def _lexically(self, query: str, extra: str) -> _Ranking:
        scores = self._lexical.scores(query) + EXPANSION_WEIGHT * self._lexical.scores(extra)
        return self._ranking(scores)

    def _ranking(self, passages: Vectors) -> _Ranking:
        """Score a document by its best passage and, less, by its second."""
        order = np.lexsort((-passages, self._owner))
        best = order[self._starts]
        second = order[np.minimum(self._starts + 1, self._ends)]
        return _Ranking(passages[best] + SECOND_WEIGHT * passages[second], best, passages[best])

    def _hit(
        self,
        number: int,
        score: float,
        query: str,
        rankings: tuple[_Ranking | None, _Ranking | None],
        named: str | None,
    ) -> Hit:
        document = self.documents[number]
        dense, lexical = rankings
        reasons = ["指名的法条"] if document.id == named else []
        if lexical and lexical.top[number] > 0:
            words = self._lexical.shared(query, int(lexical.best[number]))[:4]
            formal = (
                [] if words else self._lexical.shared(expansion(query), int(lexical.best[number]))
            )
            if words:
                reasons.append("共同词：" + "、".join(words))
            elif formal:
                reasons.append("近义词：" + "、".join(formal[:4]))
        if dense:
            reasons.append(f"语义相近 {dense.top[number]:.2f}")
        return Hit(
            kind=document.kind,
            id=document.id,
            score=round(min(score, 1.0), 4),
            text=document.text,
            title=document.title,
            why="；".join(reasons),
        )


def _fused(used: Sequence[_Ranking], allowed: NDArray[np.bool_]) -> Vectors:
    """Return the mean of the reciprocal ranks; 1 for a document that is first in each."""
    scores: Vectors = np.mean([_reciprocal(r, allowed) for r in used], axis=0)
    return scores * (RANK_CONSTANT + 1)


def _reciprocal(ranking: _Ranking, allowed: NDArray[np.bool_]) -> Vectors:
    """Return one over the rank of each allowed document; nothing for one without a score."""
    scores = np.where(allowed, ranking.scores, 0)
    order = np.argsort(-scores, kind="stable")
    ranks = np.empty(len(scores), dtype=np.float32)
    ranks[order] = np.arange(1, len(scores) + 1)
    gains: Vectors = np.where(scores > 0, 1 / (RANK_CONSTANT + ranks), 0).astype(np.float32)
    return gains


def open_index(settings: Settings, *, rebuild: bool = False, fallback: bool = False) -> Index:
    """Return the index over the corpus, the user's own clauses included, built if need be.

    Args:
        settings: Where the cache lies, which embeddings, whether a Chroma server.
        rebuild: Whether to build it anew even if it is there.
        fallback: Whether to use the small model when the embedding endpoint is down.

    Raises:
        CorpusInvalid: A file of the corpus is wrong; an index that is there stays as it is.
        ChatUnavailable: The embedding endpoint or the Chroma server does not answer.
    """
    playbook, library = load_playbook(settings.playbook), load_clauses()
    if settings.corpus:
        library = with_own_clauses(library, settings.corpus, playbook)
    found = documents(load_laws(), library, playbook)
    embedder = embedder_of(settings)
    if embedder is None:
        return Index(found, None, None, "未安装内置向量模型，仅按词面检索")
    if not fallback or not settings.embedding_base_url:
        return _opened(settings, found, embedder, rebuild=rebuild)
    try:
        embedder.query("合同")
        return _opened(settings, found, embedder, rebuild=rebuild)
    except ChatUnavailable:
        inner = embedder_of(settings.model_copy(update={"embedding_base_url": None}))
    if inner is None:
        return Index(found, None, None, "向量服务不可用，仅按词面检索")
    index = _opened(settings, found, inner, rebuild=rebuild)
    index.note += "；向量服务不可用，改用内置模型"
    return index


def _opened(
    settings: Settings, found: Sequence[Document], embedder: Embedder, *, rebuild: bool
) -> Index:
    key = corpus_key(found, embedder.name)
    passages = [passage for document in found for passage in document.passages]
    if settings.chroma_url:
        store = served(settings.chroma_url, key, passages, embedder)
    else:
        try:
            folder = settings.cache_dir / "index"
            store = kept(folder, key, passages, embedder, rebuild=rebuild)
        except OSError:
            store = in_memory(passages, embedder)
    return Index(found, embedder, store, store.note)


_NAMED = re.compile(
    r"《?([\u4e00-\u9fff]{2,20}?)》?第?([0-9一二三四五六七八九十百千零〇]+)条(之一)?"
)


def _named_article(query: str) -> str | None:
    """Return the id of the article that the query names, or None."""
    match = _NAMED.search(query.replace("中华人民共和国", ""))
    if not match:
        return None
    number = match[2] if match[2].isascii() else chinese_number(match[2])
    return f"{match[1]}#{number}{match[3] or ''}"
