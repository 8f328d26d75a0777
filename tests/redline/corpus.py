"""Contracts with one hard construct each, as Word, WPS and others write them.

`python -m tests.redline.corpus` writes them to tests/data/docx; a test checks that they are current.
"""

import io
import zipfile
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).resolve().parents[1] / "data" / "docx"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
OTHER = 'w:author="快答公司" w:date="2026-10-01T08:00:00Z"'
_SPACES = (
    f'xmlns:w="{W}" xmlns:r="{R}"'
    ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
    ' xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
    ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    ' xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
    ' xmlns:v="urn:schemas-microsoft-com:vml"'
    ' xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"'
)


def r(text: str, look: str = "") -> str:
    """Return a run."""
    properties = f"<w:rPr>{look}</w:rPr>" if look else ""
    return f'<w:r>{properties}<w:t xml:space="preserve">{text}</w:t></w:r>'


def p(content: str, properties: str = "") -> str:
    """Return a paragraph of runs, or of one run where `content` is plain text."""
    inner = content if content.startswith("<") or not content else r(content)
    before = f"<w:pPr>{properties}</w:pPr>" if properties else ""
    return f"<w:p>{before}{inner}</w:p>"


def tbl(*rows: tuple[str, ...], properties: str = "") -> str:
    """Return a table; a cell is text or paragraphs."""
    made = "".join(
        "<w:tr>" + "".join(f"<w:tc><w:tcPr/>{_cell(cell)}</w:tc>" for cell in row) + "</w:tr>"
        for row in rows
    )
    columns = '<w:gridCol w:w="2000"/>' * len(rows[0])
    return f"<w:tbl><w:tblPr>{properties}</w:tblPr><w:tblGrid>{columns}</w:tblGrid>{made}</w:tbl>"


def _cell(cell: str) -> str:
    return cell if cell.startswith(("<w:p", "<w:tbl")) else p(cell)


def field(code: str, result: str) -> str:
    """Return a field of several runs."""
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r><w:instrText xml:space="preserve"> {code} </w:instrText></w:r>'
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{r(result)}'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def box(*lines: str, fallback: tuple[str, ...] | None = None) -> str:
    """Return a text box as Word writes it: twice."""
    inner = "".join(p(line) for line in lines)
    other = "".join(p(line) for line in fallback or lines)
    return (
        '<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:inline><a:graphic>'
        '<a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape">'
        f"<wps:wsp><wps:txbx><w:txbxContent>{inner}</w:txbxContent></wps:txbx></wps:wsp>"
        "</a:graphicData></a:graphic></wp:inline></w:drawing></mc:Choice><mc:Fallback><w:pict>"
        f"<v:shape><v:textbox><w:txbxContent>{other}</w:txbxContent></v:textbox></v:shape>"
        "</w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )


def sdt(content: str, properties: str = "") -> str:
    """Return a content control."""
    return f"<w:sdt><w:sdtPr>{properties}</w:sdtPr><w:sdtContent>{content}</w:sdtContent></w:sdt>"


def part(name: str, body: str) -> str:
    """Return the XML of a part whose root is `w:NAME`."""
    return f"<w:{name} {_SPACES}>{body}</w:{name}>"


HEAD = p("客服外包合同", '<w:jc w:val="center"/>') + p("甲方：云裳服饰") + p("乙方：快答信息")
TARGET = p(
    r("编号") + '<w:bookmarkStart w:id="90" w:name="a"/>' + r("八") + '<w:bookmarkEnd w:id="90"/>'
)
TAIL = p("第三条 其他事项由双方协商。")
SECTION = '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/></w:sectPr>'
NUMBERING = part(
    "numbering",
    '<w:abstractNum w:abstractNumId="0"><w:multiLevelType w:val="multilevel"/>'
    '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/>'
    '<w:lvlText w:val="第%1条"/></w:lvl><w:lvl w:ilvl="1"><w:start w:val="1"/>'
    '<w:numFmt w:val="decimal"/><w:isLgl/><w:lvlText w:val="%1.%2"/></w:lvl></w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>',
)
STYLES = part(
    "styles",
    '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Article"><w:name w:val="Article"/>'
    '<w:basedOn w:val="Normal"/><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>',
)


def auto(text: str, level: int = 0) -> str:
    """Return a paragraph numbered by a list."""
    return p(text, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="1"/></w:numPr>')


_KINDS = {
    "numbering": ("numbering", f"{WORD}.numbering+xml"),
    "styles": ("styles", f"{WORD}.styles+xml"),
    "footnotes": ("footnotes", f"{WORD}.footnotes+xml"),
    "header1": ("header", f"{WORD}.header+xml"),
    "settings": ("settings", f"{WORD}.settings+xml"),
    "comments": ("comments", f"{WORD}.comments+xml"),
}


def package(body: str, *, main: str = "word/document.xml", root: str = "", **parts: str) -> bytes:
    """Return a .docx with this body and further parts; every file has the same date."""
    folder = main.rpartition("/")[0]
    types = "".join(
        f'<Override PartName="/{folder}/{name}.xml" ContentType="{_KINDS[name][1]}"/>'
        for name in parts
    )
    links = "".join(
        f'<Relationship Id="rId{n}" Type="{R}/{_KINDS[name][0]}" Target="{name}.xml"/>'
        for n, name in enumerate(parts, 1)
    )
    files = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/{main}" ContentType="{WORD}.document.main+xml"/>{types}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{R}/officeDocument" Target="{main}"/></Relationships>',
        f"{folder}/_rels/{main.rpartition('/')[2]}.rels": (
            f'<Relationships xmlns="{PACKAGE}/relationships">{links}</Relationships>'
        ),
        main: root or f"<w:document {_SPACES}><w:body>{body}{SECTION}</w:body></w:document>",
        **{f"{folder}/{name}.xml": content for name, content in parts.items()},
    }
    return zipped({name: _declared(text) for name, text in files.items()})


def _declared(text: str) -> bytes:
    declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n'
    return (text if text.startswith("<?xml") else declaration + text).encode()


def zipped(files: dict[str, bytes]) -> bytes:
    """Return an archive of `files`, the same bytes every time."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in files.items():
            info = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
            archive.writestr(info, content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def strict(data: bytes) -> bytes:
    """Return a document in the strict namespaces."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    main = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
    relations = b"http://purl.oclc.org/ooxml/officeDocument/relationships"
    return zipped(
        {
            name: content.replace(W.encode(), main).replace(R.encode(), relations)
            for name, content in files.items()
        }
    )


def changed(data: bytes, parts: dict[str, bytes]) -> bytes:
    """Return the package with parts added or replaced."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    return zipped(files | parts)


class Ask(NamedTuple):
    """A change to try: `old` becomes `new`, or `new` goes behind the clause with `old`."""

    old: str
    new: str
    action: str = "replace"
    refused: bool = False


class Case(NamedTuple):
    """A document with one construct, and what is asked of it."""

    data: bytes
    asks: tuple[Ask, ...]


def _ins(text: str, number: int = 1) -> str:
    return f'<w:ins w:id="{number}" {OTHER}>{r(text)}</w:ins>'


def _del(text: str, number: int = 2) -> str:
    return f'<w:del w:id="{number}" {OTHER}><w:r><w:delText>{text}</w:delText></w:r></w:del>'


FOOTNOTES = part("footnotes", f'<w:footnote w:id="2">{p("按平台后台口径统计。")}</w:footnote>')
BOLD = '<w:rFonts w:eastAsia="仿宋"/><w:b/><w:sz w:val="28"/>'
UNDERLINED = '<w:u w:val="single"/>'
NOTE = '<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:footnoteReference w:id="2"/></w:r>'
WPS = (
    '<w:p w:rsidR="00A1" w:rsidRDefault="00B2" w14:paraId="11111111"><w:pPr><w:rPr>'
    '<w:rFonts w:hint="eastAsia"/></w:rPr></w:pPr><w:proofErr w:type="gramStart"/>'
    f'{r("第一条 违约金为服务费的")}<w:proofErr w:type="gramEnd"/><w:r w:rsidRPr="00C3"><w:rPr>'
    '<w:b/></w:rPr><w:t>3</w:t></w:r><w:bookmarkStart w:id="0" w:name="_GoBack"/>'
    '<w:r w:rsidR="00D4"><w:rPr><w:rFonts w:hint="eastAsia"/></w:rPr><w:t>0%</w:t></w:r>'
    f'<w:bookmarkEnd w:id="0"/>{r("，甲方应当承担。")}</w:p>'
)
NEW = "乙方不得转包。"


def cases() -> dict[str, Case]:
    """Return every case by name."""
    return {**_words(), **_blocks(), **_changes(), **_packages()}


def _words() -> dict[str, Case]:
    link = '<w:hyperlink w:anchor="x">' + r("平台规则", UNDERLINED) + "</w:hyperlink>"
    reference = p(f"{r('第一条 违约按第')}{field('REF a', '八')}{r('条处理，甲方有权解除。')}")
    ruby = (
        "<w:r><w:ruby><w:rubyPr/><w:rt><w:r><w:t>pei</w:t></w:r></w:rt>"
        "<w:rubyBase><w:r><w:t>赔</w:t></w:r></w:rubyBase></w:ruby></w:r>"
    )
    one_run = (
        '<w:r><w:t>第一条 满意度</w:t><w:footnoteReference w:id="2"/><w:t>应达九成。</w:t></w:r>'
    )
    return {
        "wps_runs": Case(
            package(HEAD + WPS + TAIL),
            (Ask("30%，甲方", "10%，乙方"), Ask("甲方应当承担", NEW, "insert_after")),
        ),
        "run_properties": Case(
            package(HEAD + p(r("第一条 客服应及时回复买家。", BOLD)) + TAIL),
            (Ask("及时", "在三十秒内"), Ask("客服应及时", NEW, "insert_after")),
        ),
        "empty_properties": Case(
            package(
                HEAD + '<w:p><w:pPr><w:pStyle w:val="Normal"/><w:rPr></w:rPr></w:pPr>'
                "<w:r><w:rPr></w:rPr><w:t>第一条 客服应及时回复买家。</w:t></w:r></w:p>"
                + "<w:p><w:pPr><w:rPr/></w:pPr><w:r><w:rPr/><w:t>第二条 附则。</w:t></w:r></w:p>"
            ),
            (
                Ask("及时", "在三十秒内"),
                Ask("客服应及时", NEW, "insert_after"),
                Ask("附则", NEW, "insert_after"),
            ),
        ),
        "bold_label": Case(
            package(HEAD + p(r("第一条 违约责任：", BOLD) + r("乙方赔偿。")) + TAIL),
            (Ask("乙方赔偿", "除不可抗力外，乙方赔偿"),),
        ),
        "smart_tag": Case(
            package(
                HEAD
                + p(
                    r("第一条 期限至")
                    + f'<w:smartTag w:uri="u" w:element="date">{r("2026年12月31日")}</w:smartTag>'
                    + r("止。")
                )
                + TAIL
            ),
            (Ask("2026年12月31日止", "2027年3月31日止"),),
        ),
        "hyperlink": Case(
            package(HEAD + p(r("第一条 按") + link + r("执行。")) + TAIL),
            (Ask("平台规则", "淘宝规则"), Ask("按平台", "遵守平台"), Ask("规则执行", "规范履行")),
        ),
        "inline_control": Case(
            package(HEAD + p(r("第一条 单价为") + sdt(r("5800元")) + r("每月。")) + TAIL),
            (Ask("5800元", "4500元"), Ask("为5800元每月", "不超过5800元每席每月")),
        ),
        "locked_control": Case(
            package(
                HEAD
                + p(
                    r("第一条 单价为")
                    + sdt(r("5800元"), '<w:lock w:val="sdtContentLocked"/>')
                    + r("每月，甲方预付。")
                )
                + TAIL
            ),
            (Ask("5800元", "4500元", refused=True), Ask("甲方预付", "甲方后付")),
        ),
        "bound_control": Case(
            package(
                HEAD
                + p(
                    r("第一条 单价为") + sdt(r("5800元"), '<w:dataBinding w:xpath="/a"/>') + r("。")
                )
                + TAIL
            ),
            (Ask("5800元", "4500元", refused=True),),
        ),
        "field_part": Case(
            package(
                HEAD + p(r("第一条 共") + field("NUMPAGES", "十二") + r("页，甲方盖章。")) + TAIL
            ),
            (Ask("共十", "合计十五", refused=True), Ask("甲方盖章", "双方盖章")),
        ),
        "field_whole": Case(
            package(HEAD + reference + TAIL + TARGET),
            (Ask("按第八条处理", "按法律规定处理"), Ask("甲方有权", "双方有权")),
        ),
        "field_beside": Case(
            package(HEAD + p(r("第一条 见第") + field("REF a", "八")) + p("第二条 费用。") + TAIL),
            (Ask("见第八", NEW, "insert_after"),),
        ),
        "field_simple": Case(
            package(
                HEAD
                + p(
                    r("第一条 按第")
                    + f'<w:fldSimple w:instr="REF a">{r("八")}</w:fldSimple>'
                    + r("条。")
                )
                + TAIL
                + TARGET
            ),
            (Ask("第八条", "第九条", refused=True), Ask("按第", "依照第")),
        ),
        "form_text": Case(
            package(HEAD + p(r("第一条 甲方为") + field("FORMTEXT", "某某公司") + r("。")) + TAIL),
            (Ask("某某公司", "云裳服饰"),),
        ),
        "footnote": Case(
            package(
                HEAD + p(r("第一条 满意度") + NOTE + r("应达九成。")) + TAIL, footnotes=FOOTNOTES
            ),
            (Ask("满意度应达九成", "投诉率不超过百分之一"),),
        ),
        "footnote_in_run": Case(
            package(HEAD + p(one_run) + TAIL, footnotes=FOOTNOTES),
            (Ask("满意度应达九成", "投诉率不超过百分之一"), Ask("应达", NEW, "insert_after")),
        ),
        "tab_and_break": Case(
            package(
                HEAD
                + p(
                    "<w:r><w:t>第一条</w:t><w:tab/><w:t>甲方付款</w:t><w:br/><w:t>乙方开票。</w:t></w:r>"
                )
                + TAIL
            ),
            (Ask("付款 乙方", "验收 乙方"), Ask("甲方付款 乙方开票", "乙方先开票")),
        ),
        "symbols": Case(
            package(
                HEAD
                + p(
                    '<w:r><w:t>第一条 □</w:t><w:sym w:font="Wingdings" w:char="F0FE"/>'
                    "<w:t>同意 A</w:t><w:noBreakHyphen/><w:t>1 方案。</w:t></w:r>"
                )
                + TAIL
            ),
            (Ask("A-1 方案", "B-2 方案"),),
        ),
        "hidden_words": Case(
            package(HEAD + p(r("第一条 甲方") + r("（内部）", "<w:vanish/>") + r("付款。")) + TAIL),
            (Ask("甲方付款", "乙方退款"),),
        ),
        "ruby": Case(
            package(HEAD + p(r("第一条 乙方应") + ruby + r("偿损失。")) + TAIL),
            (Ask("赔偿", "补偿", refused=True), Ask("损失", "全部损失")),
        ),
        "formula": Case(
            package(
                HEAD
                + p(
                    r("第一条 扣款")
                    + "<m:oMath><m:r><m:t>a+b</m:t></m:r></m:oMath>"
                    + r("由乙方承担。")
                )
                + TAIL
            ),
            (
                Ask("乙方承担", "甲方承担"),
                Ask("扣款a+b由乙方承担", "罚款a+b由甲方承担"),
                Ask("扣款a+b由", "罚款a-b由", refused=True),
                Ask("扣款a+b由乙方承担", "扣款由乙方承担", refused=True),
            ),
        ),
        "picture": Case(
            package(HEAD + p(r("第一条 见图") + "<w:r><w:pict/></w:r>" + r("所示。")) + TAIL),
            (Ask("第一条 见图所示。", "", "delete"),),
        ),
        "bookmark": Case(
            package(
                HEAD
                + p(
                    r("第一条 甲方")
                    + '<w:bookmarkStart w:id="5" w:name="a"/>'
                    + r("三日内")
                    + '<w:bookmarkEnd w:id="5"/>'
                    + r("付款。")
                )
                + TAIL
            ),
            (Ask("甲方三日内付款", "乙方五日内开票"),),
        ),
    }


def _blocks() -> dict[str, Case]:
    cell = p("第一条 指标") + tbl(("响应", "90秒"), ("满意度", "95%"))
    floating = '<w:tblpPr w:leftFromText="180" w:vertAnchor="text"/>'
    merged = (
        "<w:tbl><w:tblPr/><w:tblGrid><w:gridCol/><w:gridCol/></w:tblGrid>"
        f"<w:tr><w:tc><w:tcPr><w:vMerge w:val='restart'/></w:tcPr>{p('第一条 响应')}</w:tc>"
        f"<w:tc><w:tcPr/>{p('90秒')}</w:tc></w:tr><w:tr><w:tc><w:tcPr><w:vMerge/></w:tcPr>{p('')}</w:tc>"
        f"<w:tc><w:tcPr/>{p('60秒')}</w:tc></w:tr></w:tbl>"
    )
    one = "第一条 响应"
    return {
        "cell_words": Case(package(HEAD + cell + p("") + TAIL), (Ask("90秒", "30秒"),)),
        "row_words": Case(
            package(HEAD + cell + p("") + TAIL), (Ask("响应 | 90秒", "首次响应 | 30秒"),)
        ),
        "row_deleted": Case(
            package(HEAD + cell + p("") + TAIL), (Ask("响应 | 90秒\n", "", "delete"),)
        ),
        "row_added": Case(
            package(HEAD + cell + p("") + TAIL), (Ask("满意度", "转化率 | 20%", "insert_after"),)
        ),
        "behind_table": Case(
            package(HEAD + cell + p("") + TAIL), (Ask("满意度", NEW, "insert_after"),)
        ),
        "table_at_end": Case(package(HEAD + TAIL + cell), (Ask("满意度", NEW, "insert_after"),)),
        "between_tables": Case(
            package(HEAD + cell + tbl(("第二条 扣款", "5%"), properties=floating) + p("") + TAIL),
            (Ask("满意度", NEW, "insert_after"),),
        ),
        "before_table": Case(
            package(HEAD + p("第一条 指标如下：") + tbl(("响应", "90秒")) + p("") + TAIL),
            (Ask("指标如下", "考核如下"),),
        ),
        "insert_before_table": Case(
            package(HEAD + p("第一条 指标如下。") + tbl(("第二条 响应", "90秒")) + p("") + TAIL),
            (Ask("指标如下", NEW, "insert_after"),),
        ),
        "contract_in_table": Case(
            package(
                HEAD + tbl((p("第一条 服务"),), (p("第二条 费用"),), (p("第三条 期限"),)) + p("")
            ),
            (Ask("第二条", NEW, "insert_after"), Ask("第三条", NEW, "insert_after")),
        ),
        "cell_of_paragraphs": Case(
            package(
                HEAD
                + p("第一条 如下")
                + tbl((p("甲方付款") + p("乙方开票"), "备注"))
                + p("")
                + TAIL
            ),
            (Ask("乙方开票", "乙方先开票"), Ask("甲方付款", "", "delete")),
        ),
        "sole_paragraph_of_cell": Case(
            package(HEAD + p("第一条 如下") + tbl(("响应九十秒", "")) + p("") + TAIL),
            (Ask("响应九十秒", "响应三十秒"),),
        ),
        "merged_cells": Case(
            package(HEAD + merged + p("") + TAIL), (Ask(one, NEW, "insert_after", refused=False),)
        ),
        "nested_table": Case(
            package(
                HEAD
                + p("第一条 如下")
                + tbl((tbl(("内层", "90秒")) + p(""), "备注"))
                + p("")
                + TAIL
            ),
            (Ask("90秒", "30秒"),),
        ),
        "section_break": Case(
            package(HEAD + p("第一条 甲方付款。", SECTION) + p("第二条 附则。") + TAIL),
            (Ask("甲方付款", NEW, "insert_after"), Ask("甲方付款", "乙方付款")),
        ),
        "section_break_deleted": Case(
            package(HEAD + p("第一条 甲方付款。", SECTION) + p("第二条 附则。") + TAIL),
            (Ask("第一条 甲方付款。", "", "delete"),),
        ),
        "end_of_text": Case(package(HEAD + TAIL), (Ask("其他事项", NEW, "insert_after"),)),
        "paragraph_deleted": Case(
            package(HEAD + p("第一条 押金不退。") + p("第二条 附则。") + TAIL),
            (Ask("第一条 押金不退。", "", "delete"),),
        ),
        "properties_out_of_order": Case(
            package(
                HEAD
                + p(
                    r("第一条 甲方付款。", '<w:sz w:val="24"/><w:b/>'),
                    '<w:jc w:val="left"/><w:keepNext/>',
                )
                + TAIL
            ),
            (
                Ask("甲方付款", "乙方开票后甲方付款"),
                Ask("甲方付款。", "乙方不得转包。", "insert_after"),
            ),
        ),
        "bookmark_between": Case(
            package(
                HEAD
                + '<w:bookmarkStart w:id="7" w:name="付款"/>'
                + p("第一条 甲方付款。")
                + '<w:bookmarkEnd w:id="7"/>'
                + TAIL
            ),
            (Ask("甲方付款。", "乙方不得转包。", "insert_after"),),
        ),
        "prefix_declared_again": Case(
            package(
                HEAD
                + p(
                    "<w:r><w:t>第一条 甲方付款</w:t><w:pict><v:shape"
                    ' xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:office" o:spid="1"/>'
                    "</w:pict></w:r>" + r("，月结。")
                )
                + TAIL
            ),
            (Ask("甲方付款", "乙方开票后甲方付款"), Ask("月结", "季结")),
        ),
        "numbered_paragraph_deleted": Case(
            package(
                HEAD
                + auto("总则")
                + auto("甲方付款。", 1)
                + auto("解释权归乙方。", 1)
                + p("甲方（盖章）："),
                numbering=NUMBERING,
            ),
            (
                Ask("解释权归乙方。", "", "delete"),
                Ask("甲方付款。", "开票后付款。", "insert_after"),
            ),
        ),
        "numbered_paragraph_replaced": Case(
            package(
                HEAD
                + auto("总则")
                + auto("押金不退。", 1)
                + auto("解释权归乙方。", 1)
                + p("甲方（盖章）："),
                numbering=NUMBERING,
            ),
            (
                Ask("押金不退。", "", "delete"),
                Ask("解释权归乙方。", "", "delete"),
                Ask("解释权归乙方。", "不可抗力\n不能预见的情况。\n应当通知。", "insert_after"),
            ),
        ),
        "last_paragraph_replaced": Case(
            package(HEAD + p("第一条 甲方付款。") + p("第二条 押金不退。")),
            (
                Ask("第二条 押金不退。", "", "delete"),
                Ask("第二条 押金不退。", "押金三日内退还。", "insert_after"),
            ),
        ),
        "several_paragraphs": Case(
            package(
                HEAD
                + p("第一条 甲方付款。")
                + p("第二条 押金不退。")
                + p("第三条 期限一年。")
                + p("完")
            ),
            (
                Ask(
                    "第一条 甲方付款。\n第二条 押金不退。\n第三条 期限一年。",
                    "第一条 甲方后付款。\n第三条 期限两年。\n第四条 解约。",
                ),
            ),
        ),
        "paragraph_split": Case(
            package(HEAD + p("第一条 甲方付款，押金不退，期限一年。") + TAIL),
            (Ask("，押金不退，", "。\n押金应退。\n"),),
        ),
        "clauses_in_one_paragraph": Case(
            package(
                HEAD
                + p(
                    "一、乙方为甲方提供售前咨询和售后服务，服务内容包括回复买家的咨询以及处理退换货事宜，并配合甲方的活动。"
                    "二、费用每月五千元。三、期限一年。"
                )
            ),
            (
                Ask("费用每月", NEW, "insert_after"),
                Ask("售前咨询", "乙方不得分包。", "insert_after"),
                Ask("一、乙方", "双方约定如下。", "insert_before"),
                Ask("五千元", "四千元"),
            ),
        ),
        "automatic_numbers": Case(
            package(
                HEAD
                + auto("服务")
                + auto("乙方提供客服。", 1)
                + auto("费用")
                + auto("见第二条。", 1),
                numbering=NUMBERING,
            ),
            (
                Ask("提供客服", "提供全天客服"),
                Ask("提供客服", NEW, "insert_after"),
                Ask("提供客服", "转包\n乙方不得转包。", "insert_after"),
            ),
        ),
        "numbers_by_style": Case(
            package(
                HEAD
                + p("乙方提供客服。", '<w:pStyle w:val="Article"/>')
                + p("甲方付费。", '<w:pStyle w:val="Article"/>'),
                numbering=NUMBERING,
                styles=STYLES,
            ),
            (
                Ask("提供客服", NEW, "insert_after"),
                Ask("提供客服", "转包\n乙方不得转包。", "insert_after"),
            ),
        ),
        "block_control": Case(
            package(HEAD + sdt(p("第一条 甲方付款。")) + p("第二条 附则。") + TAIL),
            (Ask("甲方付款", "乙方付款"), Ask("甲方付款", NEW, "insert_after")),
        ),
        "before_block_control": Case(
            package(HEAD + p("第一条 甲方付款。") + sdt(p("第二条 附则。")) + TAIL),
            (Ask("甲方付款", NEW, "insert_after"),),
        ),
        "text_box": Case(
            package(
                HEAD
                + p(r("第一条 见框。") + box("框内九十秒回复。", "框内第二行。"))
                + p("第二条 附则。")
                + TAIL
            ),
            (Ask("九十秒", "三十秒"), Ask("框内第二行", NEW, "insert_after")),
        ),
        "text_box_copies_differ": Case(
            package(
                HEAD
                + p(r("第一条 见框。") + box("框内九十秒回复。", fallback=("框内。", "另一行。")))
                + p("第二条 附则。")
                + TAIL
            ),
            (Ask("九十秒", "三十秒", refused=True),),
        ),
        "contents_field": Case(
            package(
                HEAD
                + p(
                    '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>TOC</w:instrText></w:r>'
                    f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{r("目录一")}'
                )
                + p(r("目录二") + '<w:r><w:fldChar w:fldCharType="end"/></w:r>')
                + p("第一条 甲方付款。")
                + TAIL
            ),
            (Ask("目录一", "目录甲", refused=True), Ask("甲方付款", "乙方付款")),
        ),
    }


def _changes() -> dict[str, Case]:
    moved = (
        f'<w:moveFromRangeStart w:id="21" w:name="m" {OTHER}/><w:moveFrom w:id="22" {OTHER}>'
        f'{r("旧处")}</w:moveFrom><w:moveFromRangeEnd w:id="21"/>'
    )
    arrived = (
        f'<w:moveToRangeStart w:id="23" w:name="m" {OTHER}/><w:moveTo w:id="24" {OTHER}>'
        f'{r("旧处")}</w:moveTo><w:moveToRangeEnd w:id="23"/>'
    )
    formatted = f'<w:b/><w:rPrChange w:id="31" {OTHER}><w:rPr/></w:rPrChange>'
    inserted_mark = f'<w:rPr><w:ins w:id="41" {OTHER}/></w:rPr>'
    deleted_mark = f'<w:rPr><w:del w:id="42" {OTHER}/></w:rPr>'
    return {
        "their_insertion": Case(
            package(HEAD + p(r("第一条 违约金为") + _ins("百分之三十") + r("，另付利息。")) + TAIL),
            (
                Ask("百分之三十", "百分之十", refused=True),
                Ask("，另付", "，不另付"),
                Ask("违约金为", "违约金不超过"),
            ),
        ),
        "their_deletion": Case(
            package(HEAD + p(r("第一条 违约金为") + _del("全部") + r("服务费的一成。")) + TAIL),
            (Ask("违约金为服务费", "违约金不超过服务费"), Ask("服务费的一成", NEW, "insert_after")),
        ),
        "their_new_paragraph": Case(
            package(HEAD + p("第一条 服务。") + p(_ins("第二条 押金。", 43), inserted_mark) + TAIL),
            (Ask("押金", "保证金", refused=True), Ask("押金", NEW, "insert_after")),
        ),
        "their_joined_paragraphs": Case(
            package(HEAD + p("第一条 服务", deleted_mark) + p("和咨询。") + TAIL),
            (Ask("服务和咨询", "咨询", refused=True),),
        ),
        "their_move": Case(
            package(
                HEAD
                + p(r("第一条 甲方") + moved + r("付款。"))
                + p(r("第二条 ") + arrived + r("附则。"))
            ),
            (Ask("甲方付款", "乙方付款"), Ask("旧处", "新处", refused=True)),
        ),
        "their_formatting": Case(
            package(HEAD + p(r("第一条 甲方") + r("三日内", formatted) + r("付款。")) + TAIL),
            (Ask("三日内", "五日内"), Ask("甲方三日内付款", "甲方于验收后三日内付款")),
        ),
        "their_comments": Case(
            package(
                HEAD
                + p(
                    '<w:commentRangeStart w:id="7"/>'
                    + r("第一条 甲方付款。")
                    + '<w:commentRangeEnd w:id="7"/><w:r><w:commentReference w:id="7"/></w:r>'
                )
                + TAIL,
                comments=part("comments", f'<w:comment w:id="7" {OTHER}>{p("请确认")}</w:comment>'),
            ),
            (Ask("甲方付款", "乙方付款"), Ask("甲方付款", NEW, "insert_after")),
        ),
    }


def _packages() -> dict[str, Case]:
    plain = HEAD + p("第一条 甲方付款。") + p("第二条 附则。") + TAIL
    asks = (Ask("甲方付款", "乙方付款"), Ask("甲方付款", NEW, "insert_after"))
    default = (
        f'<document xmlns="{W}" xmlns:w="{W}"><body>'
        + plain.replace("<w:", "<").replace("</w:", "</")
        + "</body></document>"
    )
    twice = p(_ins("第一条 甲方", 1) + _del("旧", 1) + r("付款。") + _ins("另议", 1))
    huge = p(
        '<w:bookmarkStart w:id="2147483647" w:name="a"/><w:bookmarkEnd w:id="2147483647"/>'
        + r("第一条 甲方付款。")
    )
    return {
        "other_main_part": Case(package(plain, main="word/document2.xml"), asks),
        "main_part_elsewhere": Case(package(plain, main="content/main.xml"), asks),
        "strict": Case(strict(package(plain, styles=STYLES)), asks),
        "default_namespace": Case(package("", root=default), asks),
        "duplicate_ids": Case(
            package(HEAD + twice + p("第二条 附则。") + TAIL), (Ask("付款", "后付款"),)
        ),
        "huge_ids": Case(package(HEAD + huge + p("第二条 附则。") + TAIL), asks),
        "header": Case(package(plain, header1=part("hdr", p("机密 甲方付款"))), asks),
        "damaged_styles": Case(package(plain, styles="<w:styles"), asks),
        "tracking_on": Case(package(plain, settings=part("settings", "<w:trackRevisions/>")), asks),
        "protected": Case(
            package(
                plain,
                settings=part(
                    "settings",
                    '<w:writeProtection w:recommended="1"/>'
                    '<w:documentProtection w:edit="readOnly" w:enforcement="1"/>',
                ),
            ),
            asks,
        ),
        "signed": Case(changed(package(plain), {"_xmlsignatures/origin.sigs": b""}), asks),
    }


def main() -> None:
    """Write every document."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, case in cases().items():
        (FOLDER / f"{name}.docx").write_bytes(case.data)


if __name__ == "__main__":
    main()
