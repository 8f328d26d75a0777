"""PDF files: each page's text layer where it can be believed, recognition where it cannot."""

import io
import logging
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Any, NamedTuple

import pypdf
import pypdfium2
from pypdf.errors import PyPdfError

from reviewer.contract import Hidden, Unread
from reviewer.errors import Unreadable
from reviewer.ingest.flow import flow
from reviewer.ingest.grid import Box
from reviewer.ingest.limits import Limits
from reviewer.ingest.ocr import DPI, Recognise, missing
from reviewer.ingest.pdfpage import PageText, page_text
from reviewer.ingest.plausible import believable, plausible
from reviewer.ingest.printed import Printed, as_lines
from reviewer.ingest.source import Source
from reviewer.sandbox import FREE, Pace

FEW = 20
"""A page with fewer characters and a picture is taken for a picture."""
SCARCE = 200
"""A page with fewer characters and pictures over half of it, too."""
OUTLINES = 150
"""A page with more paths than this and no text has its letters drawn."""
PAGE_CPU_S = 15
"""Processor seconds that the text layer of a page may take."""
_HIDDEN_SHOWN = 2000
_PYPDF_ERRORS = (
    PyPdfError,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    IndexError,
    RuntimeError,
    OSError,
    OverflowError,
    AssertionError,
    NotImplementedError,
    ArithmeticError,
)
"""What pypdf raises for damaged files."""


class _Doubt(NamedTuple):
    """Why a page's text layer is not taken at its word."""

    reason: str
    serves: bool = False
    """Whether it is used where recognition finds nothing better or is not at hand."""
    slight: bool = False
    """Whether the page counts as read even so."""


@dataclass
class _Result:
    """What was gathered page by page."""

    pages: list[list[Printed]] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    hidden: list[Hidden] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    backgrounds: set[tuple[Box, ...]] = field(default_factory=set)
    """Pictures that were found to hold no text of their own."""


def read_pdf(
    data: bytes,
    name: str,
    limits: Limits,
    recognise: Recognise | None = None,
    pace: Pace = FREE,
) -> Source:
    """Return the text of a PDF, its lines joined where a sentence runs on.

    Args:
        data: The file.
        name: Its name, for messages.
        limits: Bounds.
        recognise: Optical recognition; None where it is not installed or not wanted.
        pace: Granted the time of each page.

    Raises:
        Unreadable: It is damaged, encrypted or has too many pages.
        NoTextLayer: No page has usable text and no recognition is at hand.
    """
    second = _Second(data)
    result = _Result()
    with _opened(data, name) as document:
        count = len(document) if document else second.count
        if not count:
            raise Unreadable(f"{name} 不是有效的 PDF，或已损坏", remedy="请重新导出该文件")
        if count > limits.max_pages:
            raise Unreadable(
                f"{name} 有 {count} 页，超过上限 {limits.max_pages} 页", remedy="请拆分，或调高上限"
            )
        for index in range(count):
            pace.step(cpu_s=PAGE_CPU_S)
            _read_page(document, index, second, recognise, limits, result)
    if not any(line.text.strip() for page in result.pages for line in page):
        if recognise is None and result.unread:
            raise missing(name, f"没有可用的文本层（{count} 页）")
        raise Unreadable(f"{name} 里没有认出文字", remedy="请确认文件内容，或提供 .docx")
    text, pages, places = flow(result.pages)
    return Source(
        text=text,
        pages=pages,
        places=places,
        page_count=count,
        hidden=tuple(result.hidden),
        unread=tuple(result.unread),
        warnings=tuple(result.notes),
    )


@contextmanager
def _opened(data: bytes, name: str) -> Iterator["pypdfium2.PdfDocument | None"]:
    """Yield the document, or None where pdfium cannot open it.

    Raises:
        Unreadable: It is encrypted.
    """
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise Unreadable(f"{name} 已加密", remedy="请先去除密码再审查") from error
        yield None
        return
    try:
        yield document
    finally:
        document.close()


class _Second:
    """The other extractor, asked only for pages on which the first one failed."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    @cached_property
    def _reader(self) -> Any:
        logging.getLogger("pypdf").setLevel(logging.CRITICAL)
        try:
            reader = pypdf.PdfReader(io.BytesIO(self._data))
            _ = len(reader.pages)
        except (*_PYPDF_ERRORS, RecursionError):
            return None
        return reader

    @property
    def count(self) -> int:
        """Return how many pages it finds."""
        return len(self._reader.pages) if self._reader else 0

    def text(self, index: int) -> str:
        """Return the text of a page; empty where it fails."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                return str(self._reader.pages[index].extract_text()) if self._reader else ""
            except (*_PYPDF_ERRORS, RecursionError):
                return ""


def _read_page(
    document: "pypdfium2.PdfDocument | None",
    index: int,
    second: _Second,
    recognise: Recognise | None,
    limits: Limits,
    result: _Result,
) -> None:
    """Add one page's lines to the result, and what is to be said of it."""
    page, found = _layer(document, index)
    lines = found.lines
    doubt = _doubt(found)
    if doubt and not doubt.serves:
        other = second.text(index)
        if believable(other) and plausible(other) > plausible(found.text) and _dense(other) >= FEW:
            lines, doubt = as_lines(other), None
    if doubt and page and _is_blank(page):
        doubt = None
    hidden = found.hidden
    if doubt and not (doubt.slight and found.pictures in result.backgrounds):
        seen = _recognised(page, index + 1, found, doubt, recognise, limits, result)
        if found.is_layer and (seen is None or _same(hidden, seen)):
            hidden = ""
        lines = seen if seen is not None else as_lines(found.hidden) if found.is_layer else lines
    if hidden:
        where = f"第 {index + 1} 页"
        result.hidden.append(
            Hidden(text=hidden[:_HIDDEN_SHOWN], how="页面上看不见的文字", where=where)
        )
    result.pages.append(lines if not doubt or doubt.serves or lines is not found.lines else [])
    if page:
        page.close()


_NOTHING = PageText([], "", is_layer=False, pictures=(), coverage=1.0, shapes=0)


def _layer(
    document: "pypdfium2.PdfDocument | None", index: int
) -> tuple["pypdfium2.PdfPage | None", PageText]:
    """Return a page with its forms and notes drawn in, and its text layer."""
    if document is None:
        return None, _NOTHING
    try:
        page = document[index]
        if pypdfium2.raw.FPDFPage_GetAnnotCount(page) > 0:
            pypdfium2.raw.FPDFPage_Flatten(page, pypdfium2.raw.FLAT_NORMALDISPLAY)
            page.close()
            page = document[index]
        return page, page_text(page)
    except pypdfium2.PdfiumError:
        return None, _NOTHING


def _same(hidden: str, lines: list[Printed]) -> bool:
    """Return whether a hidden layer says what the page shows."""
    shown = "".join(line.text for line in lines)
    pairs = {a + b for a, b in pairwise(re.sub(r"\s", "", hidden))}
    seen = {a + b for a, b in pairwise(re.sub(r"\s", "", shown))}
    return len(pairs & seen) >= 0.6 * len(pairs)


def _dense(text: str) -> int:
    return len(re.sub(r"\s", "", text))


def _doubt(found: PageText) -> _Doubt | None:
    """Return why a text layer is not to be taken at its word, or None."""
    size = _dense(found.text)
    if found.is_layer:
        return _Doubt("的文字层在页面上看不见", serves=believable(found.hidden))
    if not size:
        return _Doubt("没有可用的文本层")
    if not believable(found.text):
        return _Doubt("文本层的编码有误")
    if size < FEW and (found.coverage > 0.1 or found.shapes > OUTLINES):
        return _Doubt("的内容像是图片", serves=True)
    if size < SCARCE and (found.coverage > 0.5 or found.shapes > 4 * OUTLINES):
        return _Doubt("的内容像是图片", serves=True)
    if found.coverage > 0.3:
        return _Doubt("有大幅图片，其中的文字不在文本层里", serves=True, slight=True)
    return None


def _recognised(
    page: Any,
    number: int,
    found: PageText,
    doubt: _Doubt,
    recognise: Recognise | None,
    limits: Limits,
    result: _Result,
) -> list[Printed] | None:
    """Return the recognised lines of a page, or None where its text layer has to do."""
    part = f"第 {number} 页"
    if recognise is None or page is None:
        if not doubt.slight:
            result.unread.append(Unread(part=part, reason=doubt.reason.lstrip("的")))
        result.notes.append(
            f"{part}{doubt.reason}，{'未与图像核对' if doubt.serves else '未能读取'}"
        )
        return None
    seen = recognise(picture_of(page, limits), number)
    if doubt.serves and not found.is_layer:
        size = _dense("".join(line.text for line in seen.lines))
        if size <= 1.15 * _dense(found.text):
            result.backgrounds.add(found.pictures)
            return None
    if seen.lines:
        sure = f"平均置信度 {seen.confidence:.0%}"
        result.notes.append(f"{part}{doubt.reason}，已用文字识别读取（{sure}），请核对")
    if not seen.lines or seen.unreadable:
        reason = f"{seen.unreadable} 处文字无法辨认" if seen.unreadable else "没有认出文字"
        result.notes.append(f"{part}{reason}")
        if seen.unreadable >= max(3, 0.1 * len(seen.lines)) or not seen.lines:
            result.unread.append(Unread(part=part, reason=reason))
    return seen.lines


def picture_of(page: "pypdfium2.PdfPage", limits: Limits) -> Any:
    """Return the page as an array of pixels, within the bound on pixels."""
    width, height = page.get_size()
    scale = DPI / 72
    scale = min(scale, (limits.max_pixels / max(width * height, 1.0)) ** 0.5)
    return page.render(scale=scale, rev_byteorder=True).to_numpy()


def _is_blank(page: "pypdfium2.PdfPage") -> bool:
    """Return whether the page shows nothing."""
    width, height = page.get_size()
    scale = min(1.0, 1500 / max(width, height, 1.0))
    try:
        picture = page.render(scale=scale, grayscale=True).to_numpy()
    except (pypdfium2.PdfiumError, ValueError):
        return False
    return int(picture.max()) - int(picture.min()) < 16
