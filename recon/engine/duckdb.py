"""The DuckDB session of a run: loads frames, builds staged tables, seals itself, runs rules.

Here: everything that talks to DuckDB. Not here: what a rule means (its files say), where frames
come from, and how results are written.
"""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from threading import Lock
from time import perf_counter
from typing import TYPE_CHECKING, Any, Self

import duckdb

from recon.base.errors import DatabaseMemoryError, EngineError
from recon.base.models import DEFINITE_DIRECTIONS, RuleOutcome
from recon.engine.doubts import DOUBT_SAID, DOUBTED, DOUBTFUL, Aside, take_out
from recon.engine.guard import demand_select, engine_error, time_limit
from recon.engine.macros import DUCKDB_MACROS
from recon.engine.matcher_tables import LocalTables
from recon.engine.own_sql import evidence_place, rule_fault, table_fault
from recon.engine.rendering import CENSUS, FOUND, demand_columns, found_sql, items_sql, quote
from recon.engine.staging import created_as, staged_selects
from recon.rules.sql_text import parameters_in, tables_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from decimal import Decimal
    from pathlib import Path
    from types import TracebackType

    import polars as pl
    import pyarrow as pa

    from recon.engine.matcher_tables import MatcherTables
    from recon.rules.catalog import Rule

_RESULT_TABLES = """
create table exception_item (
    rule varchar, precedence integer, exception_id varchar, severity varchar, direction varchar,
    amount decimal(18, 2), party_id varchar, party_name varchar, period varchar,
    expected decimal(18, 2), actual decimal(18, 2), difference decimal(18, 2),
    message varchar, message_en varchar, formula varchar, money_key varchar, detail varchar,
    grain varchar, policy_days varchar
);
create table exception_evidence (rule varchar, exception_id varchar, row_id bigint);
"""

_RESULTS = ("exception_item", "exception_evidence")
#: What a rule may say of an exception's money; the last is nothing.
_DIRECTIONS = (*DEFINITE_DIRECTIONS, "lapsed", "verify", "")


class Session:
    """One DuckDB connection over a temporary file; use it as a context manager."""

    #: Rules that run at the same time, at most.
    most_lanes = 4

    def __init__(
        self, path: Path | None = None, memory: str | None = None, threads: int | None = None
    ) -> None:
        """Open the database with its memory, spill and thread limits.

        Args:
            path: The database file; None keeps it in memory (rule cases).
            memory: For example "2GB"; None leaves DuckDB's own limit.
            threads: Number of threads; None means all cores.
        """
        settings: dict[str, Any] = {
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
        }
        if memory:
            settings["memory_limit"] = memory
        if threads:
            settings["threads"] = threads
        if path is not None:
            settings["temp_directory"] = str(path.with_suffix(".spill"))
        self._connection = duckdb.connect(":memory:", config=settings)
        if path is not None:
            self._attach(path)
        self._parameters: dict[str, Any] = {}
        self._tables: set[str] = set()
        self._frames: dict[str, pl.DataFrame] = {}
        self._building: dict[str, Lock] = {}
        self._heights: dict[str, int] = {}
        #: Seconds that each staged table took; they are in no rule's own seconds.
        self.build_seconds: dict[str, float] = {}
        self.run_script(DUCKDB_MACROS)
        self.run_script(_RESULT_TABLES)

    def _attach(self, path: Path) -> None:
        """Keep the tables in a file, without log or checkpoints: nothing outlives the session."""
        self.run_script(
            f"attach {quote(str(path))} as run (recovery_mode no_wal_writes); use run; "
            "set checkpoint_threshold = '1TB'; pragma disable_checkpoint_on_shutdown;"
        )

    def __enter__(self) -> Self:
        """Return the session itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the connection."""
        self._connection.close()

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """The open connection, for the matcher and for readers of results."""
        return self._connection

    @property
    def parameters(self) -> dict[str, Any]:
        """The values of every `$name`."""
        return dict(self._parameters)

    def set_parameters(self, values: Mapping[str, Any]) -> None:
        """Give the values of `$names` (day names and scalar policy values at as-of)."""
        self._parameters = dict(values)

    def load(self, frames: Mapping[str, pl.DataFrame]) -> None:
        """Create one table per frame under its name, replacing an earlier one.

        A frame that stands under its name already is not loaded again.
        """
        for name, frame in frames.items():
            if self._frames.get(name) is frame:
                continue
            self._frames[name] = frame
            self.take(f'create or replace table "{name}" as select * from incoming_frame', frame)
            self._tables.add(name)

    def append(self, name: str, frame: pl.DataFrame) -> None:
        """Add rows to a table, which the first of them create; nothing of them stays in memory."""
        verb = "insert into" if name in self._tables else "create table"
        word = "" if name in self._tables else "as "
        self.take(f'{verb} "{name}" {word}select * from incoming_frame', frame)
        self._tables.add(name)

    def take(self, sql: str, rows: pl.DataFrame | pa.Table) -> None:
        """Run a statement that reads rows of this process as `incoming_frame`."""
        self._connection.register("incoming_frame", rows)
        self._connection.execute(sql)
        self._connection.unregister("incoming_frame")

    def build(self, wanted: Iterable[str], workspace: Path | None = None) -> None:
        """Create the staged tables that are wanted and all they need, once each."""
        for name, sql in staged_selects(wanted, workspace).items():
            with self._building.setdefault(name, Lock()):
                if name not in self._tables:
                    started = perf_counter()
                    self.make_staged("create", name, sql, workspace)
                    self._tables.add(name)
                    self.build_seconds[name] = perf_counter() - started

    def make_staged(self, verb: str, name: str, sql: str, workspace: Path | None) -> None:
        """Create a staged table, as a table or a view.

        Args:
            verb: `create` or `create or replace`.
            name: Its name.
            sql: Its select.
            workspace: Folder whose own file it may come from.

        Raises:
            EngineError: It cannot be made.
            OwnSqlError: The same, for a file of the workspace.
        """
        place = f"sql/**/{name}.sql"
        try:
            demand_select(sql, place)
            for (height,) in self.execute(f'{verb} {created_as(sql)} "{name}" as {sql}', place):
                self._heights[name] = height  # of a table; of a view nothing comes back
        except DatabaseMemoryError:
            raise
        except EngineError as error:
            raise table_fault(self, error, name, sql, workspace) from error

    def twin(self) -> Session:
        """Return a session that shares all tables but the temporary ones; its owner closes it."""
        twin = copy(self)
        twin._connection = self._connection.cursor()  # noqa: SLF001 - of the same class
        twin.run_script(f"use {self.execute('select current_database()', 'database')[0][0]}")
        return twin

    def prepare(self, words: Iterable[str], workspace: Path | None = None) -> None:
        """Make ready what a rule reads.

        Args:
            words: The names after `from` and `join` in its SQL.
            workspace: Folder that may carry its own `sql/`.
        """
        self.build(words, workspace)

    def matcher_tables(self, place: str) -> MatcherTables:
        """Open the matcher's tables, which it closes; messages name `place`, the pairing."""
        return self.local_tables(place)

    def local_tables(self, place: str) -> LocalTables:
        """Open matcher tables on this connection."""
        return LocalTables(self._connection, place)

    def seal(self) -> None:
        """Shut the way to files, extensions and settings before any rule runs."""
        self.run_script("set enable_external_access = false; set lock_configuration = true;")

    def run_script(self, sql: str) -> None:
        """Run statements without parameters."""
        self._connection.execute(sql)

    def execute(
        self, sql: str, place: object, more: Mapping[str, Any] | None = None
    ) -> list[tuple[Any, ...]]:
        """Run one statement with the parameters it names, `more` among them, and return its rows.

        Raises:
            EngineError: DuckDB refused it; the message names `place`.
        """
        known = {**self._parameters, **(more or {})}
        names = parameters_in(sql)
        unknown = sorted(names - known.keys())
        if unknown:
            raise EngineError(place, f"unknown parameter ${unknown[0]}")
        values = {name: known[name] for name in names}
        try:
            with time_limit(self._connection, place):
                return self._connection.execute(sql, values).fetchall()
        except duckdb.Error as error:
            raise engine_error(place, error) from error

    def frame(self, sql: str, place: str = "result") -> pl.DataFrame:
        """Return the rows of a select as a polars frame."""
        names = parameters_in(sql)
        try:
            params = {name: self._parameters[name] for name in names}
            relation = (
                self._connection.sql(sql, params=params) if params else self._connection.sql(sql)
            )
            frame: pl.DataFrame = relation.pl()
        except duckdb.Error as error:
            raise engine_error(place, error) from error
        return frame

    def select(self, sql: str, place: str, workspace: Path | None = None) -> pl.DataFrame:
        """Return the rows, in no order, of a select that is no rule's, computed where rules are."""
        self.build(tables_in(sql), workspace)
        return self.frame(sql, place)

    def answer(self, rule: Rule, *, mask: bool = True) -> RuleOutcome:
        """Run one rule and keep its exceptions and their evidence, which `settle` judges.

        Args:
            rule: The rule; its staged tables must have been built.
            mask: Whether personal data in messages and details is masked.

        Returns:
            Outcome `exceptions` or `clean` with counts.

        Raises:
            RuleSqlError: The SQL failed, or lacks a column.
            OwnSqlError: The same, in a rule of the workspace.
        """
        started = perf_counter()
        try:
            return self._run_rule(rule, mask=mask, started=started)
        except EngineError as error:
            self._forget(rule.code)
            if isinstance(error, DatabaseMemoryError):
                raise
            raise rule_fault(self, error, rule) from error

    def keep_rules(self, codes: Iterable[str]) -> None:
        """Drop the results of all rules but these."""
        kept = list(codes)
        for table in _RESULTS:
            self._connection.execute(
                f"delete from {table} where not list_contains(?, rule)", [kept]
            )

    def _forget(self, code: str) -> None:
        for table in _RESULTS:
            self._connection.execute(f"delete from {table} where rule = ?", [code])

    def _run_rule(self, rule: Rule, *, mask: bool, started: float) -> RuleOutcome:
        place, aside = rule.sql_path.as_posix(), Aside()
        if (count := self._find(rule)) or rule.from_workspace:
            columns = self.columns("found_all")
            demand_columns(rule, columns)
            ((impossible, named),) = self.execute(CENSUS, place)
            if impossible and not rule.from_workspace:
                aside = take_out(self, rule, columns, self._evidence)
            items = items_sql(rule, columns, mask=mask, named=named)
            ((count,),) = self.execute(found_sql(rule, columns, named=named), place)
            if count or rule.from_workspace:
                self._insert_evidence(rule)
                self._doubt(rule, DOUBTED)
                self.execute(items, place)
                self._doubt(rule, DOUBT_SAID)
        return RuleOutcome(
            rule.code,
            "exceptions" if count else "clean",
            self._count(rule),
            count,
            seconds=perf_counter() - started,
            **aside._asdict(),
        )

    def _doubt(self, rule: Rule, sql: str) -> None:
        """Let what rests on rows in doubt, where there are such, be no more than a lead."""
        if DOUBTFUL in self._tables:
            self.execute(sql, rule.sql_path.as_posix(), {"rule": rule.code})

    def settle(self, rules: Iterable[Rule], outcomes: Iterable[RuleOutcome]) -> list[RuleOutcome]:
        """Judge what rules found: amounts per direction, or how a result breaks the rule's word.

        Args:
            rules: The rules that ran, among others.
            outcomes: What they said.

        Returns:
            The outcomes in their order; of one at fault, status `error`, nothing is kept.
        """
        said = list(outcomes)
        codes = [one.rule for one in said if one.exceptions]
        found: dict[str, list[tuple[Any, ...]]] = {code: [] for code in codes}
        for row in self.execute(FOUND, "exception_item", {"codes": codes}) if codes else ():
            found[row[0]].append(row[1:])
        known = {rule.code: rule for rule in rules}
        return [
            self._settled(one, found[one.rule], known[one.rule]) if one.exceptions else one
            for one in said
        ]

    def _settled(
        self, outcome: RuleOutcome, rows: list[tuple[Any, ...]], rule: Rule
    ) -> RuleOutcome:
        (_, _, count, ids, proven, negative, _) = next(row for row in rows if not row[1])
        parts = [row for row in rows if row[1]]
        wrong = sum(row[2] for row in parts if row[0] not in _DIRECTIONS)
        faults = {
            f"the grain repeats ({count - ids} exceptions too many)": count - ids,
            f"{negative} amounts are below zero": negative,
            f"{wrong} directions are not known": wrong,
            f"{ids - (proven or 0)} exceptions have no source row": ids - (proven or 0),
        }
        fault = next((text for text, number in faults.items() if number), None)
        if fault is None:
            amounts: dict[str, Decimal] = {row[0]: row[6] for row in parts if row[6] is not None}
            return replace(outcome, amounts=amounts)
        self._forget(outcome.rule)
        error = rule_fault(self, EngineError(rule.code, fault), rule)
        return RuleOutcome(outcome.rule, "error", reason=error.text, title=outcome.title)

    def _find(self, rule: Rule) -> int:
        """Make `found_all`, what the rule's first statement returns, and count its rows."""
        if rule.from_workspace:
            demand_select(rule.sql, rule.sql_path.as_posix())
            demand_select(rule.evidence_sql, evidence_place(rule))
        ((count,),) = self.execute(
            f"create or replace temp table found_all as {rule.sql}", rule.sql_path.as_posix()
        )
        return int(count)

    def _evidence(self, rule: Rule) -> str:
        """Return a select of exception_no and row_id: the source rows of what was found."""
        return rule.evidence_sql

    def _count(self, rule: Rule) -> int:
        """Return the number of rows that a rule examines."""
        name = rule.about.population
        if (height := self._heights.get(name)) is None:
            ((height,),) = self.execute(f"select count(*) from {name}", rule.path)
        return int(height)

    def periods(self, table: str) -> tuple[str, ...]:
        """Return the different `period` values of a staged table, sorted."""
        found = self.frame(f"select distinct period from {table} order by period", f"{table}.sql")
        return tuple(found["period"])

    def columns(self, table: str) -> dict[str, str]:
        """Return the columns of a table, each with its type."""
        rows = self._connection.execute(f"describe {table}").fetchall()
        return {row[0]: row[1] for row in rows}

    def _insert_evidence(self, rule: Rule) -> None:
        self.execute(
            f"insert into exception_evidence select distinct '{rule.code}', found.exception_id, "
            f"evidence.row_id from ({self._evidence(rule)}) as evidence "
            "inner join found on evidence.exception_no = found.exception_no "
            "where evidence.row_id is not null",
            evidence_place(rule),
        )
