"""What a reader makes of a file, before clauses and parties are found in it."""

from dataclasses import dataclass
from typing import NamedTuple

from reviewer.contract import Hidden, PageStart, Place, TrackedChange, Unread


class Given(NamedTuple):
    """A file as it came: its name and its bytes."""

    name: str
    data: bytes


@dataclass(frozen=True)
class Source:
    """The text of a file and what is to be known of it."""

    text: str
    aside_from: int | None = None
    """Where notes, headers and footers begin in the text."""
    pages: tuple[PageStart, ...] = ()
    places: tuple[Place, ...] = ()
    page_count: int | None = None
    changes: tuple[TrackedChange, ...] = ()
    hidden: tuple[Hidden, ...] = ()
    unread: tuple[Unread, ...] = ()
    warnings: tuple[str, ...] = ()
