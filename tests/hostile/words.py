"""Word files that mean harm."""

import io
import struct
import zipfile
from collections.abc import Callable, Mapping

from tests.wordfiles import docx, numbered, numbering, paragraph, part

HEAD = "".join(
    map(
        paragraph, ("客服服务合同", "甲方：杭州云裳", "乙方：合肥快答", "第一条 乙方提供客服服务。")
    )
)
_TIME = (2026, 1, 1, 0, 0, 0)


def packed(parts: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return an archive of these parts, the same bytes every time."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, data in parts.items():
            archive.writestr(zipfile.ZipInfo(name, _TIME), data, method, 9)
    return buffer.getvalue()


def unpacked(data: bytes) -> dict[str, bytes]:
    """Return the parts of an archive."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {info.filename: archive.read(info) for info in archive.infolist()}


def word(body: str = HEAD, **parts: str) -> bytes:
    """Return a Word file, the same bytes every time."""
    return packed(unpacked(docx(body, **parts)))


def changed(data: bytes, **changes: bytes) -> bytes:
    """Return a Word file with its main part (`main=`) or other parts replaced or added."""
    parts = unpacked(data)
    for name, content in changes.items():
        parts["word/document.xml" if name == "main" else name.replace("__", "/")] = content
    return packed(parts)


def _main(before: bytes, body: str = HEAD) -> bytes:
    """Return a Word file whose main part has `before` in front of its root element."""
    main = unpacked(word(body))["word/document.xml"]
    head, root = main.split(b"?>", 1)
    return changed(word(), main=head + b"?>" + before + root)


def _laughs() -> bytes:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return _main(f'<!DOCTYPE d [<!ENTITY l0 "哈">{entities}]>'.encode(), HEAD + paragraph("&l9;"))


def _external(target: str) -> bytes:
    return _main(
        f'<!DOCTYPE d [<!ENTITY x SYSTEM "{target}">]>'.encode(), HEAD + paragraph("泄露：&x;")
    )


def _nested(depth: int) -> str:
    opening = "<w:tbl><w:tblPr/><w:tblGrid/><w:tr><w:tc>" * depth
    return HEAD + opening + paragraph("最里面") + "<w:p/></w:tc></w:tr></w:tbl>" * depth


def _relations(links: str) -> bytes:
    base = "http://schemas.openxmlformats.org"
    return (
        f'<Relationships xmlns="{base}/package/2006/relationships">{links}</Relationships>'
    ).encode()


def _linked() -> bytes:
    kinds = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    links = "".join(
        f'<Relationship Id="r{n}" Type="{kinds}/{kind}" TargetMode="External" '
        f'Target="http://127.0.0.1:9/{kind}"/>'
        for n, kind in enumerate(
            ("image", "attachedTemplate", "oleObject", "subDocument", "frame", "aFChunk", "header")
        )
    )
    parts = unpacked(word())
    parts["word/_rels/document.xml.rels"] = _relations(links)
    return packed(parts)


def _looping_styles() -> bytes:
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="s{n}"><w:basedOn w:val="s{(n + 1) % 5}"/></w:style>'
        for n in range(5)
    )
    body = HEAD + paragraph("第二条 循环。", '<w:pStyle w:val="s0"/>')
    return word(body, styles=part("styles", styles), numbering=numbering(("decimal", "%1.")))


def _numbers() -> bytes:
    levels = (
        ("chineseCountingThousand", "第%1条"),
        ("decimal", "%1.%2.%3.%4.%5.%6.%7.%8.%9"),
        ("nonsense", "%0%99%%"),
    )
    made = numbering(*levels).replace('w:val="1"', 'w:val="99999999999999999999"', 1)
    items = "".join(numbered(f"条款{n}", 1, n) for n in (0, 1, 2, 8, 9, 99999))
    return word(HEAD + items, numbering=made)


def _claims(size: int) -> bytes:
    """Return an archive whose main part claims another size than it has."""
    data = bytearray(word())
    at = data.rfind(b"PK\x01\x02")
    while at >= 0:
        length = struct.unpack_from("<H", data, at + 28)[0]
        if data[at + 46 : at + 46 + length] == b"word/document.xml":
            struct.pack_into("<I", data, at + 24, size)
        at = data.rfind(b"PK\x01\x02", 0, at)
    return bytes(data)


def _method(number: int) -> bytes:
    data = bytearray(word())
    for sign, offset in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        at = data.find(sign)
        while at >= 0:
            struct.pack_into("<H", data, at + offset, number)
            at = data.find(sign, at + 4)
    return bytes(data)


def _text_boxes() -> bytes:
    inner = paragraph("框里的字")
    for _ in range(40):
        inner = f"<w:p><w:r><w:pict><v:textbox><w:txbxContent>{inner}</w:txbxContent></v:textbox></w:pict></w:r></w:p>"
    return word(HEAD + inner)


def _long(size: int) -> str:
    """Return a sentence of about a megabyte that does not repeat itself."""
    number, made = 1, []
    for _ in range(size // 10):
        number = number * 1103515245 % 2147483647
        made.append(f"第{number % 9973}项应在{number % 97}日内办理，")
    return "".join(made)


WORDS: dict[str, Callable[[], bytes]] = {
    "bomb.docx": lambda: changed(word(), main=b"<w/>" + b" " * 60_000_000),
    "bomb_in_a_picture.docx": lambda: changed(word(), word__media__a=bytes(60_000_000)),
    "archives_in_archives.docx": lambda: packed(
        {"word/document.xml": packed({"a.docx": packed({"a.docx": word()})})}
    ),
    "billion_laughs.docx": _laughs,
    "entity_file.docx": lambda: _external("file:///etc/passwd"),
    "entity_http.docx": lambda: _external("http://127.0.0.1:9/x"),
    "nested_tables_40.docx": lambda: word(_nested(40)),
    "nested_tables_10000.docx": lambda: word(_nested(10_000)),
    "nested_runs.docx": lambda: word(
        HEAD + "<w:p>" + "<w:smartTag>" * 5000 + "</w:smartTag>" * 5000 + "</w:p>"
    ),
    "text_boxes.docx": _text_boxes,
    "one_paragraph.docx": lambda: word(HEAD + paragraph(_long(350_000))),
    "two_hundred_thousand_paragraphs.docx": lambda: word(HEAD + "<w:p/>" * 200_000),
    "many_columns.docx": lambda: word(
        HEAD + "<w:tbl><w:tr>" + "<w:tc><w:p/></w:tc>" * 50_000 + "</w:tr></w:tbl>"
    ),
    "linked.docx": _linked,
    "embedded_ole.docx": lambda: changed(
        word(), word__embeddings__oleObject1="\x01Ole10Native calc.exe".encode("utf-16-le")
    ),
    "macro.docm": lambda: changed(word(), word__vbaProject=b"\xd0\xcf\x11\xe0" + bytes(400)),
    "names_that_climb.docx": lambda: packed(
        {**unpacked(word()), "../../../etc/cron.d/x": b"x", "/etc/passwd": b"x", "C:\\x": b"x"}
    ),
    "looping_styles.docx": _looping_styles,
    "absurd_numbers.docx": _numbers,
    "nul.docx": lambda: changed(
        word(), main=unpacked(word())["word/document.xml"].replace("乙方".encode(), b"\0")
    ),
    "surrogate.docx": lambda: word(HEAD + paragraph("孤&#xD800;立")),
    "surrogate_bytes.docx": lambda: changed(
        word(), main=unpacked(word())["word/document.xml"].replace("乙方".encode(), b"\xed\xa0\x80")
    ),
    "utf16.docx": lambda: changed(
        word(),
        main=unpacked(word())["word/document.xml"]
        .decode()
        .replace("UTF-8", "UTF-16")
        .encode("utf-16"),
    ),
    "wrong_encoding.docx": lambda: changed(
        word(), main=unpacked(word())["word/document.xml"].decode().encode("gb18030")
    ),
    "unknown_encoding.docx": lambda: changed(
        word(), main=unpacked(word())["word/document.xml"].replace(b"UTF-8", b"klingon")
    ),
    "claims_4_gigabytes.docx": lambda: _claims(0xFFFFFFF0),
    "claims_nothing.docx": lambda: _claims(0),
    "unknown_method.docx": lambda: _method(97),
    "cut_off.docx": lambda: word()[:-200],
    "root_only.docx": lambda: changed(word(), main=b"<a/>"),
    "no_xml.docx": lambda: changed(word(), main=b"\xff\xfe\x00"),
    "empty_body.docx": lambda: word(""),
    "main_is_missing.docx": lambda: packed({"[Content_Types].xml": b"<Types/>"}),
}
