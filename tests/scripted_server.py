"""An OpenAI-compatible server on loopback that does what a script says, over real HTTP."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from reviewer.chat.base import Message

Body = dict[str, Any]


@dataclass(frozen=True)
class Answer:
    """What the server sends back."""

    status: int = 200
    body: Body | str | None = None
    headers: dict[str, str] = field(default_factory=dict)
    kind: str = "application/json"
    hang_s: float = 0.0
    """Wait so long before anything is sent."""
    reset_after: int | None = None
    """Send so many bytes of the body, then drop the connection."""
    trickle_s: float = 0.0
    """Wait so long between two pieces of the body."""


Script = Callable[[Body, int], Answer]
"""Told the request and its number, from 0."""


def completion(
    text: str | None,
    *,
    usage: Body | None = None,
    finish: str = "stop",
    tool: str | None = None,
    **message: Any,
) -> Answer:
    """Return a chat completion that says `text`, or calls a tool with `tool` as its arguments."""
    said: Body = {"role": "assistant", "content": text, **message}
    if tool is not None:
        call = {"name": "answers", "arguments": tool}
        said["tool_calls"] = [{"id": "t1", "type": "function", "function": call}]
    body: Body = {
        "id": "c1",
        "object": "chat.completion",
        "created": 1,
        "model": "m",
        "choices": [{"index": 0, "message": said, "finish_reason": finish}],
    }
    body["usage"] = usage or {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15}
    return Answer(body=body)


def without_usage(text: str) -> Answer:
    """Return a chat completion that does not say what it used."""
    answer = completion(text)
    assert isinstance(answer.body, dict)
    return Answer(body={k: v for k, v in answer.body.items() if k != "usage"})


def failure(status: int, message: str, code: str = "", **headers: str) -> Answer:
    """Return an error as providers send them."""
    body = {"error": {"message": message, "type": "error", "code": code}}
    return Answer(status, body, {k.replace("_", "-"): v for k, v in headers.items()})


@dataclass
class Server:
    """The running server: where it listens and what it was asked."""

    url: str
    requests: list[Body]
    paths: list[str]


def messages_of(body: Body) -> tuple[Message, ...]:
    """Return the messages of a request."""
    return tuple(Message(m["role"], m["content"]) for m in body["messages"])


@contextmanager
def serving(script: Script, models: Body | None = None) -> Iterator[Server]:
    """Run a server that answers by `script` while the block runs; `models` is what it lists."""
    requests: list[Body] = []
    paths: list[str] = []
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            listed = models is not None and self.path.endswith("/models")
            self.send(Answer(body=models) if listed else failure(404, "Not Found"))

        def do_POST(self) -> None:
            size = int(self.headers.get("content-length", 0))
            body = json.loads(self.rfile.read(size) or b"{}")
            with lock:
                number = len(requests)
                requests.append(body)
                paths.append(self.path)
            self.send(script(body, number))

        def send(self, answer: Answer) -> None:
            if answer.hang_s:
                time.sleep(answer.hang_s)
            data = answer.body if isinstance(answer.body, str) else json.dumps(answer.body)
            raw = data.encode()
            try:
                self.send_response(answer.status)
                self.send_header("content-type", answer.kind)
                self.send_header("content-length", str(len(raw)))
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                if answer.reset_after is not None:
                    self.wfile.write(raw[: answer.reset_after])
                    self.close_connection = True
                elif answer.trickle_s:
                    for at in range(0, len(raw), 8):
                        self.wfile.write(raw[at : at + 8])
                        self.wfile.flush()
                        time.sleep(answer.trickle_s)
                else:
                    self.wfile.write(raw)
            except OSError:
                return

        def log_message(self, format: str, *args: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.daemon = True
    thread.start()
    try:
        yield Server(f"http://127.0.0.1:{server.server_address[1]}/v1", requests, paths)
    finally:
        server.shutdown()
        server.server_close()
