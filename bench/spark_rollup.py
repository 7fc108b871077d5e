"""A roll-up on Spark beside DuckDB: `uv run --group spark python -m bench.spark_rollup FOLDER`.

Rolls a made region (`bench.region`) up from nothing by both engines under one city key, and
compares what they give: each county's run and register to the byte, the leads across counties and
the city's `control.json`. `--on apache` starts a cluster as `bench.spark` does, `--on sail` the
server of that name. `--select` has the counties' own rules narrowed in each `recon.toml`: all of a
county's rules take Apache Spark some twenty minutes (`bench.spark`). Not here: one county
(`spark`), how long DuckDB takes (`rollup`).
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import openpyxl

from bench.make_data import AS_OF
from bench.rollup import OUT, crosses, forget, is_summed
from bench.run import run_child
from bench.spark import COMPARED, ROOT, command, cpu_of, server

_KEY = "rollup.key"


def roll_up(region: Path, options: list[str]) -> tuple[dict[str, Any], str]:
    """Roll a region up from nothing, under the key that it had.

    Returns:
        What must be equal, by a name, and the figures as a sentence.
    """
    key = (region / OUT / _KEY).read_bytes() if (region / OUT / _KEY).exists() else None
    forget(region)
    if key:
        (region / OUT).mkdir()
        (region / OUT / _KEY).write_bytes(key)
    took = run_child([command(), "rollup", str(region), "--as-of", AS_OF, "-q", *options])
    found, missed, beyond = crosses(region)
    said = (
        f"{took['seconds']:.0f} s, {took['cpu_seconds']:.1f} CPU s of the driver, "
        f"{took['peak_mb']} MB; sums proven: {is_summed(region)}; "
        f"crosses found {found}, missed {missed}, beyond {beyond}"
    )
    runs = [next(path.glob("recon-out/*/run.json")).parent for path in sorted(region.glob("县*"))]
    given: dict[str, Any] = {
        f"{run.parents[1].name}/{name}": (run / name).read_bytes()
        for run in runs
        for name in COMPARED
    }
    given |= {
        path.name: path.read_bytes() for path in (region / OUT / "counties").glob("*.parquet")
    }
    given["control.json"] = (region / OUT / "control.json").read_bytes()
    book = openpyxl.load_workbook(region / OUT / "rollup.xlsx")
    given["cells of rollup.xlsx"] = {one.title: list(one.values) for one in book}
    return given, said


def main() -> None:
    """Roll up by both engines; exit status 1 if anything differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("region", type=Path)
    parser.add_argument("--on", choices=("apache", "sail"), default="apache")
    parser.add_argument("--memory", default="1g", help="of each of the two executors")
    parser.add_argument("--spark", type=Path, default=ROOT / ".venv-spark4")
    parser.add_argument("--select", default="", help="codes of the counties' rules, with commas")
    chosen = parser.parse_args()
    region = chosen.region.resolve()
    for config in region.glob("*/recon.toml") if chosen.select else ():
        text = config.read_text(encoding="utf-8").partition("\n[rules]")[0]
        narrowed = f"{text}\n[rules]\nselect = {json.dumps(chosen.select.split(','))}\n"
        config.write_text(narrowed, encoding="utf-8")
    expected, said = roll_up(region, [])
    print(f"duckdb: {said}", flush=True)
    with tempfile.TemporaryDirectory(prefix="recon-spark-") as name:
        logs = Path(name).resolve()
        with server(chosen.on, chosen.spark, logs, chosen.memory) as running:
            before = cpu_of(running)
            there = ["--engine", "spark", "--master", running.address, "--jobs", "1"]
            given, said = roll_up(region, there)
            print(f"{chosen.on}: {said}; server {cpu_of(running) - before:.0f} CPU s", flush=True)
    different = sorted(
        name for name in expected.keys() | given if expected.get(name) != given.get(name)
    )
    print("different: " + ", ".join(different) if different else f"identical: {len(given)} files")
    sys.exit(bool(different))


if __name__ == "__main__":
    main()
