"""Files of what was decided."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Literal, NamedTuple

from reviewer.errors import UsageError
from reviewer.finding import STATUSES, Finding, Status
from reviewer.playbook import Playbook
from reviewer.redline import Comments, redline
from reviewer.redline.annotate import annotated_pdf
from reviewer.render.letter import letter
from reviewer.render.messages import Lang, say
from reviewer.render.report import title_of
from reviewer.render.webpage import webpage
from reviewer.render.workbook import workbook
from reviewer.review import Review, Summary
from reviewer.ui.store import Decision, Kept
from reviewer.ui.words import word

Export = Literal["redline", "clean", "pdf", "html", "xlsx", "json", "letter", "labels"]
EXPORTS: tuple[Export, ...] = (
    "redline",
    "clean",
    "pdf",
    "html",
    "xlsx",
    "json",
    "letter",
    "labels",
)
_SUFFIX: dict[Export, str] = {
    "redline": ".redline.docx",
    "clean": ".clean.docx",
    "pdf": ".annotated.pdf",
    "html": ".html",
    "xlsx": ".xlsx",
    "json": ".review.json",
    "letter": ".letter.txt",
    "labels": ".labels.json",
}


class Written(NamedTuple):
    """The files, and what could not be put into them as it should be."""

    paths: list[Path]
    notes: tuple[str, ...]


def decided(kept: Kept) -> Review:
    """Return the review as a person left it: wording as edited, wrong conclusions put right."""
    findings = tuple(_decided(f, kept.decisions.get(f.id)) for f in kept.review.findings)
    scored = kept.review.summary.score is not None
    summary = Summary.of(findings, scored=scored)
    return kept.review.model_copy(update={"findings": findings, "summary": summary})


def _decided(finding: Finding, decision: Decision | None) -> Finding:
    if decision is None:
        return finding
    if decision.choice == "edit" and finding.suggestion and decision.text:
        asked = finding.suggestion.model_copy(update={"text": decision.text})
        return finding.model_copy(update={"suggestion": asked})
    if decision.choice == "wrong" and decision.text in STATUSES[finding.kind]:
        return _corrected(finding, decision.text, decision.note)
    return finding


def _corrected(finding: Finding, status: Status, note: str | None) -> Finding:
    passes = status in ("ok", "clear")
    return finding.model_copy(
        update={
            "status": status,
            "reason": f"经人工复核改判为“{say(status)}”。{note or ''}",
            "suggestion": None if passes else finding.suggestion,
            "evidence": () if status in ("missing", "clear") else finding.evidence,
            "needs_human": False,
        }
    )


def accepted(kept: Kept) -> list[Finding]:
    """Return the findings whose suggestion was accepted, as it stands or edited."""
    taken = {k for k, d in kept.decisions.items() if d.choice in ("accept", "edit")}
    return [f for f in decided(kept).findings if f.id in taken and f.suggestion]


def written(
    kept: Kept,
    what: Iterable[Export],
    folder: Path,
    playbook: Playbook,
    *,
    comments: Comments = "internal",
    lang: Lang = "zh",
) -> Written:
    """Write the files asked for.

    Raises:
        UsageError: A redline or letter was asked for and nothing was accepted.
    """
    stem = "".join(c for c in Path(kept.name).stem if c.isalnum() or c in "-_ ").strip()[:60]
    paths = []
    notes: dict[str, None] = {}
    for kind in what:
        path = folder / f"{stem or 'contract'}{_SUFFIX[kind]}"
        made, said = _content(kept, kind, playbook, comments, lang)
        path.write_bytes(made)
        paths.append(path)
        notes |= dict.fromkeys(said)
    return Written(paths, tuple(notes))


def _content(
    kept: Kept, kind: Export, playbook: Playbook, comments: Comments, lang: Lang
) -> tuple[bytes, list[str]]:
    """Return a file, and what could not be put into it as it should be."""
    review = decided(kept)
    chosen = accepted(kept)
    if kind in ("redline", "clean", "pdf", "letter") and not chosen:
        raise UsageError("还没有采纳任何建议", remedy="请先采纳要写进合同的建议，再生成文件")
    if kind in ("redline", "clean"):
        source = kept.source if kept.source.startswith(b"PK\x03\x04") else None
        marked = redline(
            review,
            source,
            accept=[finding.id for finding in chosen],
            comments=comments,
            clean=kind == "clean",
            lang=_for_readers(comments, review, lang),
        )
        return marked.data, _reasons(marked.refused, review, playbook, lang)
    if kind == "pdf":
        if not kept.source.startswith(b"%PDF-"):
            raise UsageError("原件不是 PDF，不能加批注", remedy="请改选修订稿 .docx")
        language = _for_readers(comments, review, lang)
        noted = annotated_pdf(review, kept.source, chosen, comments=comments, lang=language)
        return noted.data, _reasons(noted.unplaced, review, playbook, lang)
    if kind == "html":
        return webpage(_noted(kept, review, lang), playbook, lang).encode(), []
    if kind == "xlsx":
        return workbook(_noted(kept, review, lang), playbook, lang), []
    if kind == "json":
        return review.model_dump_json(indent=1).encode(), []
    if kind == "letter":
        return letter(review, chosen).encode(), []
    return labels(kept).encode(), []


def _for_readers(comments: Comments, review: Review, lang: Lang) -> Lang:
    """Return the language of comments: one's own, or that of the contract for the other side."""
    return "zh" if comments == "external" and review.contract.language == "zh" else lang


def _reasons(
    refused: Iterable[tuple[str, str]], review: Review, playbook: Playbook, lang: Lang
) -> list[str]:
    found = {finding.id: title_of(finding, playbook, lang) for finding in review.findings}
    return [f"{found.get(name, name)}：{reason}" for name, reason in refused]


def _noted(kept: Kept, review: Review, lang: Lang) -> Review:
    """Return the review with what was decided written behind each reason."""
    findings = []
    for finding in review.findings:
        decision = kept.decisions.get(finding.id)
        if decision:
            parts = [word(decision.choice, lang)] if decision.choice else []
            parts += [decision.note] if decision.note and decision.choice != "wrong" else []
            said = f"{finding.reason}【{'；'.join(parts)}】"
            finding = finding.model_copy(update={"reason": said})
        findings.append(finding)
    return review.model_copy(update={"findings": tuple(findings)})


def labels(kept: Kept) -> str:
    """Return what a person confirmed or put right, as labels for the eval harness.

    A finding is confirmed when its suggestion was accepted; findings on which nobody decided are
    left out, so that the engine is never measured against itself.
    """
    made: dict[str, dict[str, object]] = {}
    for finding in kept.review.findings:
        decision = kept.decisions.get(finding.id)
        if decision is None or finding.kind == "observation":
            continue
        entry: dict[str, object] = {}
        if decision.choice == "wrong":
            entry["status"] = decision.text
        elif decision.choice in ("accept", "edit"):
            entry["status"] = finding.status
            entry["evidence"] = [passage.quote for passage in finding.evidence]
        else:
            continue
        if decision.note:
            entry["note"] = decision.note
        made[finding.check] = entry
    document = {
        "contract": kept.name,
        "playbook": kept.review.engine.playbook,
        "labels": made,
    }
    return json.dumps(document, ensure_ascii=False, indent=1)
