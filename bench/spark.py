"""The rules on a real Apache Spark 4: `uv run --group spark python -m bench.spark --size county`.

Starts a standalone master, two workers and a Spark Connect server on loopback (see `cluster`), runs
`recon check` on DuckDB, on Spark, and on Spark once more while one worker is killed in the middle
(`--once`: leaves that out), and compares the result files byte for byte. Prints and writes to
`bench/results/` what it measured. `--folder` takes a county's folder that is there, such as one of
`bench.region`, instead of made data; `--on sail` the Spark Connect server of that name instead of
Apache Spark. Spark is a `pyspark` package in an environment of its own (`.venv-spark4`); Java 17
must be there. Not here: a roll-up on it (`spark_rollup`).
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter, sleep
from typing import TYPE_CHECKING, Any

import psutil

from bench.cluster import Running, cluster, kill, spark_home
from bench.make_data import AS_OF, DATA, SIZES, make
from bench.run import RESULTS

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
#: What must be equal to the byte, whichever engine computed it.
COMPARED = ("exceptions.parquet", "exceptions.csv", "matches.parquet", "control.json", "run.json")


def command() -> str:
    """Return the command beside this interpreter; pyspark takes `python -c` for a doctest."""
    found = shutil.which("recon", path=str(Path(sys.executable).parent))
    if found is None:
        raise SystemExit(f"no recon beside {sys.executable}")
    return found


def check(
    folder: Path, out: Path, options: list[str], kill_after: int = 0, running: Running | None = None
) -> dict[str, Any]:
    """Run `recon check` to its end.

    Args:
        folder: The inputs.
        out: The output folder.
        options: Further options.
        kill_after: Kill the first worker when so many tables lie finished in the shared folder.
        running: The cluster, where a worker is to be killed.

    Returns:
        seconds, driver_peak_mb, stages, tables that Spark finished, after how many of them the
        worker was killed, and the bytes of the files that are compared.
    """
    words = ["check", str(folder), "--as-of", AS_OF, "--out", str(out), "-q", "--no-cache"]
    started = perf_counter()
    child = psutil.Popen(
        [command(), *words, *options],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        cwd=ROOT,
    )
    peak = killed = made = 0
    while child.poll() is None:
        sleep(0.1)
        try:
            peak = max(peak, child.memory_info().rss)
        except psutil.Error:
            continue
        with suppress(OSError):  # folders come and go while it looks
            made = max(made, len(list(out.glob("*/spark/*/_SUCCESS"))))
        if running and kill_after and made >= kill_after and not killed:
            ended = kill(running.workers[0])
            killed = made
            print(f"killed worker 1 ({ended} processes) when {made} tables were finished")
    if child.returncode not in {0, 1}:
        raise SystemExit(child.stderr.read().decode("utf-8"))
    run = next(path.parent for path in out.glob("*/timing.json"))
    timing = json.loads((run / "timing.json").read_text(encoding="utf-8"))
    return {
        "seconds": round(perf_counter() - started, 1),
        "driver_peak_mb": round(peak / 1024**2),
        "stages": timing["seconds"],
        "driver_cpu": timing["cpu_seconds"],
        "tables": made,
        "killed_after": killed,
        "files": {name: (run / name).read_bytes() for name in COMPARED},
    }


def cpu_of(running: Running) -> float:
    """Return the processor seconds that the living processes of a cluster have used."""
    used = 0.0
    for process in running.processes:
        if process.is_running():
            for one in (process, *process.children(recursive=True)):
                times = one.cpu_times()
                used += times.user + times.system
    return round(used, 1)


@contextmanager
def server(on: str, venv: Path, logs: Path, memory: str) -> Iterator[Running]:
    """Yield a running server: Apache Spark of an environment, or Sail inside this process."""
    if on == "apache":
        with cluster(spark_home(venv), logs, memory) as running:
            yield running
        return
    here = importlib.import_module("pysail.spark").SparkConnectServer(ip="127.0.0.1", port=0)
    here.start(background=True)
    try:
        address = f"sc://127.0.0.1:{here.listening_address[1]}"
        yield Running(venv, logs, on, address, [psutil.Process()])
    finally:
        here.stop()


def measure(chosen: argparse.Namespace, folder: Path, options: list[str]) -> dict[str, Any]:
    """Run on DuckDB, on Spark, and, if asked for, on Spark with a worker killed half way."""
    with tempfile.TemporaryDirectory(prefix="recon-spark-") as name:
        work = Path(name).resolve()
        for part in ("logs", "data"):
            (work / part).mkdir()
        results = {"duckdb": check(folder, work / "duckdb", options)}
        print(shown("duckdb", results["duckdb"]), flush=True)
        started = perf_counter()
        with server(chosen.on, chosen.spark, work / "logs", chosen.memory) as running:
            start = round(perf_counter() - started, 1)
            print(f"cluster up in {start} s: {running.master}, {running.address}", flush=True)
            there = [*options, "--engine", "spark", "--master", running.address]
            before = cpu_of(running)
            results["spark"] = check(folder, work / "spark", there)
            results["spark"]["cluster_cpu"] = round(cpu_of(running) - before, 1)
            print(shown("spark", results["spark"]), flush=True)
            if not chosen.once:
                half = max(1, results["spark"]["tables"] // 2)
                results["killed"] = check(folder, work / "killed", there, half, running)
                print(shown("killed", results["killed"]), flush=True)
        expected = results["duckdb"].pop("files")
        for one in results.keys() - {"duckdb"}:
            mine = results[one].pop("files")
            results[one]["different"] = [name for name in COMPARED if mine[name] != expected[name]]
    return {"cluster_start": start, **results}


def shown(name: str, one: dict[str, Any]) -> str:
    """Return the figures of a run as one line."""
    stages = ", ".join(f"{stage} {took:.1f}" for stage, took in one["stages"].items())
    return (
        f"{name:8} {one['seconds']:8.1f} s (stages: {stages}), "
        f"driver {one['driver_peak_mb']} MB, cluster {one.get('cluster_cpu', 0)} cpu s"
    )


def main() -> None:
    """Measure what the command line asks for; exit status 1 if a result differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=SIZES, default="tiny")
    parser.add_argument("--select", default="", help="codes of rules, as for recon check")
    parser.add_argument("--memory", default="1g", help="of each of the two executors")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--spark", type=Path, default=ROOT / ".venv-spark4")
    parser.add_argument("--folder", type=Path, help="a county's folder, instead of made data")
    parser.add_argument("--on", choices=("apache", "sail"), default="apache")
    parser.add_argument("--once", action="store_true", help="no run with a worker killed")
    chosen = parser.parse_args()
    chosen.once |= chosen.on == "sail"
    folder = chosen.folder or make(chosen.size, chosen.seed, chosen.data) / "csv"
    options = ["--select", chosen.select] if chosen.select else []
    figures = measure(chosen, folder.resolve(), options)
    figures |= {
        "size": chosen.folder.name if chosen.folder else chosen.size,
        "on": chosen.on,
        "select": chosen.select,
        "load": os.getloadavg() if hasattr(os, "getloadavg") else None,
    }
    wrong = [
        f"{one}: {figures[one]['different']}"
        for one in ("spark", "killed")
        if figures.get(one, {}).get("different")
    ]
    if not chosen.once and not figures["killed"]["killed_after"]:
        wrong.append("no worker was killed: the run was over too soon")
    print("\n".join(wrong) or "identical: " + ", ".join(COMPARED))
    RESULTS.mkdir(exist_ok=True)
    name = f"spark-{figures['size']}-{datetime.now(UTC):%Y%m%dT%H%M%S}.json"
    (RESULTS / name).write_text(json.dumps(figures, indent=1), encoding="utf-8")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
