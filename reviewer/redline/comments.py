"""The comments part: made or extended, with its relation and content type."""

from posixpath import basename, dirname

from lxml import etree

from reviewer.errors import Unreadable
from reviewer.ingest.package import PACKAGE_RELS, Package, W, w
from reviewer.redline.package import Source, serialised, written

_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments"
_CONTENT_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_REMEDY = "请用 Word/WPS 重新保存，或用 --comments none 不写批注"


def with_comments(
    package: Package, comments: list[tuple[int, str]], author: str, date: str
) -> dict[str, bytes]:
    """Return the parts that change when `comments` are added: id and text each.

    Raises:
        Unreadable: The comments that the file has cannot be read, so that none can be added.
    """
    if not comments:
        return {}
    main = package.parts[package.main]
    existing = [name for name in package.related("comments") if name in package.parts]
    made = [_comment(number, text, author, date) for number, text in sorted(comments)]
    if existing:
        source = _source(package, existing[0])
        source.root.extend(made)
        return {existing[0]: written(source, ())}
    root = etree.Element(w("comments"), nsmap={"w": W})
    root.extend(made)
    folder = dirname(package.main)
    name = next(
        path
        for number in ("", *map(str, range(2, 1000)))
        if (path := f"{folder}/comments{number}.xml".lstrip("/")) not in package.parts
    )
    return {name: serialised(root, main), **_registered(package, name)}


def _source(package: Package, name: str) -> Source:
    try:
        return Source.of(package.parts[name])
    except (KeyError, etree.XMLSyntaxError, etree.ParserError) as error:
        raise Unreadable(f"文件的 {name} 部分已损坏，不能添加批注", remedy=_REMEDY) from error


def _comment(number: int, text: str, author: str, date: str) -> etree._Element:
    comment = etree.Element(w("comment"), nsmap={"w": W})
    comment.set(w("id"), str(number))
    comment.set(w("author"), author)
    comment.set(w("date"), date)
    comment.set(w("initials"), author[:2])
    for line in text.split("\n"):
        paragraph = etree.SubElement(comment, w("p"))
        run = etree.SubElement(paragraph, w("r"))
        words = etree.SubElement(run, w("t"))
        words.text = "".join(c for c in line if c >= " " or c == "\t")
        words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return comment


def _registered(package: Package, name: str) -> dict[str, bytes]:
    """Return content types and relations with the new part in them."""
    types = _source(package, "[Content_Types].xml")
    override = etree.SubElement(types.root, f"{{{_CONTENT_TYPES}}}Override")
    override.set("PartName", f"/{name}")
    override.set("ContentType", _TYPE)
    folder, main = dirname(package.main), basename(package.main)
    rels_name = f"{folder}/_rels/{main}.rels".lstrip("/")
    if rels_name in package.parts:
        rels = _source(package, rels_name)
    else:
        empty = f'<Relationships xmlns="{PACKAGE_RELS}"></Relationships>'
        rels = Source.of(empty.encode())
    taken = {relation.get("Id") for relation in rels.root}
    number = next(n for n in range(1, 10000) if f"rIdReview{n}" not in taken)
    relation = etree.SubElement(rels.root, f"{{{PACKAGE_RELS}}}Relationship")
    relation.set("Id", f"rIdReview{number}")
    relation.set("Type", _relation_type(package))
    relation.set("Target", basename(name))
    return {
        "[Content_Types].xml": written(types, ()),
        rels_name: written(rels, ()),
    }


def _relation_type(package: Package) -> str:
    strict = b"http://purl.oclc.org/ooxml/officeDocument/relationships/"
    if strict in package.parts.get("_rels/.rels", b""):
        return f"{strict.decode()}comments"
    return _RELATION
