"""One contract under review by two engines: what is asked, in which order, and what comes of it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from reviewer.chat.base import ChatModel, estimate
from reviewer.chat.masking import Masker
from reviewer.chat.session import Session
from reviewer.contract import Contract
from reviewer.engine import OnFinding
from reviewer.engine.injection import injections, without_injections
from reviewer.engine.llm.claims import ELEMENT, FLAG, SILENT, Answered, Claim, Expected, shape_of
from reviewer.engine.llm.decide import Decided, Dispute, Judge, Trust
from reviewer.engine.llm.drafting import draft_question, redrafted
from reviewer.engine.llm.fitting import Fitting
from reviewer.engine.llm.grounding import Grounded, Grounder
from reviewer.engine.llm.questions import Question, Questioner
from reviewer.engine.llm.remarks import remarked
from reviewer.engine.llm.report import Course, clause_numbers
from reviewer.engine.llm.support import Support
from reviewer.engine.llm.workers import Workers
from reviewer.engine.matching import Lexicon
from reviewer.engine.plan import Plan, PlannedRequest
from reviewer.engine.rules import RulesEngine
from reviewer.engine.statements import statements
from reviewer.engine.suggest import Drafter
from reviewer.errors import ChatError, ChatSetup, ContextTooLong
from reviewer.finding import Finding
from reviewer.playbook import Check, Playbook
from reviewer.prompts import load_prompt, load_prompts
from reviewer.review import EngineInfo, Usage
from reviewer.settings import Settings

NAME = "llm"
SECOND = "second"
MAX_DISPUTES = 25
"""More than this is not asked again in one request; the rest stays disputed."""
_ORDER = {"high": 0, "medium": 1, "low": 2}


@dataclass(frozen=True)
class LlmOutcome:
    """What the two engines together made of a contract."""

    findings: tuple[Finding, ...]
    info: EngineInfo
    warnings: tuple[str, ...] = ()
    usage: Usage = field(default_factory=Usage)


class Case:
    """One contract under review."""

    def __init__(
        self,
        rules: RulesEngine,
        chat: ChatModel,
        settings: Settings,
        contract: Contract,
        playbook: Playbook,
        on_finding: OnFinding | None,
    ) -> None:
        self.rules = rules
        self.settings = settings
        self.contract = contract
        self.playbook = playbook
        self.on_finding = on_finding
        masker = (
            Masker.of(contract, words=settings.words_to_mask) if settings.mask else Masker.off()
        )
        self.session = Session(chat, masker, settings)
        injected = injections(contract)
        self.questioner = Questioner(contract, playbook, rules.laws, injected)
        self.fitting = Fitting(self.questioner, self.session)
        self.grounder = Grounder(contract, injected)
        self.base = rules.review(contract, playbook)
        found = without_injections(contract, statements(contract))
        support = Support(contract, Lexicon(playbook.vocabulary), found)
        self.by_check = {f.check: f for f in self.base.findings if f.kind != "observation"}
        self.judge = Judge(contract, support, self.by_check, settings.lang)
        self.asked = {check.id: check for check in playbook.checks}
        self.first: dict[str, Grounded] = {}
        self.second: dict[str, Grounded] = {}
        self.remarks: dict[str, Claim] = {}
        self.drafts: dict[str, Claim] = {}
        self.law: dict[str, None] = {}
        self.course = Course(contract, self.session, settings)
        self.taken: list[Question] = []
        self.shown: set[str] = set()
        self._again = False
        self._disputes: dict[str, Dispute] = {}

    @property
    def interrupted(self) -> bool:
        """Return whether the user broke off."""
        return self.course.interrupted

    def questions(self) -> list[Question]:
        """Return the requests of the first round: the groups, the smallest first, then the rest."""
        found = [q for group in self.questioner.groups() for q in self._pieces(group)]
        draft = draft_question(self.questioner, self.base.findings)
        if draft and self.fitting.fits(draft):
            found.append(draft)
        found.append(self.questioner.observe())
        return found

    def _pieces(self, group: tuple[Check, ...]) -> list[Question]:
        """Return the question about a group, or several where the model's context is too small."""
        question = self.questioner.checks(group, self._evidence_of(group))
        if len(group) == 1 or not self.fitting.splits(question):
            return [question]
        half = (len(group) + 1) // 2
        return [*self._pieces(group[:half]), *self._pieces(group[half:])]

    def plan(self) -> Plan:
        """Return what the first round would send; nothing is sent."""
        return Plan(
            file=self.contract.file,
            host=self.session.chat.host,
            model=self.session.chat.model,
            mask=self.settings.mask,
            masked=self.session.masker.counts,
            requests=tuple(
                PlannedRequest(
                    title=question.title,
                    tokens=estimate(question.messages),
                    left_out=tuple(clause_numbers(self.contract, question.left_out)),
                    body=self.session.payload(
                        question.messages,
                        shape_of(question.expected, by_name=self.session.keyed),
                    ),
                )
                for question in map(self.fitting.fitted, self.questions())
            ),
        )

    def reviewed(self) -> LlmOutcome:
        """Return the findings of both engines together.

        Raises:
            ChatError: The model gave no answer at all.
        """
        try:
            self._first_round()
        except KeyboardInterrupt:
            self.course.interrupted = True
            self.session.stop()
        return self._outcome(self._trust())

    def _trust(self) -> Trust:
        checks = {check.id: check for question in self.taken for check in question.checks}
        return self.judge.trust(checks, self.first)

    def _first_round(self) -> None:
        last: ChatError | None = None
        asked: set[str] = set()
        todo = self.questions()[:1]  # the first one warms the provider's cache
        while todo:
            asked |= {question.id for question in todo}
            for question, answer in self._all(todo):
                if question.id == SECOND:
                    self._take_second(answer)
                    continue
                if not isinstance(answer, ChatError):
                    self.course.answered += 1
                    self._take(question, answer)
                    continue
                last = answer
                if isinstance(answer, ChatSetup) and not self.course.answered:
                    raise answer
                if isinstance(answer, ContextTooLong) and len(question.checks) > 1:
                    continue  # in pieces, now that it is known how much fits
                self.course.failed.setdefault(answer.problem, []).append(question)
            done = {check.id for question in self.taken for check in question.checks}
            todo = [
                question
                for question in self.questions()
                if question.id not in asked and not done.intersection(c.id for c in question.checks)
            ]
        if last and not self.course.answered:
            raise last

    def _all(
        self, questions: Sequence[Question]
    ) -> Iterator[tuple[Question, Answered | ChatError]]:
        """Yield each question with its answer, or the error that it met.

        The second opinion is asked for as soon as every group is answered, beside what still runs.
        """
        workers: Workers[Answered] = Workers(self.session.chat.concurrency)
        asked: list[Question] = []

        def add(question: Question) -> None:
            asked.append(question)
            workers.add(lambda: self._ask(question))

        for question in questions:
            add(question)
        for done in workers.results():
            answer = done.error or done.value
            assert answer is not None
            yield asked[done.number], answer
            second = None if self._again else self._second()
            if second:
                self._again = True
                add(second)

    def _ask(self, question: Question) -> Answered:
        question, answer = self.fitting.ask(question)
        self.course.unsent |= dict.fromkeys(question.left_out)
        return answer

    def _take(self, question: Question, answer: Answered) -> None:
        self.taken.append(question)
        if question.id == "observe":
            self.remarks = answer.claims
            return
        if question.id == "draft":
            self.drafts = answer.claims
            return
        self.course.missing += len(answer.missing)
        for name in answer.law:
            if name in question.law:
                self.law.setdefault(name)
            else:
                self.course.unoffered.add(name)
        claims = {name: self.grounder.ground(claim) for name, claim in answer.claims.items()}
        for check in question.checks:
            unnamed = check.id not in claims and check.id not in answer.missing
            if not check.elements and unnamed:  # which means that it is clear
                claims[check.id] = Grounded(Claim(id=check.id, status="clear"), None)
        self.first |= claims
        for check in question.checks:
            if not self.judge.disputes(check, claims):
                self._show(self.by_check[check.id])

    def _show(self, finding: Finding) -> None:
        if self.on_finding and finding.check not in self.shown:
            self.shown.add(finding.check)
            self.on_finding(finding)

    def _second(self) -> Question | None:
        """Return the question about what is disputed, once every check is answered."""
        answered = {check.id for question in self.taken for check in question.checks}
        if len(answered) < len(self.asked) or not self._trust().enough:
            return None
        disputes = [
            dispute
            for check in sorted(self.playbook.checks, key=lambda c: _ORDER[c.severity])
            for dispute in self.judge.disputes(check, self.first)
        ][:MAX_DISPUTES]
        if not disputes:
            return None
        self._disputes = {dispute.id: dispute for dispute in disputes}
        tail = load_prompt("second").fill(items="\n".join(_second_item(d) for d in disputes))
        expected = Expected(
            {d.id: FLAG if d.rules in ("hit", "clear") else ELEMENT for d in disputes}
        )
        return self.questioner.ask(
            SECOND,
            "复议",
            tail,
            expected,
            queries=tuple(f"{d.title} {d.asks}" for d in disputes),
            needed=tuple(self._clauses_of(disputes)),
        )

    def _take_second(self, answer: Answered | ChatError) -> None:
        if not isinstance(answer, ChatError):
            for name, claim in answer.claims.items():
                self.second[name] = self.grounder.ground(self._requoted(claim))

    def _requoted(self, claim: Claim) -> Claim:
        """Return the claim with the passage of the opinion that it joins, if it gives none."""
        dispute = self._disputes.get(claim.id)
        if dispute is None or claim.quote or claim.status in SILENT:
            return claim
        before = dispute.model.claim
        joins_rules = claim.status == dispute.rules and claim.status != before.status
        quote = dispute.rules_quote if joins_rules else before.quote
        why = claim.why or (before.why if claim.status == before.status else None)
        return claim.model_copy(
            update={"quote": quote or before.quote or dispute.rules_quote, "why": why}
        )

    def _evidence_of(self, group: Iterable[Check]) -> Iterator[str]:
        """Yield the ids of the clauses where the rules engine found something for the group."""
        for check in group:
            yield from self.by_check[check.id].clauses

    def _clauses_of(self, disputes: Sequence[Dispute]) -> Iterator[str]:
        """Yield the ids of the clauses that either opinion rests on."""
        disputed = {dispute.id for dispute in disputes}
        starts = [d.model.span.start for d in disputes if d.model.span]
        starts += [
            element.start
            for finding in self.by_check.values()
            for element in finding.elements
            if element.start is not None and element.id in disputed
        ]
        clauses = (self.contract.clause_at(start) for start in starts)
        return (clause.id for clause in clauses if clause)

    def _outcome(self, trust: Trust) -> LlmOutcome:
        trusted = trust.enough
        decided: dict[str, Decided] = {}
        for check in self.playbook.checks:
            decided[check.id] = self.judge.decide(check, self.first, self.second, trusted=trusted)
        findings = [decided[f.check].finding for f in self.by_check.values()]
        if trusted:
            findings = [self._cited(finding) for finding in findings]
        if any(d.taken for d in decided.values()):
            findings = [f.model_copy(update={"suggestion": None}) for f in findings]
            findings = Drafter(self.contract, self.playbook, self.rules.clauses).drafted(findings)
        if trusted and self.drafts:
            findings = redrafted(findings, self.drafts, self.contract, self.playbook, self.rules)
        observed = [f for f in self.base.findings if f.kind == "observation"]
        if trusted:
            claims = self.remarks.values()
            observed += remarked(claims, self.grounder, observed, self.settings.lang)
        for finding in (*findings, *observed):
            self._show(finding)
        return LlmOutcome(
            findings=(*findings, *observed),
            info=self._info(),
            warnings=(*self.base.warnings, *self.course.warnings(trust, decided)),
            usage=self.session.usage,
        )

    def _cited(self, finding: Finding) -> Finding:
        """Return the finding with the articles that the model chose in front, all from the corpus."""
        check = self.asked[finding.check]
        flagged_now = finding.kind != "protection" and finding.status == "hit"
        if not finding.citations and not flagged_now:
            return finding
        laws = self.rules.laws
        shown = [article.id for article in laws.for_check(check.id, check.law, limit=3)]
        chosen = [name for name in self.law if name in check.law and name in shown]
        ordered = list(dict.fromkeys([*chosen, *shown]))[:3]
        articles = [article for name in ordered if (article := laws.get(name))]
        return finding.model_copy(update={"citations": tuple(a.cite() for a in articles)})

    def _info(self) -> EngineInfo:
        return EngineInfo(
            name=NAME,
            model=self.session.chat.model,
            playbook=self.playbook.id,
            playbook_version=self.playbook.version,
            host=self.session.chat.host,
            prompts={prompt.id: prompt.mark for prompt in load_prompts().values()},
        )


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
