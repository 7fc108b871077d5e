"""`stg_` of every table: all columns of the contract under their names, reached only when read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from sqlglot import parse_one
from sqlglot.expressions import Qualify

from recon.cli import cli
from recon.engine.duckdb import Session
from recon.engine.portable import obstacles, to_spark
from recon.engine.staging import created_as, source_tables, staged_names, staged_selects
from recon.rules.case_file import typed_tables
from recon.run.rule_cases import staged_columns
from recon.tables.registry import specs

if TYPE_CHECKING:
    from pathlib import Path

#: What the contract's kinds are in DuckDB (spec of the input tables, not the code).
DUCKDB = {
    **dict.fromkeys(("date", "month"), "DATE"),
    **dict.fromkeys(("qty", "rate"), "DECIMAL(18,6)"),
    "datetime": "TIMESTAMP",
    "money": "DECIMAL(18,2)",
    "int": "BIGINT",
    "bool": "BOOLEAN",
}
TABLES = sorted(specs())
VIEWS = [
    name for name in TABLES if created_as(staged_selects([f"stg_{name}"])[f"stg_{name}"]) == "view"
]


@pytest.fixture(scope="module")
def columns() -> dict[str, dict[str, str]]:
    return staged_columns([f"stg_{name}" for name in TABLES])


@pytest.mark.parametrize("table", TABLES)
def test_every_column_of_the_contract_is_staged_under_its_name_and_type(
    table: str, columns: dict[str, dict[str, str]]
) -> None:
    kinds = columns[f"stg_{table}"]
    wanted = {one.name: DUCKDB.get(one.kind, "VARCHAR") for one in specs()[table].columns}
    assert {name: kinds.get(name) for name in wanted} == wanted
    assert kinds["row_id"] == "BIGINT"


@pytest.mark.parametrize("table", VIEWS)
def test_a_view_gives_the_rows_as_they_were_read_on_both_engines(table: str) -> None:
    required = {one.name: one for one in specs()[table].columns if one.required}
    samples = {"date": "2024-01-02", "datetime": "2024-01-02 08:00:00", "bool": "是"}
    row = {
        name: one.values[0] if one.values else samples.get(one.kind, "1")
        for name, one in required.items()
    }
    sql = staged_selects([f"stg_{table}"])[f"stg_{table}"]
    assert not obstacles(sql)
    assert to_spark(sql, {})
    if table == "union_org":
        return  # what it shows is stg_union's
    with Session() as session:
        frames = source_tables(typed_tables({table: [row]}, "test"), b"key")
        session.load({f"src_{table}": frames[f"src_{table}"]})
        session.build([f"stg_{table}"])
        assert session.frame(f"select * from stg_{table}").equals(frames[f"src_{table}"])


def test_the_mode_of_a_payer_is_of_the_row_that_the_register_of_payers_takes() -> None:
    selects = staged_selects(["int_payer_mode"]) | staged_selects(["int_payer"])
    chosen = {
        parse_one(selects[name], dialect="duckdb").find(Qualify)
        for name in ("int_payer", "int_payer_mode")
    }
    assert len(chosen) == 1
    assert None not in chosen


def test_what_no_statement_reads_is_not_made() -> None:
    with Session() as session:
        session.load(source_tables({}, b"key"))
        session.build(["stg_decision"])
        made = session.connection.execute("select view_name from duckdb_views() where not internal")
        assert made.fetchall() == [("stg_decision",)]


@pytest.mark.parametrize("word", ["trip", "stg_trip", "派车记录"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_columns_of_a_table_are_printed_a_line_each(
    word: str, lang: str, columns: dict[str, dict[str, str]]
) -> None:
    result = CliRunner().invoke(cli, ["rules", "tables", word, "--lang", lang])
    lines = result.output.splitlines()
    assert result.exit_code == 0
    assert {"row_id  BIGINT", "driver  VARCHAR  驾驶员", "covers_from  TIMESTAMP"} <= set(lines)
    assert [line.split()[0] for line in lines] == list(columns["stg_trip"])


def test_all_staged_tables_are_printed_a_line_each() -> None:
    result = CliRunner().invoke(cli, ["rules", "tables"])
    lines = result.output.splitlines()
    assert (result.exit_code, len(lines)) == (0, len(staged_names()))
    assert {f"stg_{name}" for name in TABLES} <= {line.split()[0] for line in lines}
    assert next(line for line in lines if line.startswith("stg_lease ")).startswith(
        "stg_lease  租赁合同台账  leases: one row per contract"
    )


@pytest.mark.parametrize(("lang", "said"), [("zh", "没有这张表"), ("en", "no table has that name")])
def test_an_unknown_table_names_the_nearest(lang: str, said: str) -> None:
    result = CliRunner().invoke(cli, ["rules", "tables", "stg_tripp", "--lang", lang])
    assert (result.exit_code, said in result.output, "stg_trip" in result.output) == (2, True, True)


def test_a_workspaces_staged_table_is_listed_and_shown(tmp_path: Path) -> None:
    folder = tmp_path / "sql" / "staging"
    folder.mkdir(parents=True)
    (folder / "int_own.sql").write_text(
        "-- own: decisions with a payee\nselect row_id, payee from stg_decision", encoding="utf-8"
    )
    run = CliRunner().invoke
    assert (
        "int_own  own: decisions"
        in run(cli, ["rules", "tables", "--workspace", str(tmp_path)]).output
    )
    shown = run(cli, ["rules", "tables", "int_own", "--workspace", str(tmp_path)])
    assert (shown.exit_code, shown.output) == (0, "row_id  BIGINT\npayee  VARCHAR\n")
