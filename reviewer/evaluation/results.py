"""What a run gave, as data: figures, tables, every finding, and how it differs from another run."""

import hashlib
import json
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from pydantic import Field

from reviewer.errors import DatasetError
from reviewer.evaluation import metrics
from reviewer.evaluation.dataset import Dataset
from reviewer.evaluation.scoring import Outcome
from reviewer.playbook import Playbook
from reviewer.record import Record
from reviewer.resources import data_folder
from reviewer.settings import Settings


class Scored(Record):
    """One contract after its run."""

    name: str
    outcomes: tuple[Outcome, ...]
    problems: tuple[str, ...] = ()
    crash: str | None = None
    seconds: float = 0.0
    host: str | None = None
    model: str | None = None
    prompts: dict[str, str] = Field(default_factory=dict)


def result_of(
    data: Dataset,
    scored: Sequence[Scored],
    settings: Settings,
    playbook: Playbook,
    split: str | None,
) -> dict[str, Any]:
    """Return everything that is recorded of a run."""
    rows = [metrics.counts(item.outcomes) for item in scored]
    flat = [outcome for item in scored for outcome in item.outcomes]
    total = sum(rows, metrics.counts(()))
    first = next(iter(scored), None)
    return {
        "dataset": data.name,
        "split": split,
        "contracts": len(scored),
        "checks": len(flat),
        "engine": settings.engine_name,
        "model": first.model if first else None,
        "playbook_version": playbook.version,
        "prompts": first.prompts if first else {},
        "commit": _commit(),
        "corpus": corpus_hash(),
        "python": sys.version.split()[0],
        "metrics": {n: f.model_dump() for n, f in metrics.figures(rows).items()},
        "kinds": {
            kind: {
                n: f.value
                for n, f in metrics.figures(
                    [metrics.counts(o for o in item.outcomes if o.kind == kind) for item in scored]
                ).items()
            }
            for kind in ("protection", "red_flag", "caution")
        },
        "confusion": {
            "statuses": [*metrics.STATUSES, "crash"],
            "rows": metrics.confusion(total).astype(int).tolist(),
        },
        "per_check": _per_check(flat, playbook),
        "per_element": _per_element(flat),
        "problems": [*(str(p) for p in data.problems), *(p for s in scored for p in s.problems)],
        "crashes": {item.name: item.crash for item in scored if item.crash},
        "findings": {
            item.name: {o.check: [o.expected, o.got] for o in item.outcomes} for item in scored
        },
        "counts": {
            item.name: row.astype(int).tolist() for item, row in zip(scored, rows, strict=True)
        },
    }


def _per_check(flat: Iterable[Outcome], playbook: Playbook) -> dict[str, dict[str, Any]]:
    by: dict[str, list[Outcome]] = {}
    for outcome in flat:
        by.setdefault(outcome.check, []).append(outcome)
    return {
        check.id: {
            "title": check.title,
            "n": len(by[check.id]),
            "right": sum(o.right for o in by[check.id]),
            **metrics.measure(metrics.counts(by[check.id])),
        }
        for check in playbook.checks
        if check.id in by
    }


def _per_element(flat: Iterable[Outcome]) -> dict[str, dict[str, Any]]:
    table: dict[str, dict[str, Any]] = {}
    for outcome in flat:
        for element in outcome.elements:
            row = table.setdefault(element.id, {"n": 0, "right": 0, "wrong": {}})
            row["n"] += 1
            if element.expected == element.got:
                row["right"] += 1
            else:
                kind = f"{element.expected}→{element.got}"
                row["wrong"][kind] = row["wrong"].get(kind, 0) + 1
    return table


def corpus_hash() -> str:
    """Return a hash of the corpus, by which a result can be reproduced."""
    key = hashlib.sha256()
    for path in sorted(data_folder("corpus").rglob("*.yaml")):
        key.update(path.read_bytes())
    return key.hexdigest()[:16]


def _commit() -> str | None:
    try:
        found = subprocess.run(
            ["git", "rev-parse", "--short=12", "HEAD"],
            cwd=Path(__file__).parent,
            capture_output=True,
            text=True,
            timeout=5,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return found.stdout.strip()


def earlier_result(path: Path) -> dict[str, Any]:
    """Return the result of an earlier run; raises `DatasetError` for any other file."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(found, dict) or "counts" not in found:
            raise ValueError
    except (OSError, ValueError) as error:
        raise DatasetError(
            f"{path} 不是一次评测的结果", remedy="请用 reviewer eval --out 生成，或去掉 --against"
        ) from error
    return found


def compared(earlier: dict[str, Any], scored: Sequence[Scored]) -> dict[str, Any]:
    """Return how this run differs from an earlier one on the contracts that both have."""
    both = [item for item in scored if item.name in earlier["counts"]]
    changed = []
    for item in both:
        before = earlier.get("findings", {}).get(item.name, {})
        for outcome in item.outcomes:
            old = before.get(outcome.check)
            if old and old[1] != outcome.got:
                changed.append([item.name, outcome.check, outcome.expected, old[1], outcome.got])
    steps = {}
    usable = [i for i in both if len(earlier["counts"][i.name]) == metrics.WIDTH]
    if usable:
        steps = metrics.compare(
            [earlier["counts"][item.name] for item in usable],
            [metrics.counts(item.outcomes) for item in usable],
        )
    return {
        "commit": earlier.get("commit"),
        "contracts": len(usable),
        "metrics": {name: step._asdict() for name, step in steps.items()},
        "worse": [name for name, step in steps.items() if step.worse],
        "changed": changed,
    }
