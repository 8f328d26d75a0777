"""The figures of the application: `make bench`. It needs Chromium, as the tests do."""

import json
import os
import re
import secrets
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from reviewer.errors import UsageError

USERS = 10
REVIEWS = 200
SETTLED = 80
"""The memory of the first so many is not counted: caches fill."""
CLICKS = 15

_CLICK = """(card) => new Promise((done) => {
  const id = CSS.escape(card.dataset.id);
  const pane = document.querySelector(".wb-contract").getBoundingClientRect();
  const begun = performance.now();
  card.querySelector("[data-toggle]").click();
  const look = () => {
    const target = document.querySelector(`mark[data-findings~="${id}"], [data-insert="${id}"]`);
    const box = target && target.getBoundingClientRect();
    if (!box || (box.bottom > pane.top && box.top < pane.bottom)) done(performance.now() - begun);
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})"""
"""Milliseconds from a click on a card to a frame with its passage in view."""

_SCROLL = """() => new Promise((done) => {
  const pane = document.querySelector(".wb-contract");
  const step = pane.scrollHeight / 90;
  let last = performance.now(), longest = 0, frames = 0;
  const next = (now) => {
    longest = Math.max(longest, now - last);
    last = now;
    pane.scrollTop += step;
    if (++frames < 90) requestAnimationFrame(next);
    else done(longest);
  };
  requestAnimationFrame(next);
})"""
"""The longest time between two frames while the contract is scrolled from top to bottom."""


class Visit:
    """A browser without a window: opens the page and presses its buttons over HTTP."""

    def __init__(self, url: str) -> None:
        self.client = httpx.Client(base_url=url, timeout=120)
        self.client.get("/").raise_for_status()
        config = self.client.get("/config").json()
        ids = {c["props"].get("elem_id"): c["id"] for c in config["components"]}
        self.call = next(d for d in config["dependencies"] if [ids["run"], "click"] in d["targets"])
        values = {c["id"]: c["props"].get("value") for c in config["components"]}
        self.given = [values[name] for name in self.call["inputs"]]
        self.text = self.call["inputs"].index(ids["paste"])

    def review(self, text: str, session: str | None = None) -> str:
        """Paste a text, press the button, and return what the panes show.

        Args:
            text: The contract.
            session: The page's name for itself; None for a page just opened.
        """
        session = session or secrets.token_hex(8)
        data = [text if n == self.text else value for n, value in enumerate(self.given)]
        asked = {"data": data, "fn_index": self.call["id"], "session_hash": session}
        self.client.post("/gradio_api/queue/join", json=asked).raise_for_status()
        answer: dict[str, Any] = {}
        with self.client.stream(
            "GET", "/gradio_api/queue/data", params={"session_hash": session}
        ) as stream:
            for line in stream.iter_lines():  # to its end, as the page does
                if line.startswith("data: "):
                    message = json.loads(line.removeprefix("data: "))
                    if message.get("msg") == "process_completed":
                        answer = message
        return json.dumps(answer, ensure_ascii=False)


@contextmanager
def serving(folder: Path) -> Iterator[tuple[str, int]]:
    """Run the application while the block runs; gives its address and its process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        **os.environ,  # noqa: TID251
        "REVIEWER_ENGINE": "rules",
        "REVIEWER_DATA_DIR": str(folder / "data"),
        "REVIEWER_CACHE_DIR": str(folder / "cache"),
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "reviewer", "ui", "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environment,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(600):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield url, process.pid
    finally:
        process.terminate()
        process.wait(30)


def rows(short: Path, long: Path) -> list[tuple[str, str, str]]:
    """Return the figures of the application.

    Args:
        short: A `.docx` of 5,000 characters.
        long: A text file of 100,000 characters.
    """
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as (url, process):
        Visit(url).review("客服外包合同\n甲方：某店铺\n乙方：某公司\n第一条 乙方提供客服。\n")
        made = _in_the_browser(url, short, long)
        text = long.read_text(encoding="utf-8")[:5_000]
        return [*made, *_at_once(url, text), *_memory(url, process, text)]


def _in_the_browser(url: str, short: Path, long: Path) -> list[tuple[str, str, str]]:
    from playwright.sync_api import sync_playwright

    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        raise UsageError("找不到 Chromium", remedy="请运行 tests/system/install.sh")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        opened, first = [], []
        for _ in range(3):
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            begun = time.perf_counter()
            page.goto(url)
            page.locator("#run").click(trial=True)
            opened.append(time.perf_counter() - begun)
            first.append(_dropped(page, short))
            clicks = [
                page.locator(".card:not([hidden])").nth(n).evaluate(_CLICK) for n in range(CLICKS)
            ]
            page.close()
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(url)
        taken = _dropped(page, long)
        frame = page.evaluate(_SCROLL)
        page.locator(".card:not([hidden])").nth(3).evaluate(_CLICK)
        slow = page.locator(".card:not([hidden])").nth(8).evaluate(_CLICK)
        browser.close()
    return [
        ("page usable after opening", f"{min(opened):.2f} s", "3 s"),
        ("5,000-character .docx dropped to all findings", f"{min(first):.2f} s", "3 s"),
        ("click on a card to its passage, median", f"{statistics.median(clicks):.0f} ms", "100 ms"),
        ("click on a card to its passage, slowest", f"{max(clicks):.0f} ms", "100 ms"),
        ("100,000 characters dropped to all findings", f"{taken:.2f} s", "20 s"),
        ("100,000 characters: longest frame while scrolling", f"{frame:.0f} ms", ""),
        ("100,000 characters: click to passage", f"{slow:.0f} ms", "100 ms"),
    ]


def _dropped(page: Any, path: Path) -> float:
    """Drop a file, review it, and return the seconds until all findings are shown."""
    begun = time.perf_counter()
    page.set_input_files("#files input[type=file]", path)
    page.wait_for_selector("#files .file-preview")
    page.click("#run")
    page.wait_for_selector(".wb .card:not([hidden])", timeout=120_000)
    return time.perf_counter() - begun


def _at_once(url: str, text: str) -> list[tuple[str, str, str]]:
    visits = [Visit(url) for _ in range(USERS)]

    def timed(visit: Visit) -> tuple[float, bool]:
        begun = time.perf_counter()
        shown = visit.review(text)
        return time.perf_counter() - begun, 'class=\\"wb\\"' in shown

    with ThreadPoolExecutor(USERS) as pool:
        found = list(pool.map(timed, visits))
    failed = sum(not well for _, well in found)
    return [
        (f"{USERS} users at once, failed", str(failed), "0"),
        (f"{USERS} users at once, longest wait", f"{max(t for t, _ in found):.1f} s", "30 s"),
    ]


def _memory(url: str, process: int, text: str) -> list[tuple[str, str, str]]:
    page = Visit(url)
    one = _growth(lambda number: page.review(f"{text}\n第{number}稿", session="0"), process)
    many = _growth(lambda number: Visit(url).review(f"{text}\n第{number}稿"), process)
    return [
        (f"memory growth over {REVIEWS} reviews in one page", f"{one:+.1f} KB a review", ""),
        ("the same, each by a new visitor", f"{many:+.1f} KB a review", ""),
        ("memory of the server after them", f"{_resident(process) / 1024:.0f} MB", ""),
    ]


def _growth(review: Callable[[int], object], process: int) -> float:
    """Return by how many KB the process grows with each review, once it has settled."""
    seen: list[tuple[float, float]] = []
    for number in range(REVIEWS):
        review(number)
        if number >= SETTLED:
            seen.append((number, _resident(process)))
    numbers, sizes = zip(*seen, strict=True)
    return statistics.linear_regression(numbers, sizes).slope


def _resident(process: int) -> float:
    """Return what the process holds in memory, in KB."""
    status = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    return float(found[1]) if found else 0.0
