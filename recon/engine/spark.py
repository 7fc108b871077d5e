"""The session of a run whose rules are computed on Spark, over Spark Connect.

The driver keeps its DuckDB session: it numbers, names, masks and links the exceptions that come
back, by the same statements as in a local run, so that equal rows give equal bytes. Spark computes
the staged tables, the passes of the matcher, each rule's rows and their evidence. Not here: the
connection (`connect`), the dialect (`portable`), and the matcher's tables (`spark_matcher_tables`).
"""

from __future__ import annotations

from itertools import count
from time import perf_counter
from typing import TYPE_CHECKING, Any

from recon.base.models import Text
from recon.engine.case_session import CaseSession
from recon.engine.duckdb import Session
from recon.engine.portable import obstacles, spark_sql
from recon.engine.spark_errors import SparkRefusesRulesError
from recon.engine.spark_matcher_tables import SparkTables
from recon.engine.staging import staged_selects
from recon.rules.sql_text import tables_in

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping
    from pathlib import Path
    from types import TracebackType

    import polars as pl
    import pyarrow as pa

    from recon.engine.connect import Cluster
    from recon.engine.matcher_tables import MatcherTables
    from recon.rules.catalog import Rule
    from recon.rules.pairings import Pairing

_EVIDENCE = {"exception_no": "BIGINT", "row_id": "BIGINT"}
#: What rules may read of earlier rules; it grows, so that it is shared anew each time.
_GROWING = ("exception_item", "exception_evidence")


def check_portable(
    rules: Iterable[Rule],
    words: Mapping[str, set[str]],
    pairings: Iterable[Pairing] = (),
    workspace: Path | None = None,
) -> None:
    """Refuse rules and pairings that Spark cannot run, all of them at once.

    Args:
        rules: The rules of the run.
        words: By code, the names after `from` and `join` in a rule's SQL.
        pairings: Those that the matcher will run.
        workspace: Folder that may carry its own `sql/`.

    Raises:
        SparkRefusesRulesError: Some of them, or a table they need, is outside the portable subset.
    """
    selects: dict[str, tuple[str, ...]] = {
        rule.code: (rule.sql, rule.evidence_sql) for rule in rules
    }
    read = {code: words[code] for code in selects}
    for pairing in pairings:
        selects[pairing.name] = (*pairing.side_sql.values(), *pairing.list_sql.values())
        read[pairing.name] = pairing.tables
    faults = []
    for name, texts in selects.items():
        found = [one for sql in texts for one in obstacles(sql)]
        for table, sql in staged_selects(read[name], workspace).items():
            found += [f"{table}: {one}" for one in obstacles(sql)]
        if found:
            reason = ", ".join(dict.fromkeys(found))
            faults.append(Text(f"{name}（{reason}）", f"{name} ({reason})"))
    if faults:
        raise SparkRefusesRulesError(faults)


class SparkSession(Session):
    """A session whose rules run on Spark; use it as a context manager."""

    most_lanes = 1

    def __init__(
        self, cluster: Cluster, path: Path | None, memory: str | None, threads: int | None
    ) -> None:
        """Open the driver's own database beside the cluster.

        Args:
            cluster: An open Spark Connect session.
            path: The driver's database file; None keeps it in memory.
            memory: Limit of the driver's database.
            threads: Threads of the driver's database.
        """
        super().__init__(path, memory, threads)
        self._cluster = cluster
        self._shape = CaseSession()
        self._turns = count(1)
        self._turn_of: dict[str, int] = {}
        self._made_of: dict[str, Hashable] = {}

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the driver's databases and the cluster's session."""
        super().__exit__(kind, error, trace)
        self._shape.connection.close()
        self._cluster.close()

    def set_parameters(self, values: Mapping[str, Any]) -> None:
        """Give the values of `$names`."""
        super().set_parameters(values)
        self._shape.set_parameters(values)

    def load(self, frames: Mapping[str, pl.DataFrame]) -> None:
        """Create one table per frame; one that replaces another is shared anew."""
        for name, frame in frames.items():
            if self._frames.get(name) is not frame:
                self._turn_of.pop(name, None)
        super().load(frames)

    def prepare(self, words: Iterable[str], workspace: Path | None = None) -> None:
        """Share what a rule reads with the cluster, and compute the staged tables there, once."""
        self.build({"party"}, workspace)  # names stand beside what comes back
        self._reach(set(words), workspace)

    def select(self, sql: str, place: str, workspace: Path | None = None) -> pl.DataFrame:
        """Return the rows of a select that is no rule's, computed on the cluster."""
        self._reach(set(tables_in(sql)), workspace)
        self._shape.execute(f"create or replace temp table selected as {sql}", place)
        kinds = self._shape.columns("selected")
        self._keep("selected", self._cluster.fetch(self._spark(sql, place), kinds, place))
        return self.frame("select * from selected", place)

    def _reach(self, wanted: set[str], workspace: Path | None) -> None:
        plan = staged_selects(wanted, workspace)
        known = {
            name
            for (name,) in self._connection.execute(
                "select table_name from duckdb_tables() union all "
                "select view_name from duckdb_views() where view_name like 'match%'"
            ).fetchall()
        }
        read = wanted.union(*(tables_in(sql) for sql in plan.values())) - plan.keys()
        for name in sorted(read & known):
            if name not in self._turn_of or name in _GROWING:
                self._share(name)
        self._shape.build(wanted, workspace)
        for name, sql in plan.items():
            started = perf_counter()
            if self._make(name, sql):
                self.build_seconds[name] = perf_counter() - started

    def _make(self, name: str, sql: str) -> bool:
        """Compute a staged table on the cluster, unless it is there and what it reads is as it was.

        Returns:
            Whether it was computed.
        """
        text = self._spark(sql, name)
        read = sorted(tables_in(sql) - {name})
        made_of = (text, *((word, self._turn_of.get(word, 0)) for word in read))
        if self._made_of.get(name) == made_of:
            return False
        self._cluster.make(name, text, self._shape.columns(name))
        self._made_of[name] = made_of
        self._turn_of[name] = next(self._turns)
        return True

    def _share(self, name: str) -> None:
        """Give a table of the driver to the cluster, and its empty form to the shape."""
        frame = self._frames.get(name)
        if frame is None:
            frame = self.frame(f'select * from "{name}"')
        if name not in _GROWING:
            self._shape.load({name: frame.clear()})
        self._cluster.put(name, frame, self._shape.columns(name))
        self._turn_of[name] = next(self._turns)

    def matcher_tables(self, place: str) -> MatcherTables:
        """Open matcher tables of the matcher on the cluster."""
        return SparkTables(self, self._shape, self._cluster, place)

    def _spark(self, sql: str, place: str) -> str:
        return spark_sql(sql, self._parameters, place)

    def _find(self, rule: Rule) -> int:
        """Make `found_all` of the rows that Spark finds, with the types DuckDB gives them."""
        place = rule.sql_path.as_posix()
        self._shape.execute(f"create or replace temp table found_all as {rule.sql}", place)
        kinds = self._shape.columns("found_all")
        rows = self._cluster.fetch(self._spark(rule.sql, place), kinds, place)
        self._keep("found_all", rows)
        return int(rows.num_rows)

    def _evidence(self, rule: Rule) -> str:
        """Return the pairs that Spark finds for `found`."""
        place = rule.sql_path.as_posix()
        self._cluster.put("found", self.frame("select * from found"), self.columns("found"))
        sql = self._spark(rule.evidence_sql, place)
        self._keep("found_evidence", self._cluster.fetch(sql, _EVIDENCE, place))
        return "select exception_no, row_id from found_evidence"

    def _count(self, rule: Rule) -> int:
        """Return the number of rows that a rule examines, counted on Spark."""
        return self._cluster.count(rule.about.population)

    def periods(self, table: str) -> tuple[str, ...]:
        """Return the different `period` values of a table on Spark, sorted."""
        sql = f"select distinct cast(period as string) as period from {table} order by period"
        rows = self._cluster.fetch(sql, {"period": "VARCHAR"}, f"{table}.sql")
        return tuple(rows.column("period").to_pylist())

    def _keep(self, name: str, rows: pa.Table) -> None:
        """Make a temporary table of rows that came back."""
        self.take(f"create or replace temp table {name} as select * from incoming_frame", rows)
