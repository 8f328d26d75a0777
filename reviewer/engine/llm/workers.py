"""Questions in parallel, answers as they come; the user can break off at any time."""

import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Generic, NamedTuple, TypeVar

from reviewer.errors import ChatError

T = TypeVar("T")


class Done(NamedTuple, Generic[T]):
    """One task after its end."""

    number: int
    value: T | None
    error: ChatError | None


def in_parallel(tasks: Sequence[Callable[[], T]], size: int) -> Iterator[Done[T]]:
    """Yield the result of each task as it is ready, from at most `size` threads.

    The threads are daemons: an endpoint that hangs does not keep the program from ending.
    """
    todo: queue.SimpleQueue[int] = queue.SimpleQueue()
    done: queue.SimpleQueue[Done[T] | BaseException] = queue.SimpleQueue()
    for number in range(len(tasks)):
        todo.put(number)

    def work() -> None:
        while True:
            try:
                number = todo.get_nowait()
            except queue.Empty:
                return
            try:
                done.put(Done(number, tasks[number](), None))
            except ChatError as error:
                done.put(Done(number, None, error))
            except Exception as error:  # noqa: BLE001 (raised again in the caller's thread)
                done.put(error)
                return

    for _ in range(min(size, len(tasks))):
        threading.Thread(target=work, daemon=True).start()
    for _ in tasks:
        result = done.get()
        if isinstance(result, BaseException):
            raise result
        yield result
