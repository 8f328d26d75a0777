"""What may be deducted for each month, line by line, and the cap."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal

from reviewer.monitoring.fees import FEN, Fees, sum_line, yuan
from reviewer.monitoring.outcome import Event, Line, Statement
from reviewer.monitoring.readings import Readings
from reviewer.monitoring.results import Score
from reviewer.shop.catalogue import Catalogue
from reviewer.shop.metric import plain
from reviewer.terms.term import Band, Deduction, Terms, amount


def statements_of(
    terms: Terms,
    catalogue: Catalogue,
    results: tuple[Sequence[Score], Sequence[Score]],
    events: Sequence[Event],
    fees: Fees,
    readings: Readings,
) -> list[Statement]:
    """Return a statement for every month with figures, in the order of time."""
    daily, monthly = results
    found: list[Statement] = []
    by_month: dict[tuple[int, int], list[Score]] = {}
    if any(deduction.kind == "per_day" for deduction in terms.deductions):
        for score in daily:
            by_month.setdefault((score.first.year, score.first.month), []).append(score)
    for month in sorted({r.first for r in monthly}):
        mine = [r for r in monthly if r.first == month]
        days = by_month.get((month.year, month.month), [])
        lines = [
            line
            for deduction in terms.deductions
            for line in _lines(deduction, mine, days, catalogue, fees, readings)
        ]
        ladder = [
            line
            for event in events
            if event.on.replace(day=1) == month and not event.pending
            for line in event.lines
            if "deduct" in event.kinds
        ]
        found.append(_statement(month, mine, lines, ladder, terms, fees, readings))
    return found


def _statement(
    month: date,
    mine: Sequence[Score],
    lines: Sequence[Line],
    ladder: Sequence[Line],
    terms: Terms,
    fees: Fees,
    readings: Readings,
) -> Statement:
    capped = [*lines, *ladder] if readings.cap == "everything" else list(lines)
    outside = [] if readings.cap == "everything" else list(ladder)
    subtotal = _sum([*lines, *ladder])
    cap: Line | None = None
    total = subtotal
    inside = _sum(capped)
    if terms.cap and inside is not None and fees.monthly is not None:
        limit = sum_line("扣减上限", terms.cap.share, "monthly_fee", fees, terms.cap.source)
        if limit.amount is not None and inside > limit.amount:
            cap = limit
            rest = _sum(outside)
            total = limit.amount + (rest or Decimal(0))
    return Statement(
        month=month,
        complete=all(r.complete for r in mine),
        fee=fees.monthly,
        lines=(*lines, *ladder),
        subtotal=subtotal,
        cap=cap,
        total=total,
    )


def _sum(lines: Sequence[Line]) -> Decimal | None:
    if any(line.amount is None for line in lines):
        return None
    return sum((line.amount for line in lines if line.amount is not None), Decimal(0))


def _lines(
    deduction: Deduction,
    mine: Sequence[Score],
    days: Sequence[Score],
    catalogue: Catalogue,
    fees: Fees,
    readings: Readings,
) -> Iterator[Line]:
    mine = [r for r in mine if _applies(deduction, r, catalogue)]
    if deduction.kind == "per_step":
        for result in mine:
            if not result.met:
                yield from _per_step(deduction, result, catalogue, fees, readings)
    elif deduction.kind == "per_metric":
        missed = [r for r in mine if not r.met]
        if missed and deduction.rate:
            titles = "、".join(dict.fromkeys(r.title for r in missed))
            number = len({r.metric for r in missed})
            yield sum_line(
                f"{number}项不达标（{titles}）", deduction.rate, deduction.base, fees, deduction.source,
                times=Decimal(number), times_words=f"{number}项", rows=_rows(missed),
            )  # fmt: skip
    elif deduction.kind == "band":
        yield from _bands(deduction, mine, catalogue, fees)
    else:
        missed = [r for r in days if _applies(deduction, r, catalogue) and not r.met]
        if missed and deduction.rate:
            yield sum_line(
                f"{missed[0].title}超标 {len(missed)} 日", deduction.rate, deduction.base, fees,
                deduction.source, times=Decimal(len(missed)), times_words=f"{len(missed)}日",
                rows=_rows(missed),
            )  # fmt: skip


def _applies(deduction: Deduction, result: Score, catalogue: Catalogue) -> bool:
    if deduction.metric:
        return result.metric == deduction.metric
    return deduction.unit is None or catalogue.metric(result.metric).unit == deduction.unit


def _per_step(
    deduction: Deduction,
    result: Score,
    catalogue: Catalogue,
    fees: Fees,
    readings: Readings,
) -> Iterator[Line]:
    assert deduction.step
    assert deduction.rate
    metric = catalogue.metric(result.metric)
    step = amount(deduction.step, metric.unit)
    short = abs(result.value - result.demanded)
    steps = short / step
    if readings.steps == "whole":
        steps = steps.to_integral_value(ROUND_FLOOR)
    else:
        steps = steps.quantize(Decimal("0.0001"), ROUND_HALF_UP)
    if steps:
        unit = {"seconds": "秒", "share": "个百分点", "score": "分"}.get(metric.unit, "")
        gap = plain(short * 100, 2) if metric.unit == "share" else plain(short, 2)
        size = plain(step * 100, 2) if metric.unit == "share" else plain(step, 2)
        words = f"{plain(steps, 4)}级（差{gap}{unit}，每级{size}{unit}）"
        yield sum_line(
            f"{result.title}{result.shown}", deduction.rate, deduction.base, fees,
            deduction.source, times=steps, times_words=words, rows=result.rows,
        )  # fmt: skip


def _bands(
    deduction: Deduction, mine: Sequence[Score], catalogue: Catalogue, fees: Fees
) -> Iterator[Line]:
    by_count = [band for band in deduction.bands if band.misses]
    if by_count:
        missed = [r for r in mine if not r.met]
        number = len({r.metric for r in missed})
        reached = [b for b in by_count if b.misses is not None and b.misses <= number]
        if reached:
            band = max(reached, key=lambda b: b.misses or 0)
            yield sum_line(
                f"{number}项不达标", band.rate, deduction.base, fees, deduction.source,
                rows=_rows(missed),
            )  # fmt: skip
        return
    for result in mine:
        reached = [b for b in deduction.bands if _beyond(b, result, catalogue)]
        if reached:
            band = reached[-1] if len(reached) == 1 else _deepest(reached, result, catalogue)
            yield sum_line(
                f"{result.title}{result.shown}", band.rate, deduction.base, fees,
                deduction.source, rows=result.rows,
            )  # fmt: skip


def _beyond(band: Band, result: Score, catalogue: Catalogue) -> bool:
    if band.beyond is None:
        return not result.met
    metric = catalogue.metric(result.metric)
    value = amount(band.beyond, metric.unit)
    return result.value > value if metric.better == "lower" else result.value < value


def _deepest(bands: Sequence[Band], result: Score, catalogue: Catalogue) -> Band:
    metric = catalogue.metric(result.metric)

    def depth(band: Band) -> Decimal:
        value = amount(band.beyond, metric.unit) if band.beyond else result.demanded
        return value if metric.better == "lower" else -value

    return max(bands, key=depth)


def _rows(results: Sequence[Score]) -> tuple[str, ...]:
    rows = [row for result in results for row in result.rows]
    return tuple(dict.fromkeys(rows))


def total_words(statement: Statement) -> str:
    """Return a statement's total in words: 4,350元, or that the fee is not known."""
    if statement.total is None:
        return "金额待定（月服务费未知）"
    return yuan(statement.total.quantize(FEN))
