"""Rows of tables: which cell is demanded, which is the shop's level, by their heads."""

import re
from dataclasses import dataclass

from reviewer.engine.statements import Statement
from reviewer.text import Span

_DEMANDED = re.compile(r"目标|考核值|标准|要求|达标|合格|指标值|承诺|应达")
_LEVEL = re.compile(r"基线|基准|历史|现状|均值|外包前|自营")
_PLATFORM = re.compile(r"天猫|淘宝|京东|拼多多|抖音|抖店|小红书|快手")


@dataclass(frozen=True)
class Row:
    """The cells of a row that matter, as spans of its canonical text."""

    demanded: Span | None
    level: Span | None
    platforms: tuple[tuple[Span, str], ...] = ()
    """For a table with a column a platform: cell and platform."""


def row_of(statement: Statement) -> Row | None:
    """Return the row that a statement is, or None for a sentence, a head, or an odd row."""
    header = statement.lead.rsplit(",", 1)[-1]
    text = statement.own.text
    if "|" not in header or "|" not in text:
        return None
    heads, cells = header.split("|"), text.split("|")
    if len(heads) != len(cells) or header == text:
        return None
    spans: list[Span] = []
    at = 0
    for cell in cells:
        spans.append(Span(at, at + len(cell)))
        at += len(cell) + 1
    if len(heads) > 1 and all(_PLATFORM.search(head) for head in heads[1:]):
        return Row(None, None, tuple(zip(spans[1:], heads[1:], strict=True)))
    return Row(_column(_DEMANDED, heads, spans), _column(_LEVEL, heads, spans))


def _column(pattern: re.Pattern[str], heads: list[str], spans: list[Span]) -> Span | None:
    """Return the first cell behind the first column whose head fits."""
    return next(
        (span for head, span in list(zip(heads, spans, strict=True))[1:] if pattern.search(head)),
        None,
    )
