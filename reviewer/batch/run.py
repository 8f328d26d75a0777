"""A batch from beginning to end: what is done is skipped, the rest reviewed, all summed up."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from reviewer.batch.ledger import Ledger
from reviewer.batch.pool import Outcome, outcomes, outcomes_here
from reviewer.batch.results import fitting, targets
from reviewer.batch.row import Row
from reviewer.batch.units import Unit
from reviewer.batch.worker import Order
from reviewer.knowledge.playbooks import load_playbook
from reviewer.pipeline import write_atomically

LONGEST_S = 3600.0
"""Seconds after which a contract is given up; reading it has bounds of its own."""


@dataclass
class Job:
    """A batch, and what has become of it so far."""

    todo: Sequence[Unit]
    order: Order
    jobs: int | None = None
    """How many contracts at a time; None: one after the other in this process."""
    longest_s: float = LONGEST_S
    rows: list[Row] = field(default_factory=list)
    resumed: int = 0
    """How many were done by an interrupted run."""

    @property
    def failed(self) -> int:
        """Return how many contracts could not be reviewed."""
        return sum(row.error is not None for row in self.rows)

    def key(self) -> str:
        """Return what must be the same for an interrupted run to be gone on with."""
        from importlib.metadata import version

        order, playbook = self.order, load_playbook(self.order.settings.playbook)
        parts = (
            version("cs-contract-reviewer"),
            playbook.id,
            playbook.version,
            order.settings.model_dump_json(exclude={"cache_dir", "data_dir", "ocr_threads"}),
            repr(order.anchor),
            repr(order.formats),
        )
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def run(job: Job, on_skip: Callable[[Row], None] | None = None) -> Iterator[Outcome]:
    """Review the contracts of a batch; yield each as it is done.

    With an output folder the results are written one by one, an interrupted run is gone on with,
    and a summary of all contracts is written at the end.

    Raises:
        UsageError: The output folder cannot be written.
    """
    order = job.order
    ledger = Ledger(order.out, job.key()) if order.out and len(job.todo) > 1 else None
    left: list[Unit] = []
    for unit in job.todo:
        row = _done(ledger, unit, order)
        if row is None:
            left.append(unit)
            continue
        job.rows.append(row)
        job.resumed += 1
        if on_skip:
            on_skip(row)
    finished = False
    made = (
        outcomes(left, order, job.jobs, job.longest_s) if job.jobs else outcomes_here(left, order)
    )
    try:
        for outcome in made:
            job.rows.append(outcome.row)
            if ledger:
                ledger.add(outcome.unit, outcome.row)
            yield outcome
        if order.out and len(job.todo) > 1:
            _sum_up(job, order.out)
        finished = True
    finally:
        if ledger:
            ledger.close(finished=finished)


def _done(ledger: Ledger | None, unit: Unit, order: Order) -> Row | None:
    if ledger is None or order.out is None:
        return None
    return ledger.row_of(unit, targets(order.out, unit.name, fitting(unit.paths, order.formats)))


def _sum_up(job: Job, out: Path) -> None:
    from reviewer.batch.summary import summary_files

    playbook = load_playbook(job.order.settings.playbook)
    for name, data in summary_files(job.rows, playbook, job.order.settings.lang).items():
        write_atomically(out / name, data)
