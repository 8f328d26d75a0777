"""What changes between two wordings: Chinese words and clauses, never half a number."""

import difflib
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

LEAST_ALIKE = 0.45
"""Below this likeness a sentence is replaced whole: a patchwork of words cannot be read."""
LONGEST = 1500
"""Tokens up to which words are compared; longer passages are compared clause by clause."""

_WORDS = (
    "甲方 乙方 丙方 双方 任何一方 对方 另一方 守约方 违约方 委托方 受托方 服务商 外包商 商家 买家 消费者 客户 客服 "
    "应当 不得 可以 有权 无权 必须 需要 负责 承担 支付 赔偿 补偿 扣除 退还 返还 通知 告知 同意 确认 提供 提前 "
    "立即 及时 尽快 尽量 原则上 书面 口头 违约金 违约 赔偿金 保证金 押金 服务费 费用 金额 损失 责任 义务 权利 "
    "工作日 自然日 小时 分钟 日内 以内 之内 不超过 不少于 不低于 不高于 以上 以下 每月 每日 每年 本合同 合同 协议 "
    "解除 终止 续约 续期 期限 有效期 数据 信息 个人信息 保密 第三方 转包 分包 全部 部分 其他 包括 但不限于 根据 按照 "
    "仲裁 诉讼 法院 管辖 人民法院 仲裁委员会"
)
_NUMERAL = "[零〇一二三四五六七八九十百千万亿两]"
_TOKEN = re.compile(
    r"\d+(?:[.,]\d+)*%?|[a-zA-Z]+|"
    rf"百分之{_NUMERAL}+(?:点{_NUMERAL}+)?|{_NUMERAL}+(?=[日天年个月周倍元人次条款项小分秒])|"
    + "|".join(sorted(_WORDS.split(), key=len, reverse=True))
    + r"|\s|.",
    re.DOTALL,
)
_CLAUSE = re.compile(r"[^，。；：！？、,;:!?\n]*[，。；：！？、,;:!?\n]?")
_STOP = "，。；：！？,;:!?"


class Step(NamedTuple):
    """One step of a comparison."""

    kind: str
    """equal, delete, insert or replace."""
    old: str
    new: str


def word_diff(old: str, new: str) -> list[Step]:
    """Return the steps from `old` to `new`; numbers, Latin and common words stay whole.

    >>> [tuple(step) for step in word_diff("三日内支付", "五日内支付")]
    [('replace', '三', '五'), ('equal', '日内支付', '日内支付')]
    """
    if old == new:
        return [Step("equal", old, new)] if old else []
    a, b = _tokens(old), _tokens(new)
    head, tail = _common(a, b)
    same, end = "".join(a[:head]), "".join(a[len(a) - tail :])
    inner = _compared(a[head : len(a) - tail], b[head : len(b) - tail])
    return _tidied([Step("equal", same, same), *inner, Step("equal", end, end)])


def likeness(old: str, new: str) -> float:
    """Return how alike two lines are, 0 to 1."""
    return difflib.SequenceMatcher(None, _tokens(old), _tokens(new), autojunk=False).ratio()


def _tokens(text: str) -> list[str]:
    return _TOKEN.findall(text)


def _common(a: Sequence[str], b: Sequence[str]) -> tuple[int, int]:
    """Return how many tokens both have in common at the beginning and at the end."""
    least = min(len(a), len(b))
    first = next((n for n in range(least) if a[n] != b[n]), least)
    left = least - first
    return first, next((n for n in range(left) if a[-1 - n] != b[-1 - n]), left)


def _compared(a: list[str], b: list[str]) -> list[Step]:
    old, new = "".join(a), "".join(b)
    if not old or not new:
        return [_change(old, new)] if old or new else []
    if max(len(a), len(b)) > LONGEST:
        a, b = _clauses(old), _clauses(new)
    matcher = difflib.SequenceMatcher(None, a, b, autojunk=False)
    if matcher.ratio() < LEAST_ALIKE:
        return [Step("replace", old, new)]
    return [
        Step(kind, "".join(a[i:j]), "".join(b[k:m])) for kind, i, j, k, m in matcher.get_opcodes()
    ]


def _clauses(text: str) -> list[str]:
    return [piece for piece in _CLAUSE.findall(text) if piece]


def _tidied(steps: Sequence[Step]) -> list[Step]:
    """Join changes that only a syllable or two keeps apart, and let changes end with a clause."""
    joined = [step for step in steps if step.old or step.new]
    while (joined_again := _absorbed(joined)) != joined:
        joined = joined_again
    return [step for step in _slid(joined) if step.old or step.new]


def _absorbed(steps: Sequence[Step]) -> list[Step]:
    found: list[Step] = []
    for at, step in enumerate(steps):
        before = found[-1] if found else None
        after = steps[at + 1] if at + 1 < len(steps) else None
        if step.kind == "equal" and before and after and _is_crumb(step.old, before, after):
            step = Step("replace", step.old, step.new)
        if before and before.kind != "equal" and step.kind != "equal":
            found[-1] = _change(before.old + step.old, before.new + step.new)
        else:
            found.append(step)
    return found


def _is_crumb(same: str, before: Step, after: Step) -> bool:
    if before.kind == "equal" or after.kind == "equal" or any(c in _STOP for c in same):
        return False
    around = min(max(len(s.old), len(s.new)) for s in (before, after))
    return len(same.strip()) <= 1 or (len(same) <= 3 and len(same) < around)


def _change(old: str, new: str) -> Step:
    return Step("replace" if old and new else "delete" if old else "insert", old, new)


def _slid(steps: Sequence[Step]) -> Iterator[Step]:
    """Shift an insertion or deletion to the left where it then ends with a punctuation mark."""
    found = list(steps)
    for at in range(1, len(found) - 1):
        before, step, after = found[at - 1 : at + 2]
        if (before.kind, after.kind) != ("equal", "equal") or step.kind == "replace":
            continue
        words = step.old or step.new
        if words[-1] in _STOP or not before.old or words[0] not in _STOP:
            continue
        if words[0] != (after.old[:1]):
            continue
        moved = words[1:] + words[0]
        found[at - 1] = Step("equal", before.old + words[0], before.new + words[0])
        found[at] = _change(moved if step.old else "", moved if step.new else "")
        found[at + 1] = Step("equal", after.old[1:], after.new[1:])
    yield from found
