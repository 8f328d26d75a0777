"""What kind of file the bytes are, whatever the name says."""

import io
import re
import zipfile
from pathlib import Path
from typing import Literal

from reviewer.ingest.mime import is_mime

Kind = Literal["pdf", "word", "office", "html", "ofd", "image", "text", "encrypted", "other"]

IMAGES = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".gif", ".webp")
OFFICE = (".doc", ".dot", ".wps", ".wpt", ".rtf", ".odt", ".ott", ".fodt", ".sxw")
HTML = (".html", ".htm", ".xhtml", ".mht", ".mhtml")
TEXT = (".txt", ".md", ".markdown", "")
SUFFIXES = (".docx", ".docm", ".dotx", ".pdf", ".txt", ".md", ".ofd", *OFFICE, *HTML, *IMAGES)
"""What is taken for a contract in a folder."""

_IMAGE_SIGNS = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HTML = re.compile(
    rb"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,2000}?-->\s*)?<(?:!doctype\s+html|html|head|body)\b",
    re.I | re.S,
)


def kind_of(data: bytes, name: str) -> Kind:
    """Return the kind of a file, by what it holds, and by its name where that does not tell."""
    suffix = Path(name).suffix.lower()
    if b"%PDF" in data[:1024]:
        return "pdf"
    if data.startswith(_OLE):
        return _ole(data, suffix)
    if data.startswith(b"PK"):
        return _zip(data, suffix)
    if data.startswith(_IMAGE_SIGNS) or (data[:2] == b"BM" and suffix == ".bmp"):
        return "image"
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "image"
    start = data[:4096].removeprefix(b"\xef\xbb\xbf")
    if start.startswith(b"{\\rtf") or b'progid="Word.Document"' in start:
        return "office"
    if b"urn:oasis:names:tc:opendocument" in start:
        return "office"
    if _HTML.match(start) or is_mime(start):
        return "html"
    return _by_name(suffix)


def _by_name(suffix: str) -> Kind:
    if suffix in (".docx", ".docm", ".dotx"):
        return "word"
    for kind, suffixes in _NAMES.items():
        if suffix in suffixes:
            return kind
    return "other"


_NAMES: dict[Kind, tuple[str, ...]] = {
    "pdf": (".pdf",),
    "html": HTML,
    "ofd": (".ofd",),
    "image": IMAGES,
    "office": OFFICE,
    "text": TEXT,
}


def _wide(name: str) -> bytes:
    return name.encode("utf-16-le")


def _ole(data: bytes, suffix: str) -> Kind:
    if _wide("EncryptedPackage") in data:
        return "encrypted"
    if _wide("WordDocument") in data:
        return "office"
    if _wide("Workbook") in data or _wide("PowerPoint Document") in data:
        return "other"
    return "office" if suffix in OFFICE else "encrypted"


def _zip(data: bytes, suffix: str) -> Kind:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return _by_name(suffix) if suffix in (".ofd", *OFFICE) else "word"
    if "OFD.xml" in names:
        return "ofd"
    if "mimetype" in names and "content.xml" in names:
        return "office"
    if any(name.startswith(("xl/", "ppt/")) for name in names):
        return "other"
    return "word"
