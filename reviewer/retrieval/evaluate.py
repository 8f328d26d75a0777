"""How well the index finds: `python -m reviewer.retrieval.evaluate [FOLDER …]`.

Recall@k is the share of queries with a right document among the first k: each query has one to
four right ones, any of which serves a reader. `all@5` is stricter, the mean share of the right
ones that stand among the first five. MRR is the mean of one over the first right rank.
"""

import json
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple, get_args

from reviewer.retrieval.index import Index, Method, open_index
from reviewer.settings import Settings

METHODS: tuple[Method, ...] = get_args(Method)[::-1]
DEPTH = 10
FOLDERS = tuple(f"eval/retrieval{part}" for part in ("", "/held_out", "/fresh", "/blind"))
"""What each is, and which of them tuning has seen: docs/retrieval.md."""


class Query(NamedTuple):
    """A query and the ids of the documents that answer it."""

    text: str
    kind: str
    relevant: frozenset[str]


class Recall(NamedTuple):
    """Figures of one method on one kind of query."""

    at_1: float
    at_5: float
    at_10: float
    all_at_5: float
    mrr: float


def read_queries(path: Path) -> list[Query]:
    """Return the queries of one JSON-lines file."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]
    return [Query(row["query"], row["kind"], frozenset(row["relevant"])) for row in rows]


def recall(index: Index, queries: Iterable[Query], method: Method) -> Recall:
    """Return the figures of `method` on `queries`."""
    ranks = [_ranks(index, query, method) for query in queries]
    size = len(ranks)
    at_1, at_5, at_10 = (sum(r[0] <= k for r, _ in ranks) / size for k in (1, 5, DEPTH))
    all_at_5 = sum(sum(rank <= 5 for rank in r) / right for r, right in ranks) / size
    return Recall(at_1, at_5, at_10, all_at_5, sum(1 / r[0] for r, _ in ranks) / size)


def _ranks(index: Index, query: Query, method: Method) -> tuple[list[float], int]:
    """Return the ranks of the right documents, infinity where none was found; and their number."""
    hits = index.search(query.text, kind=query.kind, limit=DEPTH, method=method)
    found: list[float] = [rank for rank, hit in enumerate(hits, 1) if hit.id in query.relevant]
    return found or [float("inf")], len(query.relevant)


def table(index: Index, folder: Path) -> str:
    """Return the figures of all methods on all kinds of query, as a Markdown table."""
    lines = [
        f"| {folder.name} | n | method | recall@1 | recall@5 | recall@10 | all@5 | MRR |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for path in sorted(folder.glob("*.jsonl")):
        queries = read_queries(path)
        for method in METHODS:
            figures = " | ".join(f"{value:.3f}" for value in recall(index, queries, method))
            lines.append(f"| {path.stem} | {len(queries)} | {method} | {figures} |")
    return "\n".join(lines)


class Cost(NamedTuple):
    """What the index costs on this machine."""

    build_s: float
    """The first opening, with the shipped vectors."""
    open_s: float
    megabytes: float
    queries_per_s: float
    """Hybrid, warm, one after the other."""
    documents: int


def cost(folder: Path) -> Cost:
    """Return what building and searching cost, measured with the queries of `folder`."""
    queries = [query for path in folder.glob("*.jsonl") for query in read_queries(path)]
    with tempfile.TemporaryDirectory() as cache:
        settings = Settings(cache_dir=Path(cache))
        begun = time.perf_counter()
        open_index(settings)
        built = time.perf_counter()
        index = open_index(settings)
        opened = time.perf_counter()
        size = sum(path.stat().st_size for path in Path(cache).rglob("*") if path.is_file())
        for query in queries[:5]:
            index.search(query.text)
        warm = time.perf_counter()
        for query in queries:
            index.search(query.text, kind=query.kind)
        rate = len(queries) / (time.perf_counter() - warm)
    return Cost(built - begun, opened - built, size / 1e6, rate, index.size)


def main() -> None:
    """Print the tables, and what the index costs."""
    folders = [Path(name) for name in sys.argv[1:] or FOLDERS]
    index = open_index(Settings())
    for folder in folders:
        sys.stdout.write(table(index, folder) + "\n\n")
    found = cost(folders[0])
    sys.stdout.write(
        f"{found.documents} documents; first opening {found.build_s:.1f} s, later {found.open_s:.2f}"
        f" s, {found.megabytes:.1f} MB on disk; {found.queries_per_s:.0f} queries a second\n"
    )


if __name__ == "__main__":
    main()
