"""The processes apart: a server that forks, a supervisor for each file, and the work itself.

`python -m reviewer.sandbox.worker MODULE LINK` serves requests that come over the socket with the
number LINK. MODULE offers what `Work` says.

Where the system cannot fork, `python -m reviewer.sandbox.worker MODULE` does one request from
standard input, without limits on memory and processor time.
"""

import contextlib
import gc
import importlib
import json
import os
import select
import signal
import socket
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NoReturn, Protocol

from reviewer.sandbox import frames
from reviewer.sandbox.bounds import MEGABYTE, Bounds
from reviewer.sandbox.pace import Pace

_NO_NEW_PRIVILEGES = 38
_OUT_OF_MEMORY = 77
_REQUEST_S = 60.0
_REQUEST_MOST = 1 << 30


class Work(Protocol):
    """What a module that works in the sandbox offers."""

    def prepare(self, hint: bytes) -> None:
        """Import what requests of this kind need, in the server, for every later fork."""

    def folders(self, head: Mapping[str, Any]) -> Path | None:
        """Return where a private folder is to be made for the request, or None."""

    def forget(self, folder: Path) -> None:
        """Remove what the work in a private folder may have left outside it."""

    def work(
        self, head: Mapping[str, Any], body: bytes, folder: Path | None, pace: Pace
    ) -> tuple[Mapping[str, Any], bytes]:
        """Return the answer to the request."""


def main() -> None:
    """Serve until the other side closes."""
    work: Work = importlib.import_module(sys.argv[1])
    if len(sys.argv) == 2:
        _once(work)
        return
    _lock_down()
    work.prepare(b"-")
    gc.freeze()
    with socket.socket(fileno=int(sys.argv[2])) as control:
        while True:
            hint, links, _, _ = socket.recv_fds(control, 1, 1)
            if not hint:
                return
            work.prepare(hint)
            if os.fork() == 0:
                control.close()
                _end_after(_supervise, work, socket.socket(fileno=links[0]))
            os.close(links[0])


def _lock_down() -> None:
    """Give up what no file needs: privileges by exec, children's zombies, core dumps."""
    import resource

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        import ctypes

        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)


def _end_after(action: Any, *arguments: Any) -> NoReturn:
    """Call `action` and end this process, whatever happens."""
    code = 1
    try:
        action(*arguments)
        code = 0
    finally:
        os._exit(code)


def _supervise(work: Work, link: socket.socket) -> None:
    """Have one request done by a process of its own, and answer for it."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    link.settimeout(_REQUEST_S)
    request = frames.receive(link, _REQUEST_MOST)
    if request is None:
        return
    bounds = Bounds(**request.head["bounds"])
    ours, theirs = socket.socketpair()
    with _folder(work, request.head) as folder:
        child = os.fork()
        if child == 0:
            ours.close()
            link.close()
            _end_after(_work, work, request, folder, theirs, bounds)
        theirs.close()
        with contextlib.suppress(OSError):
            os.setpgid(child, child)
        try:
            answer, why = _watched(ours, link, bounds)
        finally:
            status = _ended(child)
        if answer is None:
            answer = frames.Frame({"kind": "failed", "why": why or _cause(status)}, b"")
    with contextlib.suppress(OSError):
        frames.send(link, answer.head, answer.body)


@contextlib.contextmanager
def _folder(work: Work, head: Mapping[str, Any]) -> Iterator[Path | None]:
    root = work.folders(head)
    if root is None:
        yield None
        return
    from reviewer.sandbox.folders import private_folder

    with private_folder(root) as folder:
        try:
            yield folder
        finally:
            work.forget(folder)


def _watched(
    child: socket.socket, caller: socket.socket, bounds: Bounds
) -> tuple[frames.Frame | None, str | None]:
    """Pass on steps until the child answers; return its answer, or None and why there is none."""
    last = time.monotonic() + bounds.wall_most_s
    due = min(last, time.monotonic() + bounds.wall_s)
    while True:
        left = due - time.monotonic()
        if left <= 0:
            return None, "wall"
        ready, _, _ = select.select([child, caller], [], [], left)
        if caller in ready:
            return None, "left"
        if not ready:
            continue
        child.settimeout(max(due - time.monotonic(), 0.1))
        try:
            frame = frames.receive(child, bounds.reply_mb * MEGABYTE)
        except TimeoutError:
            return None, "wall"
        except (frames.BadFrame, OSError):
            return None, "crash"
        if frame is None or frame.head.get("kind") != "step":
            return frame, None
        wanted = frame.head.get("wall_s")
        granted = wanted if isinstance(wanted, int | float) else 0.0
        due = min(last, time.monotonic() + max(bounds.wall_s, granted))
        with contextlib.suppress(OSError):
            frames.send(caller, frame.head)


def _ended(child: int) -> int:
    """End the child and everything it started; return how it ended by itself, if it did."""
    deadline = time.monotonic() + 0.2
    while time.monotonic() < deadline:
        found, status = os.waitpid(child, os.WNOHANG)
        if found:
            with contextlib.suppress(OSError):
                os.killpg(child, signal.SIGKILL)
            return status
        time.sleep(0.002)
    for kill in (os.killpg, os.kill):
        with contextlib.suppress(OSError):
            kill(child, signal.SIGKILL)
    return os.waitpid(child, 0)[1]


def _cause(status: int) -> str:
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGXCPU:
        return "cpu"
    if os.WIFEXITED(status) and os.WEXITSTATUS(status) == _OUT_OF_MEMORY:
        return "memory"
    return "crash"


def _work(
    work: Work, request: frames.Frame, folder: Path | None, link: socket.socket, bounds: Bounds
) -> None:
    """Do the work within the bounds and send the answer."""
    os.setpgid(0, 0)
    _limit(bounds)
    pace = Pace(lambda news: frames.send(link, {"kind": "step", **news}))
    try:
        head, body = work.work(request.head, request.body, folder, pace)
    except MemoryError:
        os._exit(_OUT_OF_MEMORY)
    finally:
        # A defect of ours is told by type and place. Its words could be the contract's.
        error = sys.exc_info()[1]
        if error is not None:
            frames.send(link, {"kind": "failed", "why": "bug", "where": _place(error)})
    frames.send(link, head, body)


def _place(error: BaseException) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return type(error).__name__
    file = Path(trace.tb_frame.f_code.co_filename).name
    return f"{type(error).__name__} {file}:{trace.tb_lineno}"


def _limit(bounds: Bounds) -> None:
    import resource

    for limit, soft, hard in (
        (resource.RLIMIT_CPU, bounds.cpu_s, bounds.cpu_most_s),
        (resource.RLIMIT_AS, bounds.memory_mb * MEGABYTE, bounds.memory_most_mb * MEGABYTE),
        (resource.RLIMIT_FSIZE, bounds.file_mb * MEGABYTE, bounds.file_mb * MEGABYTE),
        (resource.RLIMIT_NOFILE, bounds.open_files, bounds.open_files),
    ):
        _, most = resource.getrlimit(limit)
        if most != resource.RLIM_INFINITY:
            soft, hard = min(soft, most), min(hard, most)
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(limit, (min(soft, hard), hard))


def _once(work: Work) -> None:
    """Do one request from standard input, where there is no fork."""
    body = sys.stdin.buffer.read()
    size = int.from_bytes(body[:4], "big")
    request = json.loads(body[4 : 4 + size])
    with _folder(work, request) as folder:
        head, answer = work.work(request, body[4 + size :], folder, Pace())
    packed = json.dumps(head).encode()
    sys.stdout.buffer.write(len(packed).to_bytes(4, "big") + packed + answer)


if __name__ == "__main__":
    main()
