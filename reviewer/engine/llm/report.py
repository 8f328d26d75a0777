"""How the review went, for the reader: what was not sent, not answered, not believed."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from reviewer.chat.session import Session
from reviewer.contract import Contract
from reviewer.engine.llm.decide import Decided, Trust
from reviewer.engine.llm.messages import message
from reviewer.engine.llm.questions import Question
from reviewer.settings import Settings

TITLES_SHOWN = 3
NUMBERS_SHOWN = 20


@dataclass
class Course:
    """What happened on the way."""

    contract: Contract
    session: Session
    settings: Settings
    answered: int = 0
    """Questions that had an answer."""
    failed: dict[str, list[Question]] = field(default_factory=dict)
    """Why questions had no answer, and which."""
    missing: int = 0
    """Ids that the model left out."""
    unoffered: set[str] = field(default_factory=set)
    """Articles that the model named although nobody offered them."""
    unsent: dict[str, None] = field(default_factory=dict)
    """Ids of clauses that some question had to do without."""
    interrupted: bool = False

    def warnings(self, trust: Trust, decided: Mapping[str, Decided]) -> Iterator[str]:
        """Yield what a reader must know, the gravest first."""
        lang = self.settings.lang
        model, host = self.session.chat.model, self.session.chat.host
        if not trust.enough:
            shares = ("answered", "grounded", "found", "silent")
            shown = {name: f"{getattr(trust, name):.0%}" for name in shares}
            yield message("untrusted", lang, model=model, **shown)
        if trust.asked:
            yield message(
                "agreement",
                lang,
                asked=trust.asked,
                agreed=trust.agreed,
                share=f"{trust.agreed / trust.asked:.0%}",
                taken=sum(d.taken for d in decided.values()),
                open=sum(d.open for d in decided.values()),
            )
        yield from self._failures()
        if self.missing:
            yield message("unanswered", lang, count=self.missing)
        if trust.invented:
            yield message("invented", lang, count=trust.invented)
        if self.unoffered:
            yield message("law", lang, count=len(self.unoffered))
        if self.unsent:
            yield message(
                "unread", lang, clauses="、".join(clause_numbers(self.contract, self.unsent))
            )
        if not self.settings.mask:
            yield message("unmasked", lang, host=host)
        if self.session.meter.estimated:
            yield message("estimated", lang)
        if self.session.cached_answers:
            yield message("cached", lang, count=self.session.cached_answers)
        if self.interrupted:
            yield message("interrupted", lang)

    def _failures(self) -> Iterator[str]:
        for reason, questions in self.failed.items():
            titles = [check.title for q in questions for check in q.checks]
            more = "…" if len(titles) > TITLES_SHOWN else ""
            if titles:
                yield message(
                    "fallback",
                    self.settings.lang,
                    count=len(titles),
                    titles="、".join(titles[:TITLES_SHOWN]) + more,
                    reason=reason,
                )


def clause_numbers(contract: Contract, names: Iterable[str]) -> list[str]:
    """Return the numbers that a reader knows these clauses by, not more than fit a line."""
    clauses = [c for name in names if (c := contract.clause(name))]
    numbers = [clause.number or clause.id for clause in clauses]
    return [*numbers[:NUMBERS_SHOWN], *(["…"] if len(numbers) > NUMBERS_SHOWN else [])]
