"""PDF with a text layer: pages to text, by the better of two extractors."""

import io
import logging
import re
import warnings
from collections import Counter
from collections.abc import Callable
from typing import NamedTuple

import pypdf
import pypdfium2
from pypdf.errors import PyPdfError

from reviewer.contract import PageStart, Unread
from reviewer.errors import NoTextLayer, Unreadable
from reviewer.ingest.limits import Limits

MIN_CHARACTERS = 20
"""A page with fewer is taken for a picture."""
PLAUSIBLE = 0.6
"""Share of plausible characters below which a page's text layer is not believed."""


class PdfText(NamedTuple):
    """The text of a PDF."""

    text: str
    pages: tuple[PageStart, ...]
    page_count: int
    unread: tuple[Unread, ...]
    warnings: tuple[str, ...]


Recognise = Callable[[bytes, int], "tuple[str, float] | None"]
"""Optical recognition of one page (index from 0): text and mean confidence."""


def read_pdf(data: bytes, name: str, limits: Limits, recognise: Recognise | None = None) -> PdfText:
    """Return the text of a PDF, its lines joined where a sentence runs on.

    Raises:
        Unreadable: It is damaged, encrypted or has too many pages.
        NoTextLayer: No page has usable text and no recognition is at hand.
    """
    first = _pdfium_pages(data, name, limits)
    second = _pypdf_pages(data, len(first))
    pages = [max(pair, key=_quality) for pair in zip(first, second, strict=True)]
    unread: list[Unread] = []
    notes: list[str] = []
    confidences: list[float | None] = [None] * len(pages)
    for index, page in enumerate(pages):
        if len(re.sub(r"\s", "", page)) >= MIN_CHARACTERS and plausible(page) >= PLAUSIBLE:
            continue
        seen = recognise(data, index) if recognise else None
        if seen and seen[0].strip():
            pages[index], confidences[index] = seen
            notes.append(f"第 {index + 1} 页没有可用的文本层，已用文字识别读取，请核对")
        elif page.strip() and plausible(page) >= PLAUSIBLE:
            continue
        else:
            pages[index] = ""
            unread.append(Unread(part=f"第 {index + 1} 页", reason="没有可用的文本层"))
            notes.append(f"第 {index + 1} 页没有可用的文本层，未能读取")
    if not any(page.strip() for page in pages):
        raise NoTextLayer(
            f"{name} 没有文本层（{len(pages)} 页扫描件）",
            remedy="请安装文字识别组件（pip install 'cs-contract-reviewer[ocr]'）或提供 .docx",
        )
    text, starts = _joined(pages)
    marks = tuple(
        PageStart(page=n + 1, start=start, confidence=confidences[n])
        for n, start in enumerate(starts)
    )
    return PdfText(text, marks, len(pages), tuple(unread), tuple(notes))


def _pdfium_pages(data: bytes, name: str, limits: Limits) -> list[str]:
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise Unreadable(f"{name} 已加密", remedy="请先去除密码再审查") from error
        raise Unreadable(f"{name} 不是有效的 PDF，或已损坏", remedy="请重新导出该文件") from error
    try:
        count = len(document)
        if count > limits.max_pages:
            raise Unreadable(
                f"{name} 有 {count} 页，超过上限 {limits.max_pages} 页", remedy="请拆分，或调高上限"
            )
        return [_pdfium_page(document, index) for index in range(count)]
    finally:
        document.close()


def _pdfium_page(document: "pypdfium2.PdfDocument", index: int) -> str:
    try:
        page = document[index]
        page.set_rotation(0)
        textpage = page.get_textpage()
        text = str(textpage.get_text_bounded())
        textpage.close()
        page.close()
    except pypdfium2.PdfiumError:
        return ""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\ufffe", "")


def _pypdf_pages(data: bytes, count: int) -> list[str]:
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages]
        except (
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
        ):
            pages = []
    return (pages + [""] * count)[:count]


def plausible(text: str) -> float:
    """Return the share of characters that Chinese contracts are made of, 0 to 1."""
    words = re.sub(r"\s", "", text)
    if not words:
        return 0.0
    good = re.findall(
        r"[\u4e00-\u9fff\u3000-\u303f\uff00-\uffefa-zA-Z0-9,.;:!?()%_\-—“”‘’《》·…①-⑳|/\[\]¥￥≤≥~+×*\"'&@□]",
        words,
    )
    chinese = re.findall(r"[\u4e00-\u9fff]", words)
    rare = re.findall(r"[\u3400-\u4dbf\ue000-\uf8ff\ufffd]", words)
    share = (len(good) - len(rare)) / len(words)
    return max(0.0, share if chinese or len(words) < 200 else share * 0.5)


def _quality(page: str) -> tuple[float, int]:
    words = re.sub(r"\s", "", page)
    return round(plausible(page), 2), min(len(words), 10**6) // 20


_HAN = "\u4e00-\u9fff\u3000-\u303f\uff00-\uffef“”‘’"
_NUMBER_LINE = re.compile(
    r"\s*(?:第?\s*[-—]?\s*\d{1,3}\s*[-—]?\s*(?:页|/\s*\d{1,3}\s*页?)?(?:\s*共\s*\d+\s*页)?|第\s*\d+\s*页\s*[,，/]?\s*共\s*\d+\s*页)\s*$"
)
_OPENS = re.compile(
    r"\s*(?:第\s*[一二三四五六七八九十百\d]+\s*[章节条條]|[一二三四五六七八九十]{1,3}\s*[、.．]|[（(][一二三四五六七八九十\d]{1,3}[)）]|\d{1,2}(?:\.\d{1,2})*\s*[、.．)）\s]|[①-⑳]|附[件录表]|[甲乙丙]方|[-•●]|鉴于)"
)


def _joined(pages: list[str]) -> tuple[str, list[int]]:
    furniture = _furniture(pages)
    text = ""
    starts: list[int] = []
    for page in pages:
        lines = [line for line in page.split("\n") if not _is_furniture(line, furniture)]
        starts.append(len(text))
        for line in lines:
            line = _tidy(line)
            if not line:
                continue
            if text and not text.endswith("\n") and _runs_on(text, line):
                text += line if not text[-1].isascii() or not line[0].isascii() else f" {line}"
            else:
                text += ("\n" if text and not text.endswith("\n") else "") + line
    return text, [min(start, max(len(text) - 1, 0)) for start in starts]


def _furniture(pages: list[str]) -> set[str]:
    """Return the lines that head or foot most pages."""
    if len(pages) < 3:
        return set()
    counts: Counter[str] = Counter()
    for page in pages:
        lines = [line.strip() for line in page.split("\n") if line.strip()]
        counts.update({re.sub(r"\d+", "#", line) for line in (*lines[:2], *lines[-2:])})
    return {
        line
        for line, count in counts.items()
        if count >= max(3, len(pages) * 0.6) and len(line) < 60
    }


def _is_furniture(line: str, furniture: set[str]) -> bool:
    words = line.strip()
    return bool(_NUMBER_LINE.fullmatch(words)) or re.sub(r"\d+", "#", words) in furniture


def _tidy(line: str) -> str:
    line = line.replace("\u00a0", " ").strip()
    return re.sub(rf"(?<=[{_HAN}])[ \t]+(?=[{_HAN}])", "", line)


def _runs_on(text: str, line: str) -> bool:
    """Return whether `line` continues the sentence at the end of `text`."""
    last = text[text.rfind("\n") + 1 :]
    if _OPENS.match(line) or last.endswith(("。", "；", "：", ":", ";", "！", "？")):
        return False
    if "|" in line or "|" in last:
        return False
    return len(last) >= 24 or last.endswith(("，", "、", ",", "（", "的", "和", "与", "或", "及"))
