"""Money terms: fees, payments, what is held back, what is owed on an event, and limits."""

import re
from collections.abc import Iterator
from typing import Literal

from reviewer.engine.statements import Statement
from reviewer.terms.reading import Reading, context
from reviewer.terms.term import Base, Charge, Fee, Limit, Payment, Retention, Who

_SUM = r"(?:人民币|rmb|¥|￥)?(?P<sum>\d+(?:\.\d+)?(?:万)?(?:元|块|圆))"
_SEAT = re.compile(
    r"每(?:个|名)?(?:席|座席|坐席|客服|人)[^。;|\d]{0,6}每?月[^。;|\d]{0,10}" + _SUM
    + r"|" + _SUM.replace("sum", "sum2") + r"/(?:席|人|坐席|座席|岗)[/·.]?月"
    + r"|" + _SUM.replace("sum", "sum3") + r"(?:整)?为?每席每月"
)  # fmt: skip
_MONTHLY = re.compile(
    r"(?:每月|月费|月度|按月|即每月|月服务费)[^。;|\d每]{0,16}?"
    + _SUM
    + r"(?!/(?:席|人|次|单|条|店))"
    r"|" + _SUM.replace("sum", "sum2") + r"(?:整)?/(?:个)?月"
)
_TOTAL = re.compile(r"合同总?(?:价款|价|金额|费用|额)[^。;|\d]{0,10}" + _SUM)
_SESSION = re.compile(_SUM + r"/(?:次|单|会话|通|条)")
_SEATS = re.compile(
    r"(?:客服|坐席|座席|席位|在线|日间|配备|安排|配置)[^。;|\d]{0,12}?(?P<n>\d+)(?:名|席|个坐席|个席位|人)(?!/)"
    r"|(?P<m>\d+)席合计|(?P<o>\d+)席[×x*]"
)
_FEE_WORDS = re.compile(
    r"服务费|托管费|价款|月费|费用|单价|报酬|酬金|坐席|席位|总价|价格|底薪|计费|收费"
)
_PREPAID = re.compile(
    r"预付|先付|提前[^。;]{0,6}(支付|付款)|前付清|前一?次?付清|一次性?付清|1次付清|首期|启动款|首季|预存|前预?付"
)
_MONTHS_AHEAD = (
    (re.compile(r"按年|年付|付清12个月|全年"), 12),
    (re.compile(r"按季|首季|每季|季度费用|季付"), 3),
    (re.compile(r"(\d+)个月"), 0),
    (re.compile(r"当月|次月|下月|下1月|月初"), 1),
)
_WITHIN = re.compile(
    r"(?:后|起)(?P<within>\d+个?(?:工作日|日|天))内?[^。;,]{0,4}(?:支付|付款|付清|付)"
)
_DUE = re.compile(r"(?:每月|次月|当月|于)(?P<day>\d{1,2})[日号]之?前")
_HELD = re.compile(
    r"(?P<share>\d+(?:\.\d+)?%)[^。;%]{0,12}?(?:作为|留作|留存|作|为|保留)?[^。;%]{0,6}?(?:质保金|质量保证金|品质保证金|保证金|尾款)"
    r"|(?:留存|保留|留取|扣留|预留)[^。;%]{0,16}?(?P<share2>\d+(?:\.\d+)?%)"
)
_DEPOSIT = re.compile(r"(?:保证金|押金)[^。;\d]{0,8}" + _SUM)
_BEFORE_DEPOSIT = re.compile(_SUM + r"[^。;\d]{0,8}(?:保证金|押金)")
_AFTER_END = re.compile(
    r"(?:终止|期满|届满|结束|解除)[^。;]{0,20}?(?P<time>\d+(?:\.\d+)?个?(?:工作日|日|天|个月|月|年))"
)
_NO_REFUND = re.compile(r"不予?(?:退还|退回|返还|退)|概不退|不退|归外包商所有|抵作外包商损失")
_REFUND = re.compile(r"(?:退还|退回|返还)")
_LATE = re.compile(
    r"(?:每(?:逾期|迟延|迟|晚|延迟)?(?:1)?[日天]|按日|每日)[^。;]{0,24}?(?P<rate>\d+(?:\.\d+)?%)|(?P<rate2>\d+(?:\.\d+)?%)/[日天]"
    r"|日(?P<rate3>0\.\d+%)"
)
_LATE_WORDS = re.compile(r"逾期|迟延|晚付|拖欠|延迟付|迟付|欠款|欠付|未付|遲延")
_PENALTY = re.compile(
    r"(?:支付|承担|给付|另付|扣减?|处|按)(?P<between>[^。;]{0,26}?)(?P<rate>\d+(?:\.\d+)?(?:%|万?元|个月))(?P<behind>[^。;]{0,14})"
)
_EXIT = re.compile(
    r"提前(?:解除|终止|解约|退出)|中途(?:停止|要求终止|解约)|不得(?:提前|单方)(?:解除|终止)|确需(?:提前)?解除"
)
_REMAINING = re.compile(r"剩余[^。;]{0,16}?(?:服务费|托管费|费用)(?:的(?P<share>\d+%))?")
_LIMIT = re.compile(
    r"(?:以|不超过|不高于|限于|上限为?|为上限)(?P<between>[^。;]{0,26}?)"
    r"(?:(?P<months>\d+)个月[^。;\d]{0,14}?(?:费|款)|当月[^。;]{0,10}?(?:费|款)|(?P<sum>\d+(?:\.\d+)?万?元)|合同总(?:价|额|金额)|(?P<share>\d+%)|(?:全年|合同年度|年度?)[^。;]{0,6}服务费)"
)
_LIMIT_ABOUT = re.compile(
    r"(责任|赔偿|赔付|义务)[^。;]{0,40}(为限|上限|不超过|限于|最多)|(最多|不超过)[^。;]{0,20}(赔偿|赔付|责任)"
)
_CARVED = re.compile(
    r"(?:但|除|唯|不适用于|不受)[^。;]{0,40}?(数据泄露|泄露[^,。;]{0,8}|信息泄露|泄密|故意|重大过失|第3[人方]索赔|人身损害)"
)


_KINDS: tuple[tuple[Literal["seat", "total", "monthly", "session"], re.Pattern[str]], ...] = (
    ("seat", _SEAT),
    ("total", _TOTAL),
    ("monthly", _MONTHLY),
    ("session", _SESSION),
)


def fees_of(reading: Reading) -> list[Fee]:
    """Return what the service costs, in the order of the text."""
    found: list[Fee] = []
    seats = _seats(reading)
    for statement in reading:
        text = statement.own.text
        priced = _FEE_WORDS.search(context(statement)) or "元/席/月" in text
        if priced and not re.search(r"违约金|赔偿|保证金|押金|每次|奖|提成|补偿|扣|每增减", text):
            found += _fees(statement, reading, seats)
    return found


def _fees(statement: Statement, reading: Reading, seats: int | None) -> Iterator[Fee]:
    text = statement.own.text
    source = reading.source(statement)
    for kind, pattern in _KINDS:
        matches = list(pattern.finditer(text))
        if kind == "monthly" and (summed := re.search(r"合计|即每月", text)):
            matches = [m for m in matches if m.end() > summed.start()][-1:]
        for match in matches:
            words = next(g for name, g in match.groupdict().items() if g and name[:3] == "sum")
            yield Fee(
                kind=kind,
                amount=_yuan(words),
                seats=seats if kind == "seat" else None,
                source=source,
                question="没有写明坐席数" if kind == "seat" and seats is None else None,
            )
        if matches and not (kind == "seat" and re.search(r"即每月|合计", text)):
            return


def _seats(reading: Reading) -> int | None:
    """Return the agents that the contract orders; None where it gives no or several numbers."""
    numbers = []
    for statement in reading:
        text = statement.own.text
        if re.search(
            r"大促|双1|618|活动|增派|加派|储备|抽检|上限|同时|经理|主管|组长", context(statement)
        ):
            continue
        numbers += [int(m["n"] or m["m"] or m["o"]) for m in _SEATS.finditer(text)]
    wanted = {number for number in numbers if number > 1}
    return wanted.pop() if len(wanted) == 1 else None


def payments_of(reading: Reading) -> list[Payment]:
    """Return when the merchant pays."""
    found: list[Payment] = []
    for statement in reading:
        text = statement.own.text
        if not re.search(r"支付|付款|付清|预付|结算|付", text) or re.search(
            r"违约金|赔偿|滞纳|提成|佣金|社保|工资|加班|剩余|遣散|补偿|未消耗|尚未|保证金.{0,24}付清",
            text,
        ):
            continue
        if not _FEE_WORDS.search(context(statement)) and not _PREPAID.search(text):
            continue
        found += _payment(statement, reading)
    return found


def _payment(statement: Statement, reading: Reading) -> Iterator[Payment]:
    text = statement.own.text
    source = reading.source(statement)
    due = _DUE.search(text)
    day = int(due["day"]) if due and 1 <= int(due["day"]) <= 31 else None
    within = _WITHIN.search(text)
    no_advance = re.search(r"(不|无)[^。;,]{0,4}预付|如有预付|未使用的预付", text)
    if re.search(r"上月|无异议的?于", text) and not no_advance:
        yield Payment(
            kind="monthly_after",
            due_day=day,
            within=within["within"] if within else None,
            source=source,
        )
    elif day and re.search(r"下月|下1月", text):
        yield Payment(kind="monthly_before", due_day=day, months=1, source=source)
    elif _PREPAID.search(text) and not no_advance:
        share = re.search(r"(?<!税率)(?<!税率为)\d+(?:\.\d+)?%(?!增值税)", text)
        sums = None if re.search(r"每月|元/月", text) else re.search(_SUM, text)
        yield Payment(
            kind="prepayment",
            share=share[0] if share else None,
            amount=_yuan(sums["sum"]) if sums and not share else None,
            due_day=day,
            months=_months_ahead(text),
            refundable=_refundable(text),
            source=source,
        )
    elif re.search(r"次月\d|上月|后付|结算单|发票|账单|对账|月终", text) and "核对" not in text:
        if within or day or "后付" in text:
            yield Payment(
                kind="monthly_after",
                due_day=day,
                within=within["within"] if within else None,
                source=source,
            )
    elif day and re.search(r"下月|当月|本月|下1月", text):
        yield Payment(kind="monthly_before", due_day=day, months=1, source=source)


def _months_ahead(text: str) -> int | None:
    for pattern, months in _MONTHS_AHEAD:
        match = pattern.search(text)
        if match:
            return months or int(match[1])
    return None


def _refundable(text: str) -> bool | None:
    if _NO_REFUND.search(text):
        return False
    return True if _REFUND.search(text) else None


def retentions_of(reading: Reading) -> list[Retention]:
    """Return what is held back, and deposits that the merchant pays."""
    found: list[Retention] = []
    for statement in reading:
        text = statement.own.text
        if not re.search(r"质保金|保证金|押金|余下|其余|留存|尾款", text):
            continue
        held = _HELD.search(text)
        deposit = _DEPOSIT.search(text) or _BEFORE_DEPOSIT.search(text)
        if held is None and deposit is None:
            continue
        after = _AFTER_END.search(text)
        merchant = re.search(
            r"商家[^。;]{0,16}(支付|交|缴|预付|向外包商)|外包商[^。;,]{0,6}收|归外包商所有", text
        )
        share = (held["share"] or held["share2"]) if held else None
        words = deposit["sum"] if deposit else None
        found.append(
            Retention(
                share=share,
                amount=_yuan(words) if words and not share else None,
                paid_by="client" if merchant and not share else "vendor",
                release=_release(text),
                after_end=after["time"] if after else None,
                refundable=_refundable(text),
                source=reading.source(statement),
            )
        )
    return found


def _release(text: str) -> str | None:
    match = re.search(r"[^。;,]{0,30}(释放|支付|返还|退还|退回|付清|发放)[^。;]{0,16}", text)
    return match[0] if match else None


def charges_of(reading: Reading) -> list[Charge]:
    """Return what one side owes the other on an event: late fees, penalties, early exit."""
    found: list[Charge] = []
    for statement in reading:
        text = statement.own.text
        late = _LATE.search(text)
        if late and _LATE_WORDS.search(text):
            rate = late["rate"] or late["rate2"] or late["rate3"]
            who: Who = "vendor" if re.search(r"外包商(逾期|迟延)", text) else "client"
            base: Base | Literal["overdue"] = "overdue"
            if re.search(r"合同总", text):
                base = "contract_total"
            elif re.search(r"(当月|月)(服务费|费)的?\d", text):
                base = "monthly_fee"
            found.append(
                Charge(
                    kind="late_fee",
                    who=who,
                    event="逾期付款" if who == "client" else "逾期",
                    rate=rate,
                    base=base,
                    daily=True,
                    source=reading.source(statement),
                )
            )
            continue
        exit_ = _early_exit(statement, reading)
        if exit_:
            found.append(exit_)
            continue
        penalty = _penalty(statement, reading)
        if penalty:
            found.append(penalty)
    return found


def _early_exit(statement: Statement, reading: Reading) -> Charge | None:
    text = statement.own.text
    vendor = re.search(r"外包商[^。;商]{0,16}(提前|单方|确需|中途)", text)
    if not _EXIT.search(statement.full) or vendor:
        return None
    remaining = _REMAINING.search(text)
    if remaining:
        rate, base = remaining["share"] or "100%", "remaining"
    else:
        match = re.search(r"(?:支付|付)[^。;]{0,16}?(\d+个月|\d+(?:\.\d+)?万?元|\d+%)", text)
        if match is None or not re.search(r"违约金|补偿|赔偿|费", text):
            return None
        rate, base = match[1], "monthly_fee"
    return Charge(
        kind="early_exit",
        who="client",
        event="提前解除",
        rate=_yuan(rate),
        base=base,
        source=reading.source(statement),
    )


def _penalty(statement: Statement, reading: Reading) -> Charge | None:
    text = statement.own.text
    if "违约金" not in text and not re.search(r"每(次|起|1?起|1?条)[^。;]{0,16}(扣|支付)", text):
        return None
    if (
        re.search(r"考核|达标|连续|累计|第\d次|每超|每低|合同总价\d|不足以|不足弥补", text)
        and "泄" not in text
    ):
        return None
    match = _PENALTY.search(text)
    if match is None:
        return None
    subject = statement.governing(statement.shift + match.start())
    who: Who = "client" if subject and subject.party == "商家" and subject.is_duty else "vendor"
    if re.search(r"外包商[^。;]{0,20}向商家|个人向商家", text):
        who = "vendor"
    elif re.search(r"^商家(违反|逾期|未|在|不得)|(?<!向)商家应?(向外包商)?支付", text):
        who = "client"
    total = "合同总" in match["between"]
    return Charge(
        kind="penalty",
        who=who,
        event=_event(text[: match.start()] or text),
        rate=_yuan(match["rate"]),
        base="contract_total" if total else "monthly_fee",
        source=reading.source(statement),
    )


def _event(text: str) -> str:
    return re.split(r"[,:]", text)[0][:30]


def limits_of(reading: Reading) -> list[Limit]:
    """Return the caps on what the vendor answers for."""
    found: list[Limit] = []
    for statement in reading:
        text = statement.own.text
        if not _LIMIT_ABOUT.search(text) or re.search(
            r"商家[^。;,]{0,10}(责任|赔偿)[^。;]{0,10}为限", text
        ):
            continue
        match = _LIMIT.search(text)
        if match is None:
            continue
        if match["months"]:
            rate, base = f"{match['months']}个月", "monthly_fee"
        elif match["sum"]:
            rate, base = _yuan(match["sum"]), "monthly_fee"
        elif "合同总" in match[0]:
            rate, base = match["share"] or "100%", "contract_total"
        elif re.search(r"年", match[0]):
            share = re.search(r"(\d+)%", text[match.start() :])
            months = 12 * int(share[1]) // 100 if share else 12
            rate, base = f"{months}个月", "monthly_fee"
        else:
            rate, base = match["share"] or "1个月", "monthly_fee"
        carved = tuple(dict.fromkeys(m[1] for m in _CARVED.finditer(text)))
        found.append(
            Limit(rate=rate, base=base, carve_outs=carved, source=reading.source(statement))
        )
    return found


def _yuan(words: str) -> str:
    return words.replace("块", "元").replace("圆", "元")
