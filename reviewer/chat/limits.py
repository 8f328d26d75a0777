"""How much may be asked, and how fast."""

import threading
import time
from collections.abc import Callable
from decimal import Decimal

from reviewer.chat.base import RULES_INSTEAD, Tokens
from reviewer.chat.presets import Price
from reviewer.errors import BudgetSpent
from reviewer.review import Usage


class Meter:
    """Counts what was used, and refuses what the budget does not allow."""

    def __init__(
        self,
        price: Price | None,
        budget_tokens: int | None = None,
        budget_cost: Decimal | None = None,
    ) -> None:
        self.price = price
        self.budget_tokens = budget_tokens
        self.budget_cost = budget_cost if price else None
        self.estimated = False
        """Whether an endpoint left out what it counted."""
        self._lock = threading.Lock()
        self._used = Usage()
        self._reserved = 0
        self._cost = Decimal(0)

    def reserve(self, prompt: int, answer: int) -> None:
        """Set aside what a request may use.

        Raises:
            BudgetSpent: It does not fit into the budget.
        """
        with self._lock:
            if self.budget_tokens is not None:
                used = self._used.prompt_tokens + self._used.completion_tokens + self._reserved
                if used + prompt + answer > self.budget_tokens:
                    raise BudgetSpent(
                        f"token 预算 {self.budget_tokens} 已用完",
                        remedy=f"请调大 --budget，{RULES_INSTEAD}",
                    )
            if self.budget_cost is not None and self.price is not None:
                likely = self.price.of(Tokens(prompt + self._reserved, 0, answer))
                if self._cost + likely > self.budget_cost:
                    raise BudgetSpent(
                        f"费用预算 {self.budget_cost} {self.price.currency} 已用完",
                        remedy=f"请调大 REVIEWER_BUDGET_COST，{RULES_INSTEAD}",
                    )
            self._reserved += prompt + answer

    def release(self, prompt: int, answer: int) -> None:
        """Give back what was set aside."""
        with self._lock:
            self._reserved -= prompt + answer

    def sent(self) -> None:
        """Count a request."""
        with self._lock:
            self._used = self._used.model_copy(update={"requests": self._used.requests + 1})

    def used(self, tokens: Tokens) -> None:
        """Count what an answer used."""
        with self._lock:
            self.estimated |= tokens.estimated
            if self.price:
                self._cost += self.price.of(tokens)
            old = self._used
            self._used = old.model_copy(
                update={
                    "prompt_tokens": old.prompt_tokens + tokens.prompt,
                    "cached_tokens": old.cached_tokens + tokens.cached,
                    "completion_tokens": old.completion_tokens + tokens.completion,
                }
            )

    @property
    def usage(self) -> Usage:
        """Return what was used up to now, with the cost where a price is known."""
        with self._lock:
            if self.price is None:
                return self._used
            return self._used.model_copy(
                update={"cost": self._cost, "currency": self.price.currency}
            )


class Pace:
    """Spaces requests so that a minute holds no more than allowed."""

    def __init__(
        self,
        requests_per_minute: int | None,
        tokens_per_minute: int | None,
        sleep: Callable[[float], None],
    ) -> None:
        self._request_s = 60 / requests_per_minute if requests_per_minute else 0.0
        self._token_s = 60 / tokens_per_minute if tokens_per_minute else 0.0
        self._next = 0.0
        self._sleep = sleep
        self._lock = threading.Lock()

    def wait(self, tokens: int) -> None:
        """Wait until a request of so many tokens may go."""
        if not (self._request_s or self._token_s):
            return
        with self._lock:
            now = time.monotonic()
            start = max(now, self._next)
            self._next = start + max(self._request_s, tokens * self._token_s)
        if start > now:
            self._sleep(start - now)
