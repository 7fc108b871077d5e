"""Long plain tables, read slice by slice, so that no more than a slice is held as text.

A slice gives what its rows would give in the whole sheet. Where that may not be so (totals, lines
that go on from the line above, several tables on a sheet) the sheet is read whole instead. Not
here: where slices come from (`parquet`, `delimited`).
"""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import polars as pl

from recon.base.models import KnownWords
from recon.intake.formats.delimited import TextSlices
from recon.intake.layout.mapping import map_sheet
from recon.intake.sheets.certainty import settle
from recon.intake.sheets.months import find_months
from recon.intake.sheets.regions import repeated_beside, side_by_side, stacked_below
from recon.intake.sheets.shaping import shape_sheet
from recon.intake.sheets.sheet import parse_sheet
from recon.intake.sheets.wide import find_sessions
from recon.intake.values.years import MONTH_DAY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from recon.base.models import RawSheet, SourceMapping
    from recon.intake.layout.mapping import SheetMap
    from recon.intake.sheets.parsed import ParsedSheet

#: Rows whose meaning hangs on rows far from them.
_FAR = frozenset({"total", "note"})
#: Rows that are kept of a long sheet to show what it holds.
_KEPT = 1000
_FAR_CHECKS = ("month_two_ways",)


def whole(sheet: RawSheet) -> RawSheet:
    """Return a sheet with all its rows in memory.

    Args:
        sheet: Any sheet.
    """
    if sheet.slices is None:
        return sheet
    return replace(sheet, cells=pl.concat(sheet.slices()), slices=None)


def read_slices(
    sheet: RawSheet,
    sources: Sequence[SourceMapping],
    keep: Callable[[ParsedSheet], ParsedSheet],
) -> ParsedSheet | None:
    """Read a long table slice by slice.

    Args:
        sheet: A sheet with `slices`.
        sources: `[[source]]` entries of recon.toml.
        keep: Called with what each slice gave; may put its rows into a file.

    Returns:
        What the whole sheet gives; None when it must be read whole.

    Raises:
        RefusedError: The file turns out to be damaged.
        IrregularTextError: A text turns out to need reading line by line.
    """
    if len(side_by_side(sheet)) > 1 or find_sessions(sheet) or find_months(sheet):
        return None
    found = map_sheet(sheet, sources)
    known = replace(sheet, cells=sheet.cells.head(_KEPT))
    if found.table is None:
        if isinstance(sheet.slices, TextSlices):
            deque(sheet.slices(), maxlen=0)  # what is irregular must be known
        return parse_sheet(known, found)
    parts: list[ParsedSheet] = []
    for one in _slices(sheet, found):
        part = settle(shape_sheet(parse_sheet(one, found)))
        if part.found.table is None:
            return None  # what is asked is asked of the whole sheet
        if not _is_plain(one, part, sources):
            return None
        parts.append(replace(keep(part), sheet=part.sheet.emptied()))
    return _joined(known, parts)


def _slices(sheet: RawSheet, found: SheetMap) -> Iterator[RawSheet]:
    """Yield the slices, each under the lines of the header."""
    header_end = found.header_rows[-1]
    head = sheet.cells.filter(pl.col("row_no") <= header_end)
    for known in _known(sheet):
        one = replace(sheet, slices=None, cells=known.cells)
        own = one.under(header_end)
        is_first = own.height < one.cells.height
        first_row = sheet.first_row if is_first else own["row_no"][0]
        cells = pl.concat([head, own])
        yield replace(
            one,
            cells=cells,
            first_row=first_row,
            rows_total=one.under(first_row - 1).height,
            known=replace(known, cells=cells),
        )


def _known(sheet: RawSheet) -> Iterator[KnownWords]:
    """Yield the pieces of a long sheet, and what is known of the texts in each."""
    if isinstance(sheet.slices, TextSlices):
        yield from sheet.slices.known()
    elif sheet.slices is not None:
        yield from (KnownWords(cells, cells.height, {}) for cells in sheet.slices())


def _is_plain(sheet: RawSheet, part: ParsedSheet, sources: Sequence[SourceMapping]) -> bool:
    """Whether no row of a slice can mean something else in the whole sheet."""
    found = part.found
    return not (
        part.sheet.notes != sheet.notes
        or _FAR & part.skipped.keys()
        or part.quality["check"].is_in(_FAR_CHECKS).any()
        or (found.table and found.table.layout == "statement" and "amount" in found.letters)
        or (found.year and found.span is None and _has_bare_days(sheet, found))
        or repeated_beside(part)
        or stacked_below(part, sources)
    )


def _has_bare_days(sheet: RawSheet, found: SheetMap) -> bool:
    """Whether days without a year stand in a slice: the rows around them decide their year."""
    kinds = found.table.by_name if found.table else {}
    days = [one.letter for one in found.matches if kinds[one.column].kind in {"date", "datetime"}]
    return any(sheet.cells[one].str.contains(MONTH_DAY).any() for one in days)


def _joined(sheet: RawSheet, parts: Sequence[ParsedSheet]) -> ParsedSheet:
    """Join what the slices gave."""
    skipped = Counter[str]()
    for part in parts:
        skipped.update(part.skipped)
    skipped["blank"] += sheet.rows_total - sum(part.sheet.rows_total for part in parts)
    accepted = [part.accepted for part in parts if part.accepted is not None]
    return replace(
        parts[0],
        sheet=sheet,
        accepted=pl.concat(accepted, rechunk=True) if accepted else None,
        rejected=pl.concat([part.rejected for part in parts]),
        quality=pl.concat([part.quality for part in parts]),
        skipped={kind: number for kind, number in sorted(skipped.items()) if number},
        money={
            name: {
                kind: sum((part.money[name][kind] for part in parts), Decimal(0)) for kind in sums
            }
            for name, sums in parts[0].money.items()
        },
        stored=tuple(one for part in parts for one in part.stored),
    )
