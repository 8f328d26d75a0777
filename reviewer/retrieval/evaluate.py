"""How well the index finds: `python -m reviewer.retrieval.evaluate [FOLDER]`.

Recall@k is the share of queries with a right document among the first k (each query has one to
four right ones, any of which serves a reader); MRR is the mean of one over the first right rank.
"""

import json
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from reviewer.retrieval.index import Index, open_index
from reviewer.settings import Settings

METHODS = ("lexical", "dense", "hybrid")
DEPTH = 10


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
    mrr: float


def read_queries(path: Path) -> list[Query]:
    """Return the queries of one JSON-lines file."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]
    return [Query(row["query"], row["kind"], frozenset(row["relevant"])) for row in rows]


def recall(index: Index, queries: Iterable[Query], method: str) -> Recall:
    """Return the figures of `method` on `queries`."""
    ranks = [_rank(index, query, method) for query in queries]
    size = len(ranks)
    at_1, at_5, at_10 = (sum(rank <= k for rank in ranks) / size for k in (1, 5, 10))
    return Recall(at_1, at_5, at_10, sum(1 / rank for rank in ranks) / size)


def _rank(index: Index, query: Query, method: str) -> float:
    hits = index.search(query.text, kind=query.kind, limit=DEPTH, method=method)
    for rank, hit in enumerate(hits, 1):
        if hit.id in query.relevant:
            return rank
    return float("inf")


def table(index: Index, folder: Path) -> str:
    """Return the figures of all methods on all kinds of query, as a Markdown table."""
    lines = [
        "| queries | n | method | recall@1 | recall@5 | recall@10 | MRR |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for path in sorted(folder.glob("*.jsonl")):
        queries = read_queries(path)
        for method in METHODS:
            figures = " | ".join(f"{value:.3f}" for value in recall(index, queries, method))
            lines.append(f"| {path.stem} | {len(queries)} | {method} | {figures} |")
    return "\n".join(lines)


def main() -> None:
    """Print the table, and how many queries a second."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "eval/retrieval")
    index = open_index(Settings())
    sys.stdout.write(table(index, folder) + "\n")
    queries = [q for path in folder.glob("*.jsonl") for q in read_queries(path)]
    begun = time.perf_counter()
    for query in queries:
        index.search(query.text, kind=query.kind)
    rate = len(queries) / (time.perf_counter() - begun)
    sys.stdout.write(f"\n{rate:.0f} queries a second (hybrid, warm); {index.size} documents\n")


if __name__ == "__main__":
    main()
