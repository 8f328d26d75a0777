"""A contract's terms: every extractor over one reading."""

import re

from reviewer.contract import Contract
from reviewer.shop.catalogue import Catalogue
from reviewer.terms.commercial import charges_of, fees_of, limits_of, payments_of, retentions_of
from reviewer.terms.dates import duration_of, notices_of, rhythms_of
from reviewer.terms.deductions import deductions_of
from reviewer.terms.ladder import steps_of
from reviewer.terms.reading import Reading
from reviewer.terms.targets import TargetFinder
from reviewer.terms.term import Ramp, Term, Terms

_EXCLUDED = re.compile(
    r"(断货|缺货|断供|故障|宕机|平台|停运|政策|不可抗力|崩|恶意|缺配件)[^。;]{0,50}(剔除|扣除|不计入|不纳入|除外|不算|不考核|扣除不计|不列入|剔)"
    r"|(剔除|扣除|不计入|不纳入|除外)[^。;]{0,40}(断货|缺货|故障|宕机)"
)
_MEASURED = re.compile(
    r"[\u4e00-\u9fffa-z]{2,12}(?:率|时长|时间|得分|均分)[^。;,|\d]{0,8}\|?(?:应|须)?(?:不低于|不高于|不超过|不少于|≥|≤|达到|不长于)\d"
)
_NO_METRIC = re.compile(
    r"离职|流失|储备|出勤|在岗|满编|空岗|并发|流动|税率|保存|逾期|违约|付款|涨幅"
)


def terms_of(contract: Contract, catalogue: Catalogue) -> Terms:
    """Return the terms of `contract` that are watched after signing, to be confirmed by a person."""
    reading = Reading.of(contract)
    finder = TargetFinder(catalogue)
    targets, baselines = finder.targets(reading)
    deductions, cap = deductions_of(reading, finder, catalogue)
    client, vendor = contract.party("client"), contract.party("vendor")
    return Terms(
        contract=contract.file,
        sha256=contract.sha256,
        client=(client.name or client.role) if client else "",
        vendor=(vendor.name or vendor.role) if vendor else "",
        targets=tuple(targets),
        baselines=tuple({(b.metric, b.value): b for b in reversed(baselines)}.values())[::-1],
        deductions=tuple(deductions),
        cap=cap,
        ramp=_ramp(reading),
        steps=tuple(steps_of(reading, finder)),
        exclusions=tuple(
            Term(source=reading.source(s))
            for s in reading
            if _EXCLUDED.search(s.own.text)
            and re.search(r"考核|数据|指标|统计|计算|会话|日期|时段|不算", s.own.text)
        ),
        unrecognised=tuple(_unrecognised(reading, finder)),
        fees=tuple(fees_of(reading)),
        payments=tuple(payments_of(reading)),
        retentions=tuple(retentions_of(reading)),
        notices=tuple(notices_of(reading)),
        charges=tuple(charges_of(reading)),
        limits=tuple(limits_of(reading)),
        rhythms=tuple(rhythms_of(reading)),
        duration=duration_of(reading),
    )


_RAMP = re.compile(
    r"(\d+)(?:个)?(日|天|个?月)[^。;]{0,10}(?:为)?(?:磨合|过渡|适应|爬坡|试运行)"
    r"|(?:磨合期|过渡期|适应期|爬坡期)[^。;\d]{0,8}(\d+)(?:个)?(日|天|个?月)|首个?月"
)


def _ramp(reading: Reading) -> Ramp | None:
    """Return the ramp-up, where its length and what is demanded during it are given."""
    for statement in reading:
        text = statement.own.text
        match = _RAMP.search(text)
        if not match or not re.search(r"指标|考核|标准|kpi|达标", text):
            continue
        number, unit = (match[1] or match[3]), (match[2] or match[4])
        days = int(number) if number and unit in ("日", "天") else int(number or 1) * 30
        share = re.search(r"标准的?(\d+(?:\.\d+)?%)|按(\d+(?:\.\d+)?%)|打(\d+)折", text)
        free = re.search(r"不(设|考核|计|纳入|扣)|免于?考核|暂不|豁免", text)
        if share or free:
            ratio = (share[1] or share[2] or f"{int(share[3]) * 10}%") if share else None
            if days >= 1:
                return Ramp(days=days, ratio=ratio, source=reading.source(statement))
    return None


def _unrecognised(reading: Reading, finder: TargetFinder) -> list[Term]:
    """Return the sentences that demand a figure of something we have no metric for."""
    found = []
    for statement in reading:
        text = statement.own.text
        match = _MEASURED.search(text)
        if match is None or _NO_METRIC.search(match[0]):
            continue
        known = any(
            m.start < match.end() and match.start() < m.end + 8 for m in finder.mentions(text)
        )
        if not known:
            found.append(
                Term(
                    source=reading.source(statement), question="这项考核未能对应到指标，请人工跟踪"
                )
            )
    return found
