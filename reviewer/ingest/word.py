"""Word files: text, and where each character came from.

The text is one line for each paragraph and one for each table row (cells joined by ` | `, the
paragraphs of a cell by a blank). A `WordParagraph` says which `w:p` a stretch of a line is: its
first `prefix` characters are the displayed automatic number and not in the file; the rest maps
one to one to `visible(paragraph)`. Deleted text is left out, inserted text is in (the accepted
state); hidden and white text is left out and reported. Text boxes are read once, behind the
paragraph they are anchored in; footnotes, headers and footers stand behind the text.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from reviewer.contract import Hidden, TrackedChange, Unread
from reviewer.errors import Unreadable
from reviewer.ingest.characters import DRAWING, drawn, is_hidden, visible, words_of
from reviewer.ingest.limits import Limits
from reviewer.ingest.numbering import Numbering
from reviewer.ingest.package import MC, Package, R, open_package, w


@dataclass(frozen=True)
class WordParagraph:
    """One `w:p` of the file and where it stands in the text."""

    part: str
    index: int
    """Running number over all `w:p` of the part in document order."""
    start: int
    end: int
    prefix: int
    style: str | None
    num_id: str | None
    level: int
    in_table: bool


@dataclass(frozen=True)
class WordText:
    """The text of a Word file."""

    text: str
    paragraphs: tuple[WordParagraph, ...]
    changes: tuple[TrackedChange, ...]
    hidden: tuple[Hidden, ...]
    unread: tuple[Unread, ...]
    aside_from: int | None
    """Where notes, headers and footers begin in the text."""
    package: Package

    @property
    def has_its_text_in_pictures(self) -> bool:
        """Return whether there is little text, and pictures that may hold the rest."""
        return any("图片" in part.part for part in self.unread)


@dataclass
class _Builder:
    """Collects lines and the map while the document is walked."""

    numbering: Numbering
    chunks: dict[str, str] = field(default_factory=dict)
    """Text of diagrams, and of files that the document takes in, by the id of the relation."""
    part: str = ""
    index_of: dict[etree._Element, int] = field(default_factory=dict)
    pieces: list[str] = field(default_factory=list)
    length: int = 0
    paragraphs: list[WordParagraph] = field(default_factory=list)
    changes: list[TrackedChange] = field(default_factory=list)
    hidden: list[Hidden] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)

    def write(self, text: str) -> None:
        self.pieces.append(text)
        self.length += len(text)

    def enter(self, part: str, root: etree._Element) -> None:
        self.part = part
        self.index_of = {p: n for n, p in enumerate(root.iter(w("p")))}


def read_word(
    data: bytes, name: str = "合同.docx", limits: Limits | None = None, *, taken_in: bool = False
) -> WordText:
    """Return the text of a .docx with its map.

    Args:
        data: The file.
        name: Its name, for messages.
        limits: Bounds.
        taken_in: Whether another file takes it in; what it takes in itself is then not read.

    Raises:
        Unreadable: It is damaged, encrypted, too large or has no main part.
    """
    limits = limits or Limits()
    package = open_package(data, name, limits)
    root = package.root(package.main)
    if root is None:
        raise Unreadable(f"{name} 缺少正文部分，不是完整的 .docx", remedy="请用 Word/WPS 重新保存")
    return read_root(package, root, name, limits, taken_in=taken_in)


def read_root(
    package: Package,
    root: etree._Element,
    name: str = "合同.docx",
    limits: Limits | None = None,
    *,
    taken_in: bool = False,
) -> WordText:
    """Return the text of a .docx whose main part is, or was changed to, `root`.

    Raises:
        Unreadable: It has no body, or too much text.
    """
    limits = limits or Limits()
    body = root.find(w("body"))
    if body is None:
        raise Unreadable(f"{name} 缺少正文部分，不是完整的 .docx", remedy="请用 Word/WPS 重新保存")
    numbering = Numbering(_first(package, "numbering"), _first(package, "styles"))
    builder = _Builder(numbering, {} if taken_in else _chunks(package, name, limits))
    builder.enter(package.main, root)
    try:
        _block(body, builder)
    except RecursionError as error:
        raise Unreadable(f"{name} 的嵌套层数异常", remedy="请用 Word/WPS 重新保存") from error
    if builder.length > limits.max_characters:
        raise Unreadable(f"{name} 文字过多", remedy=f"请拆分到 {limits.max_characters} 字以内")
    aside_from = _asides(package, builder)
    return WordText(
        text="".join(builder.pieces),
        paragraphs=tuple(builder.paragraphs),
        changes=tuple(builder.changes),
        hidden=tuple(builder.hidden),
        unread=(*builder.unread, *_pictures(root, builder.length)),
        aside_from=aside_from,
        package=package,
    )


def _first(package: Package, kind: str) -> etree._Element | None:
    names = package.related(kind)
    return package.root(names[0]) if names else None


_ASIDES = {"footnotes": "脚注", "endnotes": "尾注", "header": "页眉", "footer": "页脚"}


def _asides(package: Package, builder: _Builder) -> int | None:
    start: int | None = None
    for kind in _ASIDES:
        for name in package.related(kind):
            root = package.root(name)
            if root is None and name in package.parts:
                builder.unread.append(Unread(part=_ASIDES[kind], reason="该部分已损坏"))
            if root is None or not "".join(map(str, root.itertext())).strip():
                continue
            builder.enter(name, root)
            if start is None:
                start = builder.length
            _block(root, builder)
    return start if start is not None and builder.length > start else None


def pictures(word: WordText) -> list[bytes]:
    """Return the pictures of the main text in its order, each once; linked ones are not there."""
    package = word.package
    root = package.root(package.main)
    targets = dict(package.relations("image"))
    found: dict[str, bytes] = {}
    for element in root.iter() if root is not None else ():
        target = targets.get(element.get(f"{{{R}}}embed") or element.get(f"{{{R}}}id") or "", "")
        if target in package.parts:
            found[target] = package.parts[target]
    return list(found.values())


def _pictures(root: etree._Element, length: int) -> tuple[Unread, ...]:
    count = sum(
        1 for _ in root.iter("{http://schemas.openxmlformats.org/drawingml/2006/picture}pic")
    )
    if not count or length > 400:
        return ()
    return (Unread(part=f"{count} 张图片", reason="文字很少，内容可能在图片里"),)


def _block(element: etree._Element, builder: _Builder) -> None:
    for child in element:
        tag = child.tag
        if tag == w("p"):
            _line(child, builder)
        elif tag == w("tbl"):
            for row in child.iter(w("tr")):
                if _owner(row, w("tbl")) is child:
                    _row(row, builder)
        elif tag == w("altChunk"):
            _chunk(child, builder)
        elif isinstance(tag, str) and tag not in (
            w("sectPr"),
            f"{{{MC}}}Fallback",
            w("del"),
            w("moveFrom"),
        ):
            _block(child, builder)


def _chunks(package: Package, name: str, limits: Limits) -> dict[str, str]:
    """Return the text of diagrams and of files that are taken in whole, by relation."""
    from reviewer.ingest.html import read_html
    from reviewer.ingest.kinds import kind_of
    from reviewer.ingest.plain import read_plain

    found = {}
    for key, part in package.relations("aFChunk"):
        data = package.parts.get(part, b"")
        kind = kind_of(data, part)
        try:
            if kind == "html":
                found[key] = read_html(data, name, limits).text
            elif kind == "text":
                found[key] = read_plain(data, name)
            elif kind == "word" and data is not package.parts.get(package.main):
                found[key] = read_word(data, name, limits, taken_in=True).text
        except Unreadable:
            continue
    for key, part in package.relations("diagramData"):
        root = package.root(part)
        lines = [] if root is None else [words_of(line) for line in root.iter(DRAWING + "p")]
        found[key] = "".join(line + "\n" for line in lines if line)
    return found


def _chunk(element: etree._Element, builder: _Builder) -> None:
    text = builder.chunks.pop(element.get(f"{{{R}}}id") or "", None)
    if text is None:
        builder.unread.append(Unread(part="文件里嵌入的另一份文件", reason="格式不支持或已损坏"))
    elif text.strip():
        builder.write(text.rstrip("\n") + "\n")


def _owner(element: etree._Element, tag: str) -> etree._Element | None:
    return next(element.iterancestors(tag), None)


def _line(paragraph: etree._Element, builder: _Builder) -> None:
    wrote = _paragraph(paragraph, builder, in_table=False)
    if not _mark_deleted(paragraph) and (wrote or not _was_deleted(paragraph)):
        builder.write("\n")
    _beside(paragraph, builder)


def _beside(paragraph: etree._Element, builder: _Builder) -> None:
    """Write what stands in text boxes and on drawings that a paragraph holds."""
    for box in _boxes(paragraph):
        _block(box, builder)
    for words in drawn(paragraph):
        builder.write(words + "\n")
    for diagram in paragraph.iter(_DIAGRAM):
        if _owner(diagram, w("p")) is paragraph:
            builder.write(builder.chunks.pop(diagram.get(f"{{{R}}}dm") or "", ""))


_DIAGRAM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}relIds"


def _boxes(paragraph: etree._Element) -> Iterator[etree._Element]:
    for box in paragraph.iter(w("txbxContent")):
        if _owner(box, f"{{{MC}}}Fallback") is None and _owner(box, w("p")) is paragraph:
            yield box


def _mark_deleted(paragraph: etree._Element) -> bool:
    return paragraph.find(f"{w('pPr')}/{w('rPr')}/{w('del')}") is not None


def _was_deleted(paragraph: etree._Element) -> bool:
    return paragraph.find(f".//{w('del')}") is not None and _mark_deleted(paragraph)


def _row(row: etree._Element, builder: _Builder) -> None:
    if row.find(f"{w('trPr')}/{w('del')}") is not None:
        return
    first = True
    for cell in (c for c in row.iter(w("tc")) if _owner(c, w("tr")) is row):
        merge = cell.find(f"{w('tcPr')}/{w('vMerge')}")
        if not first:
            builder.write(" | ")
        first = False
        if merge is not None and merge.get(w("val")) != "restart":
            continue
        _cell(cell, builder)
    builder.write("\n")
    for paragraph in row.iter(w("p")):
        if _owner(paragraph, w("tr")) is row:
            _beside(paragraph, builder)


def _cell(cell: etree._Element, builder: _Builder) -> None:
    begun = False
    inside = _owner(cell, w("txbxContent"))
    for paragraph in cell.iter(w("p")):
        if _owner(paragraph, w("txbxContent")) is not inside:
            continue
        if begun and builder.pieces and not builder.pieces[-1].endswith((" ", "| ")):
            builder.write(" ")
        begun = _paragraph(paragraph, builder, in_table=True) or begun


def _paragraph(paragraph: etree._Element, builder: _Builder, *, in_table: bool) -> bool:
    """Write one paragraph without its end; return whether anything was written."""
    start = builder.length
    num_id, level = builder.numbering.of(paragraph)
    characters = visible(paragraph)
    prefix = builder.numbering.next(num_id, level) if num_id and characters else ""
    builder.write(prefix)
    _note_changes(paragraph, builder, builder.length)
    builder.write("".join(character.character for character in characters))
    _note_hidden(paragraph, builder)
    style = paragraph.find(f"{w('pPr')}/{w('pStyle')}")
    builder.paragraphs.append(
        WordParagraph(
            part=builder.part,
            index=builder.index_of[paragraph],
            start=start,
            end=builder.length,
            prefix=len(prefix),
            style=style.get(w("val")) if style is not None else None,
            num_id=num_id,
            level=level,
            in_table=in_table,
        )
    )
    return builder.length > start


def _note_hidden(paragraph: etree._Element, builder: _Builder) -> None:
    for run in paragraph.iter(w("r")):
        words = "".join(t.text or "" for t in run.iter(w("t")))
        if words.strip() and is_hidden(run) and _owner(run, w("p")) is paragraph:
            vanish = run.find(f"{w('rPr')}/{w('vanish')}") is not None
            where = f"第 {builder.index_of[paragraph] + 1} 段"
            builder.hidden.append(
                Hidden(text=words, how="隐藏文字" if vanish else "白色文字", where=where)
            )


def _note_changes(paragraph: etree._Element, builder: _Builder, offset: int) -> None:
    positions = {id(c.run): offset + n for n, c in reversed(list(enumerate(visible(paragraph))))}
    pending: TrackedChange | None = None
    at = offset
    for element in paragraph.iter(w("ins"), w("del"), w("moveFrom"), w("moveTo"), w("r")):
        if element.tag == w("r"):
            if id(element) in positions:
                at = positions[id(element)] + len(_words(element, "t"))
                if _owner(element, w("ins")) is None and _owner(element, w("moveTo")) is None:
                    pending = None
            continue
        deleted = element.tag in (w("del"), w("moveFrom"))
        words = (
            _words(element, "delText") + _words(element, "t") if deleted else _words(element, "t")
        )
        if not words or ((parent := element.getparent()) is not None and parent.tag == w("rPr")):
            continue
        first = next((positions[id(r)] for r in element.iter(w("r")) if id(r) in positions), at)
        change = TrackedChange(
            kind="delete" if deleted else "insert",
            author=element.get(w("author")),
            date=element.get(w("date")),
            old=words if deleted else "",
            new="" if deleted else words,
            start=at if deleted else first,
        )
        if pending and not deleted and pending.kind == "delete" and pending.author == change.author:
            builder.changes[-1] = change.model_copy(update={"kind": "replace", "old": pending.old})
            pending = None
            continue
        builder.changes.append(change)
        pending = change


def _words(element: etree._Element, name: str) -> str:
    return "".join(t.text or "" for t in element.iter(w(name)))
