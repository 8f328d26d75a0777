"""The calls behind the page: each is plain Python, and none of it judges a contract."""

import queue
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr
from pydantic import ValidationError

from reviewer.errors import ReviewerError
from reviewer.finding import Finding
from reviewer.pipeline import Reviewer, redline_file
from reviewer.redline import Comments
from reviewer.render.messages import Lang
from reviewer.review import Review
from reviewer.sandbox.folders import PrivateFolder, private_folder
from reviewer.settings import Settings
from reviewer.ui.exports import EXPORTS, written
from reviewer.ui.pages import render
from reviewer.ui.store import Decision, Store
from reviewer.ui.words import word
from reviewer.ui.workbench import label, workbench

EXAMPLES = {
    "example_vendor": "vendor_draft.docx",
    "example_merchant": "merchant_draft.docx",
    "example_blank": "informal_blanks.txt",
}
MAX_FILES = 10
MAX_DECISIONS = 500
KEEP_EXPORTS_S = 900
SIDES = ("auto", "client", "vendor")
COMMENTS: tuple[Comments, ...] = ("internal", "external", "none")
_TICK_S = 0.12
"""Progress is sent no more often than this."""

Outputs = tuple[Any, ...]
"""Progress, panes, current review, list of reviews, files, pasted text."""
_UNCHANGED = 5


class Cancelled(Exception):
    """The visitor left or pressed cancel while the engine was at work."""


class Application:
    """The calls behind the page."""

    def __init__(self, settings: Settings, store: Store, examples: Path) -> None:
        self.settings = settings
        self.store = store
        self.examples = examples
        self._reviewers: dict[str, Reviewer] = {}
        self._exports = PrivateFolder(settings.work_dir, "exports")

    @property
    def exports(self) -> Path:
        """Return the private folder that downloads are written to."""
        return self._exports.path

    def close(self) -> None:
        """Remove what was written for download."""
        self._exports.close()

    def reviewer(self, side: str = "auto") -> Reviewer:
        """Return the reviewer for a choice of side; engines are made once."""
        known = side if side in SIDES else "auto"
        if known not in self._reviewers:
            chosen = None if known == "auto" else known
            self._reviewers[known] = Reviewer.of(self.settings.model_copy(update={"side": chosen}))
        return self._reviewers[known]

    def run(
        self, visitor: str, files: list[str] | None, pasted: str, side: str, lang: Lang
    ) -> Iterator[Outputs]:
        """Review what was given and yield progress, then the panes and the list of reviews."""
        given = [Path(name) for name in files or []]
        paths = given[:MAX_FILES]
        with private_folder(self.settings.work_dir, "paste") as folder:
            if pasted and pasted.strip():
                paste = folder / word("pasted_name", lang)
                paste.write_text(pasted, encoding="utf-8")
                paths.append(paste)
            if not paths:
                yield _failed([word("nothing_given", lang)], lang), *_same()
                return
            reviewed: list[str] = []
            problems: list[str] = []
            if len(given) > MAX_FILES:
                problems.append(word("too_many", lang, n=MAX_FILES))
            for number, path in enumerate(paths, 1):
                place = f"{number}/{len(paths)}" if len(paths) > 1 else ""
                for item in self._steps(path, side, place, lang):
                    if isinstance(item, str):
                        yield item, *_same()
                    elif isinstance(item, ReviewerError):
                        said = without_paths(item, path)
                        problems.append(said if path.name in said else f"{path.name}：{said}")
                    else:
                        source = path.read_bytes()
                        reviewed.append(self.store.add(visitor, path.name, item, source))
        yield self._outcome(reviewed, problems, visitor, lang)

    def _outcome(
        self, reviewed: list[str], problems: list[str], visitor: str, lang: Lang
    ) -> Outputs:
        first = reviewed[0] if reviewed else None
        several = [word("several", lang, n=len(reviewed))] if len(reviewed) > 1 else []
        return (
            _failed(problems, lang) if problems else "",
            self.panes(visitor, first, lang, [*several, *problems]) if first else gr.skip(),
            first or gr.skip(),
            self.history(visitor, lang),
            None,
            "" if first else gr.skip(),
        )

    def _steps(
        self, path: Path, side: str, place: str, lang: Lang
    ) -> Iterator[str | Review | ReviewerError]:
        """Review one file; yield progress as HTML, then the review or the error."""
        news: queue.Queue[str | Finding | Review | ReviewerError] = queue.Queue()
        stop = threading.Event()
        worker = threading.Thread(
            target=self._review, args=(path, side, news, stop), daemon=True, name="review"
        )
        found: list[Finding] = []
        stage = "read"
        total = len(self.reviewer(side).playbook.checks)
        told = 0.0

        def progress() -> str:
            return render(
                "progress.html",
                lang,
                name=path.name,
                place=place,
                stage=stage,
                found=min(len(found), total),
                total=total,
                latest=[f for f in found if f.flagged and f.kind != "observation"][-6:],
                label=lambda f: label(f, lang),
            )

        yield progress()
        worker.start()
        try:
            while True:
                item = news.get()
                if isinstance(item, str):
                    stage = item
                    continue
                if isinstance(item, Review | ReviewerError):
                    yield item
                    return
                found.append(item)
                if time.monotonic() - told > _TICK_S:
                    told = time.monotonic()
                    yield progress()
        finally:
            stop.set()

    def _review(
        self,
        path: Path,
        side: str,
        news: "queue.Queue[str | Finding | Review | ReviewerError]",
        stop: threading.Event,
    ) -> None:
        def on_finding(finding: Finding) -> None:
            if stop.is_set():
                raise Cancelled
            news.put(finding)

        try:
            news.put(self.reviewer(side).review(path, on_stage=news.put, on_finding=on_finding))
        except Cancelled:
            return
        except ReviewerError as error:
            news.put(error)
        except Exception as error:  # noqa: BLE001 - the page must say something whatever happens
            news.put(
                ReviewerError(
                    f"审查没有完成（{type(error).__name__}）",
                    remedy="请把合同另存为 .docx 后再试；仍不行时请把文件类型和大小告诉我们",
                )
            )

    def example(self, visitor: str, name: str, lang: Lang) -> Iterator[Outputs]:
        """Review an example contract."""
        yield from self.run(visitor, [str(self.examples / EXAMPLES[name])], "", "auto", lang)

    def panes(
        self, visitor: str, key: str | None, lang: Lang, problems: list[str] | None = None
    ) -> str:
        """Return the two panes of a review, or nothing where it is not this visitor's."""
        kept = self.store.get(visitor, key) if key else None
        if kept is None:
            return ""
        return workbench(kept, self.reviewer().playbook, lang, problems or ())

    def history(self, visitor: str, lang: Lang) -> str:
        """Return the list of past reviews."""
        return render("history.html", lang, entries=self.store.entries(visitor), when=_when)

    def open(self, visitor: str, key: str, lang: Lang) -> tuple[str, str]:
        """Return the panes of a past review, and its id."""
        page = self.panes(visitor, key, lang)
        if not page:
            raise gr.Error(word("lost", lang), title=word("sorry", lang), print_exception=False)
        return page, key

    def decide(self, visitor: str, asked: dict[str, Any]) -> bool:
        """Keep decisions; called by the page's script. Return whether they were kept."""
        items = asked.get("items")
        if not isinstance(items, list) or len(items) > MAX_DECISIONS:
            return False
        decisions: dict[str, Decision | None] = {}
        try:
            for item in items:
                made = Decision(
                    choice=item.get("choice") or None,
                    text=item.get("text") or None,
                    note=item.get("note") or None,
                )
                empty = made.choice is None and made.note is None
                decisions[str(item.get("finding"))[:40]] = None if empty else made
        except (ValidationError, AttributeError):
            return False
        return self.store.decide_all(visitor, str(asked.get("review")), decisions)

    def export(
        self, visitor: str, key: str | None, what: list[str], comments: str, lang: Lang
    ) -> tuple[list[str], Any]:
        """Write the chosen files of a review; return them, and the letter to copy."""
        kept = self.store.get(visitor, key) if key else None
        if kept is None:
            raise gr.Error(
                word("nothing_open", lang), title=word("sorry", lang), print_exception=False
            )
        folder = self.folder()
        chosen = [kind for kind in EXPORTS if kind in what]
        notes: Comments = comments if comments in COMMENTS else "external"
        try:
            paths = written(
                kept, chosen, folder, self.reviewer().playbook, comments=notes, lang=lang
            )
        except ReviewerError as error:
            raise gr.Error(str(error), title=word("sorry", lang), print_exception=False) from error
        letters = [p.read_text(encoding="utf-8") for p in paths if p.name.endswith(".letter.txt")]
        text = gr.Textbox(value=letters[0] if letters else "", visible=bool(letters))
        return [str(path) for path in paths], text

    def folder(self) -> Path:
        """Return a fresh folder for files to download; those of old are removed."""
        limit = time.time() - KEEP_EXPORTS_S
        for folder in self._exports.path.iterdir():
            if folder.stat().st_mtime < limit:
                shutil.rmtree(folder, ignore_errors=True)
        return Path(tempfile.mkdtemp(dir=self._exports.path))

    def review_file(self, file: str) -> dict[str, Any]:
        """Review a contract and return the result as `reviewer review --json` prints it.

        Args:
            file: The contract: .docx, .pdf, .txt or .md.
        """
        path = Path(file)
        try:
            found = self.reviewer().review(path)
        except ReviewerError as error:
            raise gr.Error(without_paths(error, path), print_exception=False) from error
        data: dict[str, Any] = found.model_dump(mode="json")
        return data

    def redline_of(self, file: str) -> str:
        """Review a contract and return it with every suggestion as a tracked change.

        Args:
            file: The contract: .docx, .pdf, .txt or .md.
        """
        path = Path(file)
        try:
            made = redline_file(self.reviewer().review(path), path, comments="internal")
        except ReviewerError as error:
            raise gr.Error(without_paths(error, path), print_exception=False) from error
        target = self.folder() / f"{path.stem}.redline.docx"
        target.write_bytes(made.data)
        return str(target)


def without_paths(error: ReviewerError, path: Path) -> str:
    """Return the message with the file's name and not the folder it lies in."""
    return str(error).replace(str(path), path.name).replace(str(path.parent), "")


def _same() -> Outputs:
    return tuple(gr.skip() for _ in range(_UNCHANGED))


def _failed(lines: list[str], lang: Lang) -> str:
    return render("notice.html", lang, lines=lines, failed=True)


def _when(seconds: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(seconds))
