"""Where the vectors lie: the only file that imports chromadb.

The store on disk is a cache. It is keyed by a hash of corpus and embedding model, built in a
folder of its own and renamed, so that a crash leaves the old one. Chroma may crash the process on
a damaged folder, so its files are checked before they are opened.
"""

import contextlib
import hashlib
import json
import secrets
import shutil
import sqlite3
import tempfile
import uuid
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import numpy as np

from reviewer.errors import ChatUnavailable, IndexStale
from reviewer.retrieval.embedding import Embedder, Vectors

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.models.Collection import Collection

_COLLECTION = "corpus"
_DATABASE = "chroma.sqlite3"
_DONE = "complete.json"
_BATCH = 500
_KEPT_OTHERS = 3
"""Indexes of other corpora or models that stay; each takes some 4 MB."""
_SPACE = {"hnsw:space": "cosine"}


class VectorStore:
    """The passages' vectors in Chroma."""

    def __init__(
        self, collection: "Collection", size: int, note: str, reopen: "Callable[[], Collection]"
    ) -> None:
        self.note = note
        """How the store was opened, in Chinese."""
        self._collection = collection
        self._size = size
        self._reopen = reopen

    def similarities(self, vector: Vectors, *, depth: int) -> Vectors:
        """Return the cosine of `vector` with every passage.

        Passages beyond the nearest `depth` count as far as the last of these. A folder that another process rebuilt in the meantime is opened again.

        Raises:
            IndexStale: The store cannot answer, for one because the model changed its dimension.
            ChatUnavailable: The Chroma server went away.
        """
        from chromadb.errors import ChromaError

        try:
            return self._asked(vector, depth)
        except (ChromaError, ValueError, RuntimeError, OSError):
            self._collection = self._reopen()
        try:
            return self._asked(vector, depth)
        except (ChromaError, ValueError, RuntimeError, OSError) as error:
            raise IndexStale(
                "索引与当前的向量模型不符，或已损坏", remedy="请运行 reviewer index build 重建"
            ) from error

    def _asked(self, vector: Vectors, depth: int) -> Vectors:
        answer = self._collection.query(
            query_embeddings=[vector], n_results=min(depth, self._size), include=["distances"]
        )
        near = 1 - np.asarray((answer["distances"] or [[]])[0], dtype=np.float32)
        found = np.full(self._size, near.min(initial=1), dtype=np.float32)
        found[[int(name) for name in answer["ids"][0]]] = near
        return found


def kept(
    root: Path, key: str, passages: Sequence[str], embedder: Embedder, *, rebuild: bool
) -> VectorStore:
    """Return the store kept on disk, built where it is missing or damaged.

    Raises:
        OSError: The folder cannot be written.
    """
    from filelock import FileLock

    key = _key(key)

    def opened(*, anew: bool) -> "tuple[Collection, str]":
        root.mkdir(parents=True, exist_ok=True)
        with FileLock(root / ".lock", timeout=300):
            there = sorted(root.glob(f"{key}-*"))
            for folder in () if anew else there:
                collection = _usable(folder, len(passages))
                if collection is not None:
                    return collection, "索引已就绪"
            folder = _built(root, key, passages, embedder)
            _tidy(root, key, folder)
            collection = _usable(folder, len(passages))
        if collection is None:
            raise IndexStale("索引建好后无法打开", remedy="请删除缓存文件夹后重试")
        return collection, "索引损坏，已重建" if there and not anew else "索引已建立"

    collection, note = opened(anew=rebuild)
    return VectorStore(collection, len(passages), note, lambda: opened(anew=False)[0])


def in_memory(passages: Sequence[str], embedder: Embedder) -> VectorStore:
    """Return a store that is gone when the process ends."""
    import chromadb

    client = chromadb.EphemeralClient(settings=_quiet())
    collection = client.create_collection(f"corpus-{uuid.uuid4().hex}", metadata=_SPACE)
    _fill(collection, passages, embedder)
    note = "缓存文件夹不可写，索引只在内存中"
    return VectorStore(collection, len(passages), note, lambda: collection)


def served(url: str, key: str, passages: Sequence[str], embedder: Embedder) -> VectorStore:
    """Return the store on a Chroma server, filled where it is not yet.

    Raises:
        ChatUnavailable: The server does not answer.
    """

    def opened() -> "Collection":
        import chromadb
        import httpx
        from chromadb.errors import ChromaError

        try:
            place = urlsplit(url)
            secure = place.scheme == "https"
            client = chromadb.HttpClient(
                host=place.hostname or "localhost",
                port=place.port or (443 if secure else 8000),
                ssl=secure,
                settings=_quiet(),
            )
            collection = client.get_or_create_collection(f"corpus-{key}", metadata=_SPACE)
            filled = collection.count() == len(passages)
        except (ValueError, httpx.HTTPError, ChromaError) as error:
            raise ChatUnavailable(
                f"连不上 Chroma 服务 {url}",
                remedy="请检查 REVIEWER_CHROMA_URL，或去掉它改用本机索引",
            ) from error
        if not filled:
            _fill(collection, passages, embedder)
        return collection

    return VectorStore(opened(), len(passages), "Chroma 服务", opened)


def _key(key: str) -> str:
    from importlib.metadata import version

    return hashlib.sha256(f"{key} {version('chromadb')}".encode()).hexdigest()[:20]


def _built(root: Path, key: str, passages: Sequence[str], embedder: Embedder) -> Path:
    building = Path(tempfile.mkdtemp(dir=root, prefix=".building-"))
    # A name of its own: Chroma keeps a client open for every path that it has seen.
    folder = root / f"{key}-{secrets.token_hex(4)}"
    try:
        with _client(building) as client:
            _fill(client.create_collection(_COLLECTION, metadata=_SPACE), passages, embedder)
        mark = {"passages": len(passages), "files": _checksums(building)}
        (building / _DONE).write_text(json.dumps(mark), encoding="utf-8")
        building.rename(folder)
    finally:
        shutil.rmtree(building, ignore_errors=True)
    return folder


def _tidy(root: Path, key: str, folder: Path) -> None:
    """Remove what a crash left, older builds of this corpus, and all but a few others."""
    others = [path for path in root.iterdir() if path.is_dir() and path != folder]
    others.sort(key=lambda path: path.stat().st_mtime, reverse=True)
    stay = [p for p in others if not p.name.startswith((".", f"{key}-"))][:_KEPT_OTHERS]
    for path in others:
        if path not in stay:
            shutil.rmtree(path, ignore_errors=True)


def _usable(folder: Path, size: int) -> "Collection | None":
    """Return the collection in `folder`, or None if it is not whole."""
    from chromadb.errors import ChromaError

    try:
        mark = json.loads((folder / _DONE).read_text(encoding="utf-8"))
        whole = mark["passages"] == size and mark["files"] == _checksums(folder)
        if not whole or not _sound(folder / _DATABASE):
            return None
        collection = _started(folder).get_collection(_COLLECTION)
        return collection if collection.count() == size else None
    except (ChromaError, OSError, ValueError, KeyError, TypeError, RuntimeError):
        return None


def _checksums(folder: Path) -> dict[str, str]:
    """Return the hashes of the files that opening and searching leave as they are."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != _DONE and not path.name.startswith(_DATABASE)
    }


def _sound(database: Path) -> bool:
    try:
        with contextlib.closing(sqlite3.connect(database)) as opened:
            return bool(opened.execute("pragma quick_check").fetchone()[0] == "ok")
    except sqlite3.Error:
        return False


def _fill(collection: "Collection", passages: Sequence[str], embedder: Embedder) -> None:
    vectors: Vectors = embedder.passages(passages)
    for at in range(0, len(passages), _BATCH):
        end = min(at + _BATCH, len(passages))
        collection.upsert(ids=[str(n) for n in range(at, end)], embeddings=vectors[at:end])


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
