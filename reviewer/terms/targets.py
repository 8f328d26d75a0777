"""Targets: which figure of which metric the contract demands, in sentences and in tables."""

import re
from collections.abc import Iterator, Sequence

from reviewer.engine.canonical import canonical
from reviewer.engine.statements import Statement
from reviewer.shop.metric import Metric
from reviewer.terms.mentions import Mention, MetricFinder
from reviewer.terms.reading import HEDGE, HISTORY, PROMOTION, RAMP, Reading, context
from reviewer.terms.rows import Row, row_of
from reviewer.terms.term import Applies, Period, Relative, StatedBaseline, Target
from reviewer.terms.values import (
    BETWEEN,
    BETWEEN_SCORE,
    VALUE,
    relative_of,
    settled_value,
    shown_value,
)

_BEFORE_SECONDS = re.compile(
    r"(?P<value>\d+(?:\.\d+)?(?:秒|分钟))(?:钟)?(?:之?内|以内)?[^。;,|]{0,10}?(?:人工)?"
    r"(?P<act>开口|(?:首次)?(?:响应|应答|回复|回应|接起|接听|答复|接待)(?!率))"
)
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
_PERIODS: tuple[tuple[str, Period], ...] = (
    (r"自然月|按月|每月|月度|当月|(?<![个\d])月均|月平均|月终|单月|考核月|月底|该月|月报", "month"),
    (r"按周|每周|周均|当周", "week"),
    (r"按季|每季|季度", "quarter"),
    (r"按日|每日|当日统计|逐日|日均", "day"),
)
_PLATFORM = re.compile(
    r"天猫国际|天猫|淘宝|京东|拼多多|抖音|抖店|小红书|快手|1688|lazada|shopee|夜班|白班|晚班|热线|机器人|在线(?!客服)"
)
HOURS = re.compile(
    r"(?:零点|凌晨|0点|\d{1,2}(?:时|点|:\d\d))(?:至|到|-|~)(?:次日|当日)?(?:\d{1,2}(?:时|点|:\d\d)?|零点)|凌晨|零点后"
)
"""Hours of the day, which a daily figure cannot tell apart."""
_MEASURED_SO = re.compile(r"以[^。;]{0,30}(为准|统计)|统计|考核|口径|数据取自|核算")


class TargetFinder(MetricFinder):
    """Finds targets in sentences and tables."""

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
        row = row_of(statement)
        if row and mentions and (row.demanded or row.level or row.platforms):
            yield from self._of_row(statement, row, mentions, reading)
            return
        for number, mention in enumerate(mentions):
            limit = mentions[number + 1].start if number + 1 < len(mentions) else len(text)
            metric = self.catalogue.metric(mention.metrics[0])
            if text[mention.end : mention.end + 1] == "等":
                continue
            found = self._value(text, mention, metric, limit)
            number_at = found.start("value") - mention.end if found else None
            relative = relative_of(text[mention.end : limit], metric, number_at)
            if found is None and relative is None:
                continue
            made = self._made(statement, mention, metric, found, relative, reading)
            if made:
                yield made
        if not any(m.metrics[0].endswith("response") and len(m.metrics) == 1 for m in mentions):
            yield from self._before(statement, reading)

    def _of_row(
        self, statement: Statement, row: Row, mentions: Sequence[Mention], reading: Reading
    ) -> Iterator[Target | StatedBaseline]:
        """Yield what a table row demands; the heads say which cell is which."""
        sure = [m for m in mentions if len(m.metrics) == 1] or list(mentions)
        mention = sure[0]
        metric = self.catalogue.metric(mention.metrics[0])
        for cell, where in row.platforms:
            yield from self._cell(statement, mention, metric, cell.start, cell.end, where, reading)
        if row.platforms:
            return
        if row.level:
            found = re.search(VALUE[metric.unit], row.level.of(statement.own.text))
            if found:
                at = row.level.start + found.start()
                yield StatedBaseline(
                    metric=metric.id,
                    value=shown_value(found["value"], metric),
                    source=reading.source(statement, at, row.level.start + found.end()),
                )
        if row.demanded:
            cell = row.demanded
            yield from self._cell(statement, mention, metric, cell.start, cell.end, None, reading)

    def _cell(
        self,
        statement: Statement,
        mention: Mention,
        metric: Metric,
        start: int,
        end: int,
        where: str | None,
        reading: Reading,
    ) -> Iterator[Target]:
        text = statement.own.text
        found = re.search(VALUE[metric.unit], text[start:end])
        relative = relative_of(text[start:end], metric, found.start("value") if found else None)
        if found is None and relative is None:
            return
        if _REWARD.search(text[end : end + 40]) and not re.search(r"扣|减", text[end:]):
            return
        first = mention.start if where is None and mention.end <= start else start
        last = start + found.end() if found else end
        yield Target(
            id="m0",
            metric=mention.metrics[0],
            or_metric=mention.metrics[-1] if len(mention.metrics) > 1 else None,
            bound="at_most" if metric.better == "lower" else "at_least",
            value=settled_value(text[start:end], found, relative, metric),
            relative=relative,
            period=_period(text),
            applies=_applies(statement),
            where=where or _where(statement, mention),
            binding=not HEDGE.search(context(statement)),
            source=reading.source(statement, first, last),
            question=self._question(mention),
        )

    def _value(
        self, text: str, mention: Mention, metric: Metric, limit: int
    ) -> re.Match[str] | None:
        between = BETWEEN_SCORE if metric.unit == "score" else BETWEEN
        pattern = re.compile(between + VALUE[metric.unit])
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
        if relative:
            stop = re.search(r"[,。;|(]|$", text[end:])
            end += stop.start() if stop else 0
        around = text[max(0, mention.start - 24) : end + 8]
        if _TRIGGER.search(text[max(0, mention.start - 16) : end]):
            return None
        rewarded = _REWARD.search(text[end : end + 40])
        if rewarded and not re.search(r"不(得|低|少)|≥", text[mention.end : end]):
            return None
        source = reading.source(statement, mention.start, end)
        past = HISTORY.search(context(statement)[-len(text) - 80 :])
        demanded = _REFERENCE.search(text[mention.start : end + 5])
        if found and past and relative is None and not (demanded and "|" not in text):
            before = HISTORY.search(statement.heading + statement.lead + text[: mention.start])
            if before and not demanded:
                value = shown_value(found["value"], metric)
                return StatedBaseline(metric=metric.id, value=value, source=source)
        return Target(
            id="m0",
            metric=mention.metrics[0],
            or_metric=mention.metrics[-1] if len(mention.metrics) > 1 else None,
            bound="at_most" if metric.better == "lower" else "at_least",
            value=settled_value(text[mention.end :], found, relative, metric),
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
    match = _PLATFORM.search(text[start : mention.start + 8]) or HOURS.search(
        text[max(0, mention.start - 16) : mention.start]
    )
    return match[0] if match else None


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
            if (other.metric, other.value, other.applies, other.where)
            == (target.metric, target.value, target.applies, target.where)
            and (target.value is not None or other.relative == target.relative)
        ]
        if not same:
            kept.append(target)
    return kept
