"""A chat model that says what it is told: for tests, the documentation and a demo without a key."""

import threading
from collections.abc import Callable
from typing import Any, NamedTuple

from reviewer.chat.base import JsonShape, Message, Mode, Reply, Tokens, estimate, estimate_tokens
from reviewer.errors import ChatError

Answer = str | ChatError
Script = Callable[[tuple[Message, ...]], Answer]


class Asked(NamedTuple):
    """What the model was asked."""

    messages: tuple[Message, ...]
    mode: Mode


class ScriptedChat:
    """Answers by a function of the messages; remembers what it was asked."""

    model = "scripted"
    host = "scripted.invalid"
    keyed = False
    concurrency = 8

    def __init__(self, script: Script, context: int | None = None) -> None:
        self.script = script
        self.context = context
        self.asked: list[Asked] = []
        self.closed = False
        self._lock = threading.Lock()

    def ask(
        self, messages: tuple[Message, ...], *, mode: Mode, shape: JsonShape, max_tokens: int
    ) -> Reply:
        """Return what the script says, or raise the error that it gives."""
        with self._lock:
            self.asked.append(Asked(messages, mode))
        answer = self.script(messages)
        if isinstance(answer, ChatError):
            raise answer
        return Reply(answer, Tokens(estimate(messages), 0, estimate_tokens(answer)))

    def payload(
        self, messages: tuple[Message, ...], *, mode: Mode, shape: JsonShape, max_tokens: int
    ) -> dict[str, Any]:
        """Return what stands for the body of a request."""
        said = [{"role": message.role, "content": message.text} for message in messages]
        return {"model": self.model, "messages": said, "max_tokens": max_tokens}

    def close(self) -> None:
        """Remember that it was closed."""
        self.closed = True
