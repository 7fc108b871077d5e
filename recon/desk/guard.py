"""Who may ask: links for one opening, sessions, Host and Origin, and the headers of every answer.

Here: everything that keeps other programs, other people and other sites out. Not here: pages.
"""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from recon.base.models import Lang

#: How long a link may wait to be opened. Units: seconds.
_LINK_LASTS = 600.0
#: The largest body of a form, and of one with files. Units: bytes.
MOST_FORM, MOST_FILES = 4 * 2**20, 4 * 2**30
_WITH_FILES = ("/files/upload", "/papers/import", "/policy/import")
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; font-src 'self'; form-action 'self'; frame-src 'self'; base-uri 'none'; "
    "frame-ancestors 'self'"
)
HEADERS = {
    "content-security-policy": _POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "SAMEORIGIN",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "cache-control": "no-store",
}
_OPENED = (
    '<!doctype html><html lang="zh-CN"><meta charset="utf-8">'
    '<link rel="icon" href="data:,"><meta http-equiv="refresh" content="0; url=/">'
    "<title>recon</title>"
    '<p><a href="/">recon</a></p></html>'
)
_REFUSED = {
    400: "请求的地址不是本机工作台，已拒绝。 / Not this desk's own address; refused.",
    401: "这个链接用过了，或已失效。在终端运行 recon desk --link 取新链接。 / "
    "This link was used or has expired. Run 'recon desk --link' for a new one.",
    403: "请求来自别的网页，已拒绝。 / The request came from another page; refused.",
    411: "请求没有写明长度，已拒绝。 / The request does not say its length; refused.",
    413: "太大，没有收下。 / Too large; not taken in.",
}


@dataclass
class Session:
    """One browser: its language, who sits before it, and what it has asked to see."""

    lang: Lang = "zh"
    who: str = ""
    shows_all: bool = False
    notes: list[str] = field(default_factory=list)


class Keys:
    """Links for one opening and the sessions that they became; all are gone with the process."""

    def __init__(self, secret: str, lang: Lang = "zh") -> None:
        """Begin without any; `secret` lets the same person ask for more links, "" nobody."""
        self._secret, self._lang = secret or secrets.token_urlsafe(32), lang
        self._links: dict[str, float] = {}
        self._sessions: dict[str, Session] = {}
        self._lock = threading.Lock()

    def mint(self) -> str:
        """Return a new link's token."""
        token = secrets.token_urlsafe(32)
        with self._lock:
            self._links[_digest(token)] = time.monotonic() + _LINK_LASTS
        return token

    def open(self, token: str) -> str | None:
        """Use a token up; return the cookie of a new session, or None."""
        with self._lock:
            lasts = self._links.pop(_digest(token), 0.0)
            if lasts < time.monotonic():
                return None
            cookie = secrets.token_urlsafe(32)
            self._sessions[_digest(cookie)] = Session(self._lang)
            return cookie

    def session(self, cookie: str) -> Session | None:
        """Return the session of a cookie."""
        return self._sessions.get(_digest(cookie))

    def is_own(self, secret: str) -> bool:
        """Whether it is the desk's secret."""
        return secrets.compare_digest(_digest(secret), _digest(self._secret))


def _digest(word: str) -> str:
    """Return what is kept of a key: comparing it tells nothing about the key."""
    return hashlib.sha256(word.encode("utf-8", "replace")).hexdigest()


class Guard:
    """Stands before every page: lets in what comes from an own session, refuses the rest."""

    def __init__(self, app: ASGIApp, keys: Keys, port: int, touch: Callable[[], None]) -> None:
        """Guard an app on a port; `touch` is called when somebody does something."""
        self._app, self._keys, self._port, self._touch = app, keys, port, touch
        self._cookie = f"recon_desk_{port}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request or pass it on."""
        if scope["type"] != "http":
            return

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        request = Request(scope)
        answer = self._answer(request)
        if isinstance(answer, Session):
            scope["session_of"] = answer
            if "hx-poll" not in request.headers:
                self._touch()
            await self._app(scope, receive, dressed)
        else:
            await answer(scope, receive, dressed)

    def _answer(self, request: Request) -> Session | Response:
        status = self._fault(request)
        if status:
            return _refusal(status)
        path = request.url.path
        if path == "/link" and request.method == "POST":
            if not self._keys.is_own(request.headers.get("x-recon-secret", "")):
                return _refusal(403)
            return PlainTextResponse(self._keys.mint())
        if path == "/open" and request.method == "GET":
            return self._opened(request.query_params.get("token", ""))
        session = self._keys.session(request.cookies.get(self._cookie, ""))
        return session or _refusal(401)

    def _opened(self, token: str) -> Response:
        cookie = self._keys.open(token)
        if cookie is None:
            return _refusal(401)
        # The page leads on by itself: after a redirect from elsewhere a browser would hold a
        # strict cookie back.
        answer = HTMLResponse(_OPENED)
        answer.set_cookie(self._cookie, cookie, httponly=True, samesite="strict", path="/")
        return answer

    def _fault(self, request: Request) -> int:
        """Return why a request is refused whoever sends it, as a status; 0 where it is not."""
        host = request.headers.get("host", "")
        if host not in (f"127.0.0.1:{self._port}", f"localhost:{self._port}"):
            return 400
        if request.method in ("GET", "HEAD"):
            is_cross = request.headers.get("sec-fetch-site", "none") in ("cross-site", "same-site")
            return 403 if is_cross and request.url.path != "/open" else 0
        if request.method != "POST":
            return 403
        is_own_program = request.url.path == "/link" and "origin" not in request.headers
        if not is_own_program and request.headers.get("origin") != f"http://{host}":
            return 403
        length = request.headers.get("content-length", "")
        if not length.isdecimal():
            return 411
        most = MOST_FILES if request.url.path in _WITH_FILES else MOST_FORM
        return 413 if int(length) > most else 0


def _refusal(status: int) -> Response:
    return PlainTextResponse(_REFUSED[status], status_code=status)
