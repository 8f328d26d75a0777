"""The other side's answer against what was sent: files in, HTML and files to download out."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from markupsafe import Markup

from reviewer.compare import compare, review_changes
from reviewer.compare.marked import marked
from reviewer.comparison import Comparison
from reviewer.errors import StaleReview, UsageError
from reviewer.pipeline import Reviewer
from reviewer.playbook import Playbook
from reviewer.redline import AUTHOR
from reviewer.render.comparing.page import comparison_fragment, comparison_page
from reviewer.render.comparing.text import comparison_markdown
from reviewer.render.messages import Lang
from reviewer.sandbox.folders import private_folder
from reviewer.ui.exports import accepted, decided
from reviewer.ui.pages import shown
from reviewer.ui.store import Kept
from reviewer.ui.uploads import safe_name

OnStage = Callable[[str], None]


class Versions(NamedTuple):
    """The files to compare."""

    sent: str | None
    """What was sent; None for the open review with what was accepted in it."""
    answer: str | None
    author: str = AUTHOR
    """The name under which our own changes stand."""


class Compared(NamedTuple):
    """A comparison, and the differences as tracked changes in the file that was sent."""

    comparison: Comparison
    redline: bytes | None = None
    """None where one file was looked at, or nothing differs."""


def compared(given: Versions, kept: Kept | None, reviewer: Reviewer, on_stage: OnStage) -> Compared:
    """Return what became of what was asked for.

    Without a file that was sent, the open review and what was accepted in it are taken; without
    either, the pending changes in the answer alone.

    Raises:
        UsageError: There is no answer to look at.
        ContractError: A file cannot be read.
    """
    if not given.answer:
        raise UsageError("还没有对方的回稿", remedy="请选择对方改回来的文件")
    answer, author = Path(given.answer), given.author
    if given.sent:
        sent = Path(given.sent)
        return _drawn(sent, _with_file(sent, answer, kept, reviewer, on_stage, author))
    if kept is None:
        return Compared(review_changes(answer, reviewer, author=author, on_stage=on_stage))
    asked = [finding.id for finding in accepted(kept)]
    with private_folder(reviewer.settings.work_dir, "compare") as folder:
        sent = folder / safe_name(kept.review.contract.file)
        sent.write_bytes(kept.source)
        made = compare(
            sent,
            answer,
            reviewer,
            review=decided(kept),
            accept=asked,
            author=author,
            on_stage=on_stage,
        )
        return _drawn(sent, made)


def _with_file(
    sent: Path,
    answer: Path,
    kept: Kept | None,
    reviewer: Reviewer,
    on_stage: OnStage,
    author: str,
) -> Comparison:
    if kept is None:
        return compare(sent, answer, reviewer, author=author, on_stage=on_stage)
    asked = [finding.id for finding in accepted(kept)]
    try:
        return compare(
            sent,
            answer,
            reviewer,
            review=decided(kept),
            accept=asked,
            author=author,
            on_stage=on_stage,
        )
    except StaleReview:  # the open review is of another contract
        return compare(sent, answer, reviewer, author=author, on_stage=on_stage)


def _drawn(sent: Path, comparison: Comparison) -> Compared:
    return Compared(comparison, None if comparison.same else marked(sent, comparison).data)


def comparison_html(comparison: Comparison, playbook: Playbook, lang: Lang) -> str:
    """Return the report as a part of the page."""
    return Markup('<div class="tab-card">{}</div>').format(
        comparison_fragment(comparison, playbook, lang, show=shown)
    )


def comparison_files(made: Compared, playbook: Playbook, lang: Lang) -> dict[str, bytes]:
    """Return the files to download by name."""
    comparison = made.comparison
    stem = safe_name(Path(comparison.answer.contract.file).stem)
    drawn = {f"{stem}.compare.docx": made.redline} if made.redline else {}
    return {
        **drawn,
        f"{stem}.compare.html": comparison_page(comparison, playbook, lang).encode(),
        f"{stem}.compare.md": comparison_markdown(comparison, playbook, lang).encode(),
        f"{stem}.compare.json": comparison.model_dump_json(indent=1).encode(),
    }
