"""What a review would send to a language model, for the user to read before it is sent."""

from typing import Any

from pydantic import Field

from reviewer.record import Record


class PlannedRequest(Record):
    """One request that has not been sent."""

    title: str
    """What it asks about."""
    tokens: int
    """Estimated from the characters."""
    left_out: tuple[str, ...] = ()
    """Numbers of the clauses for which there is no room."""
    body: dict[str, Any]
    """The body, as it would go over the wire."""


class Plan(Record):
    """The first round of requests about one contract."""

    file: str
    host: str
    model: str
    mask: bool
    masked: dict[str, int] = Field(default_factory=dict)
    """What was replaced by placeholders: how many of each kind."""
    requests: tuple[PlannedRequest, ...]
