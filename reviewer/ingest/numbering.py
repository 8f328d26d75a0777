"""The displayed numbers of automatically numbered paragraphs (ECMA-376, part 1, 17.9)."""

import re
from dataclasses import dataclass, field, replace

from lxml import etree

from reviewer.ingest.package import w

_MOST = 32_767
"""The highest number that Word starts a list with."""
_WHOLE = re.compile(r"[0-9]+")
_HAN = "零一二三四五六七八九"
_LEGAL = "零壹贰叁肆伍陆柒捌玖"


@dataclass(frozen=True)
class _Level:
    start: int = 1
    format: str = "decimal"
    text: str = ""
    legal: bool = False
    suffix: str = "tab"
    restart: int | None = None


@dataclass
class _Num:
    abstract: str
    overrides: dict[int, _Level] = field(default_factory=dict)
    starts: dict[int, int] = field(default_factory=dict)


class Numbering:
    """Counts through a document and says what number a paragraph shows."""

    def __init__(self, numbering: etree._Element | None, styles: etree._Element | None) -> None:
        self._levels: dict[str, dict[int, _Level]] = {}
        self._nums: dict[str, _Num] = {}
        self._styles: dict[str, tuple[str | None, str | None, str | None]] = {}
        self._default_style: str | None = None
        self._counters: dict[str, dict[int, int]] = {}
        self._seen: set[tuple[str, int]] = set()
        self._style_levels: dict[tuple[str, str], int] = {}
        if styles is not None:
            self._read_styles(styles)
        if numbering is not None:
            self._read_numbering(numbering)

    def _read_styles(self, root: etree._Element) -> None:
        for style in root.iter(w("style")):
            if style.get(w("type")) != "paragraph":
                continue
            name = style.get(w("styleId")) or ""
            if style.get(w("default")) in ("1", "true"):
                self._default_style = name
            based = style.find(w("basedOn"))
            number = style.find(f"{w('pPr')}/{w('numPr')}")
            num_id, level = _num_pr(number)
            self._styles[name] = (based.get(w("val")) if based is not None else None, num_id, level)

    def _read_numbering(self, root: etree._Element) -> None:
        links: dict[str, str] = {}
        style_of: dict[str, str] = {}
        for abstract in root.iter(w("abstractNum")):
            key = abstract.get(w("abstractNumId")) or ""
            self._levels[key] = {}
            for level in abstract.findall(w("lvl")):
                index = _whole(level.get(w("ilvl")), 0)
                self._levels[key][index] = _level(level)
                style = level.find(w("pStyle"))
                if style is not None:
                    self._style_levels[key, style.get(w("val")) or ""] = index
            link, own = abstract.find(w("numStyleLink")), abstract.find(w("styleLink"))
            if link is not None:
                links[key] = link.get(w("val")) or ""
            if own is not None:
                style_of[own.get(w("val")) or ""] = key
        for key, linked in links.items():
            if linked in style_of:
                self._levels[key] = self._levels[style_of[linked]]
        for num in root.iter(w("num")):
            reference = num.find(w("abstractNumId"))
            if reference is None:
                continue
            entry = _Num(reference.get(w("val")) or "")
            for override in num.findall(w("lvlOverride")):
                index = _whole(override.get(w("ilvl")), 0)
                start, own_level = override.find(w("startOverride")), override.find(w("lvl"))
                if own_level is not None:
                    entry.overrides[index] = _level(own_level)
                if start is not None:
                    entry.starts[index] = _whole(start.get(w("val")), 1)
            self._nums[num.get(w("numId")) or ""] = entry

    def of(self, paragraph: etree._Element) -> tuple[str | None, int]:
        """Return the list and the level of `paragraph`; None where it has no number."""
        properties = paragraph.find(w("pPr"))
        num_id = level = style_name = None
        if properties is not None:
            num_id, level = _num_pr(properties.find(w("numPr")))
            style = properties.find(w("pStyle"))
            style_name = style.get(w("val")) if style is not None else None
        style_id = style_name or self._default_style
        direct = num_id is not None
        seen: set[str] = set()
        named = style_id
        while style_id and style_id not in seen and (num_id is None or level is None):
            seen.add(style_id)
            based, style_num, style_level = self._styles.get(style_id, (None, None, None))
            if num_id is None:
                num_id = style_num
            if level is None and not direct:
                level = style_level
            style_id = based
        if num_id is None or num_id == "0" or num_id not in self._nums:
            return None, 0
        if level is None and named:
            linked = self._style_levels.get((self._nums[num_id].abstract, named))
            level = str(linked) if linked is not None else None
        return num_id, min(_whole(level, 0), 8)

    def next(self, num_id: str, level: int) -> str:
        """Return the number and its separator as displayed, and count on."""
        num = self._nums[num_id]
        counters = self._counters.setdefault(num.abstract, {})
        for index, start in num.starts.items():
            if index <= level and (num_id, index) not in self._seen:
                self._seen.add((num_id, index))
                counters[index] = start - 1
                for deeper in [n for n in counters if n > index]:
                    del counters[deeper]
        here = self._of_level(num, level)
        counters[level] = counters.get(level, here.start - 1) + 1
        for upper in range(level):
            counters.setdefault(upper, self._of_level(num, upper).start)
        for deeper in [n for n in counters if n > level]:
            restart = self._of_level(num, deeper).restart
            if restart is None or (restart > 0 and level < restart):
                del counters[deeper]
        shown = here.text
        for upper in range(level + 1):
            place = f"%{upper + 1}"
            if place in shown:
                rule = self._of_level(num, upper)
                kind = "decimal" if here.legal else rule.format
                shown = shown.replace(place, shown_as(counters[upper], kind))
        if here.format == "bullet":
            shown = "•"
        if here.format == "none" and not shown.strip("%123456789. "):
            return ""
        return shown + ("" if here.suffix == "nothing" or not shown else " ")

    def _of_level(self, num: _Num, index: int) -> _Level:
        level = (
            num.overrides.get(index) or self._levels.get(num.abstract, {}).get(index) or _Level()
        )
        return replace(level, start=num.starts[index]) if index in num.starts else level


def _num_pr(element: etree._Element | None) -> tuple[str | None, str | None]:
    if element is None:
        return None, None
    num, level = element.find(w("numId")), element.find(w("ilvl"))
    return (
        num.get(w("val")) if num is not None else None,
        level.get(w("val")) if level is not None else None,
    )


def _whole(text: str | None, otherwise: int) -> int:
    """Return the number that an attribute holds, within what Word counts to."""
    found = _WHOLE.fullmatch(text or "")
    return min(int(found.group()[:9]), _MOST) if found else otherwise


def _level(element: etree._Element) -> _Level:
    def value(name: str, default: str = "") -> str:
        child = element.find(w(name))
        return default if child is None else (child.get(w("val")) or default)

    legal = element.find(w("isLgl"))
    restart = value("lvlRestart")
    return _Level(
        start=_whole(value("start"), 1),
        format=value("numFmt", "decimal"),
        text=value("lvlText"),
        legal=legal is not None and legal.get(w("val")) not in ("0", "false"),
        suffix=value("suff", "tab"),
        restart=_whole(restart, 0) if restart else None,
    )


def shown_as(number: int, kind: str) -> str:
    """Return `number` in a WordprocessingML number format (17.18.59).

    A number that no contract counts to is shown in digits.
    """
    if not 0 <= number < 10_000:
        return str(number)
    if kind.startswith("chineseCounting") or kind in (
        "japaneseCounting",
        "taiwaneseCounting",
        "taiwaneseCountingThousand",
        "koreanCounting",
    ):
        return _counting(number, _HAN, "十百千")
    if kind in ("chineseLegalSimplified", "ideographLegalTraditional", "japaneseLegal"):
        return _counting(number, _LEGAL, "拾佰仟", one_ten=True)
    if kind in ("ideographDigital", "japaneseDigitalTenThousand", "taiwaneseDigital"):
        return "".join("〇一二三四五六七八九"[int(d)] for d in str(number))
    if kind.startswith("decimalEnclosedCircle"):
        return chr(0x2460 + number - 1) if 1 <= number <= 20 else f"({number})"
    if kind == "ideographEnclosedCircle":
        return (
            chr(0x3280 + number - 1)
            if 1 <= number <= 10
            else f"({_counting(number, _HAN, '十百千')})"
        )
    if kind.startswith("decimalFullWidth"):
        return "".join(chr(0xFF10 + int(d)) for d in str(number))
    if kind == "decimalZero":
        return f"{number:02d}"
    if kind == "decimalEnclosedParen":
        return f"({number})"
    if kind == "decimalEnclosedFullstop":
        return f"{number}."
    if kind in ("upperLetter", "lowerLetter"):
        letter = chr(ord("A") + (number - 1) % 26) * ((number - 1) // 26 + 1)
        return letter if kind == "upperLetter" else letter.lower()
    if kind in ("upperRoman", "lowerRoman"):
        roman = _roman(number)
        return roman if kind == "upperRoman" else roman.lower()
    if kind == "ideographTraditional":
        return "甲乙丙丁戊己庚辛壬癸"[(number - 1) % 10]
    if kind == "ideographZodiac":
        return "子丑寅卯辰巳午未申酉戌亥"[(number - 1) % 12]
    return "" if kind == "none" else str(number)


def _counting(number: int, digits: str, units: str, *, one_ten: bool = False) -> str:
    if number <= 0:
        return digits[0]
    shown, zero = "", False
    text = str(number)
    for place, digit in zip(range(len(text) - 1, -1, -1), text, strict=True):
        if digit == "0":
            zero = bool(shown)
            continue
        shown += (
            (digits[0] if zero else "") + digits[int(digit)] + (units[place - 1] if place else "")
        )
        zero = False
    if not one_ten and 10 <= number < 20:
        return shown[1:]
    return shown


def _roman(number: int) -> str:
    shown = ""
    for value, sign in (
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ):
        while number >= value:
            shown, number = shown + sign, number - value
    return shown
