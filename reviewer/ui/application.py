"""The calls behind the page: each is plain Python, and none of it judges a contract."""

import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import gradio as gr
from pydantic import ValidationError

from reviewer.errors import ReviewerError
from reviewer.knowledge.playbooks import load_playbook, playbook_names
from reviewer.pipeline import Reviewer
from reviewer.playbook import Playbook
from reviewer.redline import Comments
from reviewer.render.messages import Lang
from reviewer.sandbox.folders import PrivateFolder, private_folder
from reviewer.settings import Settings
from reviewer.ui.asking import put
from reviewer.ui.choices import Choices, host_of
from reviewer.ui.exports import EXPORTS, written
from reviewer.ui.pages import render
from reviewer.ui.runs import Progress, run
from reviewer.ui.store import Decision, Kept, Store
from reviewer.ui.words import word
from reviewer.ui.workbench import label, tone, workbench

EXAMPLES = {
    "example_vendor": "vendor_draft.docx",
    "example_merchant": "merchant_draft.docx",
    "example_blank": "informal_blanks.txt",
}
DEFAULTS = Choices()
MAX_FILES = 10
MAX_DECISIONS = 500
KEEP_EXPORTS_S = 900
COMMENTS: tuple[Comments, ...] = ("internal", "external", "none")
MAX_REVIEWERS = 8
"""So many combinations of options are kept ready."""
MAX_SWITCH = 20
"""So many past reviews are offered in the head of an open one."""
MAX_PASTE = 2_000_000
"""Characters; what is longer belongs into a file."""

Outputs = tuple[Any, ...]
"""Progress, panes, current review, list of reviews, files, pasted text."""
_UNCHANGED = 5


@dataclass
class Waiting:
    """A file in the line of those to review."""

    name: str
    state: Literal["waits", "now", "done", "failed"] = "waits"
    score: int | None = None


class Application:
    """The calls behind the page."""

    def __init__(self, settings: Settings, store: Store, examples: Path) -> None:
        self.settings = settings
        self.store = store
        self.examples = examples
        self._reviewers: dict[str, Reviewer] = {}
        self._lock = threading.Lock()
        self._exports = PrivateFolder(settings.work_dir, "exports")

    @property
    def exports(self) -> Path:
        """Return the private folder that downloads are written to."""
        return self._exports.path

    def close(self) -> None:
        """Remove what was written for download."""
        self._exports.close()

    def reviewer(self, choices: Choices = DEFAULTS) -> Reviewer:
        """Return the reviewer for what a visitor chose; engines are made once."""
        settings = choices.applied(self.settings)
        key = settings.model_dump_json()
        with self._lock:
            if key not in self._reviewers:
                while len(self._reviewers) >= MAX_REVIEWERS:
                    self._reviewers.pop(next(iter(self._reviewers)))
                self._reviewers[key] = Reviewer.of(settings)
            return self._reviewers[key]

    def run(
        self, visitor: str, files: list[str] | None, pasted: str, lang: Lang, *chosen: str
    ) -> Iterator[Outputs]:
        """Review what was given and yield progress, then the panes and the list of reviews."""
        given = [Path(name) for name in files or []]
        with private_folder(self.settings.work_dir, "paste") as folder:
            paths = given[:MAX_FILES]
            if pasted and pasted.strip():
                paste = folder / word("pasted_name", lang)
                if len(pasted) > MAX_PASTE:
                    yield _failed([word("too_long", lang, n=MAX_PASTE)], lang), *_same()
                    return
                paste.write_text(pasted, encoding="utf-8")
                paths.append(paste)
            if not paths:
                yield _failed([word("nothing_given", lang)], lang), *_same()
                return
            waiting = [Waiting(path.name) for path in paths]
            reviewed: list[str] = []
            problems: list[str] = []
            if len(given) > MAX_FILES:
                problems.append(word("too_many", lang, n=MAX_FILES))
            try:
                reviewer = self.reviewer(Choices.of(chosen))
            except ReviewerError as error:
                yield _failed([str(error)], lang), *_same()
                return
            for path, entry in zip(paths, waiting, strict=True):
                entry.state = "now"
                for item in run(reviewer, path):
                    if isinstance(item, Progress):
                        yield _progress(item, waiting, lang), *_same()
                    elif isinstance(item, ReviewerError):
                        entry.state = "failed"
                        said = without_paths(item, path)
                        problems.append(said if path.name in said else f"{path.name}：{said}")
                    else:
                        entry.state, entry.score = "done", item.summary.score
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

    def example(self, visitor: str, name: str, lang: Lang) -> Iterator[Outputs]:
        """Review an example contract."""
        yield from self.run(visitor, [str(self.examples / EXAMPLES[name])], "", lang)

    def panes(
        self, visitor: str, key: str | None, lang: Lang, problems: list[str] | None = None
    ) -> str:
        """Return the two panes of a review, or nothing where it is not this visitor's."""
        kept = self.store.get(visitor, key) if key else None
        if kept is None:
            return ""
        others = self.store.entries(visitor)[:MAX_SWITCH]
        return workbench(
            kept, self.playbook_of(kept), lang, problems or (), others, host_of(self.settings)
        )

    def playbook_of(self, kept: Kept) -> Playbook:
        """Return the playbook with which a review was made, as far as it is still there."""
        name = kept.review.engine.playbook
        return load_playbook(name if name in playbook_names() else self.settings.playbook)

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

    def ask(self, visitor: str, asked: dict[str, Any]) -> dict[str, str]:
        """Put a question on a contract to the model; called by the page's script."""
        lang: Lang = "en" if asked.get("lang") == "en" else "zh"
        return put(self.store, self.settings, visitor, asked, lang)

    def export(
        self, visitor: str, key: str | None, what: list[str], comments: str, lang: Lang
    ) -> tuple[list[str], Any, str]:
        """Write the chosen files of a review; return them, the letter to copy, and notes."""
        kept = self.store.get(visitor, key) if key else None
        if kept is None:
            raise gr.Error(
                word("nothing_open", lang), title=word("sorry", lang), print_exception=False
            )
        folder = self.folder()
        chosen = [kind for kind in EXPORTS if kind in what]
        notes: Comments = comments if comments in COMMENTS else "external"
        try:
            files = written(kept, chosen, folder, self.playbook_of(kept), comments=notes, lang=lang)
        except ReviewerError as error:
            raise gr.Error(str(error), title=word("sorry", lang), print_exception=False) from error
        letters = [
            p.read_text(encoding="utf-8") for p in files.paths if p.name.endswith(".letter.txt")
        ]
        text = gr.Textbox(value=letters[0] if letters else "", visible=bool(letters))
        said = render("refused.html", lang, notes=files.notes) if files.notes else ""
        return [str(path) for path in files.paths], text, said

    def folder(self) -> Path:
        """Return a fresh folder for files to download; those of old are removed."""
        limit = time.time() - KEEP_EXPORTS_S
        for folder in self._exports.path.iterdir():
            if folder.stat().st_mtime < limit:
                shutil.rmtree(folder, ignore_errors=True)
        return Path(tempfile.mkdtemp(dir=self._exports.path))


def without_paths(error: ReviewerError, path: Path) -> str:
    """Return the message with the file's name and not the folder it lies in."""
    return str(error).replace(str(path), path.name).replace(str(path.parent), "")


def _same() -> Outputs:
    return tuple(gr.skip() for _ in range(_UNCHANGED))


def _failed(lines: list[str], lang: Lang) -> str:
    return render("notice.html", lang, lines=lines, failed=True)


def _progress(progress: Progress, waiting: list[Waiting], lang: Lang) -> str:
    return render(
        "progress.html",
        lang,
        progress=progress,
        waiting=waiting,
        label=lambda f: label(f, lang),
        tone=tone,
    )


def _when(seconds: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(seconds))
