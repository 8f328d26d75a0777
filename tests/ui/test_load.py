"""Many at once, and much at once."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from playwright.sync_api import Page, expect

from reviewer.bench_page import Visit
from tests.ui.conftest import Server
from tests.ui.steps import EXAMPLES, upload

USERS = 10


def panes(answer: str) -> str:
    """Return the panes among what an event gave back."""
    given = json.loads(answer)["output"]["data"]
    return next(part for part in given if isinstance(part, str) and 'class="wb"' in part)


def test_ten_users_at_once_each_get_their_own_review(server: Server) -> None:
    text = (EXAMPLES / "roles_reversed.txt").read_text(encoding="utf-8")
    visits = [Visit(server.url) for _ in range(USERS)]
    texts = [f"{text}\n附注：第{number:02d}号店铺的合同。\n" for number in range(USERS)]
    with ThreadPoolExecutor(USERS) as pool:
        shown = [panes(one) for one in pool.map(Visit.review, visits, texts)]
    for number, page in enumerate(shown):
        assert f"第{number:02d}号店铺" in page
    assert len({page[page.index("data-review=") :][:60] for page in shown}) == USERS


def test_a_contract_of_a_hundred_thousand_characters_can_be_used(
    page: Page, tmp_path: Path
) -> None:
    source = (EXAMPLES / "vendor_draft.source.txt").read_text(encoding="utf-8")
    lines = [line.lstrip("# ") for line in source.splitlines() if line.strip()]
    body = "\n".join(f"{number}. {lines[number % len(lines)]}" for number in range(1, 4_000))
    path = tmp_path / "long.txt"
    path.write_text(
        f"客服外包服务合同\n甲方：某店铺\n乙方：某公司\n{body}"[:100_000], encoding="utf-8"
    )
    upload(page, path)
    page.wait_for_selector(".wb .card:not([hidden])", timeout=120_000)
    card = page.locator('.card[data-tone="risk"]:not([hidden])').last
    card.locator("[data-toggle]").click()
    name = card.get_attribute("data-id")
    expect(page.locator(f'mark[data-findings~="{name}"]').first).to_be_in_viewport()
    page.fill(".wb-search", "转包")
    expect(page.locator(".card:not([hidden])").first).to_be_visible()
    card = page.locator(".card:not([hidden])").first
    card.locator("[data-toggle]").click()
    card.locator('[data-act="accept"]').click()
    expect(card).to_have_attribute("data-decision", "accept")


def test_a_text_of_two_million_characters_is_taken_or_refused_in_words(page: Page) -> None:
    """Pasting is bounded: what is beyond goes by file, which has limits of its own."""
    page.evaluate(
        "text => { const box = document.querySelector('#paste textarea'); box.value = text;"
        " box.dispatchEvent(new Event('input')); }",
        "字" * 2_100_000,
    )
    page.click("#run")
    expect(page.locator("#progress .notice.failed")).to_contain_text("过长", timeout=60_000)
