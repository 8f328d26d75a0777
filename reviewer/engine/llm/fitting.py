"""Making a question fit a model whose context is too small for the whole contract."""

from dataclasses import replace

from reviewer.chat.base import RULES_INSTEAD, Message
from reviewer.chat.session import Session
from reviewer.engine.llm.claims import Answered, ask, shape_of
from reviewer.engine.llm.passages import passages_for
from reviewer.engine.llm.questions import Question, Questioner
from reviewer.errors import ChatSetup, ContextTooLong

ANSWER_SHARE = 0.3
"""Part of a small context that is kept free for the answer."""
NARROWINGS = 3
"""How often a question is cut down for an endpoint that says that it is too long."""
NARROWED_TO = 0.75
"""To this share of its length, where the endpoint does not say what fits."""
LEAST_CONTEXT = 2800
"""Tokens; with less even single checks do not fit beside the rules and a few clauses."""
LEAST_CLAUSES = 400
"""Tokens; a question that leaves less than this for clauses is of no use."""


class Fitting:
    """Knows how much the model takes, and leaves out what a question needs least."""

    def __init__(self, questioner: Questioner, session: Session) -> None:
        self.questioner = questioner
        self.session = session

    def fits(self, question: Question) -> bool:
        """Return whether the question and an answer fit; they do where nobody knows."""
        context = self.session.context
        return context is None or self._size(question) <= context * (1 - ANSWER_SHARE)

    def _size(self, question: Question, messages: tuple[Message, ...] | None = None) -> int:
        shape = shape_of(question.expected, by_name=self.session.keyed)
        return self.session.size(messages or question.messages, shape)

    def fitted(self, question: Question) -> Question:
        """Return the question whole where it fits, else with the clauses that it needs most.

        Raises:
            ChatSetup: The model takes too little for any question.
            ContextTooLong: It takes too little for this one.
        """
        if self.session.context is None or self.fits(question):
            return question
        return self.narrowed(question, self.session.context)

    def ask(self, question: Question) -> tuple[Question, Answered]:
        """Return the answer, and the question as it was sent in the end.

        Raises:
            ChatError: There was no answer.
        """
        question = self.fitted(question)
        for _ in range(NARROWINGS):
            try:
                return question, ask(self.session, question.messages, question.expected)
            except ContextTooLong as error:
                guess = round(self._size(question) * NARROWED_TO / (1 - ANSWER_SHARE))
                limit = error.limit or max(guess, LEAST_CONTEXT)
                self.session.learn(limit, said=error.limit is not None)
                question = self.narrowed(question, limit)
        return question, ask(self.session, question.messages, question.expected)

    def splits(self, question: Question) -> bool:
        """Return whether the question leaves too little room for clauses, so that it should be two."""
        context = self.session.context
        return context is not None and self._room(question, context) < LEAST_CLAUSES

    def _room(self, question: Question, limit: int) -> int:
        empty = self.questioner.messages(question.tail, frozenset())
        return int(limit * (1 - ANSWER_SHARE)) - self._size(question, empty)

    def narrowed(self, question: Question, limit: int) -> Question:
        """Return the question with as many clauses as a context of `limit` tokens takes.

        Raises:
            ChatSetup: The model takes too little for any question.
            ContextTooLong: It takes too little for this one.
        """
        kind = ChatSetup if limit < LEAST_CONTEXT else ContextTooLong
        room = self._room(question, limit)
        if limit < LEAST_CONTEXT or room < LEAST_CLAUSES:
            raise kind(
                f"模型 {self.session.chat.model} 的上下文只有 {limit} token，放不下审查要求和条款",
                remedy=f"请换用上下文 8k 以上的模型（本机模型请调大 n_ctx／num_ctx），{RULES_INSTEAD}",
            )
        keep = passages_for(
            self.questioner.contract,
            self.questioner.sendable(),
            question.queries,
            question.needed,
            room,
        )
        return replace(
            question,
            messages=self.questioner.messages(question.tail, keep),
            left_out=self.questioner.left_out(keep),
        )
