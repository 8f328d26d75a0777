"""What the application remembers: reviews and decisions, in a file on this machine."""

import json
import secrets
import sqlite3
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, NamedTuple

from pydantic import Field

from reviewer.answer import Answer
from reviewer.errors import UsageError
from reviewer.record import Record
from reviewer.review import Review

Choice = Literal["accept", "reject", "edit", "wrong"]

MEMORY_LIMIT = 50
"""How many reviews are held at most where nothing is written to disk."""


class Decision(Record):
    """What a person decided on one finding."""

    choice: Choice | None = None
    """None: only a note."""
    text: str | None = Field(default=None, max_length=20_000)
    """The edited wording, or the right status where the finding is wrong."""
    note: str | None = Field(default=None, max_length=2_000)


class Kept(NamedTuple):
    """A review with its file and the decisions on it."""

    id: str
    name: str
    review: Review
    source: bytes
    decisions: dict[str, Decision]
    answers: tuple[Answer, ...] = ()
    """To questions on the contract, in the order in which they were asked."""


class Entry(NamedTuple):
    """A line in the list of past reviews."""

    id: str
    name: str
    created: float
    """Seconds since 1970."""
    score: int | None
    flagged: int
    """How many findings ask for something."""
    decided: int


class Store:
    """Reviews by an unguessable id, each belonging to one visitor."""

    def __init__(self, path: Path | None) -> None:
        """Open the store.

        Args:
            path: The database; None keeps the latest reviews in memory until the program ends.

        Raises:
            UsageError: The file cannot be used.
        """
        self._in_memory = path is None
        try:
            if path is not None:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.touch(mode=0o600)
            self._database = sqlite3.connect(path or ":memory:", check_same_thread=False)
            self._lock = threading.Lock()
            with self._transaction() as database:
                database.execute("pragma secure_delete = on")
                database.execute("pragma foreign_keys = on")
                database.execute(
                    "create table if not exists reviews (id text primary key,"
                    " visitor text not null, name text not null, created real not null,"
                    " review text not null, source blob not null, decisions text not null)"
                )
                database.execute("create index if not exists mine on reviews (visitor, created)")
                database.execute(
                    "create table if not exists answers (review text not null"
                    " references reviews (id) on delete cascade, answer text not null)"
                )
                database.execute("create index if not exists told on answers (review)")
        except (OSError, sqlite3.Error) as error:
            raise UsageError(
                f"无法使用审查记录 {path}",
                remedy="请用 REVIEWER_DATA_DIR 指定可写的文件夹，或加 --no-history",
            ) from error

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._lock, self._database:
            yield self._database

    def add(self, visitor: str, name: str, review: Review, source: bytes) -> str:
        """Keep a review and return its id."""
        key = secrets.token_urlsafe(24)
        row = (key, visitor, name, time.time(), review.model_dump_json(), source, "{}")
        with self._transaction() as database:
            database.execute("insert into reviews values (?, ?, ?, ?, ?, ?, ?)", row)
            if self._in_memory:
                database.execute(
                    "delete from reviews where id not in"
                    " (select id from reviews order by created desc limit ?)",
                    (MEMORY_LIMIT,),
                )
        return key

    def get(self, visitor: str, key: str) -> Kept | None:
        """Return a review of this visitor, or None if there is none with that id."""
        with self._transaction() as database:
            row = database.execute(
                "select name, review, source, decisions from reviews where id = ? and visitor = ?",
                (key, visitor),
            ).fetchone()
            if row is None:
                return None
            told = database.execute(
                "select answer from answers where review = ? order by rowid", (key,)
            ).fetchall()
        decisions = {k: Decision.model_validate(v) for k, v in json.loads(row[3]).items()}
        answers = tuple(Answer.model_validate_json(answer) for (answer,) in told)
        return Kept(key, row[0], Review.model_validate_json(row[1]), row[2], decisions, answers)

    def entries(self, visitor: str) -> list[Entry]:
        """Return this visitor's reviews, the latest first."""
        with self._transaction() as database:
            rows = database.execute(
                "select id, name, created, json_extract(review, '$.summary.score'),"
                " json_extract(review, '$.summary.weak')"
                " + json_extract(review, '$.summary.missing')"
                " + json_extract(review, '$.summary.hit'),"
                " (select count(*) from json_each(decisions)"
                "  where json_extract(value, '$.choice') is not null)"
                " from reviews where visitor = ? order by created desc",
                (visitor,),
            ).fetchall()
        return [Entry(*row) for row in rows]

    def decide(self, visitor: str, key: str, finding: str, decision: Decision | None) -> bool:
        """Keep or take back a decision; return whether the review is this visitor's."""
        return self.decide_all(visitor, key, {finding: decision})

    def decide_all(self, visitor: str, key: str, decisions: Mapping[str, Decision | None]) -> bool:
        """Keep or take back several decisions; return whether the review is this visitor's."""
        with self._transaction() as database:
            row = database.execute(
                "select decisions from reviews where id = ? and visitor = ?", (key, visitor)
            ).fetchone()
            if row is None:
                return False
            kept = json.loads(row[0])
            for finding, decision in decisions.items():
                kept.pop(finding, None)
                if decision is not None:
                    kept[finding] = decision.model_dump()
            database.execute(
                "update reviews set decisions = ? where id = ?", (json.dumps(kept), key)
            )
        return True

    def answered(self, visitor: str, key: str, answer: Answer) -> bool:
        """Keep an answer to a question; return whether the review is this visitor's."""
        with self._transaction() as database:
            made = database.execute(
                "insert into answers select id, ? from reviews where id = ? and visitor = ?",
                (answer.model_dump_json(), key, visitor),
            )
        return made.rowcount == 1

    def rename(self, visitor: str, key: str, name: str) -> None:
        """Give a review another name."""
        with self._transaction() as database:
            database.execute(
                "update reviews set name = ? where id = ? and visitor = ?",
                (name.strip()[:120] or "未命名", key, visitor),
            )

    def delete(self, visitor: str, key: str) -> None:
        """Forget a review, its file and its decisions."""
        with self._transaction() as database:
            database.execute("delete from reviews where id = ? and visitor = ?", (key, visitor))
