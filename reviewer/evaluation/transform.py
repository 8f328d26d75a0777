"""Rewritings of a contract that must not change its findings, and some that must.

Source: the robustness part of the evaluation issue; metamorphic testing after Chen et al. (1998).
"""

import re
from collections.abc import Callable, Mapping
from functools import cache

Rewrite = Callable[[str], str]

_DIGITS = "零一二三四五六七八九"
BOILERPLATE = "本合同一式两份，双方各执一份，具有同等法律效力。"


def spelled(number: int) -> str:
    """Return a number below ten thousand in Chinese numerals."""
    words, zero = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, unit)
        if digit:
            words += ("零" if zero and words else "") + _DIGITS[digit] + name
            zero = False
        else:
            zero = True
    words = words or "零"
    return words[1:] if words.startswith("一十") else words


def shares_in_words(text: str) -> str:
    """Write whole percentages in words: 15% as 百分之十五."""
    return re.sub(r"(?<![\d.])(\d{1,3})\s?[%％]", lambda m: f"百分之{spelled(int(m[1]))}", text)


def durations_in_words(text: str) -> str:
    """Write durations in words: 24小时 as 二十四小时."""
    return re.sub(
        r"(?<![\d.:：\-—/])(\d{1,3})(?=个?(?:工作日|小时|分钟|秒|日内|天内|个月))",
        lambda m: spelled(int(m[1])),
        text,
    )


def full_width(text: str) -> str:
    """Write digits and the percent sign in full width."""
    return text.translate(str.maketrans("0123456789%", "０１２３４５６７８９％"))


def traditional(text: str) -> str:
    """Write the text in Traditional characters, one for one."""
    return text.translate(_traditional_table())


@cache
def _traditional_table() -> dict[int, str]:
    from zhconv.zhconv import getdict, loaddict

    loaddict()
    pairs = getdict("zh-hant").items()
    return {ord(a): b for a, b in pairs if len(a) == 1 and len(b) == 1}


def swapped_parties(text: str) -> str:
    """Call 甲方 乙方 and the other way round, everywhere."""
    return text.replace("甲方", "\0").replace("乙方", "甲方").replace("\0", "乙方")


def spaced(text: str) -> str:
    """Put spaces at the ends of lines and between a number and its unit."""
    lines = (line + "  " for line in text.split("\n"))
    return re.sub(r"(\d)(小时|%|元|日)", r"\1 \2", "\n".join(lines))


def more_line_breaks(text: str) -> str:
    """Leave an empty line between paragraphs."""
    return text.replace("\n", "\n\n")


def with_boilerplate(text: str) -> str:
    """Add a sentence that says nothing for any check before the signature block, or at the end."""
    signed = re.search(r"\n[^\n]{0,12}(?:盖章|签字|签章|以下无正文)", text)
    at = signed.start() if signed else len(text.rstrip())
    return f"{text[:at]}\n{BOILERPLATE}{text[at:]}"


def articles_in_digits(text: str) -> str:
    """Write 第三条 as 第3条 where an article begins."""
    from reviewer.quantity import chinese_number

    def digits(match: re.Match[str]) -> str:
        value = chinese_number(match[1])
        return f"第{value}条" if value is not None else match[0]

    return re.sub(r"(?m)^第([一二三四五六七八九十百零]+)条", digits, text)


_ARTICLE = re.compile(r"(?m)^第[一二三四五六七八九十百零\d]+条")


def clauses_reordered(text: str) -> str:
    """Move the first third of the articles behind the rest; the numbers move with them."""
    starts = [match.start() for match in _ARTICLE.finditer(text)]
    if len(starts) < 4:
        return text
    cut = starts[len(starts) // 3]
    last = text.find("\n\n", starts[-1])
    end = last + 1 if last > 0 else len(text)
    middle = text[starts[0] : cut]
    return text[: starts[0]] + text[cut:end].rstrip("\n") + "\n" + middle + text[end:]


def decimal_numbering(text: str) -> str:
    """Write 第三条 as 3. where an article begins."""
    from reviewer.quantity import chinese_number

    def number(match: re.Match[str]) -> str:
        value = chinese_number(match[1])
        return f"{value}. " if value is not None else match[0]

    return re.sub(r"(?m)^第([一二三四五六七八九十百零]+)条[ 　、]*", number, text)


KEEP: Mapping[str, Rewrite] = {
    "shares_in_words": shares_in_words,
    "durations_in_words": durations_in_words,
    "full_width": full_width,
    "traditional": traditional,
    "swapped_parties": swapped_parties,
    "spaced": spaced,
    "more_line_breaks": more_line_breaks,
    "with_boilerplate": with_boilerplate,
    "articles_in_digits": articles_in_digits,
    "decimal_numbering": decimal_numbering,
    "clauses_reordered": clauses_reordered,
}
"""Name to a rewriting after which every status should be the same."""


def deleted(sentence: str) -> str:
    """Return nothing in place of a sentence."""
    return ""


def negated(sentence: str) -> str:
    """Return the vendor refusing what a sentence grants."""
    return f"关于“{sentence[:12]}”一事，乙方不予承诺，亦不承担责任"


def made_vague(sentence: str) -> str:
    """Return a sentence with vague words in place of its quantities."""
    return _QUANTITY.sub("合理范围", sentence)


_QUANTITY = re.compile(
    r"(?:百分之[一二三四五六七八九十百零点]+|[\d０-９.．一二三四五六七八九十百千万半两]+"
    r"\s*(?:%|％|个工作日|工作日|小时|分钟|秒钟?|日|天|个月|年|元|万元|倍|次|单|条|通|人|名|分|个百分点))"
)

SPOIL: Mapping[str, Rewrite] = {
    "deleted": deleted,
    "negated": negated,
    "made_vague": made_vague,
}
"""Name to a spoiling of one sentence, after which what rested on it should not stand."""
