"""The LLM engine: the model proposes, the program verifies, the rules engine is the second opinion."""

from reviewer.chat.base import ChatModel
from reviewer.contract import Contract
from reviewer.engine import OnFinding
from reviewer.engine.llm.case import Case, LlmOutcome
from reviewer.engine.plan import Plan
from reviewer.engine.rules import RulesEngine
from reviewer.playbook import Playbook
from reviewer.settings import Settings

__all__ = ["LlmEngine", "LlmOutcome"]


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
        case = Case(self.rules, self.chat, self.settings, contract, playbook, on_finding)
        outcome = case.reviewed()
        self._interrupted = case.interrupted
        return outcome

    def plan(self, contract: Contract, playbook: Playbook) -> Plan:
        """Return what the first round would send, exactly; nothing is sent."""
        return Case(self.rules, self.chat, self.settings, contract, playbook, None).plan()
