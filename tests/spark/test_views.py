"""A view shows its tables as they are when it is read, as in the driver's own database."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest

from recon.base.errors import EngineError
from recon.engine.connect import Cluster
from recon.engine.duckdb import Session

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

KINDS = {"n": "BIGINT"}
OVER_TABLE = "select n + 10 as n from t"
OVER_VIEW = "select n + 100 as n from v"


@pytest.fixture
def cluster(master: str, tmp_path: Path) -> Iterator[Cluster]:
    """A cluster with a table, a view over it and a view over that."""
    opened = Cluster(master, tmp_path / "shared")
    opened.put("t", _numbers(1, 2), KINDS)
    opened.show("v", OVER_TABLE)
    opened.show("w", OVER_VIEW)
    yield opened
    opened.close()


def _numbers(*numbers: int) -> pl.DataFrame:
    return pl.DataFrame({"n": numbers}, {"n": pl.Int64})


def _read(cluster: Cluster, name: str) -> list[int]:
    rows = cluster.fetch(f"select n from `{name}`", KINDS, "test")
    return sorted(rows.column("n").to_pylist())


def test_views_follow_their_tables_as_on_the_driver(cluster: Cluster) -> None:
    steps = {
        "t": "select 3 as n",
        "v": "select n + 20 as n from t",
        "w": "select n + 200 as n from v",
    }
    with Session(threads=1) as here:
        here.run_script("create table t as select unnest([1, 2]) as n")
        here.run_script(f"create view v as {OVER_TABLE}; create view w as {OVER_VIEW}")
        answers = []
        for name, sql in steps.items():
            if name == "t":
                cluster.make("t", sql, KINDS)
                cluster.add("t", "select n * 2 as n from t", KINDS)
                here.run_script(f"create or replace table t as {sql}")
                here.run_script("insert into t select n * 2 as n from t")
            else:
                cluster.show(name, sql)
                here.run_script(f"create or replace view {name} as {sql}")
            for each in ("w", "v", "t"):
                rows = here.execute(f"select n from {each} order by n", "test")
                answers.append([n for (n,) in rows])
                assert _read(cluster, each) == answers[-1], (name, each)
    assert answers[0] == [113, 116]
    assert answers[-3] == [223, 226]


@pytest.mark.parametrize("name", ["t", "v", "w"])
def test_what_reads_a_forgotten_table_is_refused(cluster: Cluster, name: str) -> None:
    cluster.forget(["t"])
    with pytest.raises(EngineError):
        _read(cluster, name)
    with pytest.raises(EngineError):  # and again, until the table is there
        cluster.make("x", f"select n from `{name}`", KINDS)
    cluster.put("t", _numbers(5), KINDS)
    assert _read(cluster, name) == [{"t": 5, "v": 15, "w": 115}[name]]
