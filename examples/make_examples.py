"""Makes the example contracts in Word: real automatic numbering, a table, an annex."""

import copy
from pathlib import Path

import docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

HERE = Path(__file__).parent
ABSTRACT = f"""<w:abstractNum {nsdecls("w")} w:abstractNumId="90">
<w:multiLevelType w:val="multilevel"/>
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/><w:suff w:val="space"/>
<w:lvlText w:val="第%1条"/><w:lvlJc w:val="left"/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:isLgl/><w:suff w:val="space"/>
<w:lvlText w:val="%1.%2"/><w:lvlJc w:val="left"/></w:lvl>
</w:abstractNum>"""
NUM = f'<w:num {nsdecls("w")} w:numId="90"><w:abstractNumId w:val="90"/></w:num>'


def build(source: Path, target: Path) -> None:
    """Build a .docx from lines: `# ` article, `## ` sub-clause, `a | b` table row, else plain."""
    document = docx.Document()
    numbering = document.part.numbering_part.element
    first_num = numbering.find(qn("w:num"))
    first_num.addprevious(parse_xml(ABSTRACT))
    numbering.append(parse_xml(NUM))
    rows: list[list[str]] = []
    for line in source.read_text(encoding="utf-8").splitlines():
        if " | " in line:
            rows.append(line.split(" | "))
            continue
        table(document, rows)
        rows = []
        level = 0 if line.startswith("# ") else 1 if line.startswith("## ") else None
        paragraph = document.add_paragraph()
        run = paragraph.add_run(line.lstrip("# "))
        run.bold = level == 0 or None
        if level is not None:
            numbered(paragraph, level)
    table(document, rows)
    document.save(target)


def numbered(paragraph, level: int) -> None:
    """Give a paragraph its number."""
    properties = paragraph._p.get_or_add_pPr()
    number = parse_xml(
        f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="90"/></w:numPr>'
    )
    properties.append(copy.deepcopy(number))


def table(document, rows: list[list[str]]) -> None:
    """Add the collected rows as a table."""
    if not rows:
        return
    made = document.add_table(rows=0, cols=len(rows[0]))
    made.style = "Table Grid"
    for row in rows:
        for cell, words in zip(made.add_row().cells, row, strict=True):
            cell.text = words


if __name__ == "__main__":
    for name in ("vendor_draft", "merchant_draft"):
        build(HERE / f"{name}.source.txt", HERE / f"{name}.docx")
