"""Rules that run at the same time do not meet in their temporary tables, and stay in order."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import duckdb
import polars as pl
import pytest

from recon.engine import lanes
from recon.engine.duckdb import Session
from recon.engine.lanes import open_lanes
from recon.policy.parameters import load_policy
from recon.rules.catalog import load_rules
from recon.run.rule_run import RuleContext, rules_beside

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from concurrent.futures import Future
    from pathlib import Path


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    with Session(tmp_path / "run.duckdb", threads=3) as opened:
        opened.load({"source_row": pl.DataFrame({"row_id": [1, 2]})})
        opened.seal()
        yield opened


def squared(used: set[Session]) -> Callable[[Session, int], int]:
    def run(lane: Session, number: int) -> int:
        used.add(lane)
        lane.run_script(f"create or replace temp table found as select {number} * {number} as n")
        lane.run_script(f"create table square_{number} as select n from found, source_row limit 1")
        return int(lane.execute("select n from found", "found")[0][0])

    return run


def together(session: Session, items: range, run: Callable[[Session, int], int]) -> list[int]:
    with open_lanes(session) as opened:
        opened.join(session)
        return [one.result() for one in opened.run(items, run)]


def test_each_has_temporary_tables_of_its_own(session: Session) -> None:
    used: set[Session] = set()
    assert together(session, range(40), squared(used)) == [n * n for n in range(40)]
    assert len(used) > 1
    names = {name for (name,) in session.execute("show tables", "tables")}
    assert {f"square_{number}" for number in range(40)} <= names
    for lane in used - {session}:
        with pytest.raises(duckdb.ConnectionException):
            lane.connection.execute("select 1")


def test_over_many_rows_they_take_turns(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lanes, "MANY_ROWS", 2)
    used: set[Session] = set()
    assert together(session, range(8), squared(used)) == [n * n for n in range(8)]
    assert used == {session}


def test_the_first_error_ends_it(session: Session) -> None:
    def run(_lane: Session, number: int) -> int:
        return 1 // (number - 2)

    with pytest.raises(ZeroDivisionError):
        together(session, range(50), run)


def test_a_busy_session_is_left_alone_until_it_joins(session: Session) -> None:
    used: set[Session] = set()
    with open_lanes(session) as opened:
        begun = opened.run(range(8), squared(used))
        assert [one.result() for one in begun] == [n * n for n in range(8)]
    assert len(used) == opened.twins
    assert session not in used


def test_what_has_not_begun_never_does(session: Session) -> None:
    """An error of the one who uses the session itself ends the others."""

    def fail(begun: list[Future[int]]) -> None:
        with open_lanes(session) as opened:
            begun += opened.run(range(500), squared(set()))
            raise KeyError

    begun: list[Future[int]] = []
    with pytest.raises(KeyError):
        fail(begun)
    assert begun[-1].cancelled()


def test_rules_that_read_a_match_wait_for_it(session: Session) -> None:
    days = date(2025, 6, 30), date(2024, 1, 1), date(2024, 12, 31)
    context = RuleContext(*days, load_policy("base"), {})
    rules, told = load_rules(), list[str]()
    with rules_beside(session, rules, context, told.append) as finish:
        before = {*told}
        outcomes = finish()
    reading = {"REM-05", "PRE-01", "FUEL-03", "LED-01"}  # by their SQL, or by a staged table
    assert not before & reading
    last = max(told.index(rule.code) for rule in rules if not rule.about.after)
    assert {*told[last + 1 :]} == {rule.code for rule in rules if rule.about.after}
    assert told.index("REM-01") < min(told.index(code) for code in reading)
    assert [one.rule for one in outcomes] == [rule.code for rule in rules]
