"""PDF files that mean harm."""

import zlib
from collections.abc import Callable, Sequence

from tests.pdffiles import CONTRACT, Page


def pdf(objects: Sequence[bytes], *, root: int = 1, xref: bool = True, extra: bytes = b"") -> bytes:
    """Return a PDF of these objects, numbered from 1."""
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    start = len(out)
    if xref:
        out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
        out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<</Size %d /Root %d 0 R %s>>\n" % (len(objects) + 1, root, extra)
    return bytes(out + b"startxref\n%d\n%%%%EOF" % start)


def stream(data: bytes, head: bytes = b"", *, length: int | None = None) -> bytes:
    """Return a stream object."""
    size = len(data) if length is None else length
    return b"<<%s /Length %d>>\nstream\n" % (head, size) + data + b"\nendstream"


def _page(content: bytes, resources: bytes = b"<<>>", box: bytes = b"[0 0 595 842]") -> list[bytes]:
    return [
        b"<</Type /Catalog /Pages 2 0 R>>",
        b"<</Type /Pages /Kids [3 0 R] /Count 1>>",
        b"<</Type /Page /Parent 2 0 R /MediaBox %s /Contents 4 0 R /Resources %s>>"
        % (box, resources),
        content,
    ]


def _deflated(data: bytes, times: int = 1) -> bytes:
    for _ in range(times):
        data = zlib.compress(data, 9)
    return stream(data, b"/Filter [%s]" % (b"/FlateDecode " * times))


def _good() -> bytes:
    return Page().text(*CONTRACT).bytes()


def _pages(kids: bytes, count: int = 1) -> bytes:
    return pdf(
        [
            b"<</Type /Catalog /Pages 2 0 R>>",
            b"<</Type /Pages /Kids [%s] /Count %d /Parent 2 0 R>>" % (kids, count),
        ]
    )


def _image(wide: int, high: int, data: bytes) -> bytes:
    head = b"/Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceRGB" % (
        wide,
        high,
    )
    picture = stream(zlib.compress(data, 9), head + b" /BitsPerComponent 8 /Filter /FlateDecode")
    page = _page(stream(b"595 0 0 842 0 0 cm /I Do"), b"<</XObject <</I 5 0 R>>>>")
    return pdf([*page, picture])


def _form(number: int, body: bytes, others: bytes) -> bytes:
    head = (
        b"/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources <</XObject <<%s>>>>" % others
    )
    return stream(body, head)


def _forms_without_end() -> bytes:
    page = _page(stream(b"/F Do"), b"<</XObject <</F 5 0 R>>>>")
    return pdf([*page, _form(5, b"/F Do /F Do", b"/F 5 0 R")])


def _forms_that_multiply() -> bytes:
    forms = [_form(n, b"/F Do " * 10, b"/F %d 0 R" % (n + 1)) for n in range(5, 13)] + [
        stream(b"0 0 m 9 9 l S", b"/Type /XObject /Subtype /Form /BBox [0 0 9 9]")
    ]
    return pdf([*_page(stream(b"/F Do"), b"<</XObject <</F 5 0 R>>>>"), *forms])


def _object_streams() -> bytes:
    """Return a PDF whose object streams lie in each other."""
    inner = b"2 0 3 10 " + b"<</A 3 0 R>> <</B 2 0 R>>"
    return pdf(
        [
            b"<</Type /Catalog /Pages 2 0 R>>",
            stream(inner, b"/Type /ObjStm /N 2 /First 9 /Extends 3 0 R"),
            stream(inner, b"/Type /ObjStm /N 2 /First 9 /Extends 2 0 R"),
        ]
    )


def _calculator() -> bytes:
    action = (
        b"/OpenAction <</S /Launch /F (calc.exe)>> /AA <</WC <</S /JavaScript /JS (while(1){})>>>>"
    )
    objects = _page(stream(b"BT ET"))
    objects[0] = b"<</Type /Catalog /Pages 2 0 R %s>>" % action
    return pdf(objects)


PDFS: dict[str, Callable[[], bytes]] = {
    "unterminated.pdf": lambda: _good()[:900],
    "endless_stream.pdf": lambda: pdf(_page(stream(b"BT (x) Tj", length=10**9)))[:-300],
    "pages_in_a_circle.pdf": lambda: _pages(b"2 0 R"),
    "pages_of_two_in_a_circle.pdf": lambda: pdf(
        [
            b"<</Type /Catalog /Pages 2 0 R>>",
            b"<</Type /Pages /Kids [3 0 R 3 0 R] /Count 2>>",
            b"<</Type /Pages /Kids [2 0 R 2 0 R] /Count 2 /Parent 2 0 R>>",
        ]
    ),
    "a_billion_pages.pdf": lambda: _pages(b"", 10**9),
    "minus_one_page.pdf": lambda: _pages(b"", -1),
    "object_streams_in_each_other.pdf": _object_streams,
    "wrong_xref.pdf": lambda: _good().replace(b"startxref\n", b"startxref\n9"),
    "xref_points_to_itself.pdf": lambda: pdf(_page(stream(b"BT ET")), extra=b"/Prev 9").replace(
        b"/Prev 9", b"/Prev %d" % pdf(_page(stream(b"BT ET"))).find(b"xref")
    ),
    "no_xref.pdf": lambda: pdf(_page(stream(b"BT ET")), xref=False),
    "picture_65535.pdf": lambda: _image(65535, 65535, bytes(100)),
    "picture_20000.pdf": lambda: _image(20_000, 20_000, bytes(12_000_000)),
    "page_as_large_as_a_field.pdf": lambda: pdf(
        _page(stream(b"BT ET"), box=b"[0 0 99999999 99999999]")
    ),
    "page_without_size.pdf": lambda: pdf(_page(stream(b"0 0 9 9 re f"), box=b"[0 0 0 0]")),
    "page_of_nan.pdf": lambda: pdf(_page(stream(b"BT ET"), box=b"[nan inf (x) null]")),
    "content_bomb.pdf": lambda: pdf(_page(_deflated(b"0 0 m 9 9 l S " * 3_000_000))),
    "filters_upon_filters.pdf": lambda: pdf(_page(_deflated(bytes(30_000_000), times=3))),
    "forms_without_end.pdf": _forms_without_end,
    "forms_that_multiply.pdf": _forms_that_multiply,
    "brackets.pdf": lambda: pdf(_page(stream(b"[" * 200_000))),
    "dictionaries.pdf": lambda: pdf([b"<</A " * 50_000, *_page(stream(b"BT ET"))[1:]]),
    "calculator.pdf": _calculator,
    "unknown_encryption.pdf": lambda: pdf(
        _page(stream(b"BT ET")), extra=b"/Encrypt <</Filter /Evil /V 9>> /ID [(a)(b)]"
    ),
    "only_the_head.pdf": lambda: b"%PDF-1.4",
    "zeros.pdf": lambda: b"%PDF-1.4\n" + bytes(10_000),
    "text_after_text.pdf": lambda: pdf(
        _page(stream(b"BT /F 1 Tf " + b"(a) Tj " * 300_000 + b"ET"))
    ),
    "rules_upon_rules.pdf": lambda: pdf(
        _page(
            _deflated(
                b"".join(
                    b"%d 0 m %d 800 l S 0 %d m 590 %d l S " % (n % 590, n % 590, n % 800, n % 800)
                    for n in range(8_000)
                )
            )
        )
    ),
}
