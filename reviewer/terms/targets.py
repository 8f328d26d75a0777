"""Targets: which figure of which metric the contract demands, in sentences and in tables."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from reviewer.engine.canonical import canonical
from reviewer.engine.statements import Statement
from reviewer.shop.catalogue import Catalogue
from reviewer.shop.metric import Metric, Unit
from reviewer.terms.reading import HEDGE, HISTORY, PROMOTION, RAMP, Reading, context
from reviewer.terms.term import Applies, Period, Relative, StatedBaseline, Target

_VALUE: dict[Unit, str] = {
    "seconds": r"(?P<value>\d+(?:\.\d+)?(?:秒|分钟|分(?=之?内|以内|半)))",
    "share": r"(?<![×x*÷\d.])(?P<value>\d+(?:\.\d+)?%|\d{2}(?:\.\d+)?分?(?=以上|及以上|[,。;|]|往上|$))",
    "score": r"(?P<value>\d+(?:\.\d+)?分?)(?![\d%秒])",
    "count": r"(?P<value>\d+)",
    "money": r"(?P<value>\d+(?:\.\d+)?万?元)",
}
_BETWEEN = r"(?P<between>[^。;]{0,26}?)"
_BETWEEN_SCORE = (
    r"(?P<between>(?:\([^()]{0,12}\))?(?:[^。;|\d]{0,20}\|)?[|:,]?(?:月均|均值|平均|每月|标准值?|目标值?)?"
    r"(?:应当?|须|需|要)?(?:不得?低于|不少于|不低|低于|达到?|须达|为|保持在|≥|>=|>)*)"
)
_BEFORE_SECONDS = re.compile(
    r"(?P<value>\d+(?:\.\d+)?(?:秒|分钟))(?:钟)?(?:之?内|以内)?[^。;,|]{0,10}?(?:人工)?"
    r"(?P<act>开口|(?:首次)?(?:响应|应答|回复|回应|接起|接听|答复|接待)(?!率))"
)
LEAST_RATIO = 50
"""A percentage below it, right behind 均值, is the level itself and no ratio of it."""
_STOP = re.compile(r"每(?!月|日|周|季|通|个月|1?考核)|奖|扣|减|权重|占|下调|收取|支付|起至|满分")
_THRESHOLD = re.compile(r"(?<!不)(?<!不得)(低于|少于|不足|不到|超过|高于)")
_SUPERSEDES = re.compile(r"(变更|调整|修改|改)为")
_REFERENCE = re.compile(
    r"不(低|少|高|超)(于|过)|不得(低|高)于|达到|≥|≤|>=|<=|优于|以上|至少|以内|内|之内|不长于|往上|高于"
)
_TRIGGER = re.compile(r"连续\d+个?(日|天|月|周|考核|季)|累计\d+次|第\d+次|放宽")
_LOOSE = re.compile(
    r"(以下|上述|前述|上列|本条|该等|下列)[^。;]{0,12}(数据|目标|指标|数字|标准)[^。;]{0,20}(供[^。;]{0,8}参考|不作为)"
)
_REWARD = re.compile(r"奖励|提成|加发|多发|奖金|另奖")
_RATIO = re.compile(
    r"(?P<words>(年度)?(基准值?|基线|基期|均值|平均值|平均|历史(均值|数据|水平)|上季度(均值|平均值)?)"
    r"(?:(?!不低于|不少于|不得低于|不得|达到|≥|为|低于)[^。;,|]){0,14}?)(的|之)?(?P<ratio>\d+(?:\.\d+)?(%|倍))"
)
_OF_BASE = re.compile(
    r"(均值|平均值?|基准值?|基线)(?:为|是)?(?P<base>\d+(?:\.\d+)?%)(?:的|之)(?P<ratio>\d+(?:\.\d+)?(?:%|倍))"
)
_ABOVE = re.compile(r"(均值|平均值|基准|基线)[^。;,|]{0,8}(高|提高|提升)(?P<extra>\d+(?:\.\d+)?)%")
_BASE = re.compile(r"(均值|平均值?|基准|基线|之)(?P<base>\d+(?:\.\d+)?%)(?!.{0,2}为)")
_MONTHS = re.compile(r"(?:近|过去|前)(\d+)个?月")
_PERIODS: tuple[tuple[str, Period], ...] = (
    (r"自然月|按月|每月|月度|当月|(?<![个\d])月均|月平均|月终|单月|考核月|月底|该月|月报", "month"),
    (r"按周|每周|周均|当周", "week"),
    (r"按季|每季|季度", "quarter"),
    (r"按日|每日|当日统计|逐日|日均", "day"),
)
_PLATFORM = re.compile(
    r"天猫国际|天猫|淘宝|京东|拼多多|抖音|抖店|小红书|快手|1688|lazada|shopee|夜班|白班|晚班|热线|机器人|在线(?!客服)"
)
_HEADER_PLATFORM = re.compile(r"天猫|淘宝|京东|拼多多|抖音|抖店|小红书|快手")
_MEASURED_SO = re.compile(r"以[^。;]{0,30}(为准|统计)|统计|考核|口径|数据取自|核算")


class Mention(NamedTuple):
    """A metric named in a statement."""

    metrics: tuple[str, ...]
    """More than one where the words may mean either."""
    start: int
    end: int


@dataclass(frozen=True)
class TargetFinder:
    """Finds targets by the catalogue's patterns."""

    catalogue: Catalogue

    @cached_property
    def patterns(self) -> list[tuple[re.Pattern[str], tuple[str, ...]]]:
        """Return the patterns, those that name one metric first."""
        sure = [(re.compile(p), (m.id,)) for m in self.catalogue.file.metrics for p in m.contract]
        unsure = [
            (re.compile(p), a.either) for a in self.catalogue.file.ambiguous for p in a.contract
        ]
        return sure + unsure

    def mentions(self, text: str) -> list[Mention]:
        """Return the metrics that `text` names, in its order, the longest words first."""
        found: list[Mention] = []
        for pattern, metrics in self.patterns:
            for match in pattern.finditer(text):
                mention = Mention(metrics, *match.span())
                clash = [m for m in found if m.start < mention.end and mention.start < m.end]
                if not match[0] or (len(metrics) > 1 and clash):
                    continue
                if all(m.end - m.start < mention.end - mention.start for m in clash):
                    found = [m for m in found if m not in clash] + [mention]
        return sorted(found, key=lambda mention: mention.start)

    def targets(self, reading: Reading) -> tuple[list[Target], list[StatedBaseline]]:
        """Return the targets and the stated baselines of a contract."""
        targets: list[Target] = []
        baselines: list[StatedBaseline] = []
        period = _common_period(reading)
        loose = {s.article for s in reading if _LOOSE.search(s.own.text)}
        for statement in reading:
            for found in self._of(statement, reading):
                if isinstance(found, StatedBaseline):
                    baselines.append(found)
                    continue
                measured = found.period or period.get(statement.article)
                binding = found.binding and statement.article not in loose
                targets.append(found.model_copy(update={"period": measured, "binding": binding}))
        numbered = [
            target.model_copy(update={"id": f"m{number}"})
            for number, target in enumerate(_without_repeats(targets), 1)
        ]
        return numbered, baselines

    def _of(self, statement: Statement, reading: Reading) -> Iterator[Target | StatedBaseline]:
        text = statement.own.text
        mentions = self.mentions(text)
        platforms = _platform_columns(statement)
        for number, mention in enumerate(mentions):
            limit = mentions[number + 1].start if number + 1 < len(mentions) else len(text)
            metric = self.catalogue.metric(mention.metrics[0])
            if platforms and mention.start == text.find(text.split("|")[0]):
                yield from self._by_platform(statement, mention, metric, platforms, reading)
                continue
            found = self._value(text, mention, metric, limit)
            relative = _relative(text[mention.end : limit], metric)
            if found is None and relative is None:
                continue
            made = self._made(statement, mention, metric, found, relative, reading)
            if made:
                yield made
        if not any(m.metrics[0].endswith("response") and len(m.metrics) == 1 for m in mentions):
            yield from self._before(statement, reading)

    def _value(
        self, text: str, mention: Mention, metric: Metric, limit: int
    ) -> re.Match[str] | None:
        between = _BETWEEN_SCORE if metric.unit == "score" else _BETWEEN
        pattern = re.compile(between + _VALUE[metric.unit])
        for match in pattern.finditer(text, mention.end, limit):
            if match.start() != mention.end:
                return None
            return None if _STOP.search(match["between"]) else match
        return None

    def _made(
        self,
        statement: Statement,
        mention: Mention,
        metric: Metric,
        found: re.Match[str] | None,
        relative: Relative | None,
        reading: Reading,
    ) -> Target | StatedBaseline | None:
        text = statement.own.text
        end = found.end() if found else min(len(text), mention.end + 40)
        around = text[max(0, mention.start - 24) : end + 8]
        if _TRIGGER.search(text[max(0, mention.start - 16) : end]):
            return None
        rewarded = _REWARD.search(text[end : end + 40])
        if rewarded and not re.search(r"不(得|低|少)|≥", text[mention.end : end]):
            return None
        source = reading.source(statement, mention.start, end)
        past = HISTORY.search(context(statement)[-len(text) - 80 :])
        demanded = _REFERENCE.search(text[mention.start : end + 5])
        is_row = "|" in text
        if found and past and relative is None and not (demanded and not is_row):
            before = HISTORY.search(statement.heading + statement.lead + text[: mention.start])
            if before and not demanded:
                value = _shown(found["value"], metric)
                return StatedBaseline(metric=metric.id, value=value, source=source)
        return Target(
            id="m0",
            metric=mention.metrics[0],
            or_metric=mention.metrics[-1] if len(mention.metrics) > 1 else None,
            bound="at_most" if metric.better == "lower" else "at_least",
            value=_settled_value(text[mention.end :], found, relative, metric),
            relative=relative,
            period=_period(around) or _period(text),
            applies=_applies(statement),
            where=_where(statement, mention),
            binding=not HEDGE.search(context(statement)),
            source=source,
            question=self._question(mention),
        )

    def _question(self, mention: Mention) -> str | None:
        if len(mention.metrics) < 2:
            return None
        titles = "还是".join(self.catalogue.metric(m).title for m in mention.metrics)
        return f"没有写明是{titles}"

    def _before(self, statement: Statement, reading: Reading) -> Iterator[Target]:
        """Yield targets whose number comes first: 三十秒内回复."""
        text = statement.own.text
        if not re.search(
            r"咨询|进线|买家|客户|客服|消费者|接待|消息|顾客|来客|会话|响应", context(statement)
        ):
            return
        if re.search(
            r"投诉|差评|书面|函|申诉|整改|停电|断网|工单|舆情|上报|异议|报告|评价|维权|邮件|续|付款",
            text,
        ):
            return
        for match in _BEFORE_SECONDS.finditer(text):
            first = match["act"] == "开口" or "首次" in match["act"] or "进线" in text
            if _TRIGGER.search(text) or _STOP.search(text[: match.start()]):
                continue
            metrics = ("first_response",) if first else ("first_response", "average_response")
            mention = Mention(metrics, match.start(), match.end())
            yield Target(
                id="m0",
                metric=metrics[0],
                or_metric=metrics[-1] if len(metrics) > 1 else None,
                bound="at_most",
                value=match["value"],
                period=_period(text),
                applies=_applies(statement),
                where=_where(statement, mention),
                binding=not HEDGE.search(context(statement)),
                source=reading.source(statement, match.start(), match.end()),
                question=self._question(mention),
            )

    def _by_platform(
        self,
        statement: Statement,
        mention: Mention,
        metric: Metric,
        platforms: Sequence[str],
        reading: Reading,
    ) -> Iterator[Target]:
        at = 0
        for cell, platform in zip(statement.own.text.split("|"), ["", *platforms], strict=False):
            match = re.search(_VALUE[metric.unit], cell)
            if platform and match:
                start = at + match.start()
                yield Target(
                    id="m0",
                    metric=metric.id,
                    or_metric=mention.metrics[-1] if len(mention.metrics) > 1 else None,
                    bound="at_most" if metric.better == "lower" else "at_least",
                    value=_shown(match["value"], metric),
                    where=platform,
                    binding=not HEDGE.search(context(statement)),
                    source=reading.source(statement, start, at + match.end()),
                    question=self._question(mention),
                )
            at += len(cell) + 1


def _shown(value: str, metric: Metric) -> str:
    if metric.unit == "share" and not value.endswith("%"):
        return value.rstrip("分") + "%"
    if metric.unit == "score" and not value.endswith("分"):
        return f"{value}分"
    return value


def _settled_value(
    text: str, found: re.Match[str] | None, relative: Relative | None, metric: Metric
) -> str | None:
    """Return the number demanded; with a ratio only where the contract works it out (即24.5%)."""
    if relative is None:
        return _shown(found["value"], metric) if found else None
    worked_out = re.search(r"即(?:不低于|为)?(\d+(?:\.\d+)?%)", text[:60])
    return worked_out[1] if worked_out else None


def _relative(text: str, metric: Metric) -> Relative | None:
    """Return the target as a ratio of the shop's own level, or None where it is a plain number."""
    ahead = text[:60]
    months = _MONTHS.search(ahead)
    over = int(months[1]) if months else None
    both = _OF_BASE.search(ahead)
    if both:
        return Relative(ratio=_percent(both["ratio"]), base=both["base"], months=over)
    above = _ABOVE.search(ahead)
    if above:
        return Relative(ratio=_percent(f"{100 + Decimal(above['extra'])}%"), months=over)
    stated = _BASE.search(ahead)
    base = stated["base"] if stated and metric.unit == "share" else None
    ratio = _RATIO.search(ahead)
    if ratio and not re.search(r"每|扣", ahead[: ratio.start()]):
        share = _percent(ratio["ratio"])
        plain = ratio[3] is None and Decimal(share[:-1]) < LEAST_RATIO
        if not plain:
            return Relative(ratio=share, base=base if base != share else None, months=over)
        return Relative(ratio="100%", base=share, months=over)
    level = re.search(r"不(?:得?低|少)于[^。;,|]{0,24}?" + _BASE.pattern, ahead)
    return Relative(ratio="100%", base=level["base"], months=over) if level else None


def _percent(words: str) -> str:
    """Return a ratio in percent: 1.2倍 is 120%."""
    if words.endswith("%"):
        return words
    return f"{(Decimal(words[:-1]) * 100).normalize():f}%"


def _period(text: str) -> Period | None:
    return next((period for pattern, period in _PERIODS if re.search(pattern, text)), None)


def _common_period(reading: Reading) -> dict[str, Period]:
    """Return for each article the period that a sentence on measuring states."""
    found: dict[str, Period] = {}
    for statement in reading:
        text = statement.own.text
        if _MEASURED_SO.search(text):
            period = _period(text)
            if period and re.search(r"指标|考核|kpi|数据|统计|达标|响应|满意", context(statement)):
                found.setdefault(statement.article, period)
    return found


def _applies(statement: Statement) -> Applies:
    words = f"{statement.heading.split('/')[-1]}|{statement.full}"
    if PROMOTION.search(words) and not re.search(r"除外|不考核|剔除", words):
        return "promotion"
    return "ramp" if RAMP.search(words) else "normal"


def _where(statement: Statement, mention: Mention) -> str | None:
    text = statement.own.text
    start = max(text.rfind(mark, 0, mention.start) for mark in (",", "|", ";", "、", ":")) + 1
    match = _PLATFORM.search(text[start : mention.start + 8])
    return match[0] if match else None


def _platform_columns(statement: Statement) -> list[str]:
    """Return the platforms that head the columns of the table that a row belongs to."""
    header = statement.lead.rsplit(",", 1)[-1]
    if "|" not in header or "|" not in statement.own.text:
        return []
    cells = header.split("|")[1:]
    return cells if cells and all(_HEADER_PLATFORM.search(cell) for cell in cells) else []


def _without_repeats(targets: Sequence[Target]) -> list[Target]:
    """Return the targets once each, without thresholds and amendments' predecessors."""
    kept: list[Target] = []
    for target in targets:
        words = canonical(target.source.quote).text
        like = [
            other
            for other in kept
            if (other.metric, other.applies) == (target.metric, target.applies)
            and target.where in (None, other.where)
        ]
        if like and _THRESHOLD.search(words) and "不" not in words:
            continue
        if _SUPERSEDES.search(words):
            kept = [other for other in kept if other not in like]
        same = [
            other
            for other in kept
            if (other.metric, other.value, other.relative, other.applies, other.where)
            == (target.metric, target.value, target.relative, target.applies, target.where)
        ]
        if not same:
            kept.append(target)
    return kept
