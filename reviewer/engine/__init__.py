"""Contract and playbook in, findings out: the protocol that every engine keeps."""

from collections.abc import Callable
from typing import Protocol

from reviewer.contract import Contract
from reviewer.finding import Finding
from reviewer.playbook import Playbook
from reviewer.review import EngineInfo, Usage

OnFinding = Callable[[Finding], None]
"""Called with each finding as soon as its check is decided; its final id, what it suggests and the
observations follow with the outcome. What it raises ends the review."""


class Outcome(Protocol):
    """What an engine made of a contract."""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """One for every check in playbook order, then observations."""

    @property
    def info(self) -> EngineInfo:
        """What made them."""

    @property
    def usage(self) -> Usage:
        """What it cost."""

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a reader must know of how they were made."""


class Engine(Protocol):
    """Answers every check of a playbook on a contract."""

    def review(
        self, contract: Contract, playbook: Playbook, on_finding: OnFinding | None = None
    ) -> Outcome:
        """Return the findings for `contract`."""
