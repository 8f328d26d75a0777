"""Dates: how long the contract runs, when notice is due, which reports and meetings recur."""

import re
from collections.abc import Iterator
from datetime import date

from reviewer.engine.statements import Statement
from reviewer.terms.reading import Reading
from reviewer.terms.term import Duration, Notice, Period, Rhythm, Who

_FROM_TO = re.compile(
    r"(?:自|从|期限:?)?(?:西元|公元)?(\d{4})年(\d{1,2})月(\d{1,2})[日号]?起?(?:,)?(?:至|到|-|~)(?:(\d{4})年)?(\d{1,2})月(\d{1,2})[日号]"
)
_FROM = re.compile(r"自(?:西元|公元)?(\d{4})年(\d{1,2})月(\d{1,2})日起")
_LONG = re.compile(
    r"(?:期限|有效期|合作期|服务期)[^。;\d]{0,10}(\d{1,2}(?:\.\d+)?)(个月|年)|(?:共计?)(\d{1,2})(个月|年)"
)
_NOTICE = re.compile(
    r"(?:提前|须?先期|应于?提前)(?P<within>\d+(?:\.\d+)?个?(?:工作日|自然日|日|天|月))(?P<between>[^。;]{0,30})"
)
_BEFORE_END = re.compile(
    r"(?:期满|届满|到期|届期|合同期满)前(?P<within>\d+(?:\.\d+)?个?(?:工作日|日|天|月))"
)
_OBJECT = re.compile(
    r"(?P<within>\d+个?(?:工作日|日|天))内[^。;]{0,20}?(?:异议|复核|申诉|复评|核对|确认|意见)"
)
_ENDS = re.compile(r"解除|终止|退出|结束|不再|解约|离场")
_WEEKDAYS = {
    "一": 1,
    "1": 1,
    "二": 2,
    "2": 2,
    "三": 3,
    "3": 3,
    "四": 4,
    "4": 4,
    "五": 5,
    "5": 5,
    "六": 6,
    "日": 7,
    "天": 7,
}
_REPORT = re.compile(r"日报|周报|月报|报表|报告|简报|数据|明细")
_MEETING = re.compile(r"复盘|例会|会议|开会|经营会|评审会|检讨|过[一1]遍")
_EVERY: tuple[tuple[str, Period], ...] = (
    (r"每(?:个)?(?:日|天|晚|工作日)|按日|日报", "day"),
    (r"每周|按周|周报|每星期", "week"),
    (r"每月|按月|月报|月度|每个月", "month"),
    (r"每季|季度", "quarter"),
)


def duration_of(reading: Reading) -> Duration | None:
    """Return the life of the contract, or None where no sentence gives it."""
    best: Duration | None = None
    for statement in reading:
        text = statement.own.text
        if not re.search(
            r"期限|有效期|自\d{4}年|合同期|合作期|服务期|期间", text + statement.heading
        ):
            continue
        span = _FROM_TO.search(text)
        length = _LONG.search(text)
        months = _months(length)
        if span:
            made = _dated(span, statement, reading, months)
            if made:
                return made
        start = _FROM.search(text)
        if (
            (start or months)
            and best is None
            and not re.search(r"保密|质保|试用|磨合|保存|缓冲|过渡", text)
        ):
            best = Duration(
                start=_day(*start.groups()) if start else None,
                end=None,
                months=months,
                source=reading.source(statement),
                question=None if start else "起算日要看签署或上线日期，请填写 start",
            )
    return best


def _dated(
    span: re.Match[str], statement: Statement, reading: Reading, months: int | None
) -> Duration | None:
    start = _day(span[1], span[2], span[3])
    end = _day(span[4] or span[1], span[5], span[6])
    if start is None or end is None or end < start:
        return None
    question = None
    real = round(((end - start).days + 1) / 30.4375)
    if months and abs(real - months) > 1:
        question = f"起止日约 {real} 个月，与写明的 {months} 个月不一致"
    return Duration(
        start=start, end=end, months=months, source=reading.source(statement), question=question
    )


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _months(match: re.Match[str] | None) -> int | None:
    if match is None:
        return None
    number = float(match[1] or match[3])
    return int(number * 12) if (match[2] or match[4]) == "年" else int(number)


def notices_of(reading: Reading) -> list[Notice]:
    """Return the notices and objections that have to be given in time."""
    found: list[Notice] = []
    for statement in reading:
        found += _notices(statement, reading)
    unique: dict[tuple[str, str | None, str], Notice] = {}
    for notice in found:
        unique.setdefault((notice.kind, notice.who, notice.within), notice)
    return list(unique.values())


def _notices(statement: Statement, reading: Reading) -> Iterator[Notice]:
    text = statement.own.text
    source = reading.source(statement)
    before_end = _BEFORE_END.search(text)
    if before_end:
        yield Notice(kind="renewal", who=None, within=before_end["within"], source=source)
    for match in _NOTICE.finditer(text):
        around = text[max(0, match.start() - 24) : match.end()]
        if re.search(r"主管|经理|组长|更换|离职|活动|大促|预估|直播", around):
            continue
        if _ENDS.search(around):
            yield Notice(
                kind="leave", who=_who(text, match.start()), within=match["within"], source=source
            )
        elif re.search(r"增减|变更单|增加|减少", text):
            yield Notice(
                kind="change", who=_who(text, match.start()), within=match["within"], source=source
            )
        elif re.search(r"价格|单价|调整上述|涨|新价|调价", text):
            yield Notice(
                kind="price", who=_who(text, match.start()), within=match["within"], source=source
            )
    objection = _OBJECT.search(text)
    if objection and not before_end:
        subject = statement.governing(statement.shift + objection.start())
        named: dict[str, Who] = {"商家": "client", "外包商": "vendor"}
        who = named.get(subject.party) if subject else _who(text, objection.start())
        yield Notice(kind="objection", who=who, within=objection["within"], source=source)


def _who(text: str, at: int) -> Who | None:
    """Return the party named last before `at`; None for both and for nobody."""
    places = {
        "client": text.rfind("商家", 0, at),
        "vendor": text.rfind("外包商", 0, at),
        "both": max(
            text.rfind("双方", 0, at), text.rfind("任何1方", 0, at), text.rfind("任1方", 0, at)
        ),
    }
    name, place = max(places.items(), key=lambda item: item[1])
    if place < 0 or name == "both":
        return None
    return "client" if name == "client" else "vendor"


def rhythms_of(reading: Reading) -> list[Rhythm]:
    """Return the reports and meetings that recur."""
    found: dict[tuple[str, Period, int | None], Rhythm] = {}
    for statement in reading:
        text = statement.own.text
        if re.search(r"不(出具|另设|提交)|抽检|抽查|检查", text):
            continue
        for part in re.split(r"[,、]", text):
            kind = "meeting" if _MEETING.search(part) else "report" if _reports(part) else None
            every = next((p for pattern, p in _EVERY if re.search(pattern, part)), None)
            if kind is None or every is None:
                continue
            key = (kind, every, _on(part, every))
            found.setdefault(
                key,
                Rhythm(kind=kind, every=every, day=key[2], source=reading.source(statement)),
            )
    return list(found.values())


def _reports(part: str) -> bool:
    return bool(
        _REPORT.search(part)
        and re.search(r"提交|报送|报告|发送|呈送|出具|缮具|同步|发(?:1份|前|日|周|月)|发$|送", part)
    ) and not re.search(r"对账单|结算|发票|培训|演练", part)


def _on(part: str, every: Period) -> int | None:
    if every == "week":
        match = re.search(r"(?:周|星期)([一二三四五六日天1-5])", part)
        return _WEEKDAYS[match[1]] if match else None
    match = re.search(r"(?:每月|次月|每个月)(\d{1,2})[日号]", part)
    return int(match[1]) if every == "month" and match and 1 <= int(match[1]) <= 31 else None
