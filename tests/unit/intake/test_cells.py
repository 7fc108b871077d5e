"""What the reading process wrote becomes cells as people see them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from recon.intake.formats.cells import sheet_of
from recon.intake.formats.child import _write
from recon.intake.formats.workbook import SheetCells

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl


def _sheet(tmp_path: Path, table: pa.Table, **facts: object) -> pl.DataFrame:
    _write(table, tmp_path / "0.arrow")
    found = SheetCells("S", hidden=False, table=None, **facts)  # type: ignore[arg-type]
    return sheet_of(found, "a.xlsx", tmp_path / "0.arrow").cells


def test_numbers_moments_blanks_and_exact_texts(tmp_path: Path) -> None:
    long = "一个很长的单位名称有限公司"
    table = pa.table(
        {
            "B": ["99999999999.990005493", "12345678.1234567891234", long],
            "A": ["2024-03-05 00:00:00", "", "2024-03-05 00:00:01"],
            "C": ["0.1", "0.5", None],
        }
    )
    cells = _sheet(
        tmp_path, table, is_rounded=True, exact={"C": ([1, 9], ["0.1000000000001", "x"])}
    )
    assert cells.to_dict(as_series=False) == {
        "row_no": [1, 2, 3],
        "A": ["2024-03-05", None, "2024-03-05 00:00:01"],
        "B": ["99999999999.99", "12345678.1234567891234", long],
        "C": ["0.1000000000001", "0.5", None],
    }


def test_a_sheet_without_cells_stays_empty(tmp_path: Path) -> None:
    assert _sheet(tmp_path, pa.table({}), is_rounded=True).columns == ["row_no"]
