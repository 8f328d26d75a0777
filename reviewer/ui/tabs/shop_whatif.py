"""The tabs before signing: what if, and the money view."""

from typing import Any

import gradio as gr

from reviewer.render.messages import Lang
from reviewer.ui.shell import Shell
from reviewer.ui.shop import Given, contract_of, priced, replayed
from reviewer.ui.shop_tab import ShopTab
from reviewer.ui.shop_words import SHOP_WORDS
from reviewer.ui.tabs import Tab


def build_whatif(shell: Shell) -> None:
    """Put the what-if on the page."""
    tab = ShopTab(shell, "whatif")
    with gr.Column(elem_classes="tab-page"):
        tab.head()
        with gr.Row():
            contract = tab.files("shop_contract", several=False)
            data = tab.files("shop_data")
        which = tab.which()
        with gr.Row():
            fee = tab.text("shop_fee")
            mapping = tab.text("shop_map", lines=1)
            shop = tab.text("shop_shop")
        run = shell.button("whatif_run", variant="primary")
        shown, files = tab.results()

    def replay(
        visitor: str,
        current: str,
        lang: Lang,
        contract: str | None,
        data: list[str] | None,
        which: str,
        fee: str,
        mapping: str,
        shop: str,
    ) -> tuple[str, Any]:
        given = Given(data or [], mapping or "", shop or "")
        kept = shell.review(visitor, current)

        def call() -> Any:
            subject = contract_of(
                contract, kept, shell.settings, with_accepted=which == "as_accepted"
            )
            return replayed(given, subject, fee or "", lang)

        return tab.answer(call, visitor, lang, [contract, *(data or [])])

    tab.on(run, replay, [contract, data, which, fee, mapping, shop], [shown, files])


def build_money(shell: Shell) -> None:
    """Put the money view on the page."""
    tab = ShopTab(shell, "money")
    with gr.Column(elem_classes="tab-page"):
        tab.head()
        contract = tab.files("shop_contract", several=False)
        which = tab.which()
        with gr.Row():
            fee = tab.text("shop_fee")
            orders = tab.text("shop_orders")
            value = tab.text("shop_order_value")
        run = shell.button("money_run", variant="primary")
        shown, files = tab.results()

    def price(
        visitor: str,
        current: str,
        lang: Lang,
        contract: str | None,
        which: str,
        fee: str,
        orders: str,
        value: str,
    ) -> tuple[str, Any]:
        kept = shell.review(visitor, current)

        def call() -> Any:
            subject = contract_of(
                contract, kept, shell.settings, with_accepted=which == "as_accepted"
            )
            return priced(subject, fee or "", orders or "", value or "", lang)

        return tab.answer(call, visitor, lang, [contract])

    tab.on(run, price, [contract, which, fee, orders, value], [shown, files])


TABS = (
    Tab(
        id="whatif",
        zh="假如",
        en="What if",
        build=build_whatif,
        order=31,
        css="shop.css",
        words=SHOP_WORDS,
    ),
    Tab(
        id="money",
        zh="钱账",
        en="Money",
        build=build_money,
        order=32,
        css="shop.css",
        words=SHOP_WORDS,
    ),
)
