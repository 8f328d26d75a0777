"""The ladder: which miss, in which window, leads to which step."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Literal

from reviewer.engine.statements import Statement
from reviewer.quantity import parse_quantity
from reviewer.terms.mentions import MetricFinder
from reviewer.terms.reading import Reading, context
from reviewer.terms.term import Action, Base, Step, Trigger, Window

_ABOUT = re.compile(
    r"考核|指标|kpi|绩效|达标|不合格|及格|品质|质量|响应|满意|转化|应答|回复率|解决率|达不到|标准|预警|超标|sla"
)
_NOT_KPI = re.compile(
    r"泄露|泄漏|转包|停止接待|缺席|空岗|缺岗|离职|逾期(付款|支付)|成交额|交接|差评返现|严重错误|错发|付款|停服|可用性"
)
_CONSECUTIVE = re.compile(
    r"连续(?P<n>\d+)个?(?P<unit>日|天|自然日|工作日|月|自然月|考核月|考核期|季度|季)"
)
_COUNTED = re.compile(
    r"(?P<window>(?:当|该|同1|1个|单个?|自然)月内?|(?:同1|当|该|1个)?季度?内?|(?P<months>\d+)个月内?|"
    r"(?:年度|1年|合同年度|全年)内?|合同期内|服务期内|[同任][1一]考核期内)?"
    r"[^。;,\d第]{0,6}?(?:发生|出现|达到?)?(?P<how>第|累计|达|满)?(?P<n>\d+)(?P<unit>次|回|个月)"
)
_FIRST = re.compile(r"首次|头1[次回]|初次|第1[次回]|(?<!再)1次不达标")
_UNCURED = re.compile(
    r"(?:(?:整改|改善|改正|纠正|宽限)(?:期|期限)?(?:满|届满|逾期)?后?|期满|期限届满|经整改)?(?:后)?仍(?:未|不|没有?)(?:能)?(?:改善|改正|达标|合格|整改|达到|完成|达)"
    r"|(?:整改|改善)(?:期)?(?:满|届满)[^。;,]{0,4}(?:未|不)(?:达标|合格|改善)|不改善者"
)
_AFTER_NOTICE = re.compile(
    r"(?:经|接到|收到|在)?[^。;,]{0,6}(?:通知|催告|警示|提醒)[^。;,\d]{0,6}(?P<n>\d+)(?:个)?(?:日|天|工作日)内?[^。;,]{0,8}(?:仍)?(?:未|不|没)"
)
_RECTIFY = re.compile(
    r"(?P<within>\d+(?:\.\d+)?个?(?:小时|日|天|工作日|自然日))(?:之?内|期限)?[^。;,]{0,8}?(?:完成|提交)?(?:并完成)?[^。;,]{0,4}?(?:整改|改正|改善|纠正|改(?!变)|补正)"
    r"|(?:整改|改善|改正)(?:期|期限)(?:为)?(?P<period>\d+个?(?:小时|日|天|工作日))"
    r"|限(?:期)?(?P<limit>\d+个?(?:小时|日|天|工作日))"
)
_WARN = re.compile(
    r"(整改|警示|警告)(通知|函|书)|书面(提醒|警示|警告|通知)|黄牌|发出通知|发函|催告"
)
_DEDUCT = re.compile(
    r"(?:加?扣减?|扣除|扣罚|减付|核减|减收|扣款)(?P<between>[^。;\d]{0,16}?)(?P<rate>\d+(?:\.\d+)?(?:%|元|万元))"
)
_PENALTY = re.compile(
    r"(?:支付|另付|给付|收取|承担)(?P<between>[^。;]{0,24}?)(?:的)?(?P<rate>\d+(?:\.\d+)?(?:%|元|万元|个月))(?P<behind>[^。;]{0,16})"
)
_SHARE_OF_MONTH = re.compile(
    r"1个?月[^。;]{0,10}?(?:费|酬金|价款)[^。;]{0,4}?(?P<rate>\d+(?:\.\d+)?%)"
)
_TERMINATE = re.compile(r"(解除|终止|清退|解约|失其效力)(?!通知)")
_AUTOMATIC = re.compile(r"自动(终止|解除|失)|无[须需]通知|不再另行通知|无[须需]另行通知")
_VENDOR_ENDS = re.compile(r"外包商(可|有权|得)[^。;]{0,12}(解除|终止)")
_ANY_DAY = ("日", "天", "自然日", "工作日")


def steps_of(reading: Reading, finder: MetricFinder) -> list[Step]:
    """Return the steps of the ladder in the order of the text."""
    found: list[Step] = []
    near: str | None = None
    """The clause in which a sentence last spoke of missing the targets."""
    for statement in reading:
        text = statement.own.text
        about = bool(_ABOUT.search(context(statement))) and not _only_other(text)
        if not about and near != statement.clause:
            continue
        if _VENDOR_ENDS.search(text):
            continue
        made = list(_of(statement, reading, finder))
        if made:
            near = statement.clause
        found += made
    return [step.model_copy(update={"id": f"s{n}"}) for n, step in enumerate(found, 1)]


def _only_other(text: str) -> bool:
    return bool(_NOT_KPI.search(text)) and not re.search(
        r"考核|达标|指标|不合格|响应|满意|及格|品质", text
    )


def _of(statement: Statement, reading: Reading, finder: MetricFinder) -> Iterator[Step]:
    text = statement.own.text
    actions = _actions(text)
    if re.search(r"情形|情况", statement.lead) and _TERMINATE.search(statement.lead):
        automatic = bool(_AUTOMATIC.search(statement.lead))
        actions = (*actions, Action(kind="terminate", automatic=automatic))
    if not actions or re.search(r"不因|不享有|无权", text):
        return
    for trigger in _triggers(text, actions, finder):
        yield Step(
            id="s0",
            trigger=trigger,
            actions=actions,
            source=reading.source(statement),
            question=_question(trigger, actions, text),
        )


def _triggers(text: str, actions: tuple[Action, ...], finder: MetricFinder) -> Iterator[Trigger]:
    """Yield the triggers of a sentence; 第三次，或连续五日…… are two."""
    cure = _AFTER_NOTICE.search(text)
    cure_days = int(cure["n"]) if cure else None
    missed = _missed(text)
    run = _CONSECUTIVE.search(text)
    counted = _counted(text, run)
    metric, beyond = _metric(text, run, finder)
    if counted:
        yield _count_trigger(text, counted, missed)
    if run:
        unit: Literal["day", "month"] = "day" if run["unit"] in _ANY_DAY else "month"
        months = 3 if run["unit"] in ("季", "季度") else 1
        yield Trigger(
            kind="consecutive",
            n=int(run["n"]) * months,
            unit=unit,
            metric=metric,
            beyond=beyond,
            same_metric=bool(re.search(r"同1|同一|任[1一]指标|任何[1一]项", text)),
            metrics=missed,
            cure_days=cure_days,
        )
        return
    if counted:
        return
    if _UNCURED.search(text) or cure:
        yield Trigger(kind="uncured", cure_days=cure_days)
    elif re.search(r"再次|再犯|再有", text):
        yield Trigger(kind="count", n=2, metrics=missed)
    elif _FIRST.search(text) or _plain_miss(text, actions):
        first = _FIRST.search(text)
        before = text[max(0, first.start() - 6) : first.start()] if first else text
        yield Trigger(kind="count", n=1, window=_window(before)[0], metrics=missed)


def _counted(text: str, run: re.Match[str] | None) -> re.Match[str] | None:
    for match in _COUNTED.finditer(text):
        inside = run and run.start() <= match.start("n") < run.end()
        ahead = text[match.end() : match.end() + 6]
        lonely = match["how"] is None and match["window"] is None
        if match["unit"] == "个月" and match["how"] != "累计":
            continue
        if not inside and not lonely and not re.match(r"以?内|费|服务费", ahead):
            return match
    return None


def _count_trigger(text: str, match: re.Match[str], missed: int) -> Trigger:
    window, months = _window(match["window"] or text[: match.start("n")])
    return Trigger(
        kind="count",
        n=int(match["n"]),
        unit="month" if match["unit"] == "个月" else None,
        window=window if months is None else None,
        months=months,
        metrics=missed,
    )


def _window(words: str) -> tuple[Window | None, int | None]:
    sliding = re.search(r"(\d+)个月内?", words)
    if sliding:
        return None, int(sliding[1])
    for pattern, window in (
        (r"(?:当|该|每|同[1一]|1个|单个?|自然)月|月内|考核期内", "month"),
        (r"(?:当|该|同[1一]|1个)季|季度?内|季度$", "quarter"),
        (r"年度|年内|1年|全年|当年", "year"),
        (r"合同期|服务期|累计", "term"),
    ):
        if re.search(pattern, words):
            return window, None  # type: ignore[return-value]
    return None, None


def _missed(text: str) -> int:
    match = re.search(r"(\d+)项(?:以上)?(?:指标|绩效)?(?:未达标|不达标|未达到|不合格)", text)
    return int(match[1]) if match else 1


def _metric(
    text: str, run: re.Match[str] | None, finder: MetricFinder
) -> tuple[str | None, str | None]:
    """Return the metric that a run is about, and a value of its own."""
    if run is None:
        return None, None
    near = text[max(0, run.start() - 12) : run.end() + 30]
    mention = next((m for m in finder.mentions(near) if len(m.metrics) == 1), None)
    if mention is None:
        return None, None
    value = re.match(
        r"[^。;,\d]{0,8}(?:超过|低于|高于|不足)(\d+(?:\.\d+)?(?:秒|%|分))", near[mention.end :]
    )
    return mention.metrics[0], value[1] if value else None


def _plain_miss(text: str, actions: tuple[Action, ...]) -> bool:
    """Return whether a sentence answers any miss, without counting and without a rate."""
    return (
        bool(re.search(r"达不到|未达到?|不达标|不合格|不及格", text))
        and not _STEPWISE.search(text)
        and not re.search(r"\d(分|%)[^。;]{0,8}(扣|减)", text)
        and any(action.kind in ("warn", "rectify", "terminate") for action in actions)
    )


_STEPWISE = re.compile(
    r"每(超|低|高|慢|少|多|有|1项|项|升|降|逾|通)|\d+项(不|未)达标[^。;]{0,4}(支付|付)"
)


def _actions(text: str) -> tuple[Action, ...]:
    found: list[Action] = []
    rectify = _RECTIFY.search(text)
    cure = _AFTER_NOTICE.search(text)
    if rectify and not (cure and rectify.start() < cure.end() and cure.start() < rectify.end()):
        within = rectify["within"] or rectify["period"] or rectify["limit"]
        found.append(Action(kind="rectify", within=within))
    elif _WARN.search(text) and not _TERMINATE.search(text):
        found.append(Action(kind="warn"))
    deduct = None if _STEPWISE.search(text) else _DEDUCT.search(text)
    if deduct:
        found.append(Action(kind="deduct", rate=deduct["rate"], base=_base(deduct["between"])))
    penalty = None if deduct else _penalty(text)
    if penalty:
        found.append(penalty)
    if _TERMINATE.search(text) and not _STEPWISE.search(text):
        found.append(Action(kind="terminate", automatic=bool(_AUTOMATIC.search(text))))
    return tuple(found)


def _penalty(text: str) -> Action | None:
    share = _SHARE_OF_MONTH.search(text)
    if share:
        return Action(kind="penalty", rate=share["rate"])
    for match in _PENALTY.finditer(text):
        words = match["between"] + match["rate"] + match["behind"]
        if (
            re.search(r"违约金|服务费|合同总价|价款|月费|月结|费的?$|费用", words)
            and "免付" not in text
        ):
            months = match["rate"].endswith("个月")
            base: Base = "monthly_fee" if months else _base(match["between"])
            return Action(kind="penalty", rate=match["rate"], base=base)
    return None


def _base(words: str) -> Base:
    if re.search(r"合同总|总价", words):
        return "contract_total"
    if re.search(r"季", words):
        return "quarterly_fee"
    return "monthly_fee"


def _question(trigger: Trigger, actions: tuple[Action, ...], text: str) -> str | None:
    asked: list[str] = []
    if "预警" in text:
        asked.append("预警的触发值见附表，请核对")
    if trigger.kind == "count" and trigger.unit is None:
        asked.append("“一次”是一日不达标还是一个考核月不达标，没有写明")
    if trigger.kind == "uncured" and trigger.cure_days is None and not _rectify_days(text):
        asked.append("整改期限以前一步为准")
    if any(action.automatic for action in actions):
        asked.append("约定自动终止，仍应书面通知")
    return "；".join(asked) or None


def _rectify_days(text: str) -> Decimal | None:
    match = _RECTIFY.search(text)
    words = (match["within"] or match["period"] or match["limit"]) if match else None
    found = parse_quantity(words) if words else None
    return found.value / 86400 if found else None
