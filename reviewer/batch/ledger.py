"""What a batch has done so far, one line a contract, so that an interrupted one goes on."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from pydantic import ValidationError

from reviewer.batch.row import Row
from reviewer.batch.units import Unit
from reviewer.errors import UsageError
from reviewer.record import Record

NAME = ".batch.jsonl"


class _Entry(Record):
    """A contract that is done."""

    sha256: str
    row: Row


class Ledger:
    """The lines of one batch in its output folder."""

    def __init__(self, out: Path, key: str) -> None:
        self._path = out / NAME
        self._key = key
        self._done = self._read()
        self._file: IO[str] | None = None

    def _read(self) -> dict[str, _Entry]:
        """Return what an interrupted run with the same settings has done; a torn line is left."""
        try:
            first, *lines = self._path.read_text(encoding="utf-8").split("\n")
            if json.loads(first) != {"key": self._key}:
                return {}
        except (OSError, ValueError):
            return {}
        done = {}
        for line in lines:
            try:
                entry = _Entry.model_validate_json(line)
            except ValidationError:
                continue
            done[entry.row.name] = entry
        return done

    def row_of(self, unit: Unit, results: Sequence[Path]) -> Row | None:
        """Return the line of a contract that is done, unchanged, and whose results are there."""
        entry = self._done.get(unit.name)
        if entry is None or entry.row.error or not all(path.is_file() for path in results):
            return None
        return entry.row if entry.sha256 == digest(unit) else None

    def add(self, unit: Unit, row: Row) -> None:
        """Note that a contract is done.

        Raises:
            UsageError: The folder cannot be written.
        """
        try:
            if self._file is None:
                self._file = self._begun()
            self._file.write(_Entry(sha256=digest(unit), row=row).model_dump_json() + "\n")
            self._file.flush()
        except OSError as error:
            raise UsageError(
                f"无法写入 {self._path}（{error.strerror}）", remedy="请用 --out 指定可写的文件夹"
            ) from error

    def _begun(self) -> IO[str]:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        if self._done:
            file = self._path.open("a", encoding="utf-8")
            file.write("\n")
            return file
        file = self._path.open("w", encoding="utf-8")
        file.write(json.dumps({"key": self._key}) + "\n")
        return file

    def close(self, *, finished: bool) -> None:
        """Stop writing; forget all where the batch is finished."""
        if self._file:
            self._file.close()
        if finished:
            self._path.unlink(missing_ok=True)


def digest(unit: Unit) -> str:
    """Return the hash of a contract's files; empty where they cannot be read."""
    made = hashlib.sha256()
    try:
        for path in unit.paths:
            made.update(path.read_bytes())
    except OSError:
        return ""
    return made.hexdigest()
