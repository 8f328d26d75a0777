"""Small PDF files that tell the truth, or do not."""

import io
import re
from collections.abc import Sequence

import pypdf
import pypdfium2
from PIL import Image
from pypdf.generic import NameObject, StreamObject
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

FONT = "STSong-Light"
pdfmetrics.registerFont(UnicodeCIDFont(FONT))

CONTRACT = (
    "客户服务外包合同",
    "甲方：杭州云裳服饰有限公司",
    "乙方：合肥快答信息技术有限公司",
    "第一条 乙方为甲方网店提供在线客服服务，服务时间为每日九时至二十二时。",
    "第二条 首次响应不超过三十秒，每超过一秒扣减当月服务费一百元。",
    "第三条 服务费按月结算，甲方应在每月十日前支付上月服务费。",
    "第四条 任何一方违约的，应当赔偿对方因此受到的全部损失。",
    "第五条 乙方应当对客户信息保密，不得向任何第三方泄露或者用于其他目的。",
    "第六条 本合同自双方签字盖章之日起生效，有效期一年。",
)


class Page:
    """A page of A4 to draw on."""

    def __init__(self) -> None:
        self._buffer = io.BytesIO()
        self.canvas = Canvas(self._buffer, pagesize=(595, 842), invariant=True)
        self._line = 780.0
        self.canvas.setFont(FONT, 11)

    def text(self, *lines: str, x: float = 70, mode: int | None = None) -> "Page":
        """Write lines below each other."""
        for line in lines:
            writer = self.canvas.beginText(x, self._line)
            writer.setFont(FONT, 11)
            if mode is not None:
                writer.setTextRenderMode(mode)
            writer.textLine(line)
            self.canvas.drawText(writer)
            self._line -= 20
        return self

    def at(self, y: float) -> "Page":
        """Go on at a height."""
        self._line = y
        return self

    def new(self) -> "Page":
        """Begin another page."""
        self.canvas.showPage()
        self.canvas.setFont(FONT, 11)
        self._line = 780.0
        return self

    def table(self, rows: Sequence[Sequence[str]], widths: Sequence[float]) -> "Page":
        """Draw a ruled table; `\\n` breaks a cell's text."""
        top = self._line + 14
        edges = [70.0]
        for width in widths:
            edges.append(edges[-1] + width)
        y = top
        for row in rows:
            high = 18 * max(cell.count("\n") + 1 for cell in row)
            for cell, x in zip(row, edges, strict=False):
                for n, part in enumerate(cell.split("\n")):
                    self.canvas.drawString(x + 4, y - 14 - 18 * n, part)
            self.canvas.line(edges[0], y, edges[-1], y)
            y -= high
        self.canvas.line(edges[0], y, edges[-1], y)
        for x in edges:
            self.canvas.line(x, top, x, y)
        self._line = y - 24
        return self

    def bytes(self) -> bytes:
        """Return the file."""
        if not self._buffer.getvalue():
            self.canvas.save()
        return self._buffer.getvalue()


def remapped(data: bytes, change: dict[str, str]) -> bytes:
    """Return a PDF whose fonts map their glyphs to other characters than they show."""
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(data))
    for thing in writer._objects:
        if not isinstance(thing, pypdf.generic.DictionaryObject) or "/ToUnicode" not in thing:
            continue
        stream = thing["/ToUnicode"].get_object()
        text = re.sub(
            r"(<[0-9A-Fa-f]+>\s*)<([0-9A-Fa-f]{4})>(?=\s*\n)",
            lambda m: f"{m[1]}<{ord(change.get(chr(int(m[2], 16)), chr(int(m[2], 16)))):04X}>",
            stream.get_data().decode("latin-1"),
        )
        made = StreamObject()
        made.set_data(text.encode("latin-1"))
        thing[NameObject("/ToUnicode")] = writer._add_object(made)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def picture(data: bytes, page: int = 0, dpi: int = 200, bottom: float = 0.0) -> Image.Image:
    """Return a page as an image, cut off `bottom` points above its lower edge."""
    document = pypdfium2.PdfDocument(data)
    image = document[page].render(scale=dpi / 72, crop=(0, bottom, 0, 0)).to_pil()
    document.close()
    return image.convert("RGB")


def scanned(*images: Image.Image) -> bytes:
    """Return a PDF whose pages are these images and nothing else."""
    buffer = io.BytesIO()
    images[0].save(buffer, "PDF", save_all=True, append_images=images[1:], resolution=200)
    return buffer.getvalue()


def encoded(image: Image.Image, form: str = "PNG") -> bytes:
    """Return an image as a file."""
    buffer = io.BytesIO()
    image.save(buffer, form)
    return buffer.getvalue()


def together(*files: bytes) -> bytes:
    """Return the pages of several PDF files in one."""
    writer = pypdf.PdfWriter()
    for data in files:
        writer.append(io.BytesIO(data))
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
