"""A session: everything between the engine's question and the wire, for one contract.

Masks, looks into the cache, keeps to budget and pace, finds out how the endpoint gives JSON,
repeats what failed for a passing reason. What it returns is still untrusted.
"""

import json
import random
import threading
import time
from typing import Any, Protocol

from reviewer.chat.base import (
    MODES,
    RULES_INSTEAD,
    ChatModel,
    JsonShape,
    Message,
    Mode,
    ModeRefused,
    Reply,
    Tokens,
    estimate,
    estimate_tokens,
)
from reviewer.chat.limits import Meter, Pace
from reviewer.chat.masking import Masker
from reviewer.chat.presets import price_of
from reviewer.chat.store import Abilities, AbilityStore, AnswerStore
from reviewer.errors import ChatReplyInvalid, ChatUnavailable
from reviewer.review import Usage
from reviewer.settings import Settings

LONGEST_WAIT_S = 60.0
"""An endpoint that asks for more patience than this is treated as not there."""
LEAST_ANSWER = 200


class Interrupted(ChatUnavailable):
    """The user broke off."""


class Asker(Protocol):
    """What the engine sees of a session."""

    keyed: bool
    """Whether the model has to be given the ids as the names of properties."""

    def ask(self, messages: tuple[Message, ...], shape: JsonShape) -> Reply:
        """Return the answer with the real names in it."""


class Session:
    """The conversation about one contract."""

    def __init__(self, chat: ChatModel, masker: Masker, settings: Settings) -> None:
        self.chat = chat
        self.masker = masker
        self.settings = settings
        self.answers = AnswerStore(settings.cache_dir)
        self.abilities = AbilityStore(settings.cache_dir, chat.host, chat.model)
        self.meter = Meter(
            price_of(chat.host, chat.model), settings.budget_tokens, settings.budget_cost
        )
        self.cached_answers = 0
        self.refused: dict[Mode, str] = {}
        """The ways of asking for JSON that did not work, and what was said to them."""
        self.last_s = 0.0
        """Seconds that the last answer took."""
        self._stop = threading.Event()
        self._pace = Pace(settings.requests_per_minute, settings.tokens_per_minute, self._sleep)
        known = self.abilities.get()
        self._mode: Mode | None = known.mode
        self._context = known.context
        self._guess: int | None = None
        self._keyed = known.keyed or chat.keyed
        self._finding_out = threading.Lock()
        self._count = threading.Lock()

    @property
    def usage(self) -> Usage:
        """Return what was used up to now."""
        return self.meter.usage

    @property
    def mode(self) -> Mode | None:
        """Return how the endpoint gives JSON, None while that is unknown."""
        return self._mode

    @property
    def context(self) -> int | None:
        """Return how many tokens fit, as set or as the endpoint said; None when nobody said."""
        known = [limit for limit in (self.chat.context, self._context, self._guess) if limit]
        return min(known, default=None)

    @property
    def keyed(self) -> bool:
        """Return whether the model has to be given the ids as the names of properties."""
        return self._keyed

    @keyed.setter
    def keyed(self, needed: bool) -> None:
        self._keyed = needed
        self._remember()

    def learn(self, context: int, *, said: bool) -> None:
        """Take it that no more than `context` tokens fit; remember it if the endpoint `said` so."""
        if said:
            self._context = context
            self._remember()
        else:
            self._guess = context

    def _remember(self) -> None:
        self.abilities.put(Abilities(self._mode, self._context, self._keyed))

    def stop(self) -> None:
        """Let nothing more be sent, and break off what is under way."""
        self._stop.set()
        self.chat.close()

    def masked(self, messages: tuple[Message, ...]) -> tuple[Message, ...]:
        """Return the messages as they are sent."""
        return tuple(Message(m.role, self.masker.mask(m.text)) for m in messages)

    def payload(self, messages: tuple[Message, ...], shape: JsonShape) -> dict[str, Any]:
        """Return the body of the request that `ask` would send; nothing is sent."""
        sent = self.masked(messages)
        return self.chat.payload(
            sent,
            mode=self._mode or MODES[0],
            shape=shape,
            max_tokens=self.answer_tokens(sent, shape),
        )

    def ask(self, messages: tuple[Message, ...], shape: JsonShape) -> Reply:
        """Return the answer with the real names in it.

        Raises:
            ChatError: There is none; see `ChatModel.ask`.
            BudgetSpent: The budget does not allow it.
        """
        sent = self.masked(messages)
        key = self.answers.key(self.chat.host, self.chat.model, sent, shape)
        kept = self.answers.get(key)
        if kept is not None:
            with self._count:
                self.cached_answers += 1
            return Reply(self.masker.restore(kept), Tokens(0, 0, 0))
        reply = self._fresh(sent, shape)
        if reply.text and not reply.cut:
            self.answers.put(key, reply.text)
        return Reply(self.masker.restore(reply.text), reply.tokens, reply.cut)

    def sounded(self, messages: tuple[Message, ...], shape: JsonShape) -> Reply:
        """Return an answer from the endpoint itself, after finding out anew how it gives JSON.

        Raises:
            ChatError: There is none; see `ChatModel.ask`.
        """
        with self._finding_out:
            return self._found_out(self.masked(messages), shape)

    def _fresh(self, messages: tuple[Message, ...], shape: JsonShape) -> Reply:
        if self._mode is None:
            with self._finding_out:
                if self._mode is None:
                    return self._found_out(messages, shape)
        mode = self._mode or "text"
        try:
            return self._patiently(messages, shape, mode)
        except ModeRefused:
            self._mode = None
            with self._finding_out:
                return self._found_out(messages, shape)

    def _found_out(self, messages: tuple[Message, ...], shape: JsonShape) -> Reply:
        """Return the answer in the strictest way that the endpoint knows, and remember the way.

        A server error may mean "not in this way", too: llama.cpp answers 500 to a JSON schema.
        """
        trouble: ChatUnavailable | None = None
        for mode in MODES:
            last = mode == MODES[-1]
            try:
                reply = self._patiently(messages, shape, mode, sure=last)
            except ModeRefused as error:
                self.refused[mode] = error.problem
                continue
            except ChatUnavailable as error:
                if last or not error.is_server_error:
                    raise
                trouble = error
                self.refused[mode] = error.problem
                continue
            if "{" in reply.text or last:
                self._mode = mode
                self._remember()
                return reply
            trouble = None
            self.refused[mode] = "没有给出 JSON"
        raise trouble or ChatReplyInvalid(
            "模型没有给出 JSON", remedy=f"请换一个模型，{RULES_INSTEAD}"
        )

    def _patiently(
        self, messages: tuple[Message, ...], shape: JsonShape, mode: Mode, *, sure: bool = True
    ) -> Reply:
        """Return the answer, the request repeated while it fails for a passing reason.

        Where it is not `sure` that the endpoint knows `mode`, a server error is tried only twice.
        """
        for attempt in range(self.settings.retries + 1):
            try:
                return self._once(messages, shape, mode)
            except Interrupted:
                raise
            except ChatUnavailable as error:
                pause = error.retry_after_s
                if pause is None:
                    pause = self.settings.backoff_s * 2**attempt * (0.75 + random.random() / 2)
                enough = attempt > 0 and error.is_server_error and not sure
                if enough or attempt == self.settings.retries or pause > LONGEST_WAIT_S:
                    raise
                self._sleep(pause)
        raise AssertionError("unreachable")

    def _once(self, messages: tuple[Message, ...], shape: JsonShape, mode: Mode) -> Reply:
        prompt, answer = self.size(messages, shape), self.answer_tokens(messages, shape)
        self.meter.reserve(prompt, min(answer, prompt))
        try:
            self._pace.wait(prompt)
            if self._stop.is_set():
                raise Interrupted("已中断", remedy="")
            self.meter.sent()
            begun = time.monotonic()
            reply = self.chat.ask(messages, mode=mode, shape=shape, max_tokens=answer)
            self.last_s = time.monotonic() - begun
        finally:
            self.meter.release(prompt, min(answer, prompt))
        self.meter.used(reply.tokens)
        return reply

    def size(self, messages: tuple[Message, ...], shape: JsonShape) -> int:
        """Return about how many tokens a request has, the form of its answer included."""
        form = json.dumps(shape.schema) if self._mode in (None, "json_schema", "tools") else ""
        return estimate(messages) + estimate_tokens(form)

    def answer_tokens(self, messages: tuple[Message, ...], shape: JsonShape) -> int:
        """Return how long an answer may be."""
        if self.context is None:
            return shape.longest
        return max(LEAST_ANSWER, min(shape.longest, self.context - self.size(messages, shape)))

    def _sleep(self, seconds: float) -> None:
        if self._stop.wait(seconds):
            raise Interrupted("已中断", remedy="")
