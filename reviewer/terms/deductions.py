"""Deductions: what a missed target costs, by step, by metric, in bands, and the cap on it."""

import re
from collections.abc import Iterator
from decimal import Decimal

from reviewer.engine.statements import Statement
from reviewer.shop.catalogue import Catalogue
from reviewer.shop.metric import Unit
from reviewer.terms.mentions import Mention, MetricFinder
from reviewer.terms.reading import Reading, context
from reviewer.terms.term import Band, Base, Cap, Deduction

_STEP = re.compile(
    r"(?:每(?:再)?(?:有)?(?:超出|超过|超|慢于|慢|高于|高|低于|低|少于|少|多|掉|差|降低|降|下降|逾|不足)"
    r"|(?<=[,|])(?:超|慢))(?:标准|目标|出)?"
    r"(?P<step>\d+(?:\.\d+)?)(?P<unit>个百分点|百分点|%|秒|分(?!钟))"
)
_RATE = re.compile(
    r"(?:扣减?|减付|核减|减收|减去|扣除|扣款|扣罚|下浮|下调|减|少付|调减|罚|×|x|\*|-)"
    r"(?P<between>[^。;|]{0,18}?)(?P<rate>\d+(?:\.\d+)?(?:%|元|块))"
)
_PER_METRIC = re.compile(r"(?:每有?1?项|每1项|每项|任何1项|任[一1]指标)[^。;每]{0,30}?(?:扣减?|减)")
_BELOW = re.compile(
    r"(?P<side>低于|不足|未达到?|不到|高于|超过)(?P<value>\d+(?:\.\d+)?(?:%|秒|分))?"
    r"[^。;每]{0,26}?(?:扣减?|减免|减收|减|下调|核减|少收|扣除)(?P<between>[^。;每]{0,14}?)(?P<rate>\d+(?:\.\d+)?(?:%|元|块))"
)
_PAID_BY_MISSES = re.compile(
    r"(?P<misses>\d+)项(?:不达标|未达标|不合格)[^\d。;]{0,6}(?:支付|付)(?P<share>\d+(?:\.\d+)?)%"
)
_PER_DAY = re.compile(
    r"(?:响应|超标|不达标)[^。;]{0,16}(?:天数|每日|每天)[^。;]{0,10}扣(?P<rate>\d+(?:\.\d+)?元)"
)
_CAP = re.compile(
    r"(?:扣减?|减额|扣款|减免)[^。;]{0,16}(?:不超过|以|上限为?|最高|封顶)[^。;]{0,16}?(?P<share>\d+(?:\.\d+)?%)"
    r"(?!以上)"
)
_ABOUT_KPI = re.compile(
    r"考核|指标|kpi|绩效|达标|标准|响应|满意|转化|质检|应答|回复|解决率|服务水平|sla|差评|退款率|体验|品质|项未达"
)
_EVERY = re.compile(r"任[一1何]|各项|上述|上列|前述|每项|所有|全部|指标|低于标准|超标")
_OTHER = re.compile(
    r"离职|流失|缺岗|空岗|补位|泄露|泄漏|违反\d|平台.{0,4}扣\d*分|逾期付款|滞纳|迟到|延误|缺席"
)
_BASES: tuple[tuple[str, Base], ...] = (
    (r"合同总(价|额|金额)|总价", "contract_total"),
    (r"绩效(部分|服务费|费|款)", "performance_fee"),
    (r"当?季(度)?(服务费|费用)", "quarterly_fee"),
)
_UNITS: dict[str, tuple[Unit, str]] = {
    "个百分点": ("share", "%"),
    "百分点": ("share", "%"),
    "%": ("share", "%"),
    "秒": ("seconds", "秒"),
    "分": ("score", "分"),
}


def deductions_of(
    reading: Reading, finder: MetricFinder, catalogue: Catalogue
) -> tuple[list[Deduction], Cap | None]:
    """Return the deductions of a contract in the order of its text, and the cap on them."""
    found: list[Deduction] = []
    cap: Cap | None = None
    for statement in reading:
        text = statement.own.text
        if not _ABOUT_KPI.search(context(statement)):
            continue
        limit = _CAP.search(text)
        if limit and cap is None and not _OTHER.search(text):
            cap = Cap(share=limit["share"], source=reading.source(statement))
        if _OTHER.search(text):
            continue
        found += list(_of(statement, reading, finder, catalogue))
    numbered = [d.model_copy(update={"id": f"d{n}"}) for n, d in enumerate(found, 1)]
    return numbered, cap


def _of(
    statement: Statement, reading: Reading, finder: MetricFinder, catalogue: Catalogue
) -> Iterator[Deduction]:
    text = statement.own.text
    mentions = finder.mentions(text)
    steps = list(_STEP.finditer(text))
    for step in steps:
        later = [s for s in steps if s.start() > step.start()]
        rate = _RATE.search(text, step.end())
        if rate is None or "奖" in text[step.end() : rate.start()]:
            continue
        metric = _metric_of(mentions, step.start(), text)
        if metric and later and _metric_between(mentions, step, rate):
            continue
        unit, suffix = _UNITS[step["unit"]]
        measured = catalogue.metric(metric).unit if metric else unit
        if measured == "share" and unit == "score":
            unit, suffix = "share", "%"
        if measured != unit:
            metric = None
        if metric is None and not _EVERY.search(text):
            continue
        yield Deduction(
            id="d0",
            kind="per_step",
            metric=metric,
            unit=unit,
            step=f"{_plain(step['step'])}{suffix}",
            rate=_rate(rate["rate"]),
            base=_base(rate["between"]),
            source=reading.source(statement),
            question=None if metric or not mentions else _whose(mentions, catalogue),
        )
    if not steps:
        yield from _without_steps(statement, reading, mentions)


def _without_steps(
    statement: Statement, reading: Reading, mentions: list[Mention]
) -> Iterator[Deduction]:
    text = statement.own.text
    source = reading.source(statement)
    paid = list(_PAID_BY_MISSES.finditer(text))
    if paid:
        bands = tuple(
            Band(misses=int(m["misses"]), rate=f"{_plain(str(100 - Decimal(m['share'])))}%")
            for m in paid
        )
        yield Deduction(id="d0", kind="band", bands=bands, source=source)
        return
    daily = _PER_DAY.search(text)
    if daily:
        metric = _metric_of(mentions, daily.end(), text) or "first_response"
        yield Deduction(
            id="d0",
            kind="per_day",
            metric=metric,
            rate=daily["rate"],
            source=source,
            question=None if mentions else "没有写明按哪一个响应指标计算超标天数",
        )
        return
    each = _PER_METRIC.search(text)
    rate = _RATE.search(text, each.end() - 1) if each else None
    if each and rate and not re.search(r"累计|连续|第\d", text[: rate.start()]):
        yield Deduction(
            id="d0",
            kind="per_metric",
            rate=_rate(rate["rate"]),
            base=_base(rate["between"]),
            source=source,
        )
        return
    yield from _bands(text, mentions, reading, statement)


def _bands(
    text: str, mentions: list[Mention], reading: Reading, statement: Statement
) -> Iterator[Deduction]:
    if re.search(r"累计|连续|第\d+次|第\d+项", text):
        return
    for mention in mentions:
        limit = min((m.start for m in mentions if m.start > mention.start), default=len(text))
        bands = tuple(
            Band(beyond=m["value"], rate=_rate(m["rate"]))
            for m in _BELOW.finditer(text, mention.end, limit)
        )
        if bands and len(mention.metrics) == 1:
            yield Deduction(
                id="d0",
                kind="band",
                metric=mention.metrics[0],
                bands=bands,
                source=reading.source(statement),
            )


def _metric_of(mentions: list[Mention], before: int, text: str) -> str | None:
    """Return the one metric named last before a place; None where the sentence means all."""
    if re.search(r"任[一何1]|各项|上述|每项|所有|全部", text[:before]) and not re.search(
        r"[(（][^)）]*$", text[:before]
    ):
        return None
    behind = [m for m in mentions if m.start < before]
    if not behind or len(behind[-1].metrics) > 1:
        return None
    return behind[-1].metrics[0]


def _metric_between(mentions: list[Mention], step: re.Match[str], rate: re.Match[str]) -> bool:
    """Return whether another metric starts before the rate, so that the rate is not this step's."""
    return any(step.end() <= m.start < rate.start() for m in mentions)


def _whose(mentions: list[Mention], catalogue: Catalogue) -> str | None:
    named = {m.metrics for m in mentions}
    if any(len(metrics) > 1 for metrics in named):
        titles = "、".join(catalogue.metric(m).title for metrics in named for m in metrics)
        return f"没有写明针对{titles}中的哪一项，按同单位的全部指标计算"
    return None


def _base(words: str) -> Base:
    return next((base for pattern, base in _BASES if re.search(pattern, words)), "monthly_fee")


def _rate(words: str) -> str:
    return words.replace("块", "元")


def _plain(number: str) -> str:
    value = Decimal(number).normalize()
    return format(value, "f")
