"""Any OpenAI-compatible endpoint; the only file that imports langchain-openai, openai and httpx.

Every error of theirs becomes one of ours, with what to change. Retries, time limits and modes are
ours too, so that each can be tested and none happens twice.
"""

import json
import logging
import re
import time
from collections.abc import Iterator, Mapping
from typing import Any

import httpx
import openai
from langchain_core.exceptions import LangChainException
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage
from langchain_openai import ChatOpenAI
from langsmith import tracing_context
from pydantic import SecretStr

from reviewer.chat.base import (
    RULES_INSTEAD,
    JsonShape,
    Message,
    Mode,
    ModeRefused,
    Reply,
    Tokens,
    estimate,
    estimate_tokens,
)
from reviewer.chat.presets import Preset, preset_named
from reviewer.errors import (
    ChatError,
    ChatRefused,
    ChatReplyInvalid,
    ChatSetup,
    ChatUnavailable,
    ContextTooLong,
    MissingSetting,
)
from reviewer.settings import Settings

CONNECT_S = 10.0
LOOPBACK = ("127.0.0.1", "localhost", "::1")
LONGEST_SAID = 160
SHORTEST_KEY = 6
_KEYS = re.compile(r"\b(?:sk|ak|key)-[A-Za-z0-9_\-*]{6,}|Bearer\s+\S+", re.IGNORECASE)
_MESSAGES: dict[str, type[BaseMessage]] = {
    "system": SystemMessage,
    "user": HumanMessage,
    "assistant": AIMessage,
}
_THOUGHT = re.compile(r"<(think|thinking|reasoning)>.*?(?:</\1>|\Z)", re.DOTALL | re.IGNORECASE)
_CONTEXT = re.compile(
    r"context.{0,20}(length|window|size|limit)|maximum context|too many tokens|prompt is too long|"
    r"exceed.{0,40}(context|token)|超(出|过).{0,12}(上下文|长度|token)|n_ctx",
    re.IGNORECASE | re.DOTALL,
)
_LIMIT = re.compile(
    r"(?:context (?:length|window|size)[^\d]{0,40}|n_ctx[^\d]{0,10}|maximum[^\d]{0,40})(\d{3,7})",
    re.I,
)
_QUOTA = re.compile(
    r"insufficient_quota|insufficient.{0,10}balance|余额不足|欠费|billing|arrear", re.I
)


class NotAnApi(httpx.HTTPError):
    """A web page came back where JSON was due."""


class _BeforeDeadline(httpx.SyncByteStream):
    """A body that must arrive whole before a moment: a trickle does not keep us waiting."""

    def __init__(self, body: Any, until: float, request: httpx.Request) -> None:
        self.body = body
        self.until = until
        self.request = request

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self.body:
            if time.monotonic() > self.until:
                raise httpx.ReadTimeout("deadline", request=self.request)
            yield chunk

    def close(self) -> None:
        self.body.close()


class OpenAiCompatible:
    """A chat model behind `POST {base_url}/chat/completions`."""

    def __init__(
        self,
        *,
        base_url: str,
        model: str,
        api_key: SecretStr | None = None,
        timeout_s: float = 120.0,
        context: int | None = None,
        max_tokens_name: str = "max_tokens",
        keyed: bool = False,
        concurrency: int = 8,
    ) -> None:
        self.base_url = base_url
        self.model = model
        self.host = httpx.URL(base_url).netloc.decode("ascii", "replace").rpartition("@")[2]
        self.context = context
        self.keyed = keyed
        self.concurrency = concurrency
        self.timeout_s = timeout_s
        self._max_tokens_name = max_tokens_name
        self._limit_changed = False
        self._key = api_key.get_secret_value() if api_key else ""
        self._temperature = True
        for name in ("openai", "httpx", "httpcore"):  # their debug logs carry whole requests
            logging.getLogger(name).setLevel(logging.WARNING)
        self._http = httpx.Client(
            timeout=httpx.Timeout(timeout_s, connect=min(CONNECT_S, timeout_s)),
            event_hooks={"request": [self._begun], "response": [self._arriving]},
            follow_redirects=False,
        )
        self._chat = ChatOpenAI(
            model=model,
            base_url=base_url,
            api_key=api_key or SecretStr("none"),
            max_retries=0,
            http_client=self._http,
            use_responses_api=False,
        )

    def ask(
        self, messages: tuple[Message, ...], *, mode: Mode, shape: JsonShape, max_tokens: int
    ) -> Reply:
        """Return the answer; see `ChatModel`."""
        try:
            return self._asked(messages, mode, shape, max_tokens)
        except (ModeRefused, ChatReplyInvalid) as error:
            if not self._adapted(error.problem):
                raise
        return self.ask(messages, mode=mode, shape=shape, max_tokens=max_tokens)

    def _adapted(self, said: str) -> bool:
        """Change what this endpoint does not take; False where its words name nothing to change."""
        if self._temperature and "temperature" in said:
            self._temperature = False
            return True
        new = "max_completion_tokens"
        if new in said and not self._limit_changed:
            self._max_tokens_name = "max_tokens" if self._max_tokens_name == new else new
            self._limit_changed = True
            return True
        return False

    def _asked(
        self, messages: tuple[Message, ...], mode: Mode, shape: JsonShape, max_tokens: int
    ) -> Reply:
        body = self._body(mode, shape, max_tokens)
        try:
            with tracing_context(enabled=False):
                answer = self._chat.invoke(
                    [_MESSAGES[m.role](content=m.text) for m in messages], extra_body=body
                )
        except openai.APIError as error:
            raise self._mapped(error, mode) from error
        except (
            KeyError,
            TypeError,
            ValueError,
            AttributeError,
            IndexError,
            LangChainException,
        ) as error:
            raise ChatReplyInvalid(
                f"{self.host} 的回答不是 chat completions 格式",
                remedy=f"请检查 --base-url（通常以 /v1 结尾），{RULES_INSTEAD}",
            ) from error
        return _reply(answer, messages)

    def payload(
        self, messages: tuple[Message, ...], *, mode: Mode, shape: JsonShape, max_tokens: int
    ) -> dict[str, Any]:
        """Return the body that `ask` would send with these arguments; nothing is sent."""
        said = [{"role": message.role, "content": message.text} for message in messages]
        return {"model": self.model, "messages": said, **self._body(mode, shape, max_tokens)}

    def _body(self, mode: Mode, shape: JsonShape, max_tokens: int) -> dict[str, Any]:
        body: dict[str, Any] = {self._max_tokens_name: max_tokens, **_asking_for(mode, shape)}
        return {**body, "temperature": 0} if self._temperature else body

    def listed(self) -> dict[str, int | None]:
        """Return the models that the endpoint lists, with their context where it says so.

        Empty where it has no list: few promises hold for `GET {base_url}/models`.
        """
        url = httpx.URL(self.base_url.rstrip("/") + "/models")
        try:
            headers = {"authorization": f"Bearer {self._key}"} if self._key else {}
            found = self._http.get(url, headers=headers).json().get("data", ())
            return {str(entry["id"]): _context_of(entry) for entry in found}
        except (httpx.HTTPError, ValueError, AttributeError, TypeError, KeyError):
            return {}

    def close(self) -> None:
        """Break off what is under way."""
        self._http.close()

    def _begun(self, request: httpx.Request) -> None:
        request.extensions["reviewer_until"] = time.monotonic() + self.timeout_s

    def _arriving(self, response: httpx.Response) -> None:
        if response.is_success and "html" in response.headers.get("content-type", ""):
            raise NotAnApi("html")
        until = response.request.extensions.get("reviewer_until", float("inf"))
        response.stream = _BeforeDeadline(response.stream, until, response.request)

    def _mapped(self, error: openai.APIError, mode: Mode) -> ChatError:
        if isinstance(error, openai.APITimeoutError):
            return ChatUnavailable(
                f"模型 {self.model}（{self.host}）在 {self.timeout_s:g} 秒内没有答完",
                remedy=f"请稍后再试或调大 REVIEWER_TIMEOUT_S，{RULES_INSTEAD}",
            )
        if isinstance(error, openai.APIStatusError):
            return self._status(error, mode)
        cause: BaseException | None = error
        while cause is not None:
            if isinstance(cause, NotAnApi):
                return self._no_api("返回的是网页")
            if isinstance(cause, httpx.ConnectError | httpx.UnsupportedProtocol | httpx.InvalidURL):
                return ChatSetup(
                    f"无法连接 {self.host}",
                    remedy=f"请检查 --base-url（现为 {_shown(self.base_url)}）、网络和服务是否已启动，"
                    f"{RULES_INSTEAD}",
                )
            cause = cause.__cause__ or cause.__context__
        if isinstance(error, openai.APIResponseValidationError):
            return self._no_api("的回答无法读取")
        return ChatUnavailable(f"与 {self.host} 的连接中断", remedy=f"请稍后再试，{RULES_INSTEAD}")

    def _no_api(self, what: str) -> ChatSetup:
        return ChatSetup(
            f"{self.host} {what}，不是模型接口",
            remedy=f"请检查 --base-url（现为 {_shown(self.base_url)}，通常以 /v1 结尾），"
            f"{RULES_INSTEAD}",
        )

    def _status(self, error: openai.APIStatusError, mode: Mode) -> ChatError:
        code, said = error.status_code, _said(error)
        if code in (400, 413, 422, 500) and _CONTEXT.search(said):
            found = _LIMIT.search(said)
            return ContextTooLong(
                f"内容超过模型 {self.model} 的上下文" + (f"（{found[1]} token）" if found else ""),
                remedy=f"请换用上下文更长的模型，{RULES_INSTEAD}",
                limit=int(found[1]) if found else None,
            )
        if code in (401, 403):
            return ChatSetup(
                f"{self.host} 拒绝了密钥（{code}）",
                remedy=f"请检查 REVIEWER_API_KEY 是否正确、有无该模型的权限，{RULES_INSTEAD}",
            )
        if code == 402 or (code in (400, 403, 429) and _QUOTA.search(said)):
            return ChatSetup(
                f"{self.host} 的账户余额或额度不足（{code}）",
                remedy=f"请充值后再试，{RULES_INSTEAD}",
            )
        if code in (404, 405) or (
            code == 400 and re.search(r"model.{0,40}not (exist|found)", said, re.I)
        ):
            if re.search("model|模型", said, re.I):
                return ChatSetup(
                    f"{self.host} 没有模型 {self.model}",
                    remedy=f"请用 --model 指定该服务提供的模型，{RULES_INSTEAD}",
                )
            return self._no_api(f"没有 chat completions（{code}）")
        if code in (400, 422, 501) and mode != "text":
            return ModeRefused(said[:200], remedy="")
        if code >= 500 or code in (408, 409, 425, 429):
            what = "请求太频繁" if code == 429 else f"服务出错（{code}）"
            return ChatUnavailable(
                f"{self.host} {what}",
                remedy=f"请稍后再试，{RULES_INSTEAD}",
                retry_after_s=_retry_after(error.response.headers),
                status=code,
            )
        return ChatReplyInvalid(
            f"{self.host} 不接受请求（{code}：{self._quoted(error)}）",
            remedy=f"请换一个模型，{RULES_INSTEAD}",
        )

    def _quoted(self, error: openai.APIStatusError) -> str:
        """Return the endpoint's words in one short line, without keys."""
        body = error.body if isinstance(error.body, dict) else {}
        plain = " ".join(str(body.get("message") or error.message).split())
        if len(self._key) >= SHORTEST_KEY:
            plain = plain.replace(self._key, "…")
        return _KEYS.sub("…", plain)[:LONGEST_SAID]


def _asking_for(mode: Mode, shape: JsonShape) -> dict[str, Any]:
    """Return the fields of the request that ask for JSON.

    They go through `extra_body`: langchain-openai would send `response_format` down another path.
    """
    if mode == "json_schema":
        named = {"name": shape.name, "schema": shape.schema, "strict": True}
        return {"response_format": {"type": "json_schema", "json_schema": named}}
    if mode == "tools":
        function = {
            "name": shape.name,
            "description": "提交答案",
            "parameters": shape.schema,
        }
        return {
            "tools": [{"type": "function", "function": function}],
            "tool_choice": {"type": "function", "function": {"name": shape.name}},
        }
    if mode == "json_object":
        return {"response_format": {"type": "json_object"}}
    return {}


def _reply(answer: AIMessage, messages: tuple[Message, ...]) -> Reply:
    extra: Mapping[str, Any] = answer.additional_kwargs
    refusal = extra.get("refusal")
    if refusal or answer.response_metadata.get("finish_reason") == "content_filter":
        raise ChatRefused("模型拒绝回答", remedy=f"请换一个模型，{RULES_INSTEAD}")
    text = _THOUGHT.sub("", answer.text if isinstance(answer.text, str) else str(answer.text))
    if "</think>" in text:  # some servers strip the opening tag
        text = text.rpartition("</think>")[2]
    for call in answer.tool_calls:
        text = json.dumps(call["args"], ensure_ascii=False)
    for broken in answer.invalid_tool_calls:
        text = broken.get("args") or text
    return Reply(
        text=text.strip(),
        tokens=_tokens(answer, messages, text),
        cut=answer.response_metadata.get("finish_reason") == "length",
    )


def _tokens(answer: AIMessage, messages: tuple[Message, ...], text: str) -> Tokens:
    usage = answer.response_metadata.get("token_usage") or {}
    if not usage.get("prompt_tokens"):
        return Tokens(estimate(messages), 0, estimate_tokens(text), estimated=True)
    details = usage.get("prompt_tokens_details") or {}
    cached = details.get("cached_tokens") or usage.get("prompt_cache_hit_tokens") or 0
    return Tokens(
        int(usage["prompt_tokens"]), int(cached), int(usage.get("completion_tokens") or 0)
    )


def _said(error: openai.APIStatusError) -> str:
    body = error.body if isinstance(error.body, dict) else {}
    return f"{body.get('code', '')} {body.get('type', '')} {error.message}"


def _context_of(entry: Mapping[str, Any]) -> int | None:
    """Return the context length under any of the names that servers give it."""
    meta = entry.get("meta")
    for source in (entry, meta if isinstance(meta, dict) else {}):
        for name in ("max_model_len", "context_length", "context_window", "n_ctx"):
            if isinstance(source.get(name), int) and source[name] > 0:
                return int(source[name])
    return None


def _retry_after(headers: httpx.Headers) -> float | None:
    try:
        return max(0.0, float(headers["retry-after"]))
    except (KeyError, ValueError):
        return None


def _shown(base_url: str) -> str:
    """Return the address without user name, password and query: keys hide there."""
    url = httpx.URL(base_url)
    return f"{url.scheme}://{url.netloc.decode('ascii', 'replace').rpartition('@')[2]}{url.path}"


def chat_from(settings: Settings, *, sending: bool = True) -> OpenAiCompatible:
    """Return the model that `settings` name.

    Args:
        settings: Address, model and key.
        sending: Whether anything will be sent; if not, no key is needed.

    Raises:
        MissingSetting: Key, address or model is not set.
        UsageError: There is no such preset, or the address is none.
    """
    preset = _preset(settings)
    base_url = settings.base_url or (preset.base_url if preset else None)
    if base_url is None:
        raise MissingSetting(
            "没有指定模型服务",
            remedy=f"请设 --preset 或 --base-url（和 REVIEWER_API_KEY），{RULES_INSTEAD}",
        )
    if not re.match(r"https?://[^/\s]+", base_url):
        raise MissingSetting(
            f"--base-url {base_url} 不是网址",
            remedy=f"应如 https://api.deepseek.com/v1，{RULES_INSTEAD}",
        )
    key_needed = sending and (preset.key if preset else not _local(base_url))
    if key_needed and not (settings.api_key and settings.api_key.get_secret_value().strip()):
        raise MissingSetting(
            "没有设置密钥", remedy=f"请设环境变量 REVIEWER_API_KEY，{RULES_INSTEAD}"
        )
    model = settings.model or (preset.model if preset else "")
    if not model:
        raise MissingSetting(
            "没有指定模型", remedy=f"请用 --model 或 REVIEWER_MODEL 指定，{RULES_INSTEAD}"
        )
    same = preset is not None and model == preset.model
    return OpenAiCompatible(
        base_url=base_url,
        model=model,
        api_key=settings.api_key,
        timeout_s=_given(settings, "timeout_s", preset),
        context=settings.context_tokens or (preset.context if preset and same else None),
        max_tokens_name=preset.max_tokens if preset else "max_tokens",
        keyed=preset.keyed if preset else False,
        concurrency=_given(settings, "concurrency", preset),
    )


def _given(settings: Settings, name: str, preset: Preset | None) -> Any:
    """Return a setting: the user's own, else the preset's, else the default."""
    own = name in settings.model_fields_set
    return getattr(settings if own or not preset else preset, name) or getattr(settings, name)


def _preset(settings: Settings) -> Preset | None:
    if settings.preset:
        return preset_named(settings.preset)
    if settings.base_url is None and settings.api_key is not None:
        return preset_named("openai")
    if settings.base_url and "api.openai.com" in settings.base_url:
        return preset_named("openai")
    if settings.base_url and _host(settings.base_url) in LOOPBACK:
        return preset_named("llamacpp")
    return None


def _local(base_url: str) -> bool:
    host = _host(base_url)
    return host in LOOPBACK or host.startswith(("10.", "192.168."))


def _host(base_url: str) -> str:
    try:
        return httpx.URL(base_url).host
    except httpx.InvalidURL:
        return ""
