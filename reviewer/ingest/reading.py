"""Bytes become a Contract, in this process: the reader is chosen by content, not by name."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from reviewer.contract import Contract, Side
from reviewer.errors import Unreadable, UnsupportedFormat
from reviewer.ingest.assemble import assemble, check_text
from reviewer.ingest.kinds import kind_of
from reviewer.ingest.limits import Limits, Tools
from reviewer.ingest.ocr import Recognise, recogniser
from reviewer.ingest.plain import clean, read_plain
from reviewer.ingest.plausible import readable
from reviewer.ingest.source import Given, Source
from reviewer.sandbox import FREE, Pace
from reviewer.sandbox.folders import private_folder

if TYPE_CHECKING:
    from reviewer.ingest.word import WordText


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
    return contract_from_files(
        [Given(name, data)],
        first_party_side=first_party_side,
        limits=limits,
        tools=tools,
        pace=pace,
    )


def contract_from_files(
    files: Sequence[Given],
    *,
    first_party_side: Side | None = None,
    limits: Limits | None = None,
    tools: Tools | None = None,
    folder: Path | None = None,
    pace: Pace = FREE,
) -> Contract:
    """Return the contract in one file, or in several pictures that are its pages.

    Args:
        files: Names and bytes.
        first_party_side: The side of the party named first, where the user says so.
        limits: Bounds.
        tools: What may be used.
        folder: A private folder for conversions; None: one is made where it is needed.
        pace: Told of steps that take long.

    Raises:
        ContractError: It cannot be read; the message says why and what to do.
    """
    limits, tools = limits or Limits(), tools or Tools()
    name = files[0].name
    source = _read(files, _Means(limits, tools, folder, pace))
    check_text(source.text, name, limits)
    digest = hashlib.sha256(b"".join(file.data for file in files)).hexdigest()
    return assemble(source, name, digest, first_party_side)


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
    text = clean(text)
    check_text(text, "粘贴的内容", limits or Limits())
    digest = hashlib.sha256(text.encode("utf-8")).hexdigest()
    return assemble(Source(text), file, digest, first_party_side)


class _Means(NamedTuple):
    """What a reader may use."""

    limits: Limits
    tools: Tools
    folder: Path | None
    pace: Pace

    def recognise(self) -> Recognise | None:
        """Return the recognition of pages, or None where it is not to be had."""
        return recogniser(self.pace, self.tools.threads) if self.tools.ocr else None


def _read(files: Sequence[Given], means: _Means) -> Source:
    name, data = files[0]
    if not data:
        raise Unreadable(f"{name} 是空文件", remedy="请确认文件已保存")
    kinds = {kind_of(file.data, file.name) for file in files}
    if len(files) > 1 and kinds != {"image"}:
        raise UnsupportedFormat(f"{name} 等文件不都是图片", remedy="只有图片可以合并为一份合同")
    (kind,) = kinds
    match kind:
        case "word":
            return _word(data, name, means)
        case "pdf":
            from reviewer.ingest.pdf import read_pdf

            return read_pdf(data, name, means.limits, means.recognise(), means.pace)
        case "image":
            from reviewer.ingest.images import read_images

            return read_images(files, name, means.limits, means.recognise())
        case "office":
            return _office(data, name, means)
        case "html":
            from reviewer.ingest.html import read_html

            return read_html(data, name, means.limits)
        case "ofd":
            from reviewer.ingest.ofd import read_ofd

            return read_ofd(data, name, means.limits)
        case "text":
            return Source(read_plain(data, name))
        case "encrypted":
            raise Unreadable(
                f"{name} 已加密，或是旧版 .doc 格式",
                remedy="请去除密码，并用 Word/WPS 另存为 .docx",
            )
        case "other":
            raise UnsupportedFormat(
                f"不支持 {Path(name).suffix.lower() or '这种'} 格式：{name}",
                remedy="请用 Word 或 WPS 打开后另存为 .docx",
            )


def _word(data: bytes, name: str, means: _Means) -> Source:
    from reviewer.ingest.word import read_word

    word = read_word(data, name, means.limits)
    notes = []
    if word.changes:
        notes.append(f"文件带有 {len(word.changes)} 处他人的修订，按接受后的状态审查，请逐条确认")
    source = Source(
        word.text,
        word.aside_from,
        changes=word.changes,
        hidden=word.hidden,
        unread=word.unread,
        warnings=tuple(notes),
    )
    recognise = means.recognise() if word.has_its_text_in_pictures else None
    return _with_pictures(source, word, name, means, recognise) if recognise else source


def _with_pictures(
    source: Source, word: "WordText", name: str, means: _Means, recognise: Recognise
) -> Source:
    """Return a source whose pages were pasted in as pictures, with what is written on them."""
    from reviewer.ingest.images import read_images
    from reviewer.ingest.word import pictures

    given = [Given(name, data) for data in pictures(word)]
    try:
        seen = read_images(given, name, means.limits, recognise)
    except Unreadable:
        return source
    at = len(source.text) if source.aside_from is None else source.aside_from
    text = seen.text + "\n"
    places = tuple(
        place.model_copy(update={"start": place.start + at, "end": place.end + at})
        for place in seen.places
    )
    return replace(
        source,
        text=source.text[:at] + text + source.text[at:],
        aside_from=at + len(text) if source.aside_from is not None else None,
        places=places,
        unread=seen.unread,
        warnings=(*source.warnings, *(w.replace("页", "张", 1) for w in seen.warnings)),
    )


def _office(data: bytes, name: str, means: _Means) -> Source:
    from reviewer.ingest.office import is_office, to_docx

    if not is_office(data):
        suffix = Path(name).suffix.lower()
        raise Unreadable(
            f"{name} 不是有效的 {suffix} 文件，或已损坏", remedy="请用 Word/WPS 另存为 .docx"
        )
    if means.folder is None:
        with private_folder(means.tools.folder()) as folder:
            return _office(data, name, means._replace(folder=folder))
    made = to_docx(data, name, means.folder, means.tools, means.pace)
    source = _word(made, name, means)
    if not readable(source.text):
        raise Unreadable(f"{name} 已损坏，读出来的不是文字", remedy="请用 Word/WPS 另存为 .docx")
    note = "文件由 LibreOffice 转换后读取，编号与版式请与原件核对"
    return replace(source, warnings=(note, *source.warnings))
