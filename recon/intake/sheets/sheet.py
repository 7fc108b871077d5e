"""One sheet from text to typed rows: accepted, rejected with reasons, quality items.

Here: the cells of mapped columns, the parse of each, and what becomes of rows. Not here: what the
sheet is (see `mapping`), single values (`columns`), checks of readable values (`validation`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

import polars as pl

from recon.base.models import KnownWords
from recon.intake.formats.known_texts import known_texts
from recon.intake.layout.filling import fill_days, fill_down
from recon.intake.layout.header import unit_of
from recon.intake.quality.items import items
from recon.intake.quality.ragged import is_overlong
from recon.intake.quality.remarks import (
    NO_CACHE_MARK,
    Cells,
    quality_items,
    rejected_rows,
    with_groups,
)
from recon.intake.quality.skips import classify_rows
from recon.intake.quality.totals import wordless_total
from recon.intake.sheets.parsed import ParsedSheet, Unread
from recon.intake.values.columns import Parsed, ValueContext, parse_values
from recon.intake.values.dates import DateContext
from recon.intake.values.derived import IN_YUAN, WITHIN, derive, prefixed, turned
from recon.intake.values.units import FACTORS
from recon.intake.values.words import nowhere
from recon.intake.values.years import MONTH_DAY, crosses_year

if TYPE_CHECKING:
    from collections.abc import Mapping

    from recon.base.distinct import Words
    from recon.base.models import RawSheet
    from recon.intake.layout.mapping import SheetMap
    from recon.intake.values.derived import Supply
    from recon.tables.base import ColumnSpec

_ERROR = r"^#(?:N/A|NAME\?|REF!|DIV/0!|VALUE!|NUM!|NULL!|SPILL!|CALC!|GETTING_DATA)$"


@dataclass(frozen=True)
class _Body:
    """The rows under the header, the letters with error codes, the texts of some columns."""

    cells: pl.DataFrame
    hashed: frozenset[str]
    words: Mapping[str, Words]


def parse_sheet(sheet: RawSheet, found: SheetMap) -> ParsedSheet:
    """Read the rows of one sheet.

    Args:
        sheet: The sheet as it was read.
        found: What it is taken for.

    Returns:
        Its rows by class; every physical row is in exactly one.
    """
    if found.table is None:
        return ParsedSheet(sheet, found, None, items(), items(), {"unmapped": sheet.rows_total}, {})
    sheet = fill_down(sheet, found)
    body = sheet.under(found.header_rows[-1])
    words = sheet.words_of(body) or known_texts(body)
    sheet = replace(sheet, known=KnownWords(sheet.cells, body.height, words))
    rows = classify_rows(sheet, found)
    context = DateContext(sheet.is_1904, found.year, span=found.span)
    filled, note = fill_days(body, rows["skip"].is_null(), found, context)
    if note is not None:
        body, words = filled, {}
        sheet = replace(sheet, notes=(*sheet.notes, note))
    beneath = _Body(body, _hashed(body, words), words)
    cells = [_cells(sheet, beneath, column, found) for column in found.table.columns]
    cells = with_groups(found.table, cells)
    is_data = rows["skip"].is_null()
    values = {one.column.name: one.parsed.values for one in cells}
    if (place := wordless_total(found, is_data, values, body)) is not None:
        total = pl.int_range(rows.height, eager=True) == place
        rows = rows.with_columns(
            pl.when(total).then(pl.lit("total")).otherwise("skip").alias("skip")
        )
        is_data &= ~total
    overlong = is_overlong(sheet, found, body) & is_data
    failing = overlong
    for one in cells:
        if one.unmet is not None or (one.column.required and one.parsed.values.null_count()):
            failing = failing | (one.fails & is_data)
    accepted = is_data & ~failing
    frame = pl.DataFrame([body["row_no"], *(one.alias(name) for name, one in values.items())])
    return ParsedSheet(
        sheet=sheet,
        found=found,
        accepted=frame if accepted.all() else frame.filter(accepted),
        rejected=rejected_rows(sheet, found, body["row_no"], cells, (failing, overlong)),
        quality=quality_items(sheet, found, body["row_no"], cells, (rows, accepted)),
        skipped=_skipped(sheet, found, rows),
        money=_money(cells, rows, accepted, failing),
        columns={one.column.name: (one.letter, one.header) for one in cells if one.header},
        unread=tuple(_unread(one, is_data) for one in cells if one.parsed.bad.any()),
    )


def _unread(one: Cells, is_data: pl.Series) -> Unread:
    """Count the cells of a column that could not be read among the rows of data."""
    bad = (
        one.parsed.bad & is_data & ~one.in_error & (one.raw != NO_CACHE_MARK).fill_null(value=True)
    )
    if one.column.kind in {"date", "datetime"}:
        bad &= ~one.raw.str.contains(MONTH_DAY).fill_null(value=False)
    filled = int((one.raw.is_not_null() & is_data).sum())
    sample = one.raw.filter(bad).head(1).to_list()
    return Unread(one.column.name, int(bad.sum()), filled, sample[0] if sample else "")


def _hashed(body: pl.DataFrame, words: Mapping[str, Words]) -> frozenset[str]:
    """Return the letters under which some text begins with #, as error codes do."""
    begins = body.select(pl.exclude("row_no", *words).str.starts_with("#").any())
    hashed = {letter for letter in begins.columns if begins[letter][0]}
    hashed |= {letter for letter, one in words.items() if one.texts.str.starts_with("#").any()}
    return frozenset(hashed)


def _cells(sheet: RawSheet, rows: _Body, column: ColumnSpec, found: SheetMap) -> Cells:
    body = rows.cells
    match = next((one for one in found.matches if one.column == column.name), None)
    supply = dict(found.supplies).get(column.name)
    letter, header, unit, words = None, "", None, None
    if match is not None:
        letter, header, unit = match.letter, match.header, match.unit
        raw = body[letter]
        if supply is not None and supply.how == "prefix":
            raw = prefixed(raw, body[str(supply.letters[0])])
        elif supply is not None and supply.how in WITHIN:
            raw = derive(body, supply, None)
    elif supply is not None:
        header, unit = supply.label, unit_of(supply.label)
        raw = _supplied(body, supply, unit if unit in FACTORS else found.unit)
        letter = next((one for one in reversed(supply.letters[:3]) if one), None)
        unit = "yuan" if supply.how in IN_YUAN else unit
    else:
        raw = _same(None, body.height)
    in_error = nowhere(raw)
    if letter is not None:
        may_err = supply is not None or letter in rows.hashed
        own, words = raw, rows.words.get(letter) if supply is None else None
        raw, in_error = _with_errors(sheet, body["row_no"], letter, raw, may_err=may_err)
        words = words if raw is own else None
    if column.kind == "money" and unit not in FACTORS:
        unit = found.unit
    year = found.year
    if column.kind in {"date", "datetime"} and found.span is None and year and crosses_year(raw):
        year = None
    context = ValueContext(unit, sheet.is_1904, year, found.span)
    parsed = parse_values(column, raw, context, words)
    if supply is not None and supply.how == "directed":
        parsed = replace(parsed, values=turned(parsed.values, body, supply))
    if in_error.any():
        values = parsed.values.to_frame("v").select(pl.when(~in_error).then("v")).to_series()
        parsed = Parsed(values, parsed.bad | in_error, parsed.flags)
    return Cells(column, letter, header, raw, parsed, in_error)


def _same(text: str | None, height: int) -> pl.Series:
    return pl.Series("text", [text], dtype=pl.String).new_from_index(0, height)


def _supplied(body: pl.DataFrame, supply: Supply, unit: str | None) -> pl.Series:
    if not supply.letters:
        return _same(supply.value, body.height)
    return derive(body, supply, unit)


def _with_errors(
    sheet: RawSheet, row_nos: pl.Series, letter: str, raw: pl.Series, *, may_err: bool
) -> tuple[pl.Series, pl.Series]:
    """Put error codes and open formulas into the texts, and mark them."""
    codes = {row: code for row, place, code in sheet.errors if place == letter}
    codes |= {row: NO_CACHE_MARK for row, place in sheet.blank_formulas if place == letter}
    in_error = nowhere(raw)
    if may_err and raw.str.starts_with("#").any():
        in_error = raw.str.contains(_ERROR).fill_null(value=False)
    if not codes:
        return raw, in_error
    found = row_nos.replace_strict(
        list(codes), list(codes.values()), default=None, return_dtype=pl.String
    )
    return raw.fill_null(found), in_error | found.is_not_null()


def _skipped(sheet: RawSheet, found: SheetMap, rows: pl.DataFrame) -> dict[str, int]:
    counts = {
        str(kind): int(number)
        for kind, number in rows["skip"].drop_nulls().value_counts(sort=True).iter_rows()
    }
    own = sheet.cells["row_no"].filter(sheet.cells["row_no"] >= sheet.first_row)
    head = own.filter(own <= found.header_rows[-1]).to_list()
    counts["header"] = counts.get("header", 0) + len(set(head) & set(found.header_rows))
    counts["title"] = counts.get("title", 0) + len(set(head) - set(found.header_rows))
    counts["blank"] = counts.get("blank", 0) + sheet.rows_total - len(own)
    return {kind: number for kind, number in sorted(counts.items()) if number}


def _money(
    cells: list[Cells], rows: pl.DataFrame, accepted: pl.Series, failing: pl.Series
) -> dict[str, dict[str, Decimal]]:
    masks = {
        "read": pl.Series("mark", [True]).new_from_index(0, rows.height),
        "accepted": accepted,
        "rejected": failing,
        "skipped": rows["skip"].is_not_null(),
    }
    sums: dict[str, dict[str, Decimal]] = {}
    for one in cells:
        if one.column.kind == "money" and one.letter is not None:
            wide = one.parsed.values.cast(pl.Decimal(38, 2))
            sums[one.column.name] = {name: _sum(wide, mask) for name, mask in masks.items()}
    return sums


def _sum(values: pl.Series, mask: pl.Series) -> Decimal:
    some = values if mask.all() else values.filter(mask)
    return Decimal(some.sum() or 0).quantize(Decimal("0.01"))
