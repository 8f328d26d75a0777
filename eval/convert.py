"""Turns labelled text contracts into Word and PDF: `python eval/convert.py`.

Word files get real automatic numbering where the articles count without a gap, and real tables.
PDFs are printed from such a Word file by LibreOffice. A label file follows its contract; a
contract whose labelled passages could not be found again would stay as text.
"""

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

from reviewer.evaluation.dataset import Label, LabelledContract, check_evidence
from reviewer.ingest import contract_from_bytes
from reviewer.quantity import chinese_number

HERE = Path(__file__).parent
WORD = (
    "d02_tmall_merchant", "d04_roles_reversed", "d06_master_annexes", "d07_tender",
    "d09_douyin_live", "d11_agency_operation", "d12_callcentre_bpo", "d16_injection",
    "d25_furniture_aftersales", "d27_startup_template", "d28_multi_shop", "t02_douyin_merchant",
    "t03_wholesale_reversed", "t05_bpo_night", "t13_negotiated_good", "t16_cooperation_frame",
)  # fmt: skip
PDF = (
    "d01_taobao_vendor", "d03_jd_negotiated", "d08_pdd_priceperorder", "d10_xiaohongshu_boutique",
    "d14_traditional", "d26_pharmacy", "d29_renewal_supplement", "d32_seller_friendly_exit",
    "t01_tmall_vendor_form", "t06_motherbaby", "t14_tender_words",
)  # fmt: skip
_ARTICLE = re.compile(r"^第([一二三四五六七八九十百零]+|\d+)条[\s　]*")
_LIST = f"""<w:abstractNum {nsdecls("w")} w:abstractNumId="90">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="%s"/><w:suff w:val="space"/>
<w:lvlText w:val="第%%1条"/></w:lvl></w:abstractNum>"""
_NUM = f'<w:num {nsdecls("w")} w:numId="90"><w:abstractNumId w:val="90"/></w:num>'


def counts(lines: list[str]) -> bool:
    """Return whether the articles are 1, 2, 3 … without a gap or a repeat."""
    numbers = [chinese_number(m[1]) for line in lines if (m := _ARTICLE.match(line))]
    return len(numbers) >= 3 and numbers == list(range(1, len(numbers) + 1))


def word(text: str, target: Path) -> None:
    """Write `text` as a .docx."""
    lines = text.splitlines()
    document = docx.Document()
    style = document.styles["Normal"]
    style.font.name = "Noto Serif CJK SC"
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), "Noto Serif CJK SC")
    automatic = counts(lines)
    if automatic:
        spelled = not any(re.match(r"^第\d+条", line) for line in lines)
        numbering = document.part.numbering_part.element
        form = "chineseCountingThousand" if spelled else "decimal"
        numbering.find(qn("w:num")).addprevious(parse_xml(_LIST % form))
        numbering.append(parse_xml(_NUM))
    rows: list[list[str]] = []
    for line in [*lines, None]:
        cells = line.split(" | ") if line is not None else []
        if len(cells) > 1 and (not rows or len(rows[0]) == len(cells)):
            rows.append(cells)
            continue
        if rows:
            table = document.add_table(rows=0, cols=len(rows[0]))
            table.style = "Table Grid"
            for row in rows:
                for cell, words in zip(table.add_row().cells, row, strict=True):
                    cell.text = words
            rows = [cells] if len(cells) > 1 else []
            if rows:
                continue
        if line is None:
            break
        match = _ARTICLE.match(line) if automatic else None
        paragraph = document.add_paragraph(line[match.end() :] if match else line)
        if match:
            paragraph._p.get_or_add_pPr().append(
                parse_xml(
                    f'<w:numPr {nsdecls("w")}><w:ilvl w:val="0"/><w:numId w:val="90"/></w:numPr>'
                )
            )
    document.save(str(target))


def move(name: str, target: Path) -> bool:
    """Let the labels of `name` follow to `target` where every labelled passage is found there."""
    path = HERE / "labels" / f"{name}.json"
    data = json.loads(path.read_text(encoding="utf-8"))
    contract = contract_from_bytes(target.read_bytes(), target.name)
    labels = {check: Label.model_validate(value) for check, value in data["labels"].items()}
    lost = list(check_evidence(LabelledContract(name=name, path=target, labels=labels), contract))
    if lost:
        sys.stdout.write(f"{target.name}: stays text, {len(lost)} passages lost, {lost[0]}\n")
        target.unlink()
        return False
    data["contract"] = target.name
    path.write_text(json.dumps(data, ensure_ascii=False, indent=1), encoding="utf-8")
    return True


def main() -> None:
    """Convert what is still text."""
    made = {"docx": 0, "pdf": 0}
    for name in (*WORD, *PDF):
        source = HERE / "contracts" / f"{name}.txt"
        if not source.exists():
            continue
        kind = "docx" if name in WORD else "pdf"
        with tempfile.TemporaryDirectory() as folder:
            target = Path(folder) / f"{name}.docx"
            word(source.read_text(encoding="utf-8"), target)
            if kind == "pdf":
                subprocess.run(
                    ["soffice", "--headless", f"-env:UserInstallation=file://{folder}/profile",
                     "--convert-to", "pdf", "--outdir", folder, str(target)],
                    check=True, capture_output=True, timeout=120,
                )  # fmt: skip
                target = target.with_suffix(".pdf")
            final = source.with_suffix(f".{kind}")
            final.write_bytes(target.read_bytes())
        if move(name, final):
            source.unlink()
            made[kind] += 1
    sys.stdout.write(f"{made}\n")


if __name__ == "__main__":
    main()
