"""Text to clauses: a partition of the text into numbered provisions, with their tree."""

import re
from dataclasses import dataclass, field
from itertools import pairwise

from reviewer.contract import Clause, ClauseKind
from reviewer.ingest.markers import TOP_STYLES, Marker, marker_of
from reviewer.ingest.signatures import signs, with_names_above

_ANNEX = re.compile(
    r"[\s　#*]{0,40}+(?:(附[件录錄表]|附[订訂][单單]|补充协议|補充協議|补充条款)\s{0,20}+([一二三四五六七八九十\d]{0,3}+)|"
    r"(Annex|Appendix|Schedule)\s{1,20}+(\w{1,20}+))[:：.、\s—-]{0,40}+([^\n]{0,40})$"
)
_PARTY_LINE = re.compile(
    r"[\s　*]*(?:[甲乙丙丁](?:方)?|[\u4e00-\u9fff]{1,8}[方人商户戶者司]|Party\s*[AB])\s*(?:[（(][^）)]{0,20}[)）])?\s*[:：]"
)
_PARTY_FIELD = re.compile(
    r"[\s　]*(?:注册|通讯|通信|办公|联系|經營|经营)?(?:地址|住所|住址|联系人|聯[系絡]人|联系电话|电话|電話|手机|法定代表人|法人代表|负责人|負責人|"
    r"统一社会信用代码|統一社會信用代碼|社会信用代码|营业执照|开户|账号|帐号|户名|身份证|证件|邮箱|电子邮箱|電郵|微信|店铺名称|店铺|签订地|签订日期|签约|合同编号|協議編號|编号|委托代理人|传真|邮编)[^。]{0,60}$"
)
_RECITAL = re.compile(
    r"[\s　]*(?:鉴于|鑒於|鑑於|为了|為了|为明确|为规范|根据《|依据《|依照《|经.{0,20}协商|經|双方本着|雙方本|兹|甲、?乙双方|甲乙双方|本着|前言|现就|為)"
)
_RECITALS = re.compile(r"[\s　#*【]*(?:鉴于|鑒於|鑑於|背景|前言|缘起)(?:情况|事项)?[】:：]?\s*$")
"""A heading over recitals, which may be numbered."""
_BINDS = re.compile(
    r"不得|不予退|不退|概不|赔偿|违约金|扣\s?\d|为限|自动续|[甲乙]方(?:应|须|有权|承担|保证|承诺)|"
    r"\d(?:\.\d+)?\s?(?:元|%|％|万)|[一二三四五六七八九十\d](?:个月|天|日|小时|秒)(?:内|以内|前)|押金|預付|预付款"
)
"""What binds: a line that says it is a term, wherever it stands."""
_RECITAL_END = re.compile(r"(?:如下|共同遵守|订立本|签订本|达成|協議)")
_PUNCTUATION = re.compile(r"[。；;，,！？]")
_TITLES = ("chapter", "section", "article")
HEADING_LENGTH = 24
SHORTEST_PROVISION = 16
LONGEST_PREAMBLE = 420
"""So many characters, parties and recitals not counted, stand before the first number at most."""


@dataclass
class _Draft:
    """A clause while its lines are collected."""

    start: int
    kind: ClauseKind
    marker: Marker | None = None
    level: int = 0
    parent: "_Draft | None" = None
    annex: str | None = None
    annex_id: str = ""
    heading: str | None = None
    end: int = 0
    id: str = ""
    children: int = 0


@dataclass
class _Lines:
    """The text as lines, each with where it begins."""

    text: str
    starts: list[int] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)


def cut_clauses(text: str, aside_from: int | None = None) -> tuple[Clause, ...]:
    """Return the clauses of `text`: they cover it without overlap.

    Args:
        text: The whole text.
        aside_from: Where headers, footers and notes begin, which stand behind the text.
    """
    end = len(text) if aside_from is None else aside_from
    drafts = _Cutter(_split(text[:end])).cut()
    if aside_from is not None and aside_from < len(text):
        drafts.append(_Draft(start=aside_from, kind="aside"))
    return _finished(drafts, text)


def _split(text: str) -> _Lines:
    found = _Lines(text)
    at = 0
    for line in text.splitlines(keepends=True):
        for piece in _inline(line):
            found.starts.append(at)
            found.lines.append(piece)
            at += len(piece)
    return found


_INLINE = re.compile(
    r"(?<=[。；;])[ \t　]*(?=(?:[一二三四五六七八九十]{1,3}、|第[一二三四五六七八九十\d]{1,3}条[\s　:：]))"
)


def _inline(line: str) -> list[str]:
    """Cut a line in which clauses follow one another (一、…。二、…。)."""
    if len(line) < 60:
        return [line]
    cuts = [match.end() for match in _INLINE.finditer(line)]
    if not cuts:
        return [line]
    edges = [0, *cuts, len(line)]
    return [line[a:b] for a, b in pairwise(edges) if b > a]


class _Cutter:
    """Walks through the lines and opens a clause where one begins."""

    def __init__(self, source: _Lines) -> None:
        self.lines = source.lines
        self.starts = source.starts
        self.markers = [marker_of(line) for line in self.lines]
        self.drafts: list[_Draft] = []
        self.stack: list[_Draft] = []
        self.annex: tuple[str, str] | None = None
        self.annexes = 0
        self.begun = False
        tops = sum(1 for m in self.markers if m and m.style in TOP_STYLES)
        self.numbered = tops >= 2
        self.first = next((n for n, m in enumerate(self.markers) if m), len(self.lines))
        self.late = self._provides_before(self.first)
        self.recitals = self._recital_lines()
        self.signature_from = self._signature_line()

    def cut(self) -> list[_Draft]:
        for index, line in enumerate(self.lines):
            if not line.strip() and self.drafts:
                continue
            self._line(index, line)
        return self.drafts

    def _line(self, index: int, line: str) -> None:
        annex = self._annex_at(index)
        if annex:
            self._open_annex(index, annex)
        elif self._is_signature(index):
            self._plain(index, "signature")
        elif self.drafts and self.drafts[-1].kind == "signature" and self.annex is None:
            if _provides(line) and self.markers[index]:
                self._numbered(index, line)
            elif _provides(line):
                self._draft(index, "body")
        elif index in self.recitals:
            self._plain(index, "recital")
        elif self.markers[index] and not self._is_contents(index):
            self._numbered(index, line)
        elif self.markers[index]:
            self._plain(index, "contents")
        else:
            self._unnumbered(index, line)

    def _numbered(self, index: int, line: str) -> None:
        marker = self.markers[index]
        assert marker is not None
        self.begun = True
        while self.stack and marker.style in [d.marker.style for d in self.stack if d.marker]:
            popped = self.stack.pop()
            if popped.marker and popped.marker.style == marker.style:
                break
        if marker.style in ("chapter", "article") and marker.style not in self._styles():
            keep = ("chapter", "section") if marker.style == "article" else ()
            self.stack = [d for d in self.stack if d.marker and d.marker.style in keep]
        draft = self._draft(index, "annex" if self.annex else "body")
        draft.marker = marker
        draft.parent = self.stack[-1] if self.stack else None
        draft.level = len(self.stack)
        draft.heading = _heading(line[marker.end :].strip())
        if draft.parent:
            draft.parent.children += 1
        self.stack.append(draft)

    def _styles(self) -> list[str]:
        return [d.marker.style for d in self.stack if d.marker]

    def _unnumbered(self, index: int, line: str) -> None:
        if self.begun or self.annex:
            if self._is_heading(index):
                self._headed(index, line)
            elif self._stands_alone(index) and self.annex is None and not self.stack:
                self._draft(index, "body")
            return
        self._plain(index, self._preamble_kind(index, line))

    def _preamble_kind(self, index: int, line: str) -> ClauseKind:
        words = line.strip()
        if (
            not any(d.kind != "title" for d in self.drafts)
            and len(words) <= 40
            and not (
                _PARTY_LINE.match(line) or _PARTY_FIELD.match(line) or words.endswith(("。", "；"))
            )
        ):
            return "title"
        if (_PARTY_LINE.match(line) and len(words) <= 120) or _PARTY_FIELD.match(line):
            return "parties"
        if "以下简称" in words and len(words) < 160 and not _RECITAL_END.search(words):
            return "parties"
        if _RECITAL.match(line) or _RECITAL_END.search(words[-24:]):
            return "recital"
        if self.numbered and index < self.first and not (self.late or _BINDS.search(words)):
            return "recital"
        self.begun = not self.numbered or self.late
        return "body"

    def _recital_lines(self) -> range:
        """Return the lines under 鉴于： or 背景, which may be numbered: they provide nothing."""
        head = next((n for n, line in enumerate(self.lines) if _RECITALS.match(line)), None)
        if head is None or any(m and m.style in _TITLES for m in self.markers[:head]):
            return range(0)
        numbered = False
        for n in range(head + 1, len(self.lines)):
            marker = self.markers[n]
            if marker and (marker.style in _TITLES or (numbered and marker.value == "1")):
                return range(head, n)
            numbered = numbered or marker is not None
            if _RECITAL_END.search(self.lines[n].strip()[-24:]):
                return range(head, n + 1)
        return range(0)

    def _provides_before(self, first: int) -> bool:
        """Return whether the contract provides things long before its first number.

        Where only a part of it is numbered, the rest is not introduction: to take it for one
        would be to overlook it.
        """
        plain = [
            line.strip()
            for line in self.lines[:first]
            if not (_PARTY_LINE.match(line) or _PARTY_FIELD.match(line) or _RECITAL.match(line))
        ]
        return sum(map(len, plain)) > LONGEST_PREAMBLE

    def _stands_alone(self, index: int) -> bool:
        """Return whether an unnumbered line here is a provision of its own."""
        return not self.numbered or (self.late and index < self.first)

    def _is_heading(self, index: int) -> bool:
        words = self.lines[index].strip(" \t\n　*#【】")
        if (
            not 2 <= len(words) <= 16
            or _PUNCTUATION.search(words)
            or "|" in words
            or "：" in words[:-1]
        ):
            return False
        if not self._stands_alone(index) and self.annex is None:
            return False
        after = next((line for line in self.lines[index + 1 :] if line.strip()), "")
        return len(after.strip()) > len(words)

    def _headed(self, index: int, line: str) -> None:
        if self.annex is None:
            self.stack = []
        else:
            self.stack = self.stack[:1]
        draft = self._draft(index, "annex" if self.annex else "body")
        draft.parent = self.stack[-1] if self.stack else None
        draft.level = len(self.stack)
        draft.heading = line.strip(" \t\n　*#【】：:")
        self.stack.append(draft)

    def _plain(self, index: int, kind: ClauseKind) -> None:
        last = self.drafts[-1] if self.drafts else None
        if last and last.kind == kind and kind not in ("body",):
            return
        draft = self._draft(index, kind)
        if kind == "body" and self._is_heading(index):
            draft.heading = self.lines[index].strip(" \t\n　*#【】：:")
            self.stack = [draft]

    def _open_annex(self, index: int, name: str) -> None:
        self.annexes += 1
        self.annex = (name, f"a{self.annexes}")
        self.stack = []
        self.begun = True
        draft = self._draft(index, "annex")
        draft.heading = self.lines[index].strip(" \t\n　*#")[:40]
        self.stack = [draft]

    def _draft(self, index: int, kind: ClauseKind) -> _Draft:
        draft = _Draft(start=self.starts[index], kind=kind)
        if self.annex:
            draft.annex, draft.annex_id = self.annex
            if kind == "body":
                draft.kind = "annex"
        self.drafts.append(draft)
        return draft

    def _annex_at(self, index: int) -> str | None:
        """Return the name of the annex that begins at this line, or None."""
        match = _ANNEX.match(self.lines[index].rstrip("\n"))
        if not match or not self.begun:
            return None
        rest = re.sub(r"[（(][^（()）]*[)）]", "", match[5] or "")
        if re.search(r"[。；;，,]", rest) or re.match(
            r"(为|是|与|及|和|中|所|的|均|系|作为|约定|规定)", rest
        ):
            return None
        following = [line for line in self.lines[index + 1 :] if line.strip()][:2]
        if not following or _ANNEX.match(following[0].rstrip("\n")) or signs(following[0]):
            return None
        if self._listed(index):
            return None
        number = match[2] or match[4] or ""
        return f"{match[1] or match[3]}{number}"

    def _listed(self, index: int) -> bool:
        """Return whether the line belongs to a list of annexes rather than opens one."""
        before = next((line for line in reversed(self.lines[:index]) if line.strip()), "")
        return (
            bool(_ANNEX.match(before.rstrip("\n"))) and self.annex is None
        ) or before.strip().endswith(("附件：", "附件:", "附件清单：", "附件包括：", "附件如下："))

    def _is_contents(self, index: int) -> bool:
        return bool(re.search(r"(\.{4,}|…{2,}|·{4,}|\t)\s*\d+\s*$", self.lines[index][-80:]))

    def _signature_line(self) -> int:
        """Return the line with which the signature block of the main text begins."""
        last_number = max((n for n, marker in enumerate(self.markers) if marker), default=0)
        first_annex = next(
            (
                n
                for n, line in enumerate(self.lines)
                if n > 3 and _ANNEX.match(line.rstrip("\n")) and len(line) < 60
            ),
            len(self.lines),
        )
        floor = len(self.lines) // 3
        for n, line in enumerate(self.lines):
            if n < floor or not signs(line):
                continue
            if n > first_annex or n > last_number or not self._numbers_between(n, first_annex):
                return with_names_above(self.lines, n, floor)
        return len(self.lines)

    def _numbers_between(self, start: int, end: int) -> bool:
        return any(m and m.style in TOP_STYLES for m in self.markers[start:end])

    def _is_signature(self, index: int) -> bool:
        if index < self.signature_from:
            return False
        return index == self.signature_from or signs(self.lines[index])


def _provides(line: str) -> bool:
    """Return whether a line behind the signatures is a provision: nothing that binds is lost."""
    words = line.strip()
    if len(words) < SHORTEST_PROVISION or signs(line):
        return False
    if _PARTY_LINE.match(line) or _PARTY_FIELD.match(line):
        return False
    return bool(_OPERATIVE.search(words)) and bool(_PUNCTUATION.search(words))


_OPERATIVE = re.compile(
    r"不得|应当|(?<![供对反适相])应(?![急用收付])|须|下列|以下|如下|包括|承担|负责(?!人)|支付|有权|應"
)


def _heading(words: str) -> str | None:
    """Return the short title with which a provision begins, or None."""
    found = _heading_words(words)
    return None if found and _OPERATIVE.search(found) and not found.endswith("责任") else found


def _heading_words(words: str) -> str | None:
    bracketed = re.match(r"[【\[]([^】\]]{2,20})[】\]]", words)
    if bracketed:
        return bracketed[1]
    if len(words) <= HEADING_LENGTH and not _PUNCTUATION.search(words) and "|" not in words:
        return words.rstrip("：:") or None
    colon = re.match(r"([^。；;，,：:|]{2,16})[：:]", words)
    if colon:
        return colon[1].strip()
    spaced = re.match(
        r"([\u4e00-\u9fffA-Za-z、与和及/（）()]{2,14})[ \t　]+(?=[\u4e00-\u9fff\d（(])", words
    )
    return spaced[1] if spaced else None


def _finished(drafts: list[_Draft], text: str) -> tuple[Clause, ...]:
    if not drafts:
        return (_whole(text),) if text else ()
    drafts[0].start = 0
    for draft, after in pairwise(drafts):
        draft.end = after.start
    drafts[-1].end = len(text)
    used: dict[str, int] = {}
    clauses: list[Clause] = []
    for draft in drafts:
        draft.id = _unique(_name(draft), used)
        words = text[draft.start : draft.end]
        heading = draft.heading
        if heading and draft.marker and not draft.children and len(words.strip().splitlines()) == 1:
            behind = words.strip()[draft.marker.end :].strip("：: 　")
            heading = None if behind == heading else heading
        clauses.append(
            Clause(
                id=draft.id,
                number=draft.marker.text if draft.marker else None,
                heading=heading,
                text=words,
                start=draft.start,
                end=draft.end,
                kind=draft.kind,
                level=draft.level,
                parent=draft.parent.id if draft.parent else None,
                annex=draft.annex,
            )
        )
    return tuple(clauses)


def _whole(text: str) -> Clause:
    return Clause(id="c1", number=None, heading=None, text=text, start=0, end=len(text))


_FIXED: dict[ClauseKind, str] = {
    "title": "title",
    "parties": "parties",
    "recital": "recital",
    "contents": "contents",
    "signature": "signature",
    "aside": "aside",
}


def _name(draft: _Draft) -> str:
    if draft.marker is None:
        if draft.annex_id and draft.parent is None:
            return draft.annex_id
        return _FIXED.get(draft.kind) or (f"{draft.parent.id}.u" if draft.parent else "u")
    if draft.marker.style in ("d2", "d3", "d4") and not draft.annex_id:
        return f"c{draft.marker.value}"
    if draft.parent:
        return f"{draft.parent.id}.{draft.marker.value.rsplit('.', 1)[-1]}"
    return f"{draft.annex_id or 'c'}{'.' if draft.annex_id else ''}{draft.marker.value}"


def _unique(name: str, used: dict[str, int]) -> str:
    used[name] = used.get(name, 0) + 1
    return name if used[name] == 1 else f"{name}_{used[name]}"
