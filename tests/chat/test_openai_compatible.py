"""The adapter against a real HTTP server: what works, and one clear error for each failure."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from reviewer.chat.base import JsonShape, Message, Mode, ModeRefused, Reply
from reviewer.chat.openai_compatible import OpenAiCompatible, chat_from
from reviewer.errors import (
    ChatRefused,
    ChatReplyInvalid,
    ChatSetup,
    ChatUnavailable,
    ContextTooLong,
    MissingSetting,
    UsageError,
)
from reviewer.settings import Settings
from tests.scripted_server import Answer, Body, completion, failure, serving, without_usage

KEY = "sk-secret-1234567890"
SHAPE = JsonShape("answers", {"type": "object", "properties": {}})
HELLO = (Message("system", "角色"), Message("user", "你好"))
GOOD = '{"answers": []}'


def ask(url: str, mode: Mode = "text", timeout_s: float = 5.0) -> Reply:
    chat = OpenAiCompatible(base_url=url, model="m1", api_key=SecretStr(KEY), timeout_s=timeout_s)
    try:
        return chat.ask(HELLO, mode=mode, shape=SHAPE, max_tokens=50)
    finally:
        chat.close()


def answered(answer: Answer, mode: Mode = "text", timeout_s: float = 5.0) -> Reply:
    with serving(lambda body, number: answer) as server:
        return ask(server.url, mode, timeout_s)


def test_messages_model_and_limits_are_sent_as_given() -> None:
    with serving(lambda body, number: completion(GOOD)) as server:
        ask(server.url)
        (sent,) = server.requests
    assert sent["model"] == "m1"
    assert [m["content"] for m in sent["messages"]] == ["角色", "你好"]
    assert (sent["max_tokens"], sent["temperature"]) == (50, 0)
    assert not sent.get("stream")


@pytest.mark.parametrize(
    ("mode", "field", "value"),
    [
        ("json_schema", "response_format", "json_schema"),
        ("json_object", "response_format", "json_object"),
        ("tools", "tool_choice", "function"),
    ],
)
def test_each_mode_asks_for_json_in_its_own_way(mode: Mode, field: str, value: str) -> None:
    with serving(lambda body, number: completion(GOOD)) as server:
        ask(server.url, mode)
        assert server.requests[0][field]["type"] == value


def test_the_arguments_of_a_tool_call_are_the_answer() -> None:
    assert answered(completion(None, tool='{"answers": [1]}'), "tools").text == '{"answers": [1]}'


def test_the_arguments_of_a_broken_tool_call_are_kept_for_repair() -> None:
    assert answered(completion(None, tool='{"answers": ['), "tools").text == '{"answers": ['


def test_a_reasoning_field_is_not_the_answer() -> None:
    reply = answered(completion(GOOD, reasoning_content='{"answers": ["thought"]}'))
    assert reply.text == GOOD


@pytest.mark.parametrize(
    "said",
    [
        '<think>{"answers": ["no"]}</think>' + GOOD,
        '思考 {"answers": ["no"]}</think>' + GOOD,
        '<thinking>\n{"a": 1}\n</thinking>\n' + GOOD,
    ],
)
def test_thinking_in_the_text_is_not_the_answer(said: str) -> None:
    assert answered(completion(said)).text == GOOD


def test_thinking_that_never_ended_is_no_answer() -> None:
    assert answered(completion('<think>{"answers": []}')).text == ""


def test_usage_is_read_with_what_was_cached() -> None:
    usage = {
        "prompt_tokens": 100,
        "completion_tokens": 7,
        "total_tokens": 107,
        "prompt_tokens_details": {"cached_tokens": 80},
    }
    assert answered(completion(GOOD, usage=usage)).tokens[:3] == (100, 80, 7)


def test_the_cached_tokens_of_deepseek_are_read() -> None:
    usage = {
        "prompt_tokens": 100,
        "completion_tokens": 7,
        "total_tokens": 107,
        "prompt_cache_hit_tokens": 64,
    }
    assert answered(completion(GOOD, usage=usage)).tokens.cached == 64


def test_missing_usage_is_estimated_and_said_to_be() -> None:
    tokens = answered(without_usage(GOOD)).tokens
    assert tokens.estimated
    assert tokens.prompt > 0


def test_an_answer_cut_at_the_limit_is_marked() -> None:
    assert answered(completion('{"answers": [', finish="length")).cut


@pytest.mark.parametrize(
    ("answer", "kind", "says"),
    [
        pytest.param(failure(401, f"bad key {KEY}"), ChatSetup, "密钥", id="wrong-key"),
        pytest.param(failure(403, "forbidden"), ChatSetup, "密钥", id="forbidden"),
        pytest.param(failure(402, "Insufficient Balance"), ChatSetup, "余额", id="no-money"),
        pytest.param(
            failure(429, "quota", code="insufficient_quota"), ChatSetup, "额度", id="quota"
        ),
        pytest.param(
            failure(404, "The model m1 does not exist"), ChatSetup, "没有模型", id="model"
        ),
        pytest.param(failure(404, "Not Found"), ChatSetup, "chat completions", id="no-endpoint"),
        pytest.param(
            Answer(body="<html>hello</html>", kind="text/html"), ChatSetup, "网页", id="html"
        ),
        pytest.param(
            Answer(body={"hello": 1}), ChatReplyInvalid, "chat completions", id="other-json"
        ),
        pytest.param(failure(429, "slow down"), ChatUnavailable, "频繁", id="rate-limit"),
        pytest.param(failure(500, "oops"), ChatUnavailable, "500", id="server-error"),
        pytest.param(failure(503, "overloaded"), ChatUnavailable, "503", id="overloaded"),
        pytest.param(
            failure(400, "maximum context length is 2048 tokens", "context_length_exceeded"),
            ContextTooLong,
            "2048",
            id="context",
        ),
        pytest.param(completion(None, refusal="I cannot help"), ChatRefused, "拒绝", id="refusal"),
        pytest.param(
            completion("", finish="content_filter"), ChatRefused, "拒绝", id="content-filter"
        ),
        pytest.param(
            Answer(body=completion(GOOD).body, reset_after=40),
            ChatUnavailable,
            "中断",
            id="reset-in-mid-stream",
        ),
    ],
)
def test_each_failure_is_one_line_with_what_to_do(
    answer: Answer, kind: type[Exception], says: str
) -> None:
    with pytest.raises(kind, match=says) as caught:
        answered(answer)
    assert type(caught.value) is kind
    assert "\n" not in str(caught.value)
    assert KEY not in str(caught.value)
    assert "--engine rules" in str(caught.value)


def test_a_server_that_hangs_is_given_up() -> None:
    with pytest.raises(ChatUnavailable, match=r"0\.2 秒"):
        answered(Answer(body=completion(GOOD).body, hang_s=1.0), timeout_s=0.2)


def test_a_trickle_is_given_up_although_bytes_keep_coming() -> None:
    with pytest.raises(ChatUnavailable, match="没有答完"):
        answered(Answer(body=completion(GOOD).body, trickle_s=0.1), timeout_s=0.3)


def test_an_address_where_nobody_listens_is_named() -> None:
    with pytest.raises(ChatSetup, match=r"127\.0\.0\.1:9.*--base-url"):
        ask("http://127.0.0.1:9/v1")


def test_retry_after_is_handed_on() -> None:
    with pytest.raises(ChatUnavailable) as caught:
        answered(failure(429, "slow down", retry_after="7"))
    assert caught.value.retry_after_s == 7


def test_a_mode_that_is_not_known_is_told_apart_from_a_broken_endpoint() -> None:
    with pytest.raises(ModeRefused):
        answered(failure(400, "response_format json_schema is not supported"), "json_schema")


def test_a_model_without_temperature_is_asked_without_it() -> None:
    def picky(body: Body, number: int) -> Answer:
        if "temperature" in body:
            return failure(400, "Unsupported value: temperature")
        return completion(GOOD)

    with serving(picky) as server:
        assert ask(server.url, "json_schema").text == GOOD


def test_the_answer_of_a_redirect_is_no_answer() -> None:
    with pytest.raises((ChatSetup, ChatReplyInvalid, ChatUnavailable)):
        answered(Answer(302, {"x": 1}, {"location": "https://example.com/"}))


@pytest.mark.parametrize(
    ("given", "kind", "says"),
    [
        ({}, MissingSetting, "没有指定模型服务"),
        ({"preset": "deepseek"}, MissingSetting, "没有设置密钥"),
        ({"preset": "deepseek", "api_key": " "}, MissingSetting, "没有设置密钥"),
        ({"preset": "nobody", "api_key": KEY}, UsageError, "nobody"),
        ({"base_url": "api.x.cn/v1", "api_key": KEY, "model": "m"}, MissingSetting, "不是网址"),
        ({"base_url": "https://api.x.cn/v1", "api_key": KEY}, MissingSetting, "没有指定模型"),
        ({"base_url": "https://api.x.cn/v1", "model": "m"}, MissingSetting, "没有设置密钥"),
    ],
)
def test_a_missing_setting_is_named(
    given: dict[str, Any], kind: type[Exception], says: str, tmp_path: Path
) -> None:
    with pytest.raises(kind, match=says):
        chat_from(Settings(engine="llm", cache_dir=tmp_path, _env_file=None, **given))


@pytest.mark.parametrize(
    ("given", "host"),
    [
        ({"api_key": KEY}, "api.openai.com"),
        ({"preset": "deepseek", "api_key": KEY}, "api.deepseek.com"),
        ({"preset": "qwen", "api_key": KEY}, "dashscope.aliyuncs.com"),
        ({"preset": "ollama"}, "127.0.0.1:11434"),
        ({"base_url": "http://127.0.0.1:1/v1", "model": "m"}, "127.0.0.1:1"),
        ({"base_url": "https://u:p@x.cn/v1", "model": "m", "api_key": KEY}, "x.cn"),
    ],
)
def test_the_host_follows_from_the_settings(
    given: dict[str, Any], host: str, tmp_path: Path
) -> None:
    chat = chat_from(Settings(engine="llm", cache_dir=tmp_path, _env_file=None, **given))
    assert chat.host == host
