"""Sheets built by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from recon.base.models import Intake, RawSheet, SourceMapping
from recon.intake.pipeline import join_sheets
from recon.intake.sheets.understanding import understand_parts

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def letter_of(place: int) -> str:
    """Return the letter of a column counted from 0."""
    text, number = "", place + 1
    while number:
        number, rest = divmod(number - 1, 26)
        text = chr(65 + rest) + text
    return text


def build_sheet(
    rows: Sequence[Sequence[str | None]],
    path: str = "a.xlsx",
    sheet: str | None = "Sheet1",
    **facts: Any,
) -> RawSheet:
    """Return a sheet whose first row is row 1; "" is a blank cell."""
    width = max((len(row) for row in rows), default=1) or 1
    letters = [letter_of(place) for place in range(width)]
    cells: dict[str, list[Any]] = {"row_no": list(range(1, len(rows) + 1))}
    for place, letter in enumerate(letters):
        cells[letter] = [(row[place] or None) if place < len(row) else None for row in rows]
    schema = {"row_no": pl.Int64, **dict.fromkeys(letters, pl.String)}
    given: dict[str, Any] = {"file_id": 1, "hidden": False, "rows_total": len(rows)} | facts
    return RawSheet(path=path, sheet=sheet, cells=pl.DataFrame(cells, schema=schema), **given)


@pytest.fixture
def raw() -> Callable[..., RawSheet]:
    """Build a sheet from rows of cells."""
    return build_sheet


@pytest.fixture
def load() -> Callable[..., Intake]:
    """Take one sheet through the intake."""

    def run(
        rows: Sequence[Sequence[str | None]],
        path: str = "a.xlsx",
        sheet: str | None = "Sheet1",
        sources: tuple[SourceMapping, ...] = (),
        **facts: Any,
    ) -> Intake:
        return join_sheets((), understand_parts(build_sheet(rows, path, sheet, **facts), sources))

    return run
