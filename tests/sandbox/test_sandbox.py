import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from reviewer.sandbox import Bounds, Sandbox, WorkFailed
from reviewer.sandbox.folders import PrivateFolder, private_folder, sweep

TIGHT = Bounds(cpu_s=1, wall_s=20, memory_mb=700, memory_most_mb=2500)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    made = Sandbox("tests.sandbox.chores")
    yield made
    made.close()


def test_the_answer_to_a_request_comes_back(sandbox: Sandbox) -> None:
    assert (
        sandbox.call({"do": "echo"}, "合同".encode() * 100_000, Bounds()).body[:6]
        == "合同".encode()
    )


def test_requests_of_several_threads_are_worked_on_at_once(sandbox: Sandbox) -> None:
    with ThreadPoolExecutor(4) as pool:
        answers = pool.map(
            lambda n: sandbox.call({"do": "echo"}, b"%d" % n, Bounds()).body, range(20)
        )
        assert list(answers) == [b"%d" % n for n in range(20)]


@pytest.mark.parametrize(
    ("do", "why"),
    [
        pytest.param("spin", "cpu", id="endless-loop"),
        pytest.param("take memory", "memory", id="too-much-memory"),
        pytest.param("abort", "crash", id="abort"),
        pytest.param("segfault", "crash", id="segmentation-fault"),
        pytest.param("exit", "crash", id="leaves-without-answer"),
        pytest.param("answer badly", "crash", id="answers-nonsense"),
    ],
)
def test_work_that_goes_wrong_is_told_apart_and_costs_nothing_else(
    sandbox: Sandbox, do: str, why: str
) -> None:
    with pytest.raises(WorkFailed) as caught:
        sandbox.call({"do": do}, b"", TIGHT)
    assert caught.value.why == why
    assert sandbox.call({"do": "echo"}, b"still there", TIGHT).body == b"still there"


def test_work_that_sleeps_is_ended_by_the_clock(sandbox: Sandbox) -> None:
    begun = time.monotonic()
    with pytest.raises(WorkFailed) as caught:
        sandbox.call({"do": "sleep"}, b"", Bounds(wall_s=0.5))
    assert caught.value.why == "wall"
    assert time.monotonic() - begun < 5


def test_a_defect_is_told_by_type_and_place_and_never_by_its_words(sandbox: Sandbox) -> None:
    with pytest.raises(WorkFailed) as caught:
        sandbox.call({"do": "bug"}, b"", TIGHT)
    assert caught.value.why == "bug"
    assert (caught.value.where or "").startswith("KeyError chores.py:")
    assert "合同" not in str(caught.value)


def test_a_step_moves_the_clock_on_and_is_told(sandbox: Sandbox) -> None:
    told: list[int] = []
    sandbox.call(
        {"do": "sleep in steps"}, b"", Bounds(wall_s=1.2), on_step=lambda s: told.append(s["page"])
    )
    assert told == [0, 1, 2, 3]


def test_the_steps_together_have_an_end(sandbox: Sandbox) -> None:
    with pytest.raises(WorkFailed) as caught:
        sandbox.call({"do": "sleep in steps"}, b"", Bounds(wall_s=1.2, wall_most_s=0.6))
    assert caught.value.why == "wall"


def test_a_step_is_granted_time_and_memory(sandbox: Sandbox) -> None:
    assert sandbox.call({"do": "spin a second"}, b"", TIGHT).head == {"kind": "done"}
    assert sandbox.call({"do": "grow"}, b"", TIGHT).body == str(1 << 30).encode()


def test_no_grant_goes_beyond_the_hard_bound(sandbox: Sandbox) -> None:
    with pytest.raises(WorkFailed) as caught:
        sandbox.call({"do": "grow"}, b"", Bounds(memory_mb=500, memory_most_mb=700))
    assert caught.value.why == "memory"
    with pytest.raises(WorkFailed) as caught:
        sandbox.call({"do": "spin a second"}, b"", Bounds(cpu_s=1, cpu_most_s=1))
    assert caught.value.why in ("cpu", "crash")


def test_work_sees_no_key_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "REVIEWER_API_KEY", "HTTPS_PROXY", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "secret")
    fresh = Sandbox("tests.sandbox.chores")
    names = fresh.call({"do": "environment"}, b"", Bounds()).body.decode().split()
    fresh.close()
    assert not [name for name in names if "KEY" in name or "PROXY" in name]


def test_nothing_that_work_prints_reaches_our_output(
    sandbox: Sandbox, capfd: pytest.CaptureFixture[str]
) -> None:
    sandbox.call({"do": "print"}, b"", Bounds())
    assert capfd.readouterr() == ("", "")


def test_what_a_hint_imports_is_there_for_later_work(sandbox: Sandbox) -> None:
    sandbox.call({"do": "echo"}, b"", Bounds(), hint=b"w")
    assert b"w" in sandbox.call({"do": "seen"}, b"", Bounds()).body


def test_a_server_that_died_is_started_again() -> None:
    fresh = Sandbox("tests.sandbox.chores")
    fresh.start()
    assert fresh._server
    fresh._server.kill()
    fresh._server.wait()
    assert fresh.call({"do": "echo"}, b"again", Bounds()).body == b"again"
    fresh.close()


def test_where_nothing_can_fork_a_process_does_one_request(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reviewer.sandbox.client._CAN_FORK", False)
    fresh = Sandbox("tests.sandbox.chores")
    fresh.start()
    assert fresh.call({"do": "echo"}, b"once", Bounds()).body == b"once"
    with pytest.raises(WorkFailed):
        fresh.call({"do": "bug"}, b"", Bounds())


def test_the_folder_of_a_request_is_private_and_gone_afterwards(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    root = tmp_path / "work"
    made = Path(sandbox.call({"do": "write", "root": str(root)}, b"x", Bounds()).body.decode())
    assert made.parent == root
    assert list(root.iterdir()) == []
    assert root.stat().st_mode & 0o777 == 0o700


def test_the_folder_is_gone_when_the_work_is_killed(sandbox: Sandbox, tmp_path: Path) -> None:
    with pytest.raises(WorkFailed):
        sandbox.call({"do": "write and hang", "root": str(tmp_path / "w")}, b"x", Bounds(wall_s=1))
    assert list((tmp_path / "w").iterdir()) == []


_CALLER = """
import sys
from reviewer.sandbox import Bounds, Sandbox
Sandbox("tests.sandbox.chores").call(
    {"do": "write and hang", "root": sys.argv[1]}, b"x", Bounds(),
    on_step=lambda step: print(step["pid"], flush=True))
"""


def _alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def test_work_and_its_folder_end_when_we_are_killed(tmp_path: Path) -> None:
    caller = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(_CALLER), str(tmp_path / "w")],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert caller.stdout
    pid = int(caller.stdout.readline())
    assert _alive(pid)
    caller.send_signal(signal.SIGKILL)
    caller.wait()
    until = time.monotonic() + 10
    while (_alive(pid) or list((tmp_path / "w").iterdir())) and time.monotonic() < until:
        time.sleep(0.05)
    assert not _alive(pid)
    assert list((tmp_path / "w").iterdir()) == []
    assert (tmp_path / "forgotten").exists(), "what lies outside the folder is not removed"


def test_a_sweep_removes_what_a_killed_process_left_and_nothing_else(tmp_path: Path) -> None:
    code = (
        "import sys, os, pathlib; from reviewer.sandbox.folders import PrivateFolder\n"
        "f = PrivateFolder(pathlib.Path(sys.argv[1])); (f.path / 'text').write_text('x')\n"
        "os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False)
    assert len(list(tmp_path.glob("job-*/text"))) == 1
    held = PrivateFolder(tmp_path)
    told: list[Path] = []
    assert sweep(tmp_path, told.append) == 1
    assert len(told) == 1
    assert held.path.is_dir()
    held.close()
    assert list(tmp_path.iterdir()) == []


def _fails_in(root: Path) -> None:
    with private_folder(root) as folder:
        assert os.stat(folder).st_mode & 0o777 == 0o700
        raise KeyError


def test_a_private_folder_is_removed_on_an_error(tmp_path: Path) -> None:
    with pytest.raises(KeyError):
        _fails_in(tmp_path)
    assert list(tmp_path.iterdir()) == []
