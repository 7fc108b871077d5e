"""The parent's side of the reading process: starts it, watches its memory and time, replaces it.

Not here: what is read (`child`, `workbook`), which files (`reader`).
"""

from __future__ import annotations

import multiprocessing
import time
from typing import TYPE_CHECKING

import psutil

from recon.base.errors import ReconError, TemporaryUnwritableError
from recon.intake.formats.child import Answer, Job, serve
from recon.intake.formats.listing import list_inputs
from recon.intake.formats.refusals import RefusedError

if TYPE_CHECKING:
    from collections.abc import Collection
    from multiprocessing.connection import Connection
    from multiprocessing.context import SpawnProcess
    from pathlib import Path
    from types import TracebackType
    from typing import Self

    from recon.base.models import ReadLimits
    from recon.intake.formats.refusals import Code

_START_SECONDS = 300.0
_WATCH_SECONDS = 0.1
#: How a process ends that got no memory: aborted (POSIX), STATUS_NO_MEMORY (Windows).
_OUT_OF_MEMORY = frozenset({-6, 0xC0000017, 0xC0000409})
#: Files that are read by a process of their own, as a rule.
_WORKBOOKS = frozenset({".xlsx", ".xlsm", ".xls", ".et", ".xlsb", ".ods"})


class ReaderStartError(ReconError):
    """The reading process does not start at all, so no workbook can be read."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(
            "读取进程无法启动。请检查内存和安全软件是否阻止了 Python 启动子进程，然后重试。",
            "the reading process does not start. Check whether memory or security software keeps "
            "Python from starting a process, then run again.",
        )


class Worker:
    """One reading process, reused from file to file and replaced after a death."""

    def __init__(self, limits: ReadLimits) -> None:
        """Keep the limits; the process starts with the first file, or with `start`."""
        self._limits = limits
        self._process: SpawnProcess | None = None
        self._pipe: Connection | None = None
        self._is_ready = False
        self._used = 0
        self._ended: int | None = None

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the process."""
        self.close()

    def read(self, content: bytes, kind: str, codec: str | None, folder: str) -> Answer:
        """Have one file read, once more in a fresh process if the first one ends.

        Args:
            content: Its bytes.
            kind: Its true type.
            codec: The encoding, for markup.
            folder: An empty directory for the cells.

        Raises:
            RefusedError: When the file cannot be read, the process dies, or a limit is passed.
            ReaderStartError: When no process can be started.
            TemporaryUnwritableError: When the cells cannot be written.
        """
        job = Job(kind, codec, self._limits.memory, self._limits.password, folder)
        answer = self._read_once(job, content)
        if answer is None or (answer.code == "memory" and not self._is_full):
            self._kill()
            answer = self._read_once(job, content) or Answer(code=self._blamed())
        if answer.unwritable:
            raise TemporaryUnwritableError(folder, answer.unwritable)
        if answer.code is not None:
            raise RefusedError(answer.code, answer.detail or self._most)
        return answer

    def _read_once(self, job: Job, content: bytes) -> Answer | None:
        """Have a file read by one process; None when that ends before it answers."""
        pipe, process = self._ready()
        self._used = 0
        try:
            pipe.send(job)
            pipe.send_bytes(content)
            return self._wait(pipe, process)
        except (EOFError, OSError):
            process.join(timeout=2)
            self._ended = process.exitcode
            self._kill()
            return None
        except BaseException:
            self._kill()
            raise

    @property
    def _most(self) -> str:
        return f"{self._limits.memory / 1024**3:.1f} GB"

    @property
    def _is_full(self) -> bool:
        """Whether the process was seen to take much of the memory that it may take."""
        return self._used * 2 > self._limits.memory

    def _blamed(self) -> Code:
        """Say why a process ended twice: a kill alone is no evidence of want of memory."""
        return "memory" if self._is_full or self._ended in _OUT_OF_MEMORY else "crashed"

    def close(self) -> None:
        """End the process if there is one; closing the pipe is enough when it is idle."""
        if self._pipe is not None:
            self._pipe.close()
            self._pipe = None
        if self._process is not None:
            self._process.join(timeout=2)
            self._kill()

    def start(self) -> None:
        """Start the process without waiting for it: it gets ready while other work is done."""
        self._kill()
        context = multiprocessing.get_context("spawn")
        pipe, far = context.Pipe()
        process = context.Process(target=serve, args=(far, self._limits.memory), daemon=True)
        process.start()
        far.close()
        self._pipe, self._process, self._is_ready = pipe, process, False

    def _ready(self) -> tuple[Connection, SpawnProcess]:
        """Return a live process, starting one if need be."""
        if self._pipe is None or self._process is None or not self._process.is_alive():
            self.start()
        pipe, process = self._pipe, self._process
        if pipe is None or process is None or not (self._is_ready or self._says_ready(pipe)):
            self._kill()
            raise ReaderStartError
        self._is_ready = True
        return pipe, process

    def _says_ready(self, pipe: Connection) -> bool:
        try:
            return pipe.poll(_START_SECONDS) and pipe.recv() == "ready"
        except (EOFError, OSError):
            return False

    def _wait(self, pipe: Connection, process: SpawnProcess) -> Answer:
        """Wait for the answer, watching the clock and the memory."""
        until = time.monotonic() + self._limits.seconds
        watched = psutil.Process(process.pid)
        while not pipe.poll(_WATCH_SECONDS):
            if time.monotonic() > until:
                raise RefusedError("timeout", str(self._limits.seconds))
            try:
                used = watched.memory_info().rss
            except psutil.Error:
                continue
            self._used = max(self._used, used)
            if used > self._limits.memory:
                raise RefusedError("memory", self._most)
        answer: Answer = pipe.recv()
        return answer

    def _kill(self) -> None:
        if self._process is not None:
            if self._process.is_alive():
                self._process.kill()
                self._process.join(timeout=5)
            self._process = None
        if self._pipe is not None:
            self._pipe.close()
            self._pipe = None


def early_worker(folder: Path, exclude: Collection[Path], limits: ReadLimits) -> Worker:
    """Return a worker that gets ready while other work is done, where a folder holds workbooks.

    Args:
        folder: The data folder.
        exclude: Files or folders in it that are not input.
        limits: What reading one file may cost.
    """
    worker = Worker(limits)
    if any(path.suffix.lower() in _WORKBOOKS for path in list_inputs(folder, exclude)):
        worker.start()
    return worker
