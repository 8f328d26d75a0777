"""Signals: what a reader should notice in a changed sentence."""

from functools import cache
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, model_validator

from reviewer.knowledge.source import read_yaml, validated
from reviewer.record import Record
from reviewer.resources import data_folder


class Signal(Record):
    """Something in the words of a sentence that matters when it comes, goes or changes."""

    id: str = Field(pattern=r"^[a-z]+(_[a-z]+)*$")
    zh: str
    en: str
    pattern: str | None = None
    """Over canonical text; None where `vocabulary` names it."""
    vocabulary: Literal["vague", "hedge", "blank", "elsewhere", "refusal"] | None = None
    """A pattern of the playbook's vocabulary."""

    @model_validator(mode="after")
    def _one_pattern(self) -> Self:
        if (self.pattern is None) == (self.vocabulary is None):
            raise ValueError(f"{self.id}: one of `pattern` and `vocabulary` is needed")
        return self


class SignalFile(Record):
    """The file of all signals."""

    signals: tuple[Signal, ...]


@cache
def load_signals(folder: Path | None = None) -> tuple[Signal, ...]:
    """Return the signals of the corpus in `folder`, or of the one that was shipped.

    Raises:
        CorpusInvalid: The file is wrong; names file and line.
    """
    path = (folder or data_folder("corpus")) / "comparison" / "signals.yaml"
    return validated(SignalFile, read_yaml(path), path).signals
