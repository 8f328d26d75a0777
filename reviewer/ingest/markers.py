"""Clause numbers at the beginning of a line: what style, what value."""

import re
from typing import NamedTuple

from reviewer.quantity import chinese_number

_CN = "一二三四五六七八九十百零〇两壹贰叁肆伍陆柒捌玖拾"
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("chapter", re.compile(rf"第\s*([{_CN}\d]+)\s*(?:章|部分|编|編)(?![^\s:：、]{{0,2}}[约规]定)")),
    ("section", re.compile(rf"第\s*([{_CN}\d]+)\s*[节節]")),
    (
        "article",
        re.compile(
            rf"第\s*([{_CN}\d]{{1,12}}(?:\s*[{_CN}\d]){{0,12}})\s*[条條](?:之([{_CN}]+))?(?![^\s:：、.．]{{0,3}}(?:约定|規定|规定|所|的|第|至|、第))"
        ),
    ),
    ("chapter", re.compile(r"([甲乙丙丁戊己庚辛壬癸])\s*[篇编編卷章](?=[\s　:：、]|$)")),
    ("sign", re.compile(r"§\s*(\d{1,2}(?:[.\-]\d{1,2})*)")),
    (
        "ordinal",
        re.compile(
            rf"[其第]([{_CN}]{{1,3}})(?=[，,：:、。\s　])(?![、\s　]*[{_CN}\d]{{1,3}}\s*[条條款项期])"
        ),
    ),
    ("paragraph", re.compile(rf"第\s*([{_CN}\d]+)\s*款(?=[\s　:：、])")),
    ("english", re.compile(r"(?:Article|Section|Clause)\s+(\d+(?:\.\d+)*)\b[.:]?", re.IGNORECASE)),
    ("chinese", re.compile(rf"([{_CN}]{{1,4}})\s*[、.．]")),
    ("chinese_paren", re.compile(rf"[（(]\s*([{_CN}]{{1,3}})\s*[)）]")),
    ("d4", re.compile(r"(\d{1,2}\.\d{1,2}\.\d{1,2}\.\d{1,2})(?![\d%])[.、]?")),
    ("d3", re.compile(r"(\d{1,2}[.．]\d{1,2}[.．]\d{1,2})(?![\d%.])[、]?")),
    ("d2", re.compile(r"(\d{1,2}[.．]\d{1,2})(?![\d%元万倍秒分.．/])[、.]?(?=\D)")),
    ("d1", re.compile(r"(\d{1,2})\s*(?:[、．](?!\d)|\.(?!\d))")),
    ("paren", re.compile(r"[（(]\s*(\d{1,2})\s*[)）]")),
    ("half_paren", re.compile(r"(\d{1,2})\s*[)）]")),
    ("circled", re.compile(rf"([{_CIRCLED}])")),
    ("alpha", re.compile(r"[（(]([a-zA-Z])[)）]|([a-zA-Z])[)）、](?!\w)")),
)
TOP_STYLES = (
    "chapter",
    "section",
    "article",
    "paragraph",
    "sign",
    "ordinal",
    "english",
    "chinese",
    "d1",
)
_STEMS = "甲乙丙丁戊己庚辛壬癸"


class Marker(NamedTuple):
    """A clause number as it stands at the beginning of a line."""

    style: str
    text: str
    value: str
    """Arabic: `3`, `3.2`, `12-1` for 第十二条之一."""
    end: int
    """Where the words behind it begin, counted from the beginning of the line."""


_LEAD = re.compile(r"[\s　#*>•·-]*")


def marker_of(line: str) -> Marker | None:
    """Return the clause number at the beginning of `line`, or None.

    >>> marker_of("第三条 服务费用").value, marker_of("3.2 乙方应").style
    ('3', 'd2')
    """
    lead = _LEAD.match(line)
    at = lead.end() if lead else 0
    for style, pattern in _PATTERNS:
        match = pattern.match(line, at)
        if not match or match.end() > 24 + at:
            continue
        value = _value(style, match)
        if value is None:
            continue
        end = match.end()
        while end < len(line) and line[end] in " \t　:：、.．*":
            end += 1
        return Marker(style, match[0].strip(), value, end)
    return None


def _value(style: str, match: re.Match[str]) -> str | None:
    words = next((group for group in match.groups() if group), "")
    words = re.sub(r"\s", "", words).replace("．", ".")
    if style == "circled":
        return str(_CIRCLED.index(words) + 1)
    if style == "alpha":
        return words.lower()
    if words in tuple(_STEMS):
        return str(_STEMS.index(words) + 1)
    if re.fullmatch(r"[\d.-]+", words):
        return words
    number = chinese_number(re.sub(r"\d", lambda d: "零一二三四五六七八九"[int(d[0])], words))
    if number is None:
        return None
    tail = match[2] if style == "article" and match.lastindex and match.lastindex >= 2 else None
    return f"{number}-{chinese_number(tail)}" if tail else str(number)
