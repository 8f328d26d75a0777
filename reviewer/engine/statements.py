"""Statements: the operative sentences of a contract, each with what it inherits.

A list item inherits the sentence that introduces it (乙方不得有下列行为：), a later half of a
sentence its subject; both are needed to know who bears the duty.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from reviewer.contract import Clause, Contract
from reviewer.engine.canonical import Canonical, Roles, canonical, roles_of
from reviewer.engine.replaced import replaced
from reviewer.text import Span

Bearer = Literal["client", "vendor", "both"]


class Subject(NamedTuple):
    """Who a part of a statement speaks of, and how."""

    party: str
    modal: str
    at: int

    @property
    def is_duty(self) -> bool:
        """Return whether the party is bound rather than entitled."""
        return self.modal not in _RIGHTS


@dataclass(frozen=True)
class Statement:
    """One operative sentence, table row or list item."""

    clause: str
    article: str
    """The id of the clause at the top of the tree."""
    span: Span
    """In `Contract.text`, without the closing punctuation and the clause number."""
    own: Canonical
    lead: str
    """Canonical words that it inherits: the introduction of its list, the subject before it."""
    heading: str
    """Canonical headings above it, joined by `/`."""
    subjects: tuple[Subject, ...] = field(default=())
    introduces: bool = False
    """It stands in the block that names the parties, which satisfies next to nothing."""

    @property
    def full(self) -> str:
        """Return lead and own text, as patterns see them."""
        return f"{self.lead}|{self.own.text}" if self.lead else self.own.text

    @property
    def shift(self) -> int:
        """Return how far own text is shifted in `full`."""
        return len(self.lead) + 1 if self.lead else 0

    def governing(self, at: int) -> Subject | None:
        """Return the subject that governs position `at` of `full`, None when nobody is named."""
        before = [subject for subject in self.subjects if subject.at <= at]
        return before[-1] if before else None


LONGEST = 800
"""Characters of a statement. Patterns take a time that grows with the square of it."""
_PARTY = r"(商家|外包商|双方)"
_MODALS = (
    r"应当|应予|应|须|必须|不得|不可|不能|禁止|严禁|需要|需|负责|承担|保证|承诺|确保|有权|可以|可|无权|不再|不|同意|"
    r"自行|泄露|泄漏|逾期|擅自|单方|延迟|拖欠|拒绝|无故|随时|按照|按|于|将|在|向|每|提供|安排|配备|指派|支付|使用|负有|享有|拥有|如|若|未|违反|因|发现|收到|所|已|至少|一律|全部|均|不予|不承担"
)
_SUBJECT = re.compile(_PARTY + r"([^,。;:!?商外双|]{0,14}?)(" + _MODALS + ")")
_RIGHTS = frozenset({"有权", "可以", "可", "享有", "拥有", "同意"})
_WEAK = frozenset({"如", "若", "未", "违反", "因", "发现", "收到", "已", "所"})
_NOT_SUBJECT = frozenset("为向对给替与经受按及和从将把被助知合偿示")
"""Behind these words a party is not the subject: 乙方为甲方提供."""
_BINDS = re.compile(r"^(?:商家|外包商|双方)[^。;,:：]{0,4}(?:保证|承诺|应当?|须|有权|确认|不得)")
"""A sentence among the parties' particulars that binds one of them is none of them."""
_ORDERS = re.compile(
    r"\|?(?:\(?[\da-z]{1,2}\)?[|.])?[^|:]{0,4}(?:岗位|席位|坐席|座席|时段|服务时间|工作时间|值班时间|人数|付款|预付|班次|单价|价格|费用|套餐|续展|续期|服务期|"
    r"期限|合作期|接待事项|服务内容|服务范围|保证金|响应|发票|多久|多少钱)[^|:]{0,6}[|:][^|:].*"
)
"""A row of the order form above the terms: it says what is owed."""
_STRUCK = re.compile(r"\s*[【〔\[（(](?:已?(?:划去|划掉|删除|删去|作废)|删)[】〕\]）)]")
"""A line that negotiators crossed out in plain text."""
_STRUCK_WITHIN = re.compile(
    r"[【〔\[](?:已?(?:划去|划掉|删除|删去|作废)|[删划])[:：][^】〕\]【〔\[]{0,900}+[】〕\]]|"
    r"原(?:文|句|条款|条|稿|第[^“\"「『\n]{1,8})?[:：为]?[“\"「『][^”\"」』\n]{1,300}[”\"」』](?=[^。；\n]{0,10}(?:改为|划去|划掉|删去|删除|改作|→|换成))|"
    r"(?:建议|提出|要求|提议)[^。；\n“\"「]{0,12}[“\"「『][^”\"」』\n]{1,300}[”\"」』](?=[^。；\n]{0,16}(?:不同意|不接受|未接受|不采纳|未采纳|不纳入))"
)
"""Words that a redraft keeps in brackets or quotes to show what it took out, or what was refused."""
_REFUSED_ROW = re.compile(
    r"\|\s*[^|]{0,3}(?:不接受|不同意|不采纳|未采纳|拒绝接受)[^|]{0,12}\|?\s*$"
)
"""A row of a table of deviations that was not accepted."""
_TICKED = re.compile(r"[☑☒■√✓✔]")
_UNTICKED = re.compile(
    r"(?:(?<=[\s　：:（(、，,；;。|])|^)[□☐][ \t　]*+(?![年月日元人席名])[^□☐☑☒■√✓✔\n。；;，,、|]*+",
    re.MULTILINE,
)
"""An option that nobody chose, in a form where others are ticked."""
TICKS = 2
"""So many ticks make a form of which the empty boxes say something."""
_SAID_STRUCK = re.compile(
    r"(?:已|均|双方|两边)(?:被)?(?:划去|划掉|勾去|删去)了?[^。；;]{0,8}[。；;]?\s*$"
)
_SPLIT = re.compile(r"[^。；;！？!?\n]*(?:[。；;！？!?\n]+|$)")
_LEAD_END = re.compile(r"(?:[:：]|如下|下列[^,。]{0,12})[-—]*$")
_LIST_LEAD = re.compile(
    r"^([^:|]{0,40}(?:不得|不可|不能|禁止|严禁|不准|不许|应当?|须|必须|包括|有权|可以?|负责|保证|承诺|下列|以下|如下)"
    r"[^:|,]{0,10}):(?=[^:]{2})"
)
"""A sentence that opens a list after a colon: what follows its semicolons is under it too."""
_SUBJECT_LEAD = re.compile(
    r"^(.{0,30}?" + _PARTY + r"(?:应当|应|须|必须|不得|负责|保证|承诺|有权|可以|可|需|禁止)?)"
)


def statements(contract: Contract, roles: Roles | None = None) -> tuple[Statement, ...]:
    """Return the operative statements of `contract` in the order of the text."""
    roles = roles or roles_of(contract)
    by_id = {clause.id: clause for clause in contract.clauses}
    leads: dict[str, str] = {}
    heads: dict[str, str] = {}
    found: list[Statement] = []
    labels = _labels_only(roles)
    form = len(_TICKED.findall(contract.text)) >= TICKS
    gone = replaced(contract.text)
    for clause in contract.clauses:
        heading = canonical(clause.heading or "", roles).text
        parent = by_id.get(clause.parent or "")
        above = heads.get(parent.id, "") if parent else canonical(clause.annex or "", roles).text
        heads[clause.id] = f"{above}/{heading}" if above and heading else above or heading
        introduces = clause.kind in _BEFORE or _introduces(clause, contract)
        if clause.kind not in ("body", "annex") and not introduces:
            continue
        lead = leads.get(parent.id, "") if parent else ""
        named = labels if introduces else roles
        kept = _agreed(_without(clause, gone), form)
        for statement in _of_clause(
            clause, kept, _top(clause, by_id), heads[clause.id], lead, named
        ):
            found.append(statement)
            if _LEAD_END.search(statement.own.text) or statement.clause not in leads:
                leads[clause.id] = _lead_of(statement)
    return tuple(found)


def _introduces(clause: Clause, contract: Contract) -> bool:
    """Return whether a clause outside the usual block names a party with its particulars."""
    return any(
        party.name and party.name in clause.text and _PARTICULARS.search(clause.text)
        for party in contract.parties
    )


_BEFORE = ("title", "parties", "recital")
"""What stands before the terms: it tells facts and provides nothing (labelling rule R2)."""
_PARTICULARS = re.compile(
    r"信用代[码碼]|[营營][业業][执執]照|住所|地址|身份[证證]|法定代表人|[税稅][号號]"
)


def _labels_only(roles: Roles) -> Roles:
    """Return the roles without full names: where the parties introduce themselves names count."""
    return roles._replace(
        client=tuple(word for word in roles.client if not _FULL_NAME.search(word)),
        vendor=tuple(word for word in roles.vendor if not _FULL_NAME.search(word)),
    )


_FULL_NAME = re.compile(r"公司$|工作室|商行|经营部|服务部|中心$|厂$|^.{6,}店$")


def _top(clause: Clause, by_id: dict[str, Clause]) -> str:
    while clause.parent and clause.parent in by_id:
        clause = by_id[clause.parent]
    return clause.id


def _lead_of(statement: Statement) -> str:
    text = statement.own.text
    if _LEAD_END.search(text):
        return (statement.lead + "," if statement.lead else "") + text.rstrip(":：")
    return ""


def _without(clause: Clause, gone: Sequence[Span]) -> str:
    """Return the text of `clause` with blanks for the passages in `gone`."""
    text = clause.text
    for span in gone:
        first, last = max(span.start, clause.start), min(span.end, clause.end)
        if first < last:
            first, last = first - clause.start, last - clause.start
            text = text[:first] + re.sub(r"[^\n]", " ", text[first:last]) + text[last:]
    return text


def _agreed(text: str, form: bool) -> str:
    """Return `text` with blanks for what was taken out of it or, in a form, was not chosen."""
    kept = _STRUCK_WITHIN.sub(lambda match: " " * len(match[0]), text)
    return _UNTICKED.sub(lambda match: " " * len(match[0]), kept) if form else kept


def _of_clause(
    clause: Clause, kept: str, article: str, heading: str, inherited: str, roles: Roles
) -> list[Statement]:
    body = _body_start(clause)
    lead, subject = inherited, ""
    header = ""
    listed = ""
    struck = False
    found: list[Statement] = []
    for at, words in _sentences(kept, body):
        if not words.strip():
            continue
        out = struck or bool(_STRUCK.match(words))
        struck = out and not words.endswith("\n")
        if out or _SAID_STRUCK.search(words) or _REFUSED_ROW.search(words):
            continue
        start = at + len(words) - len(words.lstrip())
        end = at + len(words.rstrip("。；;！？!? \t\n\r　"))
        if end <= start:
            continue
        own = canonical(kept[start:end], roles, clause.start + start)
        if not own.text or (clause.heading and words.strip() == clause.heading.strip()):
            continue
        is_row = "|" in own.text
        if is_row and not header:
            header = own.text
        if not is_row:
            header = ""
        inherits = listed or lead or ("" if _SUBJECT.search(own.text) else subject)
        if is_row and header != own.text:
            inherits = f"{inherits},{header}" if inherits else header
        found.append(_statement(clause, article, heading, inherits[-LONGEST:], own))
        text = own.text
        opens = _LIST_LEAD.match(text)
        if not words.rstrip(" \t　").endswith(("；", ";")):
            listed = ""
        elif opens and not is_row:
            listed = opens[1]
        if _LEAD_END.search(text):
            lead = text.rstrip(":：")
        elif words.endswith("\n") and not _is_item(text):
            lead = inherited
            subject = ""
            continue
        named = _SUBJECT_LEAD.match(text)
        if named:
            subject = named[1]
    return found


def _sentences(text: str, begin: int) -> Iterator[tuple[int, str]]:
    """Yield where each sentence begins, and its words; what nobody would say at once in pieces."""
    for match in _SPLIT.finditer(text, begin):
        at, end = match.span()
        while end - at > LONGEST:
            cut = max(text.rfind(mark, at + LONGEST // 2, at + LONGEST) for mark in "，,、|") + 1
            cut = cut or at + LONGEST
            yield at, text[at:cut]
            at = cut
        yield at, text[at:end]


def _is_item(text: str) -> bool:
    return bool(re.match(r"[-·•●(]?\d{0,2}[.、)·•●-]", text))


def _body_start(clause: Clause) -> int:
    """Return where the provision begins behind its number."""
    text = clause.text
    at = len(text) - len(text.lstrip())
    if clause.number and text[at:].startswith(clause.number):
        at += len(clause.number)
        while at < len(text) and text[at] in " \t　、.．:：":
            at += 1
    return at


def _statement(clause: Clause, article: str, heading: str, lead: str, own: Canonical) -> Statement:
    draft = Statement(
        clause=clause.id,
        article=article,
        span=own.span(0, len(own.text)),
        own=own,
        lead=lead,
        heading=heading,
    )
    return Statement(
        clause=draft.clause,
        article=draft.article,
        span=draft.span,
        own=own,
        lead=lead,
        heading=heading,
        subjects=_subjects(draft.full),
        introduces=clause.kind not in ("body", "annex")
        and not (clause.kind == "parties" and _BINDS.search(own.text))
        and not (clause.kind != "title" and _ORDERS.match(own.text)),
    )


def _subjects(full: str) -> tuple[Subject, ...]:
    found: list[Subject] = []
    for match in _SUBJECT.finditer(full):
        if match[3] in _WEAK and found:
            continue
        if full[max(0, match.start() - 1) : match.start()] in _NOT_SUBJECT:
            continue
        found.append(Subject(match[1], match[3], match.start()))
    return tuple(found)
