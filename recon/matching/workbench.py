"""The tables of one pairing while it is matched, and the small steps that all passes share.

`match_input` holds every line of both sides, `match_open` those not consumed yet, `match_taken`
what each pass consumed (the group is named by its smallest line), `match_doubt` lines that several
answers fit equally well. Not here: what a pass looks for, and the classes of the result.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

from recon.base import resources
from recon.base.errors import EngineError, UnknownParameterError
from recon.base.nearest import nearest
from recon.engine.guard import demand_select
from recon.matching.errors import MatchSideError
from recon.rules.sql_text import parameters_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from recon.engine.matcher_tables import MatcherTables, Row
    from recon.rules.pairings import Pairing

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

_PLACE = "side varchar, line_id bigint, pass_no integer, anchor_side varchar, anchor_id bigint"
_ANSWER = "anchor_side varchar, anchor_id bigint, option_no integer, side varchar, line_id bigint"
#: The columns of the small working tables that passes add to.
COLUMNS = {
    "match_taken": _PLACE,
    "match_doubt": _PLACE,
    "match_option": _ANSWER,
    "match_component": "side varchar, line_id bigint, part_line_id bigint, a_lines bigint, "
    "b_lines bigint, is_balanced boolean",
    "match_bound_found": "side varchar, line_id bigint, lines bigint, reason_zh varchar, "
    "reason_en varchar",
}


@cache
def pass_sql(stem: str) -> str:
    """Return the select of a pass file of `sql/matching/passes/`."""
    path = resources.shipped("sql") / "matching" / "passes" / f"{stem}.sql"
    return path.read_text(encoding="utf-8").strip().removesuffix(";")


@dataclass(frozen=True)
class Workbench:
    """One pairing with its tables and the values of all `$parameters`.

    Every method raises EngineError where a select is wrong; the message names the pairing.
    """

    tables: MatcherTables
    pairing: Pairing
    parameters: Mapping[str, Any]

    def make(self, name: str, select: str, **values: object) -> None:
        """Make or replace a working table."""
        self.tables.make(name, select, self._bound(select, values))

    def make_counted(self, name: str, select: str) -> int:
        """Make or replace a working table and return its number of rows."""
        return self.tables.make_counted(name, select, self._bound(select, {}))

    def view(self, name: str, select: str) -> None:
        """Make or replace a view of tables as they are now."""
        self.tables.show(name, select, self._bound(select, {}))

    def add(self, name: str, select: str, **values: object) -> None:
        """Add rows to a working table."""
        self.tables.add(name, select, self._bound(select, values))

    def deliver(self, table: str, select: str) -> None:
        """Add rows to a result table; the select may name `$pairing`."""
        self.tables.deliver(table, select, self._bound(select, {}))

    def rows(self, select: str, order: str | None = None, **values: object) -> Iterator[Row]:
        """Yield the rows of a select, in an order; use no other table before the last of them."""
        return self.tables.rows(select, self._bound(select, values), order)

    def count(self, what: str) -> int:
        """Return the one number of a select without its first word."""
        ((number,),) = self.rows(f"select {what}")
        return int(number)

    def _bound(self, select: str, values: Mapping[str, object]) -> dict[str, Any]:
        """Return the parameters that a select names."""
        known = {**self.parameters, "pairing": self.pairing.name, **values}
        names = parameters_in(select)
        missing = sorted(names - known.keys())
        if missing:
            raise EngineError(self.pairing.name, f"unknown parameter ${missing[0]}")
        return {name: known[name] for name in names}

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

    def load(self) -> Workbench:
        """Read both sides into `match_input` and open all lines that take part.

        Returns:
            The workbench to go on with.

        Raises:
            MatchSideError: A side lacks a column, repeats a line or has a line without an amount.
        """
        for side, sql in self.pairing.side_sql.items():
            demand_select(sql, f"{self.pairing.name} ({side})")
            self._check_columns(side, sql)
        self.make(
            "match_input",
            " union all ".join(
                f"select '{side}' as side, line_id, cast(day as date) as day, "
                "cast(amount as decimal(18, 2)) as amount, nullif(party_id, '') as party_id, "
                "nullif(reference, '') as reference, text_, nullif(shared_key, '') as shared_key, "
                "nullif(account, '') as account, coalesce(is_internal, false) as is_internal "
                f"from ({sql}) as side_{side}"
                for side, sql in self.pairing.side_sql.items()
            ),
        )
        loaded = replace(self, tables=self.tables.gather("match_input"))
        loaded._open_lines()  # noqa: SLF001 - of the same class
        return loaded

    def _open_lines(self) -> None:
        self._check_lines()
        for name, columns in COLUMNS.items():
            self.tables.put(name, columns)
        kept = "where not is_internal" if self.pairing.about.internal == "set_aside" else ""
        self.view(
            "match_open",
            "select side, line_id, day, amount, party_id, reference, shared_key, account, "
            f"party_id is not null and party_id not like 'N:%' as is_known from match_input {kept}",
        )

    def forget_doubts(self) -> None:
        """Empty the notes of a round before the passes run again."""
        for table in ("match_doubt", "match_option", "match_bound_found"):
            self.tables.put(table, COLUMNS[table])

    def note(self, table: str, rows: list[Row]) -> None:
        """Add rows from Python to one of the small working tables."""
        if rows:
            self.tables.put("match_noted", COLUMNS[table], rows)
            self.add(table, "select * from match_noted")

    def _check_columns(self, side: str, sql: str) -> None:
        found = self.tables.columns(sql, self._bound(sql, {}))
        missing = [name for name in SIDE_COLUMNS if name not in found]
        if missing:
            raise MatchSideError(self.pairing.name, side, f"the column {missing[0]} is missing")

    def _check_lines(self) -> None:
        totals = self.rows(
            "select side, count(*) as lines, count(amount) as amounts, "
            "count(distinct line_id) as ids from match_input group by side",
            "side",
        )
        for side, lines, amounts, ids in totals:
            if lines != amounts:
                said = f"{lines - amounts} lines have no amount"
                raise MatchSideError(self.pairing.name, side, said)
            if lines != ids:
                said = f"{lines - ids} line ids repeat or lack"
                raise MatchSideError(self.pairing.name, side, said)

    def show(self, columns: str, where: str, table: str = "match_open") -> bool:
        """Make the open lines of a pass visible as `match_pass`.

        Args:
            columns: The select list: side, line_id, day, amount, match_key and what else is needed.
            where: Which open lines take part.
            table: Where the lines are.

        Returns:
            Whether there are lines on both sides, so that the pass can find anything.
        """
        self.view("match_pass", f"select {columns} from {table} where {where}")
        return self.count("count(distinct side) as sides from match_pass") == 2

    def take(self, pass_no: int, select: str) -> int:
        """Consume the lines of a select (side, line_id, anchor_side, anchor_id).

        Returns:
            How many lines were taken.
        """
        count = self.make_counted("match_new", select)
        if count:
            self.add(
                "match_taken",
                f"select side, line_id, cast({pass_no} as integer) as pass_no, anchor_side, "
                "anchor_id from match_new",
            )
            self.make(
                "match_remaining",
                "select match_open.* from match_open "
                "anti join match_new on match_open.side = match_new.side "
                "and match_open.line_id = match_new.line_id",
            )
            self.view("match_open", "select * from match_remaining")
        return count

    def doubt(self, pass_no: int, select: str) -> None:
        """Note lines (side, line_id, anchor_side, anchor_id) that several answers fit."""
        self.add(
            "match_doubt",
            f"select side, line_id, cast({pass_no} as integer) as pass_no, anchor_side, anchor_id "
            f"from ({select}) as doubted",
        )
