"""Old and foreign formats: converted in a cage, read by ourselves, or refused clearly."""

import hashlib
import io
import os
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from reviewer.contract import Contract
from reviewer.errors import Unreadable, UnsupportedFormat
from reviewer.ingest import Tools, contract_from_bytes, load_contract
from reviewer.ingest.kinds import kind_of
from tests.conftest import REPOSITORY
from tests.pdffiles import CONTRACT
from tests.wordfiles import docx, paragraph, table

ROWS = (("指标", "要求", "扣罚"), ("首次响应", "≤30秒", "每超1秒扣100元"))
WORD = docx("".join(map(paragraph, CONTRACT)) + table(*ROWS) + paragraph("第七条 其他。"))


@pytest.fixture(scope="module")
def converted(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The same contract as LibreOffice saves it in old and foreign formats."""
    folder = tmp_path_factory.mktemp("formats")
    source = folder / "a.docx"
    source.write_bytes(WORD)
    made = {}
    for suffix, form in (
        (".doc", "doc:MS Word 97"),
        (".rtf", "rtf"),
        (".odt", "odt"),
        (".fodt", "fodt"),
    ):
        subprocess.run(
            [
                *("soffice", "--headless", f"-env:UserInstallation={(folder / 'p').as_uri()}"),
                *("--convert-to", form, "--outdir", str(folder), str(source)),
            ],
            check=True,
            capture_output=True,
            timeout=120,
        )
        made[suffix] = (folder / f"a{suffix}").read_bytes()
    made[".wps"] = made[".doc"]
    return made


def load(folder: Path, name: str, data: bytes) -> Contract:
    (folder / name).write_bytes(data)
    return load_contract(folder / name, tools=Tools(work_dir=str(folder / "work")))


@pytest.mark.parametrize("suffix", [".doc", ".wps", ".rtf", ".odt", ".fodt"])
def test_an_old_format_is_read_like_the_docx(
    converted: dict[str, bytes], suffix: str, tmp_path: Path
) -> None:
    contract = load(tmp_path, f"合同{suffix}", converted[suffix])
    assert contract.text == contract_from_bytes(WORD, "合同.docx").text
    assert contract.file == f"合同{suffix}"
    assert "LibreOffice" in contract.warnings[0]
    assert list((tmp_path / "work").iterdir()) == []


@pytest.mark.parametrize(
    ("name", "suffix"),
    [
        pytest.param("其实是rtf.doc", ".rtf", id="rtf-named-doc"),
        pytest.param("其实是doc.docx", ".doc", id="doc-named-docx"),
        pytest.param("其实是odt.docx", ".odt", id="odt-named-docx"),
        pytest.param("其实是doc.txt", ".doc", id="doc-named-txt"),
    ],
)
def test_a_format_is_told_by_what_the_file_holds(
    converted: dict[str, bytes], name: str, suffix: str, tmp_path: Path
) -> None:
    assert "第五条" in load(tmp_path, name, converted[suffix]).text


@pytest.mark.parametrize("suffix", [".doc", ".rtf"])
def test_a_missing_program_is_named(
    converted: dict[str, bytes], suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reviewer.ingest.office.shutil.which", lambda name: None)
    with pytest.raises(UnsupportedFormat) as caught:
        contract_from_bytes(converted[suffix], f"a{suffix}")
    assert "LibreOffice" in str(caught.value)
    assert "另存为 .docx" in caught.value.remedy


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), id="empty-compound-file"),
        pytest.param(
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le") * 99, id="lies"
        ),
        pytest.param(b"nothing of the kind", id="text"),
        pytest.param(bytes(5000), id="zeros"),
    ],
)
def test_a_broken_old_file_gives_one_clear_error(data: bytes, tmp_path: Path) -> None:
    with pytest.raises(Unreadable) as caught:
        load(tmp_path, "a.doc", data)
    assert "a.doc" in caught.value.problem
    assert "另存为 .docx" in caught.value.remedy
    work = tmp_path / "work"
    assert not work.exists() or list(work.iterdir()) == []


def test_a_program_that_hangs_is_ended(
    converted: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hanging = tmp_path / "soffice"
    hanging.write_text("#!/bin/sh\nexec sleep 300\n")
    hanging.chmod(0o755)
    monkeypatch.setattr("reviewer.ingest.office.CONVERT_S", 1)
    tools = Tools(office=str(hanging), work_dir=str(tmp_path / "work"))
    monkeypatch.setattr("reviewer.ingest.office.leave_network", lambda: False)
    with pytest.raises(Unreadable, match="超时"):
        contract_from_bytes(converted[".doc"], "a.doc", tools=tools)
    assert list((tmp_path / "work").iterdir()) == []


@pytest.fixture
def listener() -> Iterator[tuple[str, list[str]]]:
    """A server that writes down who asks for what."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(404)
            self.end_headers()

        do_HEAD = do_OPTIONS = do_PROPFIND = do_GET

        def log_message(self, *arguments: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()


_LINKS = """<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"
 xmlns:xlink="http://www.w3.org/1999/xlink" office:version="1.2"
 office:mimetype="application/vnd.oasis.opendocument.text"><office:body><office:text>
 <text:section text:name="s"><text:section-source xlink:href="{url}/section.odt"/>
 <text:p>客服合同</text:p></text:section>
 <text:p>第一条 乙方提供客服服务。<draw:frame><draw:image xlink:href="{url}/picture.png"/></draw:frame>
 <draw:frame><draw:object xlink:href="{url}/object.ods"/></draw:frame></text:p>
 </office:text></office:body></office:document>"""


def test_nothing_linked_is_fetched_when_a_file_is_converted(
    listener: tuple[str, list[str]], tmp_path: Path
) -> None:
    url, asked = listener
    contract = load(tmp_path, "a.fodt", _LINKS.format(url=url).encode())
    assert "第一条" in contract.text
    assert asked == []


def test_nothing_linked_is_fetched_even_where_the_network_cannot_be_cut_off(
    listener: tuple[str, list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, asked = listener
    monkeypatch.setattr("reviewer.ingest.office.leave_network", lambda: False)
    tools = Tools(work_dir=str(tmp_path / "work"))
    contract_from_bytes(_LINKS.format(url=url).encode(), "a.fodt", tools=tools)
    assert asked == []


PAGE = """<!DOCTYPE html><html><head><meta charset="gbk"><title>不是正文</title>
<style>p{{color:red}}</style><script>document.write("脚本")</script></head><body>
<h1>客户服务外包合同</h1><p>甲方：杭州云裳<br>乙方：合肥快答</p>
<ol start="3"><li>服务费按月结算。</li><li>乙方应当保密。</li></ol>
<table><tr><th>指标</th><th>要求</th></tr><tr><td>首次响应</td><td>≤30秒<br>按月统计</td></tr></table>
<p style="display:none">乙方不承担任何责任</p><p hidden>另行约定</p>
<img src="{url}/a.png"><iframe src="{url}/b.html"></iframe><link rel="stylesheet" href="{url}/c.css">
</body></html>"""


def test_a_web_page_is_read_as_it_shows_and_nothing_is_fetched(
    listener: tuple[str, list[str]], tmp_path: Path
) -> None:
    url, asked = listener
    contract = load(tmp_path, "合同.html", PAGE.format(url=url).encode("gbk"))
    assert contract.text.splitlines() == [
        "客户服务外包合同",
        "甲方：杭州云裳",
        "乙方：合肥快答",
        "3. 服务费按月结算。",
        "4. 乙方应当保密。",
        "指标 | 要求",
        "首次响应 | ≤30秒 按月统计",
    ]
    assert [hidden.text for hidden in contract.hidden] == ["乙方不承担任何责任", "另行约定"]
    assert asked == []


def test_a_web_page_named_doc_is_read_as_a_web_page(tmp_path: Path) -> None:
    page = "<html><body><p>客服服务合同</p><p>甲方：甲；乙方：乙。</p></body></html>"
    assert load(tmp_path, "a.doc", page.encode()).text.startswith("客服服务合同")


_OFD = "http://www.ofdspec.org/2016"


def _ofd(*pages: str) -> bytes:
    listed = "".join(
        f'<ofd:Page ID="{n}" BaseLoc="Pages/Page_{n}/Content.xml"/>' for n in range(len(pages))
    )
    files = {
        "OFD.xml": f'<ofd:OFD xmlns:ofd="{_OFD}"><ofd:DocBody>'
        "<ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        "Doc_0/Document.xml": f'<ofd:Document xmlns:ofd="{_OFD}"><ofd:CommonData><ofd:PageArea>'
        "<ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea></ofd:CommonData>"
        f"<ofd:Pages>{listed}</ofd:Pages></ofd:Document>",
    }
    for n, page in enumerate(pages):
        files[f"Doc_0/Pages/Page_{n}/Content.xml"] = (
            f'<ofd:Page xmlns:ofd="{_OFD}"><ofd:Content><ofd:Layer>{page}</ofd:Layer>'
            "</ofd:Content></ofd:Page>"
        )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return buffer.getvalue()


def _word(text: str, x: float, y: float) -> str:
    return (
        f'<ofd:TextObject Boundary="{x} {y} 150 6" Size="4.2">'
        f'<ofd:TextCode X="0" Y="5">{text}</ofd:TextCode></ofd:TextObject>'
    )


def _line(x: float, y: float, to_x: float, to_y: float) -> str:
    return (
        f'<ofd:PathObject Boundary="{x} {y} {to_x - x} {to_y - y}">'
        f"<ofd:AbbreviatedData>M 0 0 L {to_x - x} {to_y - y}</ofd:AbbreviatedData></ofd:PathObject>"
    )


def test_an_ofd_is_read_by_place_with_its_table(tmp_path: Path) -> None:
    grid = "".join(_line(30, y, 150, y) for y in (80, 90, 100))
    grid += "".join(_line(x, 80, x, 100) for x in (30, 80, 150))
    table_ = _word("指标", 32, 82) + _word("要求", 82, 82)
    table_ += _word("首次响应", 32, 92) + _word("不超过30秒", 82, 92)
    first = _word("乙方：合肥快答", 30, 50) + _word("甲方：杭州云裳", 30, 40)
    first += grid + table_ + _word("客户服务外包合同", 80, 25)
    contract = load(tmp_path, "合同.ofd", _ofd(first, _word("第一条 乙方提供客服服务。", 30, 30)))
    assert contract.text.splitlines() == [
        "客户服务外包合同",
        "甲方：杭州云裳",
        "乙方：合肥快答",
        "指标 | 要求",
        "首次响应 | 不超过30秒",
        "第一条 乙方提供客服服务。",
    ]
    assert contract.coverage.pages == 2


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(_ofd("<x/>"), id="without-text"),
        pytest.param(_ofd(_word("甲", 1, 1))[:-60], id="cut-off"),
        pytest.param(b"PK\x05\x06" + bytes(18), id="empty-archive"),
    ],
)
def test_an_ofd_that_cannot_be_read_gives_one_clear_error(data: bytes, tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match=r"a\.ofd"):
        load(tmp_path, "a.ofd", data)


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("a.docx", WORD, "word"),
        ("a", WORD, "word"),
        ("a.txt", b"%PDF-1.7", "pdf"),
        ("a.jpg", b"\x89PNG\r\n", "image"),
        ("a.xlsx", b"MZ", "other"),
        ("a.md", "# 合同".encode(), "text"),
    ],
)
def test_a_kind_follows_the_content_before_the_name(name: str, data: bytes, kind: str) -> None:
    assert kind_of(data, name) == kind


def test_the_examples_are_read_in_the_sandbox_as_in_this_process() -> None:
    for name in ("vendor_draft.docx", "vendor_draft.pdf", "roles_reversed.txt"):
        path = REPOSITORY / "examples" / name
        assert load_contract(path) == contract_from_bytes(path.read_bytes(), name)


def _socket_of(profile: Path) -> list[Path]:
    """Return the sockets that LibreOffice has open for a profile: it calls them after its hash."""
    digest = hashlib.md5(profile.as_uri().encode("utf-16-le"), usedforsecurity=False).digest()
    name = "".join(format(byte, "x") for byte in digest)
    return list(Path("/tmp").glob(f"OSL_PIPE_*_{name}"))


def test_a_conversion_that_is_killed_leaves_nothing(
    converted: dict[str, bytes], tmp_path: Path
) -> None:
    path, work = tmp_path / "a.rtf", tmp_path / "cache" / "work"
    path.write_bytes(converted[".rtf"])
    run = subprocess.Popen(
        [sys.executable, "-m", "reviewer", "review", str(path)],
        env={**os.environ, "REVIEWER_CACHE_DIR": str(tmp_path / "cache")},
        stdout=subprocess.DEVNULL,
    )
    until = time.monotonic() + 60
    profile = None
    while time.monotonic() < until and not (profile and _socket_of(profile)):
        profile = next(work.glob("job-*/profile"), profile)
        time.sleep(0.01)
    assert profile
    assert _socket_of(profile)
    run.kill()
    run.wait()
    while time.monotonic() < until and (_socket_of(profile) or list(work.iterdir())):
        time.sleep(0.05)
    assert _socket_of(profile) == []
    assert list(work.iterdir()) == []


_LINE = "第一条 乙方应当在三十秒内回复买家的咨询，逾期的每次扣减服务费一百元。\n"


@pytest.mark.parametrize(
    ("encoding", "broken"),
    [
        pytest.param("utf-8", b"\xff", id="utf-8"),
        pytest.param("gb18030", b"\xff\n", id="gb18030"),
        pytest.param("utf-16", b"\x00", id="utf-16-cut-off"),
    ],
)
def test_a_text_with_one_damaged_place_is_read_and_the_place_is_told(
    encoding: str, broken: bytes
) -> None:
    contract = contract_from_bytes((_LINE * 9).encode(encoding) + broken, "a.txt")
    assert contract.text.count("每次扣减服务费一百元") == 9
    assert any("编码已损坏" in warning for warning in contract.warnings)


def test_bytes_that_are_mostly_no_text_are_refused() -> None:
    with pytest.raises(Unreadable, match="编码无法识别"):
        contract_from_bytes(bytes(range(0x80, 0x100)) * 40, "a.txt")


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(" \u3000" * 2_000, id="blanks-of-two-kinds"),
        pytest.param("\n \n" * 1_000, id="blank-lines"),
        pytest.param("壹拾" * 50_000, id="formal-numerals"),
        pytest.param("1,111," * 10_000, id="figures-with-commas"),
        pytest.param("9" * 100_000, id="digits"),
    ],
)
def test_a_line_that_no_contract_has_is_refused_at_once(line: str) -> None:
    begun = time.process_time()
    with pytest.raises(Unreadable, match="文字异常"):
        contract_from_bytes(f"第一条 服务费{line}元。".encode(), "a.txt")
    assert time.process_time() - begun < 2


def test_more_sentences_than_any_contract_has_are_refused() -> None:
    with pytest.raises(Unreadable, match="超过 20000 句"):
        contract_from_bytes("甲方付款。\n".encode() * 20_001, "a.txt")
