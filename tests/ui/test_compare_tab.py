"""The other side's answer in the page."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.compare.answers import silently
from tests.ui.conftest import Server
from tests.ui.steps import EXAMPLES, choose, download, review_example


def open_tab(page: Page) -> None:
    page.locator("#tabs [role=tab]", has_text="对比").click()
    page.wait_for_selector("#compare-run")


def give(page: Page, where: str, path: Path) -> None:
    page.set_input_files(f"#compare-{where} input[type=file]", path)
    page.wait_for_selector(f"#compare-{where} >> text={path.suffix}")


def test_the_answer_is_set_against_the_open_review_and_what_was_accepted(
    page: Page, tmp_path: Path
) -> None:
    review_example(page)
    page.click('[data-act="accept-high"]')
    expect(page.locator('.card[data-decision="accept"]').first).to_be_attached()
    choose(page, "修订稿 .docx")
    page.locator("#export-what").get_by_label("修订稿 .docx").check()
    answer = tmp_path / "回稿.docx"
    answer.write_bytes(silently(download(page), "提前七日通知", "提前一日通知"))
    page.keyboard.press("Escape")
    open_tab(page)
    give(page, "answer", answer)
    page.click("#compare-run")
    report = page.locator("#compare-result .cmp")
    expect(report).to_be_visible(timeout=60_000)
    expect(report.locator("#cmp-silent ~ article").first).to_contain_text("提前")
    expect(report.locator("#cmp-asked")).to_be_visible()
    names = page.locator("#compare-downloads").inner_text()
    assert {".docx", ".html", ".md", ".json"} <= {
        f".{part.split()[0]}" for part in names.split(".") if part
    }


def test_two_files_are_compared_without_a_review(page: Page, tmp_path: Path) -> None:
    sent = EXAMPLES / "vendor_draft.docx"
    answer = tmp_path / "answer.docx"
    answer.write_bytes(silently(sent.read_bytes(), "乙方所在地人民法院", "甲方所在地人民法院"))
    open_tab(page)
    give(page, "sent", sent)
    give(page, "answer", answer)
    page.click("#compare-run")
    expect(page.locator("#compare-result .cmp")).to_contain_text("8.1", timeout=60_000)


def test_without_an_answer_the_page_says_what_to_do(page: Page) -> None:
    open_tab(page)
    page.click("#compare-run")
    expect(page.locator("#compare-result .notice.failed")).to_contain_text("对方改回来的文件")


def test_a_broken_answer_gives_a_line_and_not_a_path(page: Page, tmp_path: Path) -> None:
    broken = tmp_path / "坏.docx"
    broken.write_bytes(b"no zip")
    open_tab(page)
    give(page, "sent", EXAMPLES / "vendor_draft.docx")
    give(page, "answer", broken)
    page.click("#compare-run")
    notice = page.locator("#compare-result .notice.failed")
    expect(notice).to_contain_text("坏.docx", timeout=60_000)
    assert "uploads" not in notice.inner_text()


def test_an_answer_cannot_run_script(page: Page, tmp_path: Path) -> None:
    sent, answer = tmp_path / "a.txt", tmp_path / "b.txt"
    lines = "客服外包合同\n甲方：某店铺\n乙方：某公司\n第一条 乙方应及时回复买家。\n"
    sent.write_text(lines, encoding="utf-8")
    evil = '第二条 <img src=x onerror="window.hacked=1">乙方免责。\n'
    answer.write_text(lines + evil, encoding="utf-8")
    open_tab(page)
    give(page, "sent", sent)
    give(page, "answer", answer)
    page.click("#compare-run")
    expect(page.locator("#compare-result .cmp")).to_contain_text("<img src=x", timeout=60_000)
    assert page.evaluate("window.hacked") is None


@pytest.mark.parametrize("width", [375, 1440])
def test_a_link_leads_to_the_tab_and_it_fits(browser: Browser, server: Server, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800}, locale="zh-CN")
    page = context.new_page()
    page.goto(f"{server.url}?tab=compare")
    expect(page.locator("#compare-run")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()
