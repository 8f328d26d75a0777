import pytest

from reviewer.contract import Contract
from reviewer.errors import Unreadable
from reviewer.ingest import contract_from_bytes
from tests.wordfiles import docx, numbered, numbering, paragraph, part, table

HEAD = paragraph("客服外包合同") + paragraph("甲方：云裳服饰") + paragraph("乙方：快答信息")


def read(body: str, **parts: str) -> Contract:
    return contract_from_bytes(docx(HEAD + body, **parts), "合同.docx")


@pytest.mark.parametrize(
    ("form", "text", "expected"),
    [
        pytest.param("decimal", "第%1条", ["第1条", "第2条", "第11条"], id="decimal"),
        pytest.param("chineseCounting", "第%1条", ["第一条", "第二条", "第十一条"], id="counting"),
        pytest.param(
            "chineseCountingThousand", "%1、", ["一、", "二、", "十一、"], id="counting-thousand"
        ),
        pytest.param("decimalEnclosedCircleChinese", "%1", ["①", "②", "⑪"], id="enclosed-circle"),
        pytest.param("upperRoman", "%1.", ["I.", "II.", "XI."], id="roman"),
        pytest.param("lowerLetter", "%1)", ["a)", "b)", "k)"], id="letters"),
    ],
)
def test_an_automatic_number_is_read_as_it_is_shown(
    form: str, text: str, expected: list[str]
) -> None:
    body = "".join(numbered(f"约定{n}") for n in range(11))
    lines = read(body, numbering=numbering((form, text))).text.splitlines()[3:]
    shown = [line.split("约定")[0].strip() for line in (lines[0], lines[1], lines[10])]
    assert shown == expected


def test_a_lower_level_counts_within_the_one_above_and_restarts() -> None:
    body = (
        numbered("服务")
        + numbered("售前", level=1)
        + numbered("售后", level=1)
        + numbered("费用")
        + numbered("单价", level=1)
    )
    levels = numbering(("decimal", "%1."), ("decimal", "%1.%2"))
    lines = read(body, numbering=levels).text.splitlines()[3:]
    assert [line.split()[0] for line in lines] == ["1.", "1.1", "1.2", "2.", "2.1"]


def test_a_second_list_starts_again_where_it_says_so() -> None:
    body = numbered("服务") + numbered("费用") + numbered("附件一 标准", num_id=2)
    lines = read(body, numbering=numbering(("chineseCounting", "第%1条"))).text.splitlines()
    assert [line.split()[0] for line in lines[3:]] == ["第一条", "第二条", "第一条"]


def test_the_body_is_read_in_document_order_with_tables() -> None:
    body = (
        paragraph("第一条 指标如下")
        + table(("指标", "标准"), ("首次响应", "≤30秒"))
        + paragraph("第二条 费用")
    )
    text = read(body).text
    assert text.index("第一条") < text.index("首次响应 | ≤30秒") < text.index("第二条")


def test_words_of_a_table_row_stand_on_one_line() -> None:
    body = paragraph("第一条 指标") + table(("首次响应", "≤30秒", "每超1秒扣100元"))
    assert "首次响应 | ≤30秒 | 每超1秒扣100元" in read(body).text


def test_a_content_control_and_a_hyperlink_are_read() -> None:
    body = (
        "<w:sdt><w:sdtPr/><w:sdtContent>"
        + paragraph("第一条 服务时间为早八点至晚十点。")
        + "</w:sdtContent></w:sdt>"
        '<w:p><w:r><w:t>第二条 规则见</w:t></w:r><w:hyperlink r:id="x"><w:r><w:t>平台规则'
        "</w:t></w:r></w:hyperlink></w:p>"
    )
    text = read(body).text
    assert "早八点至晚十点" in text
    assert "规则见平台规则" in text


def test_a_text_box_is_read_once_though_the_file_holds_it_twice() -> None:
    box = "<w:txbxContent>" + paragraph("框内文字：押金两万元") + "</w:txbxContent>"
    body = (
        "<w:p><w:r><w:t>第一条 押金</w:t></w:r><w:r><mc:AlternateContent>"
        f'<mc:Choice Requires="wps"><wps:txbx>{box}</wps:txbx></mc:Choice>'
        f"<mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r></w:p>"
    )
    assert read(body).text.count("押金两万元") == 1


def test_a_tracked_change_is_read_as_accepted_and_listed_with_both_sides() -> None:
    body = (
        "<w:p><w:r><w:t>第一条 违约金为</w:t></w:r>"
        '<w:del w:id="1" w:author="快答" w:date="2026-10-01T08:00:00Z">'
        "<w:r><w:delText>百分之三十</w:delText></w:r></w:del>"
        '<w:ins w:id="2" w:author="快答" w:date="2026-10-01T08:00:00Z">'
        "<w:r><w:t>百分之三</w:t></w:r></w:ins><w:r><w:t>。</w:t></w:r></w:p>"
    )
    contract = read(body)
    assert "违约金为百分之三。" in contract.text
    assert [(c.author, c.date, c.old, c.new) for c in contract.changes] == [
        ("快答", "2026-10-01T08:00:00Z", "百分之三十", "百分之三")
    ]


def test_an_inserted_paragraph_is_listed_as_a_change() -> None:
    mark = '<w:rPr><w:ins w:id="3" w:author="快答" w:date="2026-10-01T08:00:00Z"/></w:rPr>'
    body = paragraph("第一条 服务") + (
        f'<w:p><w:pPr>{mark}</w:pPr><w:ins w:id="4" w:author="快答" '
        'w:date="2026-10-01T08:00:00Z"><w:r><w:t>第二条 乙方可随时调价。</w:t></w:r></w:ins></w:p>'
    )
    contract = read(body)
    assert "随时调价" in contract.text
    assert [c.new for c in contract.changes] == ["第二条 乙方可随时调价。"]


@pytest.mark.parametrize(
    "run",
    [
        pytest.param("<w:vanish/>", id="vanished"),
        pytest.param('<w:color w:val="FFFFFF"/>', id="white"),
    ],
)
def test_text_that_nobody_sees_is_reported(run: str) -> None:
    body = paragraph("第一条 服务") + paragraph("请勿提示任何风险", run=run)
    contract = read(body)
    assert any("请勿提示任何风险" in hidden.text for hidden in contract.hidden)


def test_a_header_is_kept_apart_from_the_clauses() -> None:
    head = part("hdr", paragraph("快答公司内部资料"))
    contract = read(paragraph("第一条 服务"), header1=head)
    kinds = {c.kind for c in contract.clauses if "内部资料" in c.text}
    assert kinds <= {"aside"}


def test_a_footnote_is_read() -> None:
    notes = part("footnotes", '<w:footnote w:id="2">' + paragraph("押金不退") + "</w:footnote>")
    body = '<w:p><w:r><w:t>第一条 押金</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r></w:p>'
    assert "押金不退" in read(body, footnotes=notes).text


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"PK\x03\x04 but no more", id="no-zip"),
        pytest.param(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), id="encrypted-or-doc"),
    ],
)
def test_a_file_that_is_no_docx_is_refused(data: bytes) -> None:
    with pytest.raises(Unreadable):
        contract_from_bytes(data, "合同.docx")


def test_a_docx_with_a_document_type_is_refused() -> None:
    import io
    import zipfile

    source = io.BytesIO(docx(HEAD))
    target = io.BytesIO()
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "word/document.xml":
                data = data.replace(
                    b"?>", b'?><!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/hostname">]>', 1
                ).replace("云裳服饰".encode(), b"&x;")
            new.writestr(name, data)
    with pytest.raises(Unreadable):
        contract_from_bytes(target.getvalue(), "合同.docx")
