"""The zip package of a Word file: opened within limits, its XML parsed without entities."""

import io
import zipfile
import zlib
from dataclasses import dataclass
from posixpath import dirname, join, normpath

from lxml import etree

from reviewer.errors import Unreadable
from reviewer.ingest.limits import Limits

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
PACKAGE_RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
STRICT = (
    (b"http://purl.oclc.org/ooxml/wordprocessingml/main", W.encode()),
    (b"http://purl.oclc.org/ooxml/officeDocument/relationships", R.encode()),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def w(name: str) -> str:
    """Return the qualified name of a WordprocessingML element or attribute."""
    return f"{{{W}}}{name}"


@dataclass(frozen=True)
class Package:
    """The parts of a Word file by name."""

    parts: dict[str, bytes]
    main: str
    """The name of the main document part."""

    def root(self, name: str) -> etree._Element | None:
        """Return the parsed part, or None where it is absent or damaged."""
        data = self.parts.get(name)
        try:
            return parse_xml(data) if data else None
        except (etree.XMLSyntaxError, etree.ParserError):
            return None

    def related(self, kind: str) -> list[str]:
        """Return the names of the parts that the main part relates to as `kind`."""
        return [target for _, target in self.relations(kind)]

    def relations(self, kind: str) -> list[tuple[str, str]]:
        """Return id and part of the relations of `kind` that the main part has inside the file."""
        return _relations(self.parts, self.main, kind)


def parse_xml(data: bytes) -> etree._Element:
    """Return the root of an XML part; entities, DTDs and the network stay off.

    Raises:
        etree.XMLSyntaxError: It is not well formed.
        etree.ParserError: It carries a document type.
    """
    for strict, transitional in STRICT:
        data = data.replace(strict, transitional)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        huge_tree=False,
        load_dtd=False,
        dtd_validation=False,
    )
    root = etree.fromstring(data, parser)
    if root.getroottree().docinfo.internalDTD is not None:
        raise etree.ParserError("document type not allowed")
    return root


def parent_of(element: etree._Element) -> etree._Element:
    """Return the parent of an element that is known not to be the root."""
    parent = element.getparent()
    assert parent is not None
    return parent


def open_package(data: bytes, name: str, limits: Limits) -> Package:
    """Return the parts of the .docx in `data`.

    Raises:
        Unreadable: It is encrypted, no zip, too large unzipped, or has no main part.
    """
    if data.startswith(_OLE):
        raise Unreadable(
            f"{name} 已加密，或是旧版 .doc 格式", remedy="请去除密码，并用 Word/WPS 另存为 .docx"
        )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive_parts(archive, name, limits)
    except (
        zipfile.BadZipFile,
        RuntimeError,
        EOFError,
        OSError,
        ValueError,
        zlib.error,
    ) as error:
        raise Unreadable(
            f"{name} 不是有效的 .docx，或已损坏", remedy="请用 Word/WPS 重新保存"
        ) from error
    mains = _relations(parts, "", "officeDocument")
    main = mains[0][1] if mains else "word/document.xml"
    if main not in parts:
        raise Unreadable(f"{name} 缺少正文部分，不是完整的 .docx", remedy="请用 Word/WPS 重新保存")
    try:
        parse_xml(parts[main])
    except (etree.XMLSyntaxError, etree.ParserError) as error:
        deep = "depth" in str(error)
        problem = "的嵌套层数异常" if deep else "的正文部分已损坏"
        raise Unreadable(f"{name} {problem}", remedy="请用 Word/WPS 重新保存") from error
    return Package(parts, main)


def archive_parts(archive: zipfile.ZipFile, name: str, limits: Limits) -> dict[str, bytes]:
    """Return the parts of an archive by name, within limits.

    Raises:
        Unreadable: There are too many, they are too large unzipped, or encrypted.
    """
    infos = archive.infolist()
    total = sum(info.file_size for info in infos)
    if len(infos) > limits.max_parts or total > limits.max_unzipped:
        raise Unreadable(f"{name} 解压后过大", remedy="请删去嵌入的图片或附件后再试")
    parts: dict[str, bytes] = {}
    left = limits.max_unzipped
    for info in infos:
        if info.file_size > limits.max_plain and info.file_size > limits.max_ratio * max(
            info.compress_size, 1
        ):
            raise Unreadable(f"{name} 的压缩比异常，疑似压缩炸弹", remedy="请向对方索取正常的文件")
        if info.flag_bits & 1:
            raise Unreadable(f"{name} 已加密", remedy="请先去除密码再审查")
        with archive.open(info) as file:
            parts[info.filename] = file.read(left + 1)
        left -= len(parts[info.filename])
        if left < 0:
            raise Unreadable(f"{name} 解压后过大", remedy="请删去嵌入的图片或附件后再试")
    return parts


def _relations(parts: dict[str, bytes], source: str, kind: str) -> list[tuple[str, str]]:
    """Return id and target part of the relations of `kind` that `source` has."""
    folder = dirname(source)
    file = f"{folder}/_rels/{source.rsplit('/', 1)[-1]}.rels" if source else "_rels/.rels"
    data = parts.get(file.lstrip("/"))
    if not data:
        return []
    try:
        root = parse_xml(data)
    except (etree.XMLSyntaxError, etree.ParserError):
        return []
    found: list[tuple[str, str]] = []
    for relation in root.iter(f"{{{PACKAGE_RELS}}}Relationship"):
        target = relation.get("Target") or ""
        if (relation.get("Type") or "").endswith(f"/{kind}") and relation.get(
            "TargetMode"
        ) != "External":
            path = target.lstrip("/") if target.startswith("/") else normpath(join(folder, target))
            found.append((relation.get("Id") or "", path))
    return found
