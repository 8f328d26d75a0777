"""Detectors: flags that patterns alone cannot decide."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from reviewer.contract import Contract
from reviewer.engine.assess import Assessment, Assessor
from reviewer.engine.audit import Observation, blanks
from reviewer.engine.late_fee import late_fees
from reviewer.engine.stale_law import stale_citations
from reviewer.engine.venue import venue_side
from reviewer.knowledge.laws import LawBook
from reviewer.text import Span


@dataclass(frozen=True)
class Sign:
    """What a detector found: passages, and what is wrong with them in Chinese and English."""

    spans: tuple[Span, ...]
    note: str
    note_en: str


@dataclass(frozen=True)
class Facts:
    """What detectors may look at."""

    contract: Contract
    assessor: Assessor
    elements: Mapping[str, Assessment]
    """The assessment of every element of every protection."""
    laws: LawBook
    observations: tuple[Observation, ...]


def _blanks(facts: Facts) -> tuple[Sign, ...]:
    return tuple(
        Sign((blank.span,), f"{blank.what}留空", f"{blank.what_en} left blank")
        for blank in blanks(facts.contract, facts.assessor.statements)
    )


def _contradiction(facts: Facts) -> tuple[Sign, ...]:
    return tuple(
        Sign(seen.spans, seen.message, seen.message_en)
        for seen in facts.observations
        if seen.contradiction
    )


def _stale_law(facts: Facts) -> tuple[Sign, ...]:
    return tuple(
        Sign((stale.span,), stale.message, stale.message_en)
        for stale in stale_citations(facts.contract, facts.laws)
    )


def _unguarded_conversion(facts: Facts) -> tuple[Sign, ...]:
    """Playbook 1.4: a conversion target without a compliance floor is a caution."""
    conversion, guard = facts.elements.get("kp_conversion"), facts.elements.get("kp_guard")
    if not conversion or conversion.status == "absent" or (guard and guard.status == "met"):
        return ()
    if conversion.status == "partial" and not any(
        _TARGET.search(statement.own.text) for statement in conversion.statements
    ):
        return ()
    spans = tuple(statement.span for statement in conversion.statements[:2])
    return (Sign(spans, "有转化指标而无合规底线", "a conversion target without a floor"),)


_TARGET = re.compile(r"考核|指标|kpi|达到|达成|完成|不低于|不少于|提成|奖|扣|目标")


def _penalty_above_fee(facts: Facts) -> tuple[Sign, ...]:
    """A fixed penalty on the vendor for one breach that is above the fee of a month."""
    fee = _monthly_fee(facts)
    if fee is None:
        return ()
    for statement in facts.assessor.statements:
        text = statement.own.text
        for match in _FIXED_PENALTY.finditer(text):
            if _CLIENT_PAYS.search(text[: match.end()]) or _LIMIT.search(text):
                continue
            amount = _yuan(match["amount"], match["scale"])
            if amount > fee:
                return (
                    Sign(
                        (statement.span,),
                        f"一次违约的金额（{amount:f}元）高于月费（{fee:f}元）",
                        "one breach costs more than a monthly fee",
                    ),
                )
    return ()


def _within_fee(facts: Facts, span: Span) -> bool:
    """Return whether a passage names no penalty, or only fixed ones within the fee of a month."""
    fee = _monthly_fee(facts)
    texts = [s.own.text for s in facts.assessor.statements if s.span == span]
    if not any(_PENALTY.search(text) for text in texts):
        return True
    found = [match for text in texts for match in _FIXED_PENALTY.finditer(text)]
    if fee is None or not found or any(_RELATIVE.search(text) for text in texts):
        return False
    return all(_yuan(match["amount"], match["scale"]) <= fee for match in found)


def _monthly_fee(facts: Facts) -> Decimal | None:
    """Return the largest fee of a month that the contract states; None where there is none."""
    return max(
        (
            _yuan(*match.groups())
            for statement in facts.assessor.statements
            for pattern in _MONTHLY
            for match in pattern.finditer(statement.own.text)
            if not _EACH.search(statement.own.text[max(0, match.start() - 12) : match.end()])
            and not _LESS.search(match[0])
        ),
        default=None,
    )


def _yuan(number: str, scale: str | None) -> Decimal:
    return Decimal(number) * (10000 if scale else 1)


_MONTHLY = tuple(
    re.compile(pattern + r"(\d+(?:\.\d+)?)(万)?元(?!/(?:席|人|名|单|条|座))")
    for pattern in (
        r"(?:每月|月度?|/月|每个月)[^。;|\d]{0,24}?(?:费|费用|酬金|报酬|总价|合计|价款|结算)[^。;|\d]{0,16}?",
        r"(?:费|费用|酬金|报酬|价款)[^。;|\d]{0,8}(?:每月|按月|月)[^。;|\d]{0,12}?",
        r"(?:每个?月|包月)(?:包干|固定|每个月|收|付|给)[^。;|\d]{0,8}?",
        r"(?:每个?月|月付)(?:为|共|计|合计|只收)?(?:人民币)?(?=\d{4}|\d+(?:\.\d+)?万)",
    )
)
_LESS = re.compile(r"少[收付给]|减|扣|罚|赔")
_FIXED_PENALTY = re.compile(
    r"(?:违约金|赔偿(?:金)?|罚款|扣罚|赔|(?:泄露|泄漏|走漏|外泄|漏一|违者|违反|违约)[^。;,\d]{0,10}(?<!未)付(?!清|款|费))[^。;\d%]{0,10}(?P<amount>\d+(?:\.\d+)?)(?:(?P<scale>万)(?:元|块)?|元|块)"
)
_PENALTY = re.compile(r"违约|赔|罚|扣|漏|泄|不给|不付|不结|让利|每[次条起例]")
_RELATIVE = re.compile(r"%|倍|个月|不得|放弃|调[减整低]")
_CLIENT_PAYS = re.compile(
    r"(?<![向给对由])商家[^。;外]{0,40}(支付|承担|赔偿|给付|缴纳)|买家|消费者|向外包商[^。;]{0,6}(支付|赔偿|给付)"
)
_EACH = re.compile(r"每(席|人|名|位|个?坐席|座席|店|单|条)|单价|/席")
_LIMIT = re.compile(r"为限|上限|不超过|最高|封顶|保险|注册资本")


def _penalty_merchant_only(facts: Facts) -> tuple[Sign, ...]:
    """A late fee above the bound, or a penalty on the merchant while the vendor's breach has none."""
    fees = late_fees(facts.assessor.statements)
    month = _monthly_fee(facts)
    for fee in fees:
        share = fee.share or (fee.sum / month if month else None)
        if share and share > MOST_A_DAY:
            note = f"逾期付款每日{share * 100:.3g}%，高于每日0.1%"
            return (Sign((fee.span,), note, "a late fee above 0.1% a day"),)
    merchants = [s for s in facts.assessor.statements if _MERCHANT_PENALTY.search(s.own.text)]
    others = [s for s in facts.assessor.statements if s not in merchants]
    vendors = (facts.elements.get(name) for name in ("be_damages", "be_ladder", "ds_penalty"))
    if any(
        e and e.status == "met" and any(s not in merchants for s in e.statements) for e in vendors
    ):
        return ()
    if any(_VENDOR_PENALTY.search(statement.own.text) for statement in others):
        return ()
    spans = [statement.span for statement in merchants]
    spans += [fee.span for fee in fees if fee.share is None or fee.share > USUAL_A_DAY]
    return tuple(
        Sign((span,), "只约定了商家的违约金", "only the merchant pays") for span in spans[:1]
    )


_VENDOR_PENALTY = re.compile(
    r"外包商[^。;商]{0,40}(违约金|滞纳金)|"
    r"外包商[^。;商]{0,60}\d+(\.\d+)?(%|元|万元|倍)[^。;商]{0,20}(违约金|滞纳金)|"
    r"外包商[^。;商]{0,20}逾期[^。;]{0,40}同(1|样|等)标准[^。;]{0,10}违约金"
)
_MERCHANT_PENALTY = re.compile(
    r"商家[^。;外]{0,40}(逾期|迟延|延迟|拖欠|违约|提前)[^。]{0,60}?\d+(\.\d+)?(%|元|万元|倍)[^。;]{0,20}(违约金|滞纳金)|"
    r"商家[^。;外]{0,40}(逾期|迟延|延迟|拖欠|违约|提前)[^。]{0,40}(违约金|滞纳金)[^。;]{0,20}?\d+(\.\d+)?(%|元|万元|倍)|"
    r"(?<![向给对由])商家[^。;]{0,40}(招走|挖走|挖角|录用|聘用|雇用|招用|招揽|招聘)[^。;]{0,30}每[^。;]{0,6}(人|名)[^。;]{0,40}(赔|违约金|支付|补偿)|"
    r"商家[^。;外]{0,40}外包商[^。;]{0,12}(支付|赔偿)[^。;]{0,6}违约金\d"
)
USUAL_A_DAY = Decimal("0.0005")
MOST_A_DAY = Decimal("0.001")
"""A late fee above this share a day is excessive (playbook, rf_penalty_merchant_only)."""


def _vendor_venue(facts: Facts) -> tuple[Sign, ...]:
    """A court or commission named by place, where the place is the vendor's."""
    named = [s for s in facts.assessor.statements if _FORUM.search(s.own.text)]
    named = named or [s for s in facts.assessor.statements if _SIGNED_AT.search(s.own.text)]
    for statement in named:
        raw = statement.span.of(facts.contract.text)
        if venue_side(facts.contract, raw) == "vendor":
            return (Sign((statement.span,), "管辖地在乙方所在城市", "venue in the vendor's city"),)
    return ()


_FORUM = re.compile(r"法院|(?<!平台)(?<!劳动)仲裁(?!费)|管辖")
_SIGNED_AT = re.compile(r"签订地|签约地|履行地")
"""Where no forum is named, the place of signing or performance leads to one."""


DETECTORS: dict[str, Callable[[Facts], tuple[Sign, ...]]] = {
    "blanks": _blanks,
    "contradiction": _contradiction,
    "stale_law": _stale_law,
    "penalty_merchant_only": _penalty_merchant_only,
    "vendor_venue": _vendor_venue,
    "unguarded_conversion": _unguarded_conversion,
    "penalty_above_fee": _penalty_above_fee,
}
"""Name in the playbook to function."""

CLEARS: dict[str, Callable[[Facts, Span], bool]] = {"penalty_above_fee": _within_fee}
"""Name of a detector to what tells that a passage was measured and is clear, however it sounds."""
