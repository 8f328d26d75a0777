"""What is remembered between runs: answers by content, and what an endpoint can do."""

import hashlib
import json
import time
from pathlib import Path
from typing import Any, NamedTuple

from reviewer.chat.base import MODES, JsonShape, Message, Mode

REMEMBERED_S = 30 * 86400.0
"""After this time it is found out again what an endpoint can do."""


class AnswerStore:
    """Answers on disk under a hash of model, address, messages and shape; None keeps nothing.

    The key cannot be turned back into the contract. The answers are masked as they arrived.
    """

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder / "answers" if folder else None

    def key(self, host: str, model: str, messages: tuple[Message, ...], shape: JsonShape) -> str:
        """Return under what the answer to these messages is kept."""
        parts = [host, model, shape.name, json.dumps(shape.schema, sort_keys=True)]
        parts += [part for message in messages for part in message]
        return hashlib.sha256("\x00".join(parts).encode()).hexdigest()

    def get(self, key: str) -> str | None:
        """Return the answer, or None."""
        if self.folder is None:
            return None
        found = _read(self.folder / f"{key}.json")
        text = found.get("text") if found else None
        return text if isinstance(text, str) else None

    def put(self, key: str, text: str) -> None:
        """Keep an answer."""
        if self.folder is not None:
            _write(self.folder / f"{key}.json", {"text": text})


class Abilities(NamedTuple):
    """What an endpoint can do, as far as that was found out."""

    mode: Mode | None = None
    """The strictest way of asking for JSON that it knows."""
    context: int | None = None
    """Tokens that fit, where it refused more."""
    keyed: bool = False
    """Whether it has to be given the ids to answer as the names of properties."""


class AbilityStore:
    """What was found out about one model at one endpoint."""

    def __init__(self, folder: Path | None, host: str, model: str) -> None:
        name = hashlib.sha256(f"{host}\x00{model}".encode()).hexdigest()[:32]
        self.path = folder / "endpoints" / f"{name}.json" if folder else None

    def get(self) -> Abilities:
        """Return what is known, nothing where it is too old to be relied on."""
        found = _read(self.path) if self.path else None
        if not found or time.time() - float(found.get("at", 0)) > REMEMBERED_S:
            return Abilities()
        mode = next((mode for mode in MODES if mode == found.get("mode")), None)
        context = found.get("context")
        fits = context if isinstance(context, int) and context > 0 else None
        return Abilities(mode, fits, found.get("keyed") is True)

    def put(self, known: Abilities) -> None:
        """Remember what was found out."""
        if self.path:
            _write(self.path, {**known._asdict(), "at": time.time()})


def _read(path: Path) -> dict[str, Any] | None:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def _write(path: Path, data: dict[str, Any]) -> None:
    """Write quietly: a cache that cannot be written is no reason to stop."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        temporary = path.with_suffix(f".{time.monotonic_ns()}.tmp")
        temporary.touch(mode=0o600)
        temporary.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        temporary.replace(path)
    except OSError:
        return
