"""What the model chain sends and how long it takes, beside two simpler chains: part of `make bench`.

The model is a server on loopback that agrees with the rules engine save for one element in ten, so
that there is something to adjudicate; it answers at once or at the pace of a usual provider. Tokens are estimated from the characters, on the high side.
"""

import json
import re
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from reviewer.chat.base import Message, estimate, estimate_tokens
from reviewer.chat.openai_compatible import chat_from
from reviewer.contract import Contract
from reviewer.engine.llm import LlmEngine
from reviewer.engine.llm.claims import SILENT
from reviewer.engine.llm.questions import Questioner
from reviewer.engine.rules import RulesEngine
from reviewer.finding import Finding
from reviewer.playbook import Playbook
from reviewer.settings import Settings

Row = tuple[str, str, str]
LATENCY_S = 1.5
TOKENS_A_SECOND = 60
DISPUTED = 10
"""One in so many of the elements found is seen otherwise by the model."""
LONGEST_QUOTE = 25
"""Characters: what the prompt asks for."""
_ASKED = re.compile(r"^([a-z]{2}_[a-z_]+)★? ", re.MULTILINE)


def rows(
    contract: Contract, rules: RulesEngine, playbook: Playbook, *, paced: bool = True
) -> list[Row]:
    """Return the figures of the model chain for `contract`, with those of time if `paced`."""
    answer = _agreeing(rules.review(contract, playbook).findings)
    begun = time.perf_counter()
    rules.review(contract, playbook)
    rules_s = time.perf_counter() - begun
    sent, instant_s, _ = _run(contract, rules, playbook, answer, paced=False)
    whole = sum(map(estimate, sent))
    naive, stuffing = _simpler(Questioner(contract, playbook, rules.laws))
    size = f"{len(contract.text):,} characters"
    counted = [
        (f"model chain, {size}: requests", str(len(sent)), "12"),
        ("its prompt tokens", f"{whole:,}", "70,000"),
        ("of these repeating a shared prefix", f"{_shared(sent) / whole:.0%}", "at least 75 %"),
        ("naive chain (a call a check)", f"{len(naive)} requests, {_sum(naive):,} tokens", ""),
        ("stuffing chain (one call)", f"1 request, {_sum(stuffing):,} tokens", ""),
    ]
    if not paced:
        return counted
    _, all_s, first_s = _run(contract, rules, playbook, answer, paced=True)
    return [
        *counted,
        (
            f"first finding, {LATENCY_S} s latency, {TOKENS_A_SECOND} tokens/s, 8 at a time",
            f"{first_s:.1f} s",
            "6 s",
        ),
        ("all findings, the same", f"{all_s:.1f} s", "30 s"),
        ("the chain's own time, instant answers", f"{instant_s - rules_s:.2f} s", "1.5 s"),
    ]


def _run(
    contract: Contract,
    rules: RulesEngine,
    playbook: Playbook,
    answer: Callable[[Sequence[Message]], str],
    *,
    paced: bool,
) -> tuple[list[tuple[Message, ...]], float, float]:
    """Return what was sent, and the seconds until all findings and until the first."""
    with tempfile.TemporaryDirectory() as folder, _serving(answer, paced=paced) as (url, sent):
        settings = Settings(
            engine="llm",
            base_url=url,
            model="bench",
            concurrency=8,
            cache_dir=Path(folder),
            _env_file=None,
        )
        engine = LlmEngine(rules, chat_from(settings), settings)
        first: list[float] = []
        begun = time.perf_counter()
        engine.review(contract, playbook, lambda finding: first.append(time.perf_counter()))
        return sent, time.perf_counter() - begun, first[0] - begun


def _simpler(
    questioner: Questioner,
) -> tuple[list[tuple[Message, ...]], list[tuple[Message, ...]]]:
    """Return the requests of the naive chain and of the stuffing chain."""
    checks = questioner.playbook.checks
    return (
        [questioner.checks((check,)).messages for check in checks],
        [questioner.checks(checks).messages],
    )


def _sum(requests: Sequence[tuple[Message, ...]]) -> int:
    return sum(map(estimate, requests))


def _shared(sent: Sequence[tuple[Message, ...]]) -> int:
    """Return how many prompt tokens repeat the beginning of an earlier request."""
    texts = ["\x00".join(message.text for message in messages) for messages in sent]
    repeated = 0
    for number, text in enumerate(texts):
        longest = max((_common(text, earlier) for earlier in texts[:number]), default=0)
        repeated += estimate_tokens(text[:longest])
    return repeated


def _common(one: str, other: str) -> int:
    for at, (a, b) in enumerate(zip(one, other, strict=False)):
        if a != b:
            return at
    return min(len(one), len(other))


def _agreeing(findings: Sequence[Finding]) -> Callable[[Sequence[Message]], str]:
    """Return a model that says what the rules engine says, with its quotes, save for a few."""
    known: dict[str, dict[str, Any]] = {}
    found = 0
    for finding in findings:
        if finding.kind in ("red_flag", "caution") and finding.evidence:
            known[finding.check] = _claim(
                finding.check, "hit", finding.clauses, finding.evidence[0].quote
            )
        for element in finding.elements:
            status: str = element.status if element.quote else "absent"
            found += element.quote is not None
            if element.quote and found % DISPUTED == 0:
                status = "partial" if status == "met" else "met"
            known[element.id] = _claim(element.id, status, finding.clauses, element.quote)

    def answer(messages: Sequence[Message]) -> str:
        tail = messages[-1].text.rpartition("以上是资料。")[2]
        again = "需要复议" in tail
        asked = [known[name] for name in _ASKED.findall(tail) if name in known]
        said = [claim for claim in asked if claim["status"] not in SILENT]
        claims = [{n: c[n] for n in ("id", "status")} for c in said] if again else said
        none = [claim["id"] for claim in asked if claim["status"] in SILENT]
        drafts = [
            {**_claim(name, "partial", (), None), "why": text.strip()}
            for name, text in re.findall(r"^# ([a-z_]+)\n(.*?)(?=^# |\Z)", tail, re.M | re.S)
        ]
        body = {"answers": claims or drafts, "none": none, "law": []}
        return json.dumps(body, ensure_ascii=False, separators=(",", ":"))

    return answer


def _claim(name: str, status: str, clauses: Sequence[str], quote: str | None) -> dict[str, Any]:
    claim: dict[str, Any] = {"id": name, "status": status, "clause": next(iter(clauses), None)}
    claim["quote"] = quote[:LONGEST_QUOTE] if quote else None
    return claim if status == "met" else claim | {"why": "约定不够明确，缺少确定的数字"}


@contextmanager
def _serving(
    answer: Callable[[Sequence[Message]], str], *, paced: bool
) -> Iterator[tuple[str, list[tuple[Message, ...]]]]:
    """Run the model while the block runs; yield its address and what it is sent."""
    sent: list[tuple[Message, ...]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            messages = tuple(Message(m["role"], m["content"]) for m in body["messages"])
            sent.append(messages)
            text = answer(messages)
            if paced:
                time.sleep(LATENCY_S + estimate_tokens(text) / TOKENS_A_SECOND)
            message = {"role": "assistant", "content": text}
            choice = {"index": 0, "message": message, "finish_reason": "stop"}
            raw = json.dumps(
                {"id": "1", "object": "chat.completion", "created": 1, "model": "m"}
                | {"choices": [choice]}
            ).encode()
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, format: str, *args: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/v1", sent
    finally:
        server.shutdown()
        server.server_close()
