"""Tries the redline on files of other people: `python -m tests.measure.wild FOLDER`.

Each .docx under the folder is read by the product; words are replaced, a clause is inserted, words
and a paragraph are deleted, each by itself and all together, with comments, at places that a fixed
seed draws, awkward ones first. Then the whole way of `reviewer review` is gone. What comes of it is
judged by `tests.redline.judge` and `tests.redline.stream`, which share no code with the product.
The table of docs/redline.md is what it prints; nothing of the files is kept.
"""

import argparse
import signal
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from reviewer.errors import ContractError, ReviewerError
from reviewer.finding import Finding, Suggestion
from reviewer.ingest import Tools, contract_from_bytes
from reviewer.ingest.word import WordParagraph, read_word
from reviewer.pipeline import Reviewer, redline_file
from reviewer.redline import Redline, redline
from reviewer.redline.pictured import MOSTLY_PICTURES
from reviewer.settings import Settings
from tests.measure.verdict import CLAUSE, File, Job, Kind, Result, faults, misplaced, touches
from tests.redline.asking import finding, reviewed

LONGEST_S = 30
WORDS = ("三十日", "thirty (30) days", "乙方应当书面通知甲方", "5%", "不得 转包")
AWKWARD = ("tc", "hyperlink", "fldSimple", "fldChar", "sdt", "txbxContent", "ins", "del", "drawing")
"""What is looked for around and in a paragraph, so that each is met as often as it can be."""


class TooSlow(Exception):
    """More than `LONGEST_S` seconds."""


@contextmanager
def alarm(seconds: float) -> Iterator[None]:
    """Raise TooSlow in the block when it works longer than `seconds`; waiting does not count."""

    def ring(number: int, frame: object) -> None:
        raise TooSlow

    signal.signal(signal.SIGVTALRM, ring)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)


def opened(path: Path) -> File:
    """Return the file at `path`, read by the product and by the judge."""
    data = path.read_bytes()
    contract = contract_from_bytes(data, path.name, tools=Tools(ocr=False))
    word = read_word(data)
    places = [
        p
        for p in word.paragraphs
        if p.part == word.package.main and contract.text[p.start + p.prefix : p.end].strip()
    ]
    return File(path.name, data, contract, places)


def jobs_of(file: File, random: Random) -> list[Job]:
    """Draw what is asked of a file."""
    found: list[Job] = []
    kinds: list[Kind] = ["replace", "replace", "replace", "insert", "insert", "delete", "paragraph"]
    for kind in kinds:
        place = _drawn(file, random)
        size = place.end - place.start - place.prefix
        start = random.randrange(size)
        end = min(size, start + random.randint(1, 15))
        if kind == "paragraph":
            start, end = 0, size
        text = {"replace": random.choice(WORDS), "insert": f"第{len(found)}次：{CLAUSE}"}.get(
            kind, ""
        )
        found.append(Job(kind, place, start, end, text))
    return found


def _drawn(file: File, random: Random) -> WordParagraph:
    """Draw a paragraph; where there are awkward ones of a kind drawn, one of these."""
    wanted = random.choice((*AWKWARD, None))
    awkward = [p for p in file.places if wanted and touches(file.elements[p.index], wanted)]
    return random.choice(awkward or file.places)


def finding_of(file: File, job: Job, number: int) -> Finding:
    """Return the finding that asks for `job`."""
    at = job.place.start + job.place.prefix
    start, end = at + job.start, at + job.end
    clause = file.contract.clause_at(start)
    assert clause is not None
    if job.kind == "insert":
        return finding(
            number,
            Suggestion(action="insert_after", anchor=clause.id, original=None, text=job.text),
        )
    return finding(
        number,
        Suggestion(
            action="replace" if job.text else "delete",
            anchor=clause.id,
            original=file.contract.text[start:end],
            start=start,
            end=end,
            text=job.text,
        ),
    )


def tried(file: File, jobs: Sequence[Job], comments: str) -> tuple[Result, Redline | None]:
    """Ask for `jobs` together and judge what comes of it."""
    findings = [finding_of(file, job, n) for n, job in enumerate(jobs, 1)]
    try:
        with alarm(LONGEST_S):
            made = redline(
                reviewed(file.contract, *findings),
                file.data,
                comments=comments,  # type: ignore[arg-type]
            )
    except TooSlow:
        return Result("wrong", "too slow"), None
    except ReviewerError as error:
        return Result("refused", f"file: {str(error).splitlines()[0]}"), None
    except Exception as error:  # noqa: BLE001 (whatever it is, it is told)
        where = traceback.extract_tb(error.__traceback__)[-1]
        return Result("wrong", f"{type(error).__name__} in {where.name}: {error}"), None
    refused = dict(made.refused)
    done = [job for job, f in zip(jobs, findings, strict=True) if f.id not in refused]
    if len(refused) + len(set(made.applied)) != len(jobs):
        return Result("wrong", "neither applied nor refused"), made
    wrong = next(faults(file, made.data, comments), "")
    if not wrong and all(file.is_read_alike(job.place) for job in jobs):
        wrong = misplaced(file, done, made.data)
    if wrong:
        return Result("wrong", wrong), made
    return Result("refused", next(iter(refused.values()))) if refused else Result("exact"), made


def whole_way(path: Path, file: File, reviewer: Reviewer) -> tuple[Result, Redline | None]:
    """Go the way of `reviewer review FILE --format json,docx`."""
    try:
        with alarm(LONGEST_S):
            review = reviewer.review(path)
            made = redline_file(review, path)
            review.model_dump_json()
    except TooSlow:
        return Result("wrong", "too slow"), None
    except ReviewerError as error:
        return Result("refused", f"file: {str(error).splitlines()[0]}"), None
    except Exception as error:  # noqa: BLE001 (whatever it is, it is told)
        where = traceback.extract_tb(error.__traceback__)[-1]
        return Result("wrong", f"{type(error).__name__} in {where.name}: {error}"), None
    if MOSTLY_PICTURES in made.warnings:
        return Result("refused", MOSTLY_PICTURES), made
    wrong = next(faults(file, made.data, "internal"), "")
    if wrong:
        return Result("wrong", wrong), made
    return (Result("refused", made.refused[0][1]) if made.refused else Result("exact")), made


@dataclass
class Table:
    """Counts what came of everything, and keeps what was wrong."""

    counts: dict[str, Counter[str]] = field(default_factory=dict)
    reasons: Counter[str] = field(default_factory=Counter)
    unread: Counter[str] = field(default_factory=Counter)
    files: int = 0
    unlike: int = 0

    def add(self, name: str, kind: str, result: Result) -> None:
        """Count a result, and say at once what was wrong."""
        self.counts.setdefault(kind, Counter())[result.outcome] += 1
        if result.outcome == "refused":
            self.reasons[f"{kind}: {result.why}"] += 1
        if result.outcome == "wrong":
            say(f"WRONG {kind} {name}: {result.why[:300]}")

    def print(self) -> None:
        """Print the table, and why things were refused."""
        say(f"{self.files} files, {sum(self.unread.values())} not read, {self.unlike} read unlike")
        say("| asked for | exact | refused, said why | wrong |", "| --- | --- | --- | --- |")
        for kind, counts in self.counts.items():
            shown = " | ".join(str(counts[name]) for name in ("exact", "refused", "wrong"))
            say(f"| {kind} | {shown} |")
        for title, counts in (("not read", self.unread), ("refused", self.reasons)):
            say(f"{title}:", *(f"  {n:5}  {why}" for why, n in counts.most_common(40)))


def say(*lines: str) -> None:
    """Print at once."""
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()


def try_file(path: Path, options: argparse.Namespace, reviewer: Reviewer, table: Table) -> None:
    """Try everything on one file."""
    table.files += 1
    begun = time.process_time()
    try:
        with alarm(LONGEST_S):
            file = opened(path)
    except ContractError as error:
        table.unread[str(error).replace(path.name, "FILE").splitlines()[0][:60]] += 1
        return
    except TooSlow:
        table.add(path.name, "read", Result("wrong", "too slow"))
        return
    random = Random(f"{options.seed} {path.name}")
    jobs = jobs_of(file, random) if file.places else []
    if any(not file.is_read_alike(job.place) for job in jobs):
        table.unlike += 1
        say(f"UNLIKE {path}")
    comments = random.choice(("internal", "external", "none"))
    for number, job in enumerate(jobs):
        result, made = tried(file, [job], comments)
        table.add(f"{path}[{number}]", job.kind, result)
        _keep(options, path, str(number), made)
    if jobs:
        result, made = tried(file, jobs, "internal")
        table.add(str(path), "all together", result)
        _keep(options, path, "all", made)
    if options.whole:
        result, made = whole_way(path, file, reviewer)
        table.add(str(path), "review", result)
        _keep(options, path, "review", made)
    if time.process_time() - begun > LONGEST_S:
        say(f"SLOW {path}: {time.process_time() - begun:.0f} s")


def _keep(options: argparse.Namespace, path: Path, name: str, made: Redline | None) -> None:
    if options.keep and made is not None:
        options.keep.mkdir(parents=True, exist_ok=True)
        (options.keep / f"{path.stem}.{name}.docx").write_bytes(made.data)


def main() -> None:
    """Try each .docx under a folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", default="1")
    parser.add_argument("--whole", action="store_true", help="go the way of a review too")
    parser.add_argument("--only", default="", help="part of a file's path")
    parser.add_argument("--keep", type=Path, help="write the redlines to this folder")
    options = parser.parse_args()
    reviewer = Reviewer.of(Settings(engine="rules", _env_file=None))
    table = Table()
    for path in sorted(options.folder.rglob("*.docx")):
        if options.only in str(path):
            try_file(path, options, reviewer, table)
    table.print()


if __name__ == "__main__":
    main()
