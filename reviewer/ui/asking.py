"""Questions on the open contract: asked of the model, answered with passages that stand there."""

from typing import Any, NamedTuple

from markupsafe import Markup

from reviewer.answer import Answer
from reviewer.contract import Contract
from reviewer.errors import ReviewerError
from reviewer.finding import Evidence
from reviewer.pipeline import LONGEST_QUESTION, ask
from reviewer.render.messages import Lang
from reviewer.settings import Settings
from reviewer.ui.pages import render
from reviewer.ui.store import Store
from reviewer.ui.words import word

SUGGESTED = ("ask_pay", "ask_leave", "ask_data", "ask_staff")
"""Questions to begin with."""


class Passage(NamedTuple):
    """A passage that one can click."""

    start: int
    end: int
    quote: str
    clause: str
    """The number of its clause, or nothing."""


def answer_card(answer: Answer, contract: Contract, lang: Lang) -> Markup:
    """Return a question and its answer as HTML; everything in it is escaped."""

    def passage(evidence: Evidence) -> Passage:
        clause = contract.clause_at(evidence.start)
        number = (clause.number or "") if clause else ""
        return Passage(evidence.start, evidence.end, evidence.quote, number.strip())

    return Markup(render("answer.html", lang, answer=answer, passage=passage, problem=""))


def put(
    store: Store, settings: Settings, visitor: str, asked: dict[str, Any], lang: Lang
) -> dict[str, str]:
    """Put a question to the model and keep the answer.

    Args:
        store: Where reviews and answers are kept.
        settings: They must name a model.
        visitor: Who asks.
        asked: The id of the review and the question, as the page sent them.
        lang: Of the words around the answer.

    Returns:
        `html`: the question with its answer, or with what is in the way.
    """
    question = str(asked.get("question") or "").strip()[: LONGEST_QUESTION + 1]
    kept = store.get(visitor, str(asked.get("review")))
    if kept is None:
        return {"html": _failed(question, word("lost", lang), lang)}
    try:
        answer = ask(kept.review.contract, question, settings)
    except ReviewerError as error:
        return {"html": _failed(question, str(error), lang)}
    store.answered(visitor, kept.id, answer)
    return {"html": answer_card(answer, kept.review.contract, lang)}


def _failed(question: str, problem: str, lang: Lang) -> str:
    return render("answer.html", lang, answer={"question": question}, problem=problem)
