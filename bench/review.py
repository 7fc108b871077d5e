"""The review benchmark: import of reviewed rows, and a workbook with very many exceptions.

Run `uv run python -m bench.review import [ROWS]`, or `workbook` in place of `import`.
Both work on synthetic exceptions (`tests.unit.output.factory`). Printed: wall and CPU seconds, peak
memory of the process (MB, making of the exceptions included), size of the workbook.
"""

from __future__ import annotations

import json
import resource
import sys
import tempfile
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from time import perf_counter, process_time
from typing import TYPE_CHECKING

import polars as pl

from recon.ledger.review import import_reviews
from recon.output import write_run
from recon.output.workbook import build_workbook
from tests.unit.output import factory

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recon.base.models import CheckResult


@contextmanager
def measured(what: str) -> Iterator[None]:
    wall, cpu = perf_counter(), process_time()
    yield
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    took = {"wall_s": round(perf_counter() - wall, 1), "cpu_s": round(process_time() - cpu, 1)}
    print(what, json.dumps(took | {"peak_mb": round(peak)}), flush=True)


def reviewed(rows: int) -> CheckResult:
    """Return a run whose every exception is decided."""
    result = factory.result(rows)
    states = result.exceptions.select(
        "exception_id",
        pl.lit("new").alias("state"),
        pl.lit("不成立").alias("verdict"),
        pl.lit("张三").alias("reviewer"),
        pl.lit(date(2024, 12, 30)).alias("reviewed_on"),
        pl.lit("已核对原始凭证").alias("reason"),
    )
    rules = [
        {"rule": each.rule, "title": each.title.zh if each.title else None, "status": each.status}
        for each in result.outcomes
    ]
    return replace(result, states=states, run_info={"run_id": result.run_id, "rules": rules})


def bench_import(rows: int, folder: Path) -> None:
    result = reviewed(rows)
    run = folder / result.run_id
    run.mkdir()
    with measured(f"write {rows} rows"):
        write_run(result, run, ("data", "workbook"))
    path = run / "exceptions.xlsx"
    print(f"workbook {path.stat().st_size / 1e6:.0f} MB")
    for turn in ("first", "again"):
        with measured(f"{turn} import of {rows} rows"):
            report = import_reviews([path], folder, folder / "ledger.sqlite", datetime.now(UTC))
        print(f"taken {report.taken}, unchanged {report.unchanged}, left {len(report.problems)}")


def bench_workbook(rows: int, folder: Path) -> None:
    with measured(f"make {rows} exceptions"):
        result = factory.result(rows)
    path = folder / "exceptions.xlsx"
    with measured(f"workbook of {rows} exceptions"):
        build_workbook(result, path)
    print(f"workbook {path.stat().st_size / 1e6:.0f} MB")


if __name__ == "__main__":
    TASK = {"import": bench_import, "workbook": bench_workbook}[sys.argv[1]]
    ASKED = (
        int(sys.argv[2])
        if len(sys.argv) > 2
        else {"import": 100_000, "workbook": 1_050_000}[sys.argv[1]]
    )
    with tempfile.TemporaryDirectory() as TEMPORARY:
        TASK(ASKED, Path(TEMPORARY))
