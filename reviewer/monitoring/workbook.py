"""Monitoring as a workbook: every figure with its rows and clause."""

import io
from collections.abc import Iterable, Sequence
from decimal import Decimal

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font

from reviewer.monitoring.outcome import Line, Monitoring
from reviewer.render.workbook import inert


def monitoring_workbook(found: Monitoring) -> bytes:
    """Return an .xlsx with a sheet for each part; sums are numbers, contract words are inert."""
    book = Workbook()
    book.remove(book.active)
    add_sheet(book, "指标", ("指标", "要求", "周期", "天数", "未达标天数", "月数", "未达标月数", "说明", "条款", "原文"), (
        (w.title, w.demanded, w.period, w.days, w.days_missed, w.months, w.months_missed, w.note, w.source.number, w.source.quote)
        for w in found.watched
    ))  # fmt: skip
    add_sheet(book, "逐月", ("月份", "指标", "数值与要求", "是否达标", "天数", "是否满月", "数据行", "条款"), (
        (f"{r.first:%Y-%m}", r.title, r.shown, "达标" if r.met else "未达标", r.days, "是" if r.complete else "否", "、".join(r.rows), r.source.number)
        for r in found.results if r.unit == "month"
    ))  # fmt: skip
    add_sheet(book, "未达标日", ("日期", "指标", "数值与要求", "数据行", "条款", "原文"), (
        (r.first, r.title, r.shown, "、".join(r.rows), r.source.number, r.source.quote)
        for r in found.results if r.unit == "day"
    ))  # fmt: skip
    add_sheet(book, "触发", ("日期", "阶梯", "事由", "可以做什么", "期限", "期限说明", "待办", "说明", "条款", "原文"), (
        (e.on, e.step, e.what, "；".join(e.allows), e.deadline, e.deadline_words, "是" if e.pending else "", e.note, e.source.number, e.source.quote)
        for e in found.events
    ))  # fmt: skip
    add_sheet(
        book,
        "扣减",
        ("月份", "项目", "金额（元）", "算式", "数据行", "条款", "原文"),
        _money(found),
    )
    add_sheet(book, "两种读法", ("问题", "本表采用", "结果", "另一读法", "结果", "条款"), (
        (a.question, a.taken, a.taken_result, a.other, a.other_result, a.source.number if a.source else "")
        for a in found.ambiguities
    ))  # fmt: skip
    add_sheet(book, "日程", ("日期", "事项", "重复", "说明", "条款"), (
        (d.on, d.what, d.every or "", d.note, d.source.number if d.source else "") for d in found.dates
    ))  # fmt: skip
    add_sheet(book, "注意", ("注意",), ((warning,) for warning in found.warnings))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _money(found: Monitoring) -> Iterable[tuple[object, ...]]:
    for statement in found.statements:
        month = f"{statement.month:%Y-%m}{'' if statement.complete else '（未满月）'}"
        lines: Sequence[Line] = statement.lines
        for line in lines:
            yield (
                month,
                line.what,
                line.amount,
                line.formula,
                "、".join(line.rows),
                line.source.number,
                line.source.quote,
            )
        if statement.cap:
            cap = statement.cap
            yield (
                month,
                "扣减上限",
                cap.amount,
                cap.formula,
                "",
                cap.source.number,
                cap.source.quote,
            )
        if lines:
            yield month, "合计", statement.total, "", "", "", ""


def add_sheet(
    book: Workbook, title: str, heads: Sequence[str], rows: Iterable[Sequence[object]]
) -> None:
    """Add a sheet with a head and rows; words that a spreadsheet would run are made inert."""
    sheet = book.create_sheet(title)
    sheet.append(list(heads))
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for row in rows:
        sheet.append([inert(c) if isinstance(c, str) else c for c in row])
    for column, head in zip(sheet.columns, heads, strict=False):
        widest = max((len(str(cell.value or "")) for cell in column), default=0)
        sheet.column_dimensions[column[0].column_letter].width = min(
            60, max(8, widest * 1.6, len(head) * 2)
        )
        for cell in column:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if isinstance(cell.value, Decimal):
                cell.number_format = "#,##0.00"
    sheet.freeze_panes = "A2"
