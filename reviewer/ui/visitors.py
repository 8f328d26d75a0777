"""Who is asking: a signed-in user, or a browser by a cookie that no script can read.

Everything that is kept belongs to a visitor. The server derives who that is from the request
alone; nothing in the page names it, so nobody can ask for somebody else's.
"""

import re
import secrets
from http.cookies import CookieError, SimpleCookie
from typing import Any

import gradio as gr
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

COOKIE = "reviewer-visitor"
MAX_AGE_S = 365 * 24 * 3600
_TOKEN = re.compile(r"[\w-]{32}", re.ASCII)


class Visitors:
    """Gives each browser that opens the page an unguessable id."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        opens = scope["type"] == "http" and scope["path"] == "/"
        if not opens or _cookie(Headers(scope=scope).get("cookie", "")):
            await self.app(scope, receive, send)
            return

        async def known(message: Message) -> None:
            if message["type"] == "http.response.start":
                secure = "; Secure" if scope["scheme"] == "https" else ""
                MutableHeaders(scope=message).append(
                    "set-cookie",
                    f"{COOKIE}={secrets.token_urlsafe(24)}; Path=/; Max-Age={MAX_AGE_S};"
                    f" HttpOnly; SameSite=Strict{secure}",
                )
            await send(message)

        await self.app(scope, receive, known)


def visitor_of(request: Any) -> str | None:
    """Return who is asking; None for a program that never opened the page.

    Args:
        request: A request of Gradio or of Starlette.
    """
    token = _signed_in(request)
    if token:
        return f"user:{token}"
    cookie = _cookie(str(request.headers.get("cookie", "")))
    return f"browser:{cookie}" if cookie else None


def _signed_in(request: Any) -> str | None:
    """Return the name with which this browser signed in, as Gradio keeps it."""
    app = request.app
    names = (f"access-token-{app.cookie_id}", f"access-token-unsecure-{app.cookie_id}")
    tokens = [request.cookies.get(name) for name in names]
    found = [app.tokens[token] for token in tokens if token in app.tokens]
    return found[0] if found else None


def _cookie(header: str) -> str | None:
    try:
        morsel = SimpleCookie(header).get(COOKIE)
    except CookieError:
        return None
    return morsel.value if morsel and _TOKEN.fullmatch(morsel.value) else None


def asked_by(request: gr.Request) -> str:
    """Return who is asking.

    Raises:
        gr.Error: Nobody the page was shown to.
    """
    visitor = visitor_of(request)
    if visitor is None:
        raise gr.Error(
            "请刷新页面，并允许它使用 cookie / reload the page and allow its cookie",
            print_exception=False,
        )
    return visitor
