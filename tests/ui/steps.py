"""What a person does on the page."""

from pathlib import Path

from playwright.sync_api import Locator, Page

from tests.conftest import REPOSITORY

EXAMPLES = REPOSITORY / "examples"


def review_example(page: Page, name: str = "example-vendor") -> None:
    page.click(f"#{name}")
    page.wait_for_selector(".wb .card:not([hidden])", timeout=30_000)


def upload(page: Page, path: Path) -> None:
    page.set_input_files("#files input[type=file]", str(path))
    page.wait_for_selector(f"#files >> text={path.stem[:10]}")
    page.click("#run")


def choose(page: Page, label: str) -> None:
    """Ask for this file alone."""
    page.click('[data-do="export"]')
    page.locator("#export-what").get_by_label("修订稿 .docx").uncheck()
    page.locator("#export-what").get_by_label(label).check()


def download(page: Page) -> bytes:
    if not page.evaluate("document.body.classList.contains('exporting')"):
        page.click('[data-do="export"]')
    page.click("#export-run")
    link = page.locator("#export-files a[download]").first
    link.wait_for(timeout=30_000)
    with page.expect_download() as waiting:
        link.click()
    return Path(waiting.value.path()).read_bytes()


def open_card(page: Page, selector: str = ".card") -> Locator:
    """Open the first such card and return it."""
    found = page.locator(f"{selector}:not([hidden])").first
    card = page.locator(f"#{found.get_attribute('id')}")
    card.locator("[data-toggle]").click()
    return card
