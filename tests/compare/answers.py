"""What a vendor does to a Word file before it comes back: with a trace, or without one."""

import copy
import io
import zipfile
from collections.abc import Callable

from lxml import etree

from reviewer.ingest.characters import visible
from reviewer.ingest.package import parent_of, w
from tests.wordfiles import docx, paragraph

VENDOR = "快答法务"
DATE = "2026-10-08T09:30:00Z"
_COMMENTS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments"
_COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"


def contract_file(*articles: str) -> bytes:
    """Return a contract of numbered articles, each a heading and sentences in lines below it."""
    numerals = "一二三四五六七八九"
    lines = ["网店客服外包合同", "甲方：杭州云裳服饰有限公司", "乙方：合肥快答信息技术有限公司"]
    lines += ["鉴于甲方经营网店，乙方提供客服外包服务，双方约定如下："]
    for number, article in enumerate(articles):
        heading, *rest = article.split("\n")
        lines += [f"第{numerals[number]}条 {heading}", *rest]
    return docx("".join(paragraph(line) for line in lines))


def silently(data: bytes, old: str, new: str) -> bytes:
    """Return the file with words replaced and no trace of it; `new` may be empty."""

    def change(root: etree._Element) -> None:
        for element in root.iter(w("t")):
            if old in (element.text or ""):
                element.text = (element.text or "").replace(old, new, 1)
                return
        raise AssertionError(f"{old} stands in no run")

    return _changed(data, change)


def tracked(data: bytes, old: str, new: str, author: str = VENDOR) -> bytes:
    """Return the file with words replaced as tracked changes; an empty `new` only strikes."""

    def change(root: etree._Element) -> None:
        for run in root.iter(w("r")):
            words = "".join(t.text or "" for t in run.iter(w("t")))
            if old in words:
                _track(run, words, old, new, author)
                return
        raise AssertionError(f"{old} stands in no run")

    return _changed(data, change)


def added(data: bytes, after: str, text: str, author: str | None = None) -> bytes:
    """Return the file with a paragraph behind the one that holds `after`; tracked for an author."""

    def change(root: etree._Element) -> None:
        before = _paragraph(root, after)
        new = etree.Element(w("p"))
        holder = new
        if author:
            mark = etree.SubElement(etree.SubElement(new, w("pPr")), w("rPr"))
            mark.append(_mark("ins", author))
            holder = _mark("ins", author)
            new.append(holder)
        holder.append(_run(text))
        before.addnext(new)

    return _changed(data, change)


def removed(data: bytes, *words: str) -> bytes:
    """Return the file without the paragraphs that hold these words, and no trace of it."""

    def change(root: etree._Element) -> None:
        for one in words:
            paragraph_ = _paragraph(root, one)
            parent_of(paragraph_).remove(paragraph_)

    return _changed(data, change)


def moved(data: bytes, first: str, last: str, after: str) -> bytes:
    """Return the file with the paragraphs from one to another put behind a third."""

    def change(root: etree._Element) -> None:
        start, end, place = (_paragraph(root, words) for words in (first, last, after))
        block = [start]
        while block[-1] is not end:
            following = block[-1].getnext()
            assert following is not None
            block.append(following)
        for one in block:
            place.addnext(one)
            place = one

    return _changed(data, change)


def commented(data: bytes, words: str, text: str, author: str = VENDOR) -> bytes:
    """Return the file with a comment on the run that holds these words."""

    def change(root: etree._Element) -> None:
        run = next(
            r for r in root.iter(w("r")) if words in "".join(t.text or "" for t in r.iter(w("t")))
        )
        for name, place in (
            ("commentRangeStart", run.addprevious),
            ("commentRangeEnd", run.addnext),
        ):
            element = etree.Element(w(name))
            element.set(w("id"), "0")
            place(element)

    namespace = w("x")[1:].split("}")[0]
    comments = (
        f'<w:comments xmlns:w="{namespace}"><w:comment w:id="0" w:author="{author}" '
        f'w:date="{DATE}">{paragraph(text)}</w:comment></w:comments>'
    )
    return _changed(data, change, comments)


def _track(run: etree._Element, words: str, old: str, new: str, author: str) -> None:
    at = words.index(old)
    pieces = [(words[:at], None), (old, "del"), (new, "ins"), (words[at + len(old) :], None)]
    for text, kind in reversed(pieces):
        if not text:
            continue
        made = _run(text, run, deleted=kind == "del")
        if kind:
            holder = _mark(kind, author)
            holder.append(made)
            made = holder
        run.addnext(made)
    parent_of(run).remove(run)


def _run(text: str, like: etree._Element | None = None, *, deleted: bool = False) -> etree._Element:
    made = etree.Element(w("r"))
    properties = like.find(w("rPr")) if like is not None else None
    if properties is not None:
        made.append(copy.deepcopy(properties))
    words = etree.SubElement(made, w("delText" if deleted else "t"))
    words.text = text
    words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return made


def _mark(name: str, author: str) -> etree._Element:
    element = etree.Element(w(name))
    element.set(w("id"), str(9000 + hash((name, author)) % 900))
    element.set(w("author"), author)
    element.set(w("date"), DATE)
    return element


def _paragraph(root: etree._Element, words: str) -> etree._Element:
    for paragraph_ in root.iter(w("p")):
        if words in "".join(c.character for c in visible(paragraph_)):
            return paragraph_
    raise AssertionError(f"no paragraph holds {words}")


def _changed(
    data: bytes, change: Callable[[etree._Element], None], comments: str | None = None
) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "word/document.xml":
                root = etree.fromstring(content)
                change(root)
                content = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
            elif comments and name == "[Content_Types].xml":
                override = (
                    f'<Override PartName="/word/comments.xml" ContentType="{_COMMENTS_TYPE}"/>'
                )
                content = content.replace(b"</Types>", override.encode() + b"</Types>")
            elif comments and name == "word/_rels/document.xml.rels":
                link = f'<Relationship Id="rIdC" Type="{_COMMENTS}" Target="comments.xml"/>'
                content = content.replace(b"</Relationships>", link.encode() + b"</Relationships>")
            target.writestr(name, content)
        if comments:
            target.writestr("word/comments.xml", comments)
    return out.getvalue()
