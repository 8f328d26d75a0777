"""The page: what is on it, and which call each control makes."""

import queue
import secrets
import shutil
import tempfile
import threading
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any

import gradio as gr
from pydantic import ValidationError

from reviewer.errors import ReviewerError, UsageError
from reviewer.finding import Finding
from reviewer.pipeline import Reviewer, redline_file
from reviewer.render.messages import Lang
from reviewer.review import Review
from reviewer.settings import Settings
from reviewer.ui.exports import EXPORTS, written
from reviewer.ui.store import Decision, Store
from reviewer.ui.words import word
from reviewer.ui.workbench import asset, workbench

EXAMPLES = {
    "example_vendor": "vendor_draft.docx",
    "example_merchant": "merchant_draft.docx",
    "example_blank": "informal_blanks.txt",
}
SUFFIXES = [".docx", ".pdf", ".txt", ".md"]
MAX_FILES = 10
_SIDES = ("auto", "client", "vendor")


class Application:
    """The calls behind the page."""

    def __init__(self, settings: Settings, store: Store, examples: Path) -> None:
        self.settings = settings
        self.store = store
        self.examples = examples
        self._reviewers: dict[str, Reviewer] = {}
        self._exports = Path(tempfile.mkdtemp(prefix="reviewer-exports-"))

    def close(self) -> None:
        """Remove what was written for download."""
        shutil.rmtree(self._exports, ignore_errors=True)

    def reviewer(self, side: str) -> Reviewer:
        """Return the reviewer for a choice of side; engines are made once."""
        if side not in self._reviewers:
            chosen = side if side in ("client", "vendor") else None
            self._reviewers[side] = Reviewer.of(self.settings.model_copy(update={"side": chosen}))
        return self._reviewers[side]

    def run(
        self, files: list[str] | None, pasted: str, side: str, visitor: str, lang: Lang
    ) -> Iterator[tuple[Any, ...]]:
        """Review what was given and yield progress, panes and the list of reviews."""
        paths = [Path(name) for name in files or []][:MAX_FILES]
        with tempfile.TemporaryDirectory(prefix="reviewer-paste-") as folder:
            if pasted and pasted.strip():
                paste = Path(folder) / ("粘贴的合同.txt" if lang == "zh" else "pasted.txt")
                paste.write_text(pasted, encoding="utf-8")
                paths.append(paste)
            if not paths:
                yield _progress(word("nothing_given", lang), 0, failed=True), *_same(3)
                return
            last = None
            problems = []
            for path in paths:
                yield _progress(f"{word('stage_read', lang)}：{path.name}", 5), *_same(3)
                outcome: queue.Queue[Finding | Review | ReviewerError] = queue.Queue()
                worker = threading.Thread(
                    target=self._review, args=(path, side, outcome), daemon=True
                )
                worker.start()
                found = 0
                while True:
                    item = outcome.get()
                    if isinstance(item, ReviewerError):
                        problems.append(f"{path.name}：{_without_paths(item, path)}")
                        break
                    if isinstance(item, Review):
                        key = self.store.add(visitor, path.name, item, path.read_bytes())
                        last = key
                        break
                    found += 1
                    if found % 20 == 0:
                        yield (
                            _progress(f"{word('stage_review', lang)} {found}/55", 10 + found),
                            *_same(3),
                        )
            message = word("stage_done", lang) if last else ""
            text = "\n".join([message, *problems]).strip()
            page = self.panes(visitor, last, lang) if last else gr.skip()
            yield (
                _progress(text, 100, failed=bool(problems)),
                page,
                last if last else gr.skip(),
                self.history(visitor, last),
            )

    def _review(
        self, path: Path, side: str, outcome: "queue.Queue[Finding | Review | ReviewerError]"
    ) -> None:
        try:
            outcome.put(self.reviewer(side).review(path, on_finding=outcome.put))
        except ReviewerError as error:
            outcome.put(error)

    def example(self, name: str, visitor: str, lang: Lang) -> Iterator[tuple[Any, ...]]:
        """Review an example contract."""
        yield from self.run([str(self.examples / EXAMPLES[name])], "", "auto", visitor, lang)

    def panes(self, visitor: str, key: str | None, lang: Lang) -> str:
        """Return the two panes of a review."""
        kept = self.store.get(visitor, key) if key else None
        if kept is None:
            return f'<p class="empty">{escape(word("lost", lang))}</p>' if key else ""
        return workbench(kept, visitor, self.reviewer("auto").playbook, lang)

    def history(self, visitor: str, chosen: str | None = None) -> Any:
        """Return the list of past reviews as an update of its control."""
        entries = self.store.entries(visitor)
        known = {entry.id for entry in entries}
        return gr.Dropdown(
            choices=[(entry.name, entry.id) for entry in entries],
            value=chosen if chosen in known else None,
        )

    def forget(self, visitor: str, key: str | None) -> Any:
        """Delete a review and return the list without it."""
        self.store.delete(visitor, key or "")
        return self.history(visitor)

    def rename(self, visitor: str, key: str | None, name: str) -> Any:
        """Rename a review and return the list."""
        self.store.rename(visitor, key or "", name)
        return self.history(visitor, key)

    def decide(self, asked: dict[str, Any]) -> bool:
        """Keep a decision; called by the page's script."""
        try:
            choice = asked.get("choice")
            decision = (
                Decision(choice=choice, text=asked.get("text"), note=asked.get("note"))
                if choice
                else None
            )
        except ValidationError:
            return False
        return self.store.decide(
            str(asked.get("visitor")), str(asked.get("review")), str(asked.get("finding")), decision
        )

    def export(
        self, visitor: str, key: str | None, what: list[str], comments: str, lang: Lang
    ) -> list[str]:
        """Write the chosen files of a review and return them for download."""
        kept = self.store.get(visitor, key) if key else None
        if kept is None:
            raise gr.Error(word("nothing_open", lang), print_exception=False)
        folder = Path(tempfile.mkdtemp(dir=self._exports))
        chosen = [kind for kind in EXPORTS if kind in what]
        try:
            paths = written(
                kept,
                chosen,
                folder,
                self.reviewer("auto").playbook,
                comments=comments,  # type: ignore[arg-type]
                lang=lang,
            )
        except ReviewerError as error:
            raise gr.Error(str(error), print_exception=False) from error
        return [str(path) for path in paths]

    def review_file(self, file: str) -> dict[str, Any]:
        """Review a contract and return the result as the command line prints it."""
        try:
            found = self.reviewer("auto").review(Path(file))
        except ReviewerError as error:
            raise gr.Error(_without_paths(error, Path(file)), print_exception=False) from error
        data: dict[str, Any] = found.model_dump(mode="json")
        return data

    def redline_of(self, file: str) -> str:
        """Review a contract and return it with every suggestion as a tracked change."""
        path = Path(file)
        try:
            made = redline_file(self.reviewer("auto").review(path), path, comments="internal")
        except ReviewerError as error:
            raise gr.Error(_without_paths(error, path), print_exception=False) from error
        target = Path(tempfile.mkdtemp(dir=self._exports)) / f"{path.stem}.redline.docx"
        target.write_bytes(made.data)
        return str(target)


def _without_paths(error: ReviewerError, path: Path) -> str:
    return str(error).replace(str(path), path.name)


def _same(count: int) -> tuple[Any, ...]:
    return tuple(gr.skip() for _ in range(count))


def _progress(text: str, percent: int, *, failed: bool = False) -> str:
    lines = "<br>".join(escape(line) for line in text.splitlines())
    state = "failed" if failed else "done" if percent >= 100 else "running"
    bar = "" if failed else f'<div class="bar"><i style="width:{percent}%"></i></div>'
    return f'<div class="progress {state}" role="status">{lines}{bar}</div>'


def _banner(settings: Settings, lang: Lang) -> str:
    if settings.engine_name == "llm":
        notice = word("sends", lang, host=escape(settings.base_url or settings.preset or "OpenAI"))
    else:
        notice = word("private", lang)
    return (
        f'<div class="banner"><h1>{word("title", lang)}</h1><p>{word("tagline", lang)}</p>'
        f'<p class="notice">{notice}</p></div>'
    )


def build_app(application: Application) -> gr.Blocks:
    """Return the page over `application`."""
    settings = application.settings
    lang: Lang = settings.lang
    with gr.Blocks(
        title=word("title", lang),
        analytics_enabled=False,
        fill_width=True,
        delete_cache=(3600, 3600),
    ) as page:
        visitor = gr.BrowserState("", storage_key="reviewer-visitor", secret=_secret(settings))
        current = gr.BrowserState("", storage_key="reviewer-current", secret=_secret(settings))
        with gr.Row(elem_classes="top"):
            banner = gr.HTML(_banner(settings, lang))
            language = gr.Radio(
                [("中文", "zh"), ("English", "en")],
                value=lang,
                label=word("language", lang),
                elem_id="language",
                scale=0,
                min_width=210,
            )
        with gr.Row(elem_classes="give"):
            files = gr.File(
                label=word("file", lang),
                file_count="multiple",
                file_types=SUFFIXES,
                type="filepath",
                height=150,
                elem_id="files",
            )
            with gr.Column():
                paste = gr.Textbox(label=word("paste", lang), lines=3, max_lines=6, elem_id="paste")
                with gr.Row():
                    run = gr.Button(word("run", lang), variant="primary", elem_id="run")
                    cancel = gr.Button(word("cancel", lang), elem_id="cancel")
        with gr.Row(elem_classes="examples"):
            hint = gr.HTML(f'<p class="hint">{word("examples", lang)}</p>')
            examples = {
                name: gr.Button(word(name, lang), size="sm", elem_id=name.replace("_", "-"))
                for name in EXAMPLES
            }
        with gr.Accordion(word("options", lang), open=False) as options:
            side = gr.Radio(
                [(word(f"side_{name}", lang), name) for name in _SIDES],
                value="auto",
                label=word("side", lang),
                elem_id="side",
            )
        with gr.Accordion(word("history", lang), open=False, elem_id="history") as past:
            with gr.Row():
                history = gr.Dropdown([], label=word("history", lang), elem_id="reviews")
                open_one = gr.Button(word("open", lang), elem_id="open")
                delete = gr.Button(word("delete", lang), variant="stop", elem_id="delete")
            with gr.Row():
                name = gr.Textbox(label=word("new_name", lang), elem_id="new-name")
                rename = gr.Button(word("rename", lang), elem_id="rename")
        progress = gr.HTML("", elem_id="progress")
        panes = gr.HTML(
            "",
            elem_id="workbench",
            css_template="",
            apply_default_css=False,
            js_on_load=asset("workbench.js"),
            server_functions=[_deciding(application)],
        )
        with gr.Accordion(word("export", lang), open=True, elem_id="export") as export:
            what = gr.CheckboxGroup(
                [(word(kind, lang), kind) for kind in EXPORTS],
                value=["redline"],
                label=word("export_what", lang),
                elem_id="export-what",
            )
            comments = gr.Radio(
                [(word(kind, lang), kind) for kind in ("internal", "external", "none")],
                value="external",
                label=word("comments", lang),
                elem_id="export-comments",
            )
            make = gr.Button(word("export_run", lang), variant="primary", elem_id="export-run")
            made = gr.File(
                label=word("export_files", lang),
                file_count="multiple",
                interactive=False,
                height=140,
                elem_id="export-files",
            )

        outputs = [progress, panes, current, history]
        started = run.click(
            application.run,
            [files, paste, side, visitor, language],
            outputs,
            api_visibility="private",
            concurrency_limit=4,
        )
        cancel.click(lambda: "", None, progress, cancels=[started], api_visibility="private")
        for key, button in examples.items():
            button.click(
                _bound(application, key), [visitor, language], outputs, api_visibility="private"
            )
        make.click(
            application.export,
            [visitor, current, what, comments, language],
            made,
            api_visibility="private",
        )
        open_one.click(
            lambda who, key, lang: (application.panes(who, key, lang), key or ""),
            [visitor, history, language],
            [panes, current],
            api_visibility="private",
        )
        delete.click(
            application.forget,
            [visitor, history],
            history,
            api_visibility="private",
        )
        rename.click(
            application.rename,
            [visitor, history, name],
            history,
            api_visibility="private",
        )
        language.change(
            _relabelled(application),
            [language, visitor, current],
            [
                banner,
                language,
                files,
                paste,
                run,
                cancel,
                hint,
                *examples.values(),
                options,
                side,
                past,
                history,
                open_one,
                delete,
                name,
                rename,
                export,
                what,
                comments,
                make,
                made,
                panes,
            ],
            api_visibility="private",
        )
        page.load(
            _welcome(application),
            [visitor, current, language],
            [visitor, history, panes],
            api_visibility="private",
        )
        gr.api(application.review_file, api_name="review")
        gr.api(application.redline_of, api_name="redline")
    return page


def _deciding(application: Application) -> Any:
    def decide(asked: dict[str, Any]) -> bool:
        return application.decide(asked)

    return decide


def _bound(application: Application, key: str) -> Any:
    def example(visitor: str, lang: Lang) -> Iterator[tuple[Any, ...]]:
        yield from application.example(key, visitor, lang)

    return example


def _welcome(application: Application) -> Any:
    def welcome(visitor: str, current: str, lang: Lang) -> tuple[str, Any, str]:
        who = visitor or secrets.token_urlsafe(24)
        known = {entry.id for entry in application.store.entries(who)}
        there = current if current in known else None
        return who, application.history(who, there), application.panes(who, there, lang)

    return welcome


def _relabelled(application: Application) -> Any:
    def relabelled(lang: Lang, visitor: str, current: str) -> tuple[Any, ...]:
        def choices(prefix: str, names: tuple[str, ...]) -> list[tuple[str, str]]:
            return [(word(prefix + name, lang), name) for name in names]

        return (
            _banner(application.settings, lang),
            gr.Radio(label=word("language", lang)),
            gr.File(label=word("file", lang)),
            gr.Textbox(label=word("paste", lang)),
            word("run", lang),
            word("cancel", lang),
            f'<p class="hint">{word("examples", lang)}</p>',
            *(word(name, lang) for name in EXAMPLES),
            gr.Accordion(label=word("options", lang)),
            gr.Radio(choices=choices("side_", _SIDES), label=word("side", lang)),
            gr.Accordion(label=word("history", lang)),
            gr.Dropdown(label=word("history", lang)),
            word("open", lang),
            word("delete", lang),
            gr.Textbox(label=word("new_name", lang)),
            word("rename", lang),
            gr.Accordion(label=word("export", lang)),
            gr.CheckboxGroup(choices=choices("", EXPORTS), label=word("export_what", lang)),
            gr.Radio(
                choices=choices("", ("internal", "external", "none")),
                label=word("comments", lang),
            ),
            word("export_run", lang),
            gr.File(label=word("export_files", lang)),
            application.panes(visitor, current or None, lang),
        )

    return relabelled


def _secret(settings: Settings) -> str:
    """Return the secret under which browsers keep their visitor's id; made once a machine.

    Raises:
        UsageError: The data folder cannot be written.
    """
    path = settings.data_dir / "browser.secret"
    try:
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)
            path.write_text(secrets.token_urlsafe(32), encoding="utf-8")
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise UsageError(
            f"无法写入 {settings.data_dir}", remedy="请用 REVIEWER_DATA_DIR 指定一个可写的文件夹"
        ) from error
