"""Five rules as tests of a dbt project on DuckDB: shared models as tables, failing rows stored.

A dbt test says which rows fail; ids, evidence rows and texts are not its business.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import duckdb
from dbt.cli.main import dbtRunner

from bench.rivals.clock import contend
from bench.rivals.five import FINDINGS, SOURCES, STEPS

_PROJECT = """
name: five
version: "1.0.0"
profile: five
models: {five: {+materialized: table}}
data_tests: {+store_failures: true, +severity: warn}
flags: {send_anonymous_usage_stats: false}
"""
_PROFILE = "five: {target: dev, outputs: {dev: {type: duckdb, path: five.duckdb, threads: 2}}}\n"
_SOURCES = """
sources:
  - name: made
    meta: {external_location: "read_parquet('%s/parquet/{name}-*')"}
    tables: [%s]
"""


def run(folder: Path, out: Path) -> dict[str, Any]:
    """Write the project, run `dbt build`, and read the failing rows out of its database."""
    work = Path(tempfile.mkdtemp(prefix="bench-dbt-"))
    try:
        _write(work, folder)
        os.chdir(work)
        done = dbtRunner().invoke(["--quiet", "build", "--profiles-dir", "."])
        if not done.success:
            raise SystemExit(str(done.exception or done.result))
        return _collect(work, out)
    finally:
        os.chdir(folder)
        shutil.rmtree(work, ignore_errors=True)


def _write(work: Path, folder: Path) -> None:
    (work / "models").mkdir()
    (work / "tests").mkdir()
    (work / "dbt_project.yml").write_text(_PROJECT, encoding="utf-8")
    (work / "profiles.yml").write_text(_PROFILE, encoding="utf-8")
    tables = ", ".join(f"{{name: {name}}}" for name in SOURCES)
    (work / "models" / "sources.yml").write_text(
        _SOURCES % (folder.as_posix(), tables), encoding="utf-8"
    )
    words = {name: f"{{{{ source('made', '{name}') }}}}" for name in SOURCES}
    words |= {name: f"{{{{ ref('{name}') }}}}" for name in STEPS}
    # only the duplicates need a number of the row
    numbered = f"(select *, row_number() over () as row_id from {words['tax_collection']})"
    for name, select in STEPS.items():
        text = select.format(**{**words, "tax_collection": numbered})
        (work / "models" / f"{name}.sql").write_text(text, encoding="utf-8")
    for rule, select in FINDINGS.items():
        (work / "tests" / f"{_test(rule)}.sql").write_text(select.format(**words), encoding="utf-8")


def _test(rule: str) -> str:
    return rule.lower().replace("-", "_")


def _collect(work: Path, out: Path) -> dict[str, Any]:
    with duckdb.connect(str(work / "five.duckdb")) as connection:
        failed = " union all ".join(
            f"select '{rule}' as rule, party_id, period, amount "
            f"from main_dbt_test__audit.{_test(rule)}"
            for rule in FINDINGS
        )
        connection.execute(f"copy ({failed} order by all) to '{out.as_posix()}' (format parquet)")
    return {}


if __name__ == "__main__":
    contend(run)
