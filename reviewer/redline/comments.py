"""The comments part: made or extended, with its relation and content type."""

from lxml import etree

from reviewer.ingest.package import PACKAGE_RELS, Package, parse_xml, w
from reviewer.redline.resolve import serialised

_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments"
_CONTENT_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"


def with_comments(
    package: Package, comments: list[tuple[int, str]], author: str, date: str
) -> dict[str, bytes]:
    """Return the parts that change when `comments` are added: id and text each."""
    if not comments:
        return {}
    existing = package.related("comments")
    folder = package.main.rsplit("/", 1)[0] if "/" in package.main else ""
    name = existing[0] if existing else f"{folder}/comments.xml".lstrip("/")
    root = package.root(name) if existing else None
    if root is None:
        root = etree.Element(w("comments"), nsmap={"w": w("x")[1:].split("}")[0]})
    for number, text in comments:
        root.append(_comment(number, text, author, date))
    parts = {name: serialised(root)}
    if not existing:
        parts |= _registered(package, name, folder)
    return parts


def _comment(number: int, text: str, author: str, date: str) -> etree._Element:
    comment = etree.Element(w("comment"))
    comment.set(w("id"), str(number))
    comment.set(w("author"), author)
    comment.set(w("date"), date)
    comment.set(w("initials"), author[:2])
    for line in text.split("\n"):
        paragraph = etree.SubElement(comment, w("p"))
        run = etree.SubElement(paragraph, w("r"))
        words = etree.SubElement(run, w("t"))
        words.text = line
        words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return comment


def _registered(package: Package, name: str, folder: str) -> dict[str, bytes]:
    types = parse_xml(package.parts["[Content_Types].xml"])
    override = etree.SubElement(types, f"{{{_CONTENT_TYPES}}}Override")
    override.set("PartName", f"/{name}")
    override.set("ContentType", _TYPE)
    rels_name = f"{folder}/_rels/{package.main.rsplit('/', 1)[-1]}.rels".lstrip("/")
    data = package.parts.get(rels_name)
    rels = (
        parse_xml(data)
        if data
        else etree.Element(
            f"{{{PACKAGE_RELS}}}Relationships",
            nsmap={None: PACKAGE_RELS},  # type: ignore[dict-item]
        )
    )
    taken = {relation.get("Id") for relation in rels}
    number = next(n for n in range(1, 10000) if f"rIdReview{n}" not in taken)
    relation = etree.SubElement(rels, f"{{{PACKAGE_RELS}}}Relationship")
    relation.set("Id", f"rIdReview{number}")
    relation.set("Type", _RELATION)
    relation.set("Target", "comments.xml")
    return {"[Content_Types].xml": serialised(types), rels_name: serialised(rels)}
