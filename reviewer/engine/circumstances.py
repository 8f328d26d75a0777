"""What depends on who the merchant is: some rules bind only some, some protect only some."""

from collections.abc import Sequence

from reviewer.contract import Contract
from reviewer.engine.suggest import Drafter
from reviewer.finding import Finding
from reviewer.knowledge.clauses import ClauseLibrary
from reviewer.playbook import Check, Circumstances, Playbook


def fitted(
    findings: Sequence[Finding],
    contract: Contract,
    playbook: Playbook,
    library: ClauseLibrary,
    merchant: Circumstances,
) -> tuple[Finding, ...]:
    """Return the findings as they are for this merchant.

    A flag that does not apply to it is clear; a protection that lacks what this merchant needs is
    weak. Where the merchant did not say, everything stays.
    """
    fitting = []
    for finding in findings:
        check = playbook.check(finding.check)
        if check and finding.status == "hit" and not check.applies(merchant):
            finding = _lifted(finding)
        elif check and finding.status == "ok" and (lacks := _lacking(finding, check, merchant)):
            [finding] = Drafter(contract, playbook, library).drafted([_weakened(finding, lacks)])
        fitting.append(finding)
    return tuple(fitting)


def _lifted(finding: Finding) -> Finding:
    return finding.model_copy(
        update={
            "status": "clear",
            "reason": "按所选的商家情况，这一条规定不适用。",
            "evidence": (),
            "clauses": (),
            "citations": (),
            "suggestion": None,
            "needs_human": False,
        }
    )


def _lacking(finding: Finding, check: Check, merchant: Circumstances) -> list[str]:
    met = {element.id for element in finding.elements if element.status == "met"}
    return [element.title for element in check.needed(merchant) if element.id not in met]


def _weakened(finding: Finding, lacks: list[str]) -> Finding:
    reason = f"按所选的商家情况还需要：{'、'.join(lacks)}。"
    return finding.model_copy(update={"status": "weak", "reason": reason})
