"""Work that behaves badly, for the tests of the sandbox."""

import ctypes
import os
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from reviewer.sandbox import Pace

SEEN: list[bytes] = []


def prepare(hint: bytes) -> None:
    SEEN.append(hint)


def folders(head: Mapping[str, Any]) -> Path | None:
    return Path(head["root"]) if "root" in head else None


def forget(folder: Path) -> None:
    folder.parent.with_name("forgotten").touch()


def work(
    head: Mapping[str, Any], body: bytes, folder: Path | None, pace: Pace
) -> tuple[Mapping[str, Any], bytes]:
    answer = _DO[head["do"]](head, body, folder, pace)
    return {"kind": "done"}, answer if isinstance(answer, bytes) else b""


def _spin(*_: Any) -> None:
    while True:
        pass


def _spin_a_second(head: Mapping[str, Any], body: bytes, folder: Any, pace: Pace) -> None:
    pace.step(cpu_s=20, page=1)
    until = time.process_time() + 2.5
    while time.process_time() < until:
        pass


def _sleep_in_steps(head: Mapping[str, Any], body: bytes, folder: Any, pace: Pace) -> None:
    for page in range(4):
        time.sleep(0.4)
        pace.step(page=page)


def _take(*_: Any) -> bytes:
    return bytes(2 << 30)


def _grow(head: Mapping[str, Any], body: bytes, folder: Any, pace: Pace) -> bytes:
    pace.step(memory_mb=2000)
    return str(len(bytes(1 << 30))).encode()


def _secret(*_: Any) -> None:
    raise KeyError("第一条 合同原文")


def _write(head: Mapping[str, Any], body: bytes, folder: Any, pace: Pace) -> bytes:
    (folder / "deep").mkdir()
    (folder / "deep" / "text").write_bytes(body)
    return str(folder).encode()


def _write_and_hang(head: Mapping[str, Any], body: bytes, folder: Any, pace: Pace) -> None:
    (folder / "text").write_bytes(body)
    subprocess.Popen([sys.executable, "-c", "import time; time.sleep(300)"])
    pace.step(pid=os.getpid())
    time.sleep(300)


def _answer_badly(*_: Any) -> None:
    for number in range(3, 20):
        try:
            os.write(number, b"\xff" * 64)
        except OSError:
            continue
    os._exit(0)


def _reach(head: Mapping[str, Any], body: bytes, folder: Any, pace: Pace) -> bytes:
    with socket.socket() as link:
        return str(link.fileno()).encode()


def _print(*_: Any) -> None:
    sys.stdout.write("合同原文")
    sys.stdout.flush()


_DO: dict[str, Any] = {
    "echo": lambda head, body, *_: body,
    "spin": _spin,
    "spin a second": _spin_a_second,
    "sleep": lambda *_: time.sleep(300),
    "sleep in steps": _sleep_in_steps,
    "take memory": _take,
    "grow": _grow,
    "abort": lambda *_: os.abort(),
    "segfault": lambda *_: ctypes.string_at(0),
    "exit": lambda *_: os._exit(0),
    "bug": _secret,
    "answer badly": _answer_badly,
    "environment": lambda *_: "\n".join(os.environ).encode(),
    "write": _write,
    "write and hang": _write_and_hang,
    "seen": lambda *_: b"".join(SEEN),
    "print": _print,
}
