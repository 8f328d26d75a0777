"""The order of things: a file is read, reviewed, and written out again."""

import hashlib
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from reviewer.answer import Answer
from reviewer.contract import Contract
from reviewer.engine import Engine, OnFinding
from reviewer.engine.circumstances import fitted
from reviewer.engine.legibility import weighed
from reviewer.engine.plan import Plan
from reviewer.engine.rules import RulesEngine
from reviewer.errors import ContractError, StaleReview, UsageError
from reviewer.finding import Severity
from reviewer.ingest import load_pages
from reviewer.ingest.kinds import kind_of
from reviewer.ingest.limits import Limits, Tools
from reviewer.ingest.office import forget
from reviewer.knowledge.clauses import ClauseLibrary, load_clauses
from reviewer.knowledge.laws import load_laws
from reviewer.knowledge.own import with_own_clauses
from reviewer.knowledge.playbooks import load_playbook
from reviewer.law import Article
from reviewer.partial import put
from reviewer.playbook import Circumstances, Playbook
from reviewer.review import Review, Summary, Timing
from reviewer.sandbox import Bounds
from reviewer.sandbox.client import OnStep
from reviewer.sandbox.folders import sweep
from reviewer.settings import Settings

if TYPE_CHECKING:
    from reviewer.redline import Comments, Language, Redline
    from reviewer.redline.annotate import Annotated

Stage = Callable[[str], None]
"""Told of each stage as it begins: `read`, `review`."""

MIN_SHARE_FOR_SCORE = 0.8
"""Below this share of text read a score would pretend to know the rest."""


def limits_of(settings: Settings) -> Limits:
    """Return the limits for a file, as set."""
    return Limits(
        max_bytes=int(settings.max_file_mb * 1024 * 1024),
        max_pages=settings.max_pages,
        bounds=Bounds(
            cpu_s=settings.parse_cpu_s,
            wall_s=settings.parse_wall_s,
            memory_mb=settings.parse_memory_mb,
        ),
    )


def merchant_of(settings: Settings) -> Circumstances:
    """Return what the merchant said of itself."""
    return Circumstances(merchant_size=settings.merchant_size, category=settings.category)


def read_contract(path: Path, settings: Settings) -> Contract:
    """Return the contract in `path`.

    Raises:
        ContractError: It cannot be read; the message says why and what to do.
    """
    return read_pages([path], settings)


def read_pages(
    paths: Sequence[Path], settings: Settings, on_step: OnStep | None = None
) -> Contract:
    """Return the contract in one file, or in several pictures that are its pages.

    Raises:
        ContractError: It cannot be read; the message says why and what to do.
    """
    return load_pages(
        paths,
        first_party_side=settings.side,
        limits=limits_of(settings),
        tools=tools_of(settings),
        on_step=on_step,
    )


def tools_of(settings: Settings) -> Tools:
    """Return what may be used to read files, as set."""
    return Tools(
        ocr=settings.ocr,
        office=str(settings.soffice) if settings.soffice else None,
        work_dir=str(settings.work_dir),
        threads=settings.ocr_threads,
    )


def library_of(settings: Settings) -> ClauseLibrary:
    """Return the clauses that suggestions are drafted from, the merchant's own before ours.

    Raises:
        CorpusInvalid: A clause file is wrong; names file and line.
    """
    clauses = load_clauses()
    if settings.corpus:
        clauses = with_own_clauses(clauses, settings.corpus, load_playbook(settings.playbook))
    return clauses


def make_engine(settings: Settings) -> Engine:
    """Return the engine that `settings` ask for.

    Raises:
        MissingSetting: The language-model engine lacks a key, a base URL or a model.
    """
    rules = RulesEngine(load_laws(), library_of(settings), platform=settings.platform)
    if settings.engine_name == "rules":
        return rules
    from reviewer.chat.openai_compatible import chat_from
    from reviewer.engine.llm import LlmEngine

    return LlmEngine(rules=rules, chat=chat_from(settings), settings=settings)


def review_contract(
    contract: Contract,
    engine: Engine,
    playbook: Playbook,
    *,
    ingest_s: float = 0.0,
    on_finding: OnFinding | None = None,
    settings: Settings | None = None,
) -> Review:
    """Return the review of a contract that was read already.

    What the merchant said of itself in `settings` decides what applies; None: it said nothing.
    """
    begun = time.perf_counter()
    outcome = engine.review(contract, playbook, on_finding)
    findings = outcome.findings
    if settings and merchant_of(settings) != Circumstances():
        library = library_of(settings)
        findings = fitted(findings, contract, playbook, library, merchant_of(settings))
    findings = weighed(findings, contract)
    review_s = time.perf_counter() - begun
    scored = contract.coverage.share >= MIN_SHARE_FOR_SCORE and not contract.coverage.unread
    return Review(
        contract=contract,
        engine=outcome.info,
        findings=findings,
        summary=Summary.of(findings, scored=scored),
        warnings=(*contract.warnings, *outcome.warnings),
        usage=outcome.usage,
        timing=Timing(
            ingest_s=round(ingest_s, 3),
            review_s=round(review_s, 3),
            total_s=round(ingest_s + review_s, 3),
        ),
    )


@dataclass(frozen=True)
class Reviewer:
    """Reviews files one after the other with the same engine and playbook."""

    settings: Settings
    engine: Engine
    playbook: Playbook

    @classmethod
    def of(cls, settings: Settings) -> "Reviewer":
        """Return a reviewer set up as `settings` say; what killed ones left is removed."""
        sweep(settings.work_dir, forget)
        return cls(settings, make_engine(settings), load_playbook(settings.playbook))

    def review(
        self,
        paths: Path | Sequence[Path],
        *,
        on_stage: Stage | None = None,
        on_finding: OnFinding | None = None,
    ) -> Review:
        """Return the review of a file, or of pictures that are the pages of one contract.

        Raises:
            ContractError: The file cannot be read.
        """
        if on_stage:
            on_stage("read")
        begun = time.perf_counter()
        files = [paths] if isinstance(paths, Path) else paths
        contract = read_pages(files, self.settings)
        ingest_s = time.perf_counter() - begun
        if on_stage:
            on_stage("review")
        return review_contract(
            contract,
            self.engine,
            self.playbook,
            ingest_s=ingest_s,
            on_finding=on_finding,
            settings=self.settings,
        )


def planned(path: Path, settings: Settings) -> Plan:
    """Return what a review of the file at `path` would send to a model; nothing is sent.

    No key is needed for it.

    Raises:
        ContractError: The file cannot be read.
        MissingSetting: Address or model is not set.
    """
    from reviewer.chat.openai_compatible import chat_from
    from reviewer.engine.llm import LlmEngine

    rules = make_engine(settings.model_copy(update={"engine": "rules"}))
    assert isinstance(rules, RulesEngine)
    engine = LlmEngine(rules=rules, chat=chat_from(settings, sending=False), settings=settings)
    return engine.plan(read_contract(path, settings), load_playbook(settings.playbook))


LONGEST_QUESTION = 1000
LAWS_OFFERED = 5
"""So many articles a question brings with it."""


def ask(contract: Contract, question: str, settings: Settings) -> Answer:
    """Return what the contract says about `question`, with the passages that say it.

    Every passage in the answer stands verbatim in `contract.text`; every citation stands in the
    law corpus. `settings` must name a model.

    Raises:
        UsageError: The question is empty or longer than `LONGEST_QUESTION`.
        MissingSetting: Key, address or model is not set.
        ChatError: The model could not be asked.
    """
    words = " ".join(question.split())
    if not words or len(words) > LONGEST_QUESTION:
        raise UsageError(
            f"问题应为 1 至 {LONGEST_QUESTION} 字（现为 {len(words)} 字）", remedy="请改写问题"
        )
    from reviewer.chat.openai_compatible import chat_from
    from reviewer.engine.llm.ask import Asking
    from reviewer.retrieval.index import open_index

    chat = chat_from(settings)
    laws, playbook = load_laws(), load_playbook(settings.playbook)

    today = date.today()  # noqa: DTZ011 (what is in force where the user is)

    def search(words: str) -> list[Article]:
        index = open_index(settings, fallback=True)
        hits = index.search(words, kind="law", limit=LAWS_OFFERED, as_of=today)
        return [article for hit in hits if (article := laws.get(hit.id))]

    return Asking(contract, chat, settings, playbook, laws, search).answer(words)


def write_atomically(path: Path, data: bytes) -> None:
    """Write `data` to `path` so that nobody ever sees half of it.

    Raises:
        UsageError: The folder cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        put(path, data)
    except OSError as error:
        raise UsageError(
            f"无法写入 {path}（{error.strerror}）", remedy="请用 --out 指定一个可写的文件夹"
        ) from error


def sha256_of(data: bytes) -> str:
    """Return the hash by which a review knows its file."""
    return hashlib.sha256(data).hexdigest()


def redline_file(
    review: Review,
    paths: Path | Sequence[Path],
    *,
    accept: Iterable[str] | Literal["all"] = "all",
    min_severity: Severity = "low",
    comments: "Comments" = "internal",
    clean: bool = False,
    lang: "Language" = "zh",
) -> "Redline":
    """Return the redline of the reviewed file.

    Args:
        review: The review.
        paths: The file that was reviewed, or the pictures that are its pages.
        accept: The findings whose suggestions are taken.
        min_severity: Those below are left out.
        comments: For whom comments are written.
        clean: Whether changes are made without marks.
        lang: Of comments and notes.

    Where the file changed since the review, the suggestions are found again by their words; what
    cannot be placed is among `Redline.refused`.

    Raises:
        StaleReview: The file is not the contract that was reviewed.
        UsageError: A finding to accept is not in the review.
    """
    from reviewer.redline import chosen_of, redline
    from reviewer.redline.relocate import relocated

    files = [paths] if isinstance(paths, Path) else list(paths)
    name = files[0].name
    data = b"".join(map(_bytes_of, files))
    chosen = [finding.id for finding in chosen_of(review, accept, min_severity)]
    unplaced: list[tuple[str, str]] = []
    notes: tuple[str, ...] = ()
    if sha256_of(data) != review.contract.sha256:
        moved = relocated(review, load_pages(files, limits=_GENEROUS))
        review = moved.review
        unplaced = [(name, reason) for name, reason in moved.unplaced if name in chosen]
        chosen = [name for name in chosen if review.finding(name)]
        notes = (f"{name} 与审查时的文件不同，已按原文重新定位 {len(chosen)} 项",)
    review, source, in_pictures, said = _fitting(review, data, name)
    unplaced += [(name, why) for name, why in in_pictures.items() if name in chosen]
    chosen = [name for name in chosen if name not in in_pictures]
    notes = (*notes, *said)
    made = redline(
        review,
        source,
        accept=chosen,
        comments=comments,
        clean=clean,
        lang=lang,
    )
    return replace(made, refused=(*made.refused, *unplaced), warnings=(*notes, *made.warnings))


def _fitting(
    review: Review, data: bytes, name: str
) -> tuple[Review, bytes | None, dict[str, str], tuple[str, ...]]:
    """Return the review of a file's own words, and the file where it is one of Word.

    What is about words in its pictures comes with the reason, and what is to be said besides.
    """
    from reviewer.ingest.word import read_word
    from reviewer.redline.pictured import MOSTLY_PICTURES, without_pictures

    if kind_of(data, name) != "word":
        return review, None, {}, ()
    if not review.contract.places:
        return review, data, {}, ()
    cut = without_pictures(review, read_word(data, name, _GENEROUS).text)
    return (review, None, {}, (MOSTLY_PICTURES,)) if cut is None else (cut[0], data, cut[1], ())


def annotated_file(
    review: Review,
    path: Path,
    *,
    accept: Iterable[str] | Literal["all"] = "all",
    min_severity: Severity = "low",
    comments: "Comments" = "internal",
    lang: "Language" = "zh",
) -> "Annotated":
    """Return the reviewed PDF at `path` with highlights and notes.

    Raises:
        StaleReview: The file is not the one that was reviewed.
        UsageError: It is no PDF, or a finding to accept is not in the review.
    """
    from reviewer.redline import chosen_of
    from reviewer.redline.annotate import annotated_pdf

    data = _bytes_of(path)
    if not data[:1024].lstrip().startswith(b"%PDF"):
        raise UsageError(f"{path.name} 不是 PDF", remedy="批注版只能由 PDF 原件生成，请用 docx")
    if sha256_of(data) != review.contract.sha256:
        raise StaleReview(f"{path.name} 与审查时的文件不同", remedy="请重新审查后再生成批注")
    chosen = chosen_of(review, accept, min_severity)
    return annotated_pdf(review, data, chosen, comments=comments, lang=lang)


_GENEROUS = Limits(max_bytes=10**9, max_pages=5000)
"""A file that was reviewed before was within the limits that the user set."""


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ContractError(f"无法打开 {path}", remedy="请检查路径") from error
