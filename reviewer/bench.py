"""The figures of docs/benchmarks.md: `make bench`."""

import io
import os
import platform
import random
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from reviewer.contract import Contract
from reviewer.engine.rules import RulesEngine
from reviewer.finding import Finding, Suggestion
from reviewer.ingest import contract_from_bytes, contract_from_text
from reviewer.ingest.limits import Limits
from reviewer.knowledge.clauses import load_clauses
from reviewer.knowledge.laws import load_laws
from reviewer.knowledge.playbooks import load_playbook
from reviewer.pipeline import Reviewer, review_contract
from reviewer.redline import redline
from reviewer.review import EngineInfo, Review, Summary
from reviewer.settings import Settings

EXAMPLE = Path(__file__).resolve().parents[1] / "examples" / "vendor_draft.docx"
NEGOTIATED = EXAMPLE.with_name("merchant_draft.docx")
PARAGRAPHS_A_PAGE = 12


def main() -> None:
    """Print a Markdown table of figures, and the machine they were measured on."""
    rows: list[tuple[str, str, str]] = []
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(engine="rules", cache_dir=Path(folder) / "cache")
        rows += _reviews(settings)
        rows += _commands(Path(folder))
        rows += _index(settings)
        rows += _redlines()
        rows += _model_chain()
        rows += _shops(Path(folder))
        rows += _page(Path(folder))
        rows += _files()
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}\n")
    print("| figure | measured | at most |\n| --- | --- | --- |")
    for name, value, bound in rows:
        print(f"| {name} | {value} | {bound} |")


def _timed(action: Callable[[], object], times: int = 3) -> float:
    """Return the best of some runs, in seconds."""
    best = float("inf")
    for _ in range(times):
        begun = time.perf_counter()
        action()
        best = min(best, time.perf_counter() - begun)
    return best


def _of_length(size: int) -> Contract:
    """Return a contract of about `size` characters, the example's articles over and over."""
    text = contract_from_bytes(EXAMPLE.read_bytes(), EXAMPLE.name).text
    body = text[text.index("第一条") : text.index("附件")]
    return contract_from_text((text + "\n" + body * (size // len(body) + 1))[:size])


def _reviews(settings: Settings) -> list[tuple[str, str, str]]:
    reviewer = Reviewer.of(settings)
    rows = []
    for size, bound in ((2_000, ""), (5_000, "1.0 s"), (20_000, ""), (100_000, "")):
        contract = _of_length(size)
        review_contract(contract, reviewer.engine, reviewer.playbook)
        taken = _timed(lambda c=contract: review_contract(c, reviewer.engine, reviewer.playbook))  # type: ignore[misc]
        rows.append((f"warm review, {size:,} characters", f"{taken:.2f} s", bound))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    rows.append(("peak memory up to here", f"{peak:.0f} MB", "600 MB"))
    return rows


def _commands(folder: Path) -> list[tuple[str, str, str]]:
    environment = {
        **os.environ,  # noqa: TID251
        "REVIEWER_CACHE_DIR": str(folder / "cold"),
        "REVIEWER_ENGINE": "rules",
    }

    def command(*arguments: str) -> Callable[[], object]:
        return lambda: subprocess.run(
            [sys.executable, "-m", "reviewer", *arguments],
            check=True,
            capture_output=True,
            env=environment,
        )

    files = []
    for number in range(10):
        path = folder / f"{number}.docx"
        path.write_bytes(EXAMPLE.read_bytes())
        files.append(str(path))
    one = _timed(command("review", str(EXAMPLE)))
    ten = _timed(command("review", *files), times=1)
    firsts = []
    for number in range(3):
        environment["REVIEWER_CACHE_DIR"] = str(folder / f"first{number}")
        firsts.append(_timed(command("index", "search", "违约金"), times=1))
    return [
        ("`reviewer --help`", f"{_timed(command('--help')):.2f} s", "0.5 s"),
        ("`reviewer review FILE`, cold start", f"{one:.2f} s", "3 s"),
        ("ten contracts in one command", f"{ten:.2f} s", f"{10 * one:.1f} s (ten commands)"),
        ("first search, index built", f"{min(firsts):.2f} s", "3 s"),
    ]


def _index(settings: Settings) -> list[tuple[str, str, str]]:
    from reviewer.retrieval.index import open_index

    begun = time.perf_counter()
    index = open_index(settings, rebuild=True)
    built = time.perf_counter() - begun
    queries = ["客服泄露买家手机号", "违约金过高", "首次响应不超过三十秒", "自动续约"] * 10
    taken = _timed(lambda: [index.search(query) for query in queries])
    size = sum(p.stat().st_size for p in settings.cache_dir.rglob("*") if p.is_file())
    return [
        ("index build", f"{built:.2f} s", ""),
        ("index on disk", f"{size / 1e6:.1f} MB", ""),
        ("hybrid queries a second", f"{len(queries) / taken:.0f}", "at least 50"),
    ]


def _model_chain() -> list[tuple[str, str, str]]:
    from reviewer import bench_model

    rules = RulesEngine(load_laws(), load_clauses())
    text = contract_from_bytes(NEGOTIATED.read_bytes(), NEGOTIATED.name).text
    return bench_model.rows(contract_from_text(text[:5_000]), rules, load_playbook())


def _page(folder: Path) -> list[tuple[str, str, str]]:
    import docx

    from reviewer import bench_page

    document = docx.Document()
    for line in _of_length(5_000).text.splitlines():
        document.add_paragraph(line)
    short, long = folder / "short.docx", folder / "long.txt"
    document.save(str(short))
    long.write_text(_of_length(100_000).text, encoding="utf-8")
    return bench_page.rows(short, long)


def _files() -> list[tuple[str, str, str]]:
    from reviewer import bench_files

    return bench_files.rows(EXAMPLE, contract_from_bytes(EXAMPLE.read_bytes(), EXAMPLE.name).text)


def _redlines() -> list[tuple[str, str, str]]:
    rows = []
    for pages, changes, bound in ((20, 40, "1.0 s"), (300, 200, "15 s")):
        data = _document(pages * PARAGRAPHS_A_PAGE)
        contract = contract_from_bytes(data, "bench.docx", limits=Limits(max_bytes=10**9))
        review = _asking(contract, changes)
        begun = time.perf_counter()
        made = redline(review, data)
        taken = time.perf_counter() - begun
        rows.append(
            (f"redline, {pages} pages, {len(made.applied)} changes", f"{taken:.2f} s", bound)
        )
        growth = len(made.data) / len(data)
        rows += [
            (f"size of that redline against the original, {pages} pages", f"{growth:.2f}", ""),
            (
                f"bytes of the original that stand in it unchanged, {pages} pages",
                _kept(data, made.data),
                "",
            ),
        ]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return [*rows, ("peak memory after the redlines", f"{peak:.0f} MB", "600 MB")]


def _kept(before: bytes, after: bytes) -> str:
    """Return the share of bytes, unpacked, that stand in the redline paragraph by paragraph."""
    kept = total = 0
    with (
        zipfile.ZipFile(io.BytesIO(before)) as old,
        zipfile.ZipFile(io.BytesIO(after)) as new,
    ):
        for name in old.namelist():
            pieces = Counter(new.read(name).split(b"</w:p>"))
            for piece in old.read(name).split(b"</w:p>"):
                total += len(piece)
                if pieces[piece] > 0:
                    pieces[piece] -= 1
                    kept += len(piece)
    return f"{kept / total:.1%}"


def _shops(folder: Path) -> list[tuple[str, str, str]]:
    """Return the figures for ten shops, three years of days, twelve metrics."""
    from reviewer.monitoring.watching import Case, monitor
    from reviewer.shop.baseline import baseline_of
    from reviewer.shop.catalogue import load_calendar, load_catalogue, load_ratios
    from reviewer.shop.columns import mapper_of
    from reviewer.shop.exports import read_shop
    from reviewer.terms.extract import terms_of

    path = folder / "shops.csv"
    path.write_text(_export(), encoding="utf-8")
    catalogue, calendar, ratios = load_catalogue(), load_calendar(), load_ratios()
    today = date(2026, 11, 1)
    mapper = mapper_of(catalogue)

    def measure() -> None:
        data = read_shop([path], mapper, today=today)
        for history in data.histories:
            baseline_of(history, catalogue, calendar, ratios, months=0)

    merchant = EXAMPLE.with_name("merchant_draft.docx")
    terms = terms_of(contract_from_bytes(merchant.read_bytes(), merchant.name), catalogue)
    histories = read_shop([path], mapper, today=today).histories

    def watch() -> None:
        for history in histories:
            monitor(
                Case(
                    terms, history, catalogue, calendar, history.last, Decimal(33000), notices=None
                )
            )

    size = f"{len(histories)} shops × {len(histories[0].entries)} days × {len(histories[0].metrics)} metrics"
    return [
        (f"baseline of {size}, read from CSV", f"{_timed(measure):.2f} s", "2 s"),
        (f"monitoring of {size}", f"{_timed(watch):.2f} s", "3 s"),
    ]


def _export() -> str:
    """Return three years of days of ten shops as an export; the same figures every time."""
    chance = random.Random(12)
    heads = "日期,店铺,首响,均响,三分钟回复率,询单转化率,满意度,一次解决率,质检分,退款率,接待量,询单人数,付款人数,客服销售额"
    lines = [heads]
    for shop in range(10):
        for number in range(3 * 365):
            day = date(2023, 11, 2) + timedelta(days=number)
            sessions = chance.randint(300, 900)
            figures = (
                f"{chance.gauss(14, 2):.1f}", f"{chance.gauss(29, 3):.1f}秒",
                f"{chance.uniform(0.93, 0.99):.2%}", f"{chance.uniform(0.18, 0.25):.2%}",
                f"{chance.uniform(0.92, 0.98):.2%}", f"{chance.uniform(0.75, 0.9):.2%}",
                f"{chance.gauss(91, 2):.1f}", f"{chance.uniform(0.06, 0.1):.2%}",
                str(sessions), str(sessions // 2), str(sessions // 9), f"{sessions * 20.5:.2f}",
            )  # fmt: skip
            lines.append(",".join((str(day), f"店{shop}", *figures)))
    return "\n".join(lines) + "\n"


def _document(paragraphs: int) -> bytes:
    import docx

    document = docx.Document()
    for number in range(1, paragraphs + 1):
        document.add_paragraph(
            f"第{number}条 乙方应在{number}小时内处理买家的咨询，并及时告知甲方处理结果，"
            "如遇疑难问题应当报告甲方指定的联系人，由双方协商确定处理方案。"
        )
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _asking(contract: Contract, changes: int) -> Review:
    clauses = [c for c in contract.clauses if "及时" in c.text]
    step = max(1, len(clauses) // changes)
    findings = []
    for number, clause in enumerate(clauses[::step][:changes], 1):
        at = clause.start + clause.text.index("及时")
        asked = Suggestion(
            action="replace",
            anchor=clause.id,
            original="及时",
            start=at,
            end=at + 2,
            text="在两小时内",
        )
        if number % 3 == 0:
            asked = Suggestion(
                action="insert_after",
                anchor=clause.id,
                original=None,
                text="逾期的，每次扣减一百元。",
            )
        findings.append(
            Finding(
                id=f"f{number}",
                check="kpi",
                kind="protection",
                title="考核",
                status="weak",
                severity="high",
                reason="含糊",
                confidence=1,
                suggestion=asked,
            )
        )
    engine = EngineInfo(name="bench", playbook="", playbook_version="")
    return Review(contract=contract, engine=engine, findings=tuple(findings), summary=Summary())


if __name__ == "__main__":
    main()
