"""Wording with the shop's own numbers: clauses in parts that map to elements, and the annex."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path

from pydantic import Field, model_validator

from reviewer.knowledge.clauses import ClauseLibrary
from reviewer.knowledge.source import read_yaml, validated
from reviewer.model_clause import ClausePart, ClauseVersion, fill
from reviewer.record import Record
from reviewer.resources import data_folder
from reviewer.shop.baseline import Baseline, Level, period_words
from reviewer.shop.catalogue import Catalogue
from reviewer.shop.metric import Metric, Ratios, plain

MAX_QUALITY = 4
"""More quality targets than this in one sentence help nobody; the annex has them all."""


class Phrases(Record):
    """How one metric is worded."""

    at_most: str
    at_least: str
    conversion: str
    base: str


class Annex(Record):
    """The annex with the shop's figures."""

    title: str
    heads: tuple[str, ...]
    source: str
    review: str
    excluded: str
    closing: tuple[str, ...] = ()


class AnchorFile(Record):
    """The sentences of `corpus/shop/anchor.yaml`."""

    phrases: Phrases
    joint: str = "，"
    kpi: dict[str, str] = Field(default_factory=dict)
    sla_anchor: dict[str, str] = Field(default_factory=dict)
    annex: Annex

    @model_validator(mode="after")
    def _the_annex_has_nine_columns(self) -> "AnchorFile":
        if len(self.annex.heads) != 9:
            raise ValueError("annex.heads needs nine columns")
        return self


@cache
def load_anchor(path: Path | None = None) -> AnchorFile:
    """Return the sentences in the file `path`, or those that were shipped.

    Raises:
        CorpusInvalid: The file is wrong; names file, line and field.
    """
    chosen = path or data_folder("corpus") / "shop" / "anchor.yaml"
    return validated(AnchorFile, read_yaml(chosen), chosen)


@dataclass(frozen=True)
class Wording:
    """The sentences filled with one shop's level."""

    baseline: Baseline
    catalogue: Catalogue
    ratios: Ratios
    lax: Mapping[str, Decimal]
    """Element to the laxest value that the playbook accepts, in seconds."""
    file: AnchorFile

    def target(self, level: Level) -> Decimal:
        """Return what is demanded of a metric: the shop's mean, at most the lax bound.

        Rounded as contracts do, and so that the shop's own mean would meet it.
        """
        metric = self.catalogue.metric(level.metric)
        if metric.compliance_floor:
            return rounded(self.recent(level) * self.ratios.conversion_ratio, metric)
        value = attainable(level.mean, metric)
        bound = self.lax.get(metric.element or "")
        return min(value, bound) if bound and metric.unit == "seconds" else value

    def recent(self, level: Level) -> Decimal:
        """Return the mean of the last months, as shown."""
        return rounded(level.recent_mean, self.catalogue.metric(level.metric))

    def phrase(self, level: Level) -> str:
        """Return the demand on one metric in words."""
        metric = self.catalogue.metric(level.metric)
        target = self.target(level)
        values = {
            "title": metric.title,
            "value": metric.shown(target),
            "level": metric.shown(level.mean),
            "period": self.baseline.period,
            "months": str(self.ratios.target_months),
            "base": metric.shown(self.recent(level)),
            "ratio": percent(self.ratios.conversion_ratio),
        }
        phrases = self.file.phrases
        if metric.compliance_floor:
            return fill(phrases.conversion, values)
        return fill(phrases.at_most if metric.better == "lower" else phrases.at_least, values)

    def conversion_sentence(self, names: Mapping[str, str]) -> str | None:
        """Return the conversion target with its compliance floor, or None without the figure."""
        sentence = self.file.kpi.get("kp_conversion", "")
        values = self.values()
        if not sentence or _empty(sentence, values):
            return None
        return fill(_filled(sentence, values), dict(names))

    def of_element(self, element: str) -> list[Level]:
        """Return the levels whose metric serves an element of the check `kpi`."""
        return [
            level
            for level in self.baseline.levels
            if self.catalogue.metric(level.metric).element == element
        ]

    def values(self) -> dict[str, str]:
        """Return what fills the sentences, but for the contract's own names."""
        joint = self.file.joint
        main = [
            *self.of_element("kp_response"),
            *self.of_element("kp_conversion"),
            *self._quality(),
        ]
        bases = [
            fill(self.file.phrases.base, {
                "title": level.title,
                "level": self.catalogue.metric(level.metric).shown(level.mean),
            })
            for level in main
        ]  # fmt: skip
        return {
            "period": self.baseline.period,
            "days": str(max((level.days for level in self.baseline.levels), default=0)),
            "response": joint.join(map(self.phrase, self.of_element("kp_response"))),
            "quality": joint.join(map(self.phrase, self._quality())),
            "conversion": joint.join(map(self.phrase, self.of_element("kp_conversion"))),
            "bases": "、".join(bases),
            "floor": percent(self.ratios.floor_ratio),
            "ceiling": percent(2 - self.ratios.floor_ratio),
            "cap": percent(self.ratios.adjust_cap),
        }

    def _quality(self) -> list[Level]:
        return self.of_element("kp_quality")[:MAX_QUALITY]

    def library(self, library: ClauseLibrary) -> ClauseLibrary:
        """Return the clause library with the shop's numbers in the two checks on targets."""
        values, conceded = self.values(), self._conceding().values()
        clauses = dict(library.clauses)
        for check, sentences in (("kpi", self.file.kpi), ("sla_anchor", self.file.sla_anchor)):
            shipped = library.clauses.get(check)
            if shipped:
                standard = _anchored(shipped.standard, sentences, values)
                concession = _anchored(shipped.concession, sentences, conceded)
                clauses[check] = shipped.model_copy(
                    update={"standard": standard, "concession": concession}
                )
        return ClauseLibrary(clauses, library.fixes)

    def _conceding(self) -> "Wording":
        ratios = self.ratios.model_copy(
            update={
                "conversion_ratio": self.ratios.concession_conversion_ratio,
                "floor_ratio": self.ratios.concession_floor_ratio,
            }
        )
        return replace(self, ratios=ratios)

    def annex(self, names: Mapping[str, str]) -> str:
        """Return the annex as lines, the table as rows with ` | ` between cells."""
        annex = self.file.annex
        values = {**self.values(), **names}
        lines = [annex.title, " | ".join(annex.heads)]
        for level in self.baseline.levels:
            metric = self.catalogue.metric(level.metric)
            if metric.better != "neutral":
                lines.append(" | ".join(self._row(level, metric, values)))
        return "\n".join([*lines, *(fill(line, values) for line in annex.closing)])

    def _row(self, level: Level, metric: Metric, values: Mapping[str, str]) -> list[str]:
        annex = self.file.annex
        filled = dict(values)
        target = metric.shown(self.target(level))
        bound = "≤" if metric.better == "lower" else "≥"
        if metric.compliance_floor:
            base = metric.shown(self.recent(level))
            target = f"{target}（{base}×{percent(self.ratios.conversion_ratio)}）"
        return [
            metric.title,
            metric.definition,
            period_words(self.baseline.first, self.baseline.last),
            metric.shown(level.mean),
            f"{bound}{target}",
            f"{bound}{metric.shown(red_line(level, metric, self.ratios))}",
            fill(annex.source, filled),
            fill(annex.review, filled),
            annex.excluded,
        ]


def attainable(value: Decimal, metric: Metric) -> Decimal:
    """Return a target that `value` just meets: 28秒 for 27.6, 95.1% for 95.14 %."""
    places = {"share": 3, "score": 1}.get(metric.unit, 0 if value >= 10 else 1)
    if metric.unit == "share" and value < Decimal("0.01"):
        places = 4
    way = ROUND_CEILING if metric.better == "lower" else ROUND_FLOOR
    return value.quantize(Decimal(1).scaleb(-places), way)


def red_line(level: Level, metric: Metric, ratios: Ratios) -> Decimal:
    """Return the level below which no month may fall, from the mean as shown."""
    shown = rounded(level.mean, metric)
    ratio = 2 - ratios.floor_ratio if metric.better == "lower" else ratios.floor_ratio
    return rounded(shown * ratio, metric)


def rounded(value: Decimal, metric: Metric) -> Decimal:
    """Return the value that `Metric.shown` shows, so that a reader who recomputes agrees."""
    places = {"share": 3, "score": 2}.get(metric.unit, 1)
    if metric.unit == "share" and value and abs(value) < Decimal("0.01"):
        places = 4
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def percent(ratio: Decimal) -> str:
    """Return a ratio in percent: 115%."""
    return f"{plain(ratio * 100, 2)}%"


def _anchored(
    shipped: ClauseVersion, sentences: Mapping[str, str], values: Mapping[str, str]
) -> ClauseVersion:
    """Return the version with the sentences whose slots have something to say."""
    taken = {e: s for e, s in sentences.items() if not _empty(s, values)}
    parts = []
    for part in shipped.parts:
        sentence = next((taken[e] for e in part.elements if e in taken), None)
        text = _filled(sentence, values) if sentence else part.text
        parts.append(ClausePart(elements=part.elements, text=text))
    return ClauseVersion(parts=tuple(parts), why="以店铺自己的数据为准。")


def _empty(sentence: str, values: Mapping[str, str]) -> bool:
    return any(f"{{{name}}}" in sentence and not value for name, value in values.items())


def _filled(sentence: str, values: Mapping[str, str]) -> str:
    """Fill our slots and leave those of the contract's names to the drafter."""
    for name, value in values.items():
        sentence = sentence.replace(f"{{{name}}}", value)
    return sentence
