"""Is the configured endpoint of use, and what can it do? One short question tells."""

from typing import Literal

from reviewer.chat.base import JsonShape, Message, Mode
from reviewer.chat.masking import Masker
from reviewer.chat.openai_compatible import OpenAiCompatible
from reviewer.chat.presets import Price, price_of
from reviewer.chat.session import Session
from reviewer.chat.structured import json_objects
from reviewer.record import Record
from reviewer.settings import Settings

ContextSource = Literal["set", "endpoint"]
_SHAPE = JsonShape(
    "answers",
    {
        "type": "object",
        "properties": {"answers": {"type": "array", "items": {"type": "string"}}},
        "required": ["answers"],
        "additionalProperties": False,
    },
)
_QUESTION = (
    Message("system", '只输出一个 JSON 对象，形如 {"answers":["好"]}，不要别的文字。'),
    Message("user", '答案只有一项：好。请输出 {"answers":["好"]}。'),
)


class Refusal(Record):
    """A way of asking for JSON that did not work."""

    mode: Mode
    reason: str


class Checked(Record):
    """What an endpoint can do."""

    host: str
    model: str
    mode: Mode
    """The strictest way of asking for JSON that it knows."""
    well_formed: bool
    """Whether the answer had the form that was asked for."""
    refused: tuple[Refusal, ...]
    latency_s: float
    """Seconds until the short answer was complete."""
    context: int | None
    """Tokens that fit; None when nobody says."""
    context_from: ContextSource | None
    listed: bool | None
    """Whether the endpoint lists the model; None where it has no list."""
    counts_tokens: bool
    price: Price | None


def checked(chat: OpenAiCompatible, settings: Settings) -> Checked:
    """Return what the endpoint of `chat` can do, and remember it for reviews.

    Raises:
        ChatError: It cannot be used; says what to change.
    """
    session = Session(chat, Masker.off(), settings)
    reply = session.sounded(_QUESTION, _SHAPE)
    mode = session.mode
    assert mode is not None
    listed = chat.listed()
    said = listed.get(chat.model)
    context = chat.context or said or session.context
    return Checked(
        host=chat.host,
        model=chat.model,
        mode=mode,
        well_formed=any(isinstance(f.get("answers"), list) for f in json_objects(reply.text)),
        refused=tuple(Refusal(mode=m, reason=why) for m, why in session.refused.items()),
        latency_s=round(session.last_s, 2),
        context=context,
        context_from=("set" if chat.context else "endpoint") if context else None,
        listed=chat.model in listed if listed else None,
        counts_tokens=not session.meter.estimated,
        price=price_of(chat.host, chat.model),
    )
