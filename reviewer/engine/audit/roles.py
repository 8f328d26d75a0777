"""Parties swapped in a sentence against the sense of the rest."""

import re
from collections.abc import Sequence

from reviewer.contract import Contract
from reviewer.engine.audit.observation import Observation
from reviewer.engine.statements import Statement

_SWAPPED = (
    re.compile(
        r"外包商(应|须|应当|需)?(于|在|按)?[^,。;商]{0,20}向商家(支付|付清|缴纳)[^,。;]{0,10}(服务费|外包费|客服费)"
    ),
    re.compile(
        r"商家(应|应当|须|负责|按)?[^,。;商]{0,8}(为|向)外包商[^,。;]{0,12}提供[^,。;]{0,10}客服(外包)?服务"
    ),
    re.compile(
        r"外包商(的)?(天猫|淘宝|京东|拼多多|抖音)?(店铺|旗舰店|网店)[^,。;]{0,10}(售前|客服)"
    ),
)
_RETURN = re.compile(r"退还|退回|返还|违约金|赔偿|扣|费的\d|外泄|泄露|违反|每(?:次|起|条)")
"""What a vendor owes for a breach, or gives back, is not a fee."""


def roles(contract: Contract, statements: Sequence[Statement]) -> list[Observation]:
    """Return the sentences in which the parties seem to have changed places."""
    return [
        Observation(
            "parties_swapped",
            "双方角色颠倒",
            (statement.span,),
            "本句中双方的角色与合同其余部分相反，疑似甲方、乙方写反",
            "the parties seem to have changed places in this sentence",
            contradiction=True,
            severity="medium",
            confidence=0.7,
        )
        for statement in statements
        if any(p.search(statement.own.text) for p in _SWAPPED)
        and not _RETURN.search(statement.own.text)
    ]
