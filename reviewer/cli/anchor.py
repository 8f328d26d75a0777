"""What `review` and `whatif` share: the shop's record as the anchor of a review."""

from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import typer

from reviewer.cli.baseline import read_data, today_of
from reviewer.errors import UsageError

BaselineFiles = Annotated[
    list[Path] | None,
    typer.Option(
        help="店铺导出的客服数据（.csv、.xlsx，可多份）：与合同指标逐项比较，建议用自己的数字"
    ),
]
BaselineMonths = Annotated[
    int | None, typer.Option(min=0, help="基线取最近几个月，0 为全部；默认 6")
]
MinDays = Annotated[int | None, typer.Option(min=1, help="基线至少要有几天；默认 30")]
ConversionRatio = Annotated[str | None, typer.Option(help="转化目标为近三月均值的多少；默认 115%")]
FloorRatio = Annotated[str | None, typer.Option(help="月度不得低于基线的多少；默认 95%")]


def anchor_of(
    files: list[Path] | None,
    *,
    shop: str | None,
    given: list[str] | None,
    mapping: Path | None,
    months: int | None,
    min_days: int | None,
    conversion_ratio: str | None,
    floor_ratio: str | None,
    promotions: Path | None,
    as_of: str | None,
    drop_bad: bool,
) -> Any:
    """Return the anchor that the options describe, or None without a baseline."""
    if not files:
        return None
    from reviewer.anchoring.anchored import Anchor
    from reviewer.shop.baseline import baseline_of
    from reviewer.shop.catalogue import load_calendar, load_catalogue, load_ratios

    data = read_data(files, given=given, mapping=mapping, today=today_of(as_of), drop_bad=drop_bad)
    history = data.only(shop)
    ratios = load_ratios()
    changed: dict[str, Any] = {
        "min_days": min_days or ratios.min_days,
        "conversion_ratio": ratio_of(
            conversion_ratio, ratios.conversion_ratio, "--conversion-ratio"
        ),
        "floor_ratio": ratio_of(floor_ratio, ratios.floor_ratio, "--floor-ratio"),
    }
    ratios = ratios.model_copy(update=changed)
    catalogue = load_catalogue()
    level = baseline_of(history, catalogue, load_calendar(promotions), ratios, months=months)
    return Anchor(history, level, catalogue, ratios)


def ratio_of(words: str | None, default: Decimal, option: str) -> Decimal:
    """Return the ratio that an option gives: 1.15 or 115%."""
    if words is None:
        return default
    text = words.strip()
    try:
        value = Decimal(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    except ArithmeticError as error:
        raise UsageError(f"{option} {words} 不是比例", remedy="写法如 115% 或 1.15") from error
    if not Decimal("0.1") <= value <= 10:
        raise UsageError(f"{option} {words} 不在 10% 至 1000% 之间", remedy="写法如 115% 或 1.15")
    return value
