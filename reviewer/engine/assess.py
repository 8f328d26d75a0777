"""Assessing one element or one flag: passages, met / partial / absent, and why."""

from collections.abc import Sequence
from typing import NamedTuple

from reviewer.engine.contacts import contacts, reached
from reviewer.engine.matching import Lexicon, Match, Matcher
from reviewer.engine.statements import Statement
from reviewer.finding import ElementStatus
from reviewer.playbook import Cue, Element, ElementRule, FlagRule

MAX_PASSAGES = 4
"""More passages than this for one element help nobody."""


class Assessment(NamedTuple):
    """What was found: the status, the statements it rests on, how sure, and a note in Chinese."""

    status: ElementStatus
    statements: tuple[Statement, ...]
    note: str | None
    confidence: float
    at: tuple[int, ...] = ()


ABSENT = Assessment("absent", (), None, 0.85)


class Assessor:
    """Assesses elements and flags on the statements of one contract."""

    def __init__(self, lexicon: Lexicon, statements: Sequence[Statement]) -> None:
        self.lexicon = lexicon
        self.matcher = Matcher(lexicon, statements)
        self.statements = tuple(statements)

    def element(self, element: Element) -> Assessment:
        """Return the best that the contract says of `element`."""
        rule = element.rule
        allowed = self._allowed(rule.unless, introduction=rule.introduction)
        saved = next(self.matcher.ways(rule.saved_by, "any", self.statements), None)
        defeats = () if saved else rule.defeated_by
        if next(self.matcher.ways(defeats, "any", self.statements), None):
            return ABSENT._replace(confidence=0.8)
        if saved and rule.silence == "met":
            return Assessment("met", saved.statements, None, 0.85, saved.at)
        best = self._reached(allowed) if rule.contacts else None
        if best and best.status == "met":
            return best
        for match in self.matcher.ways(rule.met, rule.bearer, allowed):
            candidate = self._met(match, rule, element)
            if candidate and candidate.status == "met":
                return self._weakened(candidate, rule)
            best = best or candidate
        partial = best or self._partial(rule, allowed)
        if partial:
            return partial
        if rule.silence == "met":
            return Assessment("met", (), "合同未作限制", 0.75)
        return ABSENT

    def _reached(self, allowed: Sequence[Statement]) -> Assessment | None:
        """Return what the accounts and addresses of the parties make of it."""
        count, found = reached(contacts(allowed))
        if not count:
            return None
        if count == 1:
            return Assessment("partial", found, "只有一方的联系方式", 0.75)
        return Assessment("met", found, None, 0.85)

    def _allowed(
        self, unless: Sequence[str], *, introduction: bool = False
    ) -> tuple[Statement, ...]:
        vetoes = [self.lexicon.pattern(veto) for veto in unless]
        return tuple(
            statement
            for statement in self.statements
            if (introduction or not statement.introduces)
            and not any(veto.search(statement.full) for veto in vetoes)
        )

    def _met(self, match: Match, rule: ElementRule, element: Element) -> Assessment | None:
        if self.refused(rule, match.statements):
            return None
        if match.lax:
            note = f"{match.lax} 宽于参考底线 {element.lax_bound or ''}".rstrip()
            return Assessment("partial", match.statements, note, 0.85, match.at)
        if rule.hedged and any(self.lexicon.hedge.search(s.full) for s in match.statements):
            return Assessment("partial", match.statements, "表述不具约束力", 0.8, match.at)
        blank = [s for s in match.statements if self.lexicon.blank.search(s.own.text)]
        if blank and len(blank) == len(match.statements) and self._blank_near(match):
            return Assessment("partial", match.statements, "关键内容留空", 0.8, match.at)
        return Assessment("met", match.statements, None, 0.9, match.at)

    def _blank_near(self, match: Match) -> bool:
        """Return whether a blank follows soon after the words that matched."""
        for statement, at in zip(match.statements, match.at, strict=True):
            if self.lexicon.blank.search(statement.own.text[at : at + 40]):
                return True
        return False

    def _weakened(self, found: Assessment, rule: ElementRule) -> Assessment:
        match = next(self.matcher.ways(rule.weakened_by, "any", self.statements), None)
        if match is None:
            return found
        return Assessment("partial", found.statements, "另有约定使其落空", 0.75, found.at)

    def _partial(self, rule: ElementRule, allowed: Sequence[Statement]) -> Assessment | None:
        for match in self.matcher.ways(rule.partial, rule.bearer, allowed):
            if not self.refused(rule, match.statements):
                return Assessment("partial", match.statements, "约定不够具体", 0.8, match.at)
        if not (rule.vague or rule.about_is_partial):
            return None
        for pattern in rule.about:
            for statement in allowed:
                found = self.matcher.cue(Cue(pattern=pattern), statement, rule.bearer)
                if not found or self.refused(rule, [statement]):
                    continue
                note = self._vagueness(statement)
                if note or rule.about_is_partial:
                    note = note or "约定不够具体"
                    return Assessment("partial", (statement,), note, 0.7, (found.at,))
        return None

    def refused(self, rule: ElementRule, found: Sequence[Statement]) -> bool:
        """Return whether one of the statements refuses what the rule asks."""
        words = (statement.own.text for statement in found)
        return rule.refusable and any(map(self.lexicon.refusal.search, words))

    def _vagueness(self, statement: Statement) -> str | None:
        text = statement.own.text
        for pattern, note in (
            (self.lexicon.blank, "关键内容留空"),
            (self.lexicon.elsewhere, "留待附件或另行约定"),
            (self.lexicon.vague, "用语含糊"),
            (self.lexicon.hedge, "表述不具约束力"),
        ):
            if pattern.search(text):
                return note
        return None

    def lifts(self, rule: FlagRule) -> bool:
        """Return whether a passage anywhere lifts the flag, such as an exception from a cap."""
        return next(self.matcher.ways(rule.clear_if, "any", self.statements), None) is not None

    def flag(self, rule: FlagRule) -> tuple[Match, ...]:
        """Return the passages that hit the flag; empty when it is clear."""
        allowed = self._allowed(rule.unless)
        if self.lifts(rule):
            return ()
        found: list[Match] = []
        for match in self.matcher.ways(rule.hit, "any", allowed):
            if match.lax is None and match.spans not in [other.spans for other in found]:
                found.append(match)
            if len(found) >= MAX_PASSAGES:
                break
        return tuple(found)
