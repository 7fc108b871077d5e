"""Quality items where the lines above a bank's table state other figures than were read below.

Not here: what the lines mean and which figures agree (see `recon.intake.quality.stated`).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from recon.intake.layout.preamble import Preamble
from recon.intake.quality.items import items
from recon.intake.quality.stated import Read, Stated, tie_stated
from recon.intake.values.units import factor_of

if TYPE_CHECKING:
    from recon.intake.sheets.parsed import ParsedSheet

#: Above this many rows the lines of a sheet are not held together to be tied.
_MOST_ROWS = 5_000_000
_LINES = ("money_in", "money_out", "balance")


def with_stated(parsed: ParsedSheet) -> ParsedSheet:
    """Tie what the lines above a bank's table state to what was read.

    Args:
        parsed: A sheet that was read and shaped.

    Returns:
        The same, with an item for each figure that nothing read agrees with. Where lines were
        passed over as failed, the bank's figures may count them: nothing is tied.
    """
    found = parsed.found
    if found.table is None or found.table.name != "bank_txn" or "void" in parsed.skipped:
        return parsed
    above = parsed.sheet.cells.filter(pl.col("row_no") < found.header_rows[0])
    if not above.height or parsed.rows_accepted > _MOST_ROWS:
        return parsed
    lines = tuple(
        (
            row[0],
            {name: cell for name, cell in zip(above.columns[1:], row[1:], strict=True) if cell},
        )
        for row in above.iter_rows()
    )
    labelled = Preamble(lines, parsed.sheet.sheet, parsed.sheet.path).labelled
    untied = tie_stated(labelled, _read(parsed), factor_of(found.unit))
    if not untied:
        return parsed
    return replace(parsed, quality=pl.concat([parsed.quality, _items(parsed, untied)]))


def _read(parsed: ParsedSheet) -> Read:
    given = [name for name in _LINES if name in parsed.columns]
    kept = [pl.read_parquet(one.path, columns=given) for one in parsed.stored] if given else []
    if parsed.accepted is not None:
        kept.append(parsed.accepted.select(given))
    set_aside = parsed.rejected.height
    lines = pl.concat(kept) if kept else pl.DataFrame()
    return Read(parsed.rows_accepted + set_aside, set_aside, lines)


def _items(parsed: ParsedSheet, untied: tuple[Stated, ...]) -> pl.DataFrame:
    table = parsed.found.table
    return items(
        [
            {
                "file": parsed.sheet.path,
                "sheet": parsed.sheet.sheet,
                "row_no": one.row_no,
                "table_name": table.name if table else None,
                "column_letter": None,
                "header": one.label,
                "value": str(one.stated),
                "reason": f"表上方的“{one.label}”为{one.stated}，读到的是{one.read}，"
                f"相差{one.stated - one.read}",
                "reason_en": f"“{one.label}” above the table says {one.stated}, what was read is "
                f"{one.read}: difference {one.stated - one.read}",
                "check": one.check,
                "kind": "int" if one.check == "count_tied" else "money",
            }
            for one in untied
        ]
    )
