"""Answer: what one contract says about one question, with the passages that say it."""

from typing import Literal, Self

from pydantic import model_validator

from reviewer.finding import Evidence
from reviewer.law import Citation
from reviewer.record import Record
from reviewer.review import EngineInfo, Usage

AnswerKind = Literal["answered", "silent", "unverified"]
"""`silent`: the whole contract was read and says nothing. `unverified`: a person has to look."""


class Point(Record):
    """One passage that answers the question."""

    text: str
    """The model's sentence; empty where it says more than its passage does."""
    evidence: Evidence
    clause: str | None
    """The id of the clause that holds the passage."""


class Answer(Record):
    """What the contract says about a question."""

    question: str
    kind: AnswerKind
    text: str
    """What to show first, in the reader's language."""
    points: tuple[Point, ...] = ()
    """The most direct passage first; empty unless `answered`."""
    nearest: tuple[Evidence, ...] = ()
    """Where nothing could be shown: the clauses closest to the question, for a person to read."""
    citations: tuple[Citation, ...] = ()
    """Articles of the corpus that the model chose from those offered."""
    needs_human: bool = False
    engine: EngineInfo
    warnings: tuple[str, ...] = ()
    usage: Usage = Usage()

    @model_validator(mode="after")
    def _points_fit_the_kind(self) -> Self:
        if bool(self.points) != (self.kind == "answered"):
            raise ValueError(f"an answer that is {self.kind} has {len(self.points)} points")
        return self
