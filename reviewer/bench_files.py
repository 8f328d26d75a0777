"""The figures of reading files: `make bench`. Recognition needs the `ocr` extra and LibreOffice."""

import json
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from reviewer.errors import UsageError

CONTRACTS = 1_000
PAGE = 800
"""Characters of a contract of one page."""
ROUNDS = 3
EVERY_S = 0.5


def rows(example: Path, text: str) -> list[tuple[str, str, str]]:
    """Return the figures.

    Args:
        example: A contract in Word.
        text: Its text.
    """
    with tempfile.TemporaryDirectory() as folder:
        return [*_recognition(example, Path(folder)), *_many(text, Path(folder))]


def _recognition(example: Path, folder: Path) -> list[tuple[str, str, str]]:
    program = shutil.which("soffice")
    if program is None:
        raise UsageError("找不到 LibreOffice", remedy="请运行 tests/system/install.sh")
    subprocess.run(
        [program, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless",
         "--convert-to", "pdf", "--outdir", str(folder), str(example)],
        check=True,
        capture_output=True,
    )  # fmt: skip
    made = subprocess.run(
        [sys.executable, "-m", "reviewer.bench_files", str(folder / f"{example.stem}.pdf")],
        check=True,
        capture_output=True,
        text=True,
    )
    found = json.loads(made.stdout)
    ours, library = found["ours"], found["library"]
    return [
        ("recognition of a page at 200 dpi", f"{ours:.2f} s", ""),
        ("recognition against the library's own call", f"{ours / library:.2f}", "1.2"),
        ("peak memory of recognition", f"{found['memory']:.0f} MB", "1,536 MB"),
    ]


def _measured(path: Path) -> dict[str, float]:
    """Return seconds a page of ours and of the library, and the peak memory of ours in MB."""
    import numpy
    import pypdfium2

    from reviewer.ingest.limits import Limits
    from reviewer.ingest.ocr import read_picture
    from reviewer.ingest.pdf import picture_of

    document = pypdfium2.PdfDocument(path)
    pages = [numpy.ascontiguousarray(picture_of(page, Limits())) for page in document]
    for page in pages:
        read_picture(page)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    library = _library()
    ours = theirs = 0.0
    for page in pages:
        spent = [(_seconds(read_picture, page), _seconds(library, page)) for _ in range(ROUNDS)]
        ours += min(mine for mine, _ in spent)
        theirs += min(its for _, its in spent)
    return {"ours": ours / len(pages), "library": theirs / len(pages), "memory": memory}


def _library() -> Callable[[Any], Any]:
    from rapidocr import RapidOCR

    engine: Callable[[Any], Any] = RapidOCR(
        params={
            "Global.log_level": "critical",
            "Global.use_cls": False,
            "EngineConfig.onnxruntime.intra_op_num_threads": min(os.cpu_count() or 1, 4),
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )
    return engine


def _seconds(action: Callable[[Any], Any], page: Any) -> float:
    begun = time.perf_counter()
    action(page)
    return time.perf_counter() - begun


def _many(text: str, folder: Path) -> list[tuple[str, str, str]]:
    """Review a thousand contracts as a user does, and watch the memory of all processes."""
    contracts = folder / "contracts"
    contracts.mkdir()
    for number in range(CONTRACTS):
        words = f"{text[:PAGE]}\n第九十九条 本合同编号为{number:04}。\n"
        (contracts / f"{number:04}.txt").write_text(words, encoding="utf-8")
    begun = time.perf_counter()
    run = subprocess.Popen(
        [sys.executable, "-m", "reviewer", "review", str(contracts), "--jobs", "2",
         "--engine", "rules", "--out", str(folder / "out"), "--format", "json"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "REVIEWER_CACHE_DIR": str(folder / "cache")},  # noqa: TID251
    )  # fmt: skip
    sizes: list[float] = []
    while run.poll() is None:
        sizes.append(sum(map(_held, _family(run.pid))))
        time.sleep(EVERY_S)
    taken = time.perf_counter() - begun
    done = len(list((folder / "out").glob("*.review.json")))
    fifth = max(1, len(sizes) // 5)
    early, late = sizes[fifth : 2 * fifth], sizes[-fifth - 1 : -1]
    growth = sum(late) / max(1, len(late)) - sum(early) / max(1, len(early))
    what = f"{done:,} one-page contracts, --jobs 2"
    return [
        (what, f"{taken:.0f} s", "180 s"),
        (f"{what}: peak memory of all processes", f"{max(sizes):.0f} MB", "1,024 MB"),
        (f"{what}: memory of the last fifth against the second", f"{growth:+.0f} MB", "flat"),
    ]


def _family(process: int) -> list[int]:
    """Return a process and all that it started, near and far."""
    parents: dict[int, list[int]] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            found = re.search(r"^PPid:\s+(\d+)", _read(folder / "status"), re.MULTILINE)
            if found:
                parents.setdefault(int(found[1]), []).append(int(folder.name))
    family = [process]
    for member in family:
        family += parents.get(member, [])
    return family


def _held(process: int) -> float:
    """Return the memory of a process in MB, what it shares with others by its share."""
    found = re.search(r"^Pss:\s+(\d+) kB", _read(Path(f"/proc/{process}/smaps_rollup")), re.M)
    return int(found[1]) / 1024 if found else 0.0


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        return ""


if __name__ == "__main__":
    sys.stdout.write(json.dumps(_measured(Path(sys.argv[1]))))
