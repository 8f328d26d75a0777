"""Writes the hostile files: `python -m tests.hostile.make`. A test checks that they are current."""

from collections.abc import Callable
from pathlib import Path

from tests.hostile.others import OTHERS
from tests.hostile.pdfs import PDFS
from tests.hostile.words import WORDS

FOLDER = Path(__file__).resolve().parents[1] / "data" / "hostile"
MOST_KEPT = 20_000
"""Bytes of a file that lies in the repository; a larger one is made anew for each run."""

FILES: dict[str, Callable[[], bytes]] = {**WORDS, **PDFS, **OTHERS}


def kept() -> dict[str, bytes]:
    """Return the files that lie in the repository."""
    made = {name: make() for name, make in FILES.items()}
    return {name: data for name, data in made.items() if len(data) <= MOST_KEPT}


def main() -> None:
    """Write them."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for old in FOLDER.iterdir():
        old.unlink()
    for name, data in kept().items():
        (FOLDER / name).write_bytes(data)


if __name__ == "__main__":
    main()
