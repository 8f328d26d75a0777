"""The shop tabs: baseline, what if, money, monitoring, with every file that they offer."""

from pathlib import Path

import pytest
from playwright.sync_api import Page

from reviewer.errors import ReviewerError, UsageError
from reviewer.ingest import load_contract
from reviewer.settings import Settings
from reviewer.ui.shop import (
    Given,
    contract_of,
    measured,
    priced,
    problem,
    replayed,
    terms_file,
    watched,
)
from reviewer.ui.store import Decision, Store
from reviewer.ui.tabs import known_tabs
from reviewer.ui.words import add_words
from tests.factories import review
from tests.ui.steps import EXAMPLES, review_example

EXPORT = str(EXAMPLES / "shop_export.csv")
UNDER = str(EXAMPLES / "shop_under_contract.csv")
VENDOR = EXAMPLES / "vendor_draft.docx"


@pytest.fixture(scope="module", autouse=True)
def _words() -> None:
    for tab in known_tabs():
        add_words(tab.words)


@pytest.fixture
def kept():
    store = Store(None)
    made = review(load_contract(VENDOR))
    key = store.add("me", VENDOR.name, made, VENDOR.read_bytes())
    return store, key


def test_the_baseline_of_an_open_review_comes_with_its_redline(kept, settings: Settings) -> None:
    store, key = kept
    shown = measured(Given([EXPORT]), store.get("me", key), settings, "zh")
    assert "店铺自己的水平" in shown.html
    assert "<svg" in shown.html
    assert {Path(name).suffixes[-1] for name in shown.files} == {".json", ".svg", ".docx"}


def test_without_data_or_contract_one_line_says_what_to_do(settings: Settings) -> None:
    with pytest.raises(UsageError, match="还没有选择数据文件"):
        measured(Given([]), None, settings, "zh")
    with pytest.raises(UsageError, match="还没有合同"):
        contract_of(None, None, settings, with_accepted=False)


def test_an_error_names_the_file_and_not_its_folder(tmp_path: Path, settings: Settings) -> None:
    path = tmp_path / "空.csv"
    path.write_bytes(b"")
    with pytest.raises(ReviewerError) as caught:
        measured(Given([str(path)]), None, settings, "zh")
    assert str(tmp_path) not in problem(caught.value, [str(path)])


def test_a_column_can_be_named_in_the_page(tmp_path: Path, settings: Settings) -> None:
    path = tmp_path / "a.csv"
    rows = "\n".join(f"2026-07-{n:02d},28" for n in range(1, 32))
    path.write_text(f"日期,响应时间\n{rows}\n", encoding="utf-8")
    with pytest.raises(ReviewerError, match="--map"):
        measured(Given([str(path)]), None, settings, "zh")
    shown = measured(Given([str(path)], "响应时间=平均响应时间"), None, settings, "zh")
    assert "平均响应时间 (average_response)" in shown.html


def test_the_what_if_takes_the_contract_with_what_was_accepted(kept, settings: Settings) -> None:
    store, key = kept
    with pytest.raises(UsageError, match="还没有采纳任何建议"):
        contract_of(None, store.get("me", key), settings, with_accepted=True)
    for finding in store.get("me", key).review.findings:
        if finding.check in ("kpi", "breach_exit"):
            store.decide_all("me", key, {finding.id: Decision(choice="accept")})
    contract = contract_of(None, store.get("me", key), settings, with_accepted=True)
    shown = replayed(Given([EXPORT]), contract, "34800", "zh")
    assert "每一级会触发几次" in shown.html
    assert set(shown.files) == {"shop_export.whatif.html", "shop_export.whatif.json"}


def test_the_money_view_has_formula_and_clause(settings: Settings) -> None:
    contract = contract_of(str(VENDOR), None, settings, with_accepted=False)
    shown = priced(contract, "34800", "3000", "182", "en")
    assert "What it costs" in shown.html
    assert "剩余 11 个月 × 月服务费 34,800元" in shown.html
    with pytest.raises(UsageError, match="订单数"):
        priced(contract, "", "三千", "", "zh")


def test_monitoring_makes_every_file(tmp_path: Path, settings: Settings) -> None:
    contract = contract_of(
        str(EXAMPLES / "merchant_draft.docx"), None, settings, with_accepted=False
    )
    ((name, text),) = terms_file(contract).files.items()
    path = tmp_path / name
    path.write_bytes(text)
    shown = watched(Given([UNDER]), str(path), [EXPORT], "2026-12-12", "33000", "2027-01-31", "zh")
    suffixes = {Path(file).suffix for file in shown.files}
    assert suffixes == {".html", ".xlsx", ".ics", ".json", ".docx"}
    assert "条款文件还没有人核对确认" in shown.html


def test_a_visitor_measures_the_sample_and_prices_the_open_contract(page: Page) -> None:
    review_example(page)
    page.get_by_role("tab", name="基线").click()
    page.click("#baseline-sample")
    page.wait_for_selector("#baseline-result .shop-section", timeout=60_000)
    assert page.locator("#baseline-result svg").count() == 1
    page.wait_for_selector("#baseline-files a[download]")
    page.get_by_role("tab", name="钱账").click()
    page.locator("#money-shop-fee").get_by_role("textbox").fill("34800")
    page.click("#money-run")
    page.wait_for_selector("#money-result .shop-section", timeout=60_000)
    assert "382,800元" in page.locator("#money-result").inner_text()
    page.locator("#language").get_by_text("English").click()
    page.get_by_role("tab", name="Money").wait_for()
    page.click("#money-run")
    page.get_by_text("Paid ahead and at risk").wait_for(timeout=60_000)
