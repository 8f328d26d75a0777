"""The tabs beside the review: found by being there, named in both languages."""

import gradio as gr
import pytest

from reviewer.settings import Settings
from reviewer.ui import blocks
from reviewer.ui.application import Application
from reviewer.ui.shell import Shell
from reviewer.ui.store import Store
from reviewer.ui.tabs import Tab, known_tabs
from reviewer.ui.words import add_words, word
from tests.ui.steps import EXAMPLES


def build(shell: Shell) -> None:
    gr.HTML(word("greeting_of_a_test", shell.lang), elem_id="inside")


GREETING = Tab(
    id="greeting",
    zh="问候",
    en="Greeting",
    build=build,
    words={"greeting_of_a_test": ("你好", "Hi")},
)


def page(settings: Settings, monkeypatch: pytest.MonkeyPatch, *tabs: Tab) -> str:
    monkeypatch.setattr(blocks, "known_tabs", lambda: tabs)
    application = Application(settings, Store(None), EXAMPLES)
    config = blocks.build_app(application).get_config_file()
    application.close()
    return str(config)


def test_a_tab_stands_on_the_page_with_its_words(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = page(settings, monkeypatch, GREETING)
    assert "'label': '问候'" in config
    assert "'value': '你好'" in config


def test_a_tab_that_is_not_offered_is_not_there(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    hidden = Tab(id="hidden", zh="藏", en="Hidden", build=build, offered=lambda shell: False)
    assert "Hidden" not in page(settings, monkeypatch, hidden)


def test_every_tab_has_an_id_of_its_own_and_both_names() -> None:
    tabs = known_tabs()
    assert len({tab.id for tab in tabs}) == len(tabs)
    assert all(tab.zh and tab.en and tab.id != "review" for tab in tabs)


def test_words_of_a_tab_cannot_change_those_of_the_page() -> None:
    with pytest.raises(ValueError, match="export"):
        add_words({"export": ("出口", "Exit")})
    assert word("export") == "导出"
