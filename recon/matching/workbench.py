"""The tables of all pairings while they are matched, and the small steps that all passes share.

`match_input` holds every line of every pairing, `match_open` those not consumed yet, `match_couple`
and `match_taken` what each pass consumed: lines one to one of equal amounts, and all other groups
(named by their smallest line); `match_doubt` lines that several answers fit equally well. A line is
named by its `place`, one number for pairing, line and side. Not here: what a pass looks for
(`passes`), reading the sides (`lines`), the classes of the result.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from recon.base import resources
from recon.base.errors import EngineError, UnknownParameterError
from recon.base.nearest import nearest
from recon.rules.sql_text import parameters_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from decimal import Decimal

    from recon.engine.matcher_tables import MatcherTables, Row
    from recon.matching.slots import Slot
    from recon.rules.pairings import Pairing

_PLACE = "place bigint, pass_no integer, anchor bigint"
_FULL_NAME = "pairing_no integer, party_id varchar, full_id varchar"
#: The columns of the small working tables that passes add to.
COLUMNS = {
    "match_taken": _PLACE,
    "match_couple": "pairing_no integer, a_place bigint, b_place bigint, pass_no integer",
    "match_alike": _FULL_NAME,
    "match_full_name": _FULL_NAME,
    "match_doubt": _PLACE,
    "match_option": "pass_no integer, anchor bigint, option_no integer, place bigint",
    "match_component": "pairing_no integer, place bigint, side varchar, part_place bigint, "
    "a_lines bigint, b_lines bigint, is_balanced boolean",
    "match_strange_account": "pairing_no integer, side varchar, account varchar",
    "match_bound_found": "place bigint, lines bigint, reason_zh varchar, reason_en varchar",
}
#: Columns of an open line that may be empty; passes that need one are skipped where no line has it.
_FILLED = ("party", "reference", "shared_key", "account", "day", "text_")


@cache
def pass_sql(stem: str) -> str:
    """Return the select of a pass file of `sql/matching/passes/`."""
    path = resources.shipped("sql") / "matching" / "passes" / f"{stem}.sql"
    return path.read_text(encoding="utf-8").strip().removesuffix(";")


@dataclass
class Workbench:
    """The pairings that run, with their tables and the values of all `$parameters`.

    `pairings` go by the number that `match_input.pairing_no` holds; `filled` counts open lines and
    their filled columns by (number, side); `totals` says lines and yuan of each side as read. Every
    method raises EngineError where a select is wrong.
    """

    tables: MatcherTables
    pairings: tuple[Pairing, ...]
    parameters: Mapping[str, Any]
    has_lists: bool = False
    has_cut_names: bool = False
    has_alike: bool = False
    totals: dict[tuple[int, str], tuple[int, Decimal]] = field(default_factory=dict)
    filled: dict[tuple[int, str], dict[str, int]] = field(default_factory=dict)

    def make(self, name: str, select: str) -> None:
        """Make or replace a working table, which its own select may read."""
        self.tables.make(name, select, self.bound(select))

    def make_counted(self, name: str, select: str) -> int:
        """Make or replace a working table and return its number of rows."""
        return self.tables.make_counted(name, select, self.bound(select))

    def view(self, name: str, select: str) -> None:
        """Make or replace a view of tables as they are now."""
        self.tables.show(name, select, self.bound(select))

    def add(self, name: str, select: str) -> None:
        """Add rows to a working table."""
        self.tables.add(name, select, self.bound(select))

    def deliver(self, table: str, select: str) -> None:
        """Add rows to a result table."""
        self.tables.deliver(table, select, self.bound(select))

    def rows(self, select: str, order: str | None = None) -> Iterator[Row]:
        """Yield the rows of a select, in an order; use no other table before the last of them."""
        return self.tables.rows(select, self.bound(select), order)

    def note(self, table: str, rows: list[Row]) -> None:
        """Add rows from Python to one of the small working tables."""
        if rows:
            self.tables.put("match_noted", COLUMNS[table], rows)
            self.add(table, "select * from match_noted")

    def clear(self, *tables: str) -> None:
        """Make small working tables, or empty them."""
        for table in tables:
            self.tables.put(table, COLUMNS[table])

    def bound(self, select: str) -> dict[str, Any]:
        """Return the parameters that a select names."""
        names = parameters_in(select)
        missing = sorted(names - self.parameters.keys())
        if missing:
            raise EngineError(self.tables.place, f"unknown parameter ${missing[0]}")
        return {name: self.parameters[name] for name in names}

    @property
    def place_bits(self) -> int:
        """How many of the low bits of a place say the pairing and the side; the rest is the id."""
        return (2 * len(self.pairings) - 1).bit_length()

    def place_sql(self, number: int, side: str) -> str:
        """Return the SQL of the place of a line of one side."""
        low = 2 * number + "ab".index(side)
        return f"cast(line_id * {1 << self.place_bits} + {low} as bigint)"

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

    def close(self) -> None:
        """Drop the working tables."""
        self.tables.close()

    def forget_doubts(self, active: set[int]) -> None:
        """Empty the notes of a round before the passes run again for some pairings."""
        if len(active) == len(self.pairings):
            self.clear("match_doubt", "match_option", "match_bound_found")
            return
        kept = (
            "select {0}.* from {0} inner join match_input on {0}.{1} = match_input.place "
            f"where match_input.pairing_no not in ({', '.join(map(str, sorted(active)))})"
        )
        for table, place in (
            ("match_doubt", "place"),
            ("match_option", "anchor"),
            ("match_bound_found", "place"),
        ):
            self.make(table, kept.format(table, place))

    def doubtful(self) -> set[int]:
        """Return the numbers of the pairings that have a doubt."""
        return {
            number
            for (number,) in self.rows(
                "select distinct match_open.pairing_no from match_doubt "
                "inner join match_open on match_doubt.place = match_open.place"
            )
        }

    def open_lines(self) -> dict[int, int]:
        """Return how many lines each pairing has open, as last counted."""
        lines = dict.fromkeys(range(len(self.pairings)), 0)
        for (number, _), found in self.filled.items():
            lines[number] += found["lines"]
        return lines

    def count_open(self) -> None:
        """Count what is open, and which columns it has."""
        counts = ", ".join(f"count({column})" for column in _FILLED)
        self.filled = {
            (number, side): dict(zip(("lines", *_FILLED), found, strict=True))
            for number, side, *found in self.rows(
                f"select pairing_no, side, count(*), {counts} from match_open "
                "group by pairing_no, side"
            )
        }

    def both_have(self, number: int, *columns: str) -> bool:
        """Whether open lines of both sides of a pairing have all of these columns filled."""
        both = [self.filled.get((number, side), {}) for side in "ab"]
        return all(one.get(column, 0) for one in both for column in ("lines", *columns))

    def show(self, slot: Slot, key: str, more: str = "", where: str = "amount <> 0") -> None:
        """Make the open lines of a slot visible as `match_pass`, and its values as `match_slot`.

        Args:
            slot: The pairings that take part, with their windows and tolerances.
            key: The SQL of what must be equal; lines where it is null take no part.
            more: More columns, each followed by a comma.
            where: Which open lines take part.
        """
        self.view("match_slot", slot.values(self.value))
        self.view(
            "match_pass",
            f"select pairing_no, place, side, {more} day, amount, party, {key} as match_key "
            f"from match_open where {slot.among()} and {key} is not null and {where}",
        )

    def take(self, pass_no: int, select: str) -> None:
        """Consume the lines of a select (place, anchor)."""
        if self.make_counted("match_new", select):
            self.add(
                "match_taken",
                f"select place, cast({pass_no} as integer) as pass_no, anchor from match_new",
            )
            self._close_new()

    def take_couples(self, pass_no: int) -> bool:
        """Consume the pairs of `match_pair`, a line of each side and of one amount; say if any.

        Views of what is open before are to be made anew then.
        """
        found = self.make_counted(
            "match_new",
            "select a_place as place from match_pair where not is_torn "
            "union all select b_place from match_pair where not is_torn",
        )
        if found:
            self.add(
                "match_couple",
                f"select pairing_no, a_place, b_place, cast({pass_no} as integer) as pass_no "
                "from match_pair where not is_torn",
            )
            self._close_new()
        return found > 0

    def _close_new(self) -> None:
        self.make(
            "match_remaining",
            "select match_open.* from match_open "
            "anti join match_new on match_open.place = match_new.place",
        )
        self.view("match_open", "select * from match_remaining")
        self.count_open()

    def doubt(self, pass_no: int, select: str) -> None:
        """Note lines (place, anchor) that several answers fit."""
        self.add(
            "match_doubt",
            f"select place, cast({pass_no} as integer) as pass_no, anchor "
            f"from ({select}) as doubted",
        )
