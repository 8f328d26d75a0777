import json
from pathlib import Path

import pytest

from reviewer.app import hashed, launch
from reviewer.errors import UsageError
from reviewer.settings import Settings
from reviewer.ui.exports import labels
from reviewer.ui.pages import shown
from reviewer.ui.store import Decision, Store
from tests.factories import review


def test_a_review_belongs_to_its_visitor(tmp_path: Path) -> None:
    store = Store(tmp_path / "r.sqlite")
    key = store.add("anna", "a.txt", review("乙方应及时回复。"), b"x")
    assert store.get("anna", key) is not None
    assert store.get("bert", key) is None
    assert not store.decide("bert", key, "f01", Decision(choice="accept"))
    store.delete("bert", key)
    assert [entry.id for entry in store.entries("anna")] == [key]


def test_a_decision_is_kept_in_the_file(tmp_path: Path) -> None:
    store = Store(tmp_path / "r.sqlite")
    key = store.add("anna", "a.txt", review("乙方应及时回复。"), b"x")
    store.decide("anna", key, "f01", Decision(choice="edit", text="三十秒内", note="n"))
    kept = Store(tmp_path / "r.sqlite").get("anna", key)
    assert kept is not None
    assert kept.decisions["f01"].text == "三十秒内"


def test_without_history_nothing_is_written(tmp_path: Path) -> None:
    Store(None).add("anna", "a.txt", review("乙方应及时回复。"), b"x")
    assert list(tmp_path.iterdir()) == []


def test_labels_carry_the_right_answer_of_a_person() -> None:
    store = Store(None)
    key = store.add("anna", "a.txt", review("乙方应及时回复。"), b"x")
    kept = store.get("anna", key)
    assert kept is not None
    finding = next(f for f in kept.review.findings if f.check == "kpi")
    store.decide("anna", key, finding.id, Decision(choice="wrong", text="ok"))
    again = store.get("anna", key)
    assert again is not None
    assert json.loads(labels(again))["labels"]["kpi"]["status"] == "ok"


def test_invisible_characters_are_shown_as_what_they_are() -> None:
    assert "U+202E" in shown("a\u202eb")
    assert "&lt;b&gt;" in shown("<b>")


def test_listening_beyond_this_machine_needs_passwords(settings: Settings) -> None:
    with pytest.raises(UsageError, match="其他人看到"):
        launch(settings, host="0.0.0.0")


def test_a_users_file_that_is_none_is_refused(settings: Settings, tmp_path: Path) -> None:
    users = tmp_path / "users.json"
    users.write_text('{"anna": "plain"}')
    with pytest.raises(UsageError, match="用户文件"):
        launch(settings, host="0.0.0.0", users=users)


def test_a_password_is_kept_as_a_salted_digest() -> None:
    kept = hashed("geheim")
    assert "geheim" not in kept
    assert kept != hashed("geheim")
    assert kept == hashed("geheim", kept.split("$")[0])
