"""Model clauses and fixes: the wording that the product proposes, in parts that map to elements."""

import re
from typing import Literal, Self

from pydantic import Field, model_validator

from reviewer.finding import Action
from reviewer.record import Record

VersionName = Literal["standard", "strong", "concession"]
BUILT_IN_SLOTS = ("client", "vendor", "shop", "platform")
"""Filled from the contract; every other slot has a default."""

_SLOT = re.compile(r"\{([a-z_]+)\}")


class Slot(Record):
    """A place in the wording that the contract or the merchant fills."""

    default: str
    meaning: str
    meaning_en: str = ""


class ClausePart(Record):
    """One or more sentences that supply the elements named."""

    elements: tuple[str, ...]
    """Empty for a sentence that rounds the clause off."""
    text: str
    exclusive: bool = False
    """A contract can have only one such sentence: it replaces what the contract says instead."""


class ClauseVersion(Record):
    """A whole clause in parts."""

    parts: tuple[ClausePart, ...]
    why: str
    """When to use this version, one sentence."""

    @property
    def text(self) -> str:
        """Return the clause as one text, a paragraph for each part."""
        return "\n".join(part.text for part in self.parts)


class ModelClause(Record):
    """What a protection should say, in three versions."""

    check: str
    heading: str
    heading_en: str
    slots: dict[str, Slot] = Field(default_factory=dict)
    standard: ClauseVersion
    strong: ClauseVersion
    concession: ClauseVersion
    why: str
    law: tuple[str, ...]
    avoids: tuple[str, ...] = ()
    """Cautions (`ef_*`) that the wording steers clear of."""
    place_after: tuple[str, ...] = ()
    """Patterns of headings after which the clause belongs, best first."""
    letter: str
    """One courteous sentence that asks the other side for it."""

    @model_validator(mode="after")
    def _slots_have_defaults(self) -> Self:
        for name in ("standard", "strong", "concession"):
            used = set(_SLOT.findall(getattr(self, name).text))
            unknown = used - set(self.slots) - set(BUILT_IN_SLOTS)
            if unknown:
                raise ValueError(f"slot without default: {', '.join(sorted(unknown))}")
        return self

    def version(self, name: VersionName) -> ClauseVersion:
        """Return one of the three versions."""
        found: ClauseVersion = getattr(self, name)
        return found


class Fix(Record):
    """What to do about a red flag or a caution."""

    check: str
    action: Action
    """`replace` puts `text` in place of the offending sentence; `delete` takes it out."""
    text: str = ""
    fallback: str | None = None
    slots: dict[str, Slot] = Field(default_factory=dict)
    why: str
    law: tuple[str, ...] = ()
    letter: str
    variants: dict[str, str] = Field(default={})
    """Pattern over the offending canonical sentence to the wording that fits it better."""

    @model_validator(mode="after")
    def _slots_have_defaults(self) -> Self:
        used = set(
            _SLOT.findall(" ".join([self.text, self.fallback or "", *self.variants.values()]))
        )
        unknown = used - set(self.slots) - set(BUILT_IN_SLOTS)
        if unknown:
            raise ValueError(f"slot without default: {', '.join(sorted(unknown))}")
        if self.action == "replace" and not self.text:
            raise ValueError("a replacement needs a text")
        return self


def fill(text: str, values: dict[str, str]) -> str:
    """Return `text` with its slots filled.

    Raises:
        KeyError: A slot has no value.
    """
    return _SLOT.sub(lambda match: values[match[1]], text)
