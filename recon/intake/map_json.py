"""What `recon map --format json` prints: each sheet, its rows by class and what each column holds.

Here: the form of contract section 9, from which another program can test what was read. Not here:
the tables on the terminal (`map_cmd`), the recognition itself (`recon.intake`).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import polars as pl

from recon.base.texts import say
from recon.intake.map_samples import SHOWN_AS_PERSON, persons_in
from recon.tables.masking import mask_one, mask_value

if TYPE_CHECKING:
    from collections.abc import Iterable

    from recon.intake.layout.mapping import SheetMap
    from recon.intake.sheets.parsed import ParsedSheet
    from recon.tables.base import ColumnSpec, TableSpec

#: So many different values of a column are listed.
_MOST_VALUES = 80
_NUMBERS = frozenset({"money", "qty", "rate", "int"})
_DAYS = frozenset({"date", "datetime", "month"})
_ACCOUNTS = ("account_no", "card_no", "account_code")


def map_json(sheets: Iterable[ParsedSheet], *, mask: bool) -> str:
    """Return what the sheets gave as one JSON text.

    Args:
        sheets: Parsed sheets with their accepted rows in memory.
        mask: Shorten personal data in values.
    """
    told = {"sheets": [sheet_json(one, mask=mask) for one in sheets]}
    return json.dumps(told, ensure_ascii=False, indent=1)


def sheet_json(parsed: ParsedSheet, *, mask: bool) -> dict[str, object]:
    """Return what one sheet gave, as `map_json` lists it."""
    found = parsed.found
    return {
        "file": parsed.sheet.path,
        "sheet": parsed.sheet.sheet,
        "table": found.table.name if found.table else None,
        "question": _question(parsed),
        "notes": [say(text) for text in (*found.notes, *parsed.told)],
        "unused": {one.letter: one.header for one in found.unmapped},
        "given": _given(found, mask=mask),
        "rows": {
            "accepted": 0 if parsed.accepted is None else parsed.accepted.height,
            "rejected": parsed.rejected.height,
            "skipped": parsed.rows_skipped,
            "repeated": parsed.repeated,
        },
        "columns": _columns(parsed, mask=mask),
    }


def _question(parsed: ParsedSheet) -> str | None:
    """Return what is to be answered about a sheet."""
    own = [parsed.found.question] if parsed.found.question else []
    return " ".join(say(text) for text in (*own, *parsed.asked)) or None


def _given(found: SheetMap, *, mask: bool) -> dict[str, str]:
    """Return the unit, account and period that stand above the table, those that do."""
    above = {
        column: supply.value
        for column, supply in found.supplies
        if not supply.letters and supply.value
    }
    given = {"unit": found.unit} if found.unit else {}
    account = next((name for name in _ACCOUNTS if name in above), None)
    if account and found.table:
        value = pl.Series("value", [above[account]], dtype=pl.String)
        given["account"] = _shown(value, found.table.by_name[account], mask=mask)[0]
    if "month" in above:
        given["period"] = above["month"]
    elif found.span:
        given["period"] = "..".join(day.isoformat() for day in found.span)
    elif found.year:
        given["period"] = str(found.year)
    return given


def _columns(parsed: ParsedSheet, *, mask: bool) -> dict[str, dict[str, object]]:
    table, rows = parsed.found.table, parsed.accepted
    if table is None or rows is None:
        return {}
    told = {}
    persons = _named(rows, table) if mask else []
    for column in table.columns:
        header = parsed.columns.get(column.name, (None, None))[1]
        values = rows[column.name].drop_nulls()
        if values.dtype == pl.String:
            values = values.filter(values.str.strip_chars() != "")
        if header is not None or len(values):
            told[column.name] = {
                "header": header,
                "filled": len(values),
                **_held(values, column, persons, mask=mask),
            }
    return told


def _named(rows: pl.DataFrame, table: TableSpec) -> list[str]:
    """Return the persons whom the sheet's columns of names name: its texts may name them too."""
    letters = [
        each.name
        for each in table.columns
        if each.shown_as in SHOWN_AS_PERSON and rows.schema[each.name] == pl.String
    ]
    return persons_in(rows, letters)


def _held(
    values: pl.Series, column: ColumnSpec, persons: list[str], *, mask: bool
) -> dict[str, object]:
    """Return the sum of numbers, the first and last day, or the different values."""
    held: dict[str, object] = {}
    if column.kind in _NUMBERS:
        held["sum"] = str(values.sum())
    if column.kind in _DAYS:
        days = (values.min(), values.max()) if len(values) else ()
        return {name: str(day)[:10] for name, day in zip(("min", "max"), days, strict=False)}
    if column.kind not in _NUMBERS or column.kind == "int":
        texts = _shown(values.cast(pl.String).unique(), column, mask=mask)
        short = [mask_one(name, "person") for name in persons]
        listed = texts.unique().sort().head(_MOST_VALUES)
        held["values"] = (listed.str.replace_many(persons, short) if short else listed).to_list()
    return held


def _shown(values: pl.Series, column: ColumnSpec, *, mask: bool) -> pl.Series:
    """Return texts as they may be printed."""
    if not mask:
        return values
    kind = pl.lit(column.shown_as)
    return pl.DataFrame({"value": values}).select(mask_value(pl.col("value"), kind)).to_series()
