"""Web pages saved as contracts: their text, table rows kept together, nothing fetched."""

import re
from collections.abc import Iterator

from lxml import etree

from reviewer.contract import Hidden
from reviewer.errors import Unreadable
from reviewer.ingest.limits import Limits
from reviewer.ingest.mime import is_mime, page_in
from reviewer.ingest.plain import clean, decoded
from reviewer.ingest.source import Source

_WITHOUT_TEXT = (
    "script style template noscript head title meta link iframe object embed applet svg math canvas "
    "audio video select option button textarea"
)
_SKIPPED = frozenset(_WITHOUT_TEXT.split())
_LINES_OF_THEIR_OWN = (
    "p div section article header footer main nav aside h1 h2 h3 h4 h5 h6 ul ol li dl dt dd pre "
    "blockquote table thead tbody tfoot tr caption figure form fieldset address hr center"
)
_BLOCKS = frozenset(_LINES_OF_THEIR_OWN.split())
_CHARSET = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?\s*([\w-]{2,20})""", re.I)
_UNSEEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d])|opacity\s*:\s*0(?![.\d])"
    r"|(?<![-\w])color\s*:\s*(?:#fff(?:fff)?\b|white\b|transparent)",
    re.I,
)


def read_html(data: bytes, name: str, limits: Limits) -> Source:
    """Return the text of a web page, one line for each block and each table row.

    Raises:
        Unreadable: Its bytes are no text, or it is nested beyond measure.
    """
    if is_mime(data):
        data = page_in(data)
    named = _CHARSET.search(data[:4096])
    text = decoded(data, name, named.group(1).decode("ascii") if named else None)
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", text)
    parser = etree.HTMLParser(no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(text, parser)
    except (etree.XMLSyntaxError, etree.ParserError, ValueError) as error:
        raise Unreadable(f"{name} 不是有效的网页文件", remedy="请另存为 .docx 或 .txt") from error
    if any("depth" in (entry.message or "") for entry in parser.error_log):
        raise Unreadable(f"{name} 的嵌套层数异常", remedy="请另存为 .docx 或 .txt")
    page = _Page()
    if root is not None:
        page.read(root)
    return Source(page.text(), hidden=tuple(page.hidden))


class _Page:
    """Collects lines while the tree is walked."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._line: list[str] = []
        self.hidden: list[Hidden] = []

    def text(self) -> str:
        """Return the lines so far."""
        self._end()
        return "\n".join(self._lines) + "\n"

    def _end(self) -> None:
        line = re.sub(r"[ \t\n]+", " ", "".join(self._line)).strip()
        if line:
            self._lines.append(line)
        self._line = []

    def read(self, element: etree._Element, *, number: str = "") -> None:
        """Read an element and what is in it."""
        tag = element.tag if isinstance(element.tag, str) else ""
        if tag in _SKIPPED:
            return
        if _is_unseen(element):
            words = re.sub(r"\s+", " ", clean("".join(map(str, element.itertext())))).strip()
            if words:
                self.hidden.append(
                    Hidden(text=words[:2000], how="网页里不显示的文字", where="正文")
                )
            return
        if tag == "tr":
            self._row(element)
            return
        if tag == "br":
            self._end()
        block = tag in _BLOCKS
        if block:
            self._end()
        if number:
            self._line.append(number)
        self._write(element.text, kept=tag == "pre")
        for child, label in _numbered(element, tag):
            self.read(child, number=label)
            self._write(child.tail, kept=tag == "pre")
        if block:
            self._end()

    def _write(self, text: str | None, *, kept: bool) -> None:
        if not text:
            return
        first, *rest = clean(text).split("\n") if kept else [clean(text)]
        self._line.append(first)
        for line in rest:
            self._end()
            self._line.append(line)

    def _row(self, row: etree._Element) -> None:
        self._end()
        cells = [cell for cell in row if cell.tag in ("td", "th")]
        texts = []
        for cell in cells:
            inner = _Page()
            inner.read(cell)
            self.hidden += inner.hidden
            texts.append(" ".join(inner.text().split("\n")).strip())
        if len(texts) == 1:
            self._lines += [texts[0]] if texts[0] else []
        elif any(texts):
            self._lines.append(" | ".join(texts))


def _numbered(element: etree._Element, tag: str) -> Iterator[tuple[etree._Element, str]]:
    """Yield the children, with the number that the page shows before each item of a list."""
    try:
        number = int(element.get("start") or 1) if tag == "ol" else 0
    except ValueError:
        number = 1
    for child in element:
        if tag == "ol" and child.tag == "li":
            yield child, f"{number}. "
            number += 1
        else:
            yield child, ""


def _is_unseen(element: etree._Element) -> bool:
    return element.get("hidden") is not None or bool(_UNSEEN.search(element.get("style") or ""))
