"""The page: what is on it, and which call each control makes."""

import secrets
from collections.abc import Callable, Iterator
from typing import Any

import gradio as gr

from reviewer.errors import UsageError
from reviewer.render.messages import Lang
from reviewer.settings import Settings
from reviewer.ui.application import COMMENTS, EXAMPLES, SIDES, Application, Outputs
from reviewer.ui.exports import EXPORTS
from reviewer.ui.pages import asset, render
from reviewer.ui.words import word

Relabel = Callable[[Lang], Any]
"""Makes the update that puts a control into a language."""


class Page:
    """The controls, built in the order in which they stand on the page."""

    def __init__(self, application: Application) -> None:
        self.application = application
        self.lang: Lang = application.settings.lang
        self.relabels: list[tuple[Any, Relabel]] = []
        """Controls that carry words, and what a change of language does to them."""

    def build(self) -> gr.Blocks:
        """Return the page."""
        with gr.Blocks(
            title=word("title", self.lang),
            analytics_enabled=False,
            fill_width=True,
            delete_cache=(300, 900),
        ) as page:
            secret = _secret(self.application.settings)
            self.visitor = gr.BrowserState("", storage_key="reviewer-visitor", secret=secret)
            self.current = gr.BrowserState("", storage_key="reviewer-current", secret=secret)
            self._top()
            self._start()
            self.panes = gr.HTML(
                "",
                elem_id="workbench",
                apply_default_css=False,
                js_on_load=asset("workbench.js"),
                server_functions=[_deciding(self.application)],
            )
            self._export()
            self._wire(page)
            self._api()
        return page

    def _kept(self, control: Any, relabel: Relabel) -> Any:
        self.relabels.append((control, relabel))
        return control

    def _top(self) -> None:
        with gr.Row(elem_id="top"):
            self._kept(
                gr.HTML(_banner(self.application.settings, self.lang), elem_id="banner"),
                lambda lang: _banner(self.application.settings, lang),
            )
            self.language = self._kept(
                gr.Radio(
                    [("中文", "zh"), ("English", "en")],
                    value=self.lang,
                    label=word("language", self.lang),
                    container=False,
                    elem_id="language",
                    min_width=120,
                    scale=0,
                ),
                lambda lang: gr.Radio(label=word("language", lang)),
            )

    def _start(self) -> None:
        lang = self.lang
        with gr.Column(elem_id="start"):
            self._kept(
                gr.HTML(_hero(self.application.settings, lang), apply_default_css=False),
                lambda lang: _hero(self.application.settings, lang),
            )
            with gr.Column(elem_id="give"):
                self.files = self._kept(
                    gr.File(
                        label=word("file", lang),
                        file_count="multiple",
                        type="filepath",
                        height=160,
                        elem_id="files",
                    ),
                    lambda lang: gr.File(label=word("file", lang)),
                )
                self.paste = self._kept(
                    gr.Textbox(
                        label=word("paste", lang),
                        placeholder=word("paste_hint", lang),
                        lines=2,
                        max_lines=8,
                        elem_id="paste",
                    ),
                    lambda lang: gr.Textbox(
                        label=word("paste", lang), placeholder=word("paste_hint", lang)
                    ),
                )
                with gr.Accordion(word("options", lang), open=False, elem_id="options") as options:
                    self.side = self._kept(
                        gr.Radio(
                            _choices("side_", SIDES, lang),
                            value="auto",
                            label=word("side", lang),
                            elem_id="side",
                        ),
                        lambda lang: gr.Radio(
                            choices=_choices("side_", SIDES, lang), label=word("side", lang)
                        ),
                    )
                self._kept(options, lambda lang: gr.Accordion(label=word("options", lang)))
                with gr.Row(elem_id="go"):
                    self.run = self._button("run", variant="primary")
                    self.cancel = self._button("cancel")
            self.progress = gr.HTML("", elem_id="progress", apply_default_css=False)
            self.past = gr.HTML(
                "", elem_id="past", apply_default_css=False, js_on_load=asset("history.js")
            )
            self._kept(gr.HTML(_hint(lang), elem_id="hint", apply_default_css=False), _hint)
            with gr.Row(elem_id="examples"):
                self.examples = {
                    name: self._button(name, elem_id=name.replace("_", "-")) for name in EXAMPLES
                }

    def _export(self) -> None:
        lang = self.lang
        with gr.Column(elem_id="export"):
            self._kept(gr.HTML(_drawer(lang), apply_default_css=False), _drawer)
            self.what = self._kept(
                gr.CheckboxGroup(
                    _choices("", EXPORTS, lang),
                    value=["redline"],
                    label=word("export_what", lang),
                    elem_id="export-what",
                ),
                lambda lang: gr.CheckboxGroup(
                    choices=_choices("", EXPORTS, lang), label=word("export_what", lang)
                ),
            )
            self.comments = self._kept(
                gr.Radio(
                    _choices("", COMMENTS, lang),
                    value="external",
                    label=word("comments", lang),
                    elem_id="export-comments",
                ),
                lambda lang: gr.Radio(
                    choices=_choices("", COMMENTS, lang), label=word("comments", lang)
                ),
            )
            self.make = self._button("export_run", variant="primary", elem_id="export-run")
            self.made = self._kept(
                gr.File(
                    label=word("export_files", lang),
                    file_count="multiple",
                    interactive=False,
                    elem_id="export-files",
                ),
                lambda lang: gr.File(label=word("export_files", lang)),
            )
            self.letter = self._kept(
                gr.Textbox(
                    label=word("letter_copy", lang),
                    lines=8,
                    max_lines=14,
                    visible=False,
                    interactive=False,
                    buttons=["copy"],
                    elem_id="letter",
                ),
                lambda lang: gr.Textbox(label=word("letter_copy", lang)),
            )

    def _button(self, key: str, **more: Any) -> gr.Button:
        more.setdefault("elem_id", key)
        button: gr.Button = self._kept(
            gr.Button(word(key, self.lang), **more), lambda lang: word(key, lang)
        )
        return button

    def _wire(self, page: gr.Blocks) -> None:
        private: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
        who = [self.visitor, self.language]
        outputs = [
            self.progress,
            self.panes,
            self.current,
            self.past,
            self.files,
            self.paste,
        ]
        given = [self.files, self.paste, self.side, *who]
        running = [
            self.run.click(self.application.run, given, outputs, concurrency_limit=4, **private)
        ]
        for name, button in self.examples.items():
            running.append(
                button.click(
                    _example(self.application, name), who, outputs, concurrency_limit=4, **private
                )
            )
        self.cancel.click(
            lambda lang: render("notice.html", lang, lines=[word("cancelled", lang)]),
            self.language,
            self.progress,
            cancels=running,
            **private,
        )
        self.make.click(
            self.application.export,
            [self.visitor, self.current, self.what, self.comments, self.language],
            [self.made, self.letter],
            api_visibility="private",
        )
        self.panes.clear(
            lambda who, lang: ("", "", "", self.application.history(who, lang)),
            who,
            [self.panes, self.current, self.progress, self.past],
            **private,
        )
        self.past.select(_opened(self.application), who, [self.panes, self.current], **private)
        self.past.delete(_deleted(self.application), who, self.past, **private)
        self.past.edit(_renamed(self.application), who, self.past, **private)
        self.language.change(
            self._relabelled,
            [self.language, self.visitor, self.current],
            [*(control for control, _ in self.relabels), self.past, self.panes],
            **private,
        )
        page.load(
            self._welcome,
            [self.visitor, self.current, self.language],
            [self.visitor, self.past, self.panes],
            **private,
        )

    def _api(self) -> None:
        """Offer two calls to programs; files come through upload, never as a path on this machine."""
        with gr.Column(visible=False):
            file = gr.File(label="file", type="filepath")
            result = gr.JSON(label="review")
            marked = gr.File(label="redline")
            call = gr.Button("call")
        call.click(self.application.review_file, file, result, api_name="review")
        call.click(self.application.redline_of, file, marked, api_name="redline")

    def _relabelled(self, lang: Lang, visitor: str, current: str) -> tuple[Any, ...]:
        return (
            *(relabel(lang) for _, relabel in self.relabels),
            self.application.history(visitor, lang),
            self.application.panes(visitor, current or None, lang),
        )

    def _welcome(self, visitor: str, current: str, lang: Lang) -> tuple[str, str, str]:
        who = visitor or secrets.token_urlsafe(24)
        return (
            who,
            self.application.history(who, lang),
            self.application.panes(who, current or None, lang),
        )


def build_app(application: Application) -> gr.Blocks:
    """Return the page over `application`."""
    return Page(application).build()


def _choices(prefix: str, names: tuple[str, ...], lang: Lang) -> list[tuple[str, str]]:
    return [(word(prefix + name, lang), name) for name in names]


def _host(settings: Settings) -> str:
    """Return where the text of a contract goes; empty when it stays here."""
    if settings.engine_name != "llm":
        return ""
    return settings.base_url or settings.preset or "OpenAI"


def _banner(settings: Settings, lang: Lang) -> str:
    return render("banner.html", lang, host=_host(settings), notice=_notice(settings, lang))


def _hero(settings: Settings, lang: Lang) -> str:
    return render("hero.html", lang, host=_host(settings), notice=_notice(settings, lang))


def _notice(settings: Settings, lang: Lang) -> str:
    host = _host(settings)
    return word("sends", lang, host=host) if host else word("private", lang)


def _hint(lang: Lang) -> str:
    return f'<p class="hint">{word("examples", lang)}</p>'


def _drawer(lang: Lang) -> str:
    return render("drawer.html", lang)


def _deciding(application: Application) -> Callable[[dict[str, Any]], bool]:
    def decide(asked: dict[str, Any]) -> bool:
        return application.decide(asked)

    return decide


def _example(application: Application, name: str) -> Callable[[str, Lang], Iterator[Outputs]]:
    def example(visitor: str, lang: Lang) -> Iterator[Outputs]:
        yield from application.example(name, visitor, lang)

    return example


def _opened(application: Application) -> Callable[..., tuple[str, str]]:
    def opened(visitor: str, lang: Lang, event: gr.EventData) -> tuple[str, str]:
        return application.open(visitor, str(event._data["review"]), lang)

    return opened


def _deleted(application: Application) -> Callable[..., str]:
    def deleted(visitor: str, lang: Lang, event: gr.EventData) -> str:
        application.store.delete(visitor, str(event._data["review"]))
        return application.history(visitor, lang)

    return deleted


def _renamed(application: Application) -> Callable[..., str]:
    def renamed(visitor: str, lang: Lang, event: gr.EventData) -> str:
        application.store.rename(visitor, str(event._data["review"]), str(event._data["name"]))
        return application.history(visitor, lang)

    return renamed


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
