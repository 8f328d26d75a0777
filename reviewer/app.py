"""Starting the Gradio application."""

import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

from reviewer.errors import UsageError
from reviewer.ingest.office import forget
from reviewer.sandbox.folders import PrivateFolder, sweep
from reviewer.settings import Settings

LOOPBACK = ("127.0.0.1", "localhost", "::1")
NAMES = (*LOOPBACK, "[::1]")
"""What a browser on this machine may call it."""
ROUNDS = 200_000
SESSIONS = 32
"""Gradio remembers what so many pages last showed; more would keep contracts in memory for nothing."""


def launch(
    settings: Settings,
    *,
    host: str = "127.0.0.1",
    port: int = 7860,
    users: Path | None = None,
    insecure: bool = False,
    history: bool = True,
    mcp: bool = False,
) -> None:
    """Open the application and serve until interrupted.

    Args:
        settings: Engine, language, limits and folders.
        host: Where to listen; beyond this machine only with `users` or `insecure`.
        port: The port.
        users: A file of names and hashed passwords, made with `hashed`.
        insecure: Listen beyond this machine without passwords.
        history: Whether reviews are kept after the program ends.
        mcp: Whether agents may call it by the Model Context Protocol.

    Raises:
        UsageError: The combination would show contracts to strangers, or a part is missing.
    """
    if host not in LOOPBACK and not users and not insecure:
        raise UsageError(
            f"监听 {host} 会让其他人看到合同",
            remedy="请用 --auth 指定用户文件；确有需要才用 --insecure",
        )
    if mcp and find_spec("mcp") is None:
        raise UsageError("未安装 MCP 支持", remedy="请运行 pip install 'gradio[mcp]'")
    if mcp and users:
        raise UsageError(
            "--mcp 不能与 --auth 同用：智能体无法登录",
            remedy="请为智能体在本机另开一个不带 --auth 的实例",
        )
    check = _checker(users) if users else None
    # Gradio takes these from the environment alone: no analytics, and uploads in a folder that
    # nobody else can open and that goes when the program ends.
    sweep(settings.work_dir, forget)
    uploads = PrivateFolder(settings.work_dir, "uploads")
    os.environ |= {  # noqa: TID251
        "GRADIO_ANALYTICS_ENABLED": "False",
        "GRADIO_TEMP_DIR": str(uploads.path),
    }
    import gradio as gr
    from starlette.middleware import Middleware
    from starlette.middleware.trustedhost import TrustedHostMiddleware

    from reviewer.ui.application import Application
    from reviewer.ui.blocks import build_app, styles
    from reviewer.ui.headers import SecurityHeaders
    from reviewer.ui.pages import asset
    from reviewer.ui.sessions import keep_sessions_steady
    from reviewer.ui.store import Store
    from reviewer.ui.visitors import Visitors
    from reviewer.ui.words import word

    keep_sessions_steady()
    store = Store(settings.data_dir / "reviews.sqlite" if history else None)
    application = Application(settings, store, _examples())
    middleware = [Middleware(SecurityHeaders), Middleware(Visitors)]
    if host in LOOPBACK:  # a page of somebody else's name that resolves to this machine
        middleware.insert(0, Middleware(TrustedHostMiddleware, allowed_hosts=list(NAMES)))
    try:
        build_app(application, agents=mcp).queue(default_concurrency_limit=8).launch(
            server_name=host,
            server_port=port,
            share=False,
            auth=check,
            auth_message=word("sign_in", settings.lang),
            allowed_paths=[str(application.exports)],
            state_session_capacity=SESSIONS,
            max_file_size=int(settings.max_file_mb * 1024 * 1024),
            show_error=True,
            mcp_server=mcp,
            footer_links=[],
            theme=gr.themes.Base(
                primary_hue="teal",
                neutral_hue="slate",
                font=["system-ui", "sans-serif"],
                font_mono=["monospace"],
            ).set(
                button_primary_background_fill="#0f766e",
                button_primary_background_fill_hover="#0b5e58",
                button_primary_background_fill_dark="#0f766e",
            ),
            app_kwargs={"middleware": middleware},
            head=f"<style>{styles()}</style><script>{asset('page.js')}</script>",
            quiet=True,
            prevent_thread_lock=False,
        )
    except OSError as error:
        raise UsageError(f"无法监听 {host}:{port}", remedy="请换一个 --port") from error
    finally:
        application.close()
        uploads.close()


def hashed(password: str, salt: str | None = None) -> str:
    """Return a password as the users file keeps it: salt and PBKDF2 digest."""
    grain = salt or secrets.token_hex(16)
    digest = hashlib.pbkdf2_hmac("sha256", password.encode(), bytes.fromhex(grain), ROUNDS)
    return f"{grain}${digest.hex()}"


def _checker(path: Path) -> Callable[[str, str], bool]:
    """Return the check of name and password against the users file.

    Raises:
        UsageError: The file is not an object of names and hashed passwords.
    """
    try:
        users = json.loads(path.read_text(encoding="utf-8"))
        if not users or not all("$" in value for value in users.values()):
            raise ValueError
    except (OSError, ValueError, AttributeError, TypeError) as error:
        raise UsageError(
            f"{path} 不是有效的用户文件",
            remedy='内容应为 {"用户名": "盐$摘要"}，用 reviewer ui --hash-password 生成',
        ) from error

    def check(name: str, password: str) -> bool:
        kept = users.get(name) or f"{'00' * 16}$"
        return hmac.compare_digest(hashed(password, kept.split("$")[0]), kept)

    return check


def _examples() -> Path:
    for folder in (Path(__file__).parent / "_data", Path(__file__).resolve().parents[1]):
        if (folder / "examples").is_dir():
            return folder / "examples"
    raise UsageError("安装不完整，缺少样例合同", remedy="请重新安装 cs-contract-reviewer")
