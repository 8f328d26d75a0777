"""Our side of the sandbox: starts the server, hands it work, reads the answer."""

import atexit
import contextlib
import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any, Literal

from reviewer.sandbox import frames
from reviewer.sandbox.bounds import MEGABYTE, Bounds

Why = Literal["cpu", "wall", "memory", "crash", "bug"]
"""How work ended without an answer."""
OnStep = Callable[[Mapping[str, Any]], None]

_KEPT = ("PATH", "LANG", "LC_ALL", "TZ", "TMPDIR", "TEMP", "SYSTEMROOT", "HOME", "USERPROFILE")
"""What the process apart knows of our environment: no key, no address, no proxy."""
_GRACE_S = 30.0


class WorkFailed(Exception):
    """The work ended without an answer: it hit a bound or crashed."""

    def __init__(self, why: Why, where: str | None = None) -> None:
        self.why = why
        self.where = where
        """Type and place of a defect of ours; None for everything else."""
        super().__init__(f"{why} {where or ''}".strip())


class Gone(Exception):
    """The sandbox cannot be started on this machine."""


@cache
def shared(module: str) -> "Sandbox":
    """Return this program's one sandbox for `module`."""
    return Sandbox(module)


class Sandbox:
    """Does the work of one module in processes apart; may be called from several threads."""

    def __init__(self, module: str) -> None:
        self._module = module
        self._lock = threading.Lock()
        self._server: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._owner = 0
        atexit.register(self.close)

    def start(self) -> None:
        """Start the server, if it does not run, without waiting until it is ready.

        Raises:
            Gone: It cannot be started.
        """
        if not _CAN_FORK:
            return
        with self._lock:
            self._start()

    def _start(self) -> None:
        if self._server and self._owner == os.getpid() and self._server.poll() is None:
            return
        ours, theirs = socket.socketpair()
        with theirs:
            self._server = self._process([str(theirs.fileno())], pass_fds=[theirs.fileno()])
        self._control = ours
        self._owner = os.getpid()

    def _process(self, arguments: list[str], **how: Any) -> "subprocess.Popen[bytes]":
        how = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, **how}
        try:
            return subprocess.Popen(
                [sys.executable, "-P", "-m", "reviewer.sandbox.worker", self._module, *arguments],
                stderr=subprocess.DEVNULL,
                start_new_session=True,
                env=_environment(),
                **how,
            )
        except OSError as error:
            raise Gone(error.strerror or "") from error

    def close(self) -> None:
        """End the server. Work under way goes on until its caller leaves."""
        with self._lock:
            if self._control:
                self._control.close()
            if self._server and self._owner == os.getpid():
                with contextlib.suppress(subprocess.TimeoutExpired):
                    self._server.wait(5)
            self._server = self._control = None

    def call(
        self,
        head: Mapping[str, Any],
        body: bytes,
        bounds: Bounds,
        *,
        hint: bytes = b"-",
        on_step: OnStep | None = None,
    ) -> frames.Frame:
        """Return the answer to a request.

        Args:
            head: The request; JSON.
            body: The file.
            bounds: What the work may use.
            hint: One byte that tells the server what to import.
            on_step: Told of each step.

        Raises:
            WorkFailed: It hit a bound or crashed.
            Gone: The sandbox cannot be started.
        """
        if not _CAN_FORK:
            return self._call_once(head, body, bounds)
        with self._link(hint) as link:
            link.settimeout(bounds.wall_s + _GRACE_S)
            try:
                frames.send(link, {**head, "bounds": asdict(bounds)}, body)
                while True:
                    answer = frames.receive(link, bounds.reply_mb * MEGABYTE)
                    if answer is None:
                        raise WorkFailed("crash")
                    if answer.head.get("kind") == "failed":
                        raise WorkFailed(answer.head["why"], answer.head.get("where"))
                    if answer.head.get("kind") != "step":
                        return answer
                    if on_step:
                        on_step(answer.head)
            except TimeoutError as error:
                raise WorkFailed("wall") from error
            except (OSError, frames.BadFrame) as error:
                raise WorkFailed("crash") from error

    def _link(self, hint: bytes) -> socket.socket:
        """Return a connection to a new supervisor, the server started anew where it died."""
        ours, theirs = socket.socketpair()
        with theirs, self._lock:
            for last in (False, True):
                self._start()
                assert self._control is not None
                try:
                    socket.send_fds(self._control, [hint], [theirs.fileno()])
                except OSError as error:
                    self._server = None
                    if last:
                        ours.close()
                        raise Gone(error.strerror or "") from error
                else:
                    break
        return ours

    def _call_once(self, head: Mapping[str, Any], body: bytes, bounds: Bounds) -> frames.Frame:
        """Do a request in a process started for it alone, where the system cannot fork."""
        packed = json.dumps(dict(head)).encode()
        process = self._process([], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        try:
            answer, _ = process.communicate(
                len(packed).to_bytes(4, "big") + packed + body, timeout=bounds.wall_most_s
            )
        except subprocess.TimeoutExpired as error:
            raise WorkFailed("wall") from error
        finally:
            process.kill()
            process.wait()
        if process.returncode or len(answer) < 4:
            raise WorkFailed("crash")
        size = int.from_bytes(answer[:4], "big")
        return frames.Frame(json.loads(answer[4 : 4 + size]), answer[4 + size :])


_CAN_FORK = hasattr(os, "fork") and hasattr(socket, "send_fds")


def _environment() -> dict[str, str]:
    """Return the little of our environment that the process apart is given."""
    kept = {k: v for k, v in os.environ.items() if k in _KEPT}  # noqa: TID251
    home = str(Path(__file__).resolve().parents[2])
    return {
        **kept,
        "PYTHONPATH": os.pathsep.join(filter(None, (home, os.environ.get("PYTHONPATH")))),  # noqa: TID251
        "PYTHONUTF8": "1",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }
