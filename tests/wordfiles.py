"""Small .docx files written by hand, as Word and WPS write them."""

import io
import zipfile

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_PARTS = {
    "numbering": f"{_WORD}.numbering+xml",
    "styles": f"{_WORD}.styles+xml",
    "footnotes": f"{_WORD}.footnotes+xml",
    "header1": f"{_WORD}.header+xml",
    "settings": f"{_WORD}.settings+xml",
}


def paragraph(text: str, properties: str = "", run: str = "") -> str:
    """Return a `w:p` of one run."""
    inner = f"<w:pPr>{properties}</w:pPr>" if properties else ""
    format_ = f"<w:rPr>{run}</w:rPr>" if run else ""
    return (
        f"<w:p>{inner}<w:r>{format_}<w:t xml:space='preserve'>{text}</w:t></w:r></w:p>"
        if text
        else f"<w:p>{inner}</w:p>"
    )


def numbered(text: str, num_id: int = 1, level: int = 0) -> str:
    """Return a paragraph that is numbered automatically."""
    return paragraph(
        text, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{num_id}"/></w:numPr>'
    )


def table(*rows: tuple[str, ...]) -> str:
    """Return a `w:tbl`."""
    cells = "".join(
        "<w:tr>" + "".join(f"<w:tc><w:tcPr/>{paragraph(c)}</w:tc>" for c in row) + "</w:tr>"
        for row in rows
    )
    return f"<w:tbl><w:tblPr/><w:tblGrid/>{cells}</w:tbl>"


def numbering(*levels: tuple[str, str]) -> str:
    """Return a `numbering.xml` with one list whose levels have these formats and texts."""
    made = "".join(
        f'<w:lvl w:ilvl="{n}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
        for n, (form, text) in enumerate(levels)
    )
    return (
        f'<w:numbering xmlns:w="{_W}"><w:abstractNum w:abstractNumId="0">{made}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
        '<w:num w:numId="2"><w:abstractNumId w:val="0"/>'
        '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
        "</w:numbering>"
    )


def part(name: str, body: str) -> str:
    """Return the XML of a part whose root is `w:NAME`."""
    return f'<w:{name} xmlns:w="{_W}" xmlns:r="{_R}">{body}</w:{name}>'


def docx(body: str, **parts: str) -> bytes:
    """Return a .docx whose body is `body`, with further parts by name (`numbering=…`)."""
    types = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{_PARTS[name]}"/>' for name in parts
    )
    links = "".join(
        f'<Relationship Id="rId{n}" Type="{_R}/{name.rstrip("1")}" Target="{name}.xml"/>'
        for n, name in enumerate(parts, 1)
    )
    files = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{_WORD}.document.main+xml"/>'
        f"{types}</Types>",
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_R}/officeDocument" Target="word/document.xml"/>'
        "</Relationships>",
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f"{links}</Relationships>",
        "word/document.xml": f'<w:document xmlns:w="{_W}" xmlns:r="{_R}"'
        ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
        ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
        ' xmlns:v="urn:schemas-microsoft-com:vml">'
        f"<w:body>{body}<w:sectPr/></w:body></w:document>",
        **{f"word/{name}.xml": content for name, content in parts.items()},
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, '<?xml version="1.0" encoding="UTF-8"?>' + content)
    return buffer.getvalue()
