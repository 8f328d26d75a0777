"""`reviewer playbook`: the checks, listed, shown and validated."""

import json
from pathlib import Path
from typing import Annotated

import typer

from reviewer.cli.shared import Json, app
from reviewer.errors import UsageError

playbook_app = typer.Typer(help="审查手册。", no_args_is_help=True)
app.add_typer(playbook_app, name="playbook")


@playbook_app.command("list")
def playbook_list(as_json: Json = False) -> None:
    """列出审查手册。"""
    from reviewer.knowledge.playbooks import load_playbook, playbook_names

    for name in playbook_names():
        book = load_playbook(name)
        if as_json:
            print(
                json.dumps(
                    {"id": book.id, "title": book.title, "checks": len(book.checks)},
                    ensure_ascii=False,
                )
            )
        else:
            print(f"{book.id}  {book.title}（{len(book.checks)} 项，第 {book.version} 版）")


@playbook_app.command("show")
def playbook_show(
    name: Annotated[str, typer.Argument(help="审查手册的名称")] = "cs_outsourcing",
    as_json: Json = False,
) -> None:
    """显示一份审查手册。"""
    from reviewer.knowledge.playbooks import load_playbook

    book = load_playbook(name)
    if as_json:
        print(book.model_dump_json())
        return
    for check in book.checks:
        print(f"{check.id}  {check.title}  [{check.severity}]  {check.what}")
        for element in check.elements:
            print(
                f"    {'★' if element.core else ' '} {element.id}  {element.title}：{element.met_when}"
            )


@playbook_app.command("validate")
def playbook_validate(path: Path) -> None:
    """检查一份审查手册。"""
    from reviewer.errors import PlaybookError
    from reviewer.knowledge.playbooks import read_playbook

    folder = path.parent if path.is_file() else path
    if not folder.is_dir():
        raise UsageError(f"找不到 {path}", remedy="请指定审查手册的文件夹")
    try:
        book = read_playbook(folder)
    except PlaybookError as error:
        print(error)
        raise typer.Exit(1) from error
    print(f"有效：{book.title}，{len(book.checks)} 项")
