"""Pictures, texts, web pages and old formats that mean harm."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable

from PIL import Image

from tests.hostile.words import packed

TEXT = "客服服务合同\n甲方：杭州云裳\n乙方：合肥快答\n第一条 乙方提供客服服务。\n"


def _chunk(kind: bytes, data: bytes) -> bytes:
    check = struct.pack(">I", zlib.crc32(kind + data))
    return struct.pack(">I", len(data)) + kind + data + check


def _png(wide: int, high: int, data: bytes) -> bytes:
    head = struct.pack(">IIBBBBB", wide, high, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")
    )


def _tiff_in_a_circle() -> bytes:
    entry = struct.pack("<HHII", 256, 4, 1, 10)
    return b"II*\x00" + struct.pack("<I", 8) + struct.pack("<H", 1) + entry + struct.pack("<I", 8)


def _jpeg() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (300, 200), "white").save(buffer, "JPEG")
    return buffer.getvalue()


def _ofd(body: bytes) -> bytes:
    space = b'xmlns:ofd="http://www.ofdspec.org/2016"'
    return packed(
        {
            "OFD.xml": b"<ofd:OFD %s><ofd:DocRoot>D.xml</ofd:DocRoot></ofd:OFD>" % space,
            "D.xml": b"<ofd:Document %s><ofd:Pages>%s</ofd:Pages></ofd:Document>" % (space, body),
        }
    )


OTHERS: dict[str, Callable[[], bytes]] = {
    "picture_65535.png": lambda: _png(65535, 65535, zlib.compress(bytes(1000))),
    "picture_7000.png": lambda: _png(7000, 7000, zlib.compress(bytes(7001 * 7000), 9)),
    "picture_of_nothing.png": lambda: _png(300, 300, b""),
    "picture_in_a_circle.tif": _tiff_in_a_circle,
    "cut_off.jpg": lambda: _jpeg()[:400],
    "noise.jpg": lambda: _jpeg()[:300] + bytes(range(256)) * 8,
    "nuls.txt": lambda: TEXT.replace("乙", "\0").encode(),
    "surrogates.txt": lambda: TEXT.encode() + b"\xed\xa0\x80\xed\xb0\x80",
    "overlong.txt": lambda: TEXT.encode() + b"\xc0\xaf\xe0\x80\xaf",
    "odd_utf16.txt": lambda: TEXT.encode("utf-16")[:-1],
    "lone_surrogate_utf16.txt": lambda: b"\xff\xfe" + TEXT.encode("utf-16-le") + b"\x00\xd8",
    "big5.txt": lambda: "客服服務合約\n甲方：杭州\n".encode("big5"),
    "utf7.txt": lambda: TEXT.encode("utf-7"),
    "mark_only.txt": lambda: b"\xef\xbb\xbf",
    "bytes.txt": lambda: bytes(range(256)) * 40,
    "directions.txt": lambda: (TEXT + "\u202e" * 5000 + "\u200b" * 5000).encode(),
    "marks_upon_marks.txt": lambda: (TEXT + "条" + "\u0301" * 100_000).encode(),
    "one_line.txt": lambda: (TEXT + "乙方应当在三十日内支付，" * 9_000).encode(),
    "short_numbers.txt": lambda: (TEXT + ("第" + "一" * 400 + "条 " + "9" * 400) * 50).encode(),
    "numbers.txt": lambda: (TEXT + "第" + "一" * 100_000 + "条 " + "9" * 100_000).encode(),
    "brackets.txt": lambda: (TEXT + "（" * 100_000 + "1." * 100_000).encode(),
    "spaces.txt": lambda: (TEXT + " " * 300_000 + "。" + "\t" * 300_000).encode(),
    "headings.txt": lambda: (TEXT + "第一条\n" * 9_000).encode(),
    "quotes.txt": lambda: (TEXT + "“" * 100_000 + "《" * 100_000).encode(),
    "deep.html": lambda: b"<html><body>" + b"<div>" * 100_000 + TEXT.encode(),
    "cells.html": lambda: b"<html><table>" + b"<tr><td><table>" * 20_000 + TEXT.encode(),
    "entities.html": lambda: b'<!DOCTYPE html [<!ENTITY a "b">]><html>' + b"&a;&#0;&#xD800;" * 5000,
    "attributes.html": lambda: b"<html><p " + b"a=b " * 100_000 + b">" + TEXT.encode(),
    "groups.rtf": lambda: b"{\\rtf1" + b"{" * 20_000 + b"x",
    "object.rtf": lambda: b"{\\rtf1 {\\object\\objupdate{\\*\\objdata " + b"01" * 3000 + b"}} a}",
    "garbage.doc": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(range(256)) * 20,
    "garbage.wps": lambda: b"\xd0\xcf\x11\xe0" + b"\xff" * 4000,
    "bomb.odt": lambda: packed(
        {"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b" " * 60_000_000}
    ),
    "bomb.ofd": lambda: packed({"OFD.xml": b"<a>" + b" " * 60_000_000}),
    "climbing.ofd": lambda: _ofd(b'<ofd:Page BaseLoc="../../../etc/passwd"/>'),
    "pages.ofd": lambda: _ofd(b'<ofd:Page BaseLoc="../D.xml"/>' * 30_000),
    "empty.ofd": lambda: packed({"OFD.xml": b"<a/>"}, zipfile.ZIP_STORED),
    "no_name": lambda: b"\x7fELF" + bytes(100),
    "program.exe": lambda: b"MZ" + bytes(100),
}
