"""How open words are read: one reading is taken, the other is shown where it matters."""

from dataclasses import dataclass, fields, replace
from typing import Literal


@dataclass(frozen=True)
class Readings:
    """One choice for each point that contracts leave open. The defaults claim less."""

    miss: Literal["day", "month"] | None = None
    """What 一次 is; None: a month where the targets are measured by month, else a day."""
    mean: Literal["simple", "weighted"] = "simple"
    """A month's value: the mean of its days, or weighted by sessions."""
    steps: Literal["whole", "pro_rata"] = "whole"
    """每超1秒: full seconds only, or in proportion."""
    run: Literal["same", "any"] = "same"
    """连续三日不达标: of one and the same metric, or of any."""
    gap: Literal["breaks", "skipped"] = "breaks"
    """A day without figures within a run of misses."""
    promotions: Literal["counted", "excluded"] = "counted"
    metric: Literal["first", "second"] = "first"
    """Which of two metrics ambiguous words mean."""
    cap: Literal["targets", "everything"] = "targets"
    """Whether the monthly cap also covers the ladder's deductions."""
    cure: Literal["every_day", "mean"] = "every_day"
    """仍未改善: missed on every recorded day of the time to cure, or on average."""

    def flipped(self, name: str, now: str) -> "Readings":
        """Return the readings with the other choice for `name`, which is `now`."""
        first, second = CHOICES[name]
        return replace(self, **{name: second if now == first else first})  # type: ignore[arg-type]


CHOICES: dict[str, tuple[str, str]] = {
    "miss": ("day", "month"),
    "mean": ("simple", "weighted"),
    "steps": ("whole", "pro_rata"),
    "run": ("same", "any"),
    "gap": ("breaks", "skipped"),
    "promotions": ("counted", "excluded"),
    "metric": ("first", "second"),
    "cap": ("targets", "everything"),
    "cure": ("every_day", "mean"),
}
assert set(CHOICES) == {field.name for field in fields(Readings)}

QUESTIONS: dict[str, tuple[str, dict[str, str]]] = {
    "miss": (
        "“一次不达标”是一日还是一个考核月，合同没有写明",
        {"day": "任一日不达标算一次", "month": "一个自然月的月均不达标算一次"},
    ),
    "mean": (
        "月度数值是各日的算术平均还是按接待量加权，合同没有写明",
        {"simple": "各日算术平均", "weighted": "按接待量（询单量）加权"},
    ),
    "steps": (
        "不足一级（如不足1秒、1个百分点）是否扣减，合同没有写明",
        {"whole": "只计足级", "pro_rata": "不足一级按比例计"},
    ),
    "run": (
        "连续不达标须为同一指标还是任一指标，合同没有写明",
        {"same": "同一指标连续不达标", "any": "任一指标不达标即可连续计算"},
    ),
    "gap": (
        "连续不达标中间有缺数据的日子时是否中断，合同没有写明",
        {"breaks": "缺数据即中断", "skipped": "缺数据的日子跳过"},
    ),
    "promotions": (
        "大促日是否计入考核，合同没有写明",
        {"counted": "大促日照常计入", "excluded": "大促日剔除"},
    ),
    "metric": (
        "响应等用语指哪一个指标，合同没有写明",
        {"first": "按第一种指标", "second": "按另一种指标"},
    ),
    "cap": (
        "当月扣减上限是否也管阶梯扣款，合同没有写明",
        {"targets": "上限只管逐项扣减", "everything": "上限管当月全部扣减"},
    ),
    "cure": (
        "整改期内“仍未改善”如何判断，合同没有写明",
        {"every_day": "期内有数据的每一日都不达标", "mean": "期内平均不达标"},
    ),
}
"""For each point the question, and each choice in words."""
