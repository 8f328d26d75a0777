"""The tab after signing: terms, daily figures, steps, sums, notices."""

from typing import Any

import gradio as gr

from reviewer.render.messages import Lang
from reviewer.ui.shell import Shell
from reviewer.ui.shop import Given, contract_of, terms_file, watched
from reviewer.ui.shop_tab import ShopTab
from reviewer.ui.shop_words import SHOP_WORDS
from reviewer.ui.tabs import Tab


def build(shell: Shell) -> None:
    """Put the tab on the page."""
    tab = ShopTab(shell, "monitor")
    with gr.Column(elem_classes="tab-page"):
        tab.head()
        with gr.Row():
            contract = tab.files("shop_contract", several=False)
            terms = tab.files("shop_terms", several=False)
        make = shell.button("monitor_terms")
        with gr.Row():
            data = tab.files("shop_data")
            before = tab.files("shop_before")
        with gr.Row():
            notices = tab.text("shop_notices")
            fee = tab.text("shop_fee")
            as_of = tab.text("shop_as_of")
        with gr.Row():
            mapping = tab.text("shop_map", lines=1)
            shop = tab.text("shop_shop")
        run = shell.button("monitor_run", variant="primary")
        shown, files = tab.results()

    def made(visitor: str, current: str, lang: Lang, contract: str | None) -> tuple[str, Any]:
        kept = shell.review(visitor, current)
        return tab.answer(
            lambda: terms_file(contract_of(contract, kept, shell.settings, with_accepted=False)),
            visitor,
            lang,
            [contract],
        )

    def watch(
        visitor: str,
        current: str,
        lang: Lang,
        terms: str | None,
        data: list[str] | None,
        before: list[str] | None,
        notices: str,
        fee: str,
        as_of: str,
        mapping: str,
        shop: str,
    ) -> tuple[str, Any]:
        given = Given(data or [], mapping or "", shop or "")
        return tab.answer(
            lambda: watched(
                given, terms, before or [], notices or "", fee or "", as_of or "", lang
            ),
            visitor,
            lang,
            [terms, *(data or []), *(before or [])],
        )

    tab.on(make, made, [contract], [shown, files])
    tab.on(
        run,
        watch,
        [terms, data, before, notices, fee, as_of, mapping, shop],
        [shown, files],
    )


TABS = (
    Tab(
        id="monitor",
        zh="监控",
        en="Monitor",
        build=build,
        order=33,
        css="shop.css",
        words=SHOP_WORDS,
    ),
)
