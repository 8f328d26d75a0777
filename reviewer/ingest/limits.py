"""Bounds within which a file from a stranger is read."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from tempfile import gettempdir
from typing import Any

from reviewer.sandbox import Bounds


@dataclass(frozen=True)
class Limits:
    """Upper bounds for one file."""

    max_bytes: int = 50 * 1024 * 1024
    max_pages: int = 400
    max_unzipped: int = 300 * 1024 * 1024
    """Bytes of all parts of an archive together."""
    max_ratio: int = 200
    """Unzipped to zipped bytes of one part that is larger than `max_plain`."""
    max_plain: int = 16 * 1024 * 1024
    """Bytes of a part that may be zipped ever so small: a blank picture is."""
    max_parts: int = 5000
    max_characters: int = 1_000_000
    max_sentences: int = 20_000
    """A review takes a hundredth of a second for each."""
    max_pixels: int = 60_000_000
    """Pixels of one image or rendered page."""
    bounds: Bounds = field(default_factory=Bounds)
    """What the process that reads the file may use."""

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> "Limits":
        """Return limits from `plain()`."""
        return cls(**{**given, "bounds": Bounds(**given["bounds"])})

    def plain(self) -> dict[str, Any]:
        """Return the limits as JSON has them."""
        return asdict(self)


@dataclass(frozen=True)
class Tools:
    """What reading may use beyond this program, and where."""

    ocr: bool = True
    """Whether pages without usable text are recognised, where the extra is installed."""
    office: str | None = None
    """The LibreOffice program; None: looked for on the path."""
    work_dir: str | None = None
    """Where private temporary folders are made; None: in the system's temporary folder."""
    threads: int = 0
    """Threads of recognition; 0: as many as there are cores, four at most."""

    def folder(self) -> Path:
        """Return where private temporary folders are made."""
        return Path(self.work_dir or Path(gettempdir()) / "cs-contract-reviewer")
