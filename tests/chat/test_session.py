"""Between the question and the wire: modes, patience, budget, pace, memory, masks."""

import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from reviewer.chat.base import JsonShape, Message, Tokens
from reviewer.chat.limits import Meter, Pace
from reviewer.chat.masking import Masker
from reviewer.chat.openai_compatible import OpenAiCompatible
from reviewer.chat.personal import Found
from reviewer.chat.presets import load_presets, price_of
from reviewer.chat.session import Session
from reviewer.errors import BudgetSpent, ChatReplyInvalid, ChatUnavailable
from reviewer.settings import Settings
from tests.scripted_server import Answer, Body, Script, Server, completion, failure, serving

SHAPE = JsonShape("answers", {"type": "object", "properties": {}})
GOOD = '{"answers": []}'
HELLO = (Message("system", "角色"), Message("user", "你好"))


@pytest.fixture
def session(tmp_path: Path) -> Callable[..., Session]:
    def make(server: Server, masker: Masker | None = None, **more: Any) -> Session:
        chosen = {"backoff_s": 0.0, "retries": 2, "cache_dir": tmp_path / "cache", **more}
        settings = Settings(engine="llm", _env_file=None, **chosen)
        chat = OpenAiCompatible(base_url=server.url, model="m1", api_key=SecretStr("k"))
        return Session(chat, masker or Masker.off(), settings)

    return make


def way(body: Body) -> str:
    """Return how a request asks for JSON."""
    if "tools" in body:
        return "tools"
    return body["response_format"]["type"] if "response_format" in body else "text"


def only(*known: str, status: int = 400) -> Script:
    """Return a server that knows these ways alone, and says so with `status`."""

    def script(body: Body, number: int) -> Answer:
        if way(body) in known:
            said = GOOD
            return completion(None, tool=said) if way(body) == "tools" else completion(said)
        return failure(status, f"{way(body)} is not supported")

    return script


@pytest.mark.parametrize(
    ("known", "asked"),
    [
        pytest.param(("json_schema",), ["json_schema"], id="schema"),
        pytest.param(("tools",), ["json_schema", "tools"], id="function-calling"),
        pytest.param(("json_object",), ["json_schema", "tools", "json_object"], id="json-mode"),
        pytest.param(("text",), ["json_schema", "tools", "json_object", "text"], id="plain-text"),
    ],
)
def test_the_strictest_way_that_the_endpoint_knows_is_found(
    session: Callable[..., Session], known: tuple[str, ...], asked: list[str]
) -> None:
    with serving(only(*known)) as server:
        assert session(server).ask(HELLO, SHAPE).text == GOOD
        assert [way(body) for body in server.requests] == asked


def test_a_server_error_at_the_schema_means_another_way(session: Callable[..., Session]) -> None:
    with serving(only("tools", status=500)) as server:
        made = session(server)
        assert made.ask(HELLO, SHAPE).text == GOOD
        assert made.mode == "tools"
        assert [way(body) for body in server.requests] == ["json_schema", "json_schema", "tools"]


def test_what_was_found_out_is_remembered_by_the_next_session(
    session: Callable[..., Session],
) -> None:
    with serving(only("json_object")) as server:
        session(server).ask(HELLO, SHAPE)
        session(server).ask((*HELLO, Message("user", "又一个问题")), SHAPE)
        assert way(server.requests[-1]) == "json_object"
        assert len(server.requests) == 4


def test_an_endpoint_that_no_longer_knows_its_way_is_asked_anew(
    session: Callable[..., Session],
) -> None:
    def changing(body: Body, number: int) -> Answer:
        return only("json_schema" if number == 0 else "text")(body, number)

    with serving(changing) as server:
        made = session(server)
        made.ask(HELLO, SHAPE)
        assert made.ask((*HELLO, Message("user", "又一个问题")), SHAPE).text == GOOD
        assert made.mode == "text"


def test_an_answer_without_json_is_asked_for_in_a_laxer_way(
    session: Callable[..., Session],
) -> None:
    def chatty(body: Body, number: int) -> Answer:
        return completion(GOOD if way(body) == "json_object" else "好的，我来看看。")

    with serving(chatty) as server:
        assert session(server).ask(HELLO, SHAPE).text == GOOD


def test_an_endpoint_that_refuses_every_way_says_what_it_said(
    session: Callable[..., Session],
) -> None:
    with (
        serving(lambda body, number: failure(400, "messages too strange")) as server,
        pytest.raises(ChatReplyInvalid, match="messages too strange"),
    ):
        session(server).ask(HELLO, SHAPE)


def test_a_key_in_the_endpoint_s_words_is_not_repeated(session: Callable[..., Session]) -> None:
    with (
        serving(lambda body, number: failure(400, "no access for sk-abc123def456")) as server,
        pytest.raises(ChatReplyInvalid) as caught,
    ):
        session(server).ask(HELLO, SHAPE)
    assert "abc123" not in str(caught.value)


def failing(times: int, answer: Answer) -> Script:
    return lambda body, number: answer if number < times else completion(GOOD)


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(failure(429, "slow down"), id="too-many"),
        pytest.param(failure(503, "overloaded"), id="overloaded"),
        pytest.param(failure(500, "oops"), id="server-error"),
        pytest.param(Answer(body=completion(GOOD).body, reset_after=30), id="reset"),
    ],
)
def test_what_fails_for_a_passing_reason_is_sent_again(
    session: Callable[..., Session], answer: Answer
) -> None:
    with serving(failing(1, answer)) as server:
        assert session(server).ask(HELLO, SHAPE).text == GOOD
        assert len(server.requests) == 2


def test_what_keeps_failing_is_given_up_after_the_retries(
    session: Callable[..., Session],
) -> None:
    with serving(lambda body, number: failure(429, "slow down")) as server:
        with pytest.raises(ChatUnavailable, match="频繁"):
            session(server).ask(HELLO, SHAPE)
        assert len(server.requests) == 3


def test_retry_after_is_waited_for(session: Callable[..., Session]) -> None:
    with serving(failing(1, failure(429, "slow down", retry_after="0.4"))) as server:
        begun = time.monotonic()
        session(server).ask(HELLO, SHAPE)
        assert time.monotonic() - begun >= 0.4


def test_an_endpoint_that_asks_for_an_hour_is_not_waited_for(
    session: Callable[..., Session],
) -> None:
    with serving(lambda body, number: failure(429, "later", retry_after="3600")) as server:
        with pytest.raises(ChatUnavailable):
            session(server).ask(HELLO, SHAPE)
        assert len(server.requests) == 1


def test_a_wrong_key_is_not_tried_twice(session: Callable[..., Session]) -> None:
    with serving(lambda body, number: failure(401, "bad key")) as server:
        with pytest.raises(Exception, match="密钥"):
            session(server).ask(HELLO, SHAPE)
        assert len(server.requests) == 1


def test_the_same_question_is_answered_from_disk(session: Callable[..., Session]) -> None:
    with serving(lambda body, number: completion(GOOD)) as server:
        session(server).ask(HELLO, SHAPE)
        again = session(server)
        assert again.ask(HELLO, SHAPE).text == GOOD
        assert len(server.requests) == 1
    assert again.cached_answers == 1
    assert again.usage.requests == 0


@pytest.mark.parametrize(
    "other",
    [
        pytest.param((*HELLO, Message("user", "再问")), id="other-question"),
        pytest.param((Message("system", "别的角色"), HELLO[1]), id="other-prompt"),
    ],
)
def test_another_question_is_sent(
    session: Callable[..., Session], other: tuple[Message, ...]
) -> None:
    with serving(lambda body, number: completion(GOOD)) as server:
        made = session(server)
        made.ask(HELLO, SHAPE)
        made.ask(other, SHAPE)
        assert len(server.requests) == 2


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(completion(""), id="empty"),
        pytest.param(completion('{"answers": [', finish="length"), id="cut"),
    ],
)
def test_an_answer_of_no_use_is_not_kept(session: Callable[..., Session], answer: Answer) -> None:
    with serving(lambda body, number: answer) as server:
        session(server).ask(HELLO, SHAPE)
        before = len(server.requests)
        session(server).ask(HELLO, SHAPE)
        assert len(server.requests) > before


def test_what_is_kept_on_disk_holds_no_name_and_no_key(
    session: Callable[..., Session], tmp_path: Path
) -> None:
    masker = Masker([Found("公司", "杭州云裳服饰有限公司")])
    question = (Message("user", "杭州云裳服饰有限公司是谁？"),)
    reply = completion('{"answers": ["【公司1】"]}')
    with serving(lambda body, number: reply) as server:
        answered = session(server, masker).ask(question, SHAPE)
        assert "云裳" not in str(server.requests)
    assert "杭州云裳服饰有限公司" in answered.text
    kept = "".join(p.read_text() for p in (tmp_path / "cache").rglob("*") if p.is_file())
    assert "公司1" in kept
    assert "云裳" not in kept


def test_a_cache_that_cannot_be_written_is_no_reason_to_stop(
    session: Callable[..., Session], tmp_path: Path
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    with serving(lambda body, number: completion(GOOD)) as server:
        assert session(server, cache_dir=blocked / "x").ask(HELLO, SHAPE).text == GOOD


def test_what_would_be_sent_is_what_is_sent(session: Callable[..., Session]) -> None:
    masker = Masker([Found("电话", "13812345678")])
    question = (Message("system", "角色"), Message("user", "电话 13812345678"))
    with serving(lambda body, number: completion(GOOD)) as server:
        made = session(server, masker)
        shown = made.payload(question, SHAPE)
        made.ask(question, SHAPE)
        sent = {k: v for k, v in server.requests[0].items() if k != "stream"}
    assert sent == shown


def test_a_model_that_wants_another_name_for_the_limit_gets_it(
    session: Callable[..., Session],
) -> None:
    def picky(body: Body, number: int) -> Answer:
        if "max_tokens" in body:
            return failure(400, "Unsupported parameter: use 'max_completion_tokens' instead")
        return completion(GOOD)

    with serving(picky) as server:
        made = session(server)
        assert made.ask(HELLO, SHAPE).text == GOOD
        assert (made.mode, len(server.requests)) == ("json_schema", 2)


def test_a_session_that_was_stopped_sends_nothing(session: Callable[..., Session]) -> None:
    with serving(lambda body, number: completion(GOOD)) as server:
        made = session(server)
        made.stop()
        with pytest.raises(ChatUnavailable, match="中断"):
            made.ask(HELLO, SHAPE)
        assert server.requests == []


def test_a_request_beyond_the_token_budget_is_not_sent(session: Callable[..., Session]) -> None:
    with serving(lambda body, number: completion(GOOD)) as server:
        made = session(server, budget_tokens=40)
        with pytest.raises(BudgetSpent, match=r"token 预算 40 .*--budget"):
            made.ask((Message("user", "问" * 200),), SHAPE)
        assert server.requests == []


def test_a_cost_budget_stops_before_it_is_passed() -> None:
    price = price_of("api.deepseek.com", "deepseek-chat")
    meter = Meter(price, budget_cost=Decimal("0.001"))
    meter.reserve(1000, 100)
    meter.release(1000, 100)
    meter.used(Tokens(2000, 0, 400))
    with pytest.raises(BudgetSpent, match=r"0\.001 USD"):
        meter.reserve(1000, 100)


def test_what_was_cached_at_the_provider_costs_less() -> None:
    price = price_of("api.deepseek.com", "deepseek-chat")
    assert price is not None
    assert price.of(Tokens(1_000_000, 0, 0)) == Decimal("0.300000")
    assert price.of(Tokens(1_000_000, 900_000, 0)) == Decimal("0.035400")


def test_a_model_without_a_known_price_has_no_cost() -> None:
    meter = Meter(price_of("api.example.com", "gpt-4.1-mini"))
    meter.used(Tokens(1000, 0, 10))
    assert meter.usage.cost is None


def test_requests_are_spaced_as_the_limit_says() -> None:
    slept: list[float] = []
    pace = Pace(60, None, slept.append)
    for _ in range(3):
        pace.wait(10)
    assert [round(s) for s in slept] == [1, 2]


def test_tokens_are_spaced_as_the_limit_says() -> None:
    slept: list[float] = []
    pace = Pace(None, 6000, slept.append)
    pace.wait(600)
    pace.wait(10)
    assert [round(s) for s in slept] == [6]


def test_without_limits_nothing_waits() -> None:
    slept: list[float] = []
    Pace(None, None, slept.append).wait(10_000)
    assert slept == []


def test_every_preset_is_an_address_that_can_be_used() -> None:
    presets = load_presets()
    assert {"openai", "deepseek", "qwen", "kimi", "glm", "siliconflow", "ollama", "vllm"} <= {
        preset.id for preset in presets
    }
    assert all(preset.base_url.startswith(("https://", "http://127.0.0.1")) for preset in presets)
    assert all(preset.model for preset in presets if preset.key)
