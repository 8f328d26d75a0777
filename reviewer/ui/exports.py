"""Files of what was decided."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from reviewer.errors import UsageError
from reviewer.finding import Finding
from reviewer.playbook import Playbook
from reviewer.redline import Comments, redline
from reviewer.render.letter import letter
from reviewer.render.messages import Lang
from reviewer.render.webpage import webpage
from reviewer.render.workbook import workbook
from reviewer.review import Review
from reviewer.ui.store import Kept

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
    """Return the review with the wording as edited and without what was found wrong."""
    findings = []
    for finding in kept.review.findings:
        decision = kept.decisions.get(finding.id)
        if decision and decision.choice == "edit" and finding.suggestion and decision.text:
            asked = finding.suggestion.model_copy(update={"text": decision.text})
            finding = finding.model_copy(update={"suggestion": asked})
        findings.append(finding)
    return kept.review.model_copy(update={"findings": tuple(findings)})


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
        UsageError: A redline was asked for and nothing was accepted.
    """
    stem = "".join(c for c in Path(kept.name).stem if c.isalnum() or c in "-_ ")[:60] or "contract"
    paths = []
    for kind in what:
        path = folder / f"{stem}{_SUFFIX[kind]}"
        path.write_bytes(_content(kept, kind, playbook, comments, lang))
        paths.append(path)
    return paths


def _content(kept: Kept, kind: Export, playbook: Playbook, comments: Comments, lang: Lang) -> bytes:
    review = decided(kept)
    chosen = accepted(kept)
    if kind in ("redline", "clean", "letter") and not chosen:
        raise UsageError("还没有采纳任何建议", remedy="请先在右侧采纳要写进合同的建议")
    if kind in ("redline", "clean"):
        source = kept.source if kept.source.startswith(b"PK\x03\x04") else None
        names = [finding.id for finding in chosen]
        return redline(review, source, accept=names, comments=comments, clean=kind == "clean").data
    if kind == "html":
        return webpage(review, playbook, lang).encode()
    if kind == "xlsx":
        return workbook(review, playbook, lang)
    if kind == "json":
        return review.model_dump_json(indent=1).encode()
    if kind == "letter":
        return letter(review, chosen).encode()
    return labels(kept).encode()


def labels(kept: Kept) -> str:
    """Return the review as labels for the eval harness, corrected where it was found wrong."""
    made: dict[str, dict[str, object]] = {}
    for finding in kept.review.findings:
        if finding.kind == "observation":
            continue
        decision = kept.decisions.get(finding.id)
        wrong = decision is not None and decision.choice == "wrong"
        entry: dict[str, object] = {
            "status": decision.text if wrong and decision else finding.status,
            "evidence": [] if wrong else [e.quote for e in finding.evidence],
        }
        if finding.elements and not wrong:
            entry["elements"] = {e.id: e.status for e in finding.elements}
        if decision and decision.note:
            entry["note"] = decision.note
        made[finding.check] = entry
    document = {
        "contract": kept.name,
        "playbook": kept.review.engine.playbook,
        "labels": made,
    }
    return json.dumps(document, ensure_ascii=False, indent=1)
