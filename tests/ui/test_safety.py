"""What strangers, other programs and other pages can do: nothing."""

import json
import sqlite3
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from playwright.sync_api import Browser, Page, expect

from reviewer.app import hashed
from reviewer.errors import UsageError
from reviewer.settings import Settings
from reviewer.ui.application import Application
from reviewer.ui.exports import accepted, decided, labels
from reviewer.ui.headers import HEADERS
from reviewer.ui.store import MEMORY_LIMIT, Decision, Kept, Store
from reviewer.ui.visitors import COOKIE, visitor_of
from tests.factories import review
from tests.ui.conftest import Server
from tests.ui.steps import EXAMPLES, open_card, review_example


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with a password that keeps nothing."""
    folder = tmp_path_factory.mktemp("guarded")
    users = folder / "users.json"
    users.write_text(
        json.dumps({"anna": hashed("geheim"), "bert": hashed("auch geheim")}), encoding="utf-8"
    )
    running = Server(folder, "--auth", str(users), "--no-history")
    yield running
    running.stop()


def test_a_wrong_password_is_refused_and_the_right_one_opens_the_page(guarded: Server) -> None:
    jar = urllib.request.HTTPCookieProcessor()
    opener = urllib.request.build_opener(jar)

    def signed_in(password: str) -> int:
        form = urllib.parse.urlencode({"username": "anna", "password": password}).encode()
        try:
            with opener.open(f"{guarded.url}login", form) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code

    assert signed_in("falsch") == 400
    assert signed_in("geheim") == 200
    with opener.open(f"{guarded.url}config") as answer:
        assert answer.status == 200


def signed_in(browser: Browser, server: Server, name: str, password: str) -> Page:
    context = browser.new_context()
    form = {"username": name, "password": password}
    assert context.request.post(f"{server.url}login", form=form).ok
    page = context.new_page()
    page.goto(server.url)
    page.wait_for_selector("#run")
    return page


def test_a_user_finds_the_same_reviews_in_any_browser_and_nobody_elses(
    browser: Browser, guarded: Server
) -> None:
    first = signed_in(browser, guarded, "anna", "geheim")
    review_example(first)
    card = open_card(first)
    card.locator('[data-act="accept"]').click()
    expect(card).to_have_attribute("data-decision", "accept")
    expect(signed_in(browser, guarded, "anna", "geheim").locator(".past li")).to_have_count(1)
    other = signed_in(browser, guarded, "bert", "auch geheim")
    other.wait_for_timeout(500)
    expect(other.locator(".past li")).to_have_count(0)


def test_a_cookie_of_ones_own_making_is_nobody() -> None:
    class Asks:
        def __init__(self, cookie: str) -> None:
            self.headers = {"cookie": cookie}
            self.cookies: dict[str, str] = {}
            self.app = SimpleNamespace(cookie_id="x", tokens={})

    token = "a" * 32
    assert visitor_of(Asks(f"{COOKIE}={token}")) == f"browser:{token}"
    assert visitor_of(Asks(f"{COOKIE}=user:anna")) is None
    assert visitor_of(Asks(f"{COOKIE}=' or 1=1 --")) is None
    assert visitor_of(Asks("")) is None


def test_without_history_no_database_is_written(guarded: Server) -> None:
    assert not (guarded.data / "reviews.sqlite").exists()


def test_every_answer_carries_the_security_headers(server: Server) -> None:
    with urllib.request.urlopen(server.url) as answer:
        assert {name: answer.headers[name] for name in HEADERS} == HEADERS


def test_the_database_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "r.sqlite"
    Store(path)
    assert path.stat().st_mode & 0o077 == 0


def test_a_deleted_review_leaves_no_words_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "r.sqlite"
    store = Store(path)
    key = store.add("anna", "a.txt", review("乙方应及时回复。"), "独特的词句".encode())
    store.delete("anna", key)
    assert "独特的词句".encode() not in path.read_bytes()


def test_a_damaged_database_is_reported_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "r.sqlite"
    path.write_bytes(b"this is no database" * 100)
    with pytest.raises(UsageError, match="--no-history"):
        Store(path)


def test_in_memory_only_the_latest_reviews_are_held() -> None:
    store = Store(None)
    found = review("乙方应及时回复。")
    for number in range(MEMORY_LIMIT + 3):
        store.add("anna", f"{number}.txt", found, b"")
    assert len(store.entries("anna")) == MEMORY_LIMIT


def test_a_decision_that_makes_no_sense_is_not_kept(settings: Settings) -> None:
    store = Store(None)
    application = Application(settings, store, EXAMPLES)
    key = store.add("anna", "a.txt", review("乙方应及时回复。"), b"")
    asked = {"review": key}
    assert not application.decide("anna", {**asked, "items": "x"})
    assert not application.decide(
        "anna", {**asked, "items": [{"finding": "f01", "choice": "explode"}]}
    )
    assert not application.decide(
        "anna", {**asked, "items": [{"finding": "f01", "text": "x" * 30_000}]}
    )
    assert not application.decide("bert", {**asked, "items": []})
    assert application.decide("anna", {**asked, "items": [{"finding": "f01", "choice": "accept"}]})
    application.close()


def test_an_error_inside_the_engine_reaches_the_page_as_one_line(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    application = Application(settings, Store(None), EXAMPLES)

    def explode(*_: object, **__: object) -> None:
        raise RuntimeError("secret detail of /some/folder")

    monkeypatch.setattr(type(application.reviewer()), "review", explode)
    said = list(application.example("anna", "example_vendor", "zh"))[-1][0]
    assert "审查没有完成" in said
    assert "secret detail" not in said
    application.close()


def kept(**decisions: Decision) -> Kept:
    found = review("乙方应及时回复。")
    names = {f.check: f.id for f in found.findings}
    return Kept("k", "a.txt", found, b"", {names[check]: made for check, made in decisions.items()})


def test_a_finding_put_right_counts_in_the_score_and_asks_for_nothing() -> None:
    subject = kept(kpi=Decision(choice="wrong", text="ok", note="见附件"))
    finding = next(f for f in decided(subject).findings if f.check == "kpi")
    assert (finding.status, finding.suggestion) == ("ok", None)
    assert "见附件" in finding.reason
    assert decided(subject).summary.ok == subject.review.summary.ok + 1


def test_only_accepted_suggestions_are_exported() -> None:
    subject = kept(
        kpi=Decision(choice="edit", text="三十秒内响应"), data_security=Decision(choice="reject")
    )
    assert [(f.check, f.suggestion and f.suggestion.text) for f in accepted(subject)] == [
        ("kpi", "三十秒内响应")
    ]


def test_labels_leave_out_what_nobody_judged() -> None:
    subject = kept(
        kpi=Decision(choice="accept"),
        data_security=Decision(choice="wrong", text="weak"),
        labor_compliance=Decision(choice="reject"),
    )
    assert set(json.loads(labels(subject))["labels"]) == {"kpi", "data_security"}


def test_the_store_survives_a_process_that_writes_at_the_same_time(tmp_path: Path) -> None:
    store = Store(tmp_path / "r.sqlite")
    other = sqlite3.connect(tmp_path / "r.sqlite")
    other.execute("insert into reviews values ('x','bert','b',1,'{}',x'00','{}')")
    other.commit()
    other.close()
    assert [e.name for e in store.entries("bert")] == ["b"]


def test_a_file_beyond_the_limit_is_refused_in_words(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> None:
    own = Server(tmp_path_factory.mktemp("small"), env={"REVIEWER_MAX_FILE_MB": "0.02"})
    page = browser.new_page(locale="zh-CN")
    page.goto(own.url)
    page.wait_for_selector("#run")
    page.set_input_files("#files input[type=file]", EXAMPLES / "vendor_draft.docx")
    expect(page.locator(".toast-wrap, .toast-body").first).to_be_visible()
    expect(page.locator("#run")).to_be_visible()
    assert "Traceback" not in page.inner_text("body")
    page.close()
    own.stop()
