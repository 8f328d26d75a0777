"""Quantities as Chinese contracts write them: numbers, shares, durations, money, counts.

`normalise` rewrites every numeral of a text to Arabic digits and every share to percent, keeping
for each character where it came from; `parse_quantity` reads one quantity of normalised text.
Source for the equivalences: labelling rule R4 of the playbook specification.
"""

import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Literal, NamedTuple

Dimension = Literal["duration", "share", "money", "count", "times"]

_DIGIT = (
    {c: i for i, c in enumerate("零一二三四五六七八九")}
    | {c: i for i, c in enumerate("〇壹贰叁肆伍陆柒捌玖")}
    | {"两": 2, "○": 0, "弍": 2, "叄": 3, "陸": 6, "貳": 2, "參": 3, "俩": 2, "仨": 3}
)
_UNIT = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_BIG = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}
_NUMERAL = "".join([*_DIGIT, *_UNIT, *_BIG])
LONGEST = 40
"""Numerals that a number has at most. What is longer is no number, and would take its time."""
_N = f"[{_NUMERAL}]"
_NS = f"{_N}{{1,{LONGEST}}}"
_D = rf"\d{{1,{LONGEST}}}"

SECONDS = {
    "秒": Decimal(1),
    "分": Decimal(60),
    "分钟": Decimal(60),
    "刻钟": Decimal(900),
    "小时": Decimal(3600),
    "钟头": Decimal(3600),
    "时": Decimal(3600),
    "日": Decimal(86400),
    "天": Decimal(86400),
    "工作日": Decimal(86400),
    "自然日": Decimal(86400),
    "日历日": Decimal(86400),
    "昼夜": Decimal(86400),
    "周": Decimal(604800),
    "星期": Decimal(604800),
    "礼拜": Decimal(604800),
    "月": Decimal(2592000),
    "季": Decimal(7776000),
    "季度": Decimal(7776000),
    "年": Decimal(31536000),
    "年度": Decimal(31536000),
}
"""Seconds in a unit of time; a month counts 30 days and a year 365."""

COUNTERS = "名|人次|人|个坐席|个座席|个席位|个|席位|坐席|座席|席|位|次|单|通|条|项|份|起|例|件|家|班|岗|倍|分|轮|档|级|期|笔|句|字|款|店"


class Quantity(NamedTuple):
    """A number with its dimension: durations in seconds, shares 0 to 1, money in yuan."""

    value: Decimal
    dimension: Dimension


def chinese_number(words: str) -> Decimal | None:
    """Return the number that Chinese numerals spell, or None when they spell none.

    >>> chinese_number("二十四"), chinese_number("壹拾万"), chinese_number("二零二六")
    (Decimal('24'), Decimal('100000'), Decimal('2026'))
    """
    if not 0 < len(words) <= LONGEST or any(c not in _NUMERAL for c in words):
        return None
    if not any(c in _UNIT or c in _BIG for c in words):
        return Decimal(int("".join(str(_DIGIT[c]) for c in words)))
    total = section = digit = 0
    for character in words:
        if character in _DIGIT:
            digit = _DIGIT[character]
        elif character in _UNIT:
            section += (digit or 1) * _UNIT[character]
            digit = 0
        else:
            total = (total + section + digit or 1) * _BIG[character]
            section = digit = 0
    return Decimal(total + section + digit)


def _plain(value: Decimal) -> str:
    text = format(value.normalize(), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _number(words: str) -> Decimal | None:
    words = words.strip()
    if not words:
        return None
    try:
        return Decimal(words.replace(",", ""))
    except InvalidOperation:
        pass
    whole, point, fraction = words.partition("点")
    value = chinese_number(whole)
    if value is None or not point:
        return value
    tail = "".join(str(_DIGIT[c]) for c in fraction if c in _DIGIT)
    return value + Decimal(f"0.{tail}") if tail else value


def _percent(divisor: int) -> Callable[[re.Match[str]], str | None]:
    def rewrite(match: re.Match[str]) -> str | None:
        value = _number(match[1])
        return None if value is None else f"{_plain(value * 100 / divisor)}%"

    return rewrite


def _tenths(match: re.Match[str]) -> str | None:
    whole = chinese_number(match[1]) if not match[1].isdigit() else Decimal(match[1])
    if whole is None:
        return None
    tail = match[2] or ""
    extra = Decimal(5) if tail == "半" else (_number(tail) or Decimal(0))
    return f"{_plain(whole * 10 + extra)}%"


def _fraction(match: re.Match[str]) -> str | None:
    below, above = _number(match[1]), _number(match[2])
    return (
        f"{_plain((above * 100 / below).quantize(Decimal('0.01')))}%" if below and above else None
    )


def _slash(match: re.Match[str]) -> str | None:
    below = Decimal(match[2])
    return (
        f"{_plain((Decimal(match[1]) * 100 / below).quantize(Decimal('0.01')))}%" if below else None
    )


def _half(match: re.Match[str]) -> str | None:
    whole = _number(match[1]) if match[1] else Decimal(0)
    return None if whole is None else f"{_plain(whole + Decimal('0.5'))}{match[2]}"


def _per_mille(match: re.Match[str]) -> str | None:
    return f"{_plain(Decimal(match[1]) / 10)}%"


def _compound(factor: int, unit: str) -> Callable[[re.Match[str]], str | None]:
    def rewrite(match: re.Match[str]) -> str | None:
        return f"{int(match[1]) * factor + int(match[2])}{unit}"

    return rewrite


def _counted(match: re.Match[str]) -> str | None:
    value = _number(match[1])
    return None if value is None else _plain(value)


_X = rf"({_D}(?:\.{_D})?|{_NS}(?:点{_NS})?)"
_TIME_UNIT = "秒|分钟|小时|钟头|工作日|自然日|日历日|日|天|周|星期|季度|季|年度|年|月|时|分|点"
_AFTER = rf"(?=\s*(?:个?(?:{_TIME_UNIT})|个|{COUNTERS}|元|圆|万元|块|倍|%|折|号|版|步|页|多|余|以上|以下|以内|整))"
_REWRITES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str | None]], ...] = (
    (re.compile(r"(\d{1,3}(?:,\d{3})+)(?!\d)"), _counted),
    (re.compile(rf"百分之{_X}"), _percent(100)),
    (re.compile(rf"千分之{_X}"), _percent(1000)),
    (re.compile(rf"万分之{_X}"), _percent(10000)),
    (re.compile(rf"({_D}(?:\.{_D})?)‰"), _per_mille),
    (
        re.compile(
            r"(?<![已完组构形生达变收促赞现养集落统同唯单归合划])([一二两三四五六七八九\d])成"
            r"(?:([一二三四五六七八九半])|(?![一二三四五六七八九半]))"
            r"(?![为员立本果交熟功绩品分长就了])"
        ),
        _tenths,
    ),
    (re.compile(r"(十)成(?=的(?:费|服务|款|价|金))()"), _tenths),
    (re.compile(r"对半(?=分担|承担|分摊|均摊|平摊|负担|分成)"), lambda m: "50%"),
    (re.compile(rf"({_NS})分之({_NS})"), _fraction),
    (re.compile(r"(?<![\d/.\-])(1|2|3)/(\d{1,2})(?![\d/.\-])"), _slash),
    (re.compile(r"()半(?:个)?(分钟|小时|钟头|日|天|个?月|年)"), _half),
    (
        re.compile(rf"{_X}分半钟?()"),
        lambda m: f"{_plain((_number(m[1]) or Decimal(0)) + Decimal('0.5'))}分钟",
    ),
    (re.compile(rf"{_X}个半(小时|月|钟头)"), _half),
    (re.compile(rf"{_X}(?:个)?(小时|年|天)半"), _half),
    (re.compile(r"()半(?:个)?(分钟|小时|钟头|日|天|个?月|年)"), _half),
    (re.compile(rf"{_X}刻钟"), lambda m: f"{_plain((_number(m[1]) or Decimal(0)) * 15)}分钟"),
    (
        re.compile(
            rf"(?<![同任统唯某\d.])(?!百分|千分|万分)({_NS}(?:点{_NS})?){_AFTER}(?!个?(?:方|性|致)|次性)"
        ),
        _counted,
    ),
    (
        re.compile(
            rf"(?<=不低于|不少于|不超过|不高于|不得低|不大于|不小于)(?<!\d)({_NS}(?:点{_NS})?)(?![方性致])"
        ),
        _counted,
    ),
    (re.compile(r"(?<![\d.:])(\d{1,3})分钟?(\d{1,2})秒"), _compound(60, "秒")),
    (re.compile(r"(?<![\d.:])(\d{1,3})个?小时(\d{1,2})分钟?"), _compound(60, "分钟")),
)


def normalise(
    text: str, starts: list[int] | None = None, ends: list[int] | None = None
) -> tuple[str, list[int], list[int]]:
    """Rewrite numerals and shares to Arabic digits and percent.

    Args:
        text: Text already folded to half width.
        starts: For each character the index where it came from; own positions by default.
        ends: For each character the index behind the passage it came from.

    Returns:
        The rewritten text with both maps; a rewritten character maps to its whole source.

    >>> normalise("每日按万分之五")[0], normalise("二十四小时内")[0], normalise("一成半")[0]
    ('每日按0.05%', '24小时内', '15%')
    """
    starts = starts if starts is not None else list(range(len(text)))
    ends = ends if ends is not None else [i + 1 for i in range(len(text))]
    for pattern, rewrite in _REWRITES:
        text, starts, ends = substitute(text, starts, ends, pattern, rewrite)
    return text, starts, ends


def substitute(
    text: str,
    starts: list[int],
    ends: list[int],
    pattern: re.Pattern[str],
    rewrite: Callable[[re.Match[str]], str | None],
) -> tuple[str, list[int], list[int]]:
    """Replace matches of `pattern` and keep the maps to the source; None leaves a match alone."""
    pieces: list[str] = []
    new_starts: list[int] = []
    new_ends: list[int] = []
    at = 0
    for match in pattern.finditer(text):
        new = rewrite(match)
        if new is None or match.end() == match.start():
            continue
        first, last = match.span()
        pieces += [text[at:first], new]
        new_starts += starts[at:first] + [starts[first]] * len(new)
        new_ends += ends[at:first] + [ends[last - 1]] * len(new)
        at = last
    if not pieces:
        return text, starts, ends
    pieces.append(text[at:])
    return "".join(pieces), new_starts + starts[at:], new_ends + ends[at:]


_DURATION = r"\d+(?:\.\d+)?(?:个)?(?:工作日|自然日|日历日|星期|礼拜|季度|年度|小时|钟头|分钟|昼夜|秒钟|秒|日|天|周|月|季|年|分|时)"
PATTERNS: dict[str, str] = {
    "时长": r"(?<![\d.])" + _DURATION + r"|当日|当天|次日|即时|实时",
    "百分比": r"(?<![\d.])\d+(?:\.\d+)?%",
    "金额": r"(?<![\d.])(?:人民币|rmb|¥|￥)?\d+(?:\.\d+)?(?:万|千|百)?(?:元|圆|块)|[¥￥]\d+(?:\.\d+)?万?",
    "倍数": r"(?<![\d.])\d+(?:\.\d+)?倍",
    "数": r"(?<![\d.])\d+(?:\.\d+)?",
    "数量": rf"(?<![\d.])\d+(?:\.\d+)?(?:{COUNTERS})",
}
"""Macro name to the pattern of one quantity in normalised text."""


def parse_quantity(words: str) -> Quantity | None:
    """Return the quantity that `words` of normalised text spell, or None.

    >>> parse_quantity("24小时") == parse_quantity("1日")
    True
    >>> parse_quantity("2万元").value
    Decimal('20000')
    """
    words = words.strip()
    if words in ("即时", "实时"):
        return Quantity(Decimal(0), "duration")
    if words in ("当日", "当天", "次日"):
        return Quantity(SECONDS["日"], "duration")
    match = re.match(r"(?:人民币|rmb|[¥￥])?(\d+(?:\.\d+)?)", words)
    if not match:
        return None
    value, unit = Decimal(match[1]), words[match.end() :].removeprefix("个").rstrip("钟整")
    if words.endswith("分钟"):
        unit = "分钟"
    money = re.fullmatch(r"([万千百]?)(?:元|圆|块)?", unit)
    if money and (unit.endswith(("元", "圆", "块")) or words[0] in "人r¥￥"):
        scale = {"": 1, "百": 100, "千": 1000, "万": 10000}[money[1]]
        return Quantity(value * scale, "money")
    if unit == "%":
        return Quantity(value / 100, "share")
    if unit == "倍":
        return Quantity(value, "times")
    if unit in SECONDS:
        return Quantity(value * SECONDS[unit], "duration")
    return Quantity(value, "count")
