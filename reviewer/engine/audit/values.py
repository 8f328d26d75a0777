"""One item with two values."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from reviewer.contract import Contract
from reviewer.engine.audit.observation import Observation
from reviewer.engine.statements import Statement
from reviewer.quantity import PATTERNS, Quantity, parse_quantity

_T, _P, _M = PATTERNS["时长"], PATTERNS["百分比"], PATTERNS["金额"]


class _Item(NamedTuple):
    """A thing that can have one value only, and how it is written."""

    name: str
    english: str
    pattern: re.Pattern[str]


_ITEMS = (
    _Item(
        "首次响应时间",
        "first response",
        re.compile(
            rf"(?:首次响应|首响)(?:时间|时长)?(?:\|(?=不超过|≤|不高于|[\d.]+(?:秒|分钟)(?:以?内|\|)))?[^,。;|\d]{{0,10}}({_T})"
        ),
    ),
    _Item(
        "平均响应时间",
        "average response",
        re.compile(rf"(?:平均响应|均响|平响)(?:时间|时长)?[^,。;|\d]{{0,10}}({_T})"),
    ),
    _Item("满意度", "satisfaction", re.compile(rf"满意(?:度|率)[^,。;|\d扣]{{0,10}}({_P})")),
    _Item(
        "合同期限",
        "term",
        re.compile(
            rf"(?:合同|协议|合作|服务)(?:有效)?(?:期限|期|周期)(?:为|是|:|共)+[^,。;|\d]{{0,3}}({_T})"
        ),
    ),
    _Item(
        "付款期限",
        "payment",
        re.compile(
            rf"收到[^,。;|]{{0,10}}发票后[^,。;|\d]{{0,6}}({_T})[^,。;]{{0,10}}(?:支付|付款|付清)"
        ),
    ),
    _Item(
        "月服务费",
        "monthly fee",
        re.compile(
            rf"(?:每月|月)(?:固定|基础)?(?:服务|外包)费(?:用)?(?:为|:|共计|合计|标准为)+[^,。;|\d]{{0,4}}({_M})"
        ),
    ),
    _Item(
        "逾期付款违约金",
        "late fee",
        re.compile(
            rf"商家[^,。;|]{{0,6}}逾期(?:付款|支付)[^。;|]{{0,30}}?(?:每日|日)[^。;|\d]{{0,16}}({_P})"
        ),
    ),
    _Item(
        "保密期限",
        "confidentiality",
        re.compile(
            rf"保密(?:义务|期限?)[^。;|\d]{{0,20}}?(?:终止|届满|结束)后[^,。;|\d]{{0,6}}({_T})"
        ),
    ),
    _Item(
        "坐席人数",
        "headcount",
        re.compile(
            r"(?:共|合计|总计|固定)?配(?:备|置)(?:专职|在线|固定)?(?:客服|坐席|座席)(?:人员)?(?:共|合计)?(\d+)(?:名|人|席|个)(?!/)"
        ),
    ),
    _Item(
        "提前解除通知",
        "notice",
        re.compile(
            rf"商家[^,。;|]{{0,10}}提前[^,。;|\d]{{0,4}}({_T})[^,。;|]{{0,12}}通知[^,。;|]{{0,10}}(?:解除|终止)"
        ),
    ),
)
_CONDITION = re.compile(
    r"大促|高峰|夜间|夜班|节假日|试用|磨合|首月|次月起|双11|618|双12|年货|活动期|峰值|零点|投诉|升级|低于|超过[^,]{0,6}(扣|减)|未达|扣|阶梯|如|若|延长|变更|历史|以往|过去|自营|上半年|第[1-4]季度|参考|不承诺|均值为|基线|近[\d三六]|适应期|放宽|参照|起点|实际|均值|的时候|自己人|不达标|促销|连着|0时|\d:\d\d|不考核|每(?:超过?|低|慢|高|少|多)|连续[^,。;]{0,3}[2-9]个?月|20\d\d年\d+月(?:至|到|-)|本店|自有|试运|头[1-9几]|对照|白班|晚班|早班|中班|机器人|转人工|套餐|[\u4e00-\u9fffa-z]{1,3}版(?!本)|[a-z一二三123]档|评分|分值|满分|权重|得分|\d分(?:$|[,。;|])|双旦|前排|旺季|[1-4]季度|自己|做的数"
)
_PRECEDENCE = re.compile(
    r"(不1(?:致|样)|冲突|不一致|不同|矛盾|抵触|相左|打架|对不上)[^。;]{0,16}(为准|优先|执行|[,](?:以|从|听|照|认|依|看))|"
    r"优先(适用|效力|次之)|(?:文件|附件)[^。;]{0,16}(?:次序|由高至低)|(?:特别|专用|补充|特约)(?:条款|条件|约定)[^。;]{0,6}优先"
)


def values(contract: Contract, statements: Sequence[Statement]) -> list[Observation]:
    """Return the items to which different statements give different values.

    Conditional values (promotions, nights, steps of a table) are left out: they may differ.
    A stated order of precedence settles body against annex.
    """
    settled = any(_PRECEDENCE.search(statement.own.text) for statement in statements)
    found: list[Observation] = []
    for item in _ITEMS:
        seen: dict[Quantity, Statement] = {}
        for statement in statements:
            if _CONDITION.search(statement.own.text):
                continue
            for match in item.pattern.finditer(statement.own.text):
                quantity = parse_quantity(match[1])
                if quantity:
                    seen.setdefault(quantity, statement)
        if len(seen) < 2:
            continue
        first, second = list(seen.values())[:2]
        if settled and first.article != second.article:
            continue
        found.append(
            Observation(
                "two_values",
                f"{item.name}前后不一致",
                tuple(dict.fromkeys((first.span, second.span))),
                f"{item.name}在合同中有两个不同的数值",
                f"the contract gives two values for {item.english}",
                contradiction=True,
                severity="medium",
                confidence=0.75,
            )
        )
    return found
