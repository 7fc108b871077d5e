"""A session whose workspace may carry SQL of its own: that SQL runs in another process.

Here: which statements go there, what they read, and taking their rows back. Not here: the process
(see `own_child`).
"""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

import duckdb
import psutil
import pyarrow.parquet as pq

from recon.base.errors import DatabaseMemoryError, EngineError
from recon.base.sizes import bytes_of
from recon.engine.case_session import CaseSession
from recon.engine.duckdb import Session
from recon.engine.guard import demand_select, engine_error
from recon.engine.own_child import OwnProcess
from recon.engine.own_sql import evidence_place, own_table, table_fault
from recon.rules.sql_text import parameters_in, tables_in

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

    from recon.rules.catalog import Rule

_BATCH = 100_000


class _BesideSession(Session):
    """What a session does whose workspace's SQL runs in the other process."""

    _own: OwnProcess
    _own_lock: Lock
    _own_folder: Path
    _given: dict[str, Path]

    def _open_own(self, memory: str | None, threads: int | None, folder: Path) -> None:
        """Prepare the other process, which starts with the first statement of a workspace."""
        limit = bytes_of(memory) if memory else None
        self._own = OwnProcess(limit or psutil.virtual_memory().total // 2, threads)
        self._own_lock = Lock()
        self._own_folder = folder
        self._given = {}

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the other process and close the connection."""
        self._own.close()
        super().__exit__(kind, error, trace)

    def make_staged(self, verb: str, name: str, sql: str, workspace: Path | None) -> None:
        """Create a staged table; one of the workspace's own from rows of the other process."""
        if own_table(name, workspace) is None:
            super().make_staged(verb, name, sql, workspace)
            return
        place = f"sql/**/{name}.sql"
        try:
            demand_select(sql, place)
            self._take_own(f'{verb} table "{name}"', sql, place)
        except DatabaseMemoryError:
            raise
        except EngineError as error:
            raise table_fault(self, error, name, sql, workspace) from error

    def _find(self, rule: Rule) -> int:
        if not rule.from_workspace:
            return super()._find(rule)
        place = rule.sql_path.as_posix()
        demand_select(rule.sql, place)
        demand_select(rule.evidence_sql, evidence_place(rule))
        self._take_own("create or replace temp table found_all", rule.sql, place)
        ((count,),) = self.execute("select count(*) from found_all", place)
        return int(count)

    def _evidence(self, rule: Rule) -> str:
        if not rule.from_workspace:
            return super()._evidence(rule)
        self._take_own(
            "create or replace temp table own_evidence", rule.evidence_sql, evidence_place(rule)
        )
        return "select * from own_evidence"

    def _take_own(self, create: str, sql: str, place: object) -> None:
        """Have the other process run a select, and make a table of its rows."""
        names = parameters_in(sql)
        unknown = sorted(names - self.parameters.keys())
        if unknown:
            raise EngineError(place, f"unknown parameter ${unknown[0]}")
        values = {name: self.parameters[name] for name in names}
        with self._own_lock:
            self._own_folder.mkdir(exist_ok=True)
            target = self._own_folder / "rows.parquet"
            self._own.select(sql, values, self._read_by(sql, place), target, place)
            rows = pq.ParquetFile(target).read()
            target.unlink()
        try:
            self.take(f"{create} as select * from incoming_frame", rows)
        except duckdb.Error as error:
            raise engine_error(place, error) from error

    def _read_by(self, sql: str, place: object) -> dict[str, Path]:
        """Write the tables that a select reads and the other process has not; name all of them."""
        try:
            read = tables_in(sql) | self._connection.get_table_names(sql)
        except duckdb.Error as error:
            raise engine_error(place, error) from error
        made = "select table_name from duckdb_tables() union select view_name from duckdb_views()"
        there = {name for (name,) in self.execute(made, place)}
        return {name: self._given_as(name) for name in sorted(read & there)}

    def _given_as(self, name: str) -> Path:
        """Return the file of a table; one that may change is written anew each time."""
        if name in self._given:
            return self._given[name]
        path = self._own_folder / f"{name}-{len(list(self._own_folder.iterdir()))}.parquet"
        rows = self._connection.table(f'"{name}"').to_arrow_reader(_BATCH)
        with pq.ParquetWriter(path, rows.schema) as file:
            for batch in rows:
                file.write_batch(batch)
        if name in self._tables:
            self._given[name] = path
        return path


class OwnSession(_BesideSession):
    """A DuckDB session of a run; SQL of the workspace runs beside it."""

    def __init__(self, path: Path, memory: str | None, threads: int | None) -> None:
        """Open the database; the other process starts with the first statement of a workspace.

        Args:
            path: The database file; tables for the other process are written beside it.
            memory: For example "2GB"; None is half of the machine's.
            threads: Number of threads; None means all cores.
        """
        super().__init__(path, memory, threads)
        self._open_own(memory, threads, path.with_suffix(".own"))


class OwnCaseSession(_BesideSession, CaseSession):
    """The session of cases of a workspace's rules: their SQL runs beside it too."""

    def __init__(self, folder: Path, memory: str = "1GB") -> None:
        """Open an empty session.

        Args:
            folder: Where tables for the other process are written.
            memory: What a statement of the workspace may take: a case has a handful of rows.
        """
        CaseSession.__init__(self)
        self._open_own(memory, 1, folder)

    def _given_as(self, name: str) -> Path:
        """Return the file of a table, written anew: each case has rows of its own."""
        self._given.pop(name, None)
        return super()._given_as(name)
