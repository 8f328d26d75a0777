"""Playbook: the checks of one contract type, their elements, and the cues that find them.

The patterns are regular expressions over canonical text (see `engine/canonical.py`): numerals are
Arabic, the parties are 商家 and 外包商, white space is gone. `<时长>`, `<百分比>`, `<金额>`, `<数量>`,
`<倍数>`, `<数>` stand for a quantity; any other `<name>` for a list of the playbook's vocabulary.
"""

from typing import Literal, Self

from pydantic import Field, model_validator

from reviewer.finding import Severity
from reviewer.record import Record

Scope = Literal["statement", "clause", "article", "contract"]
BearerRule = Literal["vendor", "client", "any"]


class Cue(Record):
    """A pattern that a statement must match."""

    pattern: str
    at_most: str | None = None
    """A quantity found must not exceed this (30秒, 20%); a laxer one makes the element partial."""
    at_least: str | None = None
    unless: tuple[str, ...] = ()
    """Patterns that disqualify the statement for this cue."""

    @model_validator(mode="before")
    @classmethod
    def _from_pattern(cls, value: object) -> object:
        return {"pattern": value} if isinstance(value, str) else value


class Way(Record):
    """One way in which an element is met or a flag is hit."""

    all: tuple[Cue, ...] = ()
    """Each must match a statement of the window."""
    any: tuple[Cue, ...] = ()
    """One of them must."""
    count: int = 1
    """How many different patterns of `of` must match."""
    of: tuple[Cue, ...] = ()
    within: Scope = "statement"
    heading: str | None = None
    """Pattern that the headings above the window, or the statement, must match."""
    bearer: BearerRule | None = None
    """Overrides the rule's own."""
    note: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _from_pattern(cls, value: object) -> object:
        if isinstance(value, str):
            return {"all": [{"pattern": value}]}
        if isinstance(value, dict) and "pattern" in value:
            cue = {k: value[k] for k in ("pattern", "at_most", "at_least") if k in value}
            rest = {k: v for k, v in value.items() if k not in cue and k != "unless"}
            cue["unless"] = value.get("unless", ())
            return {**rest, "all": [cue, *value.get("all", ())]}
        return value

    @model_validator(mode="after")
    def _asks_something(self) -> Self:
        if not (self.all or self.any or self.of):
            raise ValueError("a way needs `pattern`, `all`, `any` or `of`")
        return self


class ElementRule(Record):
    """How the rules engine assesses one element."""

    about: tuple[str, ...] = ()
    """The statement speaks of the subject; with a vague word, a blank or an annex that is not
    supplied this makes the element partial."""
    unless: tuple[str, ...] = ()
    """The statement is about something else, or says the opposite."""
    bearer: BearerRule = "vendor"
    """`vendor`: a duty of the merchant does not count. `client`: a right of the vendor does not."""
    met: tuple[Way, ...] = ()
    partial: tuple[Way, ...] = ()
    vague: bool = True
    """Whether `about` with a vague word or a blank is partial."""
    about_is_partial: bool = False
    """Whether `about` alone is partial."""
    introduction: bool = False
    """Whether what stands before the terms counts too: the title, the parties, the recitals."""
    weighed: bool = True
    """Whether likeness is weighed against the patterns; not where particulars decide."""
    silence: Literal["absent", "met"] = "absent"
    """What it means that nothing is found; `met` for "no cap agreed"."""
    defeated_by: tuple[Way, ...] = ()
    """Passages anywhere that make the element absent."""
    saved_by: tuple[Way, ...] = ()
    """Passages anywhere that keep `defeated_by` and `weakened_by` from counting: an exception."""
    weakened_by: tuple[Way, ...] = ()
    """Passages anywhere that make a met element partial."""
    venue: bool = False
    """Whether the place named decides: the merchant's city makes it met, the vendor's absent."""
    contacts: bool = False
    """Whether the accounts and addresses that the contract names decide: of both parties met, of
    one partial."""
    hedged: bool = True
    """Whether 原则上, 尽量, 仅供参考 turn met into partial."""
    refusable: bool = True
    """Whether words by which the vendor refuses (不承担责任) take the element away."""


class FlagRule(Record):
    """How the rules engine assesses a red flag or a caution."""

    hit: tuple[Way, ...] = ()
    unless: tuple[str, ...] = ()
    """The statement is a near miss."""
    clear_if: tuple[Way, ...] = ()
    """Passages anywhere in the contract that lift the flag."""
    detector: str | None = None
    """A detector of the engine instead of, or besides, patterns."""
    measured: bool = False
    """It turns on a number, to which likeness is blind: what the patterns say stands."""


class Exemplars(Record):
    """Sentences as different drafters write them, by what they amount to."""

    met: tuple[str, ...] = ()
    partial: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()


class FlagExemplars(Record):
    """Sentences that hit a flag, and near misses."""

    hit: tuple[str, ...] = ()
    clear: tuple[str, ...] = ()


class Circumstances(Record):
    """What a merchant says of itself; None where it does not."""

    merchant_size: Literal["large", "small"] | None = None
    """`large`: 大型企业 by the state's classification of enterprises."""
    category: Literal["general", "sensitive"] | None = None
    """`sensitive`: goods for children, medical or health goods."""


class Element(Record):
    """A part that a protection must contain."""

    id: str = Field(pattern=r"^[a-z]{2}_[a-z_]+$")
    title: str
    title_en: str
    core: bool = False
    against: tuple[str, ...] = ()
    """Flags that, where they are hit, speak against it."""
    needed_if: Circumstances | None = None
    """Merchants for whom the check is not ok without it."""
    met_when: str
    partial_when: str | None = None
    """None when the element is either there or not."""
    benchmark: str | None = None
    lax_bound: str | None = None
    rule: ElementRule
    exemplars: Exemplars = Exemplars()


class Check(Record):
    """One question asked of every contract."""

    id: str = Field(pattern=r"^[a-z]+(_[a-z]+)*$")
    kind: Literal["protection", "red_flag", "caution"]
    title: str
    title_en: str
    severity: Severity
    group: str
    what: str
    """What the check asks, one sentence."""
    why: str
    why_en: str
    elements: tuple[Element, ...] = ()
    other_needed: int = 0
    """How many elements beside the core ones `ok` needs (labelling rule R5)."""
    status_rule: Literal["core", "personal_information"] = "core"
    never_enough: tuple[str, ...] = ()
    """Core elements that do not keep the check from being missing."""
    hit_when: str | None = None
    clear_when: str | None = None
    rule: FlagRule | None = None
    exemplars: FlagExemplars | None = None
    law: tuple[str, ...]
    caveats: tuple[str, ...] = ()
    safe_to_accept: bool = True
    """Whether the suggestion may be accepted without thought."""
    applies_if: Circumstances | None = None
    """Merchants to whom it applies; None: to all. One who does not say counts as such."""

    @model_validator(mode="after")
    def _shape_fits_kind(self) -> Self:
        if self.kind == "protection" and (not self.elements or self.rule):
            raise ValueError(f"{self.id}: a protection has elements and no rule of its own")
        if self.kind != "protection" and (self.elements or not self.rule):
            raise ValueError(f"{self.id}: a {self.kind} has a rule and no elements")
        return self

    @property
    def core(self) -> tuple[Element, ...]:
        """Return the elements without which the check cannot be ok."""
        return tuple(element for element in self.elements if element.core)

    def needed(self, merchant: Circumstances) -> tuple[Element, ...]:
        """Return the elements without which it is not ok for this merchant."""
        return tuple(e for e in self.elements if e.needed_if and _fits(merchant, e.needed_if))

    def applies(self, merchant: Circumstances) -> bool:
        """Return whether it applies to this merchant, as far as it said."""
        return self.applies_if is None or not _contradicts(merchant, self.applies_if)


def _fits(merchant: Circumstances, asked: Circumstances) -> bool:
    said, wanted = merchant.model_dump(), asked.model_dump(exclude_none=True)
    return all(said[name] == value for name, value in wanted.items())


def _contradicts(merchant: Circumstances, asked: Circumstances) -> bool:
    said, wanted = merchant.model_dump(), asked.model_dump(exclude_none=True)
    return any(said[name] not in (None, value) for name, value in wanted.items())


class Vocabulary(Record):
    """Words of the trade, by the name under which patterns use them."""

    words: dict[str, str]
    """Name to pattern."""
    vague: str
    """Pattern of words that leave a duty open: 及时, 尽快."""
    hedge: str
    """Pattern of words that take the binding force away: 原则上, 仅供参考."""
    blank: str
    elsewhere: str
    """Pattern of references to something to be agreed or attached later."""
    refusal: str
    """Pattern of the vendor refusing a duty."""


class Playbook(Record):
    """The client's positions for one contract type."""

    id: str
    version: str
    title: str
    title_en: str
    vocabulary: Vocabulary
    checks: tuple[Check, ...]

    @model_validator(mode="after")
    def _ids_are_unique(self) -> Self:
        seen: set[str] = set()
        for check in self.checks:
            for name in (check.id, *(element.id for element in check.elements)):
                if name in seen:
                    raise ValueError(f"the id {name} is used twice")
                seen.add(name)
        return self

    @property
    def flags(self) -> dict[str, FlagRule]:
        """Return the rules of the red flags and cautions by their ids."""
        return {check.id: check.rule for check in self.checks if check.rule}

    def check(self, check_id: str) -> Check | None:
        """Return the check with this id, or None."""
        return next((check for check in self.checks if check.id == check_id), None)
