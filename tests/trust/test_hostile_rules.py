"""Rules of a workspace reach nothing but the staged tables, and none of them runs for ever."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import duckdb
import pytest

from recon.base import resources
from recon.base.errors import EngineError
from recon.engine import guard
from recon.engine.duckdb import Session
from recon.engine.guard import demand_select, time_limit
from recon.rules.sql_text import shipped_statements
from tests.trust.planted import plant, run

if TYPE_CHECKING:
    from pathlib import Path

ENDLESS = (
    "with recursive r as (select 1 as a union all select a + 1 from r where a > 0) "
    "select count(*) as n from r"
)
REACHING = {
    "read a csv": "select * from read_csv('{file}')",
    "read a text": "select * from read_text('{file}')",
    "read a blob": "select * from read_blob('{file}')",
    "read a file by its name": "select * from '{file}'",
    "list a folder": "select * from glob('{folder}/*')",
    "read parquet": "select * from read_parquet('{file}')",
    "read json": "select * from read_json('{file}')",
    "read over the network": "select * from read_csv('https://example.invalid/a.csv')",
    "scan sqlite": "select * from sqlite_scan('{file}', 't')",
    "read the environment": "select getenv('HOME')",
    "read a variable of the program": "select * from frames",
    "read the program's frames": "select * from rule",
}
CHANGING = {
    "copy out": "copy (select 1) to '{folder}/out.csv'",
    "export": "export database '{folder}/out'",
    "attach": "attach '{folder}/out.db'",
    "install": "install httpfs",
    "load": "load httpfs",
    "set": "set enable_external_access = true",
    "reset": "reset enable_external_access",
    "pragma": "pragma enable_profiling",
    "secret": "create persistent secret s (type s3)",
    "two statements": "select 1; drop table exception_item",
    "two selects": "select 1; select 2",
    "drop": "drop table exception_item",
    "delete": "delete from exception_item",
    "out of its brackets": "select 1) ; drop table exception_item; create table y as (select 2",
    "out of its brackets in one statement": "select 1) union all (select 2",
    "out of a comment": "select 1 /* ; */ ; drop table exception_item",
    "out of a quote": "select $$;$$; drop table exception_item",
    "out of a text": "select ';'; drop table exception_item",
    "behind another's text": "{shipped}; drop table exception_item",
    "nothing": "",
    "no sql": "selekt 1",
}


def filled(sql: str, folder: Path) -> str:
    file = folder / "secret.csv"
    file.write_text("a\n1\n", encoding="utf-8")
    shipped = min(shipped_statements())
    return sql.format(file=file.as_posix(), folder=folder.as_posix(), shipped=shipped)


@pytest.mark.hostile(
    "rules that read files, folders, the network, the environment", "refused by the sealed session"
)
@pytest.mark.parametrize("name", sorted(REACHING))
def test_a_select_reaches_no_file(name: str, tmp_path: Path) -> None:
    sql = filled(REACHING[name], tmp_path)
    with Session() as session:
        session.seal()
        with pytest.raises(EngineError):
            session.execute(f"create temp table stolen as {sql}", "rule")


@pytest.mark.hostile(
    "rules that write, attach, install, load, set, or hold two statements",
    "refused before they run",
)
@pytest.mark.parametrize("name", sorted(CHANGING))
def test_what_is_no_select_is_refused_before_it_runs(name: str, tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="rule: "):
        demand_select(filled(CHANGING[name], tmp_path), "rule")


def test_all_sql_that_ships_is_selects() -> None:
    assert len(shipped_statements()) > 200
    for sql in shipped_statements():
        assert [one.type for one in duckdb.extract_statements(sql)] == [duckdb.StatementType.SELECT]


@pytest.mark.parametrize(
    "sql", ["select ';'", "select $$;$$", "select 1 -- ;", "select /* ; */ ';' -- x\n", "select 1;"]
)
def test_a_semicolon_in_a_text_or_comment_ends_no_statement(sql: str) -> None:
    demand_select(sql, "rule")
    assert len(duckdb.sql(sql).fetchall()) == 1


#: Only the guard stops these: they stay inside the session.
INSIDE = {"two statements", "two selects", "drop", "delete", "nothing"} | {
    name for name in CHANGING if name.startswith(("out of", "behind"))
}


@pytest.mark.hostile(
    "rules that write, attach, install, load or set", "refused by the sealed session too"
)
@pytest.mark.parametrize("name", sorted(set(CHANGING) - INSIDE))
def test_and_the_sealed_session_would_not_do_it_either(name: str, tmp_path: Path) -> None:
    with Session() as session:
        session.seal()
        with pytest.raises(duckdb.Error):
            session.connection.execute(filled(CHANGING[name], tmp_path))
    assert [path.name for path in tmp_path.iterdir()] == ["secret.csv"]


@pytest.mark.hostile("a rule that loops", "stopped at its time limit; the session goes on")
def test_an_endless_statement_is_stopped_and_the_session_goes_on() -> None:
    with Session() as session:
        session.seal()
        with (
            pytest.raises(EngineError, match="rule: stopped after"),
            time_limit(session.connection, "rule", 0.2),
        ):
            session.connection.execute(ENDLESS).fetchall()
        assert session.execute("select 1", "after") == [(1,)]


def own_rule(folder: Path, sql: str) -> None:
    """Give a workspace a rule REM-03 of its own."""
    shipped = resources.shipped("rules") / "rem"
    (source,) = shipped.glob("rem_03_*.yaml")
    (folder / "rules" / "rem").mkdir(parents=True)
    (folder / "sql" / "rules" / "rem").mkdir(parents=True)
    (folder / "rules" / "rem" / source.name).write_bytes(source.read_bytes())
    (folder / "sql" / "rules" / "rem" / f"{source.stem}.sql").write_text(sql, "utf-8")


@pytest.mark.hostile(
    "hostile rules of a workspace", "the rule ends in error, the others run, exit status 2"
)
@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        ("select * from read_csv('/etc/passwd')", "Perm"),
        ("select 1; drop table src_payer", "one select"),
        (ENDLESS, "stopped after"),
    ],
)
def test_a_hostile_rule_ends_in_error_and_the_others_go_on(
    sql: str, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "STATEMENT_SECONDS", 2.0)
    folder = plant(tmp_path / "资料")
    own_rule(folder, sql)
    result = run("check", folder, "--as-of", "2024-12-31", "-q", "--select", "REM-03,TRN-01")
    assert result.exit_code == 2, result.output
    out = folder / "recon-out"
    record = out / (out / "latest").read_text("utf-8").strip() / "run.json"
    rules = {one["rule"]: one for one in json.loads(record.read_text("utf-8"))["rules"]}
    assert rules["REM-03"]["status"] == "error"
    assert reason in rules["REM-03"]["reason"]
    assert rules["TRN-01"]["status"] == "exceptions"


BOMBS = {
    "a list": "select list_sum(range(3000000000)) as n",
    "rows of a list": "select sum(x) as n from (select unnest(range(2000000000)) as x)",
    "a longer list": "select len(list_resize([1], 2000000000)) as n",
    "a text": "select length(repeat('x', 1900000000)) as n",
}


@pytest.mark.hostile(
    "rules that take memory no limit of the database knows", "their process is ended; others run"
)
@pytest.mark.parametrize("name", BOMBS)
def test_a_rule_that_takes_too_much_memory_is_ended_and_the_others_go_on(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "STATEMENT_SECONDS", 60.0)
    folder = plant(tmp_path / "资料")
    own_rule(folder, BOMBS[name])
    words = ("--as-of", "2024-12-31", "-q", "--memory", "1GB", "--select", "REM-03,TRN-01")
    result = run("check", folder, *words)
    assert result.exit_code == 2, result.output
    out = folder / "recon-out"
    record = out / (out / "latest").read_text("utf-8").strip() / "run.json"
    rules = {one["rule"]: one for one in json.loads(record.read_text("utf-8"))["rules"]}
    assert rules["REM-03"]["status"] == "error"
    assert "数据库内存不够" in rules["REM-03"]["reason"]
    assert rules["TRN-01"]["status"] == "exceptions"


def test_a_sound_rule_of_a_workspace_finds_what_the_shipped_one_finds(tmp_path: Path) -> None:
    folder = plant(tmp_path / "资料")
    words = ("--as-of", "2024-12-31", "-q", "--select", "REM-03,TRN-01", "--fail-on", "none")
    assert run("check", folder, *words).exit_code == 0
    shipped = resources.shipped("sql") / "rules" / "rem"
    (source,) = shipped.glob("rem_03_*.sql")
    own_rule(folder, source.read_text("utf-8") + "\n")
    assert run("check", folder, *words).exit_code == 0
    runs = [path.parent for path in (folder / "recon-out").glob("*/exceptions.csv")]
    assert len(runs) == 2
    assert len({(one / "exceptions.csv").read_bytes() for one in runs}) == 1


def test_only_the_statement_whose_time_is_over_is_stopped() -> None:
    """One thread watches all connections, and a shorter limit is not kept waiting by a longer."""
    with Session() as slow, Session() as other:
        with (
            time_limit(other.connection, "other", 60),
            pytest.raises(EngineError, match="slow: stopped after"),
            time_limit(slow.connection, "slow", 0.2),
        ):
            slow.connection.execute(ENDLESS).fetchall()
        assert other.execute("select 1", "after") == [(1,)]
        with pytest.raises(EngineError, match="again"), time_limit(other.connection, "again", 0.1):
            other.connection.execute(ENDLESS).fetchall()
