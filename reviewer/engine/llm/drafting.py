"""The model clause in the contract's own voice: reworded by the model, checked by the rules engine."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from reviewer.contract import Clause, Contract, Coverage
from reviewer.engine.canonical import canonical, roles_of
from reviewer.engine.llm.claims import Claim, Expected
from reviewer.engine.llm.questions import Question, Questioner
from reviewer.engine.rules import RulesEngine
from reviewer.finding import Finding
from reviewer.playbook import Playbook
from reviewer.prompts import disarmed, load_prompt

MAX_DRAFTS = 2
LONGEST = 700
_SLOT = re.compile(r"\{[a-z_]*\}|_{2,}|＿{2,}|【[^】]*】|\[[^\]]*\]|X{2,}|\$\{?")
_NUMBER = re.compile(r"\d+(?:\.\d+)?%?")
_STATUTE = re.compile(r"《[^》]*》")


def draft_question(questioner: Questioner, findings: Sequence[Finding]) -> Question | None:
    """Return the request to reword what is to be inserted for the gravest gaps, or None."""
    chosen = [
        f
        for f in findings
        if f.status == "missing"
        and f.severity == "high"
        and f.suggestion
        and len(f.suggestion.text) <= LONGEST
    ][:MAX_DRAFTS]
    if not chosen:
        return None
    items = "\n".join(f"# {f.check}\n{f.suggestion.text}" for f in chosen if f.suggestion)
    tail = load_prompt("draft").fill(items=disarmed(items))
    names = {f.check: frozenset({"partial"}) for f in chosen}
    return questioner.ask("draft", "改写", tail, Expected(optional=names))


def redrafted(
    findings: Sequence[Finding],
    claims: Mapping[str, Claim],
    contract: Contract,
    playbook: Playbook,
    rules: RulesEngine,
) -> list[Finding]:
    """Return the findings with the model's wording where it passes every test."""
    new: list[Finding] = []
    for finding in findings:
        claim = claims.get(finding.check)
        suggestion = finding.suggestion
        words = (claim.why or "").strip() if claim else ""
        if (
            words
            and suggestion
            and finding.status == "missing"
            and acceptable(words, suggestion.text, contract, playbook, rules)
        ):
            better = suggestion.model_copy(
                update={"text": words, "fallback": suggestion.fallback or suggestion.text}
            )
            finding = finding.model_copy(update={"suggestion": better})
        new.append(finding)
    return new


def acceptable(
    words: str,
    model_clause: str,
    contract: Contract,
    playbook: Playbook,
    rules: RulesEngine,
) -> bool:
    """Return whether a rewording says what the model clause says.

    It holds the same numbers, no statute and no unfilled slot; the rules engine finds in it every
    element that the model clause supplies, and no flag or caution that the model clause avoids.
    """
    if _SLOT.search(words) or _STATUTE.findall(words) != _STATUTE.findall(model_clause):
        return False
    if not 0.5 < len(words) / len(model_clause) < 1.7:
        return False
    roles = roles_of(contract)
    numbers = [
        Counter(_NUMBER.findall(canonical(text, roles).text)) for text in (words, model_clause)
    ]
    if numbers[0] != numbers[1]:
        return False
    said, wanted = (_alone(text, contract, playbook, rules) for text in (words, model_clause))
    return all(_RANK[said[name]] >= _RANK[status] for name, status in wanted.items())


_RANK = {
    "absent": 0,
    "missing": 0,
    "hit": 0,
    "partial": 1,
    "weak": 1,
    "met": 2,
    "ok": 2,
    "clear": 2,
}


def _alone(text: str, contract: Contract, playbook: Playbook, rules: RulesEngine) -> dict[str, str]:
    """Return the status of every element and flag of a contract that holds only this clause."""
    clause = Clause(id="c1", number=None, heading=None, text=text, start=0, end=len(text))
    small = Contract(
        file="",
        sha256="",
        title="",
        language=contract.language,
        parties=contract.parties,
        clauses=(clause,),
        text=text,
        coverage=Coverage(share=1.0),
    )
    found: dict[str, str] = {}
    for finding in rules.review(small, playbook).findings:
        if finding.kind == "observation":
            continue
        if finding.elements:
            found |= {element.id: element.status for element in finding.elements}
        else:
            found[finding.check] = finding.status
    return found
