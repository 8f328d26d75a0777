"""The figures of a run as text tables."""

from typing import Any

METRIC_NAMES = {
    "accuracy": "状态准确率",
    "macro_f1": "状态宏 F1",
    "flagged_precision": "提示精确率",
    "flagged_recall": "提示召回率",
    "flagged_f1": "提示 F1",
    "missing_recall": "缺失召回率",
    "element_accuracy": "要素准确率",
    "element_macro_f1": "要素宏 F1",
    "evidence_rate": "证据正确率",
    "citation_validity": "引用有效率",
    "fix_rate": "闭环修复率",
}
_WORST = 12


def text_report(result: dict[str, Any]) -> str:
    """Return the tables of one run, in Chinese, with the metric's name in the JSON beside it."""
    lines = [
        f"{result['dataset']} {result['split'] or ''}: {result['contracts']} 份合同，"
        f"{result['checks']} 项结论，引擎 {result['engine']}",
        "",
    ]
    rivals = result.get("baselines", {})
    lines.append(_row("指标", "数值", "95% 区间", *rivals))
    for name, title in METRIC_NAMES.items():
        figure = result["metrics"][name]
        interval = "" if figure["low"] is None else f"{figure['low']:.3f}–{figure['high']:.3f}"
        lines.append(
            _row(
                f"{title} {name}",
                _number(figure["value"]),
                interval,
                *(_number(rival.get(name)) for rival in rivals.values()),
            )
        )
    lines += ["", _row("类别", "准确率", "提示精确率", "提示召回率", "要素宏F1")]
    for kind, row in result["kinds"].items():
        names = ("accuracy", "flagged_precision", "flagged_recall", "element_macro_f1")
        lines.append(_row(kind, *(_number(row[name]) for name in names)))
    statuses = result["confusion"]["statuses"]
    lines += ["", _row("标注＼引擎", *statuses)]
    for status, numbers in zip(statuses, result["confusion"]["rows"], strict=False):
        lines.append(_row(status, *(str(number) for number in numbers)))
    lines += ["", "错得最多的检查项："]
    worst = sorted(result["per_check"].items(), key=lambda pair: pair[1]["right"] - pair[1]["n"])
    for name, row in worst[:_WORST]:
        if row["right"] < row["n"]:
            lines.append(_row(name, f"{row['right']}/{row['n']}", row["title"]))
    lines += ["", "错得最多的要素："]
    elements = sorted(result["per_element"].items(), key=lambda p: p[1]["right"] - p[1]["n"])
    for name, row in elements[:_WORST]:
        if row["right"] < row["n"]:
            wrong = "，".join(f"{kind} {n}" for kind, n in sorted(row["wrong"].items()))
            lines.append(_row(name, f"{row['right']}/{row['n']}", wrong))
    lines += _footer(result)
    return "\n".join(lines)


def _footer(result: dict[str, Any]) -> list[str]:
    lines = []
    for name, crash in result["crashes"].items():
        lines.append(f"出错：{name}（{crash}），其全部检查项按错误计")
    lines += [f"标注有误：{problem}" for problem in result["problems"]]
    against = result.get("against")
    if against:
        lines += ["", f"与 {against['commit'] or '基线'} 相比（{against['contracts']} 份合同）："]
        for name, step in against["metrics"].items():
            if step["difference"]:
                verdict = "变差" if name in against["worse"] else ""
                lines.append(
                    _row(
                        METRIC_NAMES[name],
                        f"{step['difference']:+.4f}",
                        f"{step['low']:+.4f}–{step['high']:+.4f}",
                        verdict,
                    )
                )
        lines.append(f"结论改变 {len(against['changed'])} 处")
        for contract, check, expected, old, new in against["changed"][:20]:
            lines.append(f"  {contract} {check}: {old} → {new}（标注 {expected}）")
    return lines


def _number(value: float | None) -> str:
    return "—" if value is None else f"{value:.3f}"


def _row(*cells: str) -> str:
    widths = (34, 12, 16, 12, 12, 12, 12)
    return "".join(
        _padded(cell, width) for cell, width in zip(cells, widths, strict=False)
    ).rstrip()


def _padded(cell: str, width: int) -> str:
    shown = sum(2 if ord(character) > 0x2E80 else 1 for character in cell)
    return cell + " " * max(1, width - shown)
