"""No network beyond loopback, no environment, a home of its own: for every test."""

import socket
from pathlib import Path

import pytest

from reviewer.knowledge.clauses import ClauseLibrary, load_clauses
from reviewer.knowledge.laws import LawBook, load_laws
from reviewer.knowledge.playbooks import load_playbook
from reviewer.playbook import Playbook
from reviewer.settings import Settings

REPOSITORY = Path(__file__).resolve().parents[1]
_LOOPBACK = ("127.0.0.1", "::1", "localhost", "0.0.0.0")


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        if isinstance(address, tuple) and address[0] not in _LOOPBACK:
            raise AssertionError(f"a test reached for {address[0]}")
        connect(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(autouse=True)
def _own_home(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    home = tmp_path_factory.mktemp("home")
    for name in ("HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, str(home))
    import os

    for name in list(os.environ):
        if name.startswith(("REVIEWER_", "OPENAI_")) or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        engine="rules", cache_dir=tmp_path / "cache", data_dir=tmp_path / "data", _env_file=None
    )


@pytest.fixture(scope="session")
def playbook() -> Playbook:
    return load_playbook()


@pytest.fixture(scope="session")
def laws() -> LawBook:
    return load_laws()


@pytest.fixture(scope="session")
def library() -> ClauseLibrary:
    return load_clauses()


@pytest.fixture
def examples() -> Path:
    return REPOSITORY / "examples"
