"""One contract under review: progress while it runs, and an end to it when nobody waits."""

import queue
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from reviewer.errors import ReviewerError
from reviewer.finding import Finding
from reviewer.pipeline import Reviewer
from reviewer.review import Review

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
        news.put(reviewer.review(path, on_stage=news.put, on_finding=on_finding))
    except Cancelled:
        return
    except ReviewerError as error:
        news.put(error)
    except Exception as error:  # noqa: BLE001 - the page must say something whatever happens
        news.put(
            ReviewerError(
                f"审查没有完成（{type(error).__name__}）",
                remedy="请把合同另存为 .docx 后再试；仍不行时请把文件类型和大小告诉我们",
            )
        )
