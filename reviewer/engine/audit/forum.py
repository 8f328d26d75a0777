"""Arbitration and court at once (或裁或审)."""

import re
from collections.abc import Sequence

from reviewer.contract import Contract
from reviewer.engine.audit.observation import Observation
from reviewer.engine.statements import Statement

_ARBITRATION = re.compile(
    r"(提交|申请|向)[^,。;]{0,24}仲裁|仲裁委员会[^,。;]{0,10}(仲裁|裁决|解决)|由[^,。;]{0,20}仲裁|(去|走|可以?)(申请)?仲裁|到[^,。;]{0,16}仲裁|(请|提请|找|去)[^,。;]{0,16}仲裁委|仲裁委(员会)?(来)?裁|(可|得|可以)?(交|送|提请|诉诸)[^,。;]{0,16}仲裁委"
)
_COURT = re.compile(
    r"(向|提交|由)[^,。;]{0,30}法院[^,。;]{0,10}(起诉|诉讼|管辖|解决|裁判)|提起诉讼|法院(起诉|诉讼|管辖)|起诉至[^,。;]{0,20}法院|法院管辖|管辖法院|法院[^,。;]{0,20}管辖权|(到|去|上)[^,。;]{0,12}法院(去|来)?(告|起诉|打官司|诉|解决)|(可以?|或者?|也可以?|亦[得可])(去|到|上|向|诉至?)?[^,。;]{0,16}法院|(去|到)[^,。;]{0,16}的法院"
)
_EITHER = re.compile(
    r"仲裁[^。;]{0,8}(还是|也可以?|亦得)[^,。;]{0,10}法院|法院[^。;]{0,8}(还是|也可以?|亦得)[^,。;]{0,10}仲裁"
)
"""Both in one breath: 找仲裁还是去法院都可以."""
_OTHER = re.compile(
    r"劳动(争议|仲裁|人事)|申请(强制)?执行|保全|撤销(仲裁)?裁决|工伤|仲裁裁决|人事争议|调减|酌减|申请减|对[^,。;]{0,6}裁决"
)


def forum(contract: Contract, statements: Sequence[Statement]) -> list[Observation]:
    """Return the passages that agree on arbitration and on a court for the same disputes.

    Such an arbitration clause is in general void: 仲裁法解释 article 7.
    """
    both = [s for s in statements if _is(s, _EITHER)]
    arbitration = both or [s for s in statements if _is(s, _ARBITRATION)]
    court = both or [s for s in statements if _is(s, _COURT)]
    if not arbitration or not court:
        return []
    spans = tuple(sorted({arbitration[0].span, court[0].span}))
    return [
        Observation(
            "forum_conflict",
            "仲裁与诉讼并存",
            spans,
            "同一争议既约定仲裁又约定诉讼，仲裁约定一般会被认定无效",
            "arbitration and litigation are both agreed for the same disputes",
            contradiction=True,
            severity="medium",
            confidence=0.9,
        )
    ]


def _is(statement: Statement, pattern: re.Pattern[str]) -> bool:
    return bool(pattern.search(statement.own.text)) and not _OTHER.search(statement.own.text)
