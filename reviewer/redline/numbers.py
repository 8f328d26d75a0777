"""Hand-typed numbers for new provisions, so that no other number changes."""

import re
from collections import Counter
from collections.abc import Sequence

from reviewer.contract import Clause, Contract
from reviewer.ingest.markers import Marker, marker_of
from reviewer.quantity import chinese_number

_CN = "一二三四五六七八九十百零〇"
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_ARTICLES = ("article", "chinese", "d1", "english")
_BELOW = ("d2", "d3", "d4", "chinese_paren", "paren", "half_paren", "circled", "d1", "chinese")


class Numbers:
    """Gives out numbers in the order of the text; each is given once."""

    def __init__(self, contract: Contract) -> None:
        self.contract = contract
        self._markers = {
            c.id: marker_of(f"{c.number} x") if c.number else None for c in contract.clauses
        }
        self._behind: Counter[str] = Counter()

    def article(self, clause: Clause, lines: int) -> tuple[str, ...]:
        """Return the numbers of a new article of so many lines behind the one of `clause`.

        第十二条之一 between two articles, 第十三条 behind the last. The lines below its heading get
        13.1, 13.2 where the other articles are divided in this way. Empty where nothing is numbered.
        """
        top = self._top(clause)
        marker = self._markers[top.id] if top else None
        if top is None or marker is None:
            return ("",) * lines
        given = self._next(top.id)
        if not self._is_last(top, marker.style):
            return (
                f"{_between(marker, given)}{_space(self._words(top), marker)}",
                *[""] * (lines - 1),
            )
        value = int(marker.value.split("-")[0].split(".")[0]) + given
        head = f"{_as(marker, value)}{_space(self._words(top), marker)}"
        below = [
            f"{value}.{n} " if self._decimal_below(marker.style) else "" for n in range(1, lines)
        ]
        return (head, *below)

    def siblings(self, clause: Clause, lines: int) -> tuple[str, ...]:
        """Return numbers for `lines` further provisions behind `clause`.

        3.4 behind 3.3 and （四） behind （三） where these are the last of their article; elsewhere
        none: the new words are a further paragraph of `clause`.
        """
        marker = self._markers.get(clause.id)
        above = self._parent(clause)
        if marker is None or above is None or marker.style not in _BELOW or self._children(clause):
            return ("",) * lines
        if self._markers.get(above.id) is None and above.heading is None:
            return ("",) * lines
        same = [c for c in self._children(above) if self._style(c) == marker.style]
        if not same or same[-1].id != clause.id:
            return ("",) * lines
        given = [self._next(clause.id) for _ in range(lines)]
        stem, _, last = marker.value.rpartition(".")
        space = _space(self._words(clause), marker)
        return tuple(_as(marker, int(last) + n, stem) + space for n in given)

    def _next(self, clause_id: str) -> int:
        self._behind[clause_id] += 1
        return self._behind[clause_id]

    def _parent(self, clause: Clause) -> Clause | None:
        return self.contract.clause(clause.parent) if clause.parent else None

    def _children(self, clause: Clause) -> list[Clause]:
        return [c for c in self.contract.clauses if c.parent == clause.id]

    def _style(self, clause: Clause) -> str | None:
        marker = self._markers.get(clause.id)
        return marker.style if marker else None

    def _top(self, clause: Clause) -> Clause | None:
        """Return the article that `clause` is in: the outermost below chapters and sections."""
        found = None
        current: Clause | None = clause
        while current is not None:
            if self._style(current) in _ARTICLES:
                found = current
            current = self._parent(current)
        return found

    def _is_last(self, top: Clause, style: str) -> bool:
        same = [
            c
            for c in self.contract.clauses
            if self._style(c) == style
            and c.annex == top.annex
            and (style == "article" or c.parent == top.parent)
        ]
        return bool(same) and same[-1].id == top.id

    def _decimal_below(self, style: str) -> bool:
        articles = [c for c in self.contract.clauses if self._style(c) == style]
        divided = [c for c in articles if any(self._style(k) == "d2" for k in self._children(c))]
        return len(divided) * 2 > len(articles)

    def _words(self, clause: Clause) -> str:
        return clause.text


def _between(marker: Marker, nth: int) -> str:
    """Return the number of the `nth` new article behind one that is not the last."""
    if marker.style == "article":
        stem, found, tail = re.sub(r"\s", "", marker.text).partition("之")
        first = int(chinese_number(tail) or 0) if found else 0
        return f"{stem}之{spelled(first + nth)}"
    if marker.style == "chinese":
        return f"{marker.text.strip().rstrip('、.．')}之{spelled(nth)}、"
    return f"{marker.text.strip().rstrip('、.．')}{chr(ord('A') + (nth - 1) % 26)}."


def _as(marker: Marker, value: int, stem: str = "") -> str:
    """Return `value` in the manner of `marker`."""
    words = marker.text.strip()
    if marker.style == "circled":
        return _CIRCLED[value - 1] if value <= len(_CIRCLED) else f"({value})"
    if marker.style in ("d2", "d3", "d4"):
        point = "．" if "．" in words else "."
        end = words[-1] if words[-1] in ".、" else ""
        return f"{stem.replace('.', point)}{point}{value}{end}"
    number = re.search(rf"\d+|[{_CN}]+", words)
    if number is None:
        return ""
    new = str(value) if number[0].isdigit() else spelled(value)
    return re.sub(r"之.*", "", words[: number.start()] + new + words[number.end() :])


def _space(text: str, marker: Marker) -> str:
    """Return what stands between number and words in `text`."""
    line = text.lstrip().split("\n", 1)[0]
    at = len(marker.text)
    found = re.match(r"[ \t　：:]*", line[at:])
    blank = found[0] if found else ""
    return blank or (" " if marker.style in ("article", "english") else "")


def spelled(number: int) -> str:
    """Return a number below a thousand in Chinese numerals.

    >>> spelled(12), spelled(20), spelled(105)
    ('十二', '二十', '一百零五')
    """
    digits = "零一二三四五六七八九"
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    words = f"{digits[hundreds]}百" if hundreds else ""
    if tens:
        words += "十" if tens == 1 and not hundreds else f"{digits[tens]}十"
    elif hundreds and ones:
        words += "零"
    return words + (digits[ones] if ones else "") or "零"


def opens_article(lines: Sequence[str]) -> bool:
    """Return whether the first of several lines is a heading."""
    first = lines[0].strip()
    return (
        len(lines) > 1
        and 0 < len(first) <= 20
        and not first.endswith(("。", "；", "：", ":"))
        and " | " not in first
    )


def names_annex(line: str) -> bool:
    """Return whether a line is the heading of an annex."""
    return re.match(r"\s*(附[件录表]|补充协议)", line) is not None
