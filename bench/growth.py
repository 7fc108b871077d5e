"""Growth: `uv run python -m bench.growth --sizes county,district,city` prints how cost grows.

Runs `recon check` on each size and form in a process of its own, with one `--memory` for all, and
prints seconds, processor seconds, peak memory and the fitted exponent (cost ~ rows to that power;
1 is linear). `--again` measures a second run of unchanged files against the first instead. Results
go to `bench/results/` as JSON after every run. Not here: the data (`make_data`), starting and
watching a process (`run`).

    uv run python -m bench.growth --sizes county,district,city,region --memory 2GB
    uv run python -m bench.growth --sizes county,city --forms xlsx,csv --again
"""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from bench.make_data import DATA, SIZES, make
from bench.run import RESULTS, run_recon

if TYPE_CHECKING:
    from collections.abc import Sequence

_CACHE = ".recon-cache"


def exponent(rows: Sequence[float], cost: Sequence[float]) -> float | None:
    """Return the power of the number of rows that a cost grows with, by least squares on logs.

    Args:
        rows: Rows of each run.
        cost: What each run cost, in any unit; runs of no cost are left out.

    Returns:
        None where fewer than two sizes are left.
    """
    pairs = [(math.log(x), math.log(y)) for x, y in zip(rows, cost, strict=True) if y > 0]
    if len({x for x, _ in pairs}) < 2:
        return None
    middle_x = sum(x for x, _ in pairs) / len(pairs)
    middle_y = sum(y for _, y in pairs) / len(pairs)
    across = sum((x - middle_x) * (y - middle_y) for x, y in pairs)
    return round(across / sum((x - middle_x) ** 2 for x, _ in pairs), 2)


def measure(folder: Path, size: str, form: str, options: Sequence[str]) -> dict[str, Any]:
    """Run `recon check` once on a size in a form and return its figures."""
    figures = run_recon(folder / form, *options)
    timing = figures["timing"]
    return {
        "size": size,
        "form": form,
        "rows": pl.read_csv(folder / "size.csv")["rows"][0],
        "bytes": sum(one.stat().st_size for one in (folder / form).glob(f"*.{form}")),
        "exceptions": figures["found"].height,
        "load": os.getloadavg()[0] if hasattr(os, "getloadavg") else None,
        **{name: figures[name] for name in ("seconds", "cpu_seconds", "peak_mb")},
        "stages": timing["cpu_seconds"],
        "tables": timing["tables"],
        "rules": timing["rules"],
        "sources": timing["sources"],
    }


def fitted(runs: Sequence[dict[str, Any]]) -> dict[str, dict[str, float | None]]:
    """Return the exponents of each form: of all processor seconds, and of each stage's."""
    found: dict[str, dict[str, float | None]] = {}
    for form in dict.fromkeys(run["form"] for run in runs):
        mine = [run for run in runs if run["form"] == form]
        rows = [run["rows"] for run in mine]
        found[form] = {"cpu_seconds": exponent(rows, [run["cpu_seconds"] for run in mine])}
        found[form] |= {
            "two largest": exponent(rows[-2:], [run["cpu_seconds"] for run in mine][-2:])
        }
        found[form] |= {
            stage: exponent(rows, [run["stages"][stage] for run in mine])
            for stage in mine[0]["stages"]
        }
    return found


def show(runs: Sequence[dict[str, Any]]) -> None:
    """Print the runs as a Markdown table, and the exponents."""
    print("| rows | form | seconds | CPU seconds | CPU µs per row | peak MB | load |")
    print("| ---: | --- | ---: | ---: | ---: | ---: | ---: |")
    for run in runs:
        each = run["cpu_seconds"] / run["rows"] * 1e6
        print(
            f"| {run['rows']:,} | {run['form']} | {run['seconds']:.1f} | {run['cpu_seconds']:.1f} "
            f"| {each:.1f} | {run['peak_mb']:,} | {run['load'] or 0:.0f} |"
        )
    for form, powers in fitted(runs).items():
        told = ", ".join(f"{name} {power}" for name, power in powers.items())
        print(f"exponent, {form}: {told}")


def measure_again(folder: Path, size: str, form: str, options: Sequence[str]) -> dict[str, Any]:
    """Run twice on unchanged files, the first time without a cache, and compare."""
    cache = folder / form / _CACHE
    shutil.rmtree(cache, ignore_errors=True)
    try:
        first, second = (measure(folder, size, form, options) for _ in range(2))
    finally:
        shutil.rmtree(cache, ignore_errors=True)
    ratios = {
        name: round(second[name] / first[name], 2) for name in ("seconds", "cpu_seconds", "peak_mb")
    }
    ratios["read"] = round(second["stages"]["read"] / first["stages"]["read"], 2)
    return {"size": size, "form": form, "first": first, "second": second, "ratios": ratios}


def main() -> None:
    """Measure what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="county,district,city")
    parser.add_argument("--forms", default="csv,parquet")
    parser.add_argument("--memory", default="2GB")
    parser.add_argument("--select", default="", help="rules or families; all without it")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--again", action="store_true")
    chosen = parser.parse_args()
    options = ["--memory", chosen.memory]
    options += ["--select", chosen.select] if chosen.select else []
    runs: list[dict[str, Any]] = []
    RESULTS.mkdir(exist_ok=True)
    kind = "again" if chosen.again else "growth"
    path = RESULTS / f"{kind}-{datetime.now(UTC):%Y%m%dT%H%M%S}.json"
    for size in chosen.sizes.split(","):
        folder = make(size, chosen.seed, chosen.data)
        made = {*SIZES[size].forms, "parquet"}
        for form in (one for one in chosen.forms.split(",") if one in made):
            if chosen.again:
                runs.append(measure_again(folder, size, form, options))
                print(size, form, runs[-1]["ratios"], flush=True)
            else:
                runs.append(measure(folder, size, form, [*options, "--no-cache"]))
                print(f"{size}, {form}: {runs[-1]['cpu_seconds']} CPU s", flush=True)
            record = {
                "machine": {"cores": os.cpu_count(), "system": platform.platform()},
                "options": options,
                "runs": runs,
                "exponents": {} if chosen.again else fitted(runs),
            }
            path.write_text(json.dumps(record, indent=1), encoding="utf-8")
    if not chosen.again:
        show(runs)


if __name__ == "__main__":
    main()
