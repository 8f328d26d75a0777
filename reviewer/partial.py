"""Files that are being written, under a name of their own; those of killed programs are removed.

Whoever writes one holds a lock on it, and a lock ends with its process, however that ended. One
that nobody holds is a leftover. It is removed by the next program that writes into its folder.
"""

import contextlib
import os
import re
import secrets
import sys
from functools import cache
from pathlib import Path
from typing import IO

_OURS = re.compile(r"\..+\.[0-9a-f]{16}\.partial")


def put(path: Path, data: bytes) -> None:
    """Make `path` a file that holds `data`; nobody ever sees half of it.

    Raises:
        OSError: The folder cannot be written.
    """
    _sweep_once(path.parent)
    file, temporary = _opened(path)
    try:
        with file:
            file.write(data)
            file.flush()
            if sys.platform == "win32":
                file.close()
            temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _opened(path: Path) -> tuple[IO[bytes], Path]:
    while True:
        temporary = path.with_name(f".{path.name[:50]}.{secrets.token_hex(8)}.partial")
        handle = os.open(temporary, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        file = os.fdopen(handle, "w+b")
        # Another program may have swept it between its making and its locking.
        if _locked(handle) and os.fstat(handle).st_nlink:
            return file, temporary
        file.close()


def _locked(handle: int) -> bool:
    """Return whether the file is now ours; without locks on this system it always is."""
    if sys.platform == "win32":
        return True
    import fcntl

    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True


@cache
def _sweep_once(folder: Path) -> None:
    with contextlib.suppress(OSError):
        sweep(folder)


def sweep(folder: Path) -> int:
    """Remove what killed programs left in `folder`; return how many files it was."""
    if sys.platform == "win32":
        return 0
    import fcntl

    removed = 0
    with os.scandir(folder) as entries:
        left = [e for e in entries if _OURS.fullmatch(e.name) and e.is_file(follow_symlinks=False)]
    for entry in left:
        with contextlib.suppress(OSError), open(entry.path, "rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            os.unlink(entry.path)
            removed += 1
    return removed
