"""Both sides of every pairing as lines of one table, and which names are one party.

A name that is cut off (at least six characters, the beginning of one other name only) is taken as
that other name: `match_open.party`. What may be several names stays apart in `match_alike`. Not
here: the selects of the sides (`sql/matching/`).
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from recon.base.errors import EngineError
from recon.engine.guard import demand_select
from recon.matching.errors import MatchSideError
from recon.matching.workbench import pass_sql

if TYPE_CHECKING:
    from recon.matching.workbench import Workbench
    from recon.rules.pairings import Pairing

#: Columns that the select of a side returns, in any order; it may add `party_name`, the name of a
#: party that is a code, and `stated_id`: the party that counts here, where that is another than
#: `party_id`, by which a line is shown and known.
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
#: Columns that the select of a list returns: a line, and a party's share of it.
LIST_COLUMNS = ("line_id", "party_id", "amount")
#: Where a statement over all pairings fails, this is named.
ALL_PAIRINGS = "matching"
_OWN_NAME = "case when party_id like 'N:%' then substr(party_id, 3) else party_id end"


def load_lines(bench: Workbench) -> None:
    """Read all sides into `match_input` and open all lines that take part.

    Raises:
        MatchSideError: A side lacks a column, repeats a line or has a line without an amount.
    """
    sides = [
        (number, side, sql)
        for number, pairing in enumerate(bench.pairings)
        for side, sql in pairing.side_sql.items()
    ]
    selects = []
    for number, side, sql in sides:
        found = _checked_columns(bench, bench.pairings[number], side, sql, SIDE_COLUMNS)
        selects.append(_line_sql(bench, number, side, found))
    try:
        bench.make("match_input", " union all ".join(selects))
    except EngineError:
        for (number, _, _), select in zip(sides, selects, strict=True):  # name the guilty one
            bench.tables.place = bench.pairings[number].name
            bench.make("match_input", select)
        raise
    _load_lists(bench)
    bench.tables = bench.tables.gather("match_input", *(["match_list"] if bench.has_lists else []))
    _check_lines(bench)
    _open_lines(bench)


def _line_sql(bench: Workbench, number: int, side: str, found: set[str]) -> str:
    stated = f"nullif({'stated_id' if 'stated_id' in found else 'party_id'}, '')"
    name = "nullif(party_name, '')" if "party_name" in found else "cast(null as varchar)"
    return (
        f"select cast({number} as integer) as pairing_no, '{side}' as side, "
        f"{bench.place_sql(number, side)} as place, line_id, cast(day as date) as day, "
        "cast(amount as decimal(18, 2)) as amount, nullif(party_id, '') as party_id, "
        f"{stated} as stated_id, {name} as given_name, "
        "nullif(reference, '') as reference, text_, nullif(shared_key, '') as shared_key, "
        "nullif(account, '') as account, coalesce(is_internal, false) as is_internal "
        f"from ({bench.pairings[number].side_sql[side]}) as side_{side}"
    )


def _checked_columns(
    bench: Workbench, pairing: Pairing, side: str, sql: str, wanted: tuple[str, ...]
) -> set[str]:
    bench.tables.place = pairing.name
    demand_select(sql, f"{pairing.name} ({side})")
    found = bench.tables.columns(sql, bench.bound(sql))
    bench.tables.place = ALL_PAIRINGS
    missing = [name for name in wanted if name not in found]
    if missing:
        raise MatchSideError(pairing.name, side, f"the column {missing[0]} is missing")
    return found


def _check_lines(bench: Workbench) -> None:
    """Sum the sides up as they were read, for the proof; refuse lines without amount or id."""
    totals = {(n, side): (0, Decimal(0)) for n in range(len(bench.pairings)) for side in "ab"}
    for number, side, lines, amounts, total in bench.rows(
        "select pairing_no, side, count(*) as lines, count(amount) as amounts, "
        "sum(amount) as amount from match_input group by pairing_no, side",
        "pairing_no, side",
    ):
        if lines != amounts:
            name = bench.pairings[number].name
            raise MatchSideError(name, side, f"{lines - amounts} lines have no amount")
        totals[number, side] = (lines, total)
    if bench.tables.distinct("match_input", "place") != sum(lines for lines, _ in totals.values()):
        _name_repeated(bench)
    bench.totals = totals


def _name_repeated(bench: Workbench) -> None:
    for number, side, repeated in bench.rows(
        "select pairing_no, side, count(*) - count(distinct place) as repeated "
        "from match_input group by pairing_no, side",
        "repeated desc, pairing_no, side",
    ):
        name = bench.pairings[number].name
        raise MatchSideError(name, side, f"{repeated} line ids repeat or lack")


def _load_lists(bench: Workbench) -> None:
    """Fill `match_list`: of which parties' amounts a line is made, where a list says so."""
    selects = []
    for number, pairing in enumerate(bench.pairings):
        for side, sql in pairing.list_sql.items():
            _checked_columns(bench, pairing, side, sql, LIST_COLUMNS)
            selects.append(
                f"select cast({number} as integer) as pairing_no, "
                f"{bench.place_sql(number, side)} as place, nullif(party_id, '') as party_id, "
                f"cast(amount as decimal(18, 2)) as amount from ({sql}) as list_{side}"
            )
    bench.has_lists = bool(selects)
    if selects:
        bench.make("match_list", " union all ".join(selects))


def _open_lines(bench: Workbench) -> None:
    bench.clear("match_taken", "match_couple", "match_alike", "match_full_name")
    bench.tables.put(
        "match_pairing",
        "pairing_no integer, pairing varchar",
        [(number, one.name) for number, one in enumerate(bench.pairings)],
    )
    _find_cut_names(bench)
    aside = [n for n, one in enumerate(bench.pairings) if one.about.internal == "set_aside"]
    where = (
        f"where not (is_internal and match_input.pairing_no in ({', '.join(map(str, aside))}))"
        if aside
        else ""
    )
    columns = (
        "match_input.pairing_no, match_input.place, match_input.side, match_input.day, "
        "match_input.amount, match_input.reference, match_input.shared_key, "
        "match_input.account, match_input.text_"
    )
    if bench.has_cut_names:
        bench.make(
            "match_remaining",
            f"select {columns}, "
            f"coalesce(match_full_name.full_id, match_input.stated_id) as party "
            "from match_input left join match_full_name "
            "on match_input.pairing_no = match_full_name.pairing_no "
            f"and match_input.stated_id = match_full_name.party_id {where}",
        )
        bench.view("match_open", "select * from match_remaining")
    else:
        bench.view(
            "match_open",
            f"select {columns}, match_input.stated_id as party from match_input {where}",
        )
    bench.count_open()


def _find_cut_names(bench: Workbench) -> None:
    """Fill `match_full_name` and `match_alike` with names that begin other names."""
    if not bench.make_counted("match_cut_name", pass_sql("cut_names")):
        return
    bench.make(
        "match_party",
        f"select distinct pairing_no, party_id, coalesce(given_name, {_OWN_NAME}) as party_name "
        "from (select distinct pairing_no, stated_id as party_id, given_name from match_input "
        "where stated_id is not null) as named",
    )
    alike = bench.make_counted("match_alike", pass_sql("alike"))
    bench.has_cut_names = bool(bench.make_counted("match_full_name", pass_sql("full_names")))
    if bench.has_cut_names:
        alike = bench.make_counted(
            "match_alike",
            "select match_alike.* from match_alike anti join match_full_name "
            "on match_alike.pairing_no = match_full_name.pairing_no "
            "and match_alike.party_id = match_full_name.party_id",
        )
    bench.has_alike = alike > 0
