"""recon beside other tools, in one run: `uv run python -m bench.against --size county`.

Makes the data if need be, then runs in turn, each in a process of its own: `recon check` with five
rules; the same five as a bare DuckDB script, a polars script, a pandas script and the tests of a
dbt project; the one of them that compares two sides by datacompy; and the checks of one table by
recon and by Great Expectations. Checks that all agree on the exceptions, prints a table of ratios
and writes `bench/results/`. Not here: what each tool does (see `bench.rivals`).
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

import polars as pl

from bench.make_data import DATA, SIZES, make
from bench.rivals.five import FINDINGS
from bench.run import RESULTS, run_child, run_recon
from bench.statements import of_rules

ROOT = Path(__file__).parents[1]
#: Name in the table, module, whether it runs in the environment of the rivals.
SCRIPTS = (
    ("bare DuckDB script", "duckdb_script", False),
    ("polars script", "polars_script", False),
    ("pandas script", "pandas_script", True),
    ("dbt-duckdb tests", "dbt_project", True),
    ("datacompy (REM-06 only)", "datacompy_script", True),
)
FIVE, WHOLE = "recon, five rules", "recon, the whole run"
CHECKED, EXPECTED = "recon, checks of one table", "Great Expectations"
_KEY = ["rule", "party_id", "period", "amount"]
_TABLE = "工会经费代收明细"


def rivals_python(folder: Path) -> str:
    """Return the interpreter of the rivals' environment, which is made if it is not there."""
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not python.exists():
        listed = Path(__file__).parent / "rivals" / "requirements.txt"
        subprocess.run(["uv", "venv", "--quiet", str(folder)], check=True)
        subprocess.run(
            ["uv", "pip", "install", "--quiet", "--python", str(python), "-r", str(listed)],
            check=True,
        )
    return str(python)


def damaged(folder: Path) -> Path:
    """Return a folder with the collection table alone, one row in a thousand bad in four ways."""
    made = folder / "damaged"
    if not made.exists():
        made.mkdir()
        (source,) = sorted((folder / "csv").glob(f"{_TABLE}*.csv"))[:1]
        rows = pl.read_csv(source, infer_schema=False).with_row_index("at")
        faults = {
            "实缴金额": (10, None),
            "费款所属期起": (20, "2024-13-45"),
            "计费依据": (30, "九九"),
            "社会信用代码(纳税人识别号)": (40, "12345"),
        }
        rows.with_columns(
            pl.when(pl.col("at") % 1000 == place).then(pl.lit(bad)).otherwise(name).alias(name)
            for name, (place, bad) in faults.items()
        ).drop("at").write_csv(made / f"{_TABLE}.csv", include_bom=True)
    return made


def run_rival(module: str, folder: Path, python: str) -> dict[str, Any]:
    """Run one rival and return its figures and what it found."""
    with tempfile.TemporaryDirectory(prefix="recon-bench-") as out:
        target = Path(out) / "found.parquet"
        child = run_child(["-m", f"bench.rivals.{module}", str(folder), str(target)], python)
        own = json.loads(child["output"].splitlines()[-1])
        found = pl.read_parquet(target)
    return {"process_cpu": child["cpu_seconds"], "peak_mb": child["peak_mb"], **own, "found": found}


def _faulty(run: Path) -> pl.DataFrame:
    """Return the rows of the file that a run rejected or found fault with."""
    found = [
        pl.read_parquet(run / name, columns=["row_no"])
        for name in ("rejected.parquet", "quality.parquet")
    ]
    return pl.concat(found).unique().sort("row_no")


def _figures(run: dict[str, Any], stages: tuple[str, ...]) -> dict[str, Any]:
    """Return the figures of some stages of a run of recon."""
    timing = run["timing"]
    return {
        "process_cpu": run["cpu_seconds"],
        "peak_mb": run["peak_mb"],
        "seconds": round(sum(timing["seconds"][stage] for stage in stages), 3),
        "cpu_seconds": round(sum(timing["cpu_seconds"][stage] for stage in stages), 3),
        "found": run["found"],
    }


def once(folder: Path, form: str, python: str) -> dict[str, dict[str, Any]]:
    """Run everything once, in turn."""
    five = ",".join(FINDINGS)
    run = run_recon(folder / form, "--select", five, "--no-cache")
    alone = run_child(["-m", "bench.statements", str(folder / form), "--select", five])
    took = round(of_rules(json.loads(alone["output"].splitlines()[-1]), FINDINGS), 3)
    whole = _figures(run, ("rules", "list"))
    runs = {FIVE: whole | {"seconds": took, "cpu_seconds": took}}
    runs[WHOLE] = whole | {"seconds": run["seconds"], "cpu_seconds": run["cpu_seconds"]}
    for name, module, elsewhere in SCRIPTS:
        runs[name] = run_rival(module, folder, python if elsewhere else sys.executable)
    bad = damaged(folder)
    checked = run_recon(bad, "--select", "REM-03", "--no-cache", read=_faulty)
    runs[CHECKED] = _figures(checked, ("read",))
    runs[EXPECTED] = run_rival("expectations", bad, python)
    runs[CHECKED]["rows"] = runs[EXPECTED]["rows"]
    for name in (FIVE, "dbt-duckdb tests"):
        runs[name]["rows"] = runs["bare DuckDB script"]["rows"]
    runs[WHOLE]["rows"] = pl.read_csv(folder / "size.csv")["rows"][0]
    return runs


def disagreements(runs: dict[str, dict[str, Any]]) -> list[str]:
    """Return who found other exceptions (rule, party, period, amount) or rows than recon."""
    wrong = []
    money = pl.col("amount").cast(pl.Decimal(38, 2))
    ours = runs[FIVE]["found"].with_columns(money).select(_KEY).sort(_KEY)
    for name, module, _ in SCRIPTS:
        mine = ours.filter(pl.col("rule") == "REM-06") if module == "datacompy_script" else ours
        found = runs[name]["found"].with_columns(money).select(_KEY).sort(_KEY)
        if not found.equals(mine):
            wrong.append(f"{name}: {found.height} exceptions, recon {mine.height}")
    rows, expected = (set(runs[name]["found"]["row_no"]) for name in (CHECKED, EXPECTED))
    if rows != expected:
        wrong.append(f"{EXPECTED}: {len(expected)} rows, recon {len(rows)}")
    return wrong


def medians(repeats: list[dict[str, dict[str, Any]]]) -> dict[str, dict[str, Any]]:
    """Return per tool the medians of its figures, and the least and most processor seconds."""
    merged = {}
    for name in repeats[0]:
        runs = [repeat[name] for repeat in repeats]
        busy = [run["cpu_seconds"] for run in runs]
        merged[name] = {
            "rows": runs[0]["rows"],
            "found": runs[0]["found"].height,
            **{
                figure: round(median(run[figure] for run in runs), 2)
                for figure in ("seconds", "cpu_seconds", "process_cpu")
            },
            "cpu_least": min(busy),
            "cpu_most": max(busy),
            "peak_mb": max(run["peak_mb"] for run in runs),
        }
        merged[name]["cpu_per_million"] = round(
            merged[name]["cpu_seconds"] / runs[0]["rows"] * 1e6, 2
        )
    for name, one in merged.items():
        base = CHECKED if name in (CHECKED, EXPECTED) else FIVE
        one["ratio"] = round(one["cpu_seconds"] / merged[base]["cpu_seconds"], 2)
    return merged


def show(figures: dict[str, dict[str, Any]]) -> None:
    """Print the figures; `x recon` is processor seconds over those of recon's like work."""
    heads = ("seconds", "cpu", "least-most", "process cpu", "peak MB", "cpu/M rows", "x recon")
    print(f"{'':28}" + "".join(f"{head:>14}" for head in (*heads, "found")))
    for name, one in figures.items():
        spread = f"{one['cpu_least']:.1f}-{one['cpu_most']:.1f}"
        print(
            f"{name:28}{one['seconds']:14.2f}{one['cpu_seconds']:14.2f}{spread:>14}"
            f"{one['process_cpu']:14.2f}{one['peak_mb']:14}{one['cpu_per_million']:14.2f}"
            f"{one['ratio']:14.2f}{one['found']:14}"
        )


def main() -> None:
    """Measure what the command line asks for; exit status 1 if the tools disagree."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=SIZES, default="county")
    parser.add_argument("--form", choices=("parquet", "csv"), default="parquet")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--rivals", type=Path, default=ROOT / ".venv-bench")
    chosen = parser.parse_args()
    python = rivals_python(chosen.rivals)
    folder = make(chosen.size, chosen.seed, chosen.data)
    repeats = [once(folder, chosen.form, python) for _ in range(chosen.repeats)]
    wrong = [line for repeat in repeats for line in disagreements(repeat)]
    figures = medians(repeats)
    load = os.getloadavg() if hasattr(os, "getloadavg") else None
    print(f"{chosen.size} as {chosen.form}, {chosen.repeats} repeats, load {load}")
    show(figures)
    print("\n".join(wrong) or "all agree on the exceptions")
    RESULTS.mkdir(exist_ok=True)
    name = f"against-{chosen.size}-{datetime.now(UTC):%Y%m%dT%H%M%S}.json"
    (RESULTS / name).write_text(
        json.dumps(
            {
                "size": chosen.size,
                "form": chosen.form,
                "repeats": chosen.repeats,
                "load": load,
                "wrong": wrong,
                "tools": figures,
            },
            indent=1,
        ),
        encoding="utf-8",
    )
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
