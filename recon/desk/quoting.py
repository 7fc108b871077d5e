"""The source rows of an exception as the panel shows them: cells under their headers, some marked.

Here: which cells decide: those that hold a number of the formula. Not here: reading the files again
(see `recon.output.quoted`).
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from itertools import groupby
from typing import TYPE_CHECKING, Any

from recon.output.quoted import QuotedRow, quote_places

if TYPE_CHECKING:
    from pathlib import Path

    from recon.desk.place import Place

#: So many rows are quoted; the others are listed in exceptions.csv.
MOST = 20
_NUMBER = re.compile(r"[0-9][0-9,]*(?:\.[0-9]+)?")


def quoted(place: Place, run: Path, row: dict[str, Any]) -> dict[str, Any]:
    """Return what is quoted of the rows that an exception rests on.

    Shape: `tables` (a file's sheet each: `place`, `headers`, `rows` of number and cells, each a
    text and whether it decides), `listed` (places without cells, and why) and `rest` (how many
    more there are).

    Raises:
        RunAlteredError: A file of the run is not what was written.
    """
    found = list(quote_places(run, row["evidence"][:MOST], place.data_dir).values())
    numbers = _numbers(row)
    read = [one for one in found if one.cells]
    tables = [_table(list(rows), numbers) for _, rows in groupby(read, key=_head)]
    listed = [(one.place, one.why) for one in found if not one.cells]
    return {"tables": tables, "listed": listed, "rest": max(0, len(row["evidence"]) - MOST)}


def _head(row: QuotedRow) -> tuple[str, str | None, tuple[str, ...]]:
    return row.file, row.sheet, tuple(header for header, _ in row.cells)


def _table(rows: list[QuotedRow], numbers: set[Decimal | None]) -> dict[str, Any]:
    first = rows[0]
    return {
        "place": first.file + (f"#{first.sheet}" if first.sheet else ""),
        "headers": [header for header, _ in first.cells],
        "rows": [
            (one.row_no, [(text, _number(text) in numbers) for _, text in one.cells])
            for one in rows
        ],
    }


def _numbers(row: dict[str, Any]) -> set[Decimal | None]:
    """Return the numbers that an exception is computed from."""
    said = [row[name] for name in ("amount", "expected", "actual") if row[name] is not None]
    texts = [*map(str, said), *_NUMBER.findall(row["formula"] or "")]
    found = {_number(text) for text in texts}
    return {one for one in found if one is not None and abs(one) > 1}


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text.replace(",", "").strip().lstrip("¥￥")).normalize()
    except InvalidOperation:
        return None
