"""What SQL of a workspace may be and how long it may take.

After `Session.seal` no statement reaches files, extensions or settings. Here: that SQL of a file is
one select and nothing behind it, that no statement runs for ever, and what may be told of its
faults. Not here: the seal itself.
"""

from __future__ import annotations

import math
import re
from contextlib import contextmanager
from threading import Condition, Thread
from time import monotonic
from typing import TYPE_CHECKING

import duckdb

from recon.base.errors import DatabaseMemoryError, EngineError
from recon.rules.sql_text import is_of_the_tool

if TYPE_CHECKING:
    from collections.abc import Iterator

#: One statement may take this long; a county of a million rows needs a few seconds. Units: seconds.
STATEMENT_SECONDS = 1800.0
#: What the database quotes from rows when it cannot compute with them: texts and long numbers.
_FROM_ROWS = re.compile(r"['\"].*['\"]|['\"].*$|\d[\d.]{5,}")
#: Faults of a value, in which the database quotes it; other faults are those of a statement.
_OF_VALUES = (duckdb.ConversionException, duckdb.OutOfRangeException)


def reason_of(error: duckdb.Error) -> str:
    """Return the first line of what the database says, without what it quotes from rows.

    Example:
        >>> reason_of(duckdb.ConversionException("Could not convert string '1 2' to INT32"))
        'Could not convert string … to INT32'
    """
    line = str(error).strip().splitlines()[0]
    if isinstance(error, duckdb.InvalidInputException):  # a rule may say anything by error(...)
        return line.partition(":")[0]
    return _FROM_ROWS.sub("…", line) if isinstance(error, _OF_VALUES) else line


def demand_select(sql: str, place: object) -> None:
    """Refuse SQL that is not exactly one select; what comes with the tool is not parsed for it.

    Args:
        sql: The text of a file, or of one of its statements.
        place: Named in the message.

    Raises:
        EngineError: It does not parse, holds several statements, or does something else.
    """
    if is_of_the_tool(sql):
        return
    try:
        found = duckdb.extract_statements(sql)
    except duckdb.Error as error:
        raise engine_error(place, error) from error
    if len(found) != 1 or found[0].type != duckdb.StatementType.SELECT:
        raise EngineError(place, "must be one select and nothing else")


def engine_error(place: object, error: duckdb.Error) -> EngineError:
    """Return the sentence of what DuckDB raised; want of memory has its own.

    Args:
        place: Named in the message.
        error: What was raised.
    """
    if isinstance(error, duckdb.OutOfMemoryException):
        return DatabaseMemoryError(place)
    return EngineError(place, reason_of(error))


@contextmanager
def memory_said() -> Iterator[None]:
    """Give want of memory in the database its sentence, wherever it comes up.

    Raises:
        DatabaseMemoryError: Something inside ran out of memory.
    """
    try:
        yield
    except duckdb.OutOfMemoryException as error:
        raise engine_error("--memory", error) from error


class _Watchdog:
    """One thread that interrupts each connection whose statement has run too long."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._running: dict[object, tuple[float, duckdb.DuckDBPyConnection]] = {}
        self._wakes = math.inf
        self._thread: Thread | None = None

    @contextmanager
    def watching(self, connection: duckdb.DuckDBPyConnection, seconds: float) -> Iterator[None]:
        """Interrupt what runs inside when its time is over, and nothing that comes after it."""
        statement, ends = object(), monotonic() + seconds
        with self._changed:
            self._running[statement] = (ends, connection)
            if self._thread is None:
                self._thread = Thread(target=self._watch, name="statements", daemon=True)
                self._thread.start()
            elif ends < self._wakes:
                self._changed.notify()
        try:
            yield
        finally:
            with self._changed:
                self._running.pop(statement, None)

    def _watch(self) -> None:
        """Sleep until the next statement's time is over; a statement that ends wakes nobody."""
        with self._changed:
            while True:
                self._stop_late()
                self._wakes = min((ends for ends, _ in self._running.values()), default=math.inf)
                left = max(self._wakes - monotonic(), 0)
                self._changed.wait(left if self._running else None)

    def _stop_late(self) -> None:
        """Interrupt each statement whose time is over, once."""
        for statement, (ends, connection) in [*self._running.items()]:
            if ends <= monotonic():
                connection.interrupt()
                del self._running[statement]


_WATCHDOG = _Watchdog()


@contextmanager
def time_limit(
    connection: duckdb.DuckDBPyConnection, place: object, seconds: float | None = None
) -> Iterator[None]:
    """Interrupt what runs on a connection when its time is over.

    Args:
        connection: The connection; it stays usable.
        place: Named in the message.
        seconds: The limit; by default `STATEMENT_SECONDS`.

    Raises:
        EngineError: The time was over.
    """
    limit = STATEMENT_SECONDS if seconds is None else seconds
    try:
        with _WATCHDOG.watching(connection, limit):
            yield
    except duckdb.InterruptException as error:
        raise EngineError(place, f"stopped after {limit:g} seconds") from error
