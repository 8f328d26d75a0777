"""Readable, on any width, by eye, by keyboard and by ear."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.ui.conftest import Server
from tests.ui.steps import EXAMPLES, open_card, review_example

HERE = Path(__file__).parent


def script(name: str) -> str:
    text = (HERE / name).read_text(encoding="utf-8")
    return text[text.index("() =>") :]


CONTRAST = script("contrast.js")
NAMES = script("names.js")


@pytest.fixture(params=["light", "dark"])
def coloured(request: pytest.FixtureRequest, browser: Browser, server: Server) -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": 1440, "height": 1000}, color_scheme=request.param, locale="zh-CN"
    )
    page = context.new_page()
    page.goto(server.url)
    page.wait_for_selector("#run")
    yield page
    context.close()


def test_every_text_stands_out_from_its_ground(coloured: Page) -> None:
    low: list[str] = []

    def look() -> None:
        low.extend(coloured.evaluate(CONTRAST))

    coloured.click("#options > button")
    coloured.set_input_files("#files input[type=file]", EXAMPLES / "vendor_draft.docx")
    coloured.wait_for_selector("#files >> text=vendor")
    look()
    coloured.click("#run")
    coloured.wait_for_selector(".wb .card:not([hidden])", timeout=30_000)
    look()
    for act in ("accept", "reject", "edit", "wrong"):
        card = open_card(
            coloured, '.card[data-decision=""]:has(.suggestion):has([aria-expanded="false"])'
        )
        card.locator(f'[data-act="{act}"]').click()
        if act in ("accept", "reject"):
            expect(card).to_have_attribute("data-decision", act)
            card.locator("[data-toggle]").click()
    look()
    coloured.click('[data-filter="ok"]')
    look()
    coloured.click('[data-do="export"]')
    coloured.wait_for_timeout(300)
    look()
    coloured.keyboard.press("Escape")
    coloured.click('[data-do="new"]')
    coloured.wait_for_selector(".past li")
    look()
    assert low == []


def test_light_and_dark_are_switched_and_remembered(coloured: Page) -> None:
    before = coloured.evaluate("document.body.classList.contains('dark')")
    coloured.click(".theme")
    assert coloured.evaluate("document.body.classList.contains('dark')") is not before
    coloured.reload()
    coloured.wait_for_selector("#run")
    coloured.wait_for_timeout(300)
    assert coloured.evaluate("document.body.classList.contains('dark')") is not before


def test_every_control_has_a_name_for_the_screen_reader(page: Page) -> None:
    page.click("#options > button")
    assert page.evaluate(NAMES) == []
    review_example(page)
    open_card(page, ".card:has(.suggestion)").locator('[data-act="edit"]').click()
    assert page.evaluate(NAMES) == []
    page.click('[data-do="export"]')
    page.wait_for_timeout(300)
    assert page.evaluate(NAMES) == []


def test_the_page_says_in_which_language_it_is(page: Page) -> None:
    assert page.evaluate("document.documentElement.lang") == "zh"
    page.locator("#language").get_by_label("English").check()
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_the_language_chosen_is_remembered(page: Page) -> None:
    page.locator("#language").get_by_label("English").check()
    expect(page.locator(".hero h1")).to_have_text("Read it through before you sign")
    page.reload()
    expect(page.locator(".hero h1")).to_have_text("Read it through before you sign")
    expect(page.locator("#run")).to_have_text("Review")


@pytest.mark.parametrize("language", ["中文", "English"])
@pytest.mark.parametrize("width", [375, 768, 1440])
def test_nothing_scrolls_sideways(
    browser: Browser, server: Server, width: int, language: str
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800}, locale="zh-CN")
    page = context.new_page()
    page.goto(server.url)
    page.wait_for_selector("#run")
    page.locator("#language").get_by_label(language).check()

    def overflow() -> int:
        return int(page.evaluate("document.documentElement.scrollWidth - innerWidth"))

    page.click("#options > button")
    assert overflow() <= 0
    review_example(page)
    open_card(page, ".card:has(.suggestion):has(.laws)").locator('[data-act="edit"]').click()
    assert overflow() <= 0
    page.click('[data-do="export"]')
    page.wait_for_timeout(300)
    assert overflow() <= 0
    context.close()


def test_a_review_is_decided_with_the_keyboard_alone(page: Page) -> None:
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "example-vendor":
            break
    page.keyboard.press("Enter")
    page.wait_for_selector(".wb .card:not([hidden])", timeout=30_000)
    page.keyboard.press("j")
    first = page.locator(".card.current")
    name = first.get_attribute("id")
    expect(first.locator(".card-body")).to_be_visible()
    page.keyboard.press("e")
    page.keyboard.press("End")
    page.keyboard.type("并")
    page.keyboard.press("Escape")
    page.keyboard.press("a")
    expect(page.locator(f"#{name}")).to_have_attribute("data-decision", "edit")
    page.keyboard.press("x")
    second = page.locator('.card[data-decision="reject"]')
    expect(second).to_have_count(1)
    page.keyboard.press("k")
    expect(page.locator(".card.current")).to_have_attribute("id", re.compile("card-"))
    page.keyboard.press("u")
    expect(second).to_have_count(0)


def test_a_passage_is_reached_and_opened_with_the_keyboard(page: Page) -> None:
    review_example(page)
    page.locator("mark").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".card.current .card-body")).to_be_visible()


def test_focus_is_seen_wherever_it_is(page: Page) -> None:
    review_example(page)
    unseen = []
    for _ in range(30):
        page.keyboard.press("Tab")
        shown = page.evaluate(
            "() => { const s = getComputedStyle(document.activeElement);"
            " const p = document.activeElement.parentElement ? getComputedStyle(document.activeElement.parentElement) : s;"
            " return s.outlineStyle !== 'none' || s.boxShadow !== 'none' || p.outlineStyle !== 'none'"
            " ? '' : document.activeElement.outerHTML.slice(0, 100) }"
        )
        if shown:
            unseen.append(shown)
    assert unseen == []
