"""The words that reports use, in Chinese and English."""

from typing import Literal

Lang = Literal["zh", "en"]

_TEXT: dict[str, tuple[str, str]] = {
    "report": ("合同审查报告", "Contract review"),
    "ok": ("达标", "OK"),
    "weak": ("薄弱", "Weak"),
    "missing": ("缺失", "Missing"),
    "hit": ("命中", "Hit"),
    "clear": ("未命中", "Clear"),
    "high": ("高", "High"),
    "medium": ("中", "Medium"),
    "low": ("低", "Low"),
    "met": ("已约定", "Met"),
    "partial": ("不明确", "Partial"),
    "absent": ("未约定", "Absent"),
    "protection": ("应有条款", "Protections"),
    "red_flag": ("红旗条款", "Red flags"),
    "caution": ("可执行性提示", "Enforceability cautions"),
    "observation": ("结构检查", "Structure audit"),
    "score": ("得分", "Score"),
    "no_score": ("未评分（有内容未能读取）", "no score (parts were not read)"),
    "finding": ("审查项", "Check"),
    "status": ("结论", "Status"),
    "severity": ("风险", "Severity"),
    "reason": ("理由", "Reason"),
    "where": ("条款", "Clause"),
    "evidence": ("原文", "Evidence"),
    "law": ("法律依据", "Law"),
    "suggestion": ("建议文字", "Suggested wording"),
    "fallback": ("可让步", "Fallback"),
    "elements": ("要素", "Elements"),
    "contract": ("合同全文", "The contract"),
    "warnings": ("注意", "Warnings"),
    "coverage": ("读取情况", "What was read"),
    "read_all": ("全文已读取", "The whole text was read"),
    "read_part": ("读取了 {share}，未读取：{unread}", "{share} was read; not read: {unread}"),
    "changes": ("对方的修订", "Pending changes"),
    "parties": ("当事人", "Parties"),
    "client": ("商家", "merchant"),
    "vendor": ("外包商", "vendor"),
    "unknown_side": ("未确定", "unknown"),
    "confidence": ("把握", "Confidence"),
    "recognised": (
        "所依据的文字由图片识别，置信度 {sure}，请与原件核对",
        "Rests on text recognised from a picture, confidence {sure}; compare with the original",
    ),
    "human": ("需人工核对", "Needs a person"),
    "made_by": ("由 {engine} 引擎生成", "Made by the {engine} engine"),
    "no_advice": (
        "本报告由程序生成，供参考，不构成法律意见；重大事项请咨询律师。",
        "This report was made by a program. It is no legal advice.",
    ),
    "summary": ("批量审查汇总", "Summary of all contracts"),
    "contracts": ("合同", "Contracts"),
    "vendors": ("外包商缺什么", "What each vendor lacks"),
    "unnamed": ("（未写明）", "(not named)"),
    "unread": ("未能审查", "Not reviewed"),
    "file": ("文件", "File"),
    "nothing": ("没有需要处理的问题。", "Nothing to be done was found."),
    "urgent": ("最要紧的三项", "The three most urgent"),
}


def say(key: str, lang: Lang = "zh", **values: object) -> str:
    """Return the words for `key` in `lang`, its placeholders filled."""
    words = _TEXT[key][0 if lang == "zh" else 1]
    return words.format(**values) if values else words
