"""Running an engine over a labelled data set: in parallel, resumable, with everything recorded."""

import hashlib
import json
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from reviewer.engine import Engine
from reviewer.errors import ContractError
from reviewer.evaluation import metrics
from reviewer.evaluation.baselines import DenseEngine, KeywordEngine, MajorityEngine
from reviewer.evaluation.dataset import (
    Dataset,
    LabelledContract,
    check_evidence,
    read_dataset,
)
from reviewer.evaluation.inspect_log import inspect_log
from reviewer.evaluation.loop import reviewed_again
from reviewer.evaluation.results import Scored, compared, earlier_result, result_of
from reviewer.evaluation.scoring import outcomes
from reviewer.evaluation.tables import text_report
from reviewer.knowledge.laws import load_laws
from reviewer.knowledge.playbooks import load_playbook
from reviewer.pipeline import (
    limits_of,
    make_engine,
    read_contract,
    review_contract,
    write_atomically,
)
from reviewer.playbook import Playbook
from reviewer.resources import data_folder
from reviewer.review import Review
from reviewer.settings import Settings

WORKERS = 2
Progress = Callable[[int, int, str], None]
"""Told how many contracts of how many are done, and which was the last."""


class Report(NamedTuple):
    """What a run gave: for programs, and for people."""

    data: dict[str, Any]
    text: str


class _Job(NamedTuple):
    item: LabelledContract
    settings: Settings
    loop: bool


def evaluate(
    dataset: Path,
    settings: Settings,
    *,
    split: str | None = None,
    out: Path | None = None,
    against: Path | None = None,
    inspect: Path | None = None,
    loop: bool = True,
    baselines: bool = True,
    on_progress: Progress | None = None,
) -> tuple[Report, bool]:
    """Measure the engine of `settings` on the labelled contracts in `dataset`.

    Args:
        dataset: A folder with `contracts/` and `labels/`.
        settings: Which engine, and how.
        split: A part of `splits.json`; None for all.
        out: Where the JSON result and the HTML report go; None writes nothing.
        against: The result of an earlier run; a fall below it by more than noise is not good.
        inspect: Where the run goes as a log of Inspect; None writes none.
        loop: Whether to accept all suggestions and review again.
        baselines: Whether to measure the engines to beat on the same contracts.
        on_progress: Told after each contract.

    Returns:
        The report, and whether the run is good: every label usable and nothing worse than
        `against` by more than noise.

    Raises:
        DatasetError: There is nothing to measure on, or `against` is no result.
    """
    playbook = load_playbook(settings.playbook)
    data = read_dataset(dataset, playbook, split)
    earlier = earlier_result(against) if against else None
    folder = (out or dataset / "results") / ".partial"
    jobs = [_Job(item, settings, loop) for item in data.contracts]
    scored = _run_all(jobs, folder if out else None, on_progress)
    result = result_of(data, scored, settings, playbook, split)
    if baselines:
        result["baselines"] = _baselines(data, settings, playbook, dataset, split)
    good = not result["problems"]
    if earlier:
        result["against"] = compared(earlier, scored)
        good = good and not result["against"]["worse"]
    text = text_report(result)
    if out:
        _write(out, result, scored, text)
    if inspect:
        write_atomically(inspect, inspect_log(result, [o for s in scored for o in s.outcomes]))
    return Report(result, text), good


def _run_all(
    jobs: Sequence[_Job], folder: Path | None, on_progress: Progress | None
) -> list[Scored]:
    done: dict[str, Scored] = {}
    waiting = []
    for job in jobs:
        kept = _kept(folder, job)
        if kept:
            done[job.item.name] = kept
        else:
            waiting.append(job)
    with ProcessPoolExecutor(max_workers=WORKERS) as pool:
        futures = {pool.submit(_run, job): job for job in waiting}
        for future in as_completed(futures):
            job, result = futures[future], future.result()
            done[job.item.name] = result
            if folder:
                write_atomically(_place(folder, job), result.model_dump_json().encode())
            if on_progress:
                on_progress(len(done), len(jobs), job.item.name)
    return [done[job.item.name] for job in jobs]


def _run(job: _Job) -> Scored:
    engine, playbook = _engine(job.settings.model_dump_json(), job.settings)
    return run_one(job.item, job.settings, engine, playbook, loop=job.loop)


_ENGINES: dict[str, tuple[Engine, Playbook]] = {}


def _engine(key: str, settings: Settings) -> tuple[Engine, Playbook]:
    if key not in _ENGINES:
        _ENGINES[key] = (make_engine(settings), load_playbook(settings.playbook))
    return _ENGINES[key]


def run_one(
    item: LabelledContract, settings: Settings, engine: Engine, playbook: Playbook, *, loop: bool
) -> Scored:
    """Return how `engine` does on one labelled contract.

    A crash of the engine counts as a wrong answer to every check and is reported; the run goes on.
    """
    kinds = {check.id: (check.kind, check.title, check.severity) for check in playbook.checks}
    laws, today = load_laws(), date.today()  # noqa: DTZ011
    review: Review | None = None
    again: Review | None = None
    crash: str | None = None
    problems: tuple[str, ...] = ()
    try:
        contract = read_contract(item.path, settings)
        problems = tuple(str(problem) for problem in check_evidence(item, contract))
        review = review_contract(contract, engine, playbook)
        if loop:
            again = reviewed_again(review, item.path, engine, playbook, limits_of(settings))
    except ContractError as error:
        crash = str(error)
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError) as error:
        crash = f"{type(error).__name__}: {error}"
    found = outcomes(item, review, laws, again=again, kinds=kinds, as_of=today)
    return Scored(
        name=item.name,
        outcomes=tuple(found),
        problems=problems,
        crash=crash,
        seconds=review.timing.total_s if review else 0.0,
        host=review.engine.host if review else None,
        model=review.engine.model if review else None,
        prompts=review.engine.prompts if review else {},
    )


def _place(folder: Path, job: _Job) -> Path:
    key = hashlib.sha256()
    key.update(job.item.path.read_bytes())
    key.update(job.item.model_dump_json(exclude={"path"}).encode())
    key.update(job.settings.model_dump_json(exclude={"cache_dir", "data_dir"}).encode())
    key.update(f"{job.loop}{_version()}".encode())
    return folder / f"{job.item.name}.{key.hexdigest()[:16]}.json"


def _kept(folder: Path | None, job: _Job) -> Scored | None:
    if folder is None:
        return None
    try:
        return Scored.model_validate_json(_place(folder, job).read_bytes())
    except (OSError, ValueError):
        return None


@cache
def _version() -> str:
    """Return a hash of the code, the corpus and the prompts: what an answer depends on."""
    key = hashlib.sha256()
    for folder, pattern in (
        (Path(__file__).resolve().parents[1], "*.py"),
        (data_folder("corpus"), "*.yaml"),
        (data_folder("corpus") / "vectors", "*.npz"),
        (data_folder("prompts"), "*.md"),
    ):
        for path in sorted(folder.rglob(pattern)):
            key.update(path.read_bytes())
    return key.hexdigest()[:16]


def _baselines(
    data: Dataset, settings: Settings, playbook: Playbook, folder: Path, split: str | None
) -> dict[str, dict[str, float | None]]:
    """Return the figures of the engines to beat; the majority is learned on `dev`."""
    learned = data.contracts
    if split and split != "dev":
        learned = read_dataset(folder, playbook, "dev").contracts
    engines: dict[str, Engine] = {
        "majority": MajorityEngine.learned(learned),
        "keyword": KeywordEngine(),
    }
    embed = _embedder(settings)
    if embed:
        engines["dense"] = DenseEngine(playbook, embed)
    made = {}
    for name, engine in engines.items():
        scored = [run_one(item, settings, engine, playbook, loop=False) for item in data.contracts]
        rows = [metrics.counts(item.outcomes) for item in scored]
        made[name] = {n: f.value for n, f in metrics.figures(rows).items()}
    return made


def _embedder(settings: Settings) -> Any:
    """Return the embedding of the retrieval index, kept on disk; None where there is none."""
    from reviewer.evaluation.vectors import kept_embedder

    return kept_embedder(settings.cache_dir)


def _write(out: Path, result: dict[str, Any], scored: Sequence[Scored], text: str) -> None:
    from reviewer.evaluation.webpage import error_report

    name = "-".join(part for part in (result["engine"], result["split"]) if part)
    document = json.dumps(result, ensure_ascii=False, indent=1).encode()
    write_atomically(out / f"{name}.json", document)
    write_atomically(out / f"{name}.txt", text.encode())
    write_atomically(out / f"{name}.html", error_report(result, scored).encode())
