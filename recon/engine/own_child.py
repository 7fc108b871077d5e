"""A process in which SQL of a workspace runs: behind a memory limit, a clock and a kill.

What a list function of the database allocates is in no limit of the database, so a statement that
nobody of the tool wrote runs where it can take down nothing else. Here: the process, its jobs and
its end. Not here: which statements run there (see `own_session`).
"""

from __future__ import annotations

import multiprocessing
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import duckdb
import psutil
import pyarrow as pa
import pyarrow.parquet as pq

from recon.base.errors import DatabaseMemoryError, EngineError
from recon.engine import guard
from recon.engine.macros import DUCKDB_MACROS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from multiprocessing.connection import Connection
    from multiprocessing.context import SpawnProcess
    from pathlib import Path

_START_SECONDS = 300.0
_WATCH_SECONDS = 0.02
#: Units: bytes. What a process of this kind takes before its first statement.
_HEADROOM = 1 << 29
_BATCH = 100_000


@dataclass(frozen=True)
class _Job:
    """A select, the files of tables that it reads and the process has not, where its rows go."""

    sql: str
    parameters: dict[str, Any]
    tables: dict[str, str]
    target: str


@dataclass(frozen=True)
class _Answer:
    """How a job ended: well, for want of memory, or with a fault in words."""

    is_memory: bool = False
    fault: str | None = None


@dataclass
class OwnProcess:
    """One process for the statements of a workspace; started when the first one comes.

    `memory` is in bytes. A process that was ended is replaced by a fresh one.
    """

    memory: int
    threads: int | None
    _process: SpawnProcess | None = None
    _pipe: Connection | None = None
    _holds: dict[str, str] = field(default_factory=dict)

    def select(
        self,
        sql: str,
        parameters: Mapping[str, Any],
        tables: Mapping[str, Path],
        target: Path,
        place: object,
    ) -> None:
        """Have a select run and its rows written.

        Args:
            sql: One select.
            parameters: Values of the `$names` in it.
            tables: Parquet files of the tables that it reads, each under the table's name.
            target: The parquet file of its rows.
            place: Named in messages.

        Raises:
            DatabaseMemoryError: It took more memory than it may; the process was ended.
            EngineError: The database refused it, or its time was over.
        """
        pipe, process = self._ready()
        fresh = {name: str(path) for name, path in tables.items()}
        news = {name: path for name, path in fresh.items() if self._holds.get(name) != path}
        try:
            pipe.send(_Job(sql, dict(parameters), news, str(target)))
            answer = self._wait(pipe, process, place)
        except (EOFError, OSError) as error:
            self.close()
            raise DatabaseMemoryError(place) from error
        except EngineError:
            self.close()
            raise
        self._holds |= fresh
        if answer.is_memory:
            self.close()
            raise DatabaseMemoryError(place)
        if answer.fault is not None:
            raise EngineError(place, answer.fault)

    def _ready(self) -> tuple[Connection, SpawnProcess]:
        if self._pipe is None or self._process is None or not self._process.is_alive():
            self.close()
            context = multiprocessing.get_context("spawn")
            self._pipe, far = context.Pipe()
            self._process = context.Process(
                target=serve, args=(far, self.memory, self.threads), daemon=True
            )
            self._process.start()
            far.close()
            if not self._pipe.poll(_START_SECONDS) or self._pipe.recv() != "ready":
                raise EngineError("own rules", "the process for them does not start")
        return self._pipe, self._process

    def _wait(self, pipe: Connection, process: SpawnProcess, place: object) -> _Answer:
        """Wait for the answer, watching the clock and the memory."""
        until = time.monotonic() + guard.STATEMENT_SECONDS
        watched = psutil.Process(process.pid)
        while not pipe.poll(_WATCH_SECONDS):
            if time.monotonic() > until:
                raise EngineError(place, f"stopped after {guard.STATEMENT_SECONDS:g} seconds")
            try:
                used = watched.memory_info().rss
            except psutil.Error:
                continue
            if used > self.memory + _HEADROOM:
                raise DatabaseMemoryError(place)
        answer: _Answer = pipe.recv()
        return answer

    def close(self) -> None:
        """End the process if there is one."""
        if self._pipe is not None:
            self._pipe.close()
        if self._process is not None:
            self._process.kill()
            self._process.join(timeout=5)
        self._pipe = self._process = None
        self._holds = {}


def serve(pipe: Connection, memory: int, threads: int | None) -> None:
    """Run jobs until the pipe closes; this is the whole life of the process.

    Args:
        pipe: Jobs come and answers go.
        memory: Bytes that a statement may take.
        threads: Of the database; None means all cores.
    """
    _limit(memory)
    config: dict[str, Any] = {
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        "memory_limit": f"{memory // 2**20}MB",
    }
    if threads:
        config["threads"] = threads
    connection = duckdb.connect(":memory:", config=config)
    connection.execute(DUCKDB_MACROS)
    connection.execute("set enable_external_access = false; set lock_configuration = true;")
    pipe.send("ready")
    while True:
        try:
            job: _Job = pipe.recv()
        except (EOFError, OSError):
            return
        pipe.send(_answer(connection, job))


def _answer(connection: duckdb.DuckDBPyConnection, job: _Job) -> _Answer:
    try:
        for name, path in job.tables.items():
            connection.register("incoming_frame", pq.ParquetFile(path).read())
            connection.execute(f'create or replace table "{name}" as select * from incoming_frame')
            connection.unregister("incoming_frame")
        rows = connection.sql(job.sql, params=job.parameters or None).to_arrow_reader(_BATCH)
        with pq.ParquetWriter(job.target, rows.schema) as file:
            for batch in rows:
                file.write_batch(batch)
    except (MemoryError, duckdb.OutOfMemoryException, pa.ArrowMemoryError):
        return _Answer(is_memory=True)
    except duckdb.Error as error:
        if "bad_alloc" in str(error):
            return _Answer(is_memory=True)
        return _Answer(fault=guard.reason_of(error))
    except pa.ArrowException as error:
        return _Answer(fault=f"its result cannot be kept: {str(error).splitlines()[0]}")
    return _Answer()


def _limit(memory: int) -> None:
    """Let the system refuse what is over the limit, where it can; elsewhere the parent watches."""
    try:
        import resource  # noqa: PLC0415 - not on Windows
    except ImportError:
        return
    wanted = psutil.Process().memory_info().vms + memory + 2 * _HEADROOM
    try:
        resource.setrlimit(resource.RLIMIT_AS, (wanted, wanted))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except (OSError, ValueError):
        return
