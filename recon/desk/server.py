"""Starting and ending a desk: the socket, the browser, the idle hour, the folder's holder.

Here: what `recon desk` does. Not here: pages (see `app`), who may ask (see `guard`).
"""

from __future__ import annotations

import signal
import socket
import threading
import time
import urllib.request
import webbrowser
from dataclasses import dataclass
from typing import TYPE_CHECKING

import uvicorn

from recon.base.models import Text
from recon.base.texts import say, spoken
from recon.desk.app import build
from recon.desk.errors import DeskClosedError, DeskPortError
from recon.desk.guard import Keys
from recon.desk.holding import (
    Holder,
    forget_secret,
    holder,
    keep_secret,
    leave,
    read_secret,
    stay,
    take,
)
from recon.desk.visit import Desk

if TYPE_CHECKING:
    from collections.abc import Callable

    from recon.desk.place import Place

_LOOKS_EVERY = 5.0
_STAYS_EVERY = 60.0


@dataclass(frozen=True)
class Wish:
    """What the command line asks for; `idle` in seconds, 0 for never."""

    port: int = 0
    idle: float = 3600.0
    opens_browser: bool = True


def link_of(place: Place) -> str:
    """Return a new link to the desk that is open on a folder of this machine.

    Raises:
        DeskClosedError: None is, or it is another person's.
    """
    other = holder(place.out_dir)
    if other is None or not other.is_here or not other.is_alive:
        raise DeskClosedError(place.data_dir)
    base = f"http://127.0.0.1:{other.port}"
    headers = {"X-Recon-Secret": read_secret(place.out_dir) or "", "Content-Length": "0"}
    asked = urllib.request.Request(f"{base}/link", data=b"", headers=headers, method="POST")  # noqa: S310 - http on this machine
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(
            asked, timeout=5
        ) as got:
            token = got.read().decode("ascii")
    except OSError as error:
        raise DeskClosedError(place.data_dir) from error
    return f"{base}/open?token={token}"


def serve(place: Place, wish: Wish, tell: Callable[[str], None]) -> None:
    """Open a desk and keep it open until it is ended.

    Args:
        place: The folders.
        wish: Port, idle time and browser.
        tell: Prints a line.

    Raises:
        DeskPortError: The port cannot be used.
    """
    with _listening(wish.port) as listener:
        port: int = listener.getsockname()[1]
        desk = Desk(place)
        if not _hold(desk, port):
            _show(link_of(place), wish, tell)
            tell(
                say(Text("这个目录的工作台已经打开，用的是那一个。", "The desk was open already."))
            )
            return
        keys = Keys(keep_secret(place.out_dir) if desk.held_by is None else "", spoken())
        server = _server(build(desk, keys, port))
        me = Holder.me(port)
        mine = holder(place.out_dir)
        if mine is not None and mine.process == me.process:
            me = mine
        ends = threading.Event()
        watch = threading.Thread(
            target=_watch, args=(desk, me, wish.idle, server, ends), daemon=True
        )
        watch.start()
        if why := desk.why_read_only:
            tell(say(Text(f"只能查看：{why.zh}。", f"Read only: {why.en}.")))
        _show(f"http://127.0.0.1:{port}/open?token={keys.mint()}", wish, tell)
        tell(say(Text("按 Ctrl-C 结束。", "Press Ctrl-C to end.")))
        try:
            server.run(sockets=[listener])
        except KeyboardInterrupt:
            pass
        finally:
            ends.set()
            desk.jobs.stop_all()
            if desk.held_by is None:
                leave(place.out_dir, me)
                forget_secret(place.out_dir)
        tell(say(Text("工作台已关闭。", "The desk is closed.")))


def _listening(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        listener.bind(("127.0.0.1", port))
        listener.listen()  # a browser that is opened before the server runs waits
    except OSError as error:
        listener.close()
        raise DeskPortError(port, error) from error
    return listener


def _hold(desk: Desk, port: int) -> bool:
    """Take the folder; False where another desk of this machine has it."""
    try:
        other = take(desk.place.out_dir, port)
    except OSError as error:
        reason = error.strerror or str(error)
        desk.locked = Text(
            f"输出目录写不进去（{reason}）", f"its output folder cannot be written: {reason}"
        )
        return True
    if other is not None and other.is_here:
        return False
    desk.held_by = other
    return True


def _server(app: object) -> uvicorn.Server:
    config = uvicorn.Config(
        app,  # type: ignore[arg-type]
        log_config=None,
        access_log=False,
        lifespan="off",
        server_header=False,
        timeout_graceful_shutdown=2,
        ws="none",
    )
    server = uvicorn.Server(config)
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name) and threading.current_thread() is threading.main_thread():
            signal.signal(getattr(signal, name), lambda *_: setattr(server, "should_exit", True))
    return server


def _show(link: str, wish: Wish, tell: Callable[[str], None]) -> None:
    tell(say(Text(f"工作台：{link}", f"The desk: {link}")))
    tell(say(Text("这个链接只能打开一次。", "This link opens once.")))
    if wish.opens_browser:
        webbrowser.open(link)


def _watch(
    desk: Desk, me: Holder, idle: float, server: uvicorn.Server, ends: threading.Event
) -> None:
    """End an idle desk, and stay the folder's holder until then."""
    stayed = time.monotonic()
    while not ends.wait(min(_LOOKS_EVERY, idle / 4 or _LOOKS_EVERY)):
        if desk.jobs.is_busy():
            desk.touch()
        if idle and time.monotonic() - desk.last_seen > idle:
            server.should_exit = True
            return
        if desk.why_read_only is None and time.monotonic() - stayed > _STAYS_EVERY:
            stayed = time.monotonic()
            if not stay(desk.place.out_dir, me):
                desk.held_by = holder(desk.place.out_dir)
                desk.locked = Text(
                    "资料目录已由另一个工作台接手", "another desk has taken the folder"
                )
