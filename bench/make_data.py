"""A made federation at three sizes, with labelled truth: `uv run python -m bench.make_data`.

Everything follows from the seed. Clean data obey the base policy to the fen; planted cases break
one rule each, and `truth.parquet` names them (rule, party, period). Not here: running and timing
(see `run`), the rows of one part of the federation (see `parts`).

    uv run python -m bench.make_data --size county            # one workbook per table, and csv
    uv run python -m bench.make_data --size city --seed 7     # csv
"""

from __future__ import annotations

import argparse
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import xlsxwriter

from bench.draws import Draws
from bench.parts import PART_PAYERS, make_part
from recon.tables.registry import specs

if TYPE_CHECKING:
    from collections.abc import Iterator

DATA = Path(__file__).parent / "data"
AS_OF = "2025-06-30"


@dataclass(frozen=True)
class Size:
    """How many payers, and in which forms beside Parquet the tables are written."""

    payers: int
    forms: tuple[str, ...]


SIZES = {
    "tiny": Size(400, ("xlsx", "csv")),
    "county": Size(2_400, ("xlsx", "csv")),
    "district": Size(9_600, ("csv",)),
    "city": Size(26_000, ("csv",)),
    "region": Size(100_000, ("csv",)),
    "province": Size(360_000, ("csv",)),
}

_CONFIG = """\
[self]
name = "示例市总工会"
level = "county"
accounts = ["9900110000000015571"]
receives = ["own", "basic", "prep"]

[check]
from = 2024-01-01
to = 2024-12-31
"""


def make(size: str, seed: int = 1, data: Path = DATA) -> Path:
    """Make the tables of one size unless they are there already.

    Args:
        size: A key of `SIZES`.
        seed: Start of the draws.
        data: Folder of all made data.

    Returns:
        The folder: one subfolder per form, `parquet/` always among them, and `truth.parquet`.
    """
    folder = data / f"{size}-{seed}"
    if (folder / "truth.parquet").exists():
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    plan = SIZES[size]
    for form in (*plan.forms, "parquet"):
        (folder / form).mkdir(parents=True)
        (folder / form / "recon.toml").write_text(_CONFIG, encoding="utf-8")
    draws = Draws(seed)
    truths = []
    rows = 0
    for number, (first, payers) in enumerate(_parts(plan.payers), start=1):
        tables, truth = make_part(draws, first, payers)
        truths.append(truth)
        for name, frame in tables.items():
            rows += frame.height
            stem = (
                specs()[name].zh
                if plan.payers <= PART_PAYERS
                else f"{specs()[name].zh}{number:02d}"
            )
            _write(frame, name, folder, stem, plan.forms)
    pl.DataFrame({"rows": [rows], "payers": [plan.payers]}).write_csv(folder / "size.csv")
    pl.concat(truths).write_parquet(folder / "truth.parquet")
    return folder


def _parts(payers: int) -> Iterator[tuple[int, int]]:
    first = 0
    while first < payers:
        count = min(PART_PAYERS, payers - first)
        yield first, count
        first += count


def _write(frame: pl.DataFrame, name: str, folder: Path, stem: str, forms: tuple[str, ...]) -> None:
    headers = {column.name: column.zh for column in specs()[name].columns}
    frame.write_parquet(folder / "parquet" / f"{name}-{stem}.parquet")
    shown = frame.rename({column: headers[column] for column in frame.columns})
    if "csv" in forms:
        shown.write_csv(
            folder / "csv" / f"{stem}.csv", include_bom=True, datetime_format="%Y-%m-%d %H:%M:%S"
        )
    if "xlsx" in forms:
        _write_workbook(shown, folder / "xlsx" / f"{stem}.xlsx", stem)


def _write_workbook(frame: pl.DataFrame, path: Path, sheet: str) -> None:
    """Write texts as texts and money as numbers, as a ledger's export does."""
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        page = book.add_worksheet(sheet[:31])
        page.write_row(0, 0, frame.columns)
        numeric = [dtype.is_numeric() for dtype in frame.dtypes]
        texts = frame.with_columns(
            pl.col(name).cast(pl.Float64 if number else pl.String)
            for name, number in zip(frame.columns, numeric, strict=True)
        )
        for row_no, row in enumerate(texts.iter_rows(), start=1):
            for place, value in enumerate(row):
                if value is None:
                    continue
                if numeric[place]:
                    page.write_number(row_no, place, value)
                else:
                    page.write_string(row_no, place, value)


def main() -> None:
    """Make the data that the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=SIZES, default="county")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--data", type=Path, default=DATA)
    chosen = parser.parse_args()
    print(make(chosen.size, chosen.seed, chosen.data))


if __name__ == "__main__":
    main()
