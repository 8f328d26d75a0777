"""Files of what was decided."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from reviewer.errors import UsageError
from reviewer.finding import STATUSES, Finding, Status
from reviewer.playbook import Playbook
from reviewer.redline import Comments, redline
from reviewer.render.letter import letter
from reviewer.render.messages import Lang, say
from reviewer.render.webpage import webpage
from reviewer.render.workbook import workbook
from reviewer.review import Review, Summary
from reviewer.ui.store import Decision, Kept
from reviewer.ui.words import word

Export = Literal["redline", "clean", "html", "xlsx", "json", "letter", "labels"]
EXPORTS: tuple[Export, ...] = ("redline", "clean", "html", "xlsx", "json", "letter", "labels")
_SUFFIX: dict[Export, str] = {
    "redline": ".redline.docx",
    "clean": ".clean.docx",
    "html": ".html",
    "xlsx": ".xlsx",
    "json": ".review.json",
    "letter": ".letter.txt",
    "labels": ".labels.json",
}


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
) -> list[Path]:
    """Write the files asked for and return where they are.

    Raises:
        UsageError: A redline or letter was asked for and nothing was accepted.
    """
    stem = "".join(c for c in Path(kept.name).stem if c.isalnum() or c in "-_ ").strip()[:60]
    paths = []
    for kind in what:
        path = folder / f"{stem or 'contract'}{_SUFFIX[kind]}"
        path.write_bytes(_content(kept, kind, playbook, comments, lang))
        paths.append(path)
    return paths


def _content(kept: Kept, kind: Export, playbook: Playbook, comments: Comments, lang: Lang) -> bytes:
    review = decided(kept)
    chosen = accepted(kept)
    if kind in ("redline", "clean", "letter") and not chosen:
        raise UsageError("还没有采纳任何建议", remedy="请先采纳要写进合同的建议，再生成文件")
    if kind in ("redline", "clean"):
        source = kept.source if kept.source.startswith(b"PK\x03\x04") else None
        names = [finding.id for finding in chosen]
        return redline(review, source, accept=names, comments=comments, clean=kind == "clean").data
    if kind == "html":
        return webpage(_noted(kept, review, lang), playbook, lang).encode()
    if kind == "xlsx":
        return workbook(_noted(kept, review, lang), playbook, lang)
    if kind == "json":
        return review.model_dump_json(indent=1).encode()
    if kind == "letter":
        return letter(review, chosen).encode()
    return labels(kept).encode()


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
