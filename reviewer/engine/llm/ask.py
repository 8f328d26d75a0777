"""A question on one contract: the model points at passages, the program checks that they stand there."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from reviewer.answer import Answer, AnswerKind, Point
from reviewer.chat.base import ChatModel, Message
from reviewer.chat.masking import Masker
from reviewer.chat.session import Session
from reviewer.contract import Clause, Contract
from reviewer.engine.canonical import canonical, roles_of
from reviewer.engine.injection import injection_warnings, injections
from reviewer.engine.llm.claims import Answered, Claim, Expected
from reviewer.engine.llm.decide import STATUTE
from reviewer.engine.llm.fitting import Fitting
from reviewer.engine.llm.grounding import Grounded, Grounder
from reviewer.engine.llm.messages import message
from reviewer.engine.llm.passages import ranked
from reviewer.engine.llm.questions import Question, Questioner
from reviewer.engine.llm.report import clause_numbers
from reviewer.errors import ChatError, ChatReplyInvalid
from reviewer.finding import Evidence
from reviewer.knowledge.laws import LawBook
from reviewer.law import Article
from reviewer.playbook import Playbook
from reviewer.prompts import load_prompt, load_prompts
from reviewer.retrieval.everyday import expansion
from reviewer.review import EngineInfo
from reviewer.settings import Settings
from reviewer.text import Span

LawSearch = Callable[[str], Sequence[Article]]
"""Returns the articles that may bear on a question, best first."""

MAX_POINTS = 4
NEAREST = 3
LONGEST_SENTENCE = 160
SAYS = "a0"
"""The id under which the model says whether the contract provides for it at all."""
_EXPECTED = Expected(
    {SAYS: frozenset({"met", "absent"})},
    {f"a{n}": frozenset({"hit"}) for n in range(1, MAX_POINTS + 1)},
)
_NUMBER = re.compile(r"\d+(?:\.\d+)?%?")


class Asking:
    """Questions on one contract."""

    def __init__(
        self,
        contract: Contract,
        chat: ChatModel,
        settings: Settings,
        playbook: Playbook,
        laws: LawBook,
        search: LawSearch,
    ) -> None:
        self.contract = contract
        self.chat = chat
        self.settings = settings
        self.search = search
        self.injected = injections(contract)
        self.questioner = Questioner(contract, playbook, laws, self.injected)
        self.grounder = Grounder(contract, self.injected)

    def answer(self, question: str) -> Answer:
        """Return what the contract says, each point with a passage that stands there.

        Raises:
            ChatError: The model could not be asked, or its answer has no usable form.
        """
        masker = (
            Masker.of(self.contract, question, words=self.settings.words_to_mask)
            if self.settings.mask
            else Masker.off()
        )
        session = Session(self.chat, masker, self.settings)
        fitting = Fitting(self.questioner, session)
        offered = {article.id: article for article in self.search(question)}
        asked = self.question(question, offered)
        asked, answered = fitting.ask(asked)
        if SAYS in answered.missing and not answered.claims:
            raise ChatReplyInvalid(
                f"模型 {self.chat.model} 没有给出可用的回答", remedy="请换个问法或换一个模型"
            )
        grounded = self._grounded(answered.claims)
        lost = [g for g in grounded.values() if g.invented]
        if lost:
            again = self._asked_again(fitting, asked, answered, lost)
            answered = answered._replace(claims=answered.claims | again)
            grounded |= self._grounded(again)
        said = answered.claims.get(SAYS)
        points = [p for g in grounded.values() if (p := self._point(question, g))]
        kind = self._kind(asked, said, bool(points))
        return Answer(
            question=question,
            kind=kind,
            text=self._text(asked, said, kind, points),
            points=tuple(points) if kind == "answered" else (),
            nearest=() if kind == "answered" else self._nearest(question, points),
            citations=tuple(offered[name].cite() for name in answered.law if name in offered),
            needs_human=kind == "unverified",
            engine=self._info(),
            warnings=tuple(self._warnings(session, asked)),
            usage=session.usage,
        )

    def question(self, words: str, offered: Mapping[str, Article]) -> Question:
        """Return the request that asks for an answer to `words`."""
        law = "\n".join(f"{a.id} {a.gist}：{a.excerpt[:120]}" for a in offered.values())
        tail = load_prompt("ask").fill(question=words, law=law or "无", limit=str(MAX_POINTS))
        queries = tuple(q for q in (words, expansion(words)) if q)
        return self.questioner.ask("ask", words, tail, _EXPECTED, queries=queries)

    def _grounded(self, claims: Mapping[str, Claim]) -> dict[str, Grounded]:
        return {name: self.grounder.ground(claims[name]) for name in sorted(claims) if name != SAYS}

    def _asked_again(
        self, fitting: Fitting, asked: Question, answered: Answered, lost: Sequence[Grounded]
    ) -> dict[str, Claim]:
        """Return the claims of one more try, told which quotes were not found."""
        names = [g.claim.id for g in lost]
        quotes = "\n".join(f"{g.claim.id}：{(g.claim.quote or '（空）')[:80]}" for g in lost)
        before = [claim.model_dump() for claim in answered.claims.values()]
        more = (
            Message("assistant", json.dumps({"answers": before}, ensure_ascii=False)),
            Message("user", load_prompt("requote").fill(quotes=quotes)),
        )
        try:
            _, again = fitting.ask(replace(asked, messages=(*asked.messages, *more)))
        except ChatError:
            return {}
        return {name: c for name, c in again.claims.items() if name in (SAYS, *names)}

    def _point(self, question: str, grounded: Grounded) -> Point | None:
        if grounded.span is None:
            return None
        evidence = self._evidence(grounded.span)
        clause = self.contract.clause_at(evidence.start)
        text = self._borne_out(question, grounded.claim.why, evidence.quote)
        return Point(text=text, evidence=evidence, clause=clause.id if clause else None)

    def _borne_out(self, question: str, why: str | None, quote: str) -> str:
        """Return the model's sentence if its numbers and statutes stand in the passage, else ""."""
        words = " ".join((why or "").split())
        if len(words) > LONGEST_SENTENCE or any(m[0] not in quote for m in STATUTE.finditer(words)):
            return ""
        roles = roles_of(self.contract)
        said, known = (
            set(_NUMBER.findall(canonical(text, roles).text))
            for text in (words, f"{quote}\n{question}")
        )
        return words if said <= known else ""

    def _kind(self, asked: Question, said: Claim | None, found: bool) -> AnswerKind:
        absent = said is not None and said.status == "absent"
        if found:
            return "unverified" if absent else "answered"
        return "silent" if absent and self._all_read(asked) else "unverified"

    def _all_read(self, asked: Question) -> bool:
        return not asked.left_out and self.contract.coverage.complete

    def _text(
        self, asked: Question, said: Claim | None, kind: AnswerKind, points: Sequence[Point]
    ) -> str:
        lang = self.settings.lang
        if kind == "answered":
            texts = dict.fromkeys(point.text for point in points if point.text)
            return "\n".join(texts) or message("see_quotes", lang)
        if kind == "silent":
            return message("silent", lang)
        absent = said is not None and said.status == "absent" and not points
        unread = absent and not self._all_read(asked)
        return message("partly_read" if unread else "not_verified", lang)

    def _nearest(self, question: str, points: Sequence[Point]) -> tuple[Evidence, ...]:
        """Return what a person should read: the passages in doubt, then the closest clauses."""
        clauses = [c for c in self.questioner.sendable() if c.kind in ("body", "annex")]
        queries = [q for q in (question, expansion(question)) if q]
        found = [point.evidence for point in points]
        found += [self._evidence(_words(clauses[n])) for n in ranked(clauses, queries)]
        return tuple(dict.fromkeys(found))[:NEAREST]

    def _evidence(self, span: Span) -> Evidence:
        return Evidence(quote=span.of(self.contract.text), start=span.start, end=span.end)

    def _info(self) -> EngineInfo:
        prompts = load_prompts()
        used = ("system", "contract", "ask", "requote", "repair")
        return EngineInfo(
            name="llm",
            model=self.chat.model,
            playbook=self.questioner.playbook.id,
            playbook_version=self.questioner.playbook.version,
            host=self.chat.host,
            prompts={name: prompts[name].mark for name in used},
        )

    def _warnings(self, session: Session, asked: Question) -> list[str]:
        lang = self.settings.lang
        said = [*injection_warnings(self.contract, self.injected)]
        if asked.left_out:
            numbers = clause_numbers(self.contract, asked.left_out)
            said.append(message("unread", lang, clauses="、".join(numbers)))
        if not self.settings.mask:
            said.append(message("unmasked", lang, host=self.chat.host))
        if session.meter.estimated:
            said.append(message("estimated", lang))
        return said


def _words(clause: Clause) -> Span:
    """Return where the clause's words stand, without the white space around them."""
    start = clause.start + len(clause.text) - len(clause.text.lstrip())
    return Span(start, clause.start + len(clause.text.rstrip()))
