"""terms.yaml: written for a person to compare with the contract, read back with line numbers."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from reviewer.errors import TermsError
from reviewer.knowledge.source import line_of, read_yaml, validated
from reviewer.shop.catalogue import Catalogue
from reviewer.terms.term import Terms, amount, rate_of

HEAD = """\
# 合同条款（由程序从合同中摘出，每条都附条号和原文）。请与合同逐条核对：
#   1. 值不对就改，漏了就照样子补，不要的整条删去；question 是合同没有写清、需要你定的地方。
#   2. 断货、平台故障等不计入考核的日子写进 excluded_days，例如 - {day: 2026-12-05, reason: 平台故障}
#   3. 核对完把 confirmed 改成 true。
"""


def terms_yaml(terms: Terms) -> str:
    """Return the terms as YAML with a head that says what to do with it."""
    data = terms.model_dump(mode="json", exclude_defaults=True)
    data = {"schema_version": terms.schema_version, **data, "confirmed": terms.confirmed}
    order = [name for name in Terms.model_fields if name in data]
    shown = {name: _words_last(data[name]) for name in order}
    return HEAD + yaml.safe_dump(shown, allow_unicode=True, sort_keys=False, width=100_000)


def _words_last(entry: Any) -> Any:
    """Return an entry with the contract's words behind what was made of them."""
    if isinstance(entry, list):
        return [_words_last(item) for item in entry]
    if isinstance(entry, dict) and "source" in entry:
        last = {name: entry[name] for name in ("question", "source") if name in entry}
        return {k: v for k, v in entry.items() if k not in last} | last
    return entry


def read_terms(path: Path, catalogue: Catalogue) -> Terms:
    """Return the terms in a file.

    Raises:
        TermsError: The file is wrong; names file, line and field.
    """
    data = read_yaml(path, TermsError)
    if not isinstance(data, dict):
        raise TermsError(
            f"{path}:1: 不是条款文件", remedy="请用 reviewer terms 合同文件 --out terms.yaml 生成"
        )
    terms = validated(Terms, data, path, TermsError)
    for where, problem in _problems(terms, catalogue):
        raise TermsError(
            f"{path}:{line_of(path, where)}: {'.'.join(str(p) for p in where)}：{problem}",
            remedy="请改正该行，写法见 docs/sla.md",
        )
    return terms


def _problems(terms: Terms, catalogue: Catalogue) -> Iterator[tuple[list[Any], str]]:
    """Yield the values that are of the right type and still mean nothing."""
    for at, target in enumerate(terms.targets):
        for name in ("metric", "or_metric"):
            metric = getattr(target, name)
            if metric and metric not in catalogue.by_id:
                yield ["targets", at, name], f"没有指标 {metric}"
                return
        unit = catalogue.metric(target.metric).unit
        for words, field in (
            (target.value, ["value"]),
            (target.relative.base if target.relative else None, ["relative", "base"]),
        ):
            if words and (wrong := _not(lambda w=words, u=unit: amount(w, u))):
                yield ["targets", at, *field], wrong
        if target.relative and (wrong := _not(lambda r=target.relative.ratio: amount(r, "share"))):
            yield ["targets", at, "relative", "ratio"], wrong
    for at, deduction in enumerate(terms.deductions):
        if deduction.metric and deduction.metric not in catalogue.by_id:
            yield ["deductions", at, "metric"], f"没有指标 {deduction.metric}"
            return
        if deduction.rate and (wrong := _not(lambda r=deduction.rate: rate_of(r))):
            yield ["deductions", at, "rate"], wrong
        if deduction.kind == "per_step" and not (deduction.step and deduction.rate):
            yield ["deductions", at], "按级扣减要写 step 和 rate"
    for at, step in enumerate(terms.steps):
        if step.trigger.metric and step.trigger.metric not in catalogue.by_id:
            yield ["steps", at, "trigger", "metric"], f"没有指标 {step.trigger.metric}"
        for number, action in enumerate(step.actions):
            if action.rate and (wrong := _not(lambda r=action.rate: rate_of(r))):
                yield ["steps", at, "actions", number, "rate"], wrong
    for at, fee in enumerate(terms.fees):
        if wrong := _not(lambda a=fee.amount: amount(a, "money")):
            yield ["fees", at, "amount"], wrong
    if (
        terms.ramp
        and terms.ramp.ratio
        and (wrong := _not(lambda r=terms.ramp.ratio: amount(r, "share")))
    ):
        yield ["ramp", "ratio"], wrong
    if terms.cap and (wrong := _not(lambda s=terms.cap.share: amount(s, "share"))):
        yield ["cap", "share"], wrong


def _not(parse: Any) -> str | None:
    try:
        value = parse()
    except (ValueError, ArithmeticError) as error:
        return str(error)
    if isinstance(value, Decimal) and value < 0:
        return "不能是负数"
    return None
