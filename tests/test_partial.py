import subprocess
import sys
from pathlib import Path

import pytest

from reviewer.partial import put, sweep

_KILLED = """
import os, sys
from pathlib import Path
from reviewer import partial
Path.replace = lambda *_: os.kill(os.getpid(), 9)
partial.put(Path(sys.argv[1]), b"half")
"""


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_what_is_put_is_there_and_nothing_else(tmp_path: Path) -> None:
    put(tmp_path / "合同.json", b"{}")
    assert (tmp_path / "合同.json").read_bytes() == b"{}"
    assert _names(tmp_path) == ["合同.json"]


def test_a_name_of_the_longest_length_can_be_written(tmp_path: Path) -> None:
    path = tmp_path / ("合" * 83 + ".json")
    put(path, b"{}")
    assert path.read_bytes() == b"{}"


def test_a_write_that_fails_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(OSError, match="folder"):
        put(tmp_path / "folder", b"{}")
    assert _names(tmp_path) == ["folder"]


def test_what_a_killed_program_left_is_gone_after_the_next_write(tmp_path: Path) -> None:
    killed = subprocess.run([sys.executable, "-c", _KILLED, str(tmp_path / "a.json")], check=False)
    assert killed.returncode == -9
    assert len(_names(tmp_path)) == 1
    assert sweep(tmp_path) == 1
    assert _names(tmp_path) == []


def test_a_sweep_leaves_files_that_are_being_written_and_those_of_others(tmp_path: Path) -> None:
    import fcntl

    held = tmp_path / f".a.json.{'0' * 16}.partial"
    others = [".a.json.partial", ".a.json.abcdefgh", "a.partial", f"a.json.{'0' * 16}.partial"]
    for name in others:
        (tmp_path / name).touch()
    with held.open("wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        assert sweep(tmp_path) == 0
    assert sorted([*others, held.name]) == _names(tmp_path)
    assert sweep(tmp_path) == 1
    assert sorted(others) == _names(tmp_path)
