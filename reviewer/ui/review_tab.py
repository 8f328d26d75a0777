"""The tab of the review itself: start, progress, the two panes, export."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import gradio as gr

from reviewer.render.messages import Lang
from reviewer.settings import Settings
from reviewer.ui.application import COMMENTS, EXAMPLES, Application, Outputs
from reviewer.ui.choices import AUTO, Choices, host_of, notice_of, offered
from reviewer.ui.exports import EXPORTS
from reviewer.ui.pages import asset, render
from reviewer.ui.shell import PRIVATE, Shell
from reviewer.ui.uploads import upload
from reviewer.ui.visitors import visitor_of
from reviewer.ui.words import has_word, word


class ReviewTab:
    """The controls, built in the order in which they stand on the page."""

    def __init__(self, shell: Shell) -> None:
        self.shell = shell

    def build(self) -> None:
        """Put the controls on the page and connect them."""
        self._start()
        self.panes = gr.HTML(
            "",
            elem_id="workbench",
            apply_default_css=False,
            js_on_load=asset("workbench.js"),
            server_functions=[
                _called(self.shell.application.decide, "decide"),
                _called(self.shell.application.ask, "ask"),
            ],
        )
        self._export()
        self._wire()

    def _start(self) -> None:
        lang = self.shell.lang
        with gr.Column(elem_id="start"):
            self.shell.kept(
                gr.HTML(_hero(self.shell.application.settings, lang), apply_default_css=False),
                lambda lang: _hero(self.shell.application.settings, lang),
            )
            with gr.Column(elem_id="give"):
                self.files = self.shell.kept(
                    upload(
                        label=word("file", lang),
                        file_count="multiple",
                        type="filepath",
                        height=160,
                        elem_id="files",
                    ),
                    lambda lang: gr.File(label=word("file", lang)),
                )
                self.paste = self.shell.kept(
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
                self._options()
                with gr.Row(elem_id="go"):
                    self.run = self.shell.button("run", variant="primary")
                    self.cancel = self.shell.button("cancel")
            self.progress = gr.HTML(
                "", elem_id="progress", apply_default_css=False, js_on_load=asset("progress.js")
            )
            self.past = gr.HTML(
                "", elem_id="past", apply_default_css=False, js_on_load=asset("history.js")
            )
            self.shell.kept(gr.HTML(_hint(lang), elem_id="hint", apply_default_css=False), _hint)
            with gr.Row(elem_id="examples"):
                self.examples = {
                    name: self.shell.button(name, elem_id=name.replace("_", "-"))
                    for name in EXAMPLES
                }

    def _options(self) -> None:
        """Offer what a visitor can choose; what leaves no choice is not shown."""
        shell = self.shell
        shown = {
            "playbook": len(offered("playbook")) > 2,
            "engine": bool(host_of(shell.settings)),
        }
        self.options = []
        with gr.Accordion(word("options", shell.lang), open=False, elem_id="options") as options:
            for name in Choices._fields:
                made = shell.kept(
                    gr.Radio(
                        _choices(name, shell.lang),
                        value=AUTO,
                        label=word(f"option_{name}", shell.lang),
                        visible=shown.get(name, True),
                        elem_id=f"option-{name.replace('_', '-')}",
                    ),
                    partial(_renamed_option, name),
                )
                self.options.append(made)
        shell.kept(options, lambda lang: gr.Accordion(label=word("options", lang)))

    def _export(self) -> None:
        lang = self.shell.lang
        with gr.Column(elem_id="export"):
            self.shell.kept(gr.HTML(_drawer(lang), apply_default_css=False), _drawer)
            self.what = self.shell.kept(
                gr.CheckboxGroup(
                    _words(EXPORTS, lang),
                    value=["redline"],
                    label=word("export_what", lang),
                    elem_id="export-what",
                ),
                lambda lang: gr.CheckboxGroup(
                    choices=_words(EXPORTS, lang), label=word("export_what", lang)
                ),
            )
            self.comments = self.shell.kept(
                gr.Radio(
                    _words(COMMENTS, lang),
                    value="external",
                    label=word("comments", lang),
                    elem_id="export-comments",
                ),
                lambda lang: gr.Radio(choices=_words(COMMENTS, lang), label=word("comments", lang)),
            )
            self.make = self.shell.button("export_run", variant="primary", elem_id="export-run")
            self.made = self.shell.kept(
                gr.File(
                    label=word("export_files", lang),
                    file_count="multiple",
                    interactive=False,
                    elem_id="export-files",
                ),
                lambda lang: gr.File(label=word("export_files", lang)),
            )
            self.notes = gr.HTML("", elem_id="export-notes", apply_default_css=False)
            self.letter = self.shell.kept(
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

    def _wire(self) -> None:
        shell = self.shell
        application = shell.application
        outputs = [self.progress, self.panes, shell.current, self.past, self.files, self.paste]
        given = [self.files, self.paste, shell.language, *self.options]
        running = [
            self.run.click(
                shell.owned(application.run), given, outputs, concurrency_limit=4, **PRIVATE
            )
        ]
        for name, button in self.examples.items():
            running.append(
                button.click(
                    shell.owned(_example(application, name)),
                    shell.language,
                    outputs,
                    concurrency_limit=4,
                    **PRIVATE,
                )
            )
        # Two handlers in this order: with one, Gradio shows the notice first and ends the review
        # after it, and a last word of progress in between stays on the page.
        self.cancel.click(None, cancels=running, **PRIVATE)
        self.cancel.click(
            lambda lang: render("notice.html", lang, lines=[word("cancelled", lang)]),
            shell.language,
            self.progress,
            queue=False,
            **PRIVATE,
        )
        self.make.click(
            shell.owned(application.export),
            [shell.current, self.what, self.comments, shell.language],
            [self.made, self.letter, self.notes],
            api_visibility="private",
        )
        self.panes.clear(
            shell.owned(lambda who, lang: ("", "", "", application.history(who, lang))),
            shell.language,
            [self.panes, shell.current, self.progress, self.past],
            **PRIVATE,
        )
        for event, call, shown in (
            (self.past.select, _opened, [self.panes, shell.current]),
            (self.panes.select, _opened, [self.panes, shell.current]),
            (self.past.delete, _deleted, [self.past]),
            (self.past.edit, _renamed, [self.past]),
        ):
            event(shell.owned_event(call(application)), shell.language, shown, **PRIVATE)

    @property
    def remembered(self) -> list[Any]:
        """Return the controls that show what is kept: past reviews and the open one."""
        return [self.past, self.panes]

    def recall(self, visitor: str, current: str, lang: Lang) -> tuple[str, str]:
        """Return what `remembered` shows."""
        application = self.shell.application
        return (
            application.history(visitor, lang),
            application.panes(visitor, current or None, lang),
        )


def _words(names: tuple[str, ...], lang: Lang) -> list[tuple[str, str]]:
    return [(word(name, lang), name) for name in names]


def _choices(option: str, lang: Lang) -> list[tuple[str, str]]:
    """Return the words and values of an option; names of platforms and playbooks stand as they are."""
    return [
        (word(f"{option}_{name}", lang) if has_word(f"{option}_{name}") else name, name)
        for name in offered(option)
    ]


def _renamed_option(option: str, lang: Lang) -> Any:
    return gr.Radio(choices=_choices(option, lang), label=word(f"option_{option}", lang))


def _hero(settings: Settings, lang: Lang) -> str:
    return render("hero.html", lang, host=host_of(settings), notice=notice_of(settings, lang))


def _hint(lang: Lang) -> str:
    return f'<p class="hint">{word("examples", lang)}</p>'


def _drawer(lang: Lang) -> str:
    return render("drawer.html", lang)


def _called(call: Callable[[str, dict[str, Any]], Any], name: str) -> Callable[..., Any]:
    """Return a function for the page's script: `await server.name({...})`."""

    def called(asked: dict[str, Any], request: gr.Request) -> Any:
        return call(visitor_of(request) or "", asked if isinstance(asked, dict) else {})

    called.__name__ = name
    return called


def _example(application: Application, name: str) -> Callable[[str, Lang], Iterator[Outputs]]:
    def example(visitor: str, lang: Lang) -> Iterator[Outputs]:
        yield from application.example(visitor, name, lang)

    return example


def _opened(application: Application) -> Callable[..., tuple[str, str]]:
    def opened(visitor: str, sent: dict[str, Any], lang: Lang) -> tuple[str, str]:
        return application.open(visitor, str(sent.get("review")), lang)

    return opened


def _deleted(application: Application) -> Callable[..., str]:
    def deleted(visitor: str, sent: dict[str, Any], lang: Lang) -> str:
        application.store.delete(visitor, str(sent.get("review")))
        return application.history(visitor, lang)

    return deleted


def _renamed(application: Application) -> Callable[..., str]:
    def renamed(visitor: str, sent: dict[str, Any], lang: Lang) -> str:
        application.store.rename(visitor, str(sent.get("review")), str(sent.get("name")))
        return application.history(visitor, lang)

    return renamed
