"""Fuzzing of the readers: `make fuzz`, or `python -m tests.hostile.fuzz --seconds 600 --seed 7`.

Mutated files are read in processes with the sandbox's limits, many in each so that it is fast.
What may come of a file: a contract, or one error in one line that names the file. A process that
dies or goes beyond a limit is what the sandbox is for, and is counted; any other exception is a
defect, is shown, and makes the run fail. The inputs of defects are kept where `--keep` says.
"""

import argparse
import itertools
import logging
import multiprocessing
import os
import resource
import signal
import sys
import tempfile
import time
import traceback
import zipfile
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from lxml import etree

from reviewer.errors import ContractError
from reviewer.ingest import Limits, Tools, contract_from_bytes
from tests.hostile.make import FOLDER
from tests.hostile.mutate import bent, bent_tree, bent_word
from tests.hostile.words import unpacked

REPOSITORY = Path(__file__).resolve().parents[2]
LONGEST_S = 30
"""Processor seconds, and seconds, that one file may take."""
MEMORY_MB = 1536
_SLOW = ("picture_20000.pdf",)
"""Hostile files that take seconds by themselves."""
BATCH = 200
"""Files that one process reads."""
_APART: Any = multiprocessing.get_context("forkserver")
_APART.set_forkserver_preload(["reviewer.ingest.word", "reviewer.ingest.pdf"])
"""Processes start small: one forked from a large test run would be at its memory limit at once."""


class Case(NamedTuple):
    """One mutated file."""

    number: int
    name: str
    data: bytes


def seeds() -> tuple[list[bytes], list[bytes]]:
    """Return the good and hostile Word files and PDF files that are mutated.

    Word files whose main part is not well formed are bent enough.
    """
    folders = (REPOSITORY / "examples", REPOSITORY / "eval" / "contracts", FOLDER)
    files = [path for folder in folders for path in sorted(folder.iterdir())]
    words = [path.read_bytes() for path in files if path.suffix == ".docx"]
    pdfs = [path.read_bytes() for path in files if path.suffix == ".pdf" and path.name not in _SLOW]
    return [data for data in words if _opens(data)], [data for data in pdfs if len(data) < 400_000]


def _opens(data: bytes) -> bool:
    try:
        main = unpacked(data)["word/document.xml"]
        etree.fromstring(main)
    except (
        *(KeyError, ValueError, OSError, RuntimeError, EOFError),
        *(zipfile.BadZipFile, etree.XMLSyntaxError),
    ):
        return False
    return len(main) < 400_000


def cases(seed: int) -> Iterator[Case]:
    """Yield mutated files without end, the same ones for the same seed."""
    words, pdfs = seeds()
    for number in itertools.count():
        random = Random(seed * 1_000_003 + number)
        if number % 2:
            yield Case(number, f"{number}.pdf", bent(random.choice(pdfs), random))
            continue
        data = random.choice(words)
        if random.random() < 0.5:
            yield Case(number, f"{number}.docx", bent_tree(data, random))
        else:
            yield Case(number, f"{number}.docx", bent_word(data, random.choice(words), random))


def read(case: Case) -> str:
    """Return what came of a file: `contract`, `error`, `memory`, or the defect."""
    tools = Tools(ocr=False, work_dir=tempfile.gettempdir())
    try:
        contract_from_bytes(case.data, case.name, limits=Limits(), tools=tools)
    except ContractError as error:
        words = str(error)
        told = case.name in words and "\n" not in words and error.remedy
        return "error" if told else f"defect: unclear error {words!r}"
    except MemoryError:
        return "memory"
    except BaseException:  # noqa: BLE001 - whatever it is, it is the defect that is looked for
        return "defect: " + traceback.format_exc(limit=-3)
    return "contract"


def _child(link: Connection, batch: list[Case]) -> None:
    """Read files, and tell what came of each."""
    logging.disable(logging.CRITICAL)
    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, 2)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_MB << 20, MEMORY_MB << 20))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for case in batch:
        used = resource.getrusage(resource.RUSAGE_SELF)
        soft = int(used.ru_utime + used.ru_stime) + LONGEST_S
        resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.RLIM_INFINITY))
        link.send(read(case))
    link.close()


class Report:
    """What came of all files."""

    def __init__(self, keep: Path | None = None) -> None:
        self.counts: Counter[tuple[str, str]] = Counter()
        self.defects: dict[str, list[str]] = {}
        self._keep = keep

    def add(self, case: Case, outcome: str) -> None:
        """Note what came of a file."""
        kind = outcome.split(":")[0]
        self.counts[Path(case.name).suffix, kind] += 1
        if kind != "defect":
            return
        self.defects.setdefault(outcome, []).append(case.name)
        if self._keep:
            self._keep.mkdir(parents=True, exist_ok=True)
            (self._keep / case.name).write_bytes(case.data)

    @property
    def total(self) -> int:
        """Return how many files were read."""
        return sum(self.counts.values())

    def table(self) -> str:
        """Return the counts as a Markdown table."""
        kinds = ("contract", "error", "memory", "limit", "crash", "defect")
        lines = [f"| file | {' | '.join(kinds)} |", "| --- " * (len(kinds) + 1) + "|"]
        for suffix in (".docx", ".pdf"):
            numbers = (str(self.counts[suffix, kind]) for kind in kinds)
            lines.append(f"| {suffix} | {' | '.join(numbers)} |")
        return "\n".join(lines)


def _batch(batch: list[Case], report: Report) -> None:
    """Have a batch read by one process after the other, each ended by what it could not stand."""
    while batch:
        ours, theirs = _APART.Pipe(duplex=False)
        process = _APART.Process(target=_child, args=(theirs, batch))
        process.start()
        theirs.close()
        done = 0
        for case in batch:
            try:
                outcome = ours.recv() if ours.poll(2 * LONGEST_S) else "limit"
            except EOFError:
                process.join()
                outcome = "limit" if process.exitcode == -signal.SIGXCPU else "crash"
            report.add(case, outcome)
            done += 1
            if outcome in ("limit", "crash"):
                break
        process.kill()
        process.join()
        batch = batch[done:]


def run(seconds: float, seed: int, keep: Path | None = None, most: int | None = None) -> Report:
    """Read mutated files for some seconds, or until there were `most`."""
    report = Report(keep)
    until = time.monotonic() + seconds
    stream = cases(seed)
    while time.monotonic() < until and (most is None or report.total < most):
        size = BATCH if most is None else min(BATCH, most - report.total)
        _batch(list(itertools.islice(stream, size)), report)
    return report


def run_side_by_side(jobs: int, seconds: float, seed: int, keep: Path | None) -> Report:
    """Read mutated files in several lanes, each with a seed of its own."""
    total = Report()
    with ProcessPoolExecutor(jobs) as pool:
        lanes = [pool.submit(run, seconds, seed + lane, keep) for lane in range(jobs)]
        for lane in lanes:
            report = lane.result()
            total.counts += report.counts
            total.defects |= report.defects
    return total


def main() -> None:
    """Run as the command line says and print the counts."""
    parser = argparse.ArgumentParser(description="fuzz the readers of contracts")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--keep", type=Path, help="where the inputs of defects go")
    given = parser.parse_args()
    report = run_side_by_side(given.jobs, given.seconds, given.seed, given.keep)
    lines = [f"seed {given.seed}, {report.total} files", report.table()]
    lines += [f"{len(n)} times, as {n[0]}: {what}" for what, n in report.defects.items()]
    sys.stdout.write("\n\n".join(lines) + "\n")
    sys.exit(1 if report.defects else 0)


if __name__ == "__main__":
    main()
