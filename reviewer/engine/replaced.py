"""General terms that special terms of the same contract take out or replace.

原A4.1改为…, 甲部第7条删去, （删去A5）: the later part says what becomes of the earlier one, which
stays on paper and is no longer agreed.
"""

import re

from reviewer.text import Span

_NUMBER = r"[A-Z]?\d{1,2}(?:\.\d{1,2})?"
_SENTENCE = r"(?P<part>末句|第[一二三四]句)?"
_GONE = r"(?:删去|刪去|删除|刪除|划去|劃去|作废|作廢|不再适用|不再適用|改为|改為|改成|代以|代之)"
_REFERENCE = re.compile(
    rf"(?:原|甲部|通用条款|标准条款|一般条款)\s?第?\s?(?P<number>{_NUMBER})\s?(?:条|條|款|项)?{_SENTENCE}"
    rf"[^。；;\n“”\"「」\d]{{0,8}}?{_GONE}"
    rf"|(?<![\w.])(?P<lettered>[A-Z]\d{{1,2}}(?:\.\d{{1,2}})?){_SENTENCE.replace('part', 'last')}[^。；;\n“”\"「」\d（(〔]{{0,3}}?(?:删去|刪去|删除|作废)"
    rf"|[（(〔]\s?(?:删去|刪去|删除)\s?(?P<bracketed>{_NUMBER}){_SENTENCE.replace('part', 'third')}\s?[）)〕]"
)
_LABEL = re.compile(r"^[ \t　]*第?\s?([A-Z]?\d{1,2}(?:\.\d{1,2})?)\s?[条條]?(?=[ \t　.、．])", re.M)
_PART = re.compile(r"^[ \t　]*[甲乙丙]\s?[部、]", re.M)
"""Where a part of the contract begins: no provision goes beyond it."""
_GENERAL = re.compile(
    r"通用|标准条[款件]|標準條|一般[条條]|印制|印製|印好|底稿|样本|樣本|甲\s?部|原文照录"
)
_ORDINALS = {"第一句": 0, "第二句": 1, "第三句": 2, "第四句": 3, "末句": -1}


def replaced(text: str) -> tuple[Span, ...]:
    """Return the passages of `text` that a later part takes out or replaces.

    A plain number is believed only in a contract that has general terms: elsewhere 原第5条 may be
    an article of another contract.
    """
    references = list(_REFERENCE.finditer(text))
    if not references:
        return ()
    general = bool(_GENERAL.search(text))
    labels = [(match[1], match.start(), match.end()) for match in _LABEL.finditer(text)]
    limits = sorted([start for _, start, _ in labels] + [m.start() for m in _PART.finditer(text)])
    found = []
    for reference in references:
        number = next(reference[g] for g in ("number", "lettered", "bracketed") if reference[g])
        part = reference["part"] or reference["last"] or reference["third"]
        if number.isdigit() and not general:
            continue
        places = [place for place in labels if place[0] == number]
        if not places or places[0][1] >= reference.start():
            continue
        begin = places[0][2]
        end = next((limit for limit in limits if limit > begin), len(text))
        if end <= reference.start():
            found.append(_of(text, Span(begin, end), part))
    return tuple(span for span in found if span)


def _of(text: str, provision: Span, part: str | None) -> Span | None:
    """Return the sentence of a provision that is meant, or all of it; None where it has none."""
    if not part:
        return provision
    sentences = list(re.finditer(r"[^。；;\n]+[。；;]?", text[provision.start : provision.end]))
    at = _ORDINALS[part]
    if at >= len(sentences):
        return None
    match = sentences[at]
    return Span(provision.start + match.start(), provision.start + match.end())
