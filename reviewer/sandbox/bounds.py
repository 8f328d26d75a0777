"""How much one piece of work may use."""

from dataclasses import dataclass

MEGABYTE = 1 << 20


@dataclass(frozen=True)
class Bounds:
    """Upper bounds for the process that works on one file."""

    cpu_s: int = 30
    """Seconds of processor time; a step that is known to be long is granted more."""
    cpu_most_s: int = 7200
    """Seconds of processor time that no grant goes beyond."""
    memory_mb: int = 1536
    """Address space."""
    memory_most_mb: int = 4096
    """Address space that no grant goes beyond."""
    wall_s: float = 60.0
    """Seconds from one step to the next."""
    wall_most_s: float = 7200.0
    """Seconds altogether."""
    file_mb: int = 512
    """Size of any file that is written."""
    open_files: int = 256
    reply_mb: int = 256
    """Size of the answer."""
