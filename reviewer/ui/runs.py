"""One contract under review: progress while it runs, and an end to it when nobody waits."""

import queue
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeVar

from reviewer.errors import ReviewerError
from reviewer.finding import Finding
from reviewer.pipeline import Reviewer
from reviewer.review import Review

T = TypeVar("T")
Stage = Literal["read", "review", "suggest"]

TICK_S = 0.15
"""Progress is told no more often than this, and no less often than every `BEAT_S`."""
BEAT_S = 0.5


class Cancelled(Exception):
    """The visitor left or pressed cancel while the engine was at work."""


@dataclass
class Progress:
    """How far a review has come."""

    total: int
    """How many checks there are."""
    stage: Stage = "read"
    findings: list[Finding] = field(default_factory=list)
    begun: float = field(default_factory=time.monotonic)

    @property
    def found(self) -> int:
        """Return how many checks are decided."""
        return min(len(self.findings), self.total)

    @property
    def latest(self) -> list[Finding]:
        """Return what was found last, the newest first."""
        return [f for f in reversed(self.findings) if f.flagged and f.kind != "observation"][:8]

    @property
    def seconds(self) -> int:
        """Return how long it has taken so far."""
        return int(time.monotonic() - self.begun)

    @property
    def share(self) -> int:
        """Return the percentage done, for a bar."""
        if self.stage == "read":
            return 6
        return 97 if self.stage == "suggest" else 12 + 83 * self.found // max(1, self.total)

    def take(self, news: "str | Finding") -> None:
        """Note a stage that began or a finding that is ready."""
        if isinstance(news, Finding):
            self.findings.append(news)
            if len(self.findings) >= self.total:
                self.stage = "suggest"
        elif news == "review":
            self.stage = "review"


News = str | Finding | Review | ReviewerError


def run(reviewer: Reviewer, path: Path) -> Iterator[Progress | Review | ReviewerError]:
    """Review one file in a thread; yield progress, then the review or what went wrong.

    Closing the iterator stops the engine at its next finding.
    """
    news: queue.Queue[News] = queue.Queue()
    stop = threading.Event()
    threading.Thread(
        target=_work, args=(reviewer, path, news, stop), daemon=True, name="review"
    ).start()
    progress = Progress(total=len(reviewer.playbook.checks))
    told = 0.0
    try:
        while True:
            if time.monotonic() - told > TICK_S:
                told = time.monotonic()
                yield progress
            try:
                item = news.get(timeout=BEAT_S)
            except queue.Empty:
                continue
            if isinstance(item, Review | ReviewerError):
                yield item
                return
            progress.take(item)
    finally:
        stop.set()


def _work(reviewer: Reviewer, path: Path, news: "queue.Queue[News]", stop: threading.Event) -> None:
    def on_finding(finding: Finding) -> None:
        if stop.is_set():
            raise Cancelled
        news.put(finding)

    try:
        made = outcome(
            lambda: reviewer.review(path, on_stage=news.put, on_finding=on_finding),
            "审查没有完成",
        )
        news.put(made)
    except Cancelled:
        return


def outcome(call: Callable[[], T], problem: str) -> T | ReviewerError:
    """Return what `call` gives, or what went wrong in words for the page: it says something always."""
    try:
        return call()
    except (Cancelled, ReviewerError) as error:
        if isinstance(error, Cancelled):
            raise
        return error
    except Exception as error:  # noqa: BLE001 - the page must say something whatever happens
        return ReviewerError(
            f"{problem}（{type(error).__name__}）",
            remedy="请把合同另存为 .docx 后再试；仍不行时请把文件类型和大小告诉我们",
        )


def staged(call: Callable[[Callable[[str], None]], T]) -> Iterator[str | T | ReviewerError]:
    """Run `call` in a thread; yield the stages it tells of, then its result or what went wrong."""
    news: queue.Queue[str | T | ReviewerError] = queue.Queue()
    stop = threading.Event()

    def on_stage(stage: str) -> None:
        if stop.is_set():
            raise Cancelled
        news.put(stage)

    def work() -> None:
        with suppress(Cancelled):
            news.put(outcome(lambda: call(on_stage), "没有完成"))

    threading.Thread(target=work, daemon=True, name="staged").start()
    try:
        while True:
            item = news.get()
            yield item
            if not isinstance(item, str):
                return
    finally:
        stop.set()
