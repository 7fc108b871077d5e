"""整改事项 of the input folder as a file of the run: problems that people raised, with an id each.

Here: the ids, masking, and reading the file again. Not here: papers (`recon.report`), closing
(`recon.ledger`).
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import polars as pl

from recon.tables.masking import mask_patterns, mask_value
from recon.tables.registry import specs

if TYPE_CHECKING:
    from pathlib import Path

    from recon.base.models import CheckResult

ITEMS_FILE = "items.parquet"
TABLE = "rectification_item"


def manual_items(result: CheckResult) -> pl.DataFrame:
    """Return the items of the folder.

    Shape: item_id (16 hex of area and number, stable across runs) and the columns of 整改事项, in
    the order of the files; of two rows of one area and number the later.
    """
    rows = result.intake.rows.get(TABLE)
    schema = {"item_id": pl.String(), **specs()[TABLE].schema}
    if rows is None or not rows.height:
        return pl.DataFrame(schema=schema)
    found = rows.frame().sort("row_id")
    key = pl.struct("area", "item_no")
    found = found.unique(["area", "item_no"], keep="last", maintain_order=True).with_columns(
        item_id=key.map_elements(_id, return_dtype=pl.String)
    )
    if result.request.mask:
        kinds = {column.name: column.shown_as for column in specs()[TABLE].columns}
        texts = [name for name, dtype in found.schema.items() if dtype == pl.String()]
        found = found.with_columns(
            mask_value(pl.col(name), pl.lit(kinds[name])) if kinds.get(name) == "person"
            else mask_patterns(pl.col(name))
            for name in texts if name != "item_id"
        )  # fmt: skip
    return found.select(pl.col(name).cast(dtype) for name, dtype in schema.items())


def _id(row: dict[str, str]) -> str:
    return hashlib.sha256(f"{TABLE}\n{row['area']}\n{row['item_no']}".encode()).hexdigest()[:16]


def read_items(run: Path) -> pl.DataFrame:
    """Return the items that a run kept; empty where the folder had none."""
    path = run / ITEMS_FILE
    if path.is_file():
        return pl.read_parquet(path)
    return pl.DataFrame(schema={"item_id": pl.String(), **specs()[TABLE].schema})
