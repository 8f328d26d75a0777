"""Rows of several exports become one entry a day: agents added up, duplicates dropped."""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from reviewer.errors import ShopDataError
from reviewer.shop.catalogue import Catalogue
from reviewer.shop.cells import When
from reviewer.shop.history import Entry, RowRef, mean, weighted_mean


class Row(NamedTuple):
    """One row of an export, read."""

    when: When
    shop: str
    agent: str
    values: dict[str, Decimal]
    ref: RowRef


def merged(rows: Sequence[Row], catalogue: Catalogue) -> tuple[tuple[Entry, ...], tuple[str, ...]]:
    """Return one entry a day or month in the order of time, and notes.

    Raises:
        ShopDataError: Two rows of one day disagree, or rows of agents cannot be added up.
    """
    notes: list[str] = []
    kept, doubled = _without_doubles(rows)
    if doubled:
        notes.append(f"去掉 {len(doubled)} 行重复（如 {doubled[0]}）")
    agents = {row.agent for row in kept if row.agent}
    if len(agents) > 1:
        kept = _added_up(kept, catalogue)
        notes.append(f"{len(agents)} 名客服的逐人数据已按接待量加权汇总到店铺")
    by_day: dict[When, Entry] = {}
    for row in kept:
        before = by_day.get(row.when)
        by_day[row.when] = _joined(before, row) if before else _entry(row)
    return tuple(by_day[when] for when in sorted(by_day)), tuple(notes)


def _entry(row: Row) -> Entry:
    return Entry(row.when.first, row.when.last, row.values, (row.ref,))


def _without_doubles(rows: Sequence[Row]) -> tuple[list[Row], list[RowRef]]:
    seen: set[tuple[When, str, tuple[tuple[str, Decimal], ...]]] = set()
    kept: list[Row] = []
    doubled: list[RowRef] = []
    for row in rows:
        key = (row.when, row.agent, tuple(sorted(row.values.items())))
        if key in seen:
            doubled.append(row.ref)
        else:
            seen.add(key)
            kept.append(row)
    return kept, doubled


def _joined(before: Entry, row: Row) -> Entry:
    """Return the entry with what `row` adds; what both say must agree."""
    for name, value in row.values.items():
        other = before.values.get(name, value)
        if other != value:
            raise ShopDataError(
                f"{before.rows[0]}与{row.ref}是同一天（{row.when.first}），而数值不同（{other} 与 {value}）",
                remedy="请删去其中一份，或核对后只留正确的一行",
            )
    return Entry(
        before.first, before.last, {**before.values, **row.values}, (*before.rows, row.ref)
    )


def _added_up(rows: Sequence[Row], catalogue: Catalogue) -> list[Row]:
    groups: dict[When, list[Row]] = {}
    for row in rows:
        groups.setdefault(row.when, []).append(row)
    return [_of_day(when, group, catalogue) for when, group in groups.items()]


def _of_day(when: When, group: Sequence[Row], catalogue: Catalogue) -> Row:
    if len({row.agent for row in group}) < len(group):
        raise ShopDataError(
            f"{group[0].ref}起，{when.first} 同一名客服有两行不同的数值",
            remedy="请核对后只留正确的一行",
        )
    values: dict[str, Decimal] = {}
    for name in dict.fromkeys(name for row in group for name in row.values):
        metric = catalogue.metric(name)
        having = [row for row in group if name in row.values]
        if metric.unit in ("count", "money") and name != "order_value":
            values[name] = sum((row.values[name] for row in having), Decimal(0))
            continue
        counts = metric.weight or "sessions"
        if len(having) > 1 and not all(counts in row.values for row in having):
            title = catalogue.metric(counts).title
            raise ShopDataError(
                f"{group[0].ref}起是逐名客服的数据，{when.first} 缺{title}，{metric.title}无法汇总",
                remedy=f"请导出店铺汇总，或把{title}列一并导出",
            )
        pairs = [(row.values[name], row.values.get(counts, Decimal(1))) for row in having]
        average = weighted_mean(pairs)
        values[name] = mean([value for value, _ in pairs]) if average is None else average
    return Row(when, group[0].shop, "", values, group[0].ref)
