"""The two calls for programs and agents: review a contract, and return its redline.

Programs use `/review` and `/redline` of Gradio's API; agents the tools of the same names, by the
Model Context Protocol, whose files are words. Neither can name a file of this machine.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import gradio as gr

from reviewer.errors import ReviewerError, UsageError
from reviewer.pipeline import redline_file
from reviewer.redline import Comments
from reviewer.review import Review
from reviewer.sandbox.folders import private_folder
from reviewer.ui.application import COMMENTS, MAX_PASTE, Application, without_paths
from reviewer.ui.choices import Choices, offered
from reviewer.ui.uploads import from_base64, upload


class Given(NamedTuple):
    """A contract as a caller hands it in."""

    text: str = ""
    file: str | None = None
    """Where Gradio put the upload."""
    data: str = ""
    """A file as base64."""
    name: str = ""
    """Its name; the ending says of what kind it is."""


class Programs:
    """The calls."""

    def __init__(self, application: Application) -> None:
        self.application = application

    @contextmanager
    def reviewed(self, given: Given, side: str) -> Iterator[tuple[Path, Review]]:
        """Give the file and its review; what is wrong becomes a message for the caller."""
        settings = self.application.settings
        with private_folder(settings.work_dir, "api") as folder:
            path = folder / "contract.txt"
            try:
                if given.file:
                    path = Path(given.file)
                elif given.data:
                    limit = int(settings.max_file_mb * 1024 * 1024)
                    path = from_base64(given.data, given.name, folder, limit)
                else:
                    _write(path, given.text)
                yield path, self.application.reviewer(Choices.of([side])).review(path)
            except ReviewerError as error:
                raise gr.Error(without_paths(error, path), print_exception=False) from error

    def review(self, given: Given, side: str, brief: bool) -> dict[str, Any]:
        """Return the result as `reviewer review --json` prints it."""
        with self.reviewed(given, side) as (_, made):
            data: dict[str, Any] = made.model_dump(mode="json")
        return _brief(data) if brief else data

    def redline(self, given: Given, side: str, accept: str, comments: str) -> str:
        """Return where the redline is."""
        wanted = [name.strip() for name in accept.split(",") if name.strip()]
        known: dict[str, Comments] = {name: name for name in COMMENTS}
        with self.reviewed(given, side) as (path, made):
            marked = redline_file(
                made,
                path,
                accept="all" if accept.strip() in ("", "all") else wanted,
                comments=known.get(comments, "internal"),
            )
            target = self.application.folder() / f"{path.stem}.redline.docx"
        target.write_bytes(marked.data)
        return str(target)


def offer(application: Application, *, agents: bool = False) -> None:
    """Put the calls on the page under clean names; nothing of them is visible.

    Args:
        application: What does the work.
        agents: Offer them to agents, too.
    """
    programs = Programs(application)
    with gr.Column(visible=False):
        file = upload(label="file", type="filepath")
        text = gr.Textbox("", label="text")
        side = gr.Dropdown(list(offered("side")), value="auto", label="side")
        brief = gr.Checkbox(False, label="brief")
        accept = gr.Textbox("all", label="accept")
        comments = gr.Dropdown(list(COMMENTS), value="internal", label="comments")
        found = gr.JSON(label="review")
        marked = gr.File(label="redline")
        call = gr.Button("call")

    def program_review(
        file: str | None = None, text: str = "", side: str = "auto", brief: bool = False
    ) -> dict[str, Any]:
        return programs.review(Given(text, file), side, brief)

    def program_redline(
        file: str | None = None,
        text: str = "",
        side: str = "auto",
        accept: str = "all",
        comments: str = "internal",
    ) -> str:
        return programs.redline(Given(text, file), side, accept, comments)

    call.click(
        program_review,
        [file, text, side, brief],
        found,
        api_name="review",
        api_description="Review a contract, given as file or text; the result is that of"
        " `reviewer review --json`. `side`: auto, client or vendor, for the party named first."
        " `brief` leaves out the contract's text and the checks that ask for nothing.",
    )
    call.click(
        program_redline,
        [file, text, side, accept, comments],
        marked,
        api_name="redline",
        api_description="Review a contract and return a Word file with suggestions as tracked"
        " changes. `accept`: all, or ids or checks of findings with commas between."
        " `comments`: internal, external or none.",
    )
    if agents:
        for made in (program_review, program_redline):
            setattr(made, "_mcp_type", "program")  # noqa: B010 (no tool for agents)
        _offer_agents(programs, call)


def _offer_agents(programs: Programs, call: gr.Button) -> None:
    """Offer the tools: files come as base64, and what is returned is JSON and not Python."""
    with gr.Column(visible=False):
        text, data, name = gr.Textbox(""), gr.Textbox(""), gr.Textbox("contract.docx")
        side = gr.Dropdown(list(offered("side")), value="auto")
        brief = gr.Checkbox(True)
        accept = gr.Textbox("all")
        comments = gr.Dropdown(list(COMMENTS), value="internal")
        told, marked = gr.Textbox(), gr.File()

    def review(text: str, data: str, name: str, side: str, brief: bool) -> str:
        """Review a contract between an online merchant and a customer-service vendor.

        Says for each check of the playbook what is missing, weak or a trap, with verbatim quotes
        of the contract, the law behind it and wording to propose, as JSON. Give `text`, or a file
        as `data` with `name`.

        Args:
            text: The whole text of the contract.
            data: A .docx, .pdf, .txt or .md file as base64.
            name: The name of that file; its ending says of what kind it is.
            side: Which side the party named first is on: auto, client (the merchant) or vendor.
            brief: Leave out the contract's text and the checks that ask for nothing.
        """
        found = programs.review(Given(text, data=data, name=name), side, brief)
        return json.dumps(found, ensure_ascii=False)

    def redline(text: str, data: str, name: str, side: str, accept: str, comments: str) -> str:
        """Review a contract and return a Word file with the suggestions as tracked changes.

        The answer is the address of the file on this server, for a quarter of an hour.

        Args:
            text: The whole text of the contract.
            data: A .docx, .pdf, .txt or .md file as base64.
            name: The name of that file; its ending says of what kind it is.
            side: Which side the party named first is on: auto, client (the merchant) or vendor.
            accept: all, or ids or checks of findings with commas between: f01,kpi.
            comments: internal (for oneself), external (for the other side) or none.
        """
        return programs.redline(Given(text, data=data, name=name), side, accept, comments)

    call.click(review, [text, data, name, side, brief], told, api_name="agents_review")
    call.click(
        redline, [text, data, name, side, accept, comments], marked, api_name="agents_redline"
    )


def _write(path: Path, text: str) -> None:
    if not text.strip():
        raise UsageError("没有收到合同", remedy="请给出合同全文，或上传文件")
    if len(text) > MAX_PASTE:
        raise UsageError("合同文字过长", remedy="请改为上传文件")
    path.write_text(text, encoding="utf-8")


def _brief(data: dict[str, Any]) -> dict[str, Any]:
    contract = {k: v for k, v in data["contract"].items() if k not in ("text", "clauses")}
    flagged = [f for f in data["findings"] if f["status"] in ("missing", "weak", "hit")]
    return {**data, "contract": contract, "findings": flagged}
