"""The floor: five rules as one bare DuckDB script, with ids, evidence rows, formula and message."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import duckdb

from bench.rivals.clock import contend
from bench.rivals.five import EVIDENCE, FINDINGS, ROW_DAY, SOURCES, STEPS

if TYPE_CHECKING:
    from pathlib import Path

_ROWS = "select *, row_number() over () as row_id from read_parquet('{folder}/parquet/{table}-*')"
_LIST = """
copy (
    select found.rule, found.party_id, found.period, found.amount, found.exception_id,
        found.name || ' ' || found.period || ': ' || expected || ' due, ' || actual || ' there, '
        || found.amount || ' to settle' as message,
        expected || '−' || actual || '=' || found.amount as formula,
        list(evidence.place order by evidence.place) as evidence
    from found inner join evidence using (exception_id)
    group by all order by found.rule, found.party_id, found.period
) to '{out}' (format parquet)"""


def run(folder: Path, out: Path) -> dict[str, Any]:
    """Find the exceptions of five rules and write them with their source rows."""
    names = {name: name for name in (*SOURCES, *STEPS)}
    with duckdb.connect() as connection:
        for table in SOURCES:
            rows = _ROWS.format(folder=folder.as_posix(), table=table)
            connection.execute(f"create temp table {table} as {rows}")
        for name, select in STEPS.items():
            connection.execute(f"create temp table {name} as {select.format(**names)}")
        found = " union all by name ".join(
            f"select '{rule}' as rule, * from ({select.format(**names)})"
            for rule, select in FINDINGS.items()
        )
        connection.execute(
            "create temp table found as select *, "
            f"substr(sha256(rule || party_id || period), 1, 16) as exception_id from ({found})"
        )
        connection.execute(f"create temp table evidence as {_evidence()}")
        connection.execute(_LIST.format(out=out.as_posix()))
        total = " + ".join(f"(select count(*) from {table})" for table in SOURCES)
        rows = connection.execute(f"select {total}").fetchall()[0][0]
    return {"rows": rows}


def _evidence() -> str:
    selects = []
    for rule, tables in EVIDENCE.items():
        for table in tables:
            day = ROW_DAY[table]
            inside = f"and {day} between found.period_from and found.period_to" if day else ""
            selects.append(
                f"select exception_id, '{table}#' || row_id as place from found "
                f"inner join {table} on found.party_id = {table}.payer_uscc {inside} "
                f"where found.rule = '{rule}'".replace(
                    " period_from between", f" {table}.period_from between"
                )
            )
    return " union all ".join(selects)


if __name__ == "__main__":
    contend(run)
