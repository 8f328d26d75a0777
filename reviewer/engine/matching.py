"""Matching: do the patterns of the playbook fit the statements of a contract."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from reviewer.engine.statements import Statement
from reviewer.playbook import BearerRule, Cue, Vocabulary, Way
from reviewer.quantity import PATTERNS, parse_quantity
from reviewer.text import Span


class Match(NamedTuple):
    """A way that fits: the statements it rests on, and whether a number is laxer than the bound."""

    statements: tuple[Statement, ...]
    lax: str | None
    at: tuple[int, ...]
    """Where the pattern begins in the canonical own text of each statement."""

    @property
    def spans(self) -> tuple[Span, ...]:
        """Return the passages in the order of the text, without repeats."""
        return tuple(sorted({statement.span for statement in self.statements}))


class Lexicon:
    """Compiles patterns: names in angle brackets become the vocabulary's words."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._words = vocabulary.words
        self._compile = lru_cache(maxsize=None)(self._compiled)
        self.vague = self.pattern(vocabulary.vague)
        self.hedge = self.pattern(vocabulary.hedge)
        self.blank = self.pattern(vocabulary.blank)
        self.elsewhere = self.pattern(vocabulary.elsewhere)
        self.refusal = self.pattern(vocabulary.refusal)

    def pattern(self, source: str) -> re.Pattern[str]:
        """Return the compiled pattern; raises `re.error` or `KeyError` for a faulty one."""
        return self._compile(source)

    def _compiled(self, source: str) -> re.Pattern[str]:
        counter = iter(range(1000))

        def expand(match: re.Match[str]) -> str:
            name = match[1]
            if name in PATTERNS:
                return f"(?P<q{next(counter)}>{PATTERNS[name]})"
            return f"(?:{_MACRO.sub(expand, self._words[name])})"

        return re.compile(_MACRO.sub(expand, source))


_LOOKS_AROUND = re.compile(r"(?<!\[)\^|\$|\(\?!|\(\?<![^)]*\[\^|[*+?}]\+|\(\?>")
"""In a pattern: what a line break and other statements around could hinder from matching."""
_MACRO = re.compile(r"<([\u4e00-\u9fff]+)>")


def quantities(match: re.Match[str]) -> Iterator[str]:
    """Yield the words of every quantity that the pattern captured."""
    for name, words in match.groupdict().items():
        if words and re.fullmatch(r"q\d+", name):
            yield words


class CueMatch(NamedTuple):
    """One pattern found in one statement."""

    statement: Statement
    at: int
    lax: str | None


class Matcher:
    """Looks for cues in the statements of one contract."""

    def __init__(self, lexicon: Lexicon, statements: Sequence[Statement]) -> None:
        self.lexicon = lexicon
        self.statements = tuple(statements)
        self._windows = {
            "clause": _grouped(statements, lambda s: s.clause),
            "article": _grouped(statements, lambda s: s.article),
            "contract": [tuple(statements)],
        }
        self._whole = "\n".join(statement.full for statement in self.statements)
        self._known: dict[str, bool] = {}

    def cue(self, cue: Cue, statement: Statement, bearer: BearerRule) -> CueMatch | None:
        """Return where `cue` fits `statement`, preferring a quantity within the bound."""
        if any(self.lexicon.pattern(veto).search(statement.full) for veto in cue.unless):
            return None
        best: CueMatch | None = None
        for match in self.lexicon.pattern(cue.pattern).finditer(statement.full):
            if match.end() <= statement.shift or not bears(bearer, statement, match):
                continue
            lax = _laxer(cue, match)
            found = CueMatch(statement, max(0, match.start() - statement.shift), lax)
            if lax is None:
                return found
            best = best or found
        return best

    def ways(
        self, ways: Sequence[Way], bearer: BearerRule, allowed: Sequence[Statement]
    ) -> Iterator[Match]:
        """Yield how `ways` fit the `allowed` statements."""
        permitted = {id(statement) for statement in allowed}
        for way in ways:
            if not self._possible(way):
                continue
            if way.within == "statement":
                windows: list[tuple[Statement, ...]] = [(statement,) for statement in allowed]
            else:
                windows = [
                    tuple(s for s in window if id(s) in permitted)
                    for window in self._windows[way.within]
                ]
            for window in windows:
                found = self._way(way, window, way.bearer or bearer)
                if found:
                    yield found

    def _possible(self, way: Way) -> bool:
        """Return whether the contract has words for `way` at all, which most have for few."""
        return (
            all(self._occurs(cue) for cue in way.all)
            and (not way.any or any(self._occurs(cue) for cue in way.any))
            and (not way.of or sum(self._occurs(cue) for cue in way.of) >= way.count)
        )

    def _occurs(self, cue: Cue) -> bool:
        """Return whether a cue may fit some statement; surely where its pattern looks around."""
        if cue.pattern not in self._known:
            pattern = self.lexicon.pattern(cue.pattern)
            around = _LOOKS_AROUND.search(pattern.pattern)
            self._known[cue.pattern] = bool(around or pattern.search(self._whole))
        return self._known[cue.pattern]

    def _way(self, way: Way, window: Sequence[Statement], bearer: BearerRule) -> Match | None:
        if way.heading and not self._headed(way.heading, window):
            return None
        found: list[CueMatch] = []
        for cue in way.all:
            match = self._first(cue, window, bearer)
            if not match:
                return None
            found.append(match)
        if way.any:
            options = (self._first(cue, window, bearer) for cue in way.any)
            match = next((m for m in options if m), None)
            if not match:
                return None
            found.append(match)
        if way.of:
            matches = [m for m in (self._first(cue, window, bearer) for cue in way.of) if m]
            if len(matches) < way.count:
                return None
            found += matches
        lax = next((match.lax for match in found if match.lax), None)
        return Match(
            tuple(match.statement for match in found), lax, tuple(match.at for match in found)
        )

    def _first(self, cue: Cue, window: Sequence[Statement], bearer: BearerRule) -> CueMatch | None:
        best: CueMatch | None = None
        for statement in window:
            match = self.cue(cue, statement, bearer)
            if match and match.lax is None:
                return match
            best = best or match
        return best

    def _headed(self, heading: str, window: Sequence[Statement]) -> bool:
        pattern = self.lexicon.pattern(heading)
        return any(
            pattern.search(statement.heading) or pattern.search(statement.full)
            for statement in window
        )


def bears(bearer: BearerRule, statement: Statement, match: re.Match[str]) -> bool:
    """Return whether the duty or right at `match` lies with the right party."""
    if bearer == "any":
        return True
    inside = match[0]
    wrong = "商家" if bearer == "vendor" else "外包商"
    if wrong in inside:
        return True  # the pattern itself says what it wants of the other party
    subject = statement.governing(match.start())
    if subject is None or subject.party != wrong:
        return True
    return not subject.is_duty if bearer == "vendor" else subject.is_duty


def _laxer(cue: Cue, match: re.Match[str]) -> str | None:
    """Return the quantity that is laxer than the cue's bound, or None."""
    for words in quantities(match):
        found = parse_quantity(words)
        for bound, sign in ((cue.at_most, 1), (cue.at_least, -1)):
            limit = parse_quantity(bound) if bound else None
            if (
                found
                and limit
                and found.dimension == limit.dimension
                and (found.value - limit.value) * Decimal(sign) > 0
            ):
                return words
    return None


def _grouped(statements: Sequence[Statement], key: object) -> list[tuple[Statement, ...]]:
    groups: dict[str, list[Statement]] = {}
    for statement in statements:
        groups.setdefault(key(statement), []).append(statement)  # type: ignore[operator]
    return [tuple(group) for group in groups.values()]
