"""The session: its limits, what it says of statements that fail, and the memory of the database."""

from __future__ import annotations

import duckdb
import polars as pl
import pytest

from recon.base.errors import DatabaseMemoryError, EngineError
from recon.engine.duckdb import Session
from recon.engine.guard import engine_error, memory_said

MEMORY = duckdb.OutOfMemoryException("failed to allocate data of size 1")


def test_memory_and_threads_are_limits_of_the_database() -> None:
    with Session(memory="50MB", threads=1) as session:
        settings = session.execute(
            "select current_setting('memory_limit'), current_setting('threads')", "x"
        )
    assert settings == [("47.6 MiB", 1)]


def test_a_frame_that_stands_there_is_not_loaded_again() -> None:
    frame = pl.DataFrame({"a": [1]})
    with Session(threads=1) as session:
        session.load({"t": frame})
        session.execute("insert into t values (2)", "x")
        session.load({"t": frame})
        assert session.frame("select * from t order by a")["a"].to_list() == [1, 2]
        session.load({"t": frame.clone()})
        assert session.frame("select * from t")["a"].to_list() == [1]


def test_a_statement_that_fails_names_its_place() -> None:
    with Session(threads=1) as session:
        session.set_parameters({"day": 1})
        with pytest.raises(EngineError, match=r"place.*unknown parameter \$other"):
            session.execute("select $day, $other", "place")
        with pytest.raises(EngineError, match=r"place.*nowhere"):
            session.frame("select * from nowhere where a = $day", "place")
        assert session.frame("select $day as a")["a"].to_list() == [1]


def test_want_of_memory_has_a_sentence_of_its_own() -> None:
    assert isinstance(engine_error("REM-01", MEMORY), DatabaseMemoryError)
    with pytest.raises(DatabaseMemoryError, match="--memory"), memory_said():
        raise MEMORY
