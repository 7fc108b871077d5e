"""The matcher tables of the matcher on a Spark cluster, as Parquet that driver and workers share.

An empty copy of each table in the driver's DuckDB says what columns a select gives; its rows are
computed by Spark. A pairing of few lines comes to the driver, as those lines. Not here: the
connection (`connect`) and the dialect (`portable`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from recon.engine.portable import spark_sql

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from recon.engine.connect import Cluster
    from recon.engine.duckdb import Session
    from recon.engine.matcher_tables import LocalTables, MatcherTables, Row

#: A pairing of fewer lines is matched on the driver: some hundred statements over little, each of
#: which costs a cluster a second or more. Units: lines of both sides.
FEW = 2_000_000
_ANSWER = "match_answer"
_INCOMING = "select * from incoming_frame"


class SparkTables:
    """The matcher tables of the matcher on a cluster; what it returns comes back to the driver."""

    def __init__(self, driver: Session, shape: Session, cluster: Cluster, place: str) -> None:
        """Begin with no table.

        Args:
            driver: Holds the result tables.
            shape: Holds an empty table for each that the cluster holds.
            cluster: Holds what the sides read.
            place: Named in messages.
        """
        self._driver = driver
        self._shape = shape
        self._cluster = cluster
        self.place = place
        self._made: set[str] = set()
        self._local: LocalTables | None = None

    def make_counted(self, name: str, select: str, values: Mapping[str, Any]) -> int:
        """Make or replace a table and return its number of rows."""
        self.make(name, select, values)
        return self._cluster.count(name)

    def make(self, name: str, select: str, values: Mapping[str, Any]) -> None:
        """Make or replace a table."""
        kinds = self._kinds(select, values, name)
        self._made.add(name)
        self._cluster.make(name, spark_sql(select, values, self.place), kinds)

    def show(self, name: str, select: str, values: Mapping[str, Any]) -> None:
        """Make or replace a view."""
        self._shape.run_script(f"create or replace temp view {name} as {select}")
        self._cluster.show(name, spark_sql(select, values, self.place))

    def put(self, name: str, columns: str, rows: Sequence[Row] = ()) -> None:
        """Make or replace a table of these columns and rows."""
        self._shape.run_script(f"create or replace temp table {name} ({columns})")
        kinds = self._shape.columns(name)
        empty = self._shape.frame(f"select * from {name}")
        filled = pl.DataFrame(rows, empty.schema, orient="row") if rows else empty
        self._made.add(name)
        self._cluster.put(name, filled, kinds)

    def add(self, name: str, select: str, values: Mapping[str, Any]) -> None:
        """Add rows to a table."""
        sql = spark_sql(select, values, self.place)
        self._cluster.add(name, sql, self._shape.columns(name))

    def rows(
        self, select: str, values: Mapping[str, Any], order: str | None = None
    ) -> Iterator[Row]:
        """Fetch the rows of a select, and yield them in an order."""
        kinds = self._kinds(select, values, _ANSWER)
        found = self._cluster.fetch(spark_sql(select, values, self.place), kinds, self.place)
        self._driver.take(f"create or replace temp table {_ANSWER} as {_INCOMING}", found)
        ordered = f"select * from {_ANSWER}" + (f" order by {order}" if order else "")
        yield from self._driver.execute(ordered, self.place)

    def columns(self, select: str, values: Mapping[str, Any]) -> set[str]:
        """Return the names of the columns of a select."""
        return set(self._kinds(select, values, _ANSWER))

    def distinct(self, name: str, column: str) -> int:
        """Return how many different whole numbers stand in a column."""
        ((found,),) = self.rows(f"select count(distinct {column}) as numbers from {name}", {})
        return int(found)

    def deliver(self, table: str, select: str, values: Mapping[str, Any]) -> None:
        """Fetch rows and add them to one of the driver's result tables."""
        sql = spark_sql(select, values, self.place)
        found = self._cluster.fetch(sql, self._driver.columns(table), self.place)
        self._driver.take(f"insert into {table} {_INCOMING}", found)

    def gather(self, *names: str) -> MatcherTables:
        """Bring tables to the driver where the first is small, and return those; else these."""
        if self._cluster.count(names[0]) >= FEW:
            return self
        self._local = self._driver.local_tables(self.place)
        for name in names:
            kinds = self._shape.columns(name)
            rows = self._cluster.fetch(f"select * from {name}", kinds, self.place)
            self._local.take(name, rows)
        return self._local

    def close(self) -> None:
        """Drop the matcher tables."""
        if self._local:
            self._local.close()
        self._cluster.forget(self._made)
        self._driver.run_script(f"drop table if exists {_ANSWER}")

    def _kinds(self, select: str, values: Mapping[str, Any], name: str) -> dict[str, str]:
        """Return the columns of a select with their types; its empty form becomes a table."""
        self._shape.execute(f"create or replace temp table {name} as {select}", self.place, values)
        return self._shape.columns(name)
