"""Observation: one remark of the structure audit."""

from dataclasses import dataclass

from reviewer.finding import Severity
from reviewer.text import Span


@dataclass(frozen=True)
class Observation:
    """A remark on the document, with the passages that it rests on."""

    id: str
    title: str
    spans: tuple[Span, ...]
    message: str
    message_en: str
    contradiction: bool = False
    """Whether it makes `rf_contradiction` a hit."""
    severity: Severity = "low"
    confidence: float = 0.8
