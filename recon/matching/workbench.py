"""The tables of one pairing while it is matched, and the small steps that all passes share.

`match_input` holds every line of both sides, `match_open` those not consumed yet, `match_taken`
what each pass consumed (the group is named by its smallest line), `match_doubt` lines that several
answers fit equally well. Not here: what a pass looks for, and the classes of the result.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import duckdb
import polars as pl

from recon import resources
from recon.engine.guard import demand_select, engine_error, time_limit
from recon.errors import EngineError, MatchSideError, UnknownParameterError
from recon.nearest import nearest
from recon.staging import parameters_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from recon.matching.declaration import Pairing

#: Columns that the select of a side returns, in any order.
SIDE_COLUMNS = (
    "line_id",
    "day",
    "amount",
    "party_id",
    "reference",
    "text_",
    "shared_key",
    "account",
    "is_internal",
)

#: Rows that are taken from a result at once.
_ROWS = 10_000
_TABLES = """
create or replace temp table match_taken (
    side varchar, line_id bigint, pass_no integer, anchor_side varchar, anchor_id bigint
);
create or replace temp table match_doubt (
    side varchar, line_id bigint, pass_no integer, anchor_side varchar, anchor_id bigint
);
create or replace temp table match_option (
    anchor_side varchar, anchor_id bigint, option_no integer, side varchar, line_id bigint
);
create or replace temp table match_component (
    side varchar, line_id bigint, part_line_id bigint, a_lines bigint, b_lines bigint,
    is_balanced boolean
);
create or replace temp table match_bound_found (
    side varchar, line_id bigint, lines bigint, reason_zh varchar, reason_en varchar
);
"""


@cache
def pass_sql(stem: str) -> str:
    """Return the select of a pass file of `sql/matching/passes/`."""
    path = resources.shipped("sql") / "matching" / "passes" / f"{stem}.sql"
    return path.read_text(encoding="utf-8").strip().removesuffix(";")


@dataclass(frozen=True)
class Workbench:
    """One pairing on one connection, with the values of all `$parameters`."""

    connection: duckdb.DuckDBPyConnection
    pairing: Pairing
    parameters: Mapping[str, Any]

    def run(self, sql: str, **values: object) -> list[tuple[Any, ...]]:
        """Run one statement with the parameters that it names and return its rows.

        Raises:
            EngineError: DuckDB refused it; the message names the pairing.
        """
        return [*self.stream(sql, **values)]

    def stream(self, sql: str, **values: object) -> Iterator[tuple[Any, ...]]:
        """Run one statement and yield its rows; no other may run before the last of them.

        Raises:
            EngineError: DuckDB refused it; the message names the pairing.
        """
        known = {**self.parameters, **values}
        try:
            names = parameters_in(sql)
            missing = sorted(names - known.keys())
            if missing:
                raise EngineError(self.pairing.name, f"unknown parameter ${missing[0]}")
            bound = {name: known[name] for name in names}
            with time_limit(self.connection, self.pairing.name):
                result = self.connection.execute(sql, bound or None)
                rows = result.fetchmany(_ROWS)
            while rows:
                yield from rows
                with time_limit(self.connection, self.pairing.name):
                    rows = result.fetchmany(_ROWS)
        except duckdb.Error as error:
            raise engine_error(self.pairing.name, error) from error

    def value(self, name: str | int) -> Any:  # noqa: ANN401 - a policy value may be anything
        """Return the value of a policy parameter; a number stands for itself.

        Raises:
            UnknownParameterError: No parameter has that name.
        """
        if isinstance(name, int):
            return name
        key = name.replace(".", "_")
        if key not in self.parameters:
            raise UnknownParameterError(name, nearest(key, self.parameters))
        return self.parameters[key]

    def load(self) -> None:
        """Read both sides into `match_input` and open all lines that take part.

        Raises:
            MatchSideError: A side lacks a column, repeats a line or has a line without an amount.
        """
        self.connection.execute(_TABLES)
        for side, sql in self.pairing.side_sql.items():
            demand_select(sql, f"{self.pairing.name} ({side})")
            self._check_columns(side, sql)
        self.run(
            "create or replace temp table match_input as "
            + " union all ".join(
                f"select '{side}' as side, line_id, cast(day as date) as day, "
                "cast(amount as decimal(18, 2)) as amount, nullif(party_id, '') as party_id, "
                "nullif(reference, '') as reference, text_, nullif(shared_key, '') as shared_key, "
                "nullif(account, '') as account, coalesce(is_internal, false) as is_internal "
                f"from ({sql}) as side_{side}"
                for side, sql in self.pairing.side_sql.items()
            )
        )
        for side in self.pairing.side_sql:
            self._check_lines(side)
        kept = "where not is_internal" if self.pairing.about.internal == "set_aside" else ""
        self.run(
            "create or replace temp view match_open as select side, line_id, day, amount, "
            "party_id, reference, shared_key, account, "
            f"party_id is not null and party_id not like 'N:%' as is_known from match_input {kept}"
        )

    def forget_doubts(self) -> None:
        """Empty the notes of a round before the passes run again."""
        for table in ("match_doubt", "match_option", "match_bound_found"):
            self.run(f"delete from {table}")

    def _check_columns(self, side: str, sql: str) -> None:
        self.run(f"create or replace temp table match_shape as select * from ({sql}) limit 0")
        found = {row[0] for row in self.run("describe match_shape")}
        missing = [name for name in SIDE_COLUMNS if name not in found]
        if missing:
            raise MatchSideError(self.pairing.name, side, f"the column {missing[0]} is missing")

    def _check_lines(self, side: str) -> None:
        lines, amounts, ids = self.run(
            "select count(*), count(amount), count(distinct line_id) from match_input "
            "where side = $side",
            side=side,
        )[0]
        if lines != amounts:
            raise MatchSideError(self.pairing.name, side, f"{lines - amounts} lines have no amount")
        if lines != ids:
            raise MatchSideError(self.pairing.name, side, f"{lines - ids} line ids repeat or lack")

    def show(self, columns: str, where: str, table: str = "match_open") -> bool:
        """Make the open lines of a pass visible as `match_pass`.

        Args:
            columns: The select list: side, line_id, day, amount, match_key and what else is needed.
            where: Which open lines take part.
            table: Where the lines are.

        Returns:
            Whether there are lines on both sides, so that the pass can find anything.
        """
        self.run(
            f"create or replace temp view match_pass as select {columns} from {table} where {where}"
        )
        sides: int = self.run("select count(distinct side) from match_pass")[0][0]
        return sides == 2

    def take(self, pass_no: int, select: str, **values: object) -> int:
        """Consume the lines of a select (side, line_id, anchor_side, anchor_id).

        Returns:
            How many lines were taken.
        """
        count: int = self.run(f"create or replace temp table match_new as {select}", **values)[0][0]
        if count:
            self.run(
                "insert into match_taken select side, line_id, cast($pass_no as integer), "
                "anchor_side, anchor_id from match_new",
                pass_no=pass_no,
            )
            self.run(
                "create or replace temp table match_rest as select match_open.* from match_open "
                "anti join match_new on match_open.side = match_new.side "
                "and match_open.line_id = match_new.line_id"
            )
            self.run("drop table if exists match_remaining")
            self.run("alter table match_rest rename to match_remaining")
            self.run("create or replace temp view match_open as select * from match_remaining")
        return count

    def doubt(self, pass_no: int, select: str, **values: object) -> None:
        """Note lines (side, line_id, anchor_side, anchor_id) that several answers fit."""
        self.run(
            "insert into match_doubt select side, line_id, cast($pass_no as integer), "
            f"anchor_side, anchor_id from ({select})",
            pass_no=pass_no,
            **values,
        )

    def load_rows(self, table: str, rows: list[tuple[Any, ...]]) -> None:
        """Add rows from Python to one of the small working tables."""
        if rows:
            names = [row[0] for row in self.run(f"describe {table}")]
            self.connection.register("match_rows", pl.DataFrame(rows, schema=names, orient="row"))
            self.run(f"insert into {table} select * from match_rows")
            self.connection.unregister("match_rows")
