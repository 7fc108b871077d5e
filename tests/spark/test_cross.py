"""Over Spark Connect registers and XCO leads are DuckDB's, and the cluster computes them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Literal

import polars as pl
import pytest

from bench.region import make_region
from recon.base import resources
from recon.base.models import CheckRequest
from recon.engine.duckdb import Session
from recon.rollup.cross import run_cross
from recon.run.check import examined_run
from tests.rollup.cross_support import case_items, cross_cases

pytest.importorskip("pyspark", reason="needs: uv sync --group spark (.ci/run does)")
from recon.engine import connect
from recon.engine.connect import Cluster
from recon.engine.spark import SparkSession

if TYPE_CHECKING:
    from pathlib import Path


def test_cases_of_all_rules_are_equal_and_computed_on_the_cluster(
    master: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    fetch = Cluster.fetch

    def counted(self: Cluster, *args: object) -> object:
        asked.append(str(args[2]))
        return fetch(self, *args)  # type: ignore[arg-type]

    monkeypatch.setattr(Cluster, "fetch", counted)
    cases = cross_cases()
    with (
        Session(threads=1) as here,
        SparkSession(Cluster(master, tmp_path / "spark"), None, None, 1) as there,
    ):
        for _, case in cases:
            items = case_items(case)
            leads = run_cross(here, items)
            assert run_cross(there, items) == leads
    rules = sorted(path.stem for path in (resources.shipped("sql") / "city" / "xco").glob("*.sql"))
    assert sorted(asked) == sorted(f"city/xco/{stem}.sql" for stem in rules * len(cases))


def test_a_countys_register_is_equal(master: str, tmp_path: Path) -> None:
    county = make_region(tmp_path / "city", 2, 0) / "县01"
    sql = (resources.shipped("sql") / "city" / "register.sql").read_text(encoding="utf-8")

    def found(engine: Literal["duckdb", "spark"]) -> pl.DataFrame:
        asked = CheckRequest(county, date(2025, 6, 30), engine=engine, master=master)
        with examined_run(asked, with_rules=False) as examined:
            rows = examined.session.select(sql, "city/register.sql")
        return rows.sort("kind", "identity", "year", "place")

    here = found("duckdb")
    assert set(here["kind"]) == {"trained", "vehicle", "card", "union", "remitted", "refunded"}
    assert found("spark").equals(here)


def test_a_folder_with_a_chinese_name_is_read_and_given_as_it_is(
    master: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = connect._address
    asked: list[str] = []

    def kept(path: Path) -> str:
        asked.append(read(path))
        return asked[-1]

    monkeypatch.setattr(connect, "_address", kept)
    there = Cluster(master, tmp_path / "某市 资料" / "县01")
    there.put("county_put", pl.DataFrame({"n": [1, 2]}), {"n": "BIGINT"})
    there.make("county_made", "select n from county_put where n > 1", {"n": "BIGINT"})
    assert (there.count("county_put"), there.count("county_made")) == (2, 1)
    there.close()
    assert asked
    assert all("/某市 资料/县01/" in one for one in asked)
