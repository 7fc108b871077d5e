"""Where the matcher tables of the matcher live: here, in DuckDB; with Spark, on the cluster.

The matcher says what a table is made of, by select, and takes back results, counts and pools of its
search for sums. Not here: what a pass looks for (`matching`), Spark (`spark_matcher_tables`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import duckdb
import polars as pl

from recon.engine.guard import engine_error, time_limit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import pyarrow as pa

Row = tuple[Any, ...]

#: Rows that are taken from a result at once.
_ROWS = 10_000
#: Numbers are counted as bits where they are no sparser than one in so many, up to 32 MB of bits.
_DENSE = 64
_MOST_BITS = 1 << 28


class MatcherTables(Protocol):
    """The tables of all pairings; every `values` holds the `$parameters` that the select names.

    `place` is named in messages: the pairing that a statement is of, where it is of one.

    Raises:
        EngineError: The engine refused a statement; the message names the place.
    """

    place: str

    def make(self, name: str, select: str, values: Mapping[str, Any]) -> None:
        """Make or replace a table, which its own select may read."""

    def make_counted(self, name: str, select: str, values: Mapping[str, Any]) -> int:
        """Make or replace a table as `make` does, and return its number of rows."""

    def show(self, name: str, select: str, values: Mapping[str, Any]) -> None:
        """Make or replace a view of tables as they are now."""

    def put(self, name: str, columns: str, rows: Sequence[Row] = ()) -> None:
        """Make or replace a table of these columns ("side varchar, ...") and rows."""

    def add(self, name: str, select: str, values: Mapping[str, Any]) -> None:
        """Add rows to a table that `put` or `make` has made, column by column."""

    def rows(
        self, select: str, values: Mapping[str, Any], order: str | None = None
    ) -> Iterator[Row]:
        """Yield the rows of a select, in an order; use no other table before the last of them."""

    def columns(self, select: str, values: Mapping[str, Any]) -> set[str]:
        """Return the names of the columns of a select."""

    def distinct(self, name: str, column: str) -> int:
        """Return how many different whole numbers stand in a column of a table."""

    def deliver(self, table: str, select: str, values: Mapping[str, Any]) -> None:
        """Add rows to one of the result tables, which are in DuckDB, column by column."""

    def gather(self, *names: str) -> MatcherTables:
        """Return the tables to go on with: those here, where the first that was made is small."""

    def close(self) -> None:
        """Drop the matcher tables."""


class LocalTables:
    """The matcher tables of the matcher as temporary tables of a DuckDB connection."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, place: str) -> None:
        """Begin with no table.

        Args:
            connection: Holds what the sides read, and the result tables.
            place: Named in messages.
        """
        self._connection = connection
        self.place = place
        self._made: dict[str, str] = {}

    def make(self, name: str, select: str, values: Mapping[str, Any]) -> None:
        """Make or replace a table."""
        self.make_counted(name, select, values)

    def make_counted(self, name: str, select: str, values: Mapping[str, Any]) -> int:
        """Make or replace a table and return its number of rows."""
        self._made[name] = "table"
        ((count,),) = self.rows(f"create or replace temp table {name} as {select}", values)
        return int(count)

    def show(self, name: str, select: str, values: Mapping[str, Any]) -> None:
        """Make or replace a view."""
        self._made[name] = "view"
        self._run(f"create or replace temp view {name} as {select}", values)

    def put(self, name: str, columns: str, rows: Sequence[Row] = ()) -> None:
        """Make or replace a table of these columns and rows."""
        self._made[name] = "table"
        self._run(f"create or replace temp table {name} ({columns})")
        if rows:
            self._connection.register(
                "match_rows", pl.DataFrame(rows, orient="row", infer_schema_length=None)
            )
            self._run(f"insert into {name} select * from match_rows")
            self._connection.unregister("match_rows")

    def add(self, name: str, select: str, values: Mapping[str, Any]) -> None:
        """Add rows to a table."""
        self._run(f"insert into {name} {select}", values)

    deliver = add

    def rows(
        self, select: str, values: Mapping[str, Any], order: str | None = None
    ) -> Iterator[Row]:
        """Yield the rows of a statement, in an order."""
        sql = f"{select} order by {order}" if order else select
        try:
            with time_limit(self._connection, self.place):
                result = self._connection.execute(sql, dict(values) or None)
                rows = result.fetchmany(_ROWS)
            while rows:
                yield from rows
                with time_limit(self._connection, self.place):
                    rows = result.fetchmany(_ROWS)
        except duckdb.Error as error:
            raise engine_error(self.place, error) from error

    def columns(self, select: str, values: Mapping[str, Any]) -> set[str]:
        """Return the names of the columns of a select."""
        return {row[0] for row in self.rows(f"describe {select}", values)}

    def distinct(self, name: str, column: str) -> int:
        """Return how many different whole numbers stand in a column; dense ones as bits of one."""
        what = f"count(distinct {column})"
        ((first, last, count),) = self.rows(
            f"select min({column}), max({column}), count({column}) from {name}", {}
        )
        if count and last - first < min(_DENSE * count, _MOST_BITS):
            what = f"bit_count(bitstring_agg({column}, {first}::bigint, {last}::bigint))"
        ((found,),) = self.rows(f"select {what} from {name}", {})
        return int(found)

    def gather(self, *names: str) -> MatcherTables:  # noqa: ARG002 - they are here already
        """Return these tables."""
        return self

    def take(self, name: str, rows: pa.Table) -> None:
        """Make a table of rows of this process."""
        self._made[name] = "table"
        self._connection.register("match_rows", rows)
        self._run(f"create or replace temp table {name} as select * from match_rows")
        self._connection.unregister("match_rows")

    def close(self) -> None:
        """Drop the matcher tables."""
        drops = [f"drop {kind} if exists {name}" for name, kind in reversed(self._made.items())]
        if drops:
            self._run("; ".join(drops))

    def _run(self, sql: str, values: Mapping[str, Any] | None = None) -> None:
        for _ in self.rows(sql, values or {}):
            pass
