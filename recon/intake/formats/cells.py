"""From the columns that the reading process wrote to a RawSheet.

Here: exact texts put over rounded ones, midnight cut from dates, blank rows left out. Not here:
what any cell means.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from recon.base.models import RawSheet
from recon.intake.formats.letters import index_of
from recon.intake.formats.numbers import plain

if TYPE_CHECKING:
    from pathlib import Path

    from recon.intake.formats.workbook import SheetCells

#: What the fast reader makes of a number whose shortest form has fewer digits.
_NOISE = r"^-?[0-9]{7,}\.[0-9]{1,9}$"
_TESTS = ("long", "dated", "void")
_MIDNIGHT = r"^([0-9]{4}-[0-9]{2}-[0-9]{2}) 00:00:00$"


def sheet_of(found: SheetCells, path: str, arrow: Path) -> RawSheet:
    """Build one sheet.

    Args:
        found: What the reading process told of it.
        path: Path of the file as shown.
        arrow: Its cells, one row per sheet row from row 1.
    """
    frame = pl.read_ipc(arrow.read_bytes())
    long, dated, void = _having(frame)
    if found.is_rounded and long:
        noisy = frame.select(pl.col(long).str.contains(_NOISE).any()).row(0, named=True)
        frame = frame.with_columns(_without_noise(frame[name]) for name in long if noisy[name])
    if found.exact:
        frame = _put_exact(frame, found.exact)
    if dated:
        frame = frame.with_columns(pl.col(name).str.replace(_MIDNIGHT, "${1}") for name in dated)
    if void:
        frame = frame.with_columns(pl.col(name).replace("", None) for name in void)
    names = sorted(frame.columns, key=index_of)
    cells = frame.select(
        pl.int_range(1, pl.len() + 1, dtype=pl.Int64).alias("row_no"), *(pl.col(n) for n in names)
    )
    if names:
        cells = _without_blank(cells, names)
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


def _having(frame: pl.DataFrame) -> tuple[list[str], list[str], list[str]]:
    """Return the columns with a long text, with a moment at midnight, with an empty text."""
    held = frame.select(
        (pl.all().str.len_bytes() > 16).any().name.prefix("long "),
        pl.all().str.ends_with(" 00:00:00").any().name.prefix("dated "),
        (pl.all() == "").any().name.prefix("void "),
    ).to_dicts()
    some = [name.split(" ", 1) for one in held for name, is_so in one.items() if is_so]
    long, dated, void = ([name for test, name in some if test == what] for what in _TESTS)
    return long, dated, void


def _without_blank(cells: pl.DataFrame, names: list[str]) -> pl.DataFrame:
    """Leave out rows without any cell; a frame that has none is not copied."""
    filled = cells.select(pl.any_horizontal(pl.col(n).is_not_null() for n in names)).to_series()
    return cells if filled.all() else cells.filter(filled)


def _without_noise(column: pl.Series) -> pl.Series:
    """Write numbers such as 99999999999.990005493 in their shortest exact form again.

    Nine decimals tell all binary numbers from 2^23 on apart, so nothing is lost. A text of that
    shape is only touched if it is, digit by digit, what the fast reader writes for a number.
    """
    indices = (column.str.contains(_NOISE) & (column.str.len_bytes() > 16)).arg_true()
    texts = []
    for text in column.gather(indices):
        number = float(text)
        is_number = f"{number:.9f}".rstrip("0") == text
        texts.append(plain(number) if is_number else text)
    return column.scatter(indices, pl.Series(texts, dtype=pl.String))


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
