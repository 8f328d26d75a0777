"""Bounds within which a file from a stranger is read."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Upper bounds for one file."""

    max_bytes: int = 50 * 1024 * 1024
    max_pages: int = 400
    max_unzipped: int = 300 * 1024 * 1024
    """Bytes of all parts of an archive together."""
    max_ratio: int = 200
    """Unzipped to zipped bytes of one part that is larger than a megabyte."""
    max_parts: int = 5000
    max_characters: int = 2_000_000
    max_depth: int = 200
    """Nesting of XML elements."""
