"""Loading the metrics, promotion days and ratios from the corpus."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, cached_property, lru_cache
from pathlib import Path

from reviewer.errors import CorpusInvalid
from reviewer.knowledge.source import read_yaml, validated
from reviewer.resources import data_folder
from reviewer.shop.metric import Ambiguous, Metric, MetricFile, PromotionFile, Ratios
from reviewer.text import fold

_BRACKETED = re.compile(r"[(\[【（][^)\]】）]*[)\]】）]")


@dataclass(frozen=True)
class Catalogue:
    """The metrics by id and by header."""

    file: MetricFile

    @cached_property
    def by_id(self) -> dict[str, Metric]:
        """Return the metrics by id."""
        return {metric.id: metric for metric in self.file.metrics}

    @cached_property
    def by_header(self) -> dict[str, Metric]:
        """Return the metrics by folded header."""
        return {header_key(h): metric for metric in self.file.metrics for h in metric.headers}

    @cached_property
    def ambiguous_headers(self) -> dict[str, Ambiguous]:
        """Return the ambiguous words by folded header."""
        return {header_key(h): entry for entry in self.file.ambiguous for h in entry.headers}

    def metric(self, metric_id: str) -> Metric:
        """Return the metric with this id.

        Raises:
            KeyError: There is none.
        """
        return self.by_id[metric_id]

    def named(self, words: str) -> Metric | None:
        """Return the metric whose id, title or header `words` are, or None."""
        return self.by_id.get(words) or self.by_header.get(header_key(words))


@dataclass(frozen=True)
class Calendar:
    """The promotion days of every year."""

    file: PromotionFile

    def promotion(self, day: date) -> str | None:
        """Return the name of the promotion that `day` belongs to, or None."""
        for promotion in self.file.promotions:
            if any(_within(day, words) for words in promotion.days):
                return promotion.name
            if promotion.before_spring_festival:
                first, last = promotion.before_spring_festival
                for festival in self.file.spring_festival:
                    if festival - timedelta(days=first) <= day <= festival - timedelta(days=last):
                        return promotion.name
        return None

    def known(self, days: Iterable[date]) -> bool:
        """Return whether the Spring Festival of every year among `days` is on file."""
        years = {festival.year for festival in self.file.spring_festival}
        return {day.year for day in days} <= years


@lru_cache(maxsize=4096)
def header_key(words: str) -> str:
    """Return a header without case, width, white space and bracketed unit.

    >>> header_key("首次响应时间（秒）"), header_key("满意度(%)")
    ('首次响应时间', '满意度')
    """
    bare = _BRACKETED.sub("", words)
    return fold(bare if bare.strip() else words)[0]


def _within(day: date, words: str) -> bool:
    first, _, last = words.partition("..")
    return first <= day.strftime("%m-%d") <= (last or first)


@cache
def load_catalogue(folder: Path | None = None) -> Catalogue:
    """Return the metrics in `folder`, or those that were shipped.

    Raises:
        CorpusInvalid: The file is wrong; names file, line and field.
    """
    path = (folder or data_folder("corpus")) / "shop" / "metrics.yaml"
    return Catalogue(validated(MetricFile, read_yaml(path), path))


@cache
def load_calendar(path: Path | None = None) -> Calendar:
    """Return the promotion days in the file `path`, or those that were shipped.

    Raises:
        CorpusInvalid: The file is wrong; names file, line and field.
    """
    chosen = path or data_folder("corpus") / "shop" / "promotions.yaml"
    if path and not path.exists():
        raise CorpusInvalid(f"找不到大促日文件 {path}", remedy="请检查 --promotions")
    return Calendar(validated(PromotionFile, read_yaml(chosen), chosen))


@cache
def load_ratios(path: Path | None = None) -> Ratios:
    """Return the ratios in the file `path`, or those that were shipped.

    Raises:
        CorpusInvalid: The file is wrong; names file, line and field.
    """
    chosen = path or data_folder("corpus") / "shop" / "ratios.yaml"
    return validated(Ratios, read_yaml(chosen), chosen)
