"""The roll-up benchmark: `uv run python -m bench.rollup FOLDER --jobs 1,4 --memory 4GB`.

Rolls a made region (`bench.region`) up from nothing, once for each number of counties at a time.
Printed: seconds, processor seconds, the peak of all processes together, the load before; then
whether each figure is the sum of the counties' exceptions, read anew, and which planted crosses
were found, missed and found beyond. Not here: making the region.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import shutil
from decimal import Decimal
from pathlib import Path

import openpyxl
import polars as pl

from bench.make_data import AS_OF
from bench.run import COMMAND, run_child

OUT = "recon-rollup"


def forget(region: Path) -> None:
    """Remove all that earlier runs left, so that every county is stale."""
    for path in (*region.glob("*/recon-out"), *region.glob("*/.recon-cache"), region / OUT):
        shutil.rmtree(path, ignore_errors=True)


def is_summed(region: Path) -> bool:
    """Return whether the city's sums are those of all counties' counted exceptions, to the fen."""
    control = json.loads((region / OUT / "control.json").read_text(encoding="utf-8"))
    own: dict[str, Decimal] = {}
    for one in control["counties"]:
        run = region / one["county"] / "recon-out" / one["run_id"]
        rows = pl.read_parquet(run / "exceptions.parquet").filter("counted")
        for direction, amount in rows.select("direction", "amount").iter_rows():
            own[direction] = own.get(direction, Decimal(0)) + amount
    return {one["direction"]: Decimal(one["amount"]) for one in control["city"]} == own


def crosses(region: Path) -> tuple[int, int, int]:
    """Return how many planted crosses were found, missed, and how many were found beyond."""
    sheet = openpyxl.load_workbook(region / OUT / "rollup.xlsx")["跨县线索"]
    rows = list(sheet.iter_rows(min_row=3, values_only=True))
    found = {(str(row[1]), str(row[3]), str(row[4])) for row in rows}
    with (region / "truth.csv").open(encoding="utf-8") as file:
        planted = {tuple(row) for row in list(csv.reader(file))[1:]}
    return len(found & planted), len(planted - found), len(found - planted)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("region", type=Path)
    parser.add_argument("--jobs", default="1,4")
    parser.add_argument("--memory", default="4GB")
    given = parser.parse_args()
    region = given.region.resolve()
    for jobs in given.jobs.split(","):
        forget(region)
        load = os.getloadavg()[0]
        asked = ["rollup", str(region), "--as-of", AS_OF, "--jobs", jobs, "--memory", given.memory]
        for what in ("all stale", "all kept"):
            taken = run_child(["-c", COMMAND, *asked, "-q"])
            took = f"{taken['seconds']:.1f} s, {taken['cpu_seconds']:.1f} CPU s"
            said = f"{jobs} at a time, {what}, load {load:.0f}"
            print(f"{said}: {took}, {taken['peak_mb']} MB", flush=True)
        found, missed, beyond = crosses(region)
        said = f"found {found}, missed {missed}, beyond {beyond}"
        print(f"sums proven: {is_summed(region)}; crosses {said}", flush=True)


if __name__ == "__main__":
    main()
