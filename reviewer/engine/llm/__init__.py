"""The LLM engine: the model proposes, the program verifies, the rules engine is the second opinion."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from reviewer.chat.base import RULES_INSTEAD, ChatModel, Message, estimate
from reviewer.chat.masking import Masker
from reviewer.chat.session import Session
from reviewer.contract import Contract
from reviewer.engine import OnFinding
from reviewer.engine.injection import injections, without_injections
from reviewer.engine.llm.claims import ELEMENT, FLAG, Answered, Claim, Expected, ask
from reviewer.engine.llm.decide import Decided, Dispute, Judge, Trust, plain_why
from reviewer.engine.llm.drafting import draft_question, redrafted
from reviewer.engine.llm.grounding import Grounded, Grounder
from reviewer.engine.llm.messages import message
from reviewer.engine.llm.passages import passages_for
from reviewer.engine.llm.questions import Question, Questioner
from reviewer.engine.llm.support import Support
from reviewer.engine.llm.workers import in_parallel
from reviewer.engine.matching import Lexicon
from reviewer.engine.rules import RulesEngine
from reviewer.engine.statements import statements
from reviewer.engine.suggest import Drafter
from reviewer.errors import ChatError, ChatSetup, ContextTooLong
from reviewer.finding import Evidence, Finding
from reviewer.playbook import Check, Playbook
from reviewer.prompts import load_prompt, load_prompts
from reviewer.review import EngineInfo, Usage
from reviewer.settings import Settings

NAME = "llm"
MAX_DISPUTES = 25
"""More than this is not asked again in one request; the rest stays disputed."""
ANSWER_SHARE = 0.3
"""Part of a small context that is kept free for the answer."""
LEAST_CLAUSES = 400
"""Tokens; a context that leaves less than this for clauses is of no use."""
TITLES_SHOWN = 3


@dataclass(frozen=True)
class LlmOutcome:
    """What the two engines together made of a contract."""

    findings: tuple[Finding, ...]
    info: EngineInfo
    warnings: tuple[str, ...] = ()
    usage: Usage = field(default_factory=Usage)


class LlmEngine:
    """Answers every check by rules engine and language model together."""

    def __init__(self, rules: RulesEngine, chat: ChatModel, settings: Settings) -> None:
        self.rules = rules
        self.chat = chat
        self.settings = settings
        self._interrupted = False

    def review(
        self, contract: Contract, playbook: Playbook, on_finding: OnFinding | None = None
    ) -> LlmOutcome:
        """Return one finding for every check, then the observations.

        `on_finding` sees a finding as soon as its group is answered and nothing is disputed; the
        outcome holds the final ones.

        Raises:
            ChatError: The model gave no answer at all.
        """
        if self._interrupted:
            raise KeyboardInterrupt
        case = _Case(self, contract, playbook, on_finding)
        outcome = case.reviewed()
        self._interrupted = case.interrupted
        return outcome

    def requests(
        self, contract: Contract, playbook: Playbook
    ) -> list[tuple[str, tuple[Message, ...]]]:
        """Return what the first round would send, exactly, with a title each; nothing is sent."""
        case = _Case(self, contract, playbook, None)
        return [(q.title, case.session.masked(q.messages)) for q in case.questions()]


class _Case:
    """One contract under review."""

    def __init__(
        self,
        engine: LlmEngine,
        contract: Contract,
        playbook: Playbook,
        on_finding: OnFinding | None,
    ) -> None:
        self.engine = engine
        self.lang = engine.settings.lang
        self.contract = contract
        self.playbook = playbook
        self.on_finding = on_finding
        masker = Masker.of(contract) if engine.settings.mask else Masker.off()
        self.session = Session(engine.chat, masker, engine.settings)
        injected = injections(contract)
        self.questioner = Questioner(contract, playbook, engine.rules.laws, injected)
        self.grounder = Grounder(contract, injected)
        self.base = engine.rules.review(contract, playbook)
        found = without_injections(contract, statements(contract))
        self.support = Support(contract, Lexicon(playbook.vocabulary), found)
        self.by_check = {f.check: f for f in self.base.findings if f.kind != "observation"}
        self.judge = Judge(contract, self.support, self.by_check, self.lang)
        self.asked = {check.id: check for check in playbook.checks}
        self.first: dict[str, Grounded] = {}
        self.second: dict[str, Grounded] = {}
        self.remarks: dict[str, Claim] = {}
        self.drafts: dict[str, Claim] = {}
        self.law: dict[str, None] = {}
        self.unoffered: set[str] = set()
        self.failed: dict[str, list[Question]] = {}
        self.missing = 0
        self.left_out: dict[str, None] = {}
        self.interrupted = False
        self.shown: set[str] = set()

    def questions(self) -> list[Question]:
        """Return the requests of the first round, the smallest group first."""
        found = [self._fitting(n, g) for n, g in enumerate(self.questioner.groups(), 1)]
        found.append(self._fitting(0, ()))
        draft = draft_question(self.questioner, self.base.findings)
        if draft and self._fits(draft.messages):
            found.append(draft)
        return found

    def reviewed(self) -> LlmOutcome:
        questions = self.questions()
        last: ChatError | None = None
        answered = 0
        try:
            for part in (questions[:1], questions[1:]):  # the first one warms the provider's cache
                for question, answer in self._all(part):
                    if isinstance(answer, ChatError):
                        if isinstance(answer, ChatSetup) and not answered:
                            raise answer
                        last = answer
                        self.failed.setdefault(answer.problem, []).append(question)
                        continue
                    answered += 1
                    self._take(question, answer)
        except KeyboardInterrupt:
            self._break_off()
        if last and not answered and not self.interrupted:
            raise last
        trust = self.judge.trust(self.asked, self.first)
        if trust.enough and not self.interrupted:
            try:
                self._second_round()
            except KeyboardInterrupt:
                self._break_off()
        return self._outcome(trust)

    def _break_off(self) -> None:
        self.interrupted = True
        self.session.stop()

    def _all(self, questions: Sequence[Question]):  # type: ignore[no-untyped-def]
        """Yield each question with its answer, or the error that it met."""
        tasks: list[Callable[[], Answered]] = [
            lambda question=question: self._ask(question)  # type: ignore[misc]
            for question in questions
        ]
        for done in in_parallel(tasks, self.engine.settings.concurrency):
            yield questions[done.number], done.error or done.value

    def _ask(self, question: Question) -> Answered:
        try:
            return ask(self.session, question.messages, question.expected)
        except ContextTooLong as error:
            limit = error.limit or estimate(question.messages) // 2
            narrow = self._narrowed(question, limit)
            self.left_out |= dict.fromkeys(narrow.left_out)
            return ask(self.session, narrow.messages, narrow.expected)

    def _fitting(self, number: int, group: tuple[Check, ...]) -> Question:
        whole = self._question(number, group, None)
        if self._fits(whole.messages):
            return whole
        assert self.engine.chat.context is not None
        return self._narrowed(whole, self.engine.chat.context)

    def _fits(self, messages: tuple[Message, ...]) -> bool:
        context = self.engine.chat.context
        return context is None or estimate(messages) <= context * (1 - ANSWER_SHARE)

    def _question(
        self, number: int, group: tuple[Check, ...], keep: frozenset[str] | None
    ) -> Question:
        if not group:
            return self.questioner.observe(keep)
        return self.questioner.checks(number, group, keep)

    def _narrowed(self, question: Question, limit: int) -> Question:
        """Return the question with only those clauses that it needs most.

        Raises:
            ChatSetup: Not even these fit.
        """
        number = int(question.id[1:]) if question.checks else 0
        empty = self._question(number, question.checks, frozenset())
        room = int(limit * (1 - ANSWER_SHARE)) - estimate(empty.messages)
        if room < LEAST_CLAUSES:
            raise ChatSetup(
                f"模型 {self.engine.chat.model} 的上下文只有 {limit} token，放不下审查要求和条款",
                remedy=f"请换用上下文 8k 以上的模型（本机模型请调大 n_ctx／num_ctx），{RULES_INSTEAD}",
            )
        evidence = [name for check in question.checks for name in self.by_check[check.id].clauses]
        keep = passages_for(
            self.contract, self.questioner.sendable(), question.checks, evidence, room
        )
        return self._question(number, question.checks, keep)

    def _take(self, question: Question, answer: Answered) -> None:
        self.left_out |= dict.fromkeys(question.left_out)
        if question.id == "observe":
            self.remarks = answer.claims
            return
        if question.id == "draft":
            self.drafts = answer.claims
            return
        self.missing += len(answer.missing)
        for name in answer.law:
            (self.law.setdefault(name) if name in question.law else self.unoffered.add(name))
        claims = {name: self.grounder.ground(claim) for name, claim in answer.claims.items()}
        for check in question.checks:
            if not check.elements and check.id not in claims:  # unnamed flags are clear
                claims[check.id] = Grounded(Claim(id=check.id, status="clear"), None)
        self.first |= claims
        for check in question.checks:
            if not self.judge.disputes(check, claims):
                self._show(self.by_check[check.id])

    def _show(self, finding: Finding) -> None:
        if self.on_finding and finding.check not in self.shown:
            self.shown.add(finding.check)
            self.on_finding(finding)

    def _second_round(self) -> None:
        disputes = [
            dispute
            for check in sorted(self.playbook.checks, key=lambda c: _ORDER[c.severity])
            for dispute in self.judge.disputes(check, self.first)
        ][:MAX_DISPUTES]
        if not disputes:
            return
        tail = load_prompt("second").fill(items="\n".join(_second_item(d) for d in disputes))
        expected = Expected(
            {d.id: FLAG if d.rules in ("hit", "clear") else ELEMENT for d in disputes}
        )
        keep = self._evidence_clauses(disputes)
        messages = self.questioner.messages(tail)
        question = Question("second", "复议", messages, expected)
        if not self._fits(messages):
            question = Question("second", "复议", self.questioner.messages(tail, keep), expected)
        for _, answer in self._all([question]):
            if isinstance(answer, ChatError):
                return
            for name, claim in answer.claims.items():
                self.second[name] = self.grounder.ground(claim)

    def _evidence_clauses(self, disputes: Sequence[Dispute]) -> frozenset[str]:
        names: set[str] = set()
        for dispute in disputes:
            if dispute.model.span:
                clause = self.contract.clause_at(dispute.model.span.start)
                names |= {clause.id} if clause else set()
        for finding in self.by_check.values():
            for element in finding.elements:
                if element.start is not None and any(d.id == element.id for d in disputes):
                    clause = self.contract.clause_at(element.start)
                    names |= {clause.id} if clause else set()
        return frozenset(names)

    def _outcome(self, trust: Trust) -> LlmOutcome:
        trusted = trust.enough
        decided: dict[str, Decided] = {}
        for check in self.playbook.checks:
            decided[check.id] = self.judge.decide(check, self.first, self.second, trusted=trusted)
        findings = [self._cited(decided[f.check].finding) for f in self.by_check.values()]
        if any(d.taken for d in decided.values()):
            findings = [f.model_copy(update={"suggestion": None}) for f in findings]
            findings = Drafter(self.contract, self.playbook, self.engine.rules.clauses).drafted(
                findings
            )
        if trusted and self.drafts:
            findings = redrafted(
                findings, self.drafts, self.contract, self.playbook, self.engine.rules
            )
        observed = [f for f in self.base.findings if f.kind == "observation"]
        if trusted:
            observed += self._remarked(observed)
        for finding in (*findings, *observed):
            self._show(finding)
        return LlmOutcome(
            findings=(*findings, *observed),
            info=self._info(),
            warnings=(*self.base.warnings, *self._warnings(trust, decided)),
            usage=self.session.usage,
        )

    def _cited(self, finding: Finding) -> Finding:
        """Return the finding with the articles that the model chose in front, all from the corpus."""
        check = self.asked[finding.check]
        flagged_now = finding.kind != "protection" and finding.status == "hit"
        if not finding.citations and not flagged_now:
            return finding
        laws = self.engine.rules.laws
        shown = [article.id for article in laws.for_check(check.id, check.law, limit=3)]
        chosen = [name for name in self.law if name in check.law and name in shown]
        ordered = list(dict.fromkeys([*chosen, *shown]))[:3]
        articles = [article for name in ordered if (article := laws.get(name))]
        return finding.model_copy(update={"citations": tuple(a.cite() for a in articles)})

    def _remarked(self, known: Sequence[Finding]) -> list[Finding]:
        """Return the model's remarks beyond the playbook, each with a passage that stands there."""
        new: list[Finding] = []
        for claim in self.remarks.values():
            grounded = self.grounder.ground(claim)
            words = plain_why(claim.why)
            if grounded.span is None or not words:
                continue
            span = grounded.span
            if any(p.span.overlap(span) for f in (*known, *new) for p in f.evidence):
                continue
            clause = self.contract.clause_at(span.start)
            passage = Evidence(quote=span.of(self.contract.text), start=span.start, end=span.end)
            new.append(
                Finding(
                    id=f"o{len(known) + len(new) + 1:02d}",
                    check="llm_observation",
                    kind="observation",
                    title=message("observation", self.lang),
                    status="hit",
                    severity="low",
                    clauses=(clause.id,) if clause else (),
                    evidence=(passage,),
                    reason=words,
                    confidence=0.5,
                    needs_human=True,
                )
            )
        return new

    def _info(self) -> EngineInfo:
        return EngineInfo(
            name=NAME,
            model=self.engine.chat.model,
            playbook=self.playbook.id,
            playbook_version=self.playbook.version,
            host=self.engine.chat.host,
            prompts={prompt.id: prompt.mark for prompt in load_prompts().values()},
        )

    def _warnings(self, trust: Trust, decided: Mapping[str, Decided]) -> list[str]:
        def say(name: str, **values: object) -> None:
            said.append(message(name, self.lang, **values))

        said: list[str] = []
        if not trust.enough:
            say(
                "untrusted",
                model=self.engine.chat.model,
                grounded=f"{trust.grounded:.0%}",
                found=f"{trust.found:.0%}",
                silent=f"{trust.silent:.0%}",
            )
        if trust.asked:
            say(
                "agreement",
                asked=trust.asked,
                agreed=trust.agreed,
                share=f"{trust.agreed / trust.asked:.0%}",
                taken=sum(d.taken for d in decided.values()),
                open=sum(d.open for d in decided.values()),
            )
        for reason, questions in self.failed.items():
            titles = [check.title for q in questions for check in q.checks]
            if titles:
                shown = "、".join(titles[:TITLES_SHOWN]) + (
                    "…" if len(titles) > TITLES_SHOWN else ""
                )
                say("fallback", count=len(titles), titles=shown, reason=reason)
        if self.missing:
            say("unanswered", count=self.missing)
        if trust.invented:
            say("invented", count=trust.invented)
        if self.unoffered:
            say("law", count=len(self.unoffered))
        if self.left_out:
            say("unread", clauses="、".join(self._numbers(list(self.left_out))))
        if not self.engine.settings.mask:
            say("unmasked", host=self.engine.chat.host)
        if self.session.meter.estimated:
            say("estimated")
        if self.session.cached_answers:
            say("cached", count=self.session.cached_answers)
        if self.interrupted:
            say("interrupted")
        return said

    def _numbers(self, names: list[str]) -> list[str]:
        numbers = [c.number or c.id for n in names if (c := self.contract.clause(n))]
        return [*numbers[:20], *(["…"] if len(numbers) > 20 else [])]


_ORDER = {"high": 0, "medium": 1, "low": 2}


def _second_item(dispute: Dispute) -> str:
    claim = dispute.model.claim
    rules = dispute.rules
    if dispute.rules_quote:
        rules += f"，依据“{dispute.rules_quote[:60]}”"
    if dispute.rules_note:
        rules += f"（{dispute.rules_note}）"
    model: str = claim.status
    if claim.quote:
        model += f"，引文“{claim.quote[:60]}”" + (
            "——引文不在合同中" if dispute.model.invented else ""
        )
    if claim.why:
        model += f"（{claim.why[:40]}）"
    return (
        f"{dispute.id} {dispute.title}｜{dispute.asks}\n  规则引擎：{rules}\n  前一次答案：{model}"
    )
