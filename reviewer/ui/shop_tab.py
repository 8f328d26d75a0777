"""What the shop tabs share: controls that keep their language, and results with files."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import gradio as gr

from reviewer.errors import ReviewerError
from reviewer.render.messages import Lang
from reviewer.ui.pages import render
from reviewer.ui.shell import PRIVATE, Shell
from reviewer.ui.shop import Shown, problem
from reviewer.ui.uploads import upload
from reviewer.ui.words import word


class ShopTab:
    """Builds one tab: head, inputs, a button, the result and its files."""

    def __init__(self, shell: Shell, name: str) -> None:
        self.shell = shell
        self.name = name

    def head(self) -> None:
        """Put the heading on the page."""

        def made(lang: Lang) -> str:
            return render(
                "shop_head.html", lang, title=f"{self.name}_title", lead=f"{self.name}_lead"
            )

        self.shell.kept(gr.HTML(made(self.shell.lang), apply_default_css=False), made)

    def files(self, key: str, *, several: bool = True) -> Any:
        """Return a control for uploads."""
        return self.shell.kept(
            upload(
                label=word(key, self.shell.lang),
                file_count="multiple" if several else "single",
                type="filepath",
                height=110,
                elem_id=f"{self.name}-{key.replace('_', '-')}",
            ),
            lambda lang: gr.File(label=word(key, lang)),
        )

    def text(self, key: str, *, lines: int = 1) -> Any:
        """Return a box for words."""
        return self.shell.kept(
            gr.Textbox(
                label=word(key, self.shell.lang),
                lines=lines,
                max_lines=max(lines, 4),
                elem_id=f"{self.name}-{key.replace('_', '-')}",
            ),
            lambda lang: gr.Textbox(label=word(key, lang)),
        )

    def which(self) -> Any:
        """Return the choice between the contract as it stands and with what was accepted."""
        keys = ("as_is", "as_accepted")

        def choices(lang: Lang) -> list[tuple[str, str]]:
            return [(word(f"shop_{key}", lang), key) for key in keys]

        return self.shell.kept(
            gr.Radio(
                choices(self.shell.lang),
                value="as_is",
                label=word("shop_which", self.shell.lang),
                elem_id=f"{self.name}-which",
            ),
            lambda lang: gr.Radio(choices=choices(lang), label=word("shop_which", lang)),
        )

    def results(self) -> tuple[Any, Any]:
        """Return where the result is shown, and where its files lie."""
        shown = gr.HTML("", apply_default_css=False, elem_id=f"{self.name}-result")
        files = self.shell.kept(
            gr.File(
                label=word("shop_download", self.shell.lang),
                visible=False,
                file_count="multiple",
                interactive=False,
                elem_id=f"{self.name}-files",
            ),
            lambda lang: gr.File(label=word("shop_download", lang)),
        )
        return shown, files

    def answer(
        self, call: Callable[..., Shown], visitor: str, lang: Lang, paths: Sequence[str | None]
    ) -> tuple[str, Any]:
        """Return what `call` gives, its files written, or the line that says what is wrong."""
        try:
            made = call()
        except ReviewerError as error:
            notice = render("notice.html", lang, lines=[problem(error, paths)], failed=True)
            return notice, gr.File(value=None, visible=False)
        return made.html, self.written(made)

    def written(self, made: Shown) -> Any:
        """Write the files and return the update that offers them."""
        if not made.files:
            return gr.File(value=None, visible=False)
        folder = self.shell.application.folder()
        names = []
        for name, content in made.files.items():
            path = Path(folder) / Path(name).name
            path.write_bytes(content)
            names.append(str(path))
        return gr.File(value=names, visible=True)

    def on(
        self, button: Any, call: Callable[..., Any], inputs: list[Any], outputs: list[Any]
    ) -> None:
        """Connect a button; who is asking comes first, then the open review and the language."""
        button.click(
            self.shell.owned(call),
            [self.shell.current, self.shell.language, *inputs],
            outputs,
            **PRIVATE,
        )
