"""The application as a person uses it."""

import io
import json
import re
import zipfile
from pathlib import Path

import docx
import pypdf
from playwright.sync_api import Browser, Page, expect

from tests.test_cli import WRONG_FILES
from tests.ui.conftest import Server
from tests.ui.steps import EXAMPLES, choose, download, open_card, review_example, upload


def test_the_page_says_that_the_contract_stays_here(page: Page) -> None:
    expect(page.locator(".hero")).to_contain_text("合同不离开这台电脑")


def test_an_uploaded_contract_is_shown_beside_its_findings(page: Page) -> None:
    upload(page, EXAMPLES / "vendor_draft.docx")
    page.wait_for_selector(".wb .card", timeout=30_000)
    assert page.locator(".card").count() >= 55
    expect(page.locator(".wb-contract")).to_contain_text("第一条")
    assert page.locator(".urgent button").count() == 3


def test_a_pasted_contract_is_reviewed(page: Page) -> None:
    text = (EXAMPLES / "roles_reversed.txt").read_text(encoding="utf-8")
    page.fill("#paste textarea", text)
    page.click("#run")
    page.wait_for_selector(".wb .card", timeout=30_000)
    expect(page.locator(".wb-facts")).to_contain_text("商家")


def test_a_card_shows_its_passage_and_a_passage_its_card(page: Page) -> None:
    review_example(page)
    card = page.locator('.card[data-status="hit"]').first
    card.locator("[data-toggle]").click()
    name = card.get_attribute("data-id")
    mark = page.locator(f'mark[data-findings~="{name}"]').first
    expect(mark).to_be_in_viewport()
    expect(mark).to_have_class(re.compile("flash"))
    other = page.locator("mark.weak").first
    other.click()
    expect(page.locator(".card.current .card-body")).to_be_visible()


def test_a_missing_clause_shows_where_it_would_go(page: Page) -> None:
    review_example(page)
    card = page.locator('.card[data-status="missing"]').first
    card.locator("[data-toggle]").click()
    name = card.get_attribute("data-id")
    expect(page.locator(f'[data-insert="{name}"]')).to_be_in_viewport()


def test_law_opens_to_its_excerpt(page: Page) -> None:
    review_example(page)
    card = page.locator(".card").first
    card.locator("[data-toggle]").click()
    law = card.locator("details.law").first
    law.locator("summary").click()
    expect(law.locator("p").first).to_be_visible()


def test_chips_and_search_narrow_the_list(page: Page) -> None:
    review_example(page)
    page.click('[data-filter="missing"]')
    shown = page.locator(".card:not([hidden])")
    assert {c.get_attribute("data-status") for c in shown.all()} == {"missing"}
    page.click('[data-filter="todo"]')
    page.fill(".wb-search", "转包")
    assert 0 < shown.count() < 6


def test_decisions_survive_a_reload(page: Page) -> None:
    review_example(page)
    card = page.locator(".card").first
    name = card.get_attribute("data-id")
    card.locator("[data-toggle]").click()
    card.locator('[data-act="accept"]').click()
    expect(page.locator(f"#card-{name}")).to_have_attribute("data-decision", "accept")
    page.reload()
    page.wait_for_selector(".wb .card")
    expect(page.locator(f"#card-{name}")).to_have_attribute("data-decision", "accept")


def test_undo_takes_a_decision_back(page: Page) -> None:
    review_example(page)
    card = page.locator(".card").first
    name = card.get_attribute("data-id")
    card.locator("[data-toggle]").click()
    card.locator('[data-act="reject"]').click()
    expect(page.locator(f"#card-{name}")).to_have_attribute("data-decision", "reject")
    page.click('[data-act="undo"]')
    expect(page.locator(f"#card-{name}")).to_have_attribute("data-decision", "")


def test_keys_move_and_decide(page: Page) -> None:
    review_example(page)
    page.locator(".wb-findings").click(position={"x": 5, "y": 400})
    page.keyboard.press("j")
    first = page.locator(".card.current").get_attribute("data-id")
    page.keyboard.press("a")
    expect(page.locator(f"#card-{first}")).to_have_attribute("data-decision", "accept")
    page.keyboard.press("/")
    expect(page.locator(".wb-search")).to_be_focused()


def test_edited_wording_is_what_the_redline_says(page: Page) -> None:
    review_example(page)
    card = page.locator('.card[data-status="hit"]:has(.original)').first
    name = card.get_attribute("data-id")
    card.locator("[data-toggle]").click()
    card.locator('[data-act="edit"]').click()
    card.locator(".wording").fill("由原告所在地人民法院管辖专用测试语句")
    expect(card.locator(".diff ins").first).to_be_visible()
    card.locator('[data-act="save-edit"]').click()
    expect(page.locator(f"#card-{name}")).to_have_attribute("data-decision", "edit")
    data = download(page)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        body = archive.read("word/document.xml").decode()
    inserted = "".join(body.split("<w:ins ")[1:])
    assert "专用测试" in inserted


def test_all_of_high_severity_can_be_accepted_and_exported_clean(page: Page) -> None:
    review_example(page)
    page.click('[data-act="accept-high"]')
    page.wait_for_function("document.querySelectorAll('.card[data-decision=accept]').length > 10")
    choose(page, "干净稿 .docx")
    document = docx.Document(io.BytesIO(download(page)))
    assert "个人信息" in "".join(p.text for p in document.paragraphs)


def test_a_wrong_finding_becomes_a_label(page: Page) -> None:
    review_example(page)
    card = page.locator(".card").first
    name = card.get_attribute("data-id")
    card.locator("[data-toggle]").click()
    card.locator('[data-act="wrong"]').click()
    card.locator("select").select_option("ok")
    card.locator('[data-act="save-wrong"]').click()
    expect(page.locator(f"#card-{name}")).to_have_attribute("data-decision", "wrong")
    choose(page, "标注 .json（用于评测）")
    labels = json.loads(download(page))["labels"]
    assert [v["status"] for v in labels.values()].count("ok") >= 1


def test_a_file_that_cannot_be_read_gives_a_friendly_line(page: Page, tmp_path: Path) -> None:
    broken = tmp_path / "坏文件.docx"
    broken.write_bytes(b"no zip")
    upload(page, broken)
    expect(page.locator(".notice.failed")).to_contain_text("坏文件.docx")
    text = page.locator(".notice.failed").inner_text()
    assert "Traceback" not in text
    assert str(tmp_path) not in text
    review_example(page)


def test_every_wrong_file_of_the_command_line_is_explained_in_the_page(
    page: Page, tmp_path: Path
) -> None:
    files = []
    for number, case in enumerate(WRONG_FILES):
        name, make, _ = case.values
        path = tmp_path / f"坏{number:02d}{Path(name).suffix}"
        make(path)
        files.append(path)
    said = ""
    for some in (files[:6], files[6:]):
        page.set_input_files("#files input[type=file]", some)
        page.wait_for_selector(f"#files >> text={some[-1].stem}")
        page.click("#run")
        for path in some:
            expect(page.locator(".notice.failed")).to_contain_text(path.name, timeout=60_000)
        said += page.inner_text(".notice.failed")
    assert "Traceback" not in said
    assert str(tmp_path) not in said
    assert "uploads" not in said
    for case in WRONG_FILES:
        assert case.values[2] in said
    review_example(page)


def test_more_files_than_ten_are_left_with_a_word(page: Page, tmp_path: Path) -> None:
    files = []
    for number in range(12):
        path = tmp_path / f"合同{number:02d}.txt"
        path.write_text(
            f"客服外包合同\n甲方：某店铺\n乙方：某公司\n第一条 第{number}份。\n", encoding="utf-8"
        )
        files.append(path)
    page.set_input_files("#files input[type=file]", files)
    page.wait_for_selector("#files >> text=合同11")
    page.click("#run")
    page.wait_for_selector(".wb .card", timeout=90_000)
    expect(page.locator(".wb-warnings")).to_contain_text("一次最多 10 份")
    expect(page.locator("[data-switch] option")).to_have_count(10)


def test_reviews_of_one_visit_are_switched_in_the_head(page: Page) -> None:
    files = [EXAMPLES / "vendor_draft.docx", EXAMPLES / "informal_blanks.txt"]
    page.set_input_files("#files input[type=file]", files)
    page.wait_for_selector("#files >> text=informal")
    page.click("#run")
    page.wait_for_selector(".wb .card", timeout=60_000)
    first = page.get_attribute(".wb", "data-review")
    page.locator("[data-switch]").select_option(label="informal_blanks.txt")
    expect(page.locator(".wb-facts h2")).to_have_text("客服合作约定")
    assert page.get_attribute(".wb", "data-review") != first


def test_a_contract_cannot_run_script_or_hide_characters(page: Page) -> None:
    page.fill(
        "#paste textarea",
        '客服外包合同\n甲方：<img src=x onerror="window.hacked=1">公司\n乙方：快答\n'
        "第一条 <script>window.hacked=1</script> ${window.hacked=1} {{constructor}} 服务\n"
        "第二条 乙方应及时回复\u202e买家\u200b。\n",
    )
    page.click("#run")
    page.wait_for_selector(".wb .card", timeout=30_000)
    assert page.evaluate("window.hacked") is None
    assert page.locator(".wb img").count() == 0
    expect(page.locator(".wb-contract")).to_contain_text("<script>")
    expect(page.locator(".wb-contract")).to_contain_text("${window.hacked=1} {{constructor}}")
    assert page.locator(".unseen").count() >= 2


def test_the_interface_speaks_english(page: Page) -> None:
    review_example(page)
    page.locator("#language").get_by_label("English").check()
    expect(page.locator("#banner")).to_contain_text("Stays on this machine")
    expect(page.locator(".wb")).to_contain_text("Data security")


def test_a_phone_shows_it_without_scrolling_sideways(browser: Browser, server: Server) -> None:
    context = browser.new_context(viewport={"width": 375, "height": 800})
    page = context.new_page()
    page.goto(server.url)
    page.wait_for_selector("#run")
    review_example(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    context.close()


def test_two_visitors_do_not_see_each_others_reviews(browser: Browser, server: Server) -> None:
    first, second = browser.new_context(), browser.new_context()
    pages = [context.new_page() for context in (first, second)]
    for page in pages:
        page.goto(server.url)
        page.wait_for_selector("#run")
    review_example(pages[0])
    key = pages[0].get_attribute(".wb", "data-review")
    pages[1].reload()
    pages[1].wait_for_selector("#run")
    assert pages[1].locator(".wb").count() == 0
    review_example(pages[1])
    assert pages[1].get_attribute(".wb", "data-review") != key
    pages[1].evaluate("key => sessionStorage.setItem('reviewer-current', key)", key)
    pages[1].reload()
    pages[1].wait_for_selector(".past li")
    assert pages[1].locator(".wb").count() == 0
    first.close()
    second.close()


def test_a_review_survives_the_server_being_killed(
    browser: Browser, tmp_path_factory: object
) -> None:
    own = Server(tmp_path_factory.mktemp("killed"))  # type: ignore[attr-defined]
    context = browser.new_context()
    page = context.new_page()
    page.goto(own.url)
    page.wait_for_selector("#run")
    review_example(page)
    card = page.locator(".card").first
    name = card.get_attribute("data-id")
    card.locator("[data-toggle]").click()
    card.locator('[data-act="accept"]').click()
    expect(page.locator(f"#card-{name}")).to_have_attribute("data-decision", "accept")
    own.stop()
    own.start()
    page.goto(own.url)
    page.wait_for_selector(".wb .card", timeout=30_000)
    expect(page.locator(f"#card-{name}")).to_have_attribute("data-decision", "accept")
    context.close()
    own.stop()


def test_several_files_are_reviewed_one_after_the_other(page: Page, tmp_path: Path) -> None:
    broken = tmp_path / "坏文件.docx"
    broken.write_bytes(b"no zip")
    files = [EXAMPLES / "vendor_draft.pdf", EXAMPLES / "informal_blanks.txt", broken]
    page.set_input_files("#files input[type=file]", [str(file) for file in files])
    page.wait_for_selector("#files >> text=informal")
    page.click("#run")
    page.wait_for_selector(".wb .card", timeout=30_000)
    expect(page.locator(".wb-warnings")).to_contain_text("审查了 2 份")
    expect(page.locator(".wb-warnings")).to_contain_text("坏文件.docx")
    page.click('[data-do="new"]')
    expect(page.locator(".past li")).to_have_count(2)


def test_a_past_review_is_renamed_opened_and_deleted(page: Page) -> None:
    review_example(page)
    page.click('[data-do="new"]')
    page.click('.past [data-do="rename"]')
    page.fill(".past-input", "双十一外包")
    page.keyboard.press("Enter")
    expect(page.locator(".past-name")).to_have_text("双十一外包")
    page.click('.past [data-do="open"]')
    page.wait_for_selector(".wb .card")
    page.click('[data-do="new"]')
    page.click('.past [data-do="delete"]')
    page.click('.past [data-do="delete"].sure')
    expect(page.locator(".past li")).to_have_count(0)


def test_the_contract_can_be_walked_by_clause_and_page(page: Page) -> None:
    upload(page, EXAMPLES / "vendor_draft.pdf")
    page.wait_for_selector(".wb .card", timeout=30_000)
    expect(page.locator(".page-break").first).to_have_text("第 2 页")
    last = page.locator("[data-jump] option").last
    page.select_option("[data-jump]", last.get_attribute("value"))
    clause = page.locator(f'[data-clause="{last.get_attribute("value")}"]')
    expect(clause).to_be_in_viewport()


def test_an_edit_that_was_not_saved_counts_when_it_is_accepted(page: Page) -> None:
    review_example(page)
    card = open_card(page, '.card[data-tone="risk"]')
    card.locator('[data-act="edit"]').click()
    card.locator(".wording").fill("改过的文字")
    card.locator('[data-act="accept"]').click()
    expect(card).to_have_attribute("data-decision", "edit")
    expect(card).to_have_attribute("data-text", "改过的文字")


def test_a_note_is_kept_without_a_decision(page: Page) -> None:
    review_example(page)
    card = open_card(page)
    name = card.get_attribute("id")
    with page.expect_response(lambda answer: "component_server" in answer.url):
        card.locator(".note").fill("问财务")
        card.locator(".note").blur()
    page.reload()
    page.wait_for_selector(".wb .card")
    expect(page.locator(f"#{name} .note")).to_have_value("问财务")
    expect(page.locator(f"#{name}")).to_have_attribute("data-decision", "")


def test_one_undo_takes_back_all_that_were_accepted_together(page: Page) -> None:
    review_example(page)
    page.click('[data-act="accept-high"]')
    decided = page.locator('.card[data-decision="accept"]')
    expect(decided.first).to_be_attached()
    page.click('[data-act="undo"]')
    expect(decided).to_have_count(0)


def test_findings_are_narrowed_by_severity_and_decision(page: Page) -> None:
    review_example(page)
    page.select_option("select[data-severity]", "high")
    shown = page.locator(".card:not([hidden])")
    assert {c.get_attribute("data-severity") for c in shown.all()} == {"high"}
    page.select_option("select[data-decided]", "yes")
    expect(shown).to_have_count(0)
    expect(page.locator(".wb-none")).to_be_visible()


def test_the_letter_is_shown_for_copying(page: Page) -> None:
    review_example(page)
    page.click('[data-act="accept-high"]')
    choose(page, "谈判信 .txt")
    download(page)
    expect(page.locator("#letter textarea")).to_have_value(re.compile("感谢发来"))


def test_a_redline_of_nothing_says_what_to_do(page: Page) -> None:
    review_example(page)
    page.click('[data-do="export"]')
    page.click("#export-run")
    expect(page.locator(".toast-wrap, .toast-body").first).to_contain_text("还没有采纳任何建议")


def test_a_pdf_gives_a_word_redline(page: Page) -> None:
    upload(page, EXAMPLES / "vendor_draft.pdf")
    page.wait_for_selector(".wb .card", timeout=30_000)
    page.click('[data-act="accept-high"]')
    page.wait_for_function("document.querySelectorAll('.card[data-decision=accept]').length > 5")
    with zipfile.ZipFile(io.BytesIO(download(page))) as archive:
        assert b"<w:ins " in archive.read("word/document.xml")


def test_a_pdf_is_given_back_with_notes_on_it(page: Page) -> None:
    upload(page, EXAMPLES / "vendor_draft.pdf")
    page.wait_for_selector(".wb .card", timeout=30_000)
    page.click('[data-act="accept-high"]')
    expect(page.locator('.card[data-decision="accept"]').first).to_be_attached()
    choose(page, "批注在原 PDF 上 .pdf")
    reader = pypdf.PdfReader(io.BytesIO(download(page)))
    assert sum(len(p.get("/Annots") or []) for p in reader.pages) > 5


def test_notes_on_a_pdf_need_a_pdf(page: Page) -> None:
    review_example(page)
    page.click('[data-act="accept-high"]')
    choose(page, "批注在原 PDF 上 .pdf")
    page.click("#export-run")
    expect(page.locator(".toast-wrap, .toast-body").first).to_contain_text("原件不是 PDF")


def test_on_a_phone_the_panes_are_tabs(browser: Browser, server: Server) -> None:
    context = browser.new_context(viewport={"width": 375, "height": 800})
    page = context.new_page()
    page.goto(server.url)
    page.wait_for_selector("#run")
    review_example(page)
    expect(page.locator(".wb-contract")).to_be_hidden()
    card = open_card(page, '.card[data-tone="risk"]')
    card.locator("[data-see]").first.click()
    mark = page.locator(f'mark[data-findings~="{card.get_attribute("data-id")}"]').first
    expect(mark).to_be_in_viewport()
    mark.click()
    expect(card.locator(".card-body")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    context.close()


def test_a_contract_without_faults_shows_what_passed(page: Page) -> None:
    review_example(page, "example-merchant")
    expect(page.locator(".card:not([hidden])").first).to_be_visible()
