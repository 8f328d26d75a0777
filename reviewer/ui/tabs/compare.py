"""The tab that sets the other side's answer against what was sent."""

from collections.abc import Iterator
from typing import Any

import gradio as gr

from reviewer.errors import ReviewerError
from reviewer.redline import AUTHOR
from reviewer.render.messages import Lang
from reviewer.ui.comparing import Versions, compared, comparison_files, comparison_html
from reviewer.ui.pages import render
from reviewer.ui.runs import staged
from reviewer.ui.shell import PRIVATE, Shell
from reviewer.ui.shop import problem
from reviewer.ui.tabs import Tab
from reviewer.ui.uploads import upload
from reviewer.ui.words import word

STAGES = ("read", "align", "review")


class CompareTab:
    """The controls and what they do."""

    def __init__(self, shell: Shell) -> None:
        self.shell = shell

    def build(self) -> None:
        """Put the tab on the page."""
        shell = self.shell
        with gr.Column(elem_classes="tab-page"):
            shell.kept(gr.HTML(_head(shell.lang), apply_default_css=False), _head)
            with gr.Row(elem_id="compare-files"):
                sent = self._file("compare_sent")
                answer = self._file("compare_answer")
            author = shell.kept(
                gr.Textbox(
                    label=word("compare_author", shell.lang), max_lines=1, elem_id="compare-author"
                ),
                lambda lang: gr.Textbox(label=word("compare_author", lang)),
            )
            run = shell.button("compare_run", variant="primary", elem_id="compare-run")
            found = gr.HTML("", elem_id="compare-result", apply_default_css=False)
            files = shell.kept(
                gr.File(
                    label=word("export_files", shell.lang),
                    file_count="multiple",
                    interactive=False,
                    visible=False,
                    elem_id="compare-downloads",
                ),
                lambda lang: gr.File(label=word("export_files", lang)),
            )
        run.click(
            shell.owned(self.compare),
            [sent, answer, author, shell.current, shell.language],
            [found, files],
            concurrency_limit=4,
            **PRIVATE,
        )

    def _file(self, key: str) -> Any:
        return self.shell.kept(
            upload(
                label=word(key, self.shell.lang),
                type="filepath",
                height=130,
                elem_id=key.replace("_", "-"),
            ),
            lambda lang: gr.File(label=word(key, lang)),
        )

    def compare(
        self,
        visitor: str,
        sent: str | None,
        answer: str | None,
        author: str,
        current: str,
        lang: Lang,
    ) -> Iterator[tuple[Any, Any]]:
        """Yield the stages, then the report and its files, or what is wrong."""
        shell = self.shell
        kept = shell.review(visitor, current)
        given = Versions(sent, answer, (author or "").strip() or AUTHOR)
        reviewer = shell.application.reviewer()
        for item in staged(lambda tell: compared(given, kept, reviewer, tell)):
            if isinstance(item, str):
                yield _progress(item, lang), gr.File(value=None, visible=False)
            elif isinstance(item, ReviewerError):
                lines = [problem(item, [sent, answer])]
                yield render("notice.html", lang, lines=lines, failed=True), gr.skip()
            else:
                playbook = reviewer.playbook
                folder = shell.application.folder()
                paths = []
                for name, content in comparison_files(item, playbook, lang).items():
                    (folder / name).write_bytes(content)
                    paths.append(str(folder / name))
                yield (
                    comparison_html(item.comparison, playbook, lang),
                    gr.File(value=paths, visible=True),
                )


def _head(lang: Lang) -> str:
    return render("shop_head.html", lang, title="compare_title", lead="compare_lead")


def _progress(stage: str, lang: Lang) -> str:
    at = STAGES.index(stage) if stage in STAGES else 0
    return render("stages.html", lang, keys=[f"compare_{name}" for name in STAGES], at=at)


TABS = (
    Tab(
        id="compare",
        zh="对比",
        en="Compare",
        build=lambda shell: CompareTab(shell).build(),
        order=10,
        css="compare.css",
        words={
            "compare_title": ("对方改了什么", "What did they change?"),
            "compare_lead": (
                "放进对方的回稿：你的要求哪些被采纳、改写或拒绝，对方另外改了什么，有没有不留痕迹的改动。",
                "Drop the vendor's answer: which requests were taken, reworded or refused, what else they changed, and what they changed without a trace.",
            ),
            "compare_sent": (
                "我方发出的稿子（不选：用当前打开的审查和已采纳的建议）",
                "What was sent (if empty: the open review with what was accepted)",
            ),
            "compare_answer": ("对方的回稿", "Their answer"),
            "compare_author": (
                "我方修订的作者名（用本程序导出的不必填）",
                "Author of our changes (empty for this program's)",
            ),
            "compare_run": ("开始比对", "Compare"),
            "compare_read": ("读取", "Reading"),
            "compare_align": ("对照", "Aligning"),
            "compare_review": ("审查两稿", "Reviewing both"),
        },
    ),
)
