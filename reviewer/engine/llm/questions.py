"""The questions: a prefix that never changes, and a short tail for each group of checks."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from reviewer.chat.base import Message
from reviewer.contract import Clause, Contract
from reviewer.engine.injection import ZERO_WIDTH, Injection
from reviewer.engine.llm.claims import ELEMENT, FLAG, Expected
from reviewer.engine.llm.passages import queries_of
from reviewer.knowledge.laws import LawBook
from reviewer.playbook import Check, Playbook
from reviewer.prompts import load_groups, load_prompt

LAW_A_CHECK = 2
LONGEST_GIST = 14
ELEMENTS_A_GROUP = 20
MAX_OBSERVATIONS = 6
OMITTED = "［此处略去一段写给审查程序的话］"
_LEFT_OUT = ("contents",)


@dataclass(frozen=True)
class Question:
    """One request: what is asked, and which checks it answers."""

    id: str
    title: str
    """What it is about, in Chinese."""
    tail: str
    """What stands after the contract."""
    messages: tuple[Message, ...]
    expected: Expected
    checks: tuple[Check, ...] = ()
    law: tuple[str, ...] = ()
    """The articles that were offered."""
    queries: tuple[str, ...] = ()
    """What to search the contract for, should it not fit whole."""
    needed: tuple[str, ...] = ()
    """Ids of clauses that must be sent even then."""
    left_out: tuple[str, ...] = ()
    """Ids of clauses that were not sent."""


class Questioner:
    """Writes the questions about one contract."""

    def __init__(
        self,
        contract: Contract,
        playbook: Playbook,
        laws: LawBook,
        injected: Sequence[Injection] = (),
    ) -> None:
        self.contract = contract
        self.playbook = playbook
        self.laws = laws
        self.injected = [i for i in injected if i.kind != ZERO_WIDTH]
        self.system = Message("system", load_prompt("system").text)
        self._prefix = self.prefix()

    def groups(self) -> list[tuple[Check, ...]]:
        """Return the checks in groups that share passages."""
        known = {check.id: check for check in self.playbook.checks}
        groups = [tuple(known.pop(n) for n in names if n in known) for names in load_groups()]
        rest: list[Check] = []
        for check in known.values():
            if rest and sum(len(c.elements) or 1 for c in (*rest, check)) > ELEMENTS_A_GROUP:
                groups.append(tuple(rest))
                rest = []
            rest.append(check)
        return [group for group in (*groups, tuple(rest)) if group]

    def ask(self, name: str, title: str, tail: str, expected: Expected, **more: Any) -> Question:
        """Return a question about the whole contract; `more` are further fields of it."""
        return Question(name, title, tail, self.messages(tail), expected, **more)

    def checks(self, group: tuple[Check, ...], needed: Iterable[str] = ()) -> Question:
        """Return the question about one group.

        Args:
            group: The checks.
            needed: Ids of the clauses where the rules engine found something.
        """
        law = self._law(group)
        tail = load_prompt("checks").fill(
            items="\n".join(_item(check) for check in group),
            law="；".join(f"{name} {gist}" for name, gist in law.items()) or "无",
        )
        elements = {e.id: ELEMENT for check in group for e in check.elements}
        flags = {check.id: FLAG for check in group if not check.elements}
        return self.ask(
            f"{group[0].id}+{len(group) - 1}",
            "、".join(check.title for check in group),
            tail,
            Expected(elements, flags),
            checks=group,
            law=tuple(law),
            queries=tuple(query for check in group for query in queries_of(check)),
            needed=tuple(dict.fromkeys(needed)),
        )

    def observe(self) -> Question:
        """Return the question for what the playbook does not name."""
        tail = load_prompt("observe").fill(limit=str(MAX_OBSERVATIONS))
        names = {f"o{n}": frozenset({"hit"}) for n in range(1, MAX_OBSERVATIONS + 1)}
        return self.ask("observe", "清单之外", tail, Expected(optional=names))

    def messages(self, tail: str, keep: Collection[str] | None = None) -> tuple[Message, ...]:
        """Return the whole request that ends in `tail`."""
        prefix = self._prefix if keep is None else self.prefix(keep)
        return (self.system, Message("user", f"{prefix}\n\n{tail}"))

    def prefix(self, keep: Collection[str] | None = None) -> str:
        """Return what stands before every tail: the parties and the clauses with their ids."""
        lines = [
            f"[{clause.id}] {self._words(clause)}"
            for clause in self.sendable()
            if keep is None or clause.id in keep
        ]
        return load_prompt("contract").fill(
            parties="；".join(self._parties()) or "未能识别",
            contract="\n".join(lines),
            unread="" if keep is None else "（合同较长，以下只是与本次任务有关的条款。）",
        )

    def sendable(self) -> list[Clause]:
        """Return the clauses that have something to say."""
        return [c for c in self.contract.clauses if c.kind not in _LEFT_OUT and c.text.strip()]

    def left_out(self, keep: Collection[str] | None) -> tuple[str, ...]:
        """Return the ids of the clauses that are not sent."""
        if keep is None:
            return ()
        return tuple(c.id for c in self.sendable() if c.id not in keep)

    def _parties(self) -> Iterable[str]:
        sides = {"client": "商家", "vendor": "外包商", None: "立场未定"}
        for party in self.contract.parties:
            yield f"{party.role}（{sides[party.side]}）{party.name}"

    def _words(self, clause: Clause) -> str:
        pieces: list[str] = []
        at = clause.start
        for injection in self.injected:
            start, end = max(injection.span.start, at), min(injection.span.end, clause.end)
            if start < end:
                pieces += [self.contract.text[at:start], OMITTED]
                at = end
        pieces.append(self.contract.text[at : clause.end])
        return " ".join("".join(pieces).split())

    def _law(self, group: Sequence[Check]) -> dict[str, str]:
        found: dict[str, str] = {}
        for check in group:
            for article in self.laws.for_check(check.id, check.law, limit=LAW_A_CHECK):
                found.setdefault(article.id, article.gist[:LONGEST_GIST])
        return found


def _item(check: Check) -> str:
    if not check.elements:
        hit, clear = check.hit_when or check.what, check.clear_when
        return f"{check.id} {check.title}｜hit：{hit}" + (f"｜clear：{clear}" if clear else "")
    lines = [f"# {check.title}"]
    for element in check.elements:
        parts = [
            f"{element.id}{'★' if element.core else ''} {element.title}｜met：{element.met_when}"
        ]
        if element.partial_when:
            parts.append(f"partial：{element.partial_when}")
        if element.lax_bound:
            parts.append(f"底线：{element.lax_bound}")
        lines.append("｜".join(parts))
    return "\n".join(lines)
