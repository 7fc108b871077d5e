"""What recon is measured against: bare scripts over the same files, each in its own process.

    python -m bench.contenders read FOLDER      read every file as text, nothing else
    python -m bench.contenders rem02 FOLDER     REM-02 by hand in DuckDB over Parquet

Each prints one line of JSON with its seconds, imports left out. Not here: running them and printing
tables (see `run`).
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import duckdb
import fastexcel
import polars as pl

from bench.rivals.clock import measured

ROWS = "select *, row_number() over () as row_id from read_parquet('{folder}/parquet/{table}-*')"
#: Underpaid fees as an analyst would write them: repeats and duplicates out, one row per payer and
#: fee period, wages of the payroll against what was paid, evidence rows beside.
REM_02 = """
create temp table payroll as {payroll};
create temp table collection as {collection};
create temp table paid as
with standing as (
    select * from collection
    qualify row_number() over (
        partition by payer_uscc, item, period_from, period_to, voucher_no, paid order by row_id
    ) = 1
),
single as (
    select * from standing
    qualify row_number() over (
        partition by payer_uscc, item, period_from, period_to, paid order by row_id
    ) = 1
)
select payer_uscc, any_value(payer_name) as payer_name, period_from, period_to,
    max(base) as base, sum(paid) as paid
from single group by payer_uscc, period_from, period_to;
create temp table wages as
select payer_uscc, month, sum(wages) as wages
from (
    select distinct payer_uscc, strptime(month || '-01', '%Y-%m-%d')::date as month, wages
    from payroll
)
group by payer_uscc, month;
create temp table short as
with compared as (
    select paid.payer_uscc, paid.period_from, any_value(paid.payer_name) as payer_name,
        any_value(paid.paid) as paid, any_value(paid.base) as base,
        sum(wages.wages) as wages, count(*) as months,
        date_diff('month', paid.period_from, any_value(paid.period_to)) + 1 as wanted
    from paid left join wages
        on paid.payer_uscc = wages.payer_uscc
        and wages.month between paid.period_from and paid.period_to
    group by paid.payer_uscc, paid.period_from, paid.period_to
)
select row_number() over (order by payer_uscc, period_from) as exception_no, *,
    round(wages * 0.02, 2)::decimal(18, 2) as expected
from compared
where wages is not null and months = wanted and round(wages * 0.02, 2) - paid > 0.01;
create temp table evidence as
select exception_no, collection.row_id, 'tax_collection' as table_name
from short inner join collection using (payer_uscc, period_from)
union all
select exception_no, payroll.row_id, 'payroll'
from short inner join payroll on short.payer_uscc = payroll.payer_uscc
    and strftime(short.period_from, '%Y-%m') = payroll.month;
copy (
    select short.*, expected - paid as amount,
        payer_name || ': ' || expected || ' due, ' || paid || ' paid, ' || (expected - paid)
        || ' short' as message,
        '2%×' || wages || '−' || paid || '=' || (expected - paid) as formula,
        list(evidence.row_id order by evidence.row_id) as evidence
    from short inner join evidence using (exception_no)
    group by all order by payer_uscc, period_from
) to '{target}' (format parquet);
"""


def bare_read(folder: Path) -> dict[str, float]:
    """Read every file of a folder into text columns, one after the other."""
    result: dict[str, float] = {"rows": 0}
    frames = []
    with measured(result):
        for path in sorted(folder.rglob("*")):
            if path.suffix == ".xlsx":
                book = fastexcel.read_excel(path.read_bytes())
                frames += [
                    book.load_sheet(name, dtypes="string").to_polars() for name in book.sheet_names
                ]
            elif path.suffix == ".csv":
                frames.append(pl.read_csv(path, infer_schema=False))
    result["rows"] = sum(frame.height for frame in frames)
    return result


def bare_rem02(folder: Path) -> dict[str, float]:
    """Find underpaid fees and write them with evidence, as one script."""
    result: dict[str, float] = {}
    target = folder / "rem02.parquet"
    rows = {
        name: ROWS.format(folder=folder.as_posix(), table=table)
        for name, table in (("payroll", "payroll"), ("collection", "tax_collection"))
    }
    with measured(result), duckdb.connect() as connection:
        connection.execute(REM_02.format(**rows, target=target.as_posix()))
        found = connection.execute("select count(*) from short").fetchall()[0][0]
    target.unlink()
    return {**result, "exceptions": found}


def main() -> None:
    """Run one contender and print its figures."""
    name, folder = sys.argv[1], Path(sys.argv[2])
    found = {"read": bare_read, "rem02": bare_rem02}[name](folder)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
