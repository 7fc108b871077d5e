"""The benchmark: `uv run python -m bench.run --size county`.

Makes the data if need be, then runs recon and the bare scripts in turn, each in a process of its
own, and prints ratios, shares of the stages, the slowest rules and tables, peak memory, and recon's
counts beside the labelled truth. Results go to `bench/results/` as JSON. Not here: the data
(`make_data`) and the bare scripts (`contenders`).
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import threading
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from time import perf_counter, sleep
from typing import TYPE_CHECKING, Any

import polars as pl
import psutil

from bench.make_data import AS_OF, DATA, SIZES, make

if TYPE_CHECKING:
    from collections.abc import Callable

RESULTS = Path(__file__).parent / "results"
COMMAND = "from recon.cli import command; command()"


def run_child(arguments: list[str], python: str = sys.executable) -> dict[str, Any]:
    """Run a process to its end.

    Args:
        arguments: What follows the interpreter.
        python: The interpreter.

    Returns:
        output, seconds, cpu_seconds (with its own children; 0 where the system does not say) and
        peak_mb, the most that the process and its children held together, sampled.
    """
    busy = sum(os.times()[2:4])
    started = perf_counter()
    child = subprocess.Popen(
        [python, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        cwd=Path(__file__).parents[1],
    )
    peak = [0]
    watcher = threading.Thread(target=_watch, args=(child.pid, peak), daemon=True)
    watcher.start()
    output, errors = child.communicate()
    seconds = perf_counter() - started
    watcher.join(timeout=1)
    if child.returncode not in {0, 1}:
        raise SystemExit(errors)
    return {
        "output": output,
        "seconds": round(seconds, 3),
        "cpu_seconds": round(sum(os.times()[2:4]) - busy, 3),
        "peak_mb": round(peak[0] / 1024**2),
    }


def _watch(pid: int, peak: list[int]) -> None:
    try:
        parent = psutil.Process(pid)
        while parent.is_running() and parent.status() != psutil.STATUS_ZOMBIE:
            held = 0
            for one in (parent, *parent.children(recursive=True)):
                try:
                    held += one.memory_info().rss
                except psutil.Error:
                    continue
            peak[0] = max(peak[0], held)
            sleep(0.05)
    except psutil.Error:
        return


def read_exceptions(run: Path) -> pl.DataFrame:
    """Return rule, party_id, period and amount of a run's exceptions."""
    columns = ["rule", "party_id", "period", "amount"]
    return pl.read_parquet(run / "exceptions.parquet", columns=columns)


def run_recon(
    folder: Path, *options: str, read: Callable[[Path], pl.DataFrame] = read_exceptions
) -> dict[str, Any]:
    """Run `recon check` on a folder and return its figures, timing.json and what it found."""
    with tempfile.TemporaryDirectory(prefix="recon-bench-") as out:
        figures = run_child(
            ["-c", COMMAND, "check", str(folder), "--as-of", AS_OF, "--out", out, "-q", *options]
        )
        run = next(path for path in Path(out).iterdir() if (path / "timing.json").exists())
        timing = json.loads((run / "timing.json").read_text(encoding="utf-8"))
        found = read(run)
    del figures["output"]
    return {**figures, "timing": timing, "found": found}


def run_bare(name: str, folder: Path) -> dict[str, Any]:
    """Run a bare script and return its figures."""
    figures = run_child(["-m", "bench.contenders", name, str(folder)])
    return {"peak_mb": figures["peak_mb"], **json.loads(figures["output"])}


def compare(found: pl.DataFrame, truth: pl.DataFrame) -> pl.DataFrame:
    """Return per planted rule how many cases were planted, found, missed and found beyond.

    Cases of the fee tables are compared by party and period, the others by number.
    """
    rows = []
    for (rule,), planted in truth.group_by("rule", maintain_order=True):
        mine = found.filter(pl.col("rule") == rule)
        missed, beyond = max(0, planted.height - mine.height), max(0, mine.height - planted.height)
        keys = ["party_id", "period"] if planted["period"].null_count() == 0 else ["party_id"]
        if planted["party_id"].null_count() == 0:
            missed = planted.join(mine, on=keys, how="anti").height
            beyond = mine.join(planted, on=keys, how="anti").height
        rows.append((rule, planted.height, mine.height, missed, beyond))
    names = ["rule", "planted", "found", "missed", "beyond"]
    return pl.DataFrame(rows, schema=names, orient="row").sort("rule")


def measure(folder: Path, form: str, repeats: int) -> dict[str, Any]:
    """Run everything in turn, several times, so that noise falls on all alike."""
    runs: dict[str, list[dict[str, Any]]] = {"recon": [], "read": [], "rem02": [], "only": []}
    for _ in range(repeats):
        runs["recon"].append(run_recon(folder / form, "--no-cache"))
        runs["read"].append(run_bare("read", folder / form))
        runs["only"].append(run_recon(folder / form, "--no-cache", "--select", "REM-02"))
        runs["rem02"].append(run_bare("rem02", folder))
    whole = sorted(runs["recon"], key=lambda one: one["cpu_seconds"])[(repeats - 1) // 2]
    truth = compare(whole["found"], pl.read_parquet(folder / "truth.parquet"))
    for one in (*runs["recon"], *runs["only"]):
        del one["found"]
    timing = whole["timing"]
    intake = median(one["timing"]["cpu_seconds"]["read"] for one in runs["recon"])
    rules = median(one["timing"]["cpu_seconds"]["rules"] for one in runs["only"])
    read = median(one["cpu_seconds"] for one in runs["read"])
    rem02 = median(one["cpu_seconds"] for one in runs["rem02"])
    return {
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": {
            "cores": os.cpu_count(),
            "system": platform.platform(),
            "python": platform.python_version(),
            "load": os.getloadavg() if hasattr(os, "getloadavg") else None,
        },
        "seconds": whole["seconds"],
        "cpu_seconds": whole["cpu_seconds"],
        "peak_mb": max(one["peak_mb"] for one in runs["recon"]),
        "stages": {"seconds": timing["seconds"], "cpu_seconds": timing["cpu_seconds"]},
        "rules": timing["rules"],
        "tables": timing["tables"],
        "intake": {"recon_cpu": intake, "bare_cpu": read, "ratio": round(intake / read, 2)},
        "rem02": {"recon_cpu": rules, "bare_cpu": rem02, "ratio": round(rules / rem02, 2)},
        "truth": truth.to_dicts(),
        "runs": runs,
    }


def show(figures: dict[str, Any], size: str, form: str, rows: int) -> None:
    """Print the figures as tables."""
    lines = [
        f"{size}, {form}: {rows:,} rows",
        "recon check: {seconds} s, {cpu_seconds} cpu s, peak {peak_mb} MB".format(**figures),
        f"intake / bare read: {figures['intake']}",
        f"REM-02 rule stage / bare DuckDB script: {figures['rem02']}",
        "",
        "stage        seconds      cpu    share of cpu",
    ]
    stages = figures["stages"]
    total = sum(stages["cpu_seconds"].values())
    rest = round(figures["cpu_seconds"] - total, 2)
    lines.append(f"start, write {'':6} {rest:8.2f}   (not part of the shares)")
    for name, took in stages["seconds"].items():
        busy = stages["cpu_seconds"][name]
        lines.append(f"{name:10} {took:9.2f} {busy:8.2f} {busy / total:14.0%}")
    for what in ("rules", "tables"):
        slowest = sorted(figures[what].items(), key=lambda one: -one[1])[:15]
        lines += ["", f"slowest {what} (seconds)"]
        lines += [f"  {name:28} {took:8.3f}" for name, took in slowest]
    lines += ["", "truth        planted    found   missed   beyond"]
    lines += [
        f"{one['rule']:10} {one['planted']:9} {one['found']:8} {one['missed']:8} {one['beyond']:8}"
        for one in figures["truth"]
    ]
    print("\n".join(lines))


def main() -> None:
    """Measure what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=SIZES, default="county")
    parser.add_argument("--form", choices=("xlsx", "csv"), default=None)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--repeats", type=int, default=1)
    parser.add_argument("--data", type=Path, default=DATA)
    chosen = parser.parse_args()
    folder = make(chosen.size, chosen.seed, chosen.data)
    rows = pl.read_csv(folder / "size.csv")["rows"][0]
    for form in [chosen.form] if chosen.form else SIZES[chosen.size].forms:
        figures = measure(folder, form, chosen.repeats)
        show(figures, chosen.size, form, rows)
        RESULTS.mkdir(exist_ok=True)
        name = f"{chosen.size}-{form}-{datetime.now(UTC):%Y%m%dT%H%M%S}.json"
        (RESULTS / name).write_text(
            json.dumps({"size": chosen.size, "form": form, "rows": rows, **figures}, indent=1),
            encoding="utf-8",
        )


if __name__ == "__main__":
    main()
