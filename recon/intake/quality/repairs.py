"""Numbers that a spreadsheet cut, and the one intact number they can only be.

Here: proposals, put into the reason of a `number_cut` item. A proposal is never applied: the cut
number stays as it was read. Not here: finding cut numbers (`values`, `workbook`, `remarks`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from recon.tables.registry import specs

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from decimal import Decimal

    from recon.base.rows import Rows
    from recon.tables.base import TableSpec

_KINDS = frozenset({"id_no", "uscc", "account", "card"})
_SCIENTIFIC = re.compile(r"^([0-9])(?:\.([0-9]+))?E\+?([0-9]{1,2})$", re.IGNORECASE)
_KEPT = 15
#: More cut numbers than this say that a whole column is lost; proposals would not help.
_MOST = 2000


@dataclass(frozen=True)
class _Row:
    """An identifier with what stands beside it."""

    value: str
    names: frozenset[str]
    amounts: frozenset[Decimal]
    place: str


def propose(quality: pl.DataFrame, tables: Mapping[str, Rows]) -> pl.DataFrame:
    """Add to each cut number the intact number that is the only one with its digits and its name.

    Two numbers that fit are told apart by an amount that stands in both rows; where that leaves
    none or several, nothing is proposed.

    Args:
        quality: Items in the shape of `ITEM_SCHEMA`.
        tables: Accepted rows by table.

    Returns:
        The items in the same order, some with a longer reason.
    """
    cut = quality.with_row_index("at").filter(
        (pl.col("check") == "number_cut") & pl.col("kind").is_in(list(_KINDS))
    )
    if not 0 < cut.height <= _MOST:
        return quality
    wanted = {value: _digits(value) for value in cut["value"].drop_nulls().unique()}
    kinds = set(cut["kind"].to_list())
    rows = {kind: _rows(kind, tables, wanted) for kind in kinds}
    zh, en = quality["reason"].to_list(), quality["reason_en"].to_list()
    for item in cut.iter_rows(named=True):
        found = _only(item, rows[item["kind"]], wanted.get(item["value"]))
        if found is not None:
            zh[item["at"]] += f"；可能是{found.value}（见{found.place}），核对后在原表更正"
            en[item["at"]] += (
                f"; may be {found.value} (see {found.place}): check, correct the source"
            )
    return quality.with_columns(pl.Series("reason", zh), pl.Series("reason_en", en))


def _digits(value: str) -> tuple[str, int] | None:
    """Return the digits that are left of a cut number, and how many it had."""
    if found := _SCIENTIFIC.match(value):
        kept = found[1] + (found[2] or "")
        return kept, int(found[3]) + 1
    return (value[:_KEPT], len(value)) if value.isdigit() and len(value) > _KEPT else None


def _rows(
    kind: str,
    tables: Mapping[str, Rows],
    wanted: Mapping[str, tuple[str, int] | None],
) -> list[_Row]:
    """Return the rows of all tables with a number of that kind that begins like a cut one."""
    known = {value: digits for value, digits in wanted.items() if digits}
    heads = sorted({text[:5] for value, digits in known.items() for text in (value, digits[0])})
    found: list[_Row] = []
    for name, rows in tables.items():
        table = specs()[name]
        for column in (one.name for one in table.columns if one.kind == kind):
            for frame, places in zip(rows.frames(), rows.places(), strict=True):
                near = frame.filter(pl.col(column).str.slice(0, 5).is_in(heads))
                if near.height:
                    found += _read(near.join(places, on="row_id"), table, column)
    return found


def _read(frame: pl.DataFrame, table: TableSpec, column: str) -> Iterable[_Row]:
    """Read the rows of one table."""
    twin = column.rsplit("_", 1)[0] + "_name"
    names = {*table.holding("person"), *({twin} & table.by_name.keys())}
    amounts = [one.name for one in table.columns if one.kind == "money"]
    for row in frame.iter_rows(named=True):
        sheet = f"#{row['sheet']}" if row["sheet"] else ""
        yield _Row(
            row[column],
            frozenset(row[one] for one in names if row[one]),
            frozenset(row[one] for one in amounts if row[one]),
            f"{row['file']}{sheet}!{row['row_no']}",
        )


def _only(item: Mapping[str, str], rows: list[_Row], digits: tuple[str, int] | None) -> _Row | None:
    """Return the row of the one intact number that fits; None when none or several do."""
    if digits is None:
        return None
    sheet = f"#{item['sheet']}" if item["sheet"] else ""
    place = f"{item['file']}{sheet}!{item['row_no']}"
    own = next((one for one in rows if (one.place, one.value) == (place, item["value"])), None)
    if own is None:
        return None
    kept, length = digits
    fits = [
        one
        for one in rows
        if one.value != item["value"]
        and len(one.value) == length
        and one.value.startswith(kept)
        and not (one.value.isdigit() and one.value.endswith("0" * (length - _KEPT)))
        and (not own.names or own.names & one.names)
    ]
    if len({one.value for one in fits}) > 1:
        fits = [one for one in fits if own.amounts & one.amounts]
    return fits[0] if len({one.value for one in fits}) == 1 else None
