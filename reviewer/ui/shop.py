"""The calls behind the shop tabs: files and words in, HTML and files to download out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from reviewer.anchoring.anchored import ANNEX, CHECKS, Anchor
from reviewer.contract import Contract
from reviewer.errors import ReviewerError, UsageError
from reviewer.ingest import contract_from_text
from reviewer.knowledge.laws import load_laws
from reviewer.monitoring.before import recent_means
from reviewer.monitoring.calendar import calendar_file
from reviewer.monitoring.exposure import Inputs, exposure_of
from reviewer.monitoring.fees import yuan_given
from reviewer.monitoring.notices import drafts_of, notice_document
from reviewer.monitoring.pages import money_page, money_workbook, whatif_page
from reviewer.monitoring.report import monitoring_page
from reviewer.monitoring.watching import Case, monitor
from reviewer.monitoring.whatif import what_if
from reviewer.monitoring.workbook import monitoring_workbook
from reviewer.pipeline import library_of, read_contract
from reviewer.redline import redline
from reviewer.redline.edits import apply, edits_of
from reviewer.render.messages import Lang
from reviewer.settings import Settings
from reviewer.shop.baseline import baseline_of
from reviewer.shop.catalogue import load_calendar, load_catalogue, load_ratios
from reviewer.shop.chart import baseline_chart
from reviewer.shop.columns import mapper_of
from reviewer.shop.exports import ShopData, read_shop
from reviewer.terms.extract import terms_of
from reviewer.terms.file import read_terms, terms_yaml
from reviewer.ui.exports import accepted
from reviewer.ui.sections import (
    baseline_sections,
    comparison_section,
    money_sections,
    monitor_sections,
    page_of,
    whatif_sections,
)
from reviewer.ui.store import Kept
from reviewer.ui.uploads import safe_name


@dataclass(frozen=True)
class Shown:
    """What a call gives: HTML, and files to download by name."""

    html: str
    files: dict[str, bytes]


@dataclass(frozen=True)
class Given:
    """The shop's data as a visitor gave it."""

    files: Sequence[str]
    mapping: str = ""
    """Lines of 列名=指标."""
    shop: str = ""

    def data(self, today: date | None = None) -> ShopData:
        """Return what the files say; later days than `today` are refused.

        Raises:
            ReviewerError: There is none, or it cannot be used.
        """
        if not self.files:
            raise UsageError("还没有选择数据文件", remedy="请先上传店铺导出的 .csv 或 .xlsx")
        lines = [line.strip() for line in self.mapping.splitlines() if line.strip()]
        mapper = mapper_of(load_catalogue(), lines)
        return read_shop([Path(f) for f in self.files], mapper, today=today or _today())

    @property
    def chosen(self) -> str | None:
        """Return the shop that was chosen, or None."""
        return self.shop.strip() or None


def measured(given: Given, kept: Kept | None, settings: Settings, lang: Lang) -> Shown:
    """Return the baseline, and where a review is open its targets against it and a redline."""
    catalogue, calendar, ratios = load_catalogue(), load_calendar(), load_ratios()
    data = given.data()
    history = data.only(given.chosen)
    baseline = baseline_of(history, catalogue, calendar, ratios)
    sections = baseline_sections(data, history, baseline, catalogue, calendar, lang)
    stem = _stem(given)
    files = {
        f"{stem}.baseline.json": baseline.model_dump_json(indent=1).encode(),
        f"{stem}.baseline.svg": baseline_chart(
            history, baseline, catalogue, calendar, lang
        ).encode(),
    }
    if kept:
        anchor = Anchor(history, baseline, catalogue, ratios)
        sections.insert(0, comparison_section(anchor.compare(kept.review.contract), lang))
        from reviewer.knowledge.playbooks import load_playbook

        playbook = load_playbook(kept.review.engine.playbook)
        review = anchor.review(kept.review, playbook, library_of(settings))
        source = kept.source if kept.source.startswith(b"PK\x03\x04") else None
        wanted = [f.id for f in review.findings if f.check in (*CHECKS, ANNEX) and f.suggestion]
        name = safe_name(Path(kept.name).stem)
        files[f"{name}.anchored.review.json"] = review.model_dump_json(indent=1).encode()
        if wanted:
            files[f"{name}.anchored.redline.docx"] = redline(review, source, accept=wanted).data
    return Shown(page_of(sections, lang), files)


def contract_of(
    uploaded: str | None, kept: Kept | None, settings: Settings, *, with_accepted: bool
) -> Contract:
    """Return the contract to work on: the file given, else the open review's.

    Args:
        uploaded: A contract file, or None.
        kept: The open review, or None.
        settings: How files are read.
        with_accepted: Take the text with the suggestions that were accepted.

    Raises:
        ReviewerError: There is neither, or nothing was accepted.
    """
    if uploaded:
        return read_contract(Path(uploaded), settings)
    if kept is None:
        raise UsageError("还没有合同", remedy="请上传合同，或先在“审查”里打开一份")
    contract = kept.review.contract
    if not with_accepted:
        return contract
    chosen = accepted(kept)
    if not chosen:
        raise UsageError("还没有采纳任何建议", remedy="请先在“审查”里采纳，或改看原合同")
    text = apply(contract.text, edits_of(contract, chosen, {}).edits)
    first = contract.parties[0].side if contract.parties else None
    return contract_from_text(text, first_party_side=first)


def replayed(given: Given, contract: Contract, fee: str, lang: Lang) -> Shown:
    """Return the what-if of a contract over the last year of the data."""
    catalogue, calendar = load_catalogue(), load_calendar()
    history = given.data().only(given.chosen)
    terms = terms_of(contract, catalogue)
    found = what_if(terms, history, catalogue, calendar, monthly_fee=yuan_given(fee))
    sections = whatif_sections(found, history, catalogue, calendar, lang)
    page = whatif_page(found, history, catalogue, calendar)
    return Shown(
        page_of(sections, lang),
        {
            f"{_stem(given)}.whatif.html": page.encode(),
            f"{_stem(given)}.whatif.json": found.model_dump_json(indent=1).encode(),
        },
    )


def priced(contract: Contract, fee: str, orders: str, order_value: str, lang: Lang) -> Shown:
    """Return the money view of a contract."""
    if orders.strip() and not orders.strip().isdigit():
        raise UsageError(f"订单数 {orders} 看不懂", remedy="写法如 3000")
    inputs = Inputs(
        monthly_fee=yuan_given(fee),
        orders_per_month=int(orders) if orders.strip() else None,
        order_value=yuan_given(order_value),
    )
    found = exposure_of(terms_of(contract, load_catalogue()), inputs, load_ratios())
    name = safe_name(Path(contract.file).stem)
    return Shown(
        page_of(money_sections(found, lang), lang),
        {
            f"{name}.money.html": money_page(found).encode(),
            f"{name}.money.xlsx": money_workbook(found),
        },
    )


def terms_file(contract: Contract) -> Shown:
    """Return the terms of a contract as a file to confirm."""
    name = safe_name(Path(contract.file).stem)
    text = terms_yaml(terms_of(contract, load_catalogue()))
    return Shown("", {f"{name}.terms.yaml": text.encode()})


def watched(
    given: Given,
    terms_path: str | None,
    before: Sequence[str],
    notices: str,
    fee: str,
    as_of: str,
    lang: Lang,
) -> Shown:
    """Return what monitoring finds, with every file that it makes."""
    if not terms_path:
        raise UsageError("还没有条款文件", remedy="请先生成 terms.yaml，核对后再上传")
    catalogue, calendar = load_catalogue(), load_calendar()
    terms = read_terms(Path(terms_path), catalogue)
    today = _day(as_of) if as_of.strip() else _today()
    history = given.data(today).only(given.chosen)
    recent = {}
    if before:
        earlier = Given(before, given.mapping, given.shop).data(today).only(given.chosen)
        recent = recent_means(earlier, terms, catalogue, calendar, load_ratios())
    found = monitor(
        Case(
            terms=terms,
            history=history,
            catalogue=catalogue,
            calendar=calendar,
            as_of=today if as_of.strip() else min(today, history.last),
            monthly_fee=yuan_given(fee),
            notices=tuple(
                sorted(_day(part) for part in notices.replace("，", ",").split(",") if part.strip())
            ),
            recent=recent,
        )
    )
    drafts = drafts_of(found, load_laws())
    stem = safe_name(Path(terms_path).stem)
    files = {
        f"{stem}.monitor.html": monitoring_page(
            found, drafts, history, catalogue, calendar
        ).encode(),
        f"{stem}.monitor.xlsx": monitoring_workbook(found),
        f"{stem}.ics": calendar_file(found),
        f"{stem}.monitor.json": found.model_dump_json(indent=1).encode(),
    } | {f"{draft.name}.docx": notice_document(draft) for draft in drafts}
    sections = monitor_sections(found, history, catalogue, calendar, lang)
    return Shown(page_of(sections, lang), files)


def problem(error: ReviewerError, paths: Sequence[str | None]) -> str:
    """Return an error's line with the names of files and not the folders they lie in."""
    said = str(error)
    for path in paths:
        if path:
            said = said.replace(path, Path(path).name).replace(str(Path(path).parent), "")
    return said


def _stem(given: Given) -> str:
    return safe_name(Path(given.files[0]).stem)


def _today() -> date:
    return date.today()  # noqa: DTZ011 - the day where the server stands


def _day(words: str) -> date:
    try:
        return date.fromisoformat(words.strip())
    except ValueError as error:
        raise UsageError(f"日期 {words} 无效", remedy="格式为 2026-11-23") from error
