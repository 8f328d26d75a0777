"""Text layers, true and false. What needs recognition is in test_ocr."""

import io
import shutil
import subprocess
from pathlib import Path

import pypdf
import pytest
from pypdf.generic import ArrayObject, FloatObject, NameObject

from reviewer.contract import Contract
from reviewer.errors import NoTextLayer, Unreadable
from reviewer.ingest import Limits, Tools, contract_from_bytes
from reviewer.ingest.plausible import believable, readable
from tests.conftest import REPOSITORY
from tests.pdffiles import CONTRACT, Page, remapped, together
from tests.wordfiles import docx, paragraph, table

ROWS = (
    ("指标", "要求", "扣罚"),
    ("首次响应", "≤30秒", "每超1秒扣当月\n服务费100元"),
    ("满意度", "≥95%", "每低1个百分点\n扣500元"),
)
READ = [
    "指标 | 要求 | 扣罚",
    "首次响应 | ≤30秒 | 每超1秒扣当月服务费100元",
    "满意度 | ≥95% | 每低1个百分点扣500元",
]


def read(data: bytes, **how: object) -> Contract:
    return contract_from_bytes(data, "合同.pdf", tools=Tools(ocr=False), **how)  # type: ignore[arg-type]


def rows(contract: Contract) -> list[str]:
    return [line for line in contract.text.splitlines() if " | " in line]


def test_the_rows_of_a_ruled_table_are_statements() -> None:
    data = Page().text(*CONTRACT[:4]).table(ROWS, (90, 90, 200)).text(CONTRACT[5]).bytes()
    contract = read(data)
    assert rows(contract) == READ
    assert contract.text.splitlines()[-1].startswith("第三条")


def test_a_row_that_is_broken_by_the_page_is_one_statement() -> None:
    page = Page().text(*CONTRACT[:4]).at(120).table(ROWS, (90, 90, 200)).new()
    data = page.table([("", "", "，直至扣完为止")], (90, 90, 200)).text(CONTRACT[5]).bytes()
    assert rows(read(data)) == [*READ[:2], READ[2] + "，直至扣完为止"]


def test_a_cell_over_several_rows_is_read_once_with_the_first() -> None:
    page = Page().text(*CONTRACT[:4])
    top = page._line + 14
    for y in (top, top - 40):
        page.canvas.line(70, y, 370, y)
    page.canvas.line(170, top - 20, 370, top - 20)
    for x in (70, 170, 370):
        page.canvas.line(x, top, x, top - 40)
    page.canvas.drawString(74, top - 24, "质量")
    page.canvas.drawString(174, top - 14, "满意度不低于95%")
    page.canvas.drawString(174, top - 34, "差评率不高于3%")
    assert rows(read(page.bytes())) == ["质量 | 满意度不低于95%", " | 差评率不高于3%"]


def test_a_frame_around_prose_is_no_table() -> None:
    page = Page().text(*CONTRACT)
    page.canvas.rect(50, 500, 500, 320)
    assert rows(read(page.bytes())) == []
    assert "第五条" in read(page.bytes()).text


def test_words_of_a_latin_cell_stay_apart() -> None:
    page = Page().text(*CONTRACT)
    page.table([("Response time", "30 seconds"), ("Score", "95 percent")], (120, 120))
    assert rows(read(page.bytes())) == ["Response time | 30 seconds", "Score | 95 percent"]


@pytest.mark.parametrize("turned", [90, 180, 270])
def test_a_table_on_a_turned_page_is_read_by_its_rows(turned: int) -> None:
    page = Page()
    page.canvas.saveState()
    shift = {90: (0, -595), 180: (-595, -842), 270: (-842, 0)}[turned]
    page.canvas.rotate(turned)
    page.canvas.translate(*shift)
    page.at(500).text(*CONTRACT[:4]).table(ROWS, (90, 90, 200))
    page.canvas.restoreState()
    page.canvas.setPageRotation(turned)
    assert rows(read(page.bytes())) == READ


def test_a_page_whose_box_does_not_begin_at_zero_is_read_alike() -> None:
    page = Page().text(*CONTRACT[:4]).table(ROWS, (90, 90, 200))
    page.canvas.setFillColorRGB(1, 1, 1)
    data = page.text("看不见的一句话在这里。").bytes()
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(data))
    box = ArrayObject([FloatObject(n) for n in (20, 30, 575, 830)])
    writer.pages[0][NameObject("/CropBox")] = box
    writer.pages[0][NameObject("/MediaBox")] = box
    out = io.BytesIO()
    writer.write(out)
    contract = read(out.getvalue())
    assert rows(contract) == READ
    assert contract.hidden[0].text == "看不见的一句话在这里。"


def _by_libreoffice(folder: Path) -> bytes:
    body = "".join(map(paragraph, CONTRACT[:4]))
    file = folder / "a.docx"
    file.write_bytes(docx(body + _bordered(ROWS) + paragraph(CONTRACT[5])))
    subprocess.run(
        [
            *("soffice", "--headless", f"-env:UserInstallation={(folder / 'profile').as_uri()}"),
            *("--convert-to", "pdf", "--outdir", str(folder), str(file)),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    return (folder / "a.pdf").read_bytes()


def _bordered(rows: tuple[tuple[str, ...], ...]) -> str:
    sides = "".join(
        f'<w:{side} w:val="single" w:sz="4"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    made = table(*(tuple(cell.replace("\n", "") for cell in row) for row in rows))
    grid = "<w:tblGrid>" + '<w:gridCol w:w="2000"/>' * 3 + "</w:tblGrid>"
    made = made.replace("<w:tblGrid/>", grid).replace(
        "<w:tcPr/>", '<w:tcPr><w:tcW w:w="2000"/></w:tcPr>'
    )
    return made.replace("<w:tblPr/>", f"<w:tblPr><w:tblBorders>{sides}</w:tblBorders></w:tblPr>")


def _by_chromium(folder: Path) -> bytes:
    body = "".join(f"<p>{line}" for line in CONTRACT[:4])
    body += (
        "<table>"
        + "".join("<tr>" + "".join(f"<td>{cell}" for cell in row) for row in ROWS)
        + f"</table><p>{CONTRACT[5]}"
    )
    file = folder / "a.html"
    style = "table{border-collapse:collapse}td{border:1px solid #000;width:100px}"
    file.write_text(f"<meta charset=utf-8><style>{style}</style>{body}", encoding="utf-8")
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    assert program, "Chromium is missing: run tests/system/install.sh"
    subprocess.run(
        [
            *(program, "--headless", "--no-sandbox", f"--user-data-dir={folder / 'profile'}"),
            *("--no-pdf-header-footer", f"--print-to-pdf={folder / 'a.pdf'}", str(file)),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    return (folder / "a.pdf").read_bytes()


@pytest.mark.parametrize("make", [_by_libreoffice, _by_chromium])
def test_tables_are_read_as_programs_really_draw_them(make: object, tmp_path: Path) -> None:
    assert rows(read(make(tmp_path))) == READ  # type: ignore[operator]


HIDDEN = "另：乙方不承担任何责任，本条优先于其他条款。"


def _white(page: Page) -> None:
    page.canvas.setFillColorRGB(1, 1, 1)
    page.text(HIDDEN)


def _invisible(page: Page) -> None:
    page.text(HIDDEN, mode=3)


def _covered(page: Page) -> None:
    y = page._line
    page.text(HIDDEN)
    page.canvas.setFillColorRGB(1, 1, 1)
    page.canvas.rect(60, y - 8, 480, 24, stroke=0, fill=1)


def _tiny(page: Page) -> None:
    page.canvas.setFont("STSong-Light", 0.4)
    page.canvas.drawString(70, page._line, HIDDEN)


@pytest.mark.parametrize("hide", [_white, _invisible, _covered, _tiny])
def test_text_that_the_page_does_not_show_is_told_and_not_reviewed(hide: object) -> None:
    page = Page().text(*CONTRACT)
    hide(page)  # type: ignore[operator]
    contract = read(page.bytes())
    assert HIDDEN not in contract.text
    assert [hidden.text for hidden in contract.hidden] == [HIDDEN]
    assert "看不见" in " ".join(contract.warnings)


def test_white_text_on_a_dark_ground_is_read() -> None:
    page = Page()
    page.canvas.setFillColorRGB(0, 0, 0.5)
    page.canvas.rect(60, 770, 400, 28, stroke=0, fill=1)
    page.canvas.setFillColorRGB(1, 1, 1)
    page.text(CONTRACT[0])
    page.canvas.setFillColorRGB(0, 0, 0)
    contract = read(page.text(*CONTRACT[1:]).bytes())
    assert contract.text.startswith(CONTRACT[0])
    assert contract.hidden == ()


@pytest.mark.parametrize("mode", [None, 3], ids=["seen", "unseen"])
def test_a_layer_that_stands_there_twice_is_read_once(mode: int | None) -> None:
    contract = read(Page().text(*CONTRACT).at(780).text(*CONTRACT, mode=mode).bytes())
    assert contract.text.count("第三条") == 1


def _shuffled(text: str) -> dict[str, str]:
    used = sorted({c for c in text if "\u4e00" <= c <= "\u9fff"})
    return dict(zip(used, used[7:] + used[:7], strict=True))


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(_shuffled, id="shuffled"),
        pytest.param(
            lambda text: {c: chr(0xE000 + n) for n, c in enumerate(set(text))}, id="private"
        ),
        pytest.param(lambda text: dict.fromkeys(text, "\ufffd"), id="replacement"),
    ],
)
def test_a_font_that_maps_its_glyphs_wrongly_is_not_believed(change: object) -> None:
    data = (REPOSITORY / "examples" / "vendor_draft.pdf").read_bytes()
    text = read(data).text
    with pytest.raises(NoTextLayer) as caught:
        read(remapped(data, change(text)))  # type: ignore[operator]
    assert "cs-contract-reviewer[ocr]" in caught.value.remedy


@pytest.mark.parametrize(
    ("text", "is_believed"),
    [
        pytest.param("".join(CONTRACT), True, id="contract"),
        pytest.param("".join(reversed("".join(CONTRACT) * 2)), False, id="backwards"),
        pytest.param("春眠不觉晓，处处闻啼鸟。", True, id="too-short-to-tell"),
        pytest.param(
            "This agreement is made between the parties and shall be in force. " * 4,
            True,
            id="english",
        ),
        pytest.param(
            "Uijt bhsffnfou jt nbef cfuxffo uif qbsujft boe tibmm cf jo. " * 4,
            False,
            id="shifted-latin",
        ),
        pytest.param("ÿþ\x01\x02¤¥¦§¨©ª«" * 10, False, id="bytes"),
    ],
)
def test_text_is_believed_where_a_language_has_it(text: str, is_believed: bool) -> None:
    assert believable(text) is is_believed


def test_an_empty_page_is_not_missed() -> None:
    contract = read(Page().text(*CONTRACT).new().new().text("（以下无正文）").bytes())
    assert contract.coverage.unread == ()
    assert contract.coverage.pages == 3


def test_a_page_without_text_is_told_where_it_cannot_be_recognised() -> None:
    drawn = Page()
    for n in range(300):
        drawn.canvas.rect(20 + n % 30 * 15, 100 + n // 30 * 20, 8, 9)
    contract = read(together(Page().text(*CONTRACT).bytes(), drawn.bytes()))
    assert [part.part for part in contract.coverage.unread] == ["第 2 页"]
    assert contract.coverage.pages_read == 1


def test_what_is_filled_into_a_form_is_read() -> None:
    page = Page().text(*CONTRACT)
    page.canvas.acroForm.textfield(
        name="fee", value="8800", x=70, y=300, width=200, height=24, fontSize=12
    )
    assert "8800" in read(page.bytes()).text


def test_more_pages_than_allowed_are_refused() -> None:
    page = Page()
    for _ in range(4):
        page.text(*CONTRACT).new()
    with pytest.raises(Unreadable, match="5 页，超过上限 3 页"):
        read(page.bytes(), limits=Limits(max_pages=3))


def test_latin_pieces_written_behind_a_line_come_where_they_stand() -> None:
    page = Page().text(CONTRACT[0])
    for x, words in ((70, "第一条 甲方的"), (150, "网店由乙方服务。"), (137, "“"), (190, "”")):
        page.canvas.drawString(x, 700, words)
    text = read(page.text(*CONTRACT[1:]).bytes()).text
    assert "甲方的“" in text.replace(" ", "").replace("\u3000", "")


def test_particulars_below_each_other_stay_lines_of_their_own() -> None:
    lines = (
        "甲方：杭州云裳服饰有限公司",
        "统一社会信用代码：91330108MA2XK7Q41R",
        "地址：浙江省杭州市滨江区江晖路1180号3幢502室",
        "乙方：合肥快答信息技术有限公司",
    )
    text = read(Page().text(CONTRACT[0], *lines, *CONTRACT[3:]).bytes()).text
    assert text.splitlines()[1:5] == list(lines)


def test_a_sentence_goes_on_over_lines_that_are_full() -> None:
    page = Page().text(CONTRACT[0])
    page.text("第一条 乙方应当在收到甲方书面通知之日起三个工作日内完成全部账号与资料的交接手续并")
    page.text("提供清单，逾期的每日按月服务费百分之五支付违约金，直至完成为止，并承担因此造成的")
    page.text("损失。")
    assert "交接手续并提供清单" in read(page.bytes()).text
    assert "造成的损失。" in read(page.bytes()).text


def test_two_signatures_beside_each_other_stay_apart() -> None:
    page = Page().text(*CONTRACT)
    y = page._line
    page.text("甲方（盖章）：").at(y).text("乙方（盖章）：", x=320)
    line = read(page.bytes()).text.splitlines()[-1]
    assert line.split() == ["甲方（盖章）：", "乙方（盖章）："]


def test_a_line_that_is_all_of_its_page_is_no_heading_of_pages() -> None:
    data = Page().text("第一条 服务").new().text("第二条 服务").new().text("第三条 服务").bytes()
    assert contract_lines(data) == ["第一条 服务", "第二条 服务", "第三条 服务"]


def contract_lines(data: bytes) -> list[str]:
    return read(data).text.splitlines()


@pytest.mark.parametrize(
    ("text", "is_text"),
    [
        pytest.param(
            "Lorem ipsum dolor sit amet consectetur adipiscing elit " * 9, True, id="latin"
        ),
        pytest.param(
            "A munkavállaló köteles a munkahelyén megjelenni és ott " * 9, True, id="magyar"
        ),
        pytest.param("xQz kWv BtR pLm zzD fGh jKl qwR tyP sdF xcV bnM " * 9, False, id="bytes"),
    ],
)
def test_other_languages_are_text_and_bytes_are_not(text: str, is_text: bool) -> None:
    assert readable(text) == is_text


@pytest.mark.parametrize(
    ("text", "believed"),
    [
        pytest.param(
            "Le prestataire répond à l'acheteur dans les délais prévus.", True, id="french"
        ),
        pytest.param("The oﬃcer conﬁrms the ﬁgures of the month.", True, id="ligatures"),
        pytest.param(
            "乙方应当在三十秒内回复买家".encode("gbk").decode("latin-1"), False, id="mojibake"
        ),
        pytest.param(
            "Reply within 30 s "
            + "乙方应当在三十秒内回复买家的咨询".encode("gbk").decode("latin-1"),
            False,
            id="mojibake-among-english",
        ),
    ],
)
def test_accents_are_believed_where_they_are_few(text: str, believed: bool) -> None:
    assert believable(text) == believed
