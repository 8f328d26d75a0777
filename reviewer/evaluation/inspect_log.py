"""A run as a log of Inspect (`inspect view`), the open eval tool: one sample a finding.

Source: the log format of inspect-ai 0.3, version 2 (https://inspect.aisi.org.uk/eval-logs.html).
"""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from reviewer.evaluation.scoring import Outcome

SCORER = "status"


def inspect_log(result: Mapping[str, Any], outcomes: Iterable[Outcome]) -> bytes:
    """Return the log of a run.

    Args:
        result: What the run gave, as it is written beside the log.
        outcomes: Every label with what the engine made of it.
    """
    samples = [_sample(outcome) for outcome in outcomes]
    made = datetime.now(UTC).isoformat(timespec="seconds")
    model = "/".join(filter(None, (result["engine"], result["model"])))
    log = {
        "version": 2,
        "status": "success",
        "eval": {
            "created": made,
            "task": "contract_review",
            "dataset": {"name": result["dataset"], "samples": len(samples), "shuffled": False},
            "model": model,
            "config": {},
            "metadata": {name: result[name] for name in ("split", "commit", "corpus", "prompts")},
        },
        "results": {
            "total_samples": len(samples),
            "completed_samples": len(samples),
            "scores": [
                {
                    "name": SCORER,
                    "scorer": SCORER,
                    "metrics": {
                        name: {"name": name, "value": figure["value"]}
                        for name, figure in result["metrics"].items()
                        if figure["value"] is not None
                    },
                }
            ],
        },
        "stats": {"started_at": made, "completed_at": made},
        "samples": samples,
    }
    return json.dumps(log, ensure_ascii=False).encode()


def _sample(outcome: Outcome) -> dict[str, Any]:
    wrong = {e.id: f"{e.expected}→{e.got}" for e in outcome.elements if e.expected != e.got}
    score = {
        "value": "C" if outcome.right else "I",
        "answer": outcome.got or "",
        "explanation": outcome.reason or "",
        "metadata": {"elements": wrong},
    }
    return {
        "id": f"{outcome.contract}/{outcome.check}",
        "epoch": 1,
        "input": f"{outcome.contract}：{outcome.title}（{outcome.check}）",
        "target": outcome.expected,
        "scores": {SCORER: score},
        "metadata": {"contract": outcome.contract, "check": outcome.check, "kind": outcome.kind},
    }
