"""The matching benchmark: our matcher beside a bare DuckDB script, pandas and datacompy.

Run `uv run --with numpy --with pandas --with datacompy python bench/matching.py [LINES] [SEED]`
with `--memory 2GB` to bound DuckDB (it spills beyond) and `--only ours,bare` to run some of them;
ten million lines a side: `python bench/matching.py 10000000 1 --memory 2GB --only ours`.
Every contender runs in its own process on the same files, made from the seed; each writes the pairs
it matched, which are compared with the labelled truth. `--sums` measures sums of subsets instead.
Figures: wall and CPU seconds (the steadier ones on a busy machine) from the first file to the last,
imports left out; peak memory of the process; precision and recall.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
from datetime import date
from decimal import Decimal
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from time import perf_counter, process_time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]
WINDOW = 5
#: What each contender imports before its clock starts.
MODULES = {
    "ours": ("recon.engine.duckdb", "recon.matching"),
    "bare": ("duckdb",),
    "pandas": ("pandas", "pyarrow"),
    "datacompy": ("datacompy", "polars"),
}


def match_ours(folder: Path, memory: str) -> Path:
    """Run the matcher of this project over the two files, proof included."""
    from recon.engine.duckdb import Session  # noqa: PLC0415 - each contender imports only its own

    about = {
        "name": "bench",
        "title": {"zh": "甲乙", "en": "A and B"},
        "what_it_does": {"zh": "测速", "en": "Benchmark"},
        "requires": ["a", "b"],
        "sides": {s: {"sql": s, "label": {"zh": s, "en": s}} for s in "ab"},
        "passes": [
            {"pass": "reference"},
            {"pass": "party_amount_window"},
            {"pass": "amount_window_unique"},
            {"pass": "subset_sum"},
            {"pass": "tolerance"},
        ],
    }
    with Session(folder / "ours.duckdb", memory, 2) as session:
        return _match_session(session.connection, folder, about)


def _match_session(connection: DuckDBPyConnection, folder: Path, about: dict[str, Any]) -> Path:

    from recon.matching import prove_balance, run_matching  # noqa: PLC0415
    from recon.rules.pairings import Pairing, PairingFile  # noqa: PLC0415

    for side in "ab":
        connection.execute(_load(f"src_{side}", folder / f"{side}.csv"))
    select = (
        "select line_id, day, amount, party_id, reference, cast(null as varchar) as text_, "
        "cast(null as varchar) as shared_key, cast(null as varchar) as account, "
        "false as is_internal from src_"
    )
    pairing = Pairing(
        PairingFile.model_validate(about), {s: select + s for s in "ab"}, Path("bench.yaml")
    )
    parameters: dict[str, object] = {
        "match.window_days": WINDOW,
        "match.max_group": 40,
        "match.max_solutions": 5,
        "match.tolerance_yuan": Decimal("0.01"),
        "match.cross_period_days": 62,
    }
    report = run_matching(connection, [pairing], parameters, date(2024, 12, 31))
    prove_balance(connection)
    print(json.dumps({"classes": report.pairings[0].classes, "bounds": report.pairings[0].bounds}))
    out = folder / "ours.parquet"
    connection.execute(
        "copy (select a_line_id, b_line_id from match_couple_kept union all "
        "select a.line_id, b.line_id from match_line_kept as a inner join match_line_kept as b "
        "on a.group_id = b.group_id where a.side = 'a' and b.side = 'b' "
        f"and a.class = 'matched' and b.class = 'matched') to '{out}' (format parquet)"
    )
    return out


def match_bare(folder: Path, memory: str) -> Path:
    """A hand-written script: reference, then party and amount, then amount; unique keys only."""
    import duckdb  # noqa: PLC0415

    settings = {"memory_limit": memory, "temp_directory": str(folder / "spill"), "threads": 2}
    connection = duckdb.connect(str(folder / "bare.duckdb"), config=settings)
    for side in "ab":
        connection.execute(_load(side, folder / f"{side}.csv"))
    connection.execute(
        "create table pair (a_line_id bigint, b_line_id bigint, primary_pass integer)"
    )
    for number, keys in enumerate((("reference", "amount"), ("party_id", "amount"), ("amount",))):
        using = ", ".join(keys)
        near = "" if number == 0 else f"where abs(date_diff('day', a.day, b.day)) <= {WINDOW}"
        some = " and ".join(f"{key} is not null" for key in keys)
        connection.execute(
            f"insert into pair with a as (select * from a anti join pair on a.line_id = a_line_id "
            f"where {some}), b as (select * from b anti join pair on b.line_id = b_line_id "
            f"where {some}), edge as (select a.line_id as x, b.line_id as y from a "
            f"inner join b using ({using}) {near}) select x, y, {number} from edge "
            "qualify count(*) over (partition by x) = 1 and count(*) over (partition by y) = 1"
        )
    connection.execute(
        "create table leftover as select 'a' as side, a.* from a anti join pair "
        "on a.line_id = a_line_id union all select 'b', b.* from b anti join pair "
        "on b.line_id = b_line_id"
    )
    out = folder / "bare.parquet"
    connection.execute(f"copy (select a_line_id, b_line_id from pair) to '{out}' (format parquet)")
    return out


def match_pandas(folder: Path, _: str) -> Path:
    """The same three steps as a pandas script would do them; amounts as whole fen."""
    import pandas as pd  # noqa: PLC0415

    frames = []
    for side in "ab":
        frame = pd.read_csv(folder / f"{side}.csv", dtype=str)
        frame["line_id"] = frame["line_id"].astype("int64")
        frame["fen"] = frame["amount"].str.replace(".", "").astype("int64")
        frame["day"] = pd.to_datetime(frame["day"])
        frames.append(frame)
    a, b = frames
    pairs = []
    for number, keys in enumerate((["reference", "fen"], ["party_id", "fen"], ["fen"])):
        edge = a.dropna(subset=keys).merge(b.dropna(subset=keys), on=keys, suffixes=("", "_b"))
        if number:
            edge = edge[(edge["day"] - edge["day_b"]).abs().dt.days <= WINDOW]
        alone = ~edge.duplicated("line_id", keep=False) & ~edge.duplicated("line_id_b", keep=False)
        pairs.append(edge.loc[alone, ["line_id", "line_id_b"]])
        a = a[~a["line_id"].isin(pairs[-1]["line_id"])]
        b = b[~b["line_id"].isin(pairs[-1]["line_id_b"])]
    out = folder / "pandas.parquet"
    found = pd.concat(pairs).rename(columns={"line_id": "a_line_id", "line_id_b": "b_line_id"})
    found.to_parquet(out)
    return out


def match_datacompy(folder: Path, _: str) -> Path:
    """Datacompy joins by one key: only lines with a reference can be compared at all."""
    import datacompy  # noqa: PLC0415
    import polars as pl  # noqa: PLC0415

    frames = [
        pl.read_csv(folder / f"{side}.csv", infer_schema=False)
        .with_columns(pl.col("amount").cast(pl.Float64))
        .filter(pl.col("reference").is_not_null())
        .rename({"line_id": f"{side}_line_id"})
        for side in "ab"
    ]
    compare = datacompy.PolarsCompare(*frames, join_columns=["reference"], abs_tol=0.001)
    rows = compare.intersect_rows
    kept = rows.filter(pl.col("amount_match")).select("reference")
    out = folder / "datacompy.parquet"
    kept.join(frames[0], on="reference").join(frames[1], on="reference", suffix="_b").select(
        pl.col("a_line_id").cast(pl.Int64), pl.col("b_line_id").cast(pl.Int64)
    ).write_parquet(out)
    return out


CONTENDERS = {
    "ours": match_ours,
    "bare": match_bare,
    "pandas": match_pandas,
    "datacompy": match_datacompy,
}


def _load(table: str, path: Path) -> str:
    return (
        f"create table {table} as select cast(line_id as bigint) as line_id, "
        "cast(day as date) as day, cast(amount as decimal(18, 2)) as amount, party_id, reference "
        f"from read_csv('{path}', all_varchar = true)"
    )


def run_one(name: str, folder: Path, memory: str) -> None:
    """Run one contender in this process and print its figures as JSON."""
    for module in MODULES[name]:
        if find_spec(module.split(".")[0]):
            import_module(module)
    started, busy = perf_counter(), process_time()
    CONTENDERS[name](folder, memory)
    figures = {
        "name": name,
        "wall_s": round(perf_counter() - started, 2),
        "cpu_s": round(process_time() - busy, 2),
        "peak_mib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }
    print(json.dumps(figures))


def score(found: Path, truth: Path) -> dict[str, float | int]:
    """Compare matched pairs with the truth; planted twins and altered lines have no pair."""
    import duckdb  # noqa: PLC0415

    wanted = f"select * from '{truth}' where label in ('plain', 'unknown_party')"
    right, all_found, all_wanted = duckdb.sql(
        f"with found as (select distinct a_line_id, b_line_id from '{found}'), "
        f"wanted as ({wanted}) select "
        "(select count(*) from found semi join wanted using (a_line_id, b_line_id)), "
        "(select count(*) from found), (select count(*) from wanted)"
    ).fetchall()[0]
    return {
        "precision": round(right / max(1, all_found), 6),
        "recall": round(right / all_wanted, 6),
        "wrong": all_found - right,
        "missed": all_wanted - right,
    }


def measure_sums(groups: int = 10_000, most: int = 40, seed: int = 1) -> None:
    """Search planted sums among up to 40 lines and print how they ended."""
    from recon.matching.subset_sum import find_subsets  # noqa: PLC0415

    rng = random.Random(seed)
    ends = {"unique": 0, "several": 0, "countless": 0, "cut": 0}
    started = perf_counter()
    for _ in range(groups):
        size = rng.randint(2, most)
        pool = sorted((rng.randint(100, 100_000_000) for _ in range(size)), reverse=True)
        search = find_subsets(pool, sum(rng.sample(pool, rng.randint(1, size))), 5)
        kind = (
            "unique"
            if search.is_unique
            else "countless"
            if search.has_more
            else "several"
            if search.is_complete
            else "cut"
        )
        ends[kind] += 1
    print(json.dumps({"groups": groups, "seconds": round(perf_counter() - started, 1), **ends}))


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Matching, side by side.")
    parser.add_argument("lines", nargs="?", type=int, default=1_000_000)
    parser.add_argument("seed", nargs="?", type=int, default=1)
    parser.add_argument("--memory", default="800MB")
    parser.add_argument("--only", default=",".join(CONTENDERS))
    parser.add_argument("--sums", action="store_true")
    parser.add_argument("--one", nargs=2, metavar=("NAME", "FOLDER"))
    return parser.parse_args()


def main() -> None:
    """Measure what the command line asks for."""
    asked = _asked()
    if asked.sums:
        measure_sums()
    elif asked.one:
        run_one(asked.one[0], Path(asked.one[1]), asked.memory)
    else:
        measure_contenders(asked)


def measure_contenders(asked: argparse.Namespace) -> None:
    """Run the contenders one after the other on the same files."""
    from matching_data import write_sides  # noqa: PLC0415

    with tempfile.TemporaryDirectory(prefix="recon-bench-") as name:
        folder = Path(name)
        write_sides(folder, asked.lines, asked.seed)
        for contender in asked.only.split(","):
            if find_spec(MODULES[contender][0].split(".")[0]) is None:
                print(json.dumps({"name": contender, "skipped": "it is not installed"}))
                continue
            words = ["--one", contender, name, "--memory", asked.memory]
            done = subprocess.run(
                [sys.executable, __file__, *words], capture_output=True, text=True, check=False
            )
            if done.returncode:
                print(json.dumps({"name": contender, "failed": done.stderr.splitlines()[-1]}))
                continue
            figures = json.loads(done.stdout.splitlines()[-1])
            figures |= score(folder / f"{contender}.parquet", folder / "truth.parquet")
            print(json.dumps(figures, ensure_ascii=False))


if __name__ == "__main__":
    main()
