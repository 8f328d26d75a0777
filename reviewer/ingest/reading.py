"""Bytes become a Contract, in this process: the reader is chosen by content, not by name."""

import hashlib
from pathlib import Path

from reviewer.contract import Contract, Side
from reviewer.errors import Unreadable, UnsupportedFormat
from reviewer.ingest.assemble import assemble
from reviewer.ingest.limits import Limits, Tools
from reviewer.ingest.plain import clean, read_plain
from reviewer.ingest.source import Source
from reviewer.sandbox import FREE, Pace

_CONVERT = "请用 Word 或 WPS 打开后另存为 .docx"
_IMAGES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\x00", b"MM\x00*")


def contract_from_bytes(
    data: bytes,
    name: str,
    *,
    first_party_side: Side | None = None,
    limits: Limits | None = None,
    tools: Tools | None = None,
    pace: Pace = FREE,
) -> Contract:
    """Return the contract in `data`, a file of the given name, read in this process.

    Raises:
        ContractError: It cannot be read; the message says why and what to do.
    """
    source = _read(data, name, limits or Limits())
    if not source.text.strip():
        raise Unreadable(f"{name} 里没有文字", remedy="请确认文件内容，或提供 .docx")
    return assemble(source, name, hashlib.sha256(data).hexdigest(), first_party_side)


def contract_from_text(
    text: str,
    *,
    file: str = "合同.txt",
    first_party_side: Side | None = None,
    limits: Limits | None = None,
) -> Contract:
    """Return the contract in `text`, as pasted.

    Raises:
        Unreadable: There is no text, or too much.
    """
    text = _bounded(clean(text), file, limits or Limits())
    if not text.strip():
        raise Unreadable("没有文字", remedy="请粘贴合同全文")
    digest = hashlib.sha256(text.encode("utf-8")).hexdigest()
    return assemble(Source(text), file, digest, first_party_side)


def _bounded(text: str, name: str, limits: Limits) -> str:
    if len(text) > limits.max_characters:
        raise Unreadable(f"{name} 文字过多", remedy=f"请拆分到 {limits.max_characters} 字以内")
    return text


def _read(data: bytes, name: str, limits: Limits) -> Source:
    suffix = Path(name).suffix.lower()
    if not data:
        raise Unreadable(f"{name} 是空文件", remedy="请确认文件已保存")
    if data[:1024].lstrip().startswith(b"%PDF") or suffix == ".pdf":
        return _pdf(data, name, limits)
    if suffix in (".doc", ".wps", ".rtf", ".odt", ".ofd", ".et", ".dot") or data.startswith(
        b"{\\rtf"
    ):
        raise UnsupportedFormat(f"不支持 {suffix or '.rtf'} 格式：{name}", remedy=_CONVERT)
    if data.startswith(b"PK\x03\x04") or suffix == ".docx":
        return _word(data, name, limits)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnsupportedFormat(f"{name} 是旧版 Office 文件", remedy=_CONVERT)
    if data.startswith(_IMAGES) or suffix in (
        ".png",
        ".jpg",
        ".jpeg",
        ".tif",
        ".tiff",
        ".bmp",
        ".gif",
    ):
        raise UnsupportedFormat(f"{name} 是图片", remedy="请提供 .docx 或有文本层的 PDF")
    if suffix not in (".txt", ".md", ""):
        raise UnsupportedFormat(f"不支持 {suffix} 格式：{name}", remedy=_CONVERT)
    return Source(_bounded(read_plain(data, name), name, limits))


def _word(data: bytes, name: str, limits: Limits) -> Source:
    from reviewer.ingest.word import read_word

    word = read_word(data, name, limits)
    notes = []
    if word.changes:
        notes.append(f"文件带有 {len(word.changes)} 处他人的修订，按接受后的状态审查，请逐条确认")
    return Source(
        word.text,
        word.aside_from,
        changes=word.changes,
        hidden=word.hidden,
        unread=word.unread,
        warnings=tuple(notes),
    )


def _pdf(data: bytes, name: str, limits: Limits) -> Source:
    from reviewer.ingest.pdf import read_pdf

    pdf = read_pdf(data, name, limits)
    text = clean(pdf.text)
    return Source(
        text, pages=pdf.pages, page_count=pdf.page_count, unread=pdf.unread, warnings=pdf.warnings
    )
