"""Tasks in parallel: bounded, added to while they run, errors of the model told apart."""

import threading
import time

import pytest

from reviewer.engine.llm.workers import Workers
from reviewer.errors import ChatUnavailable


def test_no_more_tasks_run_at_once_than_allowed() -> None:
    running: list[int] = []
    most: list[int] = []
    lock = threading.Lock()

    def task() -> int:
        with lock:
            running.append(1)
            most.append(len(running))
        time.sleep(0.01)
        with lock:
            running.pop()
        return 1

    workers: Workers[int] = Workers(3)
    for _ in range(12):
        workers.add(task)
    assert sum(done.value or 0 for done in workers.results()) == 12
    assert max(most) <= 3


def test_a_task_added_while_results_are_taken_runs_beside_the_others() -> None:
    last = threading.Event()
    workers: Workers[str] = Workers(2)
    workers.add(lambda: "first")
    workers.add(lambda: "waited" if last.wait(10) else "never")
    order = []
    for done in workers.results():
        order.append(done.value)
        if done.value == "first":
            workers.add(lambda: last.set() or "added")
    assert sorted(map(str, order)) == ["added", "first", "waited"]


def test_an_error_of_the_model_is_a_result_and_a_defect_is_raised() -> None:
    def failing() -> str:
        raise ChatUnavailable("没有回答", remedy="重试")

    def broken() -> str:
        raise ValueError("a defect")

    workers: Workers[str] = Workers(1)
    workers.add(failing)
    assert [type(done.error) for done in workers.results()] == [ChatUnavailable]
    workers.add(broken)
    with pytest.raises(ValueError, match="a defect"):
        list(workers.results())
