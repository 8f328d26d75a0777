"""The retrieval index: dense search in Chroma and BM25, fused by rank.

The index is a cache. It is keyed by a hash of corpus and embedding model, built in a folder of
its own and renamed, so that a crash leaves the old one, and rebuilt when it is damaged.
"""

import contextlib
import json
import re
import secrets
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

import numpy as np

from reviewer.errors import ChatUnavailable, IndexStale
from reviewer.knowledge.clauses import load_clauses
from reviewer.knowledge.laws import load_laws
from reviewer.knowledge.playbooks import load_playbook
from reviewer.quantity import chinese_number
from reviewer.retrieval.documents import Document, HitKind, corpus_key, documents
from reviewer.retrieval.embedding import Embedder, Vectors, embedder_of
from reviewer.retrieval.lexical import LexicalIndex
from reviewer.settings import Settings

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.models.Collection import Collection

RANK_CONSTANT = 10
"""Of reciprocal rank fusion. Source: Cormack, Clarke and Büttcher (2009), who use 60 for runs of
a thousand; with a few hundred documents a smaller one keeps the top ranks apart. Measured with
`python -m reviewer.retrieval.evaluate`."""
DENSE_WEIGHT = 1.0
LEXICAL_WEIGHT = 1.0
BRIDGE_WEIGHT = 0.3
"""What the best clause for a query adds to the articles that support it."""
SUPPORTING = 6
_COLLECTION = "corpus"
_DONE = "complete.json"
_BATCH = 500


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


class Index:
    """Searches the corpus."""

    def __init__(
        self,
        found: Sequence[Document],
        embedder: Embedder | None,
        collection: "Collection | None",
        note: str,
    ) -> None:
        self.documents = tuple(found)
        self.note = note
        """How the index was opened, in Chinese."""
        self._embedder = embedder
        self._collection = collection
        self._owner = [n for n, d in enumerate(found) for _ in d.passages]
        self._passages = [passage for d in found for passage in d.passages]
        self._lexical = LexicalIndex(self._passages)
        self._vectors: dict[str, Vectors] = {}
        """The vector of the last query."""

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
        method: str = "hybrid",
    ) -> list[Hit]:
        """Return the documents that answer `query`, best first.

        Args:
            query: Everyday words, a clause, or a question of law.
            kind: `law` or `clause`; None for both.
            limit: At most so many.
            check: Only documents that serve this check.
            law: Only articles of this law, by any part of its title.
            as_of: Only articles in force on this day.
            method: `hybrid`, `dense` or `lexical`.
        """
        allowed = {
            n
            for n, d in enumerate(self.documents)
            if (kind is None or d.kind == kind)
            and (check is None or check in d.checks)
            and (law is None or (d.law is not None and law in d.law))
            and (as_of is None or d.effective_date is None or d.effective_date <= as_of)
        }
        dense = self._dense(query, allowed) if method != "lexical" else {}
        lexical = self._lexically(query, allowed) if method != "dense" or not dense else {}
        named = _named_article(query)
        scores = _fused(((dense, DENSE_WEIGHT), (lexical, LEXICAL_WEIGHT)))
        via = self._supported(query, allowed) if method == "hybrid" and kind != "clause" else {}
        for number, gain in via.items():
            scores[number] = scores.get(number, 0) + gain
        best = (DENSE_WEIGHT + LEXICAL_WEIGHT) / (RANK_CONSTANT + 1)
        for number in allowed:
            if named and self.documents[number].id == named:
                scores[number] = best
        order = sorted(scores, key=lambda n: (-scores[n], self.documents[n].id))[:limit]
        return [
            Hit(
                kind=self.documents[n].kind,
                id=self.documents[n].id,
                score=round(scores[n] / best, 4),
                text=self.documents[n].text,
                title=self.documents[n].title,
                why=self._why(query, n, dense, lexical, named),
            )
            for n in order
        ]

    def _supported(self, query: str, allowed: set[int]) -> dict[int, float]:
        """Return what articles gain from the model clauses that the query finds.

        Everyday words seldom stand in a statute; they do stand in clauses and their exemplars, and
        every article names the checks that it supports.
        """
        clauses = {n for n, d in enumerate(self.documents) if d.kind == "clause"}
        dense, lexical = self._dense(query, clauses), self._lexically(query, clauses)
        scores = _fused(((dense, DENSE_WEIGHT), (lexical, LEXICAL_WEIGHT)))
        order = sorted(scores, key=lambda n: -scores[n])[:SUPPORTING]
        gains = {
            self.documents[n].id: BRIDGE_WEIGHT / (RANK_CONSTANT + r)
            for r, n in enumerate(order, 1)
        }
        return {
            n: max(gains[check] for check in checks)
            for n in allowed
            if self.documents[n].kind == "law"
            and (checks := [c for c in self.documents[n].checks if c in gains])
        }

    def _dense(self, query: str, allowed: set[int]) -> dict[int, tuple[float, int]]:
        """Return similarity and best passage by document."""
        if self._embedder is None or self._collection is None or not allowed:
            return {}
        if query not in self._vectors:
            self._vectors = {query: self._embedder.query(query)}
        answer = self._collection.query(
            query_embeddings=[self._vectors[query]],
            n_results=min(len(self._passages), 300),
            include=["distances"],
        )
        found: dict[int, tuple[float, int]] = {}
        distances = answer["distances"] or [[]]
        for name, distance in zip(answer["ids"][0], distances[0], strict=True):
            passage = int(name)
            document = self._owner[passage]
            if document in allowed and document not in found:
                found[document] = (1 - float(distance), passage)
        return found

    def _lexically(self, query: str, allowed: set[int]) -> dict[int, tuple[float, int]]:
        scores = self._lexical.scores(query)
        found: dict[int, tuple[float, int]] = {}
        for passage in np.argsort(-scores)[:300]:
            if scores[passage] <= 0:
                break
            document = self._owner[int(passage)]
            if document in allowed and document not in found:
                found[document] = (float(scores[passage]), int(passage))
        return found

    def _why(
        self,
        query: str,
        number: int,
        dense: dict[int, tuple[float, int]],
        lexical: dict[int, tuple[float, int]],
        named: str | None,
    ) -> str:
        reasons = []
        if named and self.documents[number].id == named:
            reasons.append("指名的法条")
        if number in lexical:
            shared = self._lexical.shared(query, lexical[number][1])
            if shared:
                reasons.append("共同词：" + "、".join(shared[:4]))
        if number in dense:
            reasons.append(f"语义相近 {dense[number][0]:.2f}")
        return "；".join(reasons)


def _fused(
    rankings: Sequence[tuple[dict[int, tuple[float, int]], float]],
) -> dict[int, float]:
    """Return the weighted reciprocal rank sums of documents."""
    scores: dict[int, float] = {}
    for ranking, weight in rankings:
        order = sorted(ranking, key=lambda n: -ranking[n][0])
        for rank, number in enumerate(order, 1):
            scores[number] = scores.get(number, 0) + weight / (RANK_CONSTANT + rank)
    return scores


def open_index(settings: Settings, *, rebuild: bool = False, fallback: bool = False) -> Index:
    """Return the index over the shipped corpus, built if need be.

    Args:
        settings: Where the cache lies, which embeddings, whether a Chroma server.
        rebuild: Whether to build it anew even if it is there.
        fallback: Whether to use the small model when the embedding endpoint is down.

    Raises:
        ChatUnavailable: The embedding endpoint or the Chroma server does not answer.
    """
    found = documents(load_laws(), load_clauses(), load_playbook(settings.playbook))
    embedder = embedder_of(settings)
    if embedder is None:
        return Index(found, None, None, "未安装内置向量模型，仅按词面检索")
    try:
        return _opened(settings, found, embedder, rebuild=rebuild)
    except ChatUnavailable:
        if not fallback or not settings.embedding_base_url:
            raise
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
    if settings.chroma_url:
        return Index(
            found, embedder, _served(settings.chroma_url, key, found, embedder), "Chroma 服务"
        )
    try:
        collection, note = _kept(
            settings.cache_dir / "index", key, found, embedder, rebuild=rebuild
        )
    except OSError:
        collection, note = _in_memory(found, embedder), "缓存文件夹不可写，索引只在内存中"
    return Index(found, embedder, collection, note)


def _kept(
    root: Path, key: str, found: Sequence[Document], embedder: Embedder, *, rebuild: bool
) -> tuple["Collection", str]:
    """Return the collection kept on disk, building it where it is missing or damaged.

    Raises:
        OSError: The folder cannot be written.
    """
    from filelock import FileLock

    root.mkdir(parents=True, exist_ok=True)
    with FileLock(root / ".lock", timeout=300):
        there = sorted(root.glob(f"{key}-*"))
        for folder in () if rebuild else there:
            collection = _usable(folder, found)
            if collection is not None:
                return collection, "索引已就绪"
        note = "索引损坏，已重建" if there and not rebuild else "索引已建立"
        building = Path(tempfile.mkdtemp(dir=root, prefix=".building-"))
        # A name of its own: Chroma keeps a client open for every path that it has seen.
        folder = root / f"{key}-{secrets.token_hex(4)}"
        try:
            with _client(building) as client:
                _fill(client.create_collection(_COLLECTION, metadata=_SPACE), found, embedder)
            mark = {"passages": _size(found)}
            (building / _DONE).write_text(json.dumps(mark), encoding="utf-8")
            building.rename(folder)
        finally:
            shutil.rmtree(building, ignore_errors=True)
        for other in root.iterdir():
            if other.is_dir() and other != folder:
                shutil.rmtree(other, ignore_errors=True)
        collection = _usable(folder, found)
    if collection is None:
        raise IndexStale("索引建好后无法打开", remedy="请删除缓存文件夹后重试")
    return collection, note


def _usable(folder: Path, found: Sequence[Document]) -> "Collection | None":
    """Return the collection in `folder`, or None if it is not whole."""
    from chromadb.errors import ChromaError

    try:
        mark = json.loads((folder / _DONE).read_text(encoding="utf-8"))
        if mark["passages"] != _size(found) or not _whole(folder):
            return None
        collection = _started(folder).get_collection(_COLLECTION)
        return collection if collection.count() == _size(found) else None
    except (ChromaError, OSError, ValueError, KeyError, TypeError, RuntimeError):
        return None


def _whole(folder: Path) -> bool:
    """Return whether SQLite finds the database sound: Chroma itself panics on a damaged one."""
    import sqlite3

    try:
        with contextlib.closing(sqlite3.connect(folder / "chroma.sqlite3")) as database:
            return bool(database.execute("pragma quick_check").fetchone()[0] == "ok")
    except sqlite3.Error:
        return False


def _fill(collection: "Collection", found: Sequence[Document], embedder: Embedder) -> None:
    passages = [passage for document in found for passage in document.passages]
    kinds = [document.kind for document in found for _ in document.passages]
    vectors: Vectors = embedder.passages(passages)
    for at in range(0, len(passages), _BATCH):
        end = min(at + _BATCH, len(passages))
        collection.add(
            ids=[str(n) for n in range(at, end)],
            embeddings=vectors[at:end],
            metadatas=[{"kind": kind} for kind in kinds[at:end]],
        )


def _in_memory(found: Sequence[Document], embedder: Embedder) -> "Collection":
    import uuid

    import chromadb

    client = chromadb.EphemeralClient(settings=_quiet())
    collection = client.create_collection(f"corpus-{uuid.uuid4().hex}", metadata=_SPACE)
    _fill(collection, found, embedder)
    return collection


def _served(url: str, key: str, found: Sequence[Document], embedder: Embedder) -> "Collection":
    import chromadb
    import httpx
    from chromadb.errors import ChromaError

    place = urlsplit(url)
    try:
        client = chromadb.HttpClient(
            host=place.hostname or "localhost",
            port=place.port or (443 if place.scheme == "https" else 8000),
            ssl=place.scheme == "https",
            settings=_quiet(),
        )
        collection = client.get_or_create_collection(f"corpus-{key}", metadata=_SPACE)
        if collection.count() != _size(found):
            client.delete_collection(collection.name)
            collection = client.create_collection(collection.name, metadata=_SPACE)
            _fill(collection, found, embedder)
    except (ValueError, httpx.HTTPError, ChromaError) as error:
        raise ChatUnavailable(
            f"连不上 Chroma 服务 {place.hostname}:{place.port}",
            remedy="请检查 REVIEWER_CHROMA_URL，或去掉它改用本机索引",
        ) from error
    return collection


@contextlib.contextmanager
def _client(folder: Path) -> Iterator["ClientAPI"]:
    client = _started(folder)
    try:
        yield client
    finally:
        client.close()


def _started(folder: Path) -> "ClientAPI":
    import chromadb

    return chromadb.PersistentClient(path=str(folder), settings=_quiet())


def _quiet() -> Any:
    from chromadb.config import Settings as ChromaSettings

    return ChromaSettings(anonymized_telemetry=False)


def _size(found: Sequence[Document]) -> int:
    return sum(len(document.passages) for document in found)


_SPACE = {"hnsw:space": "cosine"}
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
