"""Makes the example shop exports: a year before the contract, and two months under it.

The figures are random with a fixed seed and written the way the usual tools write them.
"""

import random
from datetime import date, timedelta
from pathlib import Path

HERE = Path(__file__).parent
HEADS = (
    "日期", "首次响应(秒)", "平均响应时间", "询单转化率", "客户满意度", "接待人数",
    "询单人数", "付款人数", "质检得分", "退款率", "客服销售额", "值班主管",
)  # fmt: skip
PEAKS = {(6, 18), (6, 17), (6, 1), (11, 10), (11, 11), (10, 31), (11, 1), (12, 12), (12, 11)}
BAD = {date(2026, 12, n) for n in range(9, 20)} | {date(2027, 1, n) for n in (12, 13, 14)}
"""Days under the contract on which the vendor let the buyers wait."""


def day_figures(day: date, chance: random.Random) -> dict[str, float]:
    """Return the figures of one day."""
    peak = (day.month, day.day) in PEAKS
    bad = day in BAD
    sessions = int(chance.gauss(620, 60) * (3.2 if peak else 1))
    average = chance.gauss(27.6, 1.8) * (1.9 if peak else 1) + (16 if bad else 0)
    first = max(4.0, chance.gauss(13.8, 1.2) * (1.8 if peak else 1) + (7 if bad else 0))
    inquiries = int(sessions * chance.uniform(0.72, 0.8))
    conversion = max(0.05, chance.gauss(0.213, 0.012) - (0.03 if bad else 0))
    paid = int(inquiries * conversion)
    return {
        "first": first,
        "average": average,
        "conversion": conversion,
        "satisfaction": min(0.995, chance.gauss(0.951, 0.006) - (0.02 if bad else 0)),
        "sessions": sessions,
        "inquiries": inquiries,
        "paid": paid,
        "score": min(99.0, chance.gauss(91.5, 1.1)),
        "refund": max(0.01, chance.gauss(0.083, 0.008)),
        "sales": paid * chance.gauss(182, 9),
    }


def written(day: date, figures: dict[str, float]) -> list[str]:
    """Return a row as an export shows it."""
    return [
        day.strftime("%Y/%m/%d"),
        f"{figures['first']:.1f}",
        f"{figures['average']:.1f}秒",
        f"{figures['conversion']:.2%}",
        f"{figures['satisfaction']:.2%}",
        f"{figures['sessions']:,}",
        f"{figures['inquiries']:,}",
        str(figures["paid"]),
        f"{figures['score']:.1f}",
        f"{figures['refund']:.2%}",
        f"{figures['sales']:.2f}",
        "周女士" if day.weekday() < 5 else "吴先生",
    ]


def rows(first: date, last: date, seed: int, gaps: set[date]) -> list[list[str]]:
    """Return the rows from `first` to `last`; days in `gaps` are missing."""
    chance = random.Random(seed)
    found = []
    day = first
    while day <= last:
        figures = day_figures(day, chance)
        if day not in gaps:
            found.append(written(day, figures))
        day += timedelta(days=1)
    return found


def export(path: Path, found: list[list[str]], encoding: str) -> None:
    """Write an export: a title, the heads, the rows, a totals row."""
    quoted = [["云裳女装旗舰店 客服绩效日报"], list(HEADS), *found, ["汇总", *["-"] * 11]]
    lines = [",".join(f'"{c}"' if "," in c else c for c in row) for row in quoted]
    path.write_bytes(("\r\n".join(lines) + "\r\n").encode(encoding))


if __name__ == "__main__":
    before = rows(date(2025, 11, 1), date(2026, 10, 31), 20261101, {date(2026, 3, 8)})
    before.insert(40, before[39])
    export(HERE / "shop_export.csv", before, "gb18030")
    under = rows(date(2026, 12, 1), date(2027, 1, 31), 20270201, set())
    export(HERE / "shop_under_contract.csv", under, "utf-8-sig")
