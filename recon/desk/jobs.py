"""Work in a process of its own, so that the page answers while a province is read.

Here: starting, following and stopping it. Not here: what is done.
"""

from __future__ import annotations

import multiprocessing
import signal
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Literal

import psutil

from recon.base.errors import ReconError
from recon.base.models import Text
from recon.base.texts import speak
from recon.desk.errors import DeskBusyError

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection

    from recon.base.models import Lang

    Tell = Callable[[str, str], None]
    Work = Callable[..., Any]

State = Literal["running", "done", "failed", "stopped"]
STAGES = {
    "read": Text("读取", "reading"),
    "stage": Text("整理", "staging"),
    "rules": Text("运行规则", "running rules"),
    "write": Text("写出结果", "writing"),
}


class Job:
    """One work in a child process; `work` is a function of a module, called with `tell` last."""

    def __init__(self, name: Text, lang: Lang, work: Work, *args: object) -> None:
        """Start it."""
        self.name, self.state, self.result = name, "running", None
        self.error: Text | None = None
        self.stage, self.detail = "", ""
        self.counts: dict[str, int] = {}
        self.begun, self.ended = time.time(), 0.0
        context = multiprocessing.get_context("spawn")
        mine, theirs = context.Pipe(duplex=False)
        self._child = context.Process(target=_do, args=(theirs, lang, work, args))
        self._child.start()
        theirs.close()
        self._thread = threading.Thread(target=self._follow, args=(mine,), daemon=True)
        self._thread.start()

    state: State
    result: Any

    @property
    def pid(self) -> int:
        """The number of its process."""
        return self._child.pid or 0

    @property
    def seconds(self) -> int:
        """How long it has taken."""
        return int((self.ended or time.time()) - self.begun)

    def stop(self) -> None:
        """End it and the reading process that it started; nothing with a final name is left."""
        if self.state != "running":
            return
        self.state = "stopped"
        with suppress(psutil.Error):
            for one in psutil.Process(self._child.pid).children(recursive=True):
                with suppress(psutil.Error):
                    one.kill()
        self._child.kill()
        self._thread.join(5)

    def wait(self, seconds: float) -> None:
        """Wait until it has ended."""
        self._thread.join(seconds)

    def _follow(self, pipe: Connection) -> None:
        with suppress(EOFError, OSError):
            while True:
                self._take(*pipe.recv())
        self._child.join()
        self.ended = time.time()
        if self.state == "running":
            self.state = "failed"
            self.error = Text(
                "核查进程中途结束，没有写出结果；可能内存不足。再试一次。",
                "The working process ended early and wrote nothing; memory may be short.",
            )

    def _take(self, kind: str, *said: Any) -> None:  # noqa: ANN401 - what a child sends
        if self.state != "running":
            return
        if kind == "told":
            self.stage, self.detail = said
            self.counts[self.stage] = self.counts.get(self.stage, 0) + 1
        elif kind == "done":
            self.result, self.state = said[0], "done"
        else:
            self.error, self.state = said[0], "failed"


def _do(pipe: Connection, lang: Lang, work: Work, args: tuple[object, ...]) -> None:
    """Do the work in the child; Ctrl-C is the desk's to hear."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    speak(lang)
    try:
        result = work(*args, lambda stage, detail: pipe.send(("told", stage, detail)))
        pipe.send(("done", result))
    except ReconError as error:
        pipe.send(("failed", error.text))
    except Exception as error:  # noqa: BLE001 - its words may hold what a file says
        kind = type(error).__name__
        pipe.send(("failed", Text(f"程序内部错误：{kind}。", f"internal error: {kind}.")))
    finally:
        pipe.close()


class Jobs:
    """The works of a desk by name: one at a time of each."""

    def __init__(self) -> None:
        """Begin without any."""
        self._jobs: dict[str, Job] = {}
        self._lock = threading.Lock()

    def get(self, key: str) -> Job | None:
        """Return the last work of a name."""
        return self._jobs.get(key)

    def start(self, key: str, make: Callable[[], Job]) -> Job:
        """Start a work.

        Raises:
            DeskBusyError: The one before still goes on.
        """
        with self._lock:
            old = self._jobs.get(key)
            if old is not None and old.state == "running":
                raise DeskBusyError(old.name)
            self._jobs[key] = make()
            return self._jobs[key]

    def is_busy(self) -> bool:
        """Whether any goes on."""
        return any(one.state == "running" for one in self._jobs.values())

    def stop_all(self) -> None:
        """Stop every work."""
        for one in list(self._jobs.values()):
            one.stop()
