"""Known providers and what their models cost: data in `corpus/models`."""

import re
from decimal import Decimal
from functools import cache

from reviewer.chat.base import Tokens
from reviewer.errors import CorpusInvalid, UsageError
from reviewer.knowledge.source import read_yaml, validated
from reviewer.record import Record
from reviewer.resources import data_folder


class Preset(Record):
    """A provider with its address and a model to begin with."""

    id: str
    title: str
    base_url: str
    model: str
    max_tokens: str = "max_tokens"
    """What the provider calls the bound for the answer's length."""
    key: bool = True
    """Whether a key is needed."""
    context: int | None = None
    keyed: bool = False
    """Whether its models are small, so that the ids to answer are given as names of properties.

    The server writes by grammar and can then neither leave one out nor make one up."""
    concurrency: int | None = None
    """Requests at a time that it takes; None: as set for all."""
    timeout_s: float | None = None
    """Seconds that an answer may take; None: as set for all."""


class Price(Record):
    """Cost of a million tokens."""

    host: str
    pattern: str
    currency: str
    input: Decimal
    cached: Decimal
    output: Decimal
    as_of: str

    def of(self, tokens: Tokens) -> Decimal:
        """Return what `tokens` cost."""
        fresh = tokens.prompt - tokens.cached
        total = fresh * self.input + tokens.cached * self.cached + tokens.completion * self.output
        return (total / 1_000_000).quantize(Decimal("0.000001"))


class _Presets(Record):
    presets: tuple[Preset, ...]


class _Prices(Record):
    prices: tuple[Price, ...]


@cache
def load_presets() -> tuple[Preset, ...]:
    """Return the known providers.

    Raises:
        CorpusInvalid: The file is wrong.
    """
    path = data_folder("corpus") / "models" / "presets.yaml"
    return validated(_Presets, read_yaml(path), path, CorpusInvalid).presets


def preset_named(name: str) -> Preset:
    """Return the provider with this name.

    Raises:
        UsageError: There is none.
    """
    known = {preset.id: preset for preset in load_presets()}
    if name not in known:
        raise UsageError(f"没有名为 {name} 的模型预设", remedy=f"可用：{'、'.join(known)}")
    return known[name]


@cache
def price_of(host: str, model: str) -> Price | None:
    """Return the price of `model` at `host`, or None where none is known."""
    path = data_folder("corpus") / "models" / "prices.yaml"
    bare = host.rsplit(":", 1)[0]
    for price in validated(_Prices, read_yaml(path), path, CorpusInvalid).prices:
        at = bare == price.host or bare.endswith("." + price.host)
        if at and re.fullmatch(price.pattern, model, re.IGNORECASE):
            return price
    return None
