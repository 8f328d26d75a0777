"""The text of a file becomes a Contract: clauses are cut, parties found, gaps named."""

import re

from reviewer.contract import Clause, Contract, Coverage, Hidden, Side
from reviewer.errors import Unreadable
from reviewer.ingest.clauses import cut_clauses
from reviewer.ingest.limits import Limits
from reviewer.ingest.parties import find_parties
from reviewer.ingest.plain import DAMAGED
from reviewer.ingest.source import Source

_ZERO_WIDTH = re.compile("[\u200b\u200c\u200d\u2060\ufeff\u202a-\u202e\u2066-\u2069]+")


_RUN = re.compile(
    r"(.)\1{2000,}|\s{2000,}"
    r"|[0-9０-９,，一二两三四五六七八九十百千万亿零〇壹贰叁肆伍陆柒捌玖拾佰仟萬億貳參叄陸]{500,}",
    re.DOTALL,
)
"""What no contract has: a character or blanks thousands of times, a number of hundreds of digits."""


_SENTENCE = re.compile(r"[^。；;！？!?\n]+")


def check_text(text: str, name: str, limits: Limits) -> None:
    """Refuse a text that no contract has.

    Raises:
        Unreadable: It is empty, too long, or has a run of characters that no reader could read.
    """
    if not text.strip():
        raise Unreadable(f"{name} 里没有文字", remedy="请确认文件内容，或提供 .docx")
    if len(text) > limits.max_characters:
        raise Unreadable(f"{name} 文字过多", remedy=f"请拆分到 {limits.max_characters} 字以内")
    if sum(1 for _ in _SENTENCE.finditer(text)) > limits.max_sentences:
        raise Unreadable(f"{name} 超过 {limits.max_sentences} 句", remedy="请拆分后再试")
    run = _RUN.search(text)
    if run:
        raise Unreadable(
            f"{name} 的文字异常（同类字符连续 {len(run.group())} 个）", remedy="请核对文件内容"
        )


def assemble(source: Source, name: str, digest: str, first_side: Side | None) -> Contract:
    """Return the contract whose text a reader found in the file `name`."""
    text = source.text
    clauses = cut_clauses(text, source.aside_from)
    parties, notes = find_parties(text, clauses, first_side)
    hidden = list(source.hidden)
    marks = _ZERO_WIDTH.findall(text)
    if marks:
        hidden.append(Hidden(text="", how=f"{len(marks)} 处零宽或控制方向的字符", where="正文"))
    warnings = [*source.warnings, *notes]
    damaged = text.count(DAMAGED)
    if damaged:
        warnings.append(f"{damaged} 处文字的编码已损坏，无法读出，请核对原件")
    if hidden:
        warnings.append(f"文件含 {len(hidden)} 处看不见的文字，未计入审查，请核对")
    warnings += [
        f"{part.part}未能读取：{part.reason}" for part in source.unread if "页" not in part.part
    ]
    if not _is_contract(text):
        warnings.append("这份文件看起来不是合同，结果仅供参考")
    unread_pages = sum(1 for part in source.unread if "页" in part.part)
    found = len(re.sub(r"\s", "", text))
    read = sum(len(re.sub(r"\s", "", c.text)) for c in clauses)
    share = read / found if found else 0.0
    if source.page_count:
        share *= 1 - unread_pages / source.page_count
    truncated = _truncated(text[: source.aside_from], clauses)
    if truncated:
        warnings.append("正文似乎在句中截断，后面的条款可能没有读到")
    return Contract(
        file=name,
        sha256=digest,
        title=_title(text, clauses),
        language="zh" if len(re.findall("[\u4e00-\u9fff]", text)) * 5 > found else "en",
        parties=parties,
        clauses=clauses,
        text=text,
        coverage=Coverage(
            share=round(share, 4),
            pages=source.page_count,
            pages_read=source.page_count - unread_pages if source.page_count else None,
            truncated=truncated,
            unread=source.unread,
        ),
        pages=source.pages,
        places=source.places,
        changes=source.changes,
        hidden=tuple(hidden),
        warnings=tuple(warnings),
    )


def _title(text: str, clauses: tuple[Clause, ...]) -> str:
    for clause in clauses:
        if clause.kind == "title":
            lines = [line.strip(" #*\t　") for line in clause.text.splitlines() if line.strip()]
            named = [line for line in lines if re.search(r"合同|协议|協議|书$|Agreement", line)]
            if lines:
                return (named or lines)[0][:60]
    return text.strip().splitlines()[0].strip(" #*\t　")[:40]


def _is_contract(text: str) -> bool:
    signs = ("合同", "协议", "協議", "甲方", "乙方", "双方", "雙方", "服务", "服務", "违约", "違約")
    if sum(1 for sign in signs if sign in text) >= 2:
        return True
    return sum(text.count(sign) for sign in ("客服", "约定", "費用", "费用", "店主", "承揽")) >= 6


def _truncated(text: str, clauses: tuple) -> bool:  # type: ignore[type-arg]
    if any(c.kind == "signature" for c in clauses) or len(text) < 800:
        return False
    ending = "".join(text.rstrip().splitlines()[-3:])
    if re.search(r"[甲乙]\s*方|签|盖章|簽|蓋章|附件|年\s*\S{0,6}\s*月", ending):
        return False
    last = text.rstrip()[-1:]
    return last not in '。；！？.;!?）)】”"_：:' and not re.search(
        r"\d$|日$|章$|\|", text.rstrip()[-3:]
    )
