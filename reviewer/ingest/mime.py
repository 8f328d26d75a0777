"""Web pages saved as one file (.mht): the page in it; programs also save these as .doc."""

import re
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from email.message import Message

_BEGINS = re.compile(rb"\s*(?:MIME-Version|From|Content-Type|Date|Subject|X-[\w-]+)\s*:", re.I)
_MOST_PARTS = 500


def is_mime(data: bytes) -> bool:
    """Return whether the bytes are a page saved as one file."""
    start = data[:2000]
    return bool(_BEGINS.match(start)) and b"mime-version" in start.lower()


def page_in(data: bytes) -> bytes:
    """Return the first page in a file of several parts; empty where there is none."""
    from email import message_from_bytes

    try:
        parts = list(islice(message_from_bytes(data).walk(), _MOST_PARTS))
        return next((_page(part) for part in parts if part.get_content_type() == "text/html"), b"")
    except (RecursionError, ValueError, LookupError, TypeError, AttributeError):
        return b""


def _page(part: "Message") -> bytes:
    payload = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    named = str(part.get_content_charset() or "")
    if not named or data.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        return data
    return data.decode("gb18030" if named.startswith("gb") else named, "replace").encode("utf-8")
