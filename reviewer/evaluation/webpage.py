"""The error analysis as one page of HTML: every wrong answer with label, passage and reasoning."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from jinja2 import Environment, FileSystemLoader

from reviewer.evaluation.scoring import Outcome
from reviewer.evaluation.tables import METRIC_NAMES


class ScoredContract(Protocol):
    """A contract with its outcomes."""

    @property
    def name(self) -> str:
        """The name of the contract in the data set."""

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """One for each labelled check."""


def error_report(result: dict[str, Any], scored: Sequence[ScoredContract]) -> str:
    """Return the page; it needs no other file and no network.

    Args:
        result: The data of the run.
        scored: Its contracts with their outcomes.
    """
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("errors.html").render(
        result=result,
        names=METRIC_NAMES,
        contracts=[
            (item.name, [o for o in item.outcomes if not o.right], len(item.outcomes))
            for item in scored
        ],
        elements=[
            (name, row)
            for name, row in sorted(
                result["per_element"].items(), key=lambda pair: pair[1]["right"] / pair[1]["n"]
            )
        ],
    )
