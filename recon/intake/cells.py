"""From the columns that the reading process wrote to a RawSheet.

Here: exact texts put over rounded ones, midnight cut from dates, blank rows left out. Not here: what
any cell means.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from recon.intake.letters import index_of
from recon.models import RawSheet

if TYPE_CHECKING:
    from pathlib import Path

    from recon.intake.workbook import SheetCells

_MIDNIGHT = r"^(\d{4}-\d{2}-\d{2}) 00:00:00$"


def sheet_of(found: SheetCells, path: str, arrow: Path) -> RawSheet:
    """Build one sheet.

    Args:
        found: What the reading process told of it.
        path: Path of the file as shown.
        arrow: Its cells, one row per sheet row from row 1.
    """
    frame = pl.read_ipc(arrow.read_bytes())
    frame = _put_exact(frame, found.exact)
    dated = [name for name in frame.columns if frame[name].str.ends_with(" 00:00:00").any()]
    frame = frame.with_columns(pl.col(name).str.replace(_MIDNIGHT, "${1}") for name in dated)
    names = sorted(frame.columns, key=index_of)
    cells = frame.select(
        pl.int_range(1, pl.len() + 1, dtype=pl.Int64).alias("row_no"), *(pl.col(n) for n in names)
    )
    if names:
        cells = cells.filter(pl.any_horizontal(pl.col(n).is_not_null() for n in names))
    last = cells["row_no"].max() if cells.height else 0
    marked = [*(row for row, _, _ in found.errors), *(row for row, _ in found.blank_formulas)]
    return RawSheet(
        file_id=0,
        path=path,
        sheet=found.name,
        hidden=found.hidden,
        cells=cells,
        rows_total=max(last if isinstance(last, int) else 0, *marked, 0),
        merged=tuple(found.merged),
        is_1904=found.is_1904,
        errors=tuple(sorted(found.errors)),
        cut_numbers=tuple(found.cut),
        blank_formulas=tuple(found.blank_formulas),
        hidden_rows=tuple(found.hidden_rows),
        hidden_columns=tuple(found.hidden_columns),
    )


def _put_exact(frame: pl.DataFrame, exact: dict[str, tuple[list[int], list[str]]]) -> pl.DataFrame:
    """Replace single cells by their exact text."""
    replaced = []
    for letter, (rows, texts) in exact.items():
        if letter not in frame.columns:
            continue
        places = pl.Series(rows, dtype=pl.UInt32) - 1
        inside = places < frame.height
        column = frame[letter].scatter(
            places.filter(inside), pl.Series(texts, dtype=pl.String).filter(inside)
        )
        replaced.append(column.alias(letter))
    return frame.with_columns(replaced)
