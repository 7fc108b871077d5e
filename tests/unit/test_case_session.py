"""The session of rule cases keeps what is unchanged, and only that."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import polars as pl
import pytest

from recon.engine.case_session import CaseSession

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def session() -> Iterator[CaseSession]:
    with CaseSession() as opened:
        yield opened


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    folder = tmp_path / "sql" / "staging"
    folder.mkdir(parents=True)
    (folder / "int_test_sum.sql").write_text("select sum(n) as n from src_test", encoding="utf-8")
    (folder / "int_test_late.sql").write_text(
        "select n, $as_of as day from int_test_sum", encoding="utf-8"
    )
    return tmp_path


def late(session: CaseSession, workspace: Path) -> list[tuple[object, ...]]:
    session.build({"int_test_late"}, workspace)
    return session.execute("select n, day from int_test_late", "test")


def test_a_change_reaches_every_table_behind_it(session: CaseSession, workspace: Path) -> None:
    session.set_parameters({"as_of": date(2025, 6, 30)})
    session.load({"src_test": pl.DataFrame({"n": [1, 2]})})
    assert late(session, workspace) == [(3, date(2025, 6, 30))]
    session.load({"src_test": pl.DataFrame({"n": [1, 3]})})
    assert late(session, workspace) == [(4, date(2025, 6, 30))]
    session.set_parameters({"as_of": date(2025, 7, 1)})
    assert late(session, workspace) == [(4, date(2025, 7, 1))]


def test_equal_rows_keep_the_tables(session: CaseSession, workspace: Path) -> None:
    session.set_parameters({"as_of": date(2025, 6, 30)})
    session.load({"src_test": pl.DataFrame({"n": [1, 2]})})
    late(session, workspace)
    session.execute("update int_test_late set n = 99", "test")  # shows whether it is made again
    session.load({"src_test": pl.DataFrame({"n": [1, 2]})})
    assert late(session, workspace) == [(99, date(2025, 6, 30))]
    session.load({"src_test": pl.DataFrame({"n": [1, 2]}, schema={"n": pl.Int32})})
    assert late(session, workspace) == [(3, date(2025, 6, 30))]


def test_what_the_run_writes_is_never_kept(session: CaseSession, workspace: Path) -> None:
    (workspace / "sql" / "staging" / "int_test_found.sql").write_text(
        "select count(*) as n from exception_item", encoding="utf-8"
    )
    session.build({"int_test_found"}, workspace)
    session.execute("insert into exception_item (rule) values ('REM-01')", "test")
    session.build({"int_test_found"}, workspace)
    assert session.execute("select n from int_test_found", "test") == [(1,)]
