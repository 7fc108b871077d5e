"""Jumps from the evidence of an exception to the cell of the file that it names.

Here: which file and cell a jump opens, as seen from the run folder. Not here: how it is written
into the workbook (see `splice`).
"""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import quote

import polars as pl
from xlsxwriter.utility import xl_col_to_name

from recon.output.sheets import EVIDENCE
from recon.output.splice import MOST_LINKS, Links

if TYPE_CHECKING:
    from recon.base.models import CheckResult
    from recon.output.sheets import SheetPlan

#: Programs open these at a cell; any other file is opened as a whole.
_WITH_CELLS = ("xlsx", "xls", "xlsb", "ods", "et")
_PLACE = r"^(?<file>.+?)(?:#(?<sheet>.+))?!(?<row>[0-9]+)$"
_ARCHIVE = ".zip"


def evidence_links(result: CheckResult, plan: SheetPlan) -> Links | None:
    """Return the jumps of a sheet's evidence: to the first place that each row names.

    Args:
        result: The finished run.
        plan: A sheet; one without evidence has none.

    Returns:
        Jumps for the first `MOST_LINKS` rows, but not to a file that the run does not know.
    """
    headers = [column.header for column in plan.columns]
    if EVIDENCE not in headers or "evidence" not in plan.frame.columns:
        return None
    # a name that is printed masked leads nowhere
    known = [(each.path, each.true_type) for each in result.intake.files if "*" not in each.path]
    files = pl.DataFrame(
        [(path, *_opened(result, path), kind in _WITH_CELLS) for path, kind in known],
        schema={"file": pl.String, "url": pl.String, "is_whole": pl.Boolean, "cells": pl.Boolean},
        orient="row",
    )
    place = pl.col("evidence").list.first().str.extract_groups(_PLACE)
    quoted = pl.col("sheet").str.replace_all("'", "''", literal=True)
    jump = pl.format("'{}'!A{}", quoted, pl.col("row_no"))
    has_cell = pl.col("cells") & pl.col("is_whole") & pl.col("sheet").is_not_null()
    targets = (
        plan.frame.head(MOST_LINKS)
        .select(place.alias("place"))
        .with_row_index("row", offset=2)
        .select(
            "row",
            file=pl.col("place").struct.field("file"),
            sheet=pl.col("place").struct.field("sheet"),
            row_no=pl.col("place").struct.field("row"),
        )
        .join(files.unique("file"), on="file", how="inner", maintain_order="left")
        .select("row", "url", place=pl.when(has_cell).then(jump))
    )
    return Links(xl_col_to_name(headers.index(EVIDENCE)), targets)


def _opened(result: CheckResult, path: str) -> tuple[str, bool]:
    """Return the address of a file as seen from the run folder, and whether it is no archive."""
    parts = PurePosixPath(path).parts
    inside = next(
        (n for n, part in enumerate(parts[:-1], 1) if part.lower().endswith(_ARCHIVE)), None
    )
    file = result.request.data_dir.joinpath(*parts[:inside])
    try:
        there = Path(os.path.relpath(file, result.run_dir)).as_posix()
    except ValueError:  # another drive of Windows
        return file.absolute().as_uri(), inside is None
    return quote(there), inside is None
