"""How work in the sandbox says that it goes on, and asks for the room of a known long step."""

from collections.abc import Callable, Mapping
from typing import Any


class Pace:
    """Reports steps and is granted time and memory for them; outside a sandbox it does nothing."""

    def __init__(self, on_step: Callable[[Mapping[str, Any]], None] | None = None) -> None:
        self._on_step = on_step

    def step(self, *, cpu_s: int = 0, memory_mb: int = 0, wall_s: float = 0.0, **news: Any) -> None:
        """Say that the work goes on.

        Args:
            cpu_s: Processor seconds that the next step may take; 0 changes nothing.
            memory_mb: Address space that the rest may take; 0 changes nothing.
            wall_s: Seconds that the next step may take; 0: as many as any other.
            news: What the caller of the sandbox is told.
        """
        if cpu_s or memory_mb:
            grant(cpu_s, memory_mb)
        if self._on_step:
            self._on_step({**news, "wall_s": wall_s})


class _Free(Pace):
    def step(self, *, cpu_s: int = 0, memory_mb: int = 0, wall_s: float = 0.0, **news: Any) -> None:
        """Do nothing: there are no limits to raise."""


FREE = _Free()
"""For work that is not bounded: tests, measurements, files of our own making."""


def grant(cpu_s: int, memory_mb: int) -> None:
    """Raise this process's soft limits, within its hard ones."""
    import resource

    if cpu_s:
        used = resource.getrusage(resource.RUSAGE_SELF)
        _raise_to(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime) + 1 + cpu_s)
    if memory_mb:
        _raise_to(resource.RLIMIT_AS, memory_mb << 20)


def _raise_to(limit: int, wanted: int) -> None:
    import resource

    soft, hard = resource.getrlimit(limit)
    if soft == resource.RLIM_INFINITY:
        return
    most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if most > soft:
        resource.setrlimit(limit, (most, hard))
