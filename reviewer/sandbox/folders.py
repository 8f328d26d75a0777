"""Private temporary folders that are gone afterwards, whatever way the program ended.

Each folder has a lock file beside it that its owner holds. A folder whose lock nobody holds
belonged to a process that was killed, and the next start removes it.
"""

import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


class PrivateFolder:
    """A folder that only this user can open, removed by `close` or by the next start's sweep."""

    def __init__(self, root: Path, kind: str = "job") -> None:
        from filelock import FileLock

        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.path = root / f"{kind}-{os.getpid()}-{secrets.token_hex(4)}"
        self._lock = FileLock(f"{self.path}.lock")
        self._lock.acquire()
        self.path.mkdir(mode=0o700)

    def close(self) -> None:
        """Remove the folder and all in it."""
        shutil.rmtree(self.path, ignore_errors=True)
        Path(self._lock.lock_file).unlink(missing_ok=True)
        self._lock.release()


@contextmanager
def private_folder(root: Path, kind: str = "job") -> Iterator[Path]:
    """Yield a private folder under `root` and remove it afterwards."""
    folder = PrivateFolder(root, kind)
    try:
        yield folder.path
    finally:
        folder.close()


def sweep(root: Path, forget: Callable[[Path], None] | None = None) -> int:
    """Remove the folders under `root` that nobody owns any more; return how many there were.

    Args:
        root: Where the folders are.
        forget: Told of each folder, to remove what its work left elsewhere.
    """
    if not root.is_dir():
        return 0
    from filelock import FileLock, Timeout

    removed = 0
    for mark in sorted(root.glob("*.lock")):
        lock = FileLock(mark)
        try:
            lock.acquire(timeout=0)
        except (Timeout, OSError):
            continue
        if forget:
            forget(mark.with_suffix(""))
        shutil.rmtree(mark.with_suffix(""), ignore_errors=True)
        mark.unlink(missing_ok=True)
        lock.release()
        removed += 1
    return removed
