"""Models for tests: what they say is decided by a function of what they were asked."""

import json
import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from reviewer.chat.base import Message
from reviewer.contract import Contract
from reviewer.engine import OnFinding
from reviewer.engine.llm.claims import SILENT
from reviewer.engine.rules import RulesEngine, RulesOutcome
from reviewer.finding import Finding
from reviewer.knowledge.clauses import load_clauses
from reviewer.knowledge.laws import load_laws
from reviewer.playbook import Playbook

Claim = dict[str, Any]
Say = Callable[[str], Claim | None]
"""Element or flag id to the claim about it; None for no answer."""


class Remembering(RulesEngine):
    """The rules engine, which reads the same contract once only: the tests are about the model."""

    def __init__(self) -> None:
        super().__init__(load_laws(), load_clauses())
        self._known: dict[tuple[str, int], RulesOutcome] = {}

    def review(
        self, contract: Contract, playbook: Playbook, on_finding: OnFinding | None = None
    ) -> RulesOutcome:
        key = (contract.model_dump_json(), id(playbook))
        if key not in self._known:
            self._known[key] = super().review(contract, playbook)
        return self._known[key]


@cache
def remembering() -> Remembering:
    """Return the rules engine that remembers."""
    return Remembering()


_ASKED = re.compile(r"^([a-z]{2}_[a-z_]+)★? ", re.MULTILINE)


def asked(messages: tuple[Message, ...]) -> list[str]:
    """Return the ids that the last message asks for."""
    tail = messages[-1].text.rpartition("以上是资料。")[2]
    return _ASKED.findall(tail)


def answers(*claims: Claim, law: tuple[str, ...] = ()) -> str:
    """Return an answer of the agreed form."""
    said = [claim for claim in claims if claim["status"] not in SILENT]
    full = [{"clause": None, "quote": None, "why": None, **claim} for claim in said]
    none = [claim["id"] for claim in claims if claim["status"] in SILENT]
    return json.dumps({"answers": full, "none": none, "law": list(law)}, ensure_ascii=False)


def agreeing(findings: tuple[Finding, ...], other: Mapping[str, Claim] | None = None) -> Say:
    """Return a model that says what the rules engine says, except for the claims in `other`."""
    known: dict[str, Claim] = {}
    for finding in findings:
        if finding.kind in ("red_flag", "caution") and finding.status == "hit" and finding.evidence:
            known[finding.check] = {"status": "hit", "quote": finding.evidence[0].quote[:60]}
        for element in finding.elements:
            quote = element.quote[:60] if element.quote else None
            known[element.id] = {"status": element.status, "quote": quote}
            if element.status != "absent" and quote is None:  # met by silence
                known[element.id] = {"status": "absent", "quote": None}

    def say(name: str) -> Claim | None:
        if other and name in other:
            return other[name]
        return known.get(name)

    return say


def script(say: Say, law: tuple[str, ...] = ()) -> Callable[[tuple[Message, ...]], str]:
    """Return a script for `ScriptedChat` that answers every id by `say`."""

    def answer(messages: tuple[Message, ...]) -> str:
        claims = [{"id": name, **claim} for name in asked(messages) if (claim := say(name))]
        return answers(*claims, law=law)

    return answer


def sentences(contract: Contract) -> list[str]:
    """Return the sentences of the body, as quotes for models that pick any."""
    text = "".join(clause.text for clause in contract.clauses if clause.kind == "body")
    return [s.strip() for s in re.split(r"[。；\n]", text) if 8 <= len(s.strip()) <= 60]
