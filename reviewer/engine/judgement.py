"""Weighing patterns against the recogniser: what both together say of an element or a flag.

The patterns are exact where they know the words, the recogniser goes by likeness; neither is right
alone. How much each is worth was learned from labelled contracts: a logistic regression over a
dozen features, the same for every element, so that it cannot learn a contract by heart.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from reviewer.engine.assess import Assessment, Assessor
from reviewer.engine.likeness import LEAST_LIKE, Likeness, Reading
from reviewer.engine.recogniser import Readings, weights_file
from reviewer.engine.statements import Statement
from reviewer.finding import ElementStatus
from reviewer.playbook import BearerRule, Element, ElementRule, FlagRule
from reviewer.text import Span

Floats = NDArray[np.float64]
STATUSES: tuple[ElementStatus, ...] = ("met", "partial", "absent")
EXACT_NOTES = ("宽于", "留空", "约束力", "落空")
"""Notes of the patterns that rest on a number, a blank or a hedge: likeness cannot lift them."""

DEFEATED = "落空"
"""In a note: words elsewhere take away what is granted."""
KEPT = 0.4
"""What the patterns found stands unless its probability is below this: they can be explained. A
flag that they did not find is hit from here on: a trap that is missed costs more than a false
alarm."""
KEPT_MET = 0.5
"""The same for `met`: a gap that is taken for met is hidden from the reader. Over `fresh` this and
`SURELY` cost no accuracy beside 0.4 and 0.6."""
SURELY = 0.65
"""Likeness makes an element met from this probability on; below, what is next likely."""
SILENT = 0.8
"""Weight of the probability that nothing is said: what is there is overlooked more often than
made up, and a reader can judge a passage but not a gap."""
SPEAKS = -0.45
HINTS = -0.6
"""Below this no statement is like an element, or a flag: nothing is made of nothing, whatever is
usual elsewhere. A trap may hide better."""
SUREST = 0.95
"""No likeness makes it surer: a second opinion can."""
_NAMES_IN_DIGITS = re.compile(
    r"^[a-z]\d{1,2}(?:[.-]\d{1,2})*|(?<!\d)(?:12315|12345|12378|618|双?11[.月]11|双11|双12|双?12[.月]12|38节|99)(?![\d.%元秒天日个])"
)
"""Numbers of provisions (d3), hotlines and sales days: digits that measure nothing."""
_DEFINITE = re.compile(r"\d")
_CONDITION = re.compile(r"商家[^,。;]{0,40}(?:的|者|时|后),")
"""The merchant stands in the condition: 商家预付未用的, 15日内退还."""


class Weights(NamedTuple):
    """What was learned of weighing.

    `elements` has a row for each of `STATUSES` and a column a feature; `flags` one row. The priors
    are the smoothed shares of each status among the labelled contracts, as logarithms. The own
    weights correct a single element or flag: a constant, and one for how like its best statement
    is.
    """

    elements: Floats
    flags: Floats
    element_priors: dict[str, Floats]
    flag_priors: dict[str, float]
    own: dict[str, Floats]


class Verdict(NamedTuple):
    """Whether a flag is hit, the statement most like it, and how sure (0.5 to 1)."""

    hit: bool
    best: Span
    confidence: float


class Judge:
    """Decides between the patterns and the recogniser for the statements of one contract."""

    def __init__(
        self,
        assessor: Assessor,
        readings: Readings,
        weights: Weights,
        flags: Mapping[str, FlagRule],
        tone: Floats | None = None,
    ) -> None:
        """Take what is weighed.

        Args:
            assessor: The patterns over the statements.
            readings: The recogniser's scores of the same statements.
            weights: What was learned of weighing.
            flags: The rules of the red flags and cautions by their ids.
            tone: How the whole contract speaks; None to find it out. What a single change does
                is judged in the tone of the contract it is made to.
        """
        self.assessor = assessor
        self.statements = assessor.statements
        self.weights = weights
        self._flags = flags
        self._signs: dict[str, tuple[Span, ...]] = {}
        names = (tuple(weights.element_priors), tuple(weights.flag_priors))
        self.reading = Reading(assessor.statements, readings, *names, tone)

    @property
    def tone(self) -> Floats:
        """Return how the whole contract speaks."""
        return self.reading.tone

    def element(self, element: Element, found: Assessment) -> Assessment:
        """Return what is to be said of `element`, given what the patterns found."""
        if element.rule.silence == "met":
            return self._silent(element, found)
        features = self.element_features(element, found)
        if features is None or (found.status == "met" and _measured(element.rule)):
            return found
        if found.statements and all(s.introduces for s in found.statements):
            return found
        if found.status == "absent" and not self._may_lift(element):
            return found
        odds = self.weights.elements @ features + self._own(element.id)
        shares = np.exp(odds - odds.max()) * (1.0, 1.0, SILENT)
        shares /= shares.sum()
        status = STATUSES[int(shares.argmax())]
        kept = KEPT_MET if found.status == "met" else KEPT
        if found.status != "absent" and shares[STATUSES.index(found.status)] >= kept:
            status = found.status
        if status == "met" and found.status != "met" and shares[STATUSES.index("met")] < SURELY:
            status = "partial" if shares[1] > shares[2] or found.status == "partial" else "absent"
        if status == "absent" and self._left_open(found):
            status = found.status
        if status == "met" and found.status == "partial" and self._stays_vague(found):
            status = found.status
        if found.note and status == "met" and any(note in found.note for note in EXACT_NOTES):
            status = found.status
        sure = min(SUREST, round(float(shares[STATUSES.index(status)]), 2))
        if status == found.status:
            return found._replace(confidence=sure)
        if status == "absent":
            return Assessment("absent", (), found.note, sure)
        note = None if status == "met" else "约定不够具体"
        if found.statements:
            return found._replace(status=status, note=note, confidence=sure)
        best = self.statements[self.reading.of(element.id).best]
        if status == "met" and element.partial_when and self._is_vague(best):
            status, note = "partial", "用语含糊"
        return Assessment(status, (best,), note, sure, (0,))

    def _is_vague(self, statement: Statement) -> bool:
        """Return whether the words leave open what is owed, so that rule R3 makes it partial."""
        words = _NAMES_IN_DIGITS.sub("", statement.own.text)
        return bool(self.assessor.lexicon.vague.search(words)) and not any(map(str.isdigit, words))

    def _stays_vague(self, found: Assessment) -> bool:
        """Return whether all that was found is vague or left to talks (R2, R3)."""
        open_ended = self.assessor.lexicon.elsewhere
        return bool(found.statements) and all(
            self._is_vague(s)
            or (open_ended.search(s.own.text) and not _DEFINITE.search(s.own.text))
            for s in found.statements
        )

    def _silent(self, element: Element, found: Assessment) -> Assessment:
        """Return what is to be said of an element that is met by silence: no flag against it."""
        if found.status != "met" or found.statements:
            return found
        for name in element.against:
            rule = self._flags.get(name)
            verdict = self.flag(name, rule, self._found(name)) if rule else None
            if verdict and verdict.hit:
                return Assessment("absent", (), "另有约定使其落空", verdict.confidence)
        return found

    def flag(self, name: str, rule: FlagRule, found: Sequence[Span]) -> Verdict | None:
        """Return whether the flag `name` is hit, given the passages that were found.

        None where the recogniser does not know the flag, or it turns on a number: what was found
        stands.
        """
        features = None if rule.measured else self.flag_features(name, rule, found)
        if features is None:
            return None
        if not found and (self.reading.of(name).first < HINTS or self.assessor.lifts(rule)):
            return None
        odds = float(self.weights.flags @ features + self._own(name, found)[0])
        sure = min(SUREST, round(1 / (1 + float(np.exp(-abs(odds)))), 2))
        best = self.statements[self.reading.of(name).best]
        return Verdict(odds >= np.log(KEPT / (1 - KEPT)), best.span, sure)

    def element_features(self, element: Element, found: Assessment) -> Floats | None:
        """Return the features of one element; None where the recogniser does not know it."""
        if element.id not in self.reading.places or not self.statements or _by_facts(element.rule):
            return None
        if element.id not in self.weights.element_priors:
            return None
        like = self.reading.of(element.id)
        top = self.statements[like.best]
        met, partial = float(found.status == "met"), float(found.status == "partial")
        absent = 1 - met - partial
        exact = float(any(note in (found.note or "") for note in EXACT_NOTES))
        at_rule = self.reading.at(element.id, found.statements)
        definite_at_rule = self.reading.definite(element.id, found.statements)
        return _crossed(
            [
                1.0,
                met,
                partial,
                partial * exact,
                like.first,
                max(0.0, like.first),
                like.second,
                met * like.first,
                partial * like.first,
                absent * like.first,
                absent * max(0.0, like.first),
                at_rule,
                like.definite,
                absent * like.definite,
                definite_at_rule,
                *self._marks(top, element.rule.unless, element.rule.bearer),
                *self.weights.element_priors[element.id],
                *self.tone,
                *self.reading.around(element.id, like),
                *self._against(element),
                *self.reading.rivals(element.id, absent),
                *(like.around * which for which in (1.0, met, partial)),
                *(self.tone[-1] * which for which in (met, partial)),
            ],
            like,
        )

    def flag_features(self, name: str, rule: FlagRule, found: Sequence[Span]) -> Floats | None:
        """Return the features of one flag; None where the recogniser does not know it."""
        if name not in self.reading.places or name not in self.weights.flag_priors:
            return None
        if not self.statements:
            return None
        like = self.reading.of(name)
        hit = float(bool(found))
        at_rule = self.reading.at(name, [s for s in self.statements if s.span in set(found)])
        return _crossed(
            [
                1.0,
                hit,
                hit * min(3, len(found)),
                like.first,
                max(0.0, like.first),
                like.second,
                hit * like.first,
                (1 - hit) * max(0.0, like.first),
                at_rule,
                *self._marks(self.statements[like.best], rule.unless, "any"),
                self.weights.flag_priors[name],
                *self.tone,
                *self.reading.around(name, like),
                *self.reading.rivals(name, 1 - hit),
                hit * self.reading.rivals(name, 0.0)[0],
            ],
            like,
        )

    def _may_lift(self, element: Element) -> bool:
        """Return whether likeness may find what the patterns did not.

        Not on a hint, nor on a refusal, nor on a duty of the merchant alone (R7), nor on a
        quantity that the rule excludes.
        """
        like = self.reading.of(element.id)
        if like.first < SPEAKS:
            return False
        top, rule = self.statements[like.best], element.rule
        words = top.own.text
        if self.assessor.refused(rule, [top]):
            return False
        if rule.bearer == "client" and words.startswith("外包商") and "商家" not in words:
            return bool(top.subjects and top.subjects[0].is_duty)
        if rule.bearer == "vendor" and words.startswith("商家") and "外包商" not in words:
            own = top.subjects and top.subjects[0].is_duty and not _CONDITION.match(words)
            return not own
        vetoes = map(self.assessor.lexicon.pattern, rule.unless)
        return not (_measured(rule) and any(veto.search(top.full) for veto in vetoes))

    def _left_open(self, found: Assessment) -> bool:
        """Return whether a subject is named and left to an annex or to talks: rule R2, partial."""
        return any(self.assessor.lexicon.elsewhere.search(s.own.text) for s in found.statements)

    def own_features(self, name: str, found: Sequence[Span] = ()) -> Floats:
        """Return what the own weights of one element or flag are multiplied with."""
        like = min(1.0, max(-2.0, self.reading.of(name).first))
        return np.array([1.0, like, float(bool(found))])

    def _own(self, name: str, found: Sequence[Span] = ()) -> Floats:
        own = self.weights.own.get(name)
        return np.zeros(1) if own is None else own @ self.own_features(name, found)

    def _against(self, element: Element) -> list[float]:
        """Return how likely a flag that speaks against the element is, by likeness and patterns."""
        names = [name for name in element.against if name in self.reading.places]
        like = max((self.reading.of(name).first for name in names), default=LEAST_LIKE)
        return [like, float(any(self._found(name) for name in element.against))]

    def _found(self, name: str) -> tuple[Span, ...]:
        """Return the passages where the patterns find a flag."""
        if name not in self._signs:
            rule = self._flags.get(name)
            matches = self.assessor.flag(rule) if rule else ()
            self._signs[name] = tuple(span for match in matches for span in match.spans)
        return self._signs[name]

    def _marks(self, top: Statement, unless: Sequence[str], bearer: BearerRule) -> list[float]:
        """Return what the patterns' vocabulary says of the statement that is most like it."""
        lexicon, text = self.assessor.lexicon, top.own.text
        vetoed = any(lexicon.pattern(veto).search(top.full) for veto in unless)
        subject = top.governing(top.shift) or (top.subjects[0] if top.subjects else None)
        wrong = "商家" if bearer == "vendor" else "外包商"
        misplaced = bool(bearer != "any" and subject and subject.party == wrong)
        return [
            float(bool(lexicon.vague.search(text))),
            float(bool(lexicon.blank.search(text))),
            float(bool(lexicon.elsewhere.search(text))),
            float(bool(lexicon.hedge.search(text))),
            float(bool(lexicon.refusal.search(text))),
            float(any(character.isdigit() for character in text)),
            float(vetoed),
            float(misplaced),
        ]


def _crossed(features: list[float], like: Likeness) -> Floats:
    """Return the features, and the leading ones times how like and how definite it is."""
    plain = np.array(features)
    leading = plain[1:8]
    return np.concatenate([plain, leading * like.first**2, leading * like.definite])


def _by_facts(rule: ElementRule) -> bool:
    """Return whether an element turns on facts (a place, particulars, silence), not on wording."""
    return rule.venue or not rule.weighed or rule.silence == "met"


def _measured(rule: ElementRule) -> bool:
    """Return whether the patterns compare a quantity with a bound, which likeness cannot see."""
    cues = (cue for way in rule.met for cue in (*way.all, *way.any, *way.of))
    return any(cue.at_most or cue.at_least for cue in cues)


@cache
def load_weights() -> Weights | None:
    """Return the weights that were shipped; None where there are none."""
    path = weights_file()
    if not path.is_file():
        return None
    with np.load(path) as stored:
        return Weights(
            stored["element_weights"],
            stored["flag_weights"],
            dict(zip(stored["elements"].tolist(), stored["element_priors"], strict=True)),
            dict(zip(stored["flags"].tolist(), stored["flag_priors"].tolist(), strict=True)),
            {
                **dict(zip(stored["elements"].tolist(), stored["element_own"], strict=True)),
                **dict(zip(stored["flags"].tolist(), stored["flag_own"], strict=True)),
            },
        )
