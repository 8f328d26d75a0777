"""Lines of pages become one text: furniture left out, broken sentences joined, places kept."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from reviewer.contract import PageStart, Place
from reviewer.ingest.plain import clean
from reviewer.ingest.printed import CELLS, Printed, joined, tidy

_TAIL = 200
"""Characters of the text so far that are looked at for how it goes on."""
_NUMBER_LINE = re.compile(
    r"\s*(?:第?\s*[-—]?\s*\d{1,3}\s*[-—]?\s*(?:页|/\s*\d{1,3}\s*页?)?(?:\s*共\s*\d+\s*页)?|第\s*\d+\s*页\s*[,，/]?\s*共\s*\d+\s*页)\s*$"
)
_OPENS = re.compile(
    r"\s*(?:第\s*[一二三四五六七八九十百\d]+\s*[章节条條]|[一二三四五六七八九十]{1,3}\s*[、.．]|[（(][一二三四五六七八九十\d]{1,3}[)）]|\d{1,2}(?:\.\d{1,2})*\s*[、.．)）]|\d{1,2}(?:\.\d{1,2})+\s|\d{1,2}\s+(?![秒分小天日个年月元%％名人次倍万亿份页台周工])|[①-⑳]|附[件录表]|[甲乙丙]方|[-•●]|鉴于)"
)
_LABEL = re.compile(r"[^，。；：:]{2,12}[：:]\s*\S")
_PARTICULAR = re.compile(r"[^，。；：:]{2,12}[：:][^，。；]+$")
"""What something is, and its value. Two below each other are two, full lines or not."""


class Flow(NamedTuple):
    """The text of all pages and where it came from."""

    text: str
    pages: tuple[PageStart, ...]
    places: tuple[Place, ...]


def flow(pages: Sequence[Sequence[Printed]]) -> Flow:
    """Return the text of pages whose lines are given in reading order."""
    furniture = _furniture(pages)
    pieces: list[str] = []
    length = 0
    last = ""
    runs_on: bool | None = None
    starts: list[PageStart] = []
    places: list[Place] = []
    was_row = False
    for number, page in enumerate(pages, 1):
        begun = length
        for line in page:
            if was_row and length == begun and line.is_row:
                merged = _broken_row(pieces[-1], line.text)
                if merged:
                    length += len(merged) - len(pieces[-1])
                    pieces[-1] = merged
                    begun = length
                    continue
            words = clean(line.text).replace("\n", " ")
            words = words.rstrip() if line.is_row else tidy(words)
            if not words.strip() or _is_furniture(words, furniture):
                continue
            joins = bool(last) and not (was_row or line.is_row) and _joins(last, words, runs_on)
            gap = _gap(last, words) if joins else ("\n" if last else "")
            pieces += [gap, words]
            length += len(gap) + len(words)
            if line.box is not None:
                places.append(
                    Place(
                        start=length - len(words),
                        end=length,
                        page=number,
                        box=tuple(round(edge, 4) for edge in line.box),
                        confidence=line.confidence,
                    )
                )
            last = (last + words)[-_TAIL:] if joins else words
            runs_on, was_row = line.runs_on, line.is_row
        starts.append(PageStart(page=number, start=begun, confidence=_confidence(page)))
    last_at = max(length - 1, 0)
    return Flow(
        "".join(pieces),
        tuple(s.model_copy(update={"start": min(s.start, last_at)}) for s in starts),
        tuple(places),
    )


def _broken_row(above: str, below: str) -> str | None:
    """Return a row with its rest from the next page, or None where that is a row of its own.

    The rest has no first cell, and text only where the row above left a cell unfinished.
    """
    cells, rest = above.split(CELLS), clean(below).split(CELLS)
    filled = [n for n, cell in enumerate(rest) if cell.strip()]
    if len(cells) != len(rest) or 0 in filled or len(filled) > len(cells) / 2:
        return None
    if any(not cells[n].strip() or cells[n].rstrip()[-1] in "。；;" for n in filled):
        return None
    return CELLS.join(joined([cell, part]) for cell, part in zip(cells, rest, strict=True))


def _confidence(page: Sequence[Printed]) -> float | None:
    """Return the mean confidence of a recognised page, by characters."""
    known = [(len(line.text), line.confidence) for line in page if line.confidence is not None]
    total = sum(size for size, _ in known)
    return round(sum(size * sure for size, sure in known) / total, 4) if total else None


def _furniture(pages: Sequence[Sequence[Printed]]) -> set[str]:
    """Return the lines that head or foot most pages; a page of one or two lines has none."""
    if len(pages) < 3:
        return set()
    counts: Counter[str] = Counter()
    for page in pages:
        lines = [line.text.strip() for line in page if line.text.strip()]
        edge = min(2, (len(lines) - 1) // 2)
        ends = (*lines[:edge], *lines[len(lines) - edge :])
        counts.update({re.sub(r"\d+", "#", line) for line in ends})
    return {
        line
        for line, count in counts.items()
        if count >= max(3, len(pages) * 0.6) and len(line) < 60
    }


def _is_furniture(line: str, furniture: set[str]) -> bool:
    words = line.strip()
    return bool(_NUMBER_LINE.fullmatch(words)) or re.sub(r"\d+", "#", words) in furniture


def _gap(last: str, line: str) -> str:
    return " " if last[-1].isascii() and line[0].isascii() else ""


def _joins(last: str, line: str, runs_on: bool | None) -> bool:
    """Return whether `line` continues the sentence at the end of `last`.

    Args:
        last: The line above, or what was joined to it so far.
        line: The line.
        runs_on: What the place of the line above tells; None: nothing.
    """
    if _OPENS.match(line) or last.endswith(("。", "；", "：", ":", ";", "！", "？")):
        return False
    if "|" in line or "|" in last:
        return False
    if _LABEL.match(line) and _PARTICULAR.match(last):
        return False
    if runs_on is not None:
        return runs_on
    return len(last) >= 24 or last.endswith(("，", "、", ",", "（", "的", "和", "与", "或", "及"))
