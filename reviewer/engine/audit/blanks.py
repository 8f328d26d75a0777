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


_BLANK = re.compile(
    r"_{2,}|【[\s_.…·xX×*]*】|\[[\s_.xX×*]*\]|[（(]\s{2,}[)）]|[xX×]{2,}|□|﹍+|〔\s*〕|【(?:金额|比例|日期|天数|数字|填写|待定|待填)[^】]{0,6}】|待定|待填"
)
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
)


def blanks(contract: Contract, statements: Sequence[Statement]) -> tuple[Blank, ...]:
    """Return the operative statements in which a key item is blank.

    Blank contact data, bank details, signatures and dates of signing do not count (playbook,
    rf_blanks).
    """
    found: list[Blank] = []
    for statement in statements:
        raw = statement.span.of(contract.text)
        for match in _BLANK.finditer(raw):
            if _is_name(raw, match):
                continue
            around = raw[max(0, match.start() - 22) : match.end() + 10]
            near = raw[max(0, match.start() - 10) : match.end() + 4]
            if _HARMLESS.search(near.lower()):
                continue
            key = next((key for key in _KEYS if key[0].search(around)), None)
            if key:
                found.append(Blank(statement.span, key[1], key[2]))
                break
    return tuple(found)


def _is_name(raw: str, match: re.Match[str]) -> bool:
    """Return whether XX stands in a name rather than for a number (杭州XX公司)."""
    if match[0][0] not in "xX×":
        return False
    after = raw[match.end() : match.end() + 6]
    return bool(re.match(r"(公司|有限|商贸|科技|电商|先生|女士|旗舰店|专营|网络|文化|信息)", after))
