"""Writes the vectors of the shipped corpus: `python -m reviewer.retrieval.ship`.

They travel with the corpus so that the first run does not embed fifteen hundred passages.
"""

import io
import sys

import numpy as np

from reviewer.knowledge.clauses import load_clauses
from reviewer.knowledge.laws import load_laws
from reviewer.knowledge.playbooks import load_playbook
from reviewer.retrieval.documents import documents
from reviewer.retrieval.embedding import SmallEmbedder, shipped_file, text_key


def passages() -> list[str]:
    """Return every passage of the shipped corpus once."""
    found = documents(load_laws(), load_clauses(), load_playbook())
    return list(dict.fromkeys(passage for d in found for passage in d.passages))


def main() -> None:
    """Embed what is new and write the file."""
    texts, embedder = passages(), SmallEmbedder()
    vectors = embedder.passages(texts).astype(np.float16)
    buffer = io.BytesIO()
    keys = np.array([text_key(text) for text in texts])
    np.savez_compressed(buffer, model=np.array(embedder.name), keys=keys, vectors=vectors)
    path = shipped_file()
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(buffer.getvalue())
    sys.stdout.write(f"{len(texts)} passages, {len(buffer.getvalue()) // 1024} KiB\n")


if __name__ == "__main__":
    main()
