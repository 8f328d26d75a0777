"""The redline, judged by our own pass over the XML; a word processor judges it elsewhere."""

import io
import zipfile

import pytest
from lxml import etree

from reviewer.ingest import contract_from_bytes
from reviewer.ingest.package import w
from reviewer.pipeline import redline_file, review_contract
from reviewer.playbook import Playbook
from reviewer.redline.resolve import accept_all, reject_all
from tests.conftest import REPOSITORY
from tests.factories import rules
from tests.redline.asking import inserted, marked, read, replaced
from tests.wordfiles import docx, numbered, numbering, paragraph, table

EXAMPLES = REPOSITORY / "examples"
HEAD = paragraph("客服外包合同") + paragraph("甲方：云裳服饰") + paragraph("乙方：快答信息")


def text_of(data: bytes) -> str:
    return contract_from_bytes(data, "合同.docx").text


def document(data: bytes) -> etree._Element:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return etree.fromstring(archive.read("word/document.xml"))


@pytest.mark.parametrize("name", ["vendor_draft.docx", "merchant_draft.docx"])
def test_rejecting_everything_gives_the_original_text_back(name: str, playbook: Playbook) -> None:
    data = (EXAMPLES / name).read_bytes()
    review = review_contract(read(data), rules(), playbook)
    made = redline_file(review, EXAMPLES / name)
    assert text_of(reject_all(made.data)) == text_of(data)


def test_accepting_everything_solves_what_was_flagged(playbook: Playbook) -> None:
    path = EXAMPLES / "vendor_draft.docx"
    review = review_contract(read(path.read_bytes()), rules(), playbook)
    made = redline_file(review, path, comments="none")
    after = review_contract(read(accept_all(made.data)), rules(), playbook)
    before = [f for f in review.findings if f.flagged and f.kind != "observation"]
    still = [f for f in after.findings if f.flagged and f.kind != "observation"]
    assert len(before) > 30
    assert len(still) <= 0.03 * len(before) + 1


def test_only_the_words_that_change_are_marked() -> None:
    data = docx(HEAD + paragraph("第一条 客服应在九十秒内回复买家。"))
    made = marked(
        data, replaced(read(data), "客服应在九十秒内回复买家", "客服应在三十秒内回复买家")
    )
    body = document(made.data)
    assert "".join(t.text or "" for t in body.iter(w("delText"))) == "九十"
    assert ["".join(t.text or "" for t in i.iter(w("t"))) for i in body.iter(w("ins"))] == ["三十"]


def test_an_insertion_takes_the_properties_of_its_neighbour() -> None:
    font = '<w:rFonts w:eastAsia="仿宋"/><w:b/><w:sz w:val="28"/>'
    data = docx(HEAD + paragraph("第一条 客服应及时回复买家。", run=font))
    made = marked(data, replaced(read(data), "及时", "在三十秒内"))
    (run,) = [r for i in document(made.data).iter(w("ins")) for r in i.iter(w("r"))]
    properties = run.find(w("rPr"))
    assert properties is not None
    assert [c.tag for c in properties] == [w("rFonts"), w("b"), w("sz")]


def test_a_number_split_over_runs_is_changed_and_rejects() -> None:
    body = HEAD + (
        "<w:p><w:r><w:t>第一条 违约金为服务费的</w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>3</w:t></w:r>"
        "<w:proofErr w:type='spellStart'/><w:r><w:t>0%。</w:t></w:r></w:p>"
    )
    data = docx(body)
    made = marked(data, replaced(read(data), "30%", "10%"))
    assert "服务费的10%。" in text_of(accept_all(made.data))
    assert text_of(reject_all(made.data)) == text_of(data)


def test_a_new_clause_is_a_tracked_paragraph_like_its_neighbour() -> None:
    body = (
        HEAD
        + paragraph("第一条 服务内容为售前咨询。", '<w:ind w:firstLine="480"/>')
        + paragraph("第二条 费用")
    )
    data = docx(body)
    made = marked(data, inserted(read(data), "服务内容", "乙方另行提供售后服务。"))
    assert "乙方另行提供售后服务。" in text_of(accept_all(made.data))
    assert text_of(reject_all(made.data)) == text_of(data)
    new = [
        p for p in document(made.data).iter(w("p")) if "另行提供" in "".join(map(str, p.itertext()))
    ]
    assert new[0].find(f"{w('pPr')}/{w('ind')}") is not None


def test_a_new_article_in_an_automatic_list_gets_no_second_number() -> None:
    body = HEAD + numbered("服务内容") + numbered("费用")
    data = docx(body, numbering=numbering(("chineseCounting", "第%1条")))
    made = marked(data, inserted(read(data), "服务内容", "转包\n乙方不得转包。"))
    lines = [line for line in text_of(accept_all(made.data)).splitlines() if "转包" in line]
    assert lines == ["第二条 转包", "乙方不得转包。"]


def test_a_deleted_sentence_comes_back_on_rejection() -> None:
    data = docx(HEAD + paragraph("第一条 费用不退。押金不退。") + paragraph("第二条 其他"))
    made = marked(data, replaced(read(data), "押金不退。", ""))
    assert "押金" not in text_of(accept_all(made.data))
    assert text_of(reject_all(made.data)) == text_of(data)


def test_words_in_a_table_cell_are_changed_in_place() -> None:
    body = HEAD + paragraph("第一条 指标") + table(("首次响应", "≤90秒"), ("满意度", "≥95%"))
    data = docx(body)
    made = marked(data, replaced(read(data), "≤90秒", "≤30秒"))
    assert "首次响应 | ≤30秒" in text_of(accept_all(made.data))
    assert text_of(reject_all(made.data)) == text_of(data)


def test_parts_that_are_not_changed_stay_byte_identical() -> None:
    path = EXAMPLES / "vendor_draft.docx"
    made = marked(path.read_bytes(), replaced(read(path.read_bytes()), "乙方", "乙方"))
    data = path.read_bytes()
    findings = [inserted(read(data), read(data).text.splitlines()[8], "乙方不得转包。")]
    made = marked(data, *findings, comments="internal")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(io.BytesIO(made.data)) as new:
        changed = {n for n in old.namelist() if old.read(n) != new.read(n)}
    assert changed <= {"word/document.xml", "[Content_Types].xml", "word/_rels/document.xml.rels"}


def test_the_same_input_gives_the_same_bytes() -> None:
    data = docx(HEAD + paragraph("第一条 客服应及时回复。"))
    finding = replaced(read(data), "及时", "在三十秒内")
    assert (
        marked(data, finding, comments="internal").data
        == marked(data, finding, comments="internal").data
    )


def test_ids_of_changes_are_unique_and_every_comment_is_anchored() -> None:
    path = EXAMPLES / "vendor_draft.docx"
    review = review_contract(read(path.read_bytes()), rules(), _book())
    made = redline_file(review, path)
    body = document(made.data)
    ids = [e.get(w("id")) for name in ("ins", "del") for e in body.iter(w(name))]
    assert len(ids) == len(set(ids))
    with zipfile.ZipFile(io.BytesIO(made.data)) as archive:
        comments = etree.fromstring(archive.read("word/comments.xml"))
    numbers = [c.get(w("id")) for c in comments]
    for name in ("commentRangeStart", "commentRangeEnd", "commentReference"):
        assert sorted(e.get(w("id")) or "" for e in body.iter(w(name))) == sorted(map(str, numbers))


def _book() -> Playbook:
    from reviewer.knowledge.playbooks import load_playbook

    return load_playbook()


def test_a_change_that_overlaps_anothers_tracked_insertion_is_refused() -> None:
    body = HEAD + (
        '<w:p><w:r><w:t>第一条 违约金为</w:t></w:r><w:ins w:id="1" w:author="快答" '
        'w:date="2026-10-01T08:00:00Z"><w:r><w:t>百分之三十</w:t></w:r></w:ins></w:p>'
    )
    data = docx(body)
    made = marked(data, replaced(read(data), "百分之三十", "百分之十"))
    assert [name for name, _ in made.refused] == ["f01"]
    assert 'w:author="快答"' in etree.tostring(document(made.data), encoding="unicode")


def test_words_inside_a_hyperlink_are_changed_inside_it() -> None:
    body = HEAD + (
        '<w:p><w:r><w:t>第一条 按</w:t></w:r><w:hyperlink w:anchor="x"><w:r><w:t>平台规则</w:t></w:r>'
        "</w:hyperlink><w:r><w:t>执行。</w:t></w:r></w:p>"
    )
    data = docx(body)
    made = marked(data, replaced(read(data), "平台规则", "淘宝规则"))
    (link,) = document(made.data).iter(w("hyperlink"))
    assert "".join(t.text or "" for t in link.iter(w("t"))) == "淘宝规则"
    assert text_of(reject_all(made.data)) == text_of(data)


@pytest.mark.parametrize("name", ["vendor_draft.pdf", "roles_reversed.txt"])
def test_a_redline_of_a_pdf_or_text_is_made_from_its_text(name: str, playbook: Playbook) -> None:
    from reviewer.ingest import load_contract

    path = EXAMPLES / name
    review = review_contract(load_contract(path), rules(), playbook)
    made = redline_file(review, path)
    rejected = text_of(reject_all(made.data))
    assert "".join(rejected.split()) == "".join(review.contract.text.split())


def test_a_clean_copy_holds_no_change_and_no_comment(playbook: Playbook) -> None:
    path = EXAMPLES / "vendor_draft.docx"
    review = review_contract(read(path.read_bytes()), rules(), playbook)
    body = document(redline_file(review, path, clean=True).data)
    assert not list(body.iter(w("ins"), w("del"), w("commentReference")))


def test_the_external_comment_gives_no_negotiating_position(playbook: Playbook) -> None:
    path = EXAMPLES / "vendor_draft.docx"
    review = review_contract(read(path.read_bytes()), rules(), playbook)
    for audience, shown in (("internal", True), ("external", False)):
        made = redline_file(review, path, comments=audience)  # type: ignore[arg-type]
        with zipfile.ZipFile(io.BytesIO(made.data)) as archive:
            words = archive.read("word/comments.xml").decode()
        assert ("让步" in words or "退让" in words or "底线" in words) == shown


def test_lines_of_cells_become_a_tracked_word_table() -> None:
    data = docx(HEAD + paragraph("第一条 服务内容为售前咨询。") + paragraph("第二条 费用另议。"))
    text = "附件一 客服考核指标\n指标 | 标准 | 未达标后果\n首次响应 | ≤30秒 | 扣5%\n满意度 | ≥95% | 扣3%"
    made = marked(data, inserted(read(data), "服务内容", text))
    (table_,) = document(made.data).iter(w("tbl"))
    rows = list(table_.iter(w("tr")))
    assert [row.find(f"{w('trPr')}/{w('ins')}") is not None for row in rows] == [True] * 3
    accepted = text_of(accept_all(made.data))
    assert "附件一 客服考核指标\n指标 | 标准 | 未达标后果\n首次响应 | ≤30秒 | 扣5%" in accepted
    assert text_of(reject_all(made.data)) == text_of(data)
    assert not list(document(reject_all(made.data)).iter(w("tbl")))
