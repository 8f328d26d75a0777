import base64
import io
import zipfile

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


_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_BLUE = '<w:shd w:val="clear" w:color="auto" w:fill="1F4E79"/>'
_WHITE = '<w:shd w:val="clear" w:color="auto" w:fill="FFFFFF"/>'
_IN_WHITE = '<w:color w:val="FFFFFF"/>'


def _cell(text: str, shade: str) -> str:
    return f"<w:tc><w:tcPr>{shade}</w:tcPr>{paragraph(text, run=_IN_WHITE)}</w:tc>"


def _shape(text: str, fill: str) -> str:
    return (
        f'<w:p><w:r><w:pict><v:shape fillcolor="{fill}"><v:textbox><w:txbxContent>'
        + paragraph(text, run=_IN_WHITE)
        + "</w:txbxContent></v:textbox></v:shape></w:pict></w:r></w:p>"
    )


_BY_STYLE = '<wps:style><a:fillRef idx="1"><a:schemeClr val="accent1"/></a:fillRef></wps:style>'


def _drawing(text: str, look: str) -> str:
    return (
        f'<w:p xmlns:a="{_A}"><w:r><w:drawing><wps:wsp>{look}<wps:txbx><w:txbxContent>'
        + paragraph(text, run=_IN_WHITE)
        + "</w:txbxContent></wps:txbx></wps:wsp></w:drawing></w:r></w:p>"
    )


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(
            f"<w:tbl><w:tr>{_cell('考核指标', _BLUE)}{_cell('标准', _BLUE)}</w:tr></w:tbl>",
            id="cell",
        ),
        pytest.param(paragraph("考核指标", properties=_BLUE, run=_IN_WHITE), id="paragraph"),
        pytest.param(paragraph("考核指标", run=_IN_WHITE + _BLUE), id="run"),
        pytest.param(
            paragraph("考核指标", run=_IN_WHITE + '<w:highlight w:val="darkBlue"/>'), id="marker"
        ),
        pytest.param(_shape("考核指标", "#4472c4 [3204]"), id="shape"),
        pytest.param(_drawing("考核指标", _BY_STYLE), id="shape-by-style"),
    ],
)
def test_white_words_on_a_coloured_ground_are_read(body: str) -> None:
    contract = read(body)
    assert "考核指标" in contract.text
    assert contract.hidden == ()


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(f"<w:tbl><w:tr>{_cell('暗中条款', _WHITE)}</w:tr></w:tbl>", id="white-cell"),
        pytest.param(
            paragraph("暗中条款", run=_IN_WHITE + '<w:shd w:val="clear" w:fill="auto"/>'),
            id="shading-without-colour",
        ),
        pytest.param(
            f"<w:tbl><w:tblPr>{_BLUE}</w:tblPr><w:tr>{_cell('暗中条款', _WHITE)}</w:tr></w:tbl>",
            id="white-cell-of-a-blue-table",
        ),
        pytest.param(
            paragraph("暗中条款", run=_IN_WHITE + '<w:highlight w:val="none"/>'), id="no-marker"
        ),
        pytest.param(_shape("暗中条款", "white"), id="white-shape"),
        pytest.param(
            _drawing("暗中条款", "<wps:spPr><a:noFill/></wps:spPr>" + _BY_STYLE), id="no-fill"
        ),
    ],
)
def test_white_words_on_a_white_ground_are_not_read(body: str) -> None:
    contract = read(body)
    assert "暗中条款" not in contract.text
    assert [hidden.text for hidden in contract.hidden] == ["暗中条款"]


_MATH = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'


def _m(text: str) -> str:
    return f"<m:r><m:t>{text}</m:t></m:r>"


def test_a_formula_is_read_on_one_line() -> None:
    body = (
        f"<w:p {_MATH}><w:r><w:t>扣款=</w:t></w:r><m:oMath>{_m('月服务费×')}<m:f><m:num>{_m('1')}"
        f"</m:num><m:den>{_m('100')}</m:den></m:f></m:oMath><w:r><w:t>。</w:t></w:r></w:p>"
    )
    assert "扣款=月服务费×1/100。" in read(body).text


def test_the_sound_written_above_a_word_is_not_read() -> None:
    body = (
        "<w:p><w:r><w:ruby><w:rt><w:r><w:t>yājīn</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>押金"
        "</w:t></w:r></w:rubyBase></w:ruby></w:r><w:r><w:t>两万元</w:t></w:r></w:p>"
    )
    assert "押金两万元" in read(body).text


@pytest.mark.parametrize(
    ("font", "code", "shown"),
    [
        pytest.param("Wingdings", "F0FE", "☑", id="ticked"),
        pytest.param("Wingdings 2", "0052", "☑", id="ticked-2"),
        pytest.param("Wingdings", "F0A8", "□", id="not-ticked"),
        pytest.param("Symbol", "F0A3", "≤", id="at-most"),
        pytest.param("Webdings", "F061", "□", id="unknown-font"),
        pytest.param("Symbol", "xyz", "□", id="no-code"),
    ],
)
def test_a_character_of_a_symbol_font_is_read_as_it_looks(font: str, code: str, shown: str) -> None:
    body = f'<w:p><w:r><w:sym w:font="{font}" w:char="{code}"/><w:t>月结</w:t></w:r></w:p>'
    assert f"{shown}月结" in read(body).text


def test_a_text_box_in_a_table_and_a_table_in_a_text_box_are_read() -> None:
    def box(inner: str) -> str:
        return f"<w:r><w:pict><v:textbox><w:txbxContent>{inner}</w:txbxContent></v:textbox></w:pict></w:r>"

    row = f"<w:tr><w:tc><w:p><w:r><w:t>指标</w:t></w:r>{box(paragraph('框内备注'))}</w:p></w:tc></w:tr>"
    body = f"<w:tbl>{row}</w:tbl><w:p>{box(table(('首响', '≤30秒')))}</w:p>"
    lines = read(body).text.splitlines()
    assert [line for line in lines if line][3:] == ["指标", "框内备注", "首响 | ≤30秒"]


def test_words_on_a_drawing_are_read() -> None:
    words = "".join(f"<a:p><a:r><a:t>{t}</a:t></a:r></a:p>" for t in ("售前流程", "售后流程"))
    body = (
        f'<w:p xmlns:a="{_A}"><w:r><w:drawing><a:txBody>{words}</a:txBody></w:drawing></w:r></w:p>'
    )
    assert "售前流程\n售后流程\n" in read(body).text


def test_a_header_is_kept_apart_from_the_clauses() -> None:
    head = part("hdr", paragraph("快答公司内部资料"))
    contract = read(paragraph("第一条 服务"), header1=head)
    kinds = {c.kind for c in contract.clauses if "内部资料" in c.text}
    assert kinds <= {"aside"}


def test_a_footnote_is_read() -> None:
    notes = part("footnotes", '<w:footnote w:id="2">' + paragraph("押金不退") + "</w:footnote>")
    body = '<w:p><w:r><w:t>第一条 押金</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r></w:p>'
    assert "押金不退" in read(body, footnotes=notes).text


def _taking_in(name: str, data: bytes) -> bytes:
    """Return a .docx that takes in another file, as programs write that make .docx of web pages."""
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/aFChunk"
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(docx(HEAD + '<w:altChunk r:id="c1"/>'))) as old,
        zipfile.ZipFile(made, "w") as new,
    ):
        for part_name in old.namelist():
            content = old.read(part_name)
            if part_name.endswith("document.xml.rels"):
                link = f'<Relationship Id="c1" Type="{kind}" Target="{name}"/></Relationships>'
                content = content.replace(b"</Relationships>", link.encode())
            new.writestr(part_name, content)
        new.writestr(f"word/{name}", data)
    return made.getvalue()


_PAGE = "<html><body><p>第一条 押金两万元。</p><p>第二条 概不退还。</p></body></html>"
_SAVED = (
    "MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n\r\n--b\r\n"
    "Content-Type: text/html; charset=gb2312\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    + base64.b64encode(_PAGE.encode("gb18030")).decode()
    + "\r\n--b--\r\n"
).encode()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        pytest.param("c.htm", _PAGE.encode(), id="page"),
        pytest.param("c.mht", _SAVED, id="page-saved-as-one-file"),
        pytest.param("c.docx", docx(paragraph("第一条 押金两万元。")), id="word"),
        pytest.param("c.txt", "第一条 押金两万元。".encode(), id="text"),
    ],
)
def test_a_file_that_the_document_takes_in_is_read(name: str, data: bytes) -> None:
    contract = contract_from_bytes(_taking_in(name, data), "合同.docx")
    assert "第一条 押金两万元。" in contract.text
    assert contract.coverage.unread == ()


def test_a_file_taken_in_that_cannot_be_read_is_told() -> None:
    contract = contract_from_bytes(_taking_in("c.bin", b"\x00\x01\x02"), "合同.docx")
    assert any("另一份文件未能读取" in warning for warning in contract.warnings)


def test_a_document_that_takes_itself_in_is_read_once() -> None:
    inner = _taking_in("c.docx", docx(paragraph("第一条 押金两万元。")))
    assert "押金" not in contract_from_bytes(_taking_in("c.docx", inner), "合同.docx").text


@pytest.mark.parametrize("name", ["合同.mht", "合同.doc"])
def test_a_web_page_saved_as_one_file_is_read(name: str) -> None:
    assert "第二条 概不退还。" in contract_from_bytes(_SAVED, name).text


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
