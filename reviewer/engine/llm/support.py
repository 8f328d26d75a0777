"""Does the passage bear out what the model says? Decided by the program, from the playbook."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from reviewer.contract import Contract
from reviewer.engine.canonical import canonical
from reviewer.engine.matching import Lexicon, Matcher, quantities
from reviewer.engine.statements import Statement
from reviewer.finding import ElementStatus
from reviewer.playbook import Check, Element, ElementRule
from reviewer.quantity import PATTERNS, Quantity, parse_quantity
from reviewer.text import Span

ENOUGH_SHARED = 0.55
"""Share of an exemplar's pairs of characters that a passage must have to be about the same.

Chosen on the development contracts: against 0.35 it halves the harm that a model could do which
picks the most misleading sentence for each element, and keeps three quarters of the gain."""
RANK: dict[ElementStatus, int] = {"absent": 0, "partial": 1, "met": 2}


class Support:
    """Tests passages of one contract against elements and flags."""

    def __init__(
        self, contract: Contract, lexicon: Lexicon, statements: Sequence[Statement]
    ) -> None:
        self.contract = contract
        self.lexicon = lexicon
        self.matcher = Matcher(lexicon, statements)
        self.statements = [s for s in statements if not s.introduces]

    def element(self, element: Element, claimed: ElementStatus, span: Span) -> ElementStatus:
        """Return the best status, `claimed` at most, that the passage bears out.

        It must be operative, about the subject, on the right party and not refused; vague words,
        a blank, or a number laxer than the bound leave it partial.
        """
        rule = element.rule
        inside = self.of(span)
        if claimed == "absent" or not inside:
            return "absent"
        if next(self.matcher.ways(rule.defeated_by, "any", self.statements), None):
            return "absent"
        inside = [s for s in inside if not self._disqualified(rule, s)]
        about = [s for s in inside if self._about(element, s)]
        if not about:
            return "absent"
        if claimed == "partial" or any(self.weak(s) for s in about):
            return "partial"
        return "met" if self._definite(rule, about) else "partial"

    def flag(self, check: Check, span: Span) -> bool:
        """Return whether the passage bears out that the flag is hit."""
        rule = check.rule
        if rule is None or check.exemplars is None:
            return False
        if next(self.matcher.ways(rule.clear_if, "any", self.statements), None):
            return False
        for statement in self.of(span):
            if any(self.lexicon.pattern(veto).search(statement.full) for veto in rule.unless):
                continue
            hit = _likeness(statement, check.exemplars.hit)
            if hit >= ENOUGH_SHARED and hit > _likeness(statement, check.exemplars.clear):
                return True
        return False

    def of(self, span: Span) -> list[Statement]:
        """Return the operative statements that the passage covers in good part."""
        return [
            s
            for s in self.statements
            if 2 * s.span.overlap(span) >= min(s.span.end - s.span.start, span.end - span.start)
            and s.span.overlap(span)
        ]

    def weak(self, statement: Statement) -> bool:
        """Return whether the words leave the duty open."""
        words = statement.own.text
        patterns = (self.lexicon.vague, self.lexicon.hedge, self.lexicon.blank)
        return any(p.search(words) for p in (*patterns, self.lexicon.elsewhere))

    def refused(self, span: Span) -> bool:
        """Return whether the passage refuses the duty."""
        return any(self.lexicon.refusal.search(s.own.text) for s in self.of(span))

    def _disqualified(self, rule: ElementRule, statement: Statement) -> bool:
        if self.lexicon.refusal.search(statement.own.text):
            return True
        if any(self.lexicon.pattern(veto).search(statement.full) for veto in rule.unless):
            return True
        parties = {s.party for s in statement.subjects if s.is_duty}
        if rule.bearer == "vendor":
            return parties == {"商家"}
        return rule.bearer == "client" and any(
            s.party == "外包商" and not s.is_duty for s in statement.subjects
        )

    def _about(self, element: Element, statement: Statement) -> bool:
        if any(self.lexicon.pattern(p).search(statement.full) for p in element.rule.about):
            return True
        known = (*element.exemplars.met, *element.exemplars.partial)
        like = _likeness(statement, known)
        return like >= ENOUGH_SHARED and like > _likeness(statement, element.exemplars.absent)

    def _definite(self, rule: ElementRule, about: Sequence[Statement]) -> bool:
        """Return whether a number within the bound is there, where the element asks for one."""
        bounds = list(_bounds(rule))
        if not bounds:
            return True
        found = [q for s in about for q in _quantities(s.own.text)]
        return any(
            quantity.dimension == bound.dimension and (quantity.value - bound.value) * sign <= 0
            for bound, sign in bounds
            for quantity in found
        )


def _bounds(rule: ElementRule) -> Iterator[tuple[Quantity, Decimal]]:
    for way in rule.met:
        for cue in (*way.all, *way.any, *way.of):
            for words, sign in ((cue.at_most, 1), (cue.at_least, -1)):
                bound = parse_quantity(words) if words else None
                if bound:
                    yield bound, Decimal(sign)


def _quantities(text: str) -> Iterator[Quantity]:
    for name in ("时长", "百分比", "金额", "倍数", "数量"):
        for match in re.finditer(f"(?P<q0>{PATTERNS[name]})", text):
            for words in quantities(match):
                found = parse_quantity(words)
                if found:
                    yield found


def _pairs(text: str) -> set[str]:
    plain = "".join(c for c in text if c.isalnum())
    for party in ("外包商", "商家", "双方"):
        plain = plain.replace(party, "")
    return {plain[i : i + 2] for i in range(len(plain) - 1)}


def _likeness(statement: Statement, exemplars: Sequence[str]) -> float:
    """Return the greatest share of an exemplar's pairs of characters found in the statement."""
    own = _pairs(statement.full)
    shares = [len(own & p) / len(p) for e in exemplars if (p := _pairs(canonical(e).text))]
    return max(shares, default=0.0)
