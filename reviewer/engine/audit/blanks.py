"""Blanks that matter: price, term, indicators, penalties, venue, headcount, hours."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from reviewer.contract import Contract
from reviewer.engine.statements import Statement
from reviewer.text import Span


class Blank(NamedTuple):
    """A statement with a key item left open."""

    span: Span
    what: str
    what_en: str


_UNIT = (
    r"(?:%|％|‰|秒|分钟|小时|万元|元|块|名|人|席|个|家|天|日|月|年|周|单|通|次|条|倍|折|成|点|线)"
)
"""What a number would stand before."""
_BLANK = re.compile(
    r"[_＿]{2,}\s*年\s*[_＿]+\s*月\s*[_＿]+\s*日|[_＿]{2,}|【[\s_＿.…·●○◯xX×*＊/]*】|\[[\s_＿.…·●○◯xX×*]*\]|［[\s_＿●○]*］|[（(]\s{2,}[)）]|[xX×]{2,}|□|﹍+|"
    r"〔[\s●○]*〕|【(?:金额|比例|日期|天数|数字|填写|待定|待填)[^】]{0,6}】|待定|待填|[●○]{2,}|"
    rf"(?<=[于过为到达共计约是付扣减按百千分之费满每超足])[ 　]{{2,}}(?=(?![年月日]){_UNIT})"
)
_OPEN_UNIT = re.compile(rf"\s*(?:/\s*)?(?!年[_＿\s]*月|月[_＿\s]*日){_UNIT}")
_HARMLESS = re.compile(
    r"联系|电话|手机|邮箱|e-?mail|微信|地址|住所|开户|账号|帐号|账户|户名|签字|签章|盖章|签订日期|签署日期|签约日期|身份证|信用代码|"
    r"法定代表|代表人|授权代表|合同编号|编号|负责人|联络|qq|税号|姓名|店铺(名|id|链接)|收件|传真|邮编|经办"
)
_KEYS: tuple[tuple[re.Pattern[str], str, str], ...] = (
    (re.compile(r"违约金|滞纳|扣(款|减|除|罚)|赔偿|罚"), "违约金或扣减比例", "penalty"),
    (re.compile(r"法院|仲裁|管辖"), "管辖地", "venue"),
    (
        re.compile(r"响应|回复|满意度|转化|应答|质检|差评率|解决率|达标|考核|秒|指标"),
        "考核指标",
        "indicator",
    ),
    (re.compile(r"期限|自.{0,24}起|起至|有效期|届满|合同期|为期|续"), "合同期限", "term"),
    (re.compile(r"元|费|价|单价|佣金|提成|保证金|押金|付款|支付|结算|税"), "价款或付款", "price"),
    (re.compile(r"人数|坐席|座席|席|名客服|名|人/|客服.{0,6}人|班次"), "人数", "headcount"),
    (re.compile(r"时段|时间|点|小时|工作日|每天|每日|班"), "服务时段", "hours"),
    (re.compile(r"%|比例|百分之"), "比例", "share"),
    (re.compile(r"日内|天内|天|日"), "期间天数", "days"),
    (re.compile(r"会话|接待量|单量|话务|咨询量|通话|保底"), "业务量", "volume"),
)
_OTHER_NUMBER = ("数量", "a number")


def blanks(contract: Contract, statements: Sequence[Statement]) -> tuple[Blank, ...]:
    """Return the operative statements in which a key item is blank.

    Blank contact data, bank details, signatures and dates of signing do not count (playbook,
    rf_blanks).
    """
    spans = [statement.span for statement in statements] + _lines_before(contract)
    found = (_blank_in(span, span.of(contract.text)) for span in spans)
    return tuple(sorted(blank for blank in found if blank))


def _lines_before(contract: Contract) -> list[Span]:
    """Return the lines before the first provision: an order form has its table there."""
    return [
        Span(clause.start + line.start(), clause.start + line.end())
        for clause in contract.clauses
        if clause.kind == "recital"
        for line in _LINE.finditer(clause.text)
    ]


_LINE = re.compile(r"[^\n]+")


def _blank_in(span: Span, raw: str) -> Blank | None:
    for match in _BLANK.finditer(raw):
        if _is_name(raw, match) or _is_tick_box(raw, match):
            continue
        around = raw[max(0, match.start() - 22) : match.end() + 10]
        near = raw[max(0, match.start() - 10) : match.end() + 4]
        if _HARMLESS.search(near.lower()):
            continue
        key = next((key[1:] for key in _KEYS if key[0].search(around)), None)
        if key is None and _OPEN_UNIT.match(raw, match.end()):
            key = _OTHER_NUMBER
        if key:
            return Blank(span, *key)
    return None


def _is_name(raw: str, match: re.Match[str]) -> bool:
    """Return whether XX stands in a name or masks a number, for a value (杭州XX公司, 0731-84XXXX)."""
    if match[0][0] not in "xX×":
        return False
    if re.search(r"\d$", raw[: match.start()]) or re.match(r"\d", raw[match.end() :]):
        return True
    after = raw[match.end() : match.end() + 6]
    return bool(re.match(r"(公司|有限|商贸|科技|电商|先生|女士|旗舰店|专营|网络|文化|信息)", after))


def _is_tick_box(raw: str, match: re.Match[str]) -> bool:
    """Return whether a box is one to tick for consent, or one beside others that are ticked."""
    if match[0] != "□":
        return False
    agreed = re.match(r"\s*(我|本人|本公司|您|已|同意)", raw[match.end() :])
    return bool(agreed) or bool(re.search(r"[☑☒■√✓✔]", raw))
