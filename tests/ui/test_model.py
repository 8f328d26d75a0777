"""With a language model: what is sent is said first, questions are answered, waiting can end."""

import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, Page, expect

from reviewer.pipeline import Reviewer
from reviewer.settings import Settings
from tests.scripted_models import agreeing, answers, script
from tests.scripted_server import Answer, Body, completion, messages_of, serving
from tests.scripted_server import Server as Model
from tests.ui.conftest import Server
from tests.ui.steps import EXAMPLES, review_example

LEAVING = "甲方不得提前解除本合同，否则应支付剩余合同期的全部服务费"


@dataclass
class Scripted:
    """A model that agrees with the rules, and answers one question."""

    say: object = None
    hold: threading.Event = field(default_factory=threading.Event)
    """While it is not set, nothing is answered."""

    def __call__(self, body: Body, number: int) -> Answer:
        self.hold.wait(60)
        messages = messages_of(body)
        asked = messages[-1].text
        if "提前走要赔多少" in asked:
            return completion(
                answers(
                    {"id": "a0", "status": "met"},
                    {
                        "id": "a1",
                        "status": "hit",
                        "quote": LEAVING,
                        "why": "要付清剩余合同期的全部服务费",
                    },
                )
            )
        if "有没有年夜饭" in asked:
            return completion(answers({"id": "a0", "status": "absent"}))
        if "模型胡说什么" in asked:
            quote = "乙方每年赠送甲方一头牛，以示感谢之意"
            return completion(
                answers(
                    {"id": "a0", "status": "met"}, {"id": "a1", "status": "hit", "quote": quote}
                )
            )
        return completion(self.say(messages))  # type: ignore[operator]


@pytest.fixture(scope="module")
def scripted() -> Scripted:
    settings = Settings(engine="rules")
    review = Reviewer.of(settings).review(EXAMPLES / "vendor_draft.docx")
    return Scripted(script(agreeing(review.findings)))


@pytest.fixture(scope="module")
def model(scripted: Scripted) -> Iterator[Model]:
    with serving(scripted) as running:
        yield running


@pytest.fixture(scope="module")
def asking(model: Model, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    env = {"REVIEWER_ENGINE": "llm", "REVIEWER_BASE_URL": model.url, "REVIEWER_MODEL": "m"}
    running = Server(tmp_path_factory.mktemp("asking"), env=env, program="tests.ui.hurried")
    yield running
    running.stop()


@pytest.fixture
def visit(browser: Browser, asking: Server, scripted: Scripted) -> Iterator[Page]:
    scripted.hold.set()
    context = browser.new_context(viewport={"width": 1440, "height": 1000}, locale="zh-CN")
    page = context.new_page()
    page.goto(asking.url)
    page.wait_for_selector("#run")
    yield page
    context.close()


def ask(page: Page, question: str) -> None:
    page.click('.wb-tabs [data-tab="ask"]')
    page.fill(".ask-form textarea", question)
    page.keyboard.press("Enter")


def test_the_page_says_what_is_sent_where_before_anything_is(visit: Page, model: Model) -> None:
    sent = len(model.requests)
    host = model.url.removeprefix("http://").removesuffix("/v1")
    expect(visit.locator(".hero .trust")).to_contain_text(f"将发送到 {host}")
    visit.click("#options > button")
    visit.locator("#option-engine").get_by_label("只用规则，什么都不发送").check()
    visit.set_input_files("#files input[type=file]", EXAMPLES / "vendor_draft.docx")
    visit.wait_for_selector("#files >> text=vendor")
    visit.click("#run")
    visit.wait_for_selector(".wb .card:not([hidden])", timeout=30_000)
    assert len(model.requests) == sent


def test_a_review_with_the_model_names_it(visit: Page, model: Model) -> None:
    review_example(visit)
    expect(visit.locator(".wb-facts")).to_contain_text("· m")
    assert model.requests


def test_an_answer_opens_its_passage_in_the_contract(visit: Page) -> None:
    review_example(visit)
    ask(visit, "提前走要赔多少？")
    cite = visit.locator(".answer.answered .cite").first
    expect(cite).to_contain_text(LEAVING)
    expect(cite).to_contain_text("7.3")
    cite.click()
    expect(visit.locator(".clause.flash")).to_contain_text(LEAVING)
    expect(visit.locator(".clause.flash")).to_be_in_viewport()
    marked = visit.evaluate("[...CSS.highlights.get('passage')].map(String).join('')")
    assert marked == LEAVING


def test_what_the_contract_does_not_say_is_said_to_be_missing(visit: Page) -> None:
    review_example(visit)
    ask(visit, "有没有年夜饭？")
    expect(visit.locator(".answer.silent .says, .answer.unverified .says")).to_contain_text("没有")


def test_a_quote_that_the_model_made_up_is_not_shown(visit: Page) -> None:
    review_example(visit)
    ask(visit, "模型胡说什么？")
    expect(visit.locator(".answer")).to_be_visible()
    expect(visit.locator(".answer")).not_to_contain_text("一头牛")


def test_answers_are_there_again_after_a_reload(visit: Page) -> None:
    review_example(visit)
    ask(visit, "提前走要赔多少？")
    expect(visit.locator(".answer")).to_be_visible()
    visit.reload()
    visit.wait_for_selector(".wb .card")
    visit.click('.wb-tabs [data-tab="ask"]')
    expect(visit.locator(".told .asked")).to_have_text("提前走要赔多少？")


def test_a_question_is_shown_as_text(visit: Page) -> None:
    review_example(visit)
    ask(visit, '<img src=x onerror="window.hacked=1"> 有没有年夜饭')
    expect(visit.locator(".answer")).to_be_visible()
    expect(visit.locator(".told .asked")).to_contain_text("<img src=x")
    assert visit.evaluate("window.hacked") is None


def test_without_a_model_nothing_can_be_asked(page: Page) -> None:
    review_example(page)
    assert page.locator('[data-tab="ask"]').count() == 0


def test_a_model_that_is_away_leaves_the_page_usable(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> None:
    env = {
        "REVIEWER_ENGINE": "llm",
        "REVIEWER_BASE_URL": "http://127.0.0.1:9/v1",
        "REVIEWER_MODEL": "m",
        "REVIEWER_RETRIES": "0",
    }
    own = Server(tmp_path_factory.mktemp("away"), env=env)
    page = browser.new_page()
    page.goto(own.url)
    page.click("#example-vendor")
    page.wait_for_selector(".notice.failed, .wb .card", timeout=30_000)
    said = page.inner_text("body")
    assert "Traceback" not in said
    page.click('[data-do="new"]') if page.locator(".wb").count() else None
    expect(page.locator("#run")).to_be_visible()
    page.close()
    own.stop()


def test_cancelling_ends_the_review_and_keeps_nothing(
    visit: Page, scripted: Scripted, model: Model
) -> None:
    scripted.hold.clear()
    try:
        visit.fill(
            "#paste textarea", "客服外包合同\n甲方：某店铺\n乙方：某公司\n第一条 乙方提供客服。\n"
        )
        visit.click("#run")
        visit.wait_for_selector(".progress .stages .now", timeout=30_000)
        expect(visit.locator(".progress .now").last).to_contain_text("审查 0/55", timeout=30_000)
        visit.click("#cancel")
        expect(visit.locator("#progress .notice")).to_contain_text("已取消")
        expect(visit.locator("#cancel")).to_be_hidden()
    finally:
        scripted.hold.set()
    visit.wait_for_timeout(1500)
    visit.reload()
    visit.wait_for_selector("#run")
    visit.wait_for_timeout(500)
    expect(visit.locator(".past li")).to_have_count(0)


def test_somebody_else_is_served_while_a_review_waits(
    visit: Page, browser: Browser, asking: Server, scripted: Scripted
) -> None:
    scripted.hold.clear()
    try:
        visit.click("#example-blank")
        visit.wait_for_selector(".progress", timeout=30_000)
        other = browser.new_page()
        other.goto(asking.url)
        other.click("#options > button")
        other.locator("#option-engine").get_by_label("只用规则，什么都不发送").check()
        other.fill("#paste textarea", (EXAMPLES / "roles_reversed.txt").read_text(encoding="utf-8"))
        other.click("#run")
        other.wait_for_selector(".wb .card:not([hidden])", timeout=30_000)
        other.close()
        expect(visit.locator(".progress")).to_be_visible()
    finally:
        scripted.hold.set()
    visit.wait_for_selector(".wb .card:not([hidden])", timeout=30_000)


def test_a_server_killed_in_the_middle_says_so_and_goes_on(
    browser: Browser, model: Model, scripted: Scripted, tmp_path_factory: pytest.TempPathFactory
) -> None:
    env = {"REVIEWER_ENGINE": "llm", "REVIEWER_BASE_URL": model.url, "REVIEWER_MODEL": "m"}
    own = Server(tmp_path_factory.mktemp("killed-in-review"), env=env)
    page = browser.new_page(locale="zh-CN")
    page.goto(own.url)
    page.wait_for_selector("#run")
    scripted.hold.clear()
    try:
        page.click("#example-vendor")
        page.wait_for_selector(".progress .stages", timeout=30_000)
        own.stop()
    finally:
        scripted.hold.set()
    own.start()
    page.goto(own.url)
    expect(page.locator("#progress .notice")).to_contain_text(
        re.compile("vendor_draft.docx.*中断了"), timeout=30_000
    )
    review_example(page)
    page.close()
    own.stop()
