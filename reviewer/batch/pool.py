"""Worker processes for a batch: as many as wanted, each replaced when it dies or hangs."""

import contextlib
import os
import pickle
import selectors
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from reviewer.batch.row import Row
from reviewer.batch.units import Unit
from reviewer.batch.worker import Desk, Order
from reviewer.sandbox import frames

MOST_EACH = 200
"""Contracts after which a worker is replaced, so that memory stays flat."""
_MOST = 1 << 28


class Outcome(NamedTuple):
    """What came of one contract."""

    unit: Unit
    row: Row
    review_json: str
    """The review, where it was wanted; empty otherwise."""


class _Worker:
    """One process, and the contract it is at work on."""

    def __init__(self, order: bytes) -> None:
        ours, theirs = socket.socketpair()
        home = str(Path(__file__).resolve().parents[2])
        paths = (home, os.environ.get("PYTHONPATH"))  # noqa: TID251
        with theirs:
            self.process = subprocess.Popen(
                [sys.executable, "-P", "-m", "reviewer.batch.worker", str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))},  # noqa: TID251
            )
        self.link = ours
        self.unit: Unit | None = None
        self.since = time.monotonic()
        self.done = 0
        frames.send(ours, {}, order)

    def give(self, unit: Unit) -> None:
        """Hand it a contract."""
        self.unit, self.since = unit, time.monotonic()
        frames.send(
            self.link,
            {
                "paths": [os.fsencode(path).hex() for path in unit.paths],
                "name": unit.name,
                "shown": _plain(unit.shown),
            },
        )

    def end(self) -> None:
        """End it at once."""
        self.link.close()
        self.process.kill()
        self.process.wait()


def _plain(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


def outcomes_here(todo: Sequence[Unit], order: Order) -> Iterator[Outcome]:
    """Yield what came of each contract, reviewed in this process one after the other."""
    desk = Desk(order)
    for unit in todo:
        row, review = desk.review(list(unit.paths), unit.name, _plain(unit.shown))
        wanted = review and order.wants_json
        yield Outcome(unit, row, review.model_dump_json() if review and wanted else "")


def outcomes(todo: Sequence[Unit], order: Order, jobs: int, longest_s: float) -> Iterator[Outcome]:
    """Yield what came of each contract, as it is done.

    Args:
        todo: The contracts.
        order: How they are reviewed.
        jobs: How many at a time.
        longest_s: Seconds after which a contract is given up.
    """
    packed = pickle.dumps(order)
    waiting = iter(todo)
    chosen = selectors.DefaultSelector()
    workers: set[_Worker] = set()

    def start(worker: _Worker | None) -> None:
        """Give a worker its next contract, a new one where there is none or it is worn out."""
        unit = next(waiting, None)
        if worker and (unit is None or worker.done >= MOST_EACH):
            leave(worker)
            worker = None
        if unit is None:
            return
        if worker is None:
            worker = _Worker(packed)
            workers.add(worker)
            chosen.register(worker.link, selectors.EVENT_READ, worker)
        with contextlib.suppress(OSError):
            worker.give(unit)

    def leave(worker: _Worker) -> None:
        chosen.unregister(worker.link)
        workers.discard(worker)
        worker.end()

    try:
        for _ in range(min(jobs, len(todo))):
            start(None)
        while workers:
            for key, _ in chosen.select(timeout=1.0):
                worker = key.data
                outcome = _answer(worker)
                if outcome is None:
                    outcome = _lost(worker, "审查程序异常退出")
                    leave(worker)
                    worker = None
                yield outcome
                start(worker)
            for worker in [w for w in workers if time.monotonic() - w.since > longest_s]:
                outcome = _lost(worker, f"超过 {longest_s:.0f} 秒没有审完，已停止")
                leave(worker)
                yield outcome
                start(None)
    finally:
        for worker in list(workers):
            leave(worker)
        chosen.close()


def _answer(worker: _Worker) -> Outcome | None:
    """Return what a worker answered, or None where it died."""
    try:
        frame = frames.receive(worker.link, _MOST)
    except (frames.BadFrame, OSError):
        return None
    if frame is None or worker.unit is None:
        return None
    worker.done += 1
    return Outcome(
        worker.unit, Row.model_validate_json(frame.head["row"]), frame.body.decode("utf-8")
    )


def _lost(worker: _Worker, why: str) -> Outcome:
    assert worker.unit is not None
    shown = _plain(worker.unit.shown)
    return Outcome(worker.unit, Row(name=worker.unit.name, file=shown, error=why), "")
