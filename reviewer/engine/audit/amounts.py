"""Amounts in figures against 大写, and shares that should add up to the whole."""

import re
from collections.abc import Sequence
from decimal import Decimal

from reviewer.contract import Contract
from reviewer.engine.audit.observation import Observation
from reviewer.engine.statements import Statement
from reviewer.quantity import LONGEST, chinese_number
from reviewer.text import Span

_FIGURE = r"(?:(?:人民币|¥|￥|RMB)\s*+)?(?<![\d,，])([\d,，]++(?:\.\d++)?)\s*+(万)?\s*+元?整?\s*+"
_FORMAL = "零〇壹贰叁肆伍陆柒捌玖拾佰仟万萬亿億貳參叄陸"
_WORDS = rf"(?:人民币\s*+)?(?<![{_FORMAL}])([{_FORMAL}]{{2,{LONGEST}}}+)\s*+[元圆]"
_PAIRS = (
    re.compile(_FIGURE + r"[（(，,]?\s*+(?:人民币)?大写\s*+[:：为]?\s*+" + _WORDS),
    re.compile(_FIGURE + r"[（(]\s*+" + _WORDS),
)
_REVERSED = re.compile(
    _WORDS + r"整?\s*+[（(，,]?\s*+(?:小写)?\s*+[:：]?\s*+(?:¥|￥|RMB)\s*+([\d,]++(?:\.\d++)?)(万)?"
)
"""No blank is tried twice: a contract may have thousands of them after a figure."""
_COUNTED = re.compile(
    r"(?<![零〇一二三四五六七八九十两百千万亿壹贰叁肆伍陆柒捌玖拾佰仟萬\d.])"
    r"([零〇一二三四五六七八九十两百千万壹贰叁肆伍陆柒捌玖拾佰仟萬貳參陸]{2,14})\s*"
    r"(元|圆|块|通|单|席|人|名|次|条|个|小时|分钟|秒|天|日|件|份)?整?"
    r"\s*[（(]\s*(?:小写)?[:：]?(?:¥|￥|RMB|人民币)?\s*(\d[\d,，]*(?:\.\d+)?)(万)?\s*"
    r"(?(2)\2|[元通单席人名次])?\s*[)）]"
)
"""A number in words with the same in figures in brackets, of any unit: 壹万贰仟通（10,200通）."""
_TWICE = re.compile(
    _WORDS + r"整?\s*+[（(，,]?\s*+(?:即|小写)[:：为]?\s*+(?:人民币)?"
    r"([零〇一二三四五六七八九十两百千万]{2,14})\s*+[元圆](?!\s?[/每])"
)
"""An amount in formal and in plain characters: 大写叁万陆仟元整，即三万八千元."""
_TRANCHE = re.compile(
    r"首付|首期|预付|定金|第[123一二三]期|第[123一二三]笔|尾款|余款|剩余|质保金|质量保证金|按月支付|绩效(部分|费用)?"
)
_SHARE = re.compile(r"(\d+(?:\.\d+)?)%")
_TAX = re.compile(r"\d+(?:\.\d+)?%[^,。;\d]{0,6}(?:增值税|专用?票|税)|税率?\d+(?:\.\d+)?%")
_WEIGHT = re.compile(r"权重|占比")
WHOLE = Decimal(100)


def amounts(contract: Contract, statements: Sequence[Statement]) -> list[Observation]:
    """Return amounts whose figures and words differ, and tranches that are not 100 percent."""
    return [
        *_words_and_figures(contract),
        *_tranches(statements),
        *_weights(statements),
        *_inline_weights(statements),
    ]


def _words_and_figures(contract: Contract) -> list[Observation]:
    found: list[Observation] = []
    text = contract.text
    cases = [(m, m[1], m[2], m[3]) for pattern in _PAIRS for m in pattern.finditer(text)]
    cases += [(m, m[2], m[3], m[1]) for m in _REVERSED.finditer(text)]
    cases += [(m, m[3], m[4], m[1]) for m in _COUNTED.finditer(text)]
    cases += [(m, str(chinese_number(m[2]) or ""), None, m[1]) for m in _TWICE.finditer(text)]
    for match, figure, scale, words in cases:
        digits = figure.replace(",", "").replace("，", "")
        spelled = chinese_number(words)
        if not digits or spelled is None:
            continue
        number = Decimal(digits) * (10000 if scale else 1)
        if number != spelled:
            span = Span(match.start(), match.end())
            if not any(other.spans[0].overlap(span) for other in found):
                found.append(
                    Observation(
                        "amount_words",
                        "大小写金额不一致",
                        (span,),
                        f"小写为 {number} 元，大写为 {spelled} 元，两者不一致",
                        f"figures say {number}, words say {spelled}",
                        contradiction=True,
                        severity="high",
                        confidence=0.95,
                    )
                )
    return found


def _tranches(statements: Sequence[Statement]) -> list[Observation]:
    groups: dict[str, list[Statement]] = {}
    for statement in statements:
        text = statement.own.text
        if (
            _TRANCHE.search(text)
            and _SHARE.search(text)
            and not re.search(r"违约|滞纳|逾期|扣", text)
        ):
            groups.setdefault(statement.clause, []).append(statement)
    found: list[Observation] = []
    for group in groups.values():
        shares = [Decimal(s) for one in group for s in _SHARE.findall(_TAX.sub("", one.own.text))]
        ends = any(re.search(r"尾款|余款|剩余|余下", one.own.text) for one in group)
        total = sum(shares, Decimal(0))
        if len(shares) >= 3 and ends and total != WHOLE and abs(total - WHOLE) <= 40:
            found.append(_sum_is_wrong(tuple(one.span for one in group), total, "分期比例"))
    return found


def _weights(statements: Sequence[Statement]) -> list[Observation]:
    groups: dict[str, list[Statement]] = {}
    for statement in statements:
        if _WEIGHT.search(statement.full) and "|" in statement.own.text:
            groups.setdefault(statement.clause, []).append(statement)
    found: list[Observation] = []
    for group in groups.values():
        header = group[0].own.text.split("|")
        column = next((n for n, cell in enumerate(header) if _WEIGHT.search(cell)), None)
        if column is None:
            continue
        rows = [one for one in group[1:] if len(one.own.text.split("|")) == len(header)]
        rows = [one for one in rows if not re.match(r"合计|总计", one.own.text)]
        shares = [_SHARE.search(one.own.text.split("|")[column]) for one in rows]
        values = [Decimal(share[1]) for share in shares if share]
        if len(values) >= 2 and len(values) == len(rows) and sum(values) != WHOLE:
            total = sum(values, Decimal(0))
            found.append(_sum_is_wrong(tuple(one.span for one in rows), total, "权重"))
    return found


_PART = re.compile(r"[^,、;:。|%\d]{1,12}?(?:占|得|为|按)?(\d{1,2}(?:\.\d+)?)%")
_INLINE = re.compile(r"(?:权重|占比)(?:分别)?(?:为|是|如下)?:(.+)$")
_SPLIT_SHARES = re.compile(
    r"[^,、;。|%\d]{1,8}得(\d{1,2})%[,、;][^,、;。|%\d]{1,8}得(\d{1,2})%[,、;](?:另外|其余|余下|剩余|剩下)[^,、;。|%\d]{0,6}?(\d{1,2})%"
)


def _inline_weights(statements: Sequence[Statement]) -> list[Observation]:
    """Return the lists of weights or shares within one sentence that are not the whole."""
    found: list[Observation] = []
    for statement in statements:
        text = statement.own.text
        listed, split = _INLINE.search(text), _SPLIT_SHARES.search(text)
        shares: list[str] = []
        if listed and "|" not in text:
            parts = re.split(r"[、,]", listed[1])
            matches = [_PART.fullmatch(part) for part in parts]
            shares = [match[1] for match in matches if match]
            shares = shares if len(shares) == len(parts) else []
        elif split:
            shares = list(split.groups())
        total = sum(map(Decimal, shares), Decimal(0))
        if len(shares) >= 3 and total != WHOLE:
            found.append(_sum_is_wrong((statement.span,), total, "权重或份额"))
    return found


def _sum_is_wrong(spans: tuple[Span, ...], total: Decimal, what: str) -> Observation:
    return Observation(
        "shares_sum",
        f"{what}合计不为100%",
        spans,
        f"{what}合计为 {total}%，不等于 100%",
        f"the shares add up to {total}%, not 100%",
        contradiction=True,
        severity="medium",
        confidence=0.75,
    )
