"""The web application: pages put together behind the guard.

Here: how a request becomes a visit and an error a sentence. Not here: pages (a module each).
"""

from __future__ import annotations

import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from recon.base.errors import ReconError
from recon.base.models import Text
from recon.base.texts import speaking
from recon.desk import checking, compare, exceptions, files, ledger, panel, papers, policy, start
from recon.desk.guard import Guard, Keys
from recon.desk.visit import Desk, Visit

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.types import ASGIApp

    Page = Callable[[Visit], Response]

_PAGES = (start, files, policy, checking, panel, exceptions, ledger, papers, compare)
_STATIC = Path(__file__).parent / "static"
#: What a form may hold.
_MOST_FILES, _MOST_FIELDS, _MOST_FIELD = 5000, 20_000, 2**20
#: May be sent where nothing can be changed: they change the session only.
_HARMLESS = frozenset({"/lang", "/files/look", "/files/unmask", "/compare/why"})


def build(desk: Desk, keys: Keys, port: int) -> ASGIApp:
    """Return the application of a desk, guarded.

    Args:
        desk: The open desk.
        keys: Its links and sessions.
        port: Where it listens.
    """
    routes: list[Any] = [
        Route(path, _endpoint(desk, page), methods=[method])
        for module in _PAGES
        for method, path, page in module.PAGES
    ]
    routes.append(Mount("/static", StaticFiles(directory=_STATIC)))
    app = Starlette(
        routes=routes,
        exception_handlers={HTTPException: lambda request, error: _lost(desk, request, error)},
    )
    return Guard(app, keys, port, desk.touch)


def _endpoint(desk: Desk, page: Page) -> Callable[[Request], Any]:
    async def endpoint(request: Request) -> Response:
        if request.method != "POST":
            return await run_in_threadpool(_answer, desk, request, None, page)
        limits = {"max_files": _MOST_FILES, "max_fields": _MOST_FIELDS}
        try:
            form = await request.form(**limits, max_part_size=_MOST_FIELD)
        except (ClientDisconnect, HTTPException, OSError) as error:
            return await run_in_threadpool(_not_taken, desk, request, error)
        try:
            return await run_in_threadpool(_answer, desk, request, form, page)
        finally:
            await form.close()

    return endpoint


def _not_taken(desk: Desk, request: Request, error: Exception) -> Response:
    """Say why a form did not come in: the disk, a broken connection, or more than is taken."""
    status = 400
    if isinstance(error, OSError):
        reason, status = error.strerror or str(error), 507
        text = Text(
            f"提交的内容写不下来（{reason}）。什么也没有记。清理磁盘后再试。",
            f"What was sent cannot be written ({reason}). Nothing was booked. Make room and try "
            "again.",
        )
    elif isinstance(error, ClientDisconnect):
        text = Text(
            "连接中断，内容没有收全，什么也没有记。再提交一次。",
            "The connection broke before all came in. Nothing was booked. Send it again.",
        )
    else:
        text = Text(
            f"提交的内容不完整，或超过 {_MOST_FILES} 个文件、{_MOST_FIELDS} 个栏目。什么也没有记。"
            "分几次提交。",
            f"What was sent is broken, or more than {_MOST_FILES} files or {_MOST_FIELDS} fields. "
            "Nothing was booked. Send it in parts.",
        )
    visit = _visit(desk, request, None)
    with speaking(visit.session.lang):
        return _said(visit, text, status)


def _visit(desk: Desk, request: Request, form: Any) -> Visit:  # noqa: ANN401 - starlette's form
    is_part = request.headers.get("hx-request") == "true"
    session, names = request.scope["session_of"], request.path_params
    return Visit(desk, session, request.query_params, form, request.url.path, is_part, names)


def _answer(desk: Desk, request: Request, form: Any, page: Page) -> Response:  # noqa: ANN401
    visit = _visit(desk, request, form)
    with speaking(visit.session.lang):
        try:
            if form is not None and visit.path not in _HARMLESS:
                visit.demand_writable()
            return page(visit)
        except ReconError as error:
            return _said(visit, error.text, 422)
        except HTTPException:
            raise
        except Exception as error:  # noqa: BLE001 - its words may hold what a file says
            step = traceback.extract_tb(error.__traceback__)[-1]
            place = f"{type(error).__name__} ({Path(step.filename).name}:{step.lineno})"
            text = Text(f"程序内部错误：{place}。什么也没有记。", f"internal error: {place}.")
            return _said(visit, text, 500)


def _said(visit: Visit, text: Text, status: int) -> Response:
    template = "fault_part.html" if visit.is_part else "fault.html"
    return visit.draw(template, status, text=text)


def _lost(desk: Desk, request: Request, error: Exception) -> Response:
    visit = _visit(desk, request, None)
    status = error.status_code if isinstance(error, HTTPException) else 404
    with speaking(visit.session.lang):
        return _said(visit, Text("没有这一页。", "There is no such page."), status)
