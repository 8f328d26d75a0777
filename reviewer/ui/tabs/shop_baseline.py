"""The tab of the shop's own level."""

from typing import Any

import gradio as gr

from reviewer.render.messages import Lang
from reviewer.ui.shell import Shell
from reviewer.ui.shop import Given, measured
from reviewer.ui.shop_tab import ShopTab
from reviewer.ui.shop_words import SHOP_WORDS
from reviewer.ui.tabs import Tab

SAMPLE = "shop_export.csv"


def build(shell: Shell) -> None:
    """Put the tab on the page."""
    tab = ShopTab(shell, "baseline")
    with gr.Column(elem_classes="tab-page"):
        tab.head()
        data = tab.files("shop_data")
        with gr.Row():
            mapping = tab.text("shop_map", lines=2)
            shop = tab.text("shop_shop")
        with gr.Row():
            run = shell.button("baseline_run", variant="primary")
            sample = shell.button("baseline_sample")
        shown, files = tab.results()

    def measure(
        visitor: str, current: str, lang: Lang, data: list[str] | None, mapping: str, shop: str
    ) -> tuple[str, Any]:
        given = Given(data or [], mapping or "", shop or "")
        kept = shell.review(visitor, current)
        return tab.answer(
            lambda: measured(given, kept, shell.settings, lang), visitor, lang, data or []
        )

    def try_sample(visitor: str, current: str, lang: Lang) -> tuple[str, Any]:
        path = str(shell.application.examples / SAMPLE)
        return measure(visitor, current, lang, [path], "", "")

    tab.on(run, measure, [data, mapping, shop], [shown, files])
    tab.on(sample, try_sample, [], [shown, files])


TABS = (
    Tab(
        id="baseline",
        zh="基线",
        en="Baseline",
        build=build,
        order=30,
        css="shop.css",
        words=SHOP_WORDS,
    ),
)
