"""Questions in parallel, answers as they come; the user can break off at any time."""

import queue
import threading
from collections import deque
from collections.abc import Callable, Iterator
from typing import Generic, NamedTuple, TypeVar

from reviewer.errors import ChatError

T = TypeVar("T")


class Done(NamedTuple, Generic[T]):
    """One task after its end."""

    number: int
    value: T | None
    error: ChatError | None


class Workers(Generic[T]):
    """Runs tasks in a bounded number of threads; more may be added while results are taken.

    The threads are daemons: an endpoint that hangs does not keep the program from ending.
    """

    def __init__(self, size: int) -> None:
        """Take the number of tasks that may run at once."""
        self._size = size
        self._todo: deque[tuple[int, Callable[[], T]]] = deque()
        self._done: queue.SimpleQueue[Done[T] | BaseException] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._running = 0
        self._added = 0
        self._taken = 0

    def add(self, task: Callable[[], T]) -> None:
        """Have `task` run; its number is how many were added before it."""
        with self._lock:
            self._todo.append((self._added, task))
            self._added += 1
            if self._running == self._size:
                return
            self._running += 1
        threading.Thread(target=self._work, daemon=True).start()

    def results(self) -> Iterator[Done[T]]:
        """Yield each result as it is ready, until all that was added is done."""
        while self._taken < self._added:
            result = self._done.get()
            if isinstance(result, BaseException):
                raise result
            self._taken += 1
            yield result

    def _work(self) -> None:
        while True:
            with self._lock:
                if not self._todo:
                    self._running -= 1
                    return
                number, task = self._todo.popleft()
            try:
                self._done.put(Done(number, task(), None))
            except ChatError as error:
                self._done.put(Done(number, None, error))
            except Exception as error:  # noqa: BLE001 (raised again in the caller's thread)
                self._done.put(error)
