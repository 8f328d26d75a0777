"""Measures how well files are read: `python -m tests.measure pdf|ocr|status`.

The tables of docs/ingest.md are what it prints.
"""

import argparse
import io
import logging
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from statistics import fmean
from typing import Any

import numpy
import pypdf
import pypdfium2
from PIL import Image, ImageDraw, ImageFilter

from reviewer.contract import Contract
from reviewer.evaluation.dataset import read_dataset
from reviewer.ingest import Tools, contract_from_bytes, load_contract
from reviewer.ingest.ocr import read_picture
from reviewer.knowledge.playbooks import load_playbook
from reviewer.pipeline import Reviewer, review_contract
from reviewer.settings import Settings
from tests.measure.accuracy import accuracy
from tests.measure.makers import MAKERS, blocks, by_libreoffice
from tests.pdffiles import scanned

REPOSITORY = Path(__file__).resolve().parents[2]
CONTRACTS = REPOSITORY / "eval" / "contracts"
FOR_PDF = ("d02_tmall_merchant.docx", "d06_master_annexes.docx", "t02_douyin_merchant.docx")
FOR_OCR = ("d02_tmall_merchant.docx", "d09_douyin_live.docx", "t05_bpo_night.docx")
FOR_STATUS = (
    "d02_tmall_merchant",
    "d04_roles_reversed",
    "d25_furniture_aftersales",
    "t02_douyin_merchant",
)


def say(*lines: str) -> None:
    """Print at once."""
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()


def _text(name: str) -> str:
    return load_contract(CONTRACTS / name).text


def _ours(data: bytes) -> str:
    return contract_from_bytes(data, "x.pdf", tools=Tools(ocr=False)).text


def _pypdf(data: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages)


def _pdfium(data: bytes) -> str:
    document = pypdfium2.PdfDocument(data)
    return "\n".join(str(page.get_textpage().get_text_bounded()) for page in document)


def measure_pdf() -> None:
    """Print the share of characters read right from PDF files that programs made."""
    logging.disable(logging.CRITICAL)
    readers: dict[str, Callable[[bytes], str]] = {"ours": _ours, "pypdf": _pypdf, "pdfium": _pdfium}
    say(f"| made by | {' | '.join(readers)} | rows kept together |", "| --- " * 5 + "|")
    for maker, make in MAKERS.items():
        figures: dict[str, list[float]] = {name: [] for name in readers}
        kept = rows = 0
        for name in FOR_PDF:
            given = blocks(_text(name))
            if "no tables" in maker:
                given = [block for block in given if isinstance(block, str)]
            truth = "".join(b if isinstance(b, str) else "".join(map("".join, b)) for b in given)
            with tempfile.TemporaryDirectory() as folder:
                data = make(given, Path(folder))
            for reader, read in readers.items():
                figures[reader].append(accuracy(read(data), truth))
            found = {line.replace(" ", "") for line in _ours(data).splitlines()}
            wanted = [
                " | ".join(r).replace(" ", "") for b in given if not isinstance(b, str) for r in b
            ]
            rows += len(wanted)
            kept += sum(row in found for row in wanted)
        shown = " | ".join(f"{fmean(values):.2%}" for values in figures.values())
        say(f"| {maker} | {shown} | {kept} of {rows} |")


def _seal(image: Image.Image) -> Image.Image:
    """Return the page with a red seal over its text."""
    stamped = image.convert("RGBA")
    layer = Image.new("RGBA", image.size, (0, 0, 0, 0))
    draw = ImageDraw.Draw(layer)
    size = image.width // 5
    x, y = image.width // 3, image.height // 3
    red = (200, 20, 20, 170)
    draw.ellipse((x, y, x + size, y + size), outline=red, width=max(4, size // 30))
    draw.regular_polygon((x + size / 2, y + size / 2, size / 6), 5, fill=red)
    return Image.alpha_composite(stamped, layer).convert("RGB")


def _jpeg(image: Image.Image) -> Image.Image:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=30)
    return Image.open(io.BytesIO(buffer.getvalue())).convert("RGB")


def _turned(image: Image.Image, degrees: float) -> Image.Image:
    return image.rotate(degrees, Image.Resampling.BICUBIC, expand=True, fillcolor="white")


SPOILED: dict[str, tuple[int, Callable[[Image.Image], Image.Image]]] = {
    "150 dpi": (150, lambda image: image),
    "200 dpi": (200, lambda image: image),
    "300 dpi": (300, lambda image: image),
    "200 dpi, +2°": (200, lambda image: _turned(image, 2)),
    "200 dpi, -2°": (200, lambda image: _turned(image, -2)),
    "200 dpi, blurred": (200, lambda image: image.filter(ImageFilter.GaussianBlur(1.5))),
    "200 dpi, seal over text": (200, _seal),
    "200 dpi, JPEG quality 30": (200, _jpeg),
}


def measure_ocr() -> None:
    """Print the share of characters recognised on pages of labelled contracts."""
    from rapidocr import RapidOCR

    library = RapidOCR(params={"Global.log_level": "critical"})
    pages: list[tuple[Any, str]] = []
    for name in FOR_OCR:
        with tempfile.TemporaryDirectory() as folder:
            data = by_libreoffice(blocks(_text(name)), Path(folder))
        document = pypdfium2.PdfDocument(data)
        pages.append((document[0], _ours(_first_page(data))))
    read_picture(numpy.full((400, 400, 3), 255, "uint8"))
    say("| pages | right | library alone | s a page | library | overhead |", "| --- " * 6 + "|")
    for kind, (dpi, spoil) in SPOILED.items():
        ours: list[float] = []
        theirs: list[float] = []
        times = [0.0, 0.0]
        for page, truth in pages:
            picture = numpy.asarray(spoil(page.render(scale=dpi / 72).to_pil().convert("RGB")))
            begun = time.perf_counter()
            seen = read_picture(picture)
            middle = time.perf_counter()
            plain = library(picture, use_cls=False)
            times[0] += middle - begun
            times[1] += time.perf_counter() - middle
            ours.append(accuracy("".join(line.text for line in seen.lines), truth))
            theirs.append(accuracy("".join(plain.txts or ()), truth))
        each = [total / len(pages) for total in times]
        say(
            f"| {kind} | {fmean(ours):.2%} | {fmean(theirs):.2%} | {each[0]:.1f} | {each[1]:.1f} "
            f"| {each[0] / each[1]:.2f} |"
        )


def _first_page(data: bytes) -> bytes:
    writer = pypdf.PdfWriter()
    writer.add_page(pypdf.PdfReader(io.BytesIO(data)).pages[0])
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _scan_of(text: str) -> bytes:
    """Return a PDF of pictures of the pages, 200 dots an inch."""
    with tempfile.TemporaryDirectory() as folder:
        data = by_libreoffice(blocks(text), Path(folder))
    document = pypdfium2.PdfDocument(data)
    return scanned(*(page.render(scale=200 / 72).to_pil().convert("RGB") for page in document))


def measure_status() -> None:
    """Print the accuracy of statuses on contracts as text and as 200-dpi scans."""
    playbook = load_playbook()
    reviewer = Reviewer.of(Settings(engine="rules"))
    dataset = read_dataset(REPOSITORY / "eval", playbook)
    chosen = [item for item in dataset.contracts if item.name in FOR_STATUS]
    say("| contract | checks | as text | scanned | characters right |", "| --- " * 5 + "|")
    totals = [0, 0, 0]
    for item in chosen:
        text = load_contract(item.path)
        seen = contract_from_bytes(_scan_of(text.text), f"{item.name}.pdf")

        def right(contract: Contract, labels: Any = item.labels) -> int:
            review = review_contract(contract, reviewer.engine, playbook)
            found = {finding.check: finding.status for finding in review.findings}
            return sum(found.get(name) == label.status for name, label in labels.items())

        counts = (len(item.labels), right(text), right(seen))
        totals = [a + b for a, b in zip(totals, counts, strict=True)]
        same = accuracy(seen.text, text.text)
        say(f"| {item.name} | {_shares(counts)} | {same:.2%} |")
    say(f"| all | {_shares(totals)} | |")


def _shares(counts: Iterable[int]) -> str:
    total, *right = counts
    return f"{total} | " + " | ".join(f"{number / total:.3f}" for number in right)


def main() -> None:
    """Run what the command line names."""
    measures = {"pdf": measure_pdf, "ocr": measure_ocr, "status": measure_status}
    parser = argparse.ArgumentParser(description="measure how well files are read")
    parser.add_argument("what", choices=measures)
    measures[parser.parse_args().what]()


if __name__ == "__main__":
    main()
