"""Rules that run at the same time do not meet in their temporary tables, and stay in order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import polars as pl
import pytest

from recon.engine import lanes
from recon.engine.duckdb import Session
from recon.engine.lanes import run_together

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
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


def test_each_has_temporary_tables_of_its_own(session: Session) -> None:
    used: set[Session] = set()
    assert [*run_together(session, range(40), squared(used))] == [n * n for n in range(40)]
    assert len(used) > 1
    names = {name for (name,) in session.execute("show tables", "tables")}
    assert {f"square_{number}" for number in range(40)} <= names
    for lane in used - {session}:
        with pytest.raises(duckdb.ConnectionException):
            lane.connection.execute("select 1")


def test_over_many_rows_they_take_turns(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lanes, "MANY_ROWS", 2)
    used: set[Session] = set()
    assert [*run_together(session, range(8), squared(used))] == [n * n for n in range(8)]
    assert used == {session}


def test_the_first_error_ends_it(session: Session) -> None:
    def run(_lane: Session, number: int) -> int:
        return 1 // (number - 2)

    with pytest.raises(ZeroDivisionError):
        list(run_together(session, range(50), run))
