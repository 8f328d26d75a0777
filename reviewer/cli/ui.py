"""`reviewer ui`: the application in the browser."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from reviewer.cli.shared import app, settings_of


@app.command()
def ui(
    host: Annotated[str, typer.Option(help="监听地址")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="端口")] = 7860,
    lang: Annotated[str | None, typer.Option(help="界面语言：zh 或 en")] = None,
    auth: Annotated[Path | None, typer.Option(help="用户文件（JSON：用户名与密码摘要）")] = None,
    insecure: Annotated[bool, typer.Option(help="允许不设密码地监听其他地址")] = False,
    no_history: Annotated[bool, typer.Option(help="不保留审查记录")] = False,
    mcp: Annotated[bool, typer.Option(help="同时以 MCP 提供给智能体")] = False,
    hash_password: Annotated[
        bool, typer.Option(help="输入密码，打印用户文件中的摘要后退出")
    ] = False,
) -> None:
    """打开网页界面。"""
    from reviewer.app import hashed, launch

    if hash_password:
        print(hashed(typer.prompt("密码", hide_input=True, confirmation_prompt=True)))
        return
    print(f"打开 http://{host}:{port}", file=sys.stderr)
    launch(
        settings_of(lang=lang),
        host=host,
        port=port,
        users=auth,
        insecure=insecure,
        history=not no_history,
        mcp=mcp,
    )
