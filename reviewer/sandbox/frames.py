"""Messages between the processes: a length, a JSON head, and bytes."""

import json
import socket
import struct
from collections.abc import Mapping
from typing import Any, NamedTuple

_SIZES = struct.Struct(">II")
_HEAD_MOST = 1 << 20


class Frame(NamedTuple):
    """One message."""

    head: dict[str, Any]
    body: bytes


class BadFrame(Exception):
    """The other side sent what is no message, or one that is too long."""


def send(link: socket.socket, head: Mapping[str, Any], body: bytes = b"") -> None:
    """Send one message."""
    packed = json.dumps(head).encode()
    link.sendall(_SIZES.pack(len(packed), len(body)) + packed)
    link.sendall(body)


def receive(link: socket.socket, most: int) -> Frame | None:
    """Return the next message, or None where the other side has closed.

    Raises:
        BadFrame: It is longer than `most` bytes, cut off, or no message.
        TimeoutError: It did not come within the link's time.
    """
    sizes = _exactly(link, _SIZES.size)
    if sizes is None:
        return None
    head_size, body_size = _SIZES.unpack(sizes)
    if head_size > _HEAD_MOST or body_size > most:
        raise BadFrame
    packed = _exactly(link, head_size)
    body = _exactly(link, body_size)
    if packed is None or body is None:
        raise BadFrame
    try:
        head = json.loads(packed)
    except ValueError as error:
        raise BadFrame from error
    if not isinstance(head, dict):
        raise BadFrame
    return Frame(head, body)


def _exactly(link: socket.socket, size: int) -> bytes | None:
    """Return `size` bytes, or None at the end of the stream before the first."""
    data = bytearray(size)
    view = memoryview(data)
    at = 0
    while at < size:
        count = link.recv_into(view[at:])
        if not count:
            if at:
                raise BadFrame
            return None
        at += count
    return bytes(data)
