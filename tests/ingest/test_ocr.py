"""Recognition of scans and photographs. A page costs seconds, so few pages serve many tests."""

import io
import struct
import zlib
from pathlib import Path

import docx
import pytest
from docx.shared import Inches
from PIL import Image

from reviewer.contract import Contract, Place
from reviewer.errors import NoTextLayer, Unreadable
from reviewer.ingest import Limits, Tools, contract_from_bytes, contract_from_text, load_pages
from reviewer.ingest.grid import Box
from reviewer.ingest.layout import Piece, in_order
from reviewer.pipeline import Reviewer, redline_file, review_contract
from reviewer.render.markdown import markdown
from reviewer.render.webpage import webpage
from reviewer.settings import Settings
from reviewer.text import locate
from tests.pdffiles import CONTRACT, Page, encoded, picture, scanned, together

ROWS = (("指标", "要求", "扣罚"), ("首次响应", "不超过30秒", "每超1秒扣当月\n服务费100元"))


def _sheet() -> Image.Image:
    """Return a scan: some articles and a table, tilted by two degrees."""
    page = Page().text(*CONTRACT[:4]).table(ROWS, (100, 110, 200)).text(*CONTRACT[6:])
    image = picture(page.bytes(), dpi=150, bottom=470)
    return image.rotate(2, expand=True, fillcolor="white", resample=Image.Resampling.BICUBIC)


@pytest.fixture(scope="module")
def mixed() -> Contract:
    """A contract whose first page has text and whose second is a scan."""
    data = together(Page().text(*CONTRACT[:6]).bytes(), scanned(_sheet()))
    return contract_from_bytes(data, "合同.pdf")


def test_only_the_pages_without_text_are_recognised(mixed: Contract) -> None:
    assert [page.confidence is None for page in mixed.pages] == [True, False]
    assert {place.page for place in mixed.places} == {2}
    assert mixed.coverage.unread == ()


def test_a_tilted_scan_is_read_in_order_without_an_error(mixed: Contract) -> None:
    second = mixed.text[mixed.pages[1].start :].replace(" ", "").replace("\n", "")
    expected = "".join(CONTRACT[:4]) + "指标|要求|扣罚首次响应|不超过30秒|每超1秒扣当月服务费100元"
    assert second == (expected + "".join(CONTRACT[6:])).replace(" ", "")


def test_the_row_of_a_scanned_table_is_a_statement(mixed: Contract) -> None:
    assert "首次响应 | 不超过30秒 | 每超1秒扣当月服务费100元" in mixed.text.splitlines()


def test_a_passage_maps_to_its_page_and_place(mixed: Contract) -> None:
    span = locate(CONTRACT[7], mixed.text[mixed.pages[1].start :])
    assert span
    start = mixed.pages[1].start + span.start
    (place,) = mixed.places_of(span._replace(start=start, end=start + 5))
    left, top, right, bottom = place.box
    assert place.page == 2
    assert 0 < left < 0.2
    assert left < right < 1
    assert 0.4 < top < bottom < 0.9


def test_the_page_and_its_confidence_are_told(mixed: Contract) -> None:
    (warning,) = [w for w in mixed.warnings if "第 2 页" in w]
    assert "文字识别" in warning
    assert "%" in warning
    assert (mixed.pages[1].confidence or 0) > 0.9


def _photograph() -> Image.Image:
    return picture(Page().text(*CONTRACT[:7]).bytes(), dpi=130, bottom=620)


@pytest.mark.parametrize("degrees", [90, 180])
def test_a_photograph_is_turned_the_right_way_round(degrees: int) -> None:
    image = _photograph().rotate(degrees, expand=True)
    contract = contract_from_bytes(encoded(image), "照片.png")
    assert contract.text.replace(" ", "").startswith(CONTRACT[0])
    assert "首次响应不超过三十秒" in contract.text
    left, _, right, bottom = contract.places[0].box
    assert (left, right) < (0.5, 0.5) if degrees == 90 else (left, right) > (0.5, 0.5)
    assert bottom > 0.5


def test_several_pictures_are_the_pages_of_one_contract(tmp_path: Path) -> None:
    image = _photograph()
    half = image.height // 2
    paths = [tmp_path / "1.jpg", tmp_path / "2.tif"]
    image.crop((0, 0, image.width, half)).save(paths[0])
    image.crop((0, half, image.width, image.height)).save(paths[1])
    contract = load_pages(paths)
    assert contract.coverage.pages == 2
    assert contract.file == "1.jpg"
    assert contract.text.replace(" ", "").replace("\n", "") == "".join(CONTRACT[:7]).replace(
        " ", ""
    )


def test_a_scan_of_an_empty_sheet_says_that_nothing_was_recognised() -> None:
    with pytest.raises(Unreadable, match="没有认出文字"):
        contract_from_bytes(scanned(Image.new("RGB", (800, 1000), "white")), "空白.pdf")


@pytest.mark.parametrize("name", ["a.png", "a.pdf"])
def test_what_is_missing_is_named_with_the_line_that_installs_it(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reviewer.ingest.ocr.find_spec", lambda name: None)
    noise = Image.effect_noise((400, 400), 90).convert("RGB")
    with pytest.raises(NoTextLayer) as caught:
        contract_from_bytes(scanned(noise) if name == "a.pdf" else encoded(noise), name)
    assert "pip install 'cs-contract-reviewer[ocr]'" in str(caught.value)


def _bomb() -> bytes:
    """Return a PNG that says it is 65,535 pixels wide and high."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + check

    head = struct.pack(">IIBBBBB", 65535, 65535, 8, 2, 0, 0, 0)
    parts = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


@pytest.mark.parametrize(
    ("data", "says"),
    [
        pytest.param(_bomb(), "像素超过上限", id="65535-by-65535"),
        pytest.param(encoded(Image.new("RGB", (9, 9))), "太小", id="nine-by-nine"),
        pytest.param(encoded(Image.new("RGB", (99, 99)))[:60], "已损坏", id="cut-off"),
        pytest.param(b"\x89PNG\r\n\x1a\n" + bytes(99), "已损坏", id="zeros"),
    ],
)
def test_a_picture_that_cannot_be_read_gives_one_clear_error(data: bytes, says: str) -> None:
    with pytest.raises(Unreadable, match=says):
        contract_from_bytes(data, "a.png")


def test_more_pictures_in_one_file_than_pages_allowed_are_refused() -> None:
    frames = [Image.new("L", (40, 40), shade) for shade in range(5)]
    buffer = io.BytesIO()
    frames[0].save(buffer, "TIFF", save_all=True, append_images=frames[1:])
    with pytest.raises(Unreadable, match="上限 3 页"):
        contract_from_bytes(buffer.getvalue(), "传真.tif", limits=Limits(max_pages=3))


def test_recognition_can_be_switched_off() -> None:
    with pytest.raises(NoTextLayer):
        contract_from_bytes(encoded(_photograph()), "a.png", tools=Tools(ocr=False))


def _piece(text: str, left: float, top: float, width: float | None = None) -> Piece:
    box = Box(left, top, left + (width or 20.0 * len(text)), top + 20)
    return Piece(text, box, Box(0, 0, 1, 1), 0.99)


def test_two_columns_of_prose_are_read_one_after_the_other() -> None:
    pieces = [_piece("合同标题横跨两栏", 200, 0, 600)]
    for n in range(6):
        pieces += [_piece(f"左{n}", 0, 40 + 30 * n, 460), _piece(f"右{n}", 520, 42 + 30 * n, 460)]
    pieces.append(_piece("双方签字盖章处横跨两栏", 100, 300, 800))
    order = [line.text for line in in_order(pieces, [])]
    assert order[1:-1] == [f"左{n}" for n in range(6)] + [f"右{n}" for n in range(6)]
    assert order[0] == "合同标题横跨两栏"


def test_two_signatures_beside_each_other_stay_in_their_lines() -> None:
    pieces = []
    for n, what in enumerate(("盖章", "代表", "日期", "电话")):
        pieces += [_piece(f"甲方{what}：", 0, 30 * n), _piece(f"乙方{what}：", 600, 30 * n + 2)]
    assert in_order(pieces, [])[0].text == "甲方盖章：  乙方盖章："


def test_columns_that_agree_over_three_lines_are_the_rows_of_a_table() -> None:
    pieces = []
    for n, cells in enumerate(
        (("指标", "要求", "扣罚"), ("响应", "30秒", "百元"), ("满意", "95%", "千元"))
    ):
        pieces += [_piece(cell, 300 * m, 30 * n) for m, cell in enumerate(cells)]
    lines = in_order(pieces, [])
    assert [line.text for line in lines] == [
        "指标 | 要求 | 扣罚",
        "响应 | 30秒 | 百元",
        "满意 | 95% | 千元",
    ]
    assert all(line.is_row for line in lines)


def _pasted(image: Image.Image) -> bytes:
    """Return a Word file with a picture and hardly any text."""
    document = docx.Document()
    document.add_paragraph("合同见下图")
    document.add_picture(io.BytesIO(encoded(image)), width=Inches(6))
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def test_pages_that_were_pasted_into_a_word_file_are_recognised(tmp_path: Path) -> None:
    path = tmp_path / "合同.docx"
    path.write_bytes(_pasted(_photograph()))
    contract = load_pages([path])
    assert contract.text.startswith("合同见下图\n")
    assert "首次响应不超过三十秒" in contract.text
    place = contract.places[0]
    assert contract.text[place.start : place.end] == CONTRACT[0]
    assert contract.coverage.unread == ()


def test_the_redline_of_a_recognised_contract_is_a_file_of_its_own(
    tmp_path: Path, settings: Settings
) -> None:
    path = tmp_path / "合同.png"
    path.write_bytes(encoded(_photograph()))
    review = Reviewer.of(settings).review(path)
    text = contract_from_bytes(redline_file(review, path).data, "a.docx").text
    assert "首次响应不超过三十秒" in text


def test_a_finding_is_no_surer_than_the_lines_it_rests_on(settings: Settings) -> None:
    text = contract_from_text("\n".join(CONTRACT))
    reviewer = Reviewer.of(settings)
    plain = review_contract(text, reviewer.engine, reviewer.playbook)
    span = locate("首次响应不超过三十秒", text.text)
    assert span
    dim = Place(start=span.start, end=span.end, page=1, box=(0, 0, 1, 1), confidence=0.6)
    bright = Place(start=span.end, end=len(text.text), page=1, box=(0, 0, 1, 1), confidence=0.98)
    scanned_ = text.model_copy(update={"places": (dim, bright)})
    seen = review_contract(scanned_, reviewer.engine, reviewer.playbook)
    for before, after in zip(plain.findings, seen.findings, strict=True):
        rests = any(passage.span.overlap(span) for passage in after.evidence)
        if rests:
            assert after.recognition == 0.6
            assert after.confidence == pytest.approx(before.confidence * 0.6, abs=0.01)
            assert after.needs_human
        assert after.confidence <= before.confidence
    assert any(f.recognition == 0.6 for f in seen.findings)
    assert "置信度 60%" in webpage(seen)
    assert "置信度 60%" in markdown(seen)
