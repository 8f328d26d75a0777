"""Plain text and Markdown: bytes to text."""

import re

from reviewer.errors import Unreadable
from reviewer.ingest.plausible import readable

_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f]")


DAMAGED = "\ufffd"
DAMAGED_MOST = 0.01
"""Share of damaged characters up to which a text is read."""
_FEW = 100


def read_plain(data: bytes, name: str) -> str:
    """Return the text of a file in UTF-8, UTF-16 or GB18030.

    Raises:
        Unreadable: The bytes are no text in any of these.
    """
    text = decoded(data, name)
    if len(_CONTROL.findall(text)) > 0.05 * len(text):
        raise _no_text(name)
    return clean(text)


def decoded(data: bytes, name: str, named: str | None = None) -> str:
    """Return bytes as text.

    A byte-order mark decides; then strict UTF-8; then UTF-16 by its zero bytes; then the encoding
    that the file names; then GB18030, and Big5 where only that gives words.

    Args:
        data: The bytes.
        name: The file, for messages.
        named: The encoding that the file says it has.

    Raises:
        Unreadable: The bytes are no text in any of these.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _decoded(data, encoding, name)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    sample = data[:4000]
    if sample.count(0) > len(sample) // 8:
        return _decoded(data, "utf-16-be" if sample[0] == 0 else "utf-16-le", name)
    if named and named.lower() in _NAMED:
        try:
            return data.decode(_NAMED[named.lower()])
        except UnicodeDecodeError:
            pass
    text = _decoded(data, "gb18030", name)
    if not readable(text):
        try:
            other = data.decode("big5hkscs")
        except UnicodeDecodeError:
            return text
        return other if readable(other) else text
    return text


def _decoded(data: bytes, encoding: str, name: str) -> str:
    """Return bytes as text; a few that are damaged become replacement signs."""
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        others = ("utf-8", "big5hkscs") if encoding == "gb18030" else ()
        read = [data.decode(one, "replace") for one in (encoding, *others)]
        best = min(read, key=lambda text: text.count(DAMAGED))
        if best.count(DAMAGED) > max(1, DAMAGED_MOST * len(best)) or len(best) < _FEW:
            raise _no_text(name) from error
        return best


def _no_text(name: str) -> Unreadable:
    return Unreadable(f"{name} 不是文本文件，或编码无法识别", remedy="请另存为 UTF-8 文本或 .docx")


def clean(text: str) -> str:
    """Return `text` with line feeds only, without control characters and lone surrogates."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n").replace("\v", "\n")
    return "".join(c for c in text if c in "\n\t" or (c >= " " and not 0xD800 <= ord(c) <= 0xDFFF))


_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_NAMED = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb18030": "gb18030",
    "big5": "big5hkscs",
    "iso-8859-1": "cp1252",
    "windows-1252": "cp1252",
    "shift_jis": "cp932",
    "euc-kr": "cp949",
}
