"""A file becomes a Contract: the reader is chosen by content, clauses are cut, parties found."""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from reviewer.contract import (
    Clause,
    Contract,
    Coverage,
    Hidden,
    PageStart,
    Side,
    TrackedChange,
    Unread,
)
from reviewer.errors import ContractError, Unreadable, UnsupportedFormat
from reviewer.ingest.clauses import cut_clauses
from reviewer.ingest.limits import Limits
from reviewer.ingest.parties import find_parties
from reviewer.ingest.plain import clean, read_plain

__all__ = ["Limits", "contract_from_text", "load_contract"]

SUFFIXES = (".docx", ".pdf", ".txt", ".md")
"""What `load_contract` reads without an extra."""
_CONVERT = "请用 Word 或 WPS 打开后另存为 .docx"
_IMAGES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\x00", b"MM\x00*")


@dataclass(frozen=True)
class _Source:
    """What a reader made of a file."""

    text: str
    aside_from: int | None = None
    pages: tuple[PageStart, ...] = ()
    page_count: int | None = None
    changes: tuple[TrackedChange, ...] = ()
    hidden: tuple[Hidden, ...] = ()
    unread: tuple[Unread, ...] = ()
    warnings: tuple[str, ...] = ()


def load_contract(
    path: Path, *, first_party_side: Side | None = None, limits: Limits | None = None
) -> Contract:
    """Return the contract in the file at `path`.

    Args:
        path: A .docx, .pdf, .txt or .md file.
        first_party_side: The side of the party named first, where the user says so.
        limits: Bounds for the file.

    Raises:
        ContractError: It cannot be read; the message says why and what to do.
    """
    limits = limits or Limits()
    data = _bytes_of(path, limits)
    return contract_from_bytes(data, path.name, first_party_side=first_party_side, limits=limits)


def contract_from_bytes(
    data: bytes, name: str, *, first_party_side: Side | None = None, limits: Limits | None = None
) -> Contract:
    """Return the contract in `data`, a file of the given name.

    Raises:
        ContractError: It cannot be read; the message says why and what to do.
    """
    source = _read(data, name, limits or Limits())
    if not source.text.strip():
        raise Unreadable(f"{name} 里没有文字", remedy="请确认文件内容，或提供 .docx")
    return _contract(source, name, hashlib.sha256(data).hexdigest(), first_party_side)


def contract_from_text(
    text: str, *, file: str = "合同.txt", first_party_side: Side | None = None
) -> Contract:
    """Return the contract in `text`, as pasted.

    Raises:
        Unreadable: There is no text.
    """
    text = clean(text)
    if not text.strip():
        raise Unreadable("没有文字", remedy="请粘贴合同全文")
    digest = hashlib.sha256(text.encode("utf-8")).hexdigest()
    return _contract(_Source(text), file, digest, first_party_side)


def _bytes_of(path: Path, limits: Limits) -> bytes:
    if path.is_dir():
        raise ContractError(f"{path} 是文件夹", remedy="请指定其中的文件")
    try:
        size = path.stat().st_size
        if size > limits.max_bytes:
            raise Unreadable(
                f"{path.name} 有 {size // 2**20} MB，超过上限 {limits.max_bytes // 2**20} MB",
                remedy="请压缩图片，或用 --max-file-mb 调高上限",
            )
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise ContractError(f"找不到文件 {path}", remedy="请检查路径") from error
    except OSError as error:
        raise ContractError(f"无法打开 {path}（{error.strerror}）", remedy="请检查权限") from error
    if not data:
        raise Unreadable(f"{path.name} 是空文件", remedy="请确认文件已保存")
    return data


def _read(data: bytes, name: str, limits: Limits) -> _Source:
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
    text = read_plain(data, name)
    if len(text) > limits.max_characters:
        raise Unreadable(f"{name} 文字过多", remedy=f"请拆分到 {limits.max_characters} 字以内")
    return _Source(text)


def _word(data: bytes, name: str, limits: Limits) -> _Source:
    from reviewer.ingest.word import read_word

    word = read_word(data, name, limits)
    notes = []
    if word.changes:
        notes.append(f"文件带有 {len(word.changes)} 处他人的修订，按接受后的状态审查，请逐条确认")
    return _Source(
        word.text,
        word.aside_from,
        changes=word.changes,
        hidden=word.hidden,
        unread=word.unread,
        warnings=tuple(notes),
    )


def _pdf(data: bytes, name: str, limits: Limits) -> _Source:
    from reviewer.ingest.pdf import read_pdf

    pdf = read_pdf(data, name, limits)
    text = clean(pdf.text)
    return _Source(
        text, pages=pdf.pages, page_count=pdf.page_count, unread=pdf.unread, warnings=pdf.warnings
    )


_ZERO_WIDTH = re.compile("[\u200b\u200c\u200d\u2060\ufeff\u202a-\u202e\u2066-\u2069]+")


def _contract(source: _Source, name: str, digest: str, first_side: Side | None) -> Contract:
    text = source.text
    clauses = cut_clauses(text, source.aside_from)
    parties, notes = find_parties(text, clauses, first_side)
    hidden = list(source.hidden)
    marks = _ZERO_WIDTH.findall(text)
    if marks:
        hidden.append(Hidden(text="", how=f"{len(marks)} 处零宽或控制方向的字符", where="正文"))
    warnings = [*source.warnings, *notes]
    if hidden:
        warnings.append(f"文件含 {len(hidden)} 处看不见的文字，未计入审查，请核对")
    warnings += [
        f"{part.part}未能读取：{part.reason}" for part in source.unread if "页" not in part.part
    ]
    if not _is_contract(text):
        warnings.append("这份文件看起来不是合同，结果仅供参考")
    unread_pages = sum(1 for part in source.unread if "页" in part.part)
    found = len(re.sub(r"\s", "", text))
    read = sum(len(re.sub(r"\s", "", c.text)) for c in clauses)
    share = read / found if found else 0.0
    if source.page_count:
        share *= 1 - unread_pages / source.page_count
    truncated = _truncated(text[: source.aside_from], clauses)
    if truncated:
        warnings.append("正文似乎在句中截断，后面的条款可能没有读到")
    return Contract(
        file=name,
        sha256=digest,
        title=_title(text, clauses),
        language="zh" if len(re.findall("[\u4e00-\u9fff]", text)) * 5 > found else "en",
        parties=parties,
        clauses=clauses,
        text=text,
        coverage=Coverage(
            share=round(share, 4),
            pages=source.page_count,
            pages_read=source.page_count - unread_pages if source.page_count else None,
            truncated=truncated,
            unread=source.unread,
        ),
        pages=source.pages,
        changes=source.changes,
        hidden=tuple(hidden),
        warnings=tuple(warnings),
    )


def _title(text: str, clauses: tuple[Clause, ...]) -> str:
    for clause in clauses:
        if clause.kind == "title":
            lines = [line.strip(" #*\t　") for line in clause.text.splitlines() if line.strip()]
            named = [line for line in lines if re.search(r"合同|协议|協議|书$|Agreement", line)]
            return (named or lines)[0][:60]
    return text.strip().splitlines()[0].strip(" #*\t　")[:40]


def _is_contract(text: str) -> bool:
    signs = ("合同", "协议", "協議", "甲方", "乙方", "双方", "雙方", "服务", "服務", "违约", "違約")
    if sum(1 for sign in signs if sign in text) >= 2:
        return True
    return sum(text.count(sign) for sign in ("客服", "约定", "費用", "费用", "店主", "承揽")) >= 6


def _truncated(text: str, clauses: tuple) -> bool:  # type: ignore[type-arg]
    if any(c.kind == "signature" for c in clauses) or len(text) < 800:
        return False
    ending = "".join(text.rstrip().splitlines()[-3:])
    if re.search(r"[甲乙]\s*方|签|盖章|簽|蓋章|附件|年\s*\S{0,6}\s*月", ending):
        return False
    last = text.rstrip()[-1:]
    return last not in '。；！？.;!?）)】”"_：:' and not re.search(
        r"\d$|日$|章$|\|", text.rstrip()[-3:]
    )
