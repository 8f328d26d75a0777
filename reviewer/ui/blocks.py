"""The page: the line at its top, the tabs, and the calls for programs."""

from typing import Any

import gradio as gr

from reviewer.render.comparing.page import comparison_style
from reviewer.render.messages import Lang
from reviewer.settings import Settings
from reviewer.ui import programs
from reviewer.ui.application import Application
from reviewer.ui.choices import host_of, notice_of
from reviewer.ui.pages import asset, render
from reviewer.ui.review_tab import ReviewTab
from reviewer.ui.shell import PRIVATE, Shell
from reviewer.ui.tabs import Tab, known_tabs
from reviewer.ui.visitors import asked_by
from reviewer.ui.words import add_words, word

RECALL = "(current, lang, busy) => reviewerRecall(lang)"
"""Which review was open in this window before it was loaded again, the language chosen last, and
the name of a file whose review was interrupted."""


class Page:
    """Builds the page from the top to the bottom."""

    def __init__(self, application: Application, *, agents: bool = False) -> None:
        self.application = application
        self.agents = agents
        self.lang: Lang = application.settings.lang

    def build(self) -> gr.Blocks:
        """Return the page."""
        with gr.Blocks(
            title=word("title", self.lang),
            analytics_enabled=False,
            fill_width=True,
            delete_cache=(300, 900),
        ) as page:
            current = gr.Textbox("", visible=False)
            with gr.Row(elem_id="top"):
                banner, language = self._top()
            self.shell = Shell(self.application, language, current)
            self.shell.kept(banner, lambda lang: _banner(self.application.settings, lang))
            self.shell.kept(language, lambda lang: gr.Radio(label=word("language", lang)))
            self._tabs()
            self._wire(page)
            programs.offer(self.application, agents=self.agents)
        return page

    def _top(self) -> tuple[Any, Any]:
        banner = gr.HTML(_banner(self.application.settings, self.lang), elem_id="banner")
        language = gr.Radio(
            [("中文", "zh"), ("English", "en")],
            value=self.lang,
            label=word("language", self.lang),
            container=False,
            elem_id="language",
            min_width=120,
            scale=0,
        )
        return banner, language

    def _tabs(self) -> None:
        offered = [tab for tab in known_tabs() if tab.offered(self.shell)]
        classes = [] if offered else ["alone"]
        with gr.Tabs(elem_id="tabs", elem_classes=classes, overflow_behavior="wrap") as self.tabs:
            with gr.Tab(word("tab_review", self.lang), id="review", elem_id="tab-review") as first:
                self.review = ReviewTab(self.shell)
                self.review.build()
            self.shell.kept(first, lambda lang: gr.Tab(label=word("tab_review", lang)))
            for tab in offered:
                self._tab(tab)

    def _tab(self, tab: Tab) -> None:
        add_words({**tab.words, f"tab_{tab.id}": (tab.zh, tab.en)})
        name = f"tab_{tab.id}"
        with gr.Tab(word(name, self.lang), id=tab.id, elem_id=f"tab-{tab.id}") as made:
            tab.build(self.shell)
        self.shell.kept(made, lambda lang: gr.Tab(label=word(name, lang)))

    def _wire(self, page: gr.Blocks) -> None:
        shell = self.shell
        shell.language.change(
            shell.owned(self._relabelled),
            [shell.language, shell.current],
            [*(control for control, _ in shell.relabelled), *self.review.remembered],
            **PRIVATE,
        )
        busy = gr.Textbox("", visible=False)
        page.load(
            self._welcome,
            [shell.current, shell.language, busy],
            [
                shell.current,
                shell.language,
                self.review.progress,
                self.tabs,
                *self.review.remembered,
            ],
            js=RECALL,
            **PRIVATE,
        )

    def _relabelled(self, visitor: str, lang: Lang, current: str) -> tuple[Any, ...]:
        return (
            *(relabel(lang) for _, relabel in self.shell.relabelled),
            *self.review.recall(visitor, current, lang),
        )

    def _welcome(self, current: str, lang: Lang, busy: str, request: gr.Request) -> tuple[Any, ...]:
        visitor = asked_by(request)
        wanted = request.query_params.get("tab", "")
        known = {tab.id for tab in known_tabs()}
        tabs = gr.Tabs(selected=wanted) if wanted in known else gr.skip()
        lines = [word("interrupted", lang, name=busy)]
        notice = render("notice.html", lang, lines=lines) if busy else gr.skip()
        return (current, lang, notice, tabs, *self.review.recall(visitor, current, lang))


def build_app(application: Application, *, agents: bool = False) -> gr.Blocks:
    """Return the page over `application`; for `agents` with tools of their own."""
    return Page(application, agents=agents).build()


def styles() -> str:
    """Return the style of the page, its tabs and the reports shown in them."""
    tabs = dict.fromkeys(tab.css for tab in known_tabs() if tab.css)
    own = "".join(map(asset, ("page.css", "workbench.css", *tabs)))
    return comparison_style() + own


def _banner(settings: Settings, lang: Lang) -> str:
    return render("banner.html", lang, host=host_of(settings), notice=notice_of(settings, lang))
