"""Drafts of notices: the facts, the clause and the law filled in, for a person to check and send."""

import io
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from reviewer.knowledge.laws import LawBook
from reviewer.knowledge.source import read_yaml, validated
from reviewer.law import Citation
from reviewer.monitoring.outcome import Event, Monitoring, Statement
from reviewer.monitoring.statements import total_words
from reviewer.record import Record
from reviewer.resources import data_folder

Kind = Literal["rectification", "deduction", "termination"]
_SLOTS = frozenset(
    [
        "client",
        "vendor",
        "contract",
        "clause",
        "quote",
        "trigger",
        "allows",
        "deadline",
        "month",
        "total",
        "cap",
        "reply_days",
        "laws",
    ]
)
_SLOT = re.compile(r"\{([a-z_]+)\}")
_LISTS = ("facts", "lines")
MAX_FACTS = 20


class NoticeTemplate(Record):
    """The paragraphs of one kind of notice."""

    title: str
    opening: str
    paragraphs: tuple[str, ...]
    """`facts` and `lines` stand for lists that are filled in."""
    closing: str
    laws: tuple[str, ...]

    @model_validator(mode="after")
    def _slots_are_known(self) -> "NoticeTemplate":
        for text in (self.opening, *self.paragraphs, self.closing):
            if unknown := set(_SLOT.findall(text)) - _SLOTS:
                raise ValueError(f"unknown slot {', '.join(sorted(unknown))}")
        return self


class NoticeFile(Record):
    """The notices of `corpus/shop/notices.yaml`."""

    notices: dict[Kind, NoticeTemplate]
    reply_days: int = Field(default=3, ge=1)
    draft: str


class NoticeDraft(Record):
    """A notice, ready to be checked."""

    kind: Kind
    name: str
    """For the file: 整改通知书-s1-2026-12-16."""
    title: str
    lines: tuple[str, ...]
    citations: tuple[Citation, ...]

    @property
    def text(self) -> str:
        """Return the notice as plain text."""
        return "\n".join([self.title, "", *self.lines]) + "\n"


@cache
def load_notices(path: Path | None = None) -> NoticeFile:
    """Return the notices in the file `path`, or those that were shipped.

    Raises:
        CorpusInvalid: The file is wrong; names file, line and field.
    """
    chosen = path or data_folder("corpus") / "shop" / "notices.yaml"
    return validated(NoticeFile, read_yaml(chosen), chosen)


def drafts_of(found: Monitoring, laws: LawBook) -> list[NoticeDraft]:
    """Return the notices that what was found calls for: of each step the latest, of each month one."""
    file = load_notices()
    made: list[NoticeDraft] = []
    for event in _latest(found.events, _asks_for_cure):
        made.append(_of_event(found, event, "rectification", file, laws))
    for statement in found.statements:
        if statement.complete and statement.lines:
            made.append(_of_month(found, statement, file, laws))
    for event in _latest(found.events, lambda e: "terminate" in e.kinds and not e.pending):
        made.append(_of_event(found, event, "termination", file, laws))
    return made


def _asks_for_cure(event: Event) -> bool:
    return bool({"warn", "rectify"} & set(event.kinds)) or (
        event.pending and event.deadline is None
    )


def _latest(events: Sequence[Event], wanted: Callable[[Event], bool]) -> Iterable[Event]:
    latest: dict[str, Event] = {}
    for event in events:
        if wanted(event):
            latest[event.step] = event
    return latest.values()


def _of_event(
    found: Monitoring, event: Event, kind: Kind, file: NoticeFile, laws: LawBook
) -> NoticeDraft:
    facts = [
        f"（{number}）{fact.first if fact.unit == 'day' else f'{fact.first:%Y年%m月}'}："
        f"{fact.title}{fact.shown}，见{'、'.join(fact.rows)}"
        for number, fact in enumerate(event.facts[:MAX_FACTS], 1)
    ]
    if len(event.facts) > MAX_FACTS:
        facts.append(f"……共 {len(event.facts)} 项，其余见附表")
    values = {
        "clause": _clause(event.source.number),
        "quote": event.source.quote,
        "trigger": event.what,
        "allows": "；".join(event.allows),
        "deadline": _cure_words(event),
    }
    name = f"{file.notices[kind].title}-{event.step}-{event.on}"
    draft = _filled(found, kind, name, values, {"facts": facts}, file, laws)
    doubts = [
        f"（注意：这一通知以“{a.taken}”的读法为前提；按“{a.other}”的读法，这一步尚未触发。）"
        for a in found.ambiguities
        if a.id in event.rests_on
    ]
    return draft.model_copy(update={"lines": (*draft.lines, *doubts)})


def _cure_words(event: Event) -> str:
    match = re.search(r"应在(.+?)内整改", "；".join(event.allows))
    if match:
        return f"{match[1]}内"
    days = re.search(r"(\d+)(日|天)内", event.source.quote)
    return f"{days[1]}日内" if days else "合同约定的期限内"


def _of_month(
    found: Monitoring, statement: Statement, file: NoticeFile, laws: LawBook
) -> NoticeDraft:
    month = f"{statement.month:%Y年%m月}"
    lines = [
        f"（{n}）{line.what}：{line.formula}（{_clause(line.source.number)}“{line.source.quote}”；"
        f"数据见{'、'.join(line.rows[:2])}）"
        for n, line in enumerate(statement.lines, 1)
    ]
    capped = (
        f"（按{_clause(statement.cap.source.number)}的上限计：{statement.cap.formula}）"
        if statement.cap
        else ""
    )
    values = {
        "month": month,
        "total": total_words(statement),
        "cap": capped,
        "clause": "",
        "quote": "",
        "trigger": "",
        "allows": "",
        "deadline": "",
    }
    name = f"{file.notices['deduction'].title}-{statement.month:%Y-%m}"
    return _filled(found, "deduction", name, values, {"lines": lines}, file, laws)


def _filled(
    found: Monitoring,
    kind: Kind,
    name: str,
    values: dict[str, str],
    lists: dict[str, list[str]],
    file: NoticeFile,
    laws: LawBook,
) -> NoticeDraft:
    template = file.notices[kind]
    citations = cited(template.laws, laws, found.as_of)
    every = {
        **values,
        "client": found.client or "甲方",
        "vendor": found.vendor or "乙方",
        "contract": Path(found.contract).stem,
        "reply_days": str(file.reply_days),
        "laws": "；".join(f"《{c.law}》{c.article}：“{c.quote}”" for c in citations),
    }
    lines = [_slots(template.opening, every)]
    for paragraph in template.paragraphs:
        if paragraph in _LISTS:
            lines += lists.get(paragraph, [])
        else:
            lines.append(_slots(paragraph, every))
    lines += [_slots(template.closing, every), "", every["client"], "年  月  日", "", file.draft]
    return NoticeDraft(
        kind=kind, name=name, title=template.title, lines=tuple(lines), citations=tuple(citations)
    )


def cited(ids: Iterable[str], laws: LawBook, day: date) -> list[Citation]:
    """Return the citations that hold on `day`; others are left out."""
    articles = [laws.get(name) for name in ids]
    citations = [article.cite() for article in articles if article]
    return [citation for citation in citations if laws.holds(citation, day)]


def _slots(text: str, values: dict[str, str]) -> str:
    return _SLOT.sub(lambda match: values[match[1]], text)


def _clause(number: str) -> str:
    return number.strip()


def notice_document(draft: NoticeDraft) -> bytes:
    """Return the notice as a Word file."""
    import docx
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml.ns import qn
    from docx.shared import Pt

    document = docx.Document()
    style = document.styles["Normal"]
    style.font.name = "SimSun"
    style.font.size = Pt(12)
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), "SimSun")
    title = document.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = title.add_run(draft.title)
    run.bold = True
    run.font.size = Pt(16)
    for line in draft.lines:
        document.add_paragraph(re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", "", line))
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()
