"""Spark Connect gives the same exceptions as DuckDB: a case of each rule, and the sample county."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import polars as pl
import pytest
from click.testing import CliRunner

from recon import resources
from recon.case_file import cases_of
from recon.cli import cli
from recon.engine.connect import Cluster
from recon.engine.portable import to_spark

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from recon.engine.duckdb import Session
    from recon.engine.spark import SparkSession

pytest.importorskip("pyspark", reason="needs: uv sync --group spark (.ci/run does)")
from tests.spark import parity

EQUAL = ("exceptions.parquet", "exceptions.csv", "matches.parquet", "pending_matches.parquet",
         "quality.parquet", "rejected.parquet", "control.json", "run.json")  # fmt: skip


@pytest.fixture(scope="module")
def engines(master: str) -> Iterator[tuple[Session, SparkSession]]:
    with parity.both_engines(master) as both:
        yield both


@pytest.mark.parametrize("code", [code for code in parity.RULES if code.endswith("1")])
def test_a_case_with_exceptions_is_equal(engines: tuple[Session, SparkSession], code: str) -> None:
    rule = parity.RULES[code]
    case = next(case for case in cases_of(rule) if case.expect)
    here, there = (parity.run_on(session, rule, case) for session in engines)
    assert here.exceptions.height
    assert parity.differences(here, there) == []


def test_divisions_and_texts_of_numbers_are_equal(
    engines: tuple[Session, SparkSession], master: str, tmp_path: Path
) -> None:
    numbers = pl.DataFrame(
        {"num": ["1.000", "-2.005", "0.005", "5.000", "0.000", "123456789012.345", "-0.015"],
         "den": ["3.000", "1.000", "1.000", "0.000", "7.000", "0.070", "-3.000"]},
    ).cast(pl.Decimal(18, 3))  # fmt: skip
    wanted = (
        "select num, den, div_half_up(num, den) as a, ratio_half_up(num, den * 1000) as b, "
        "number_text(num) as c, percent_text(den) as d from numbers"
    )
    engines[0].load({"numbers": numbers})
    here = engines[0].frame(f"{wanted} order by num, den")
    cluster = Cluster(master, tmp_path / "shared")
    engines[0].execute(f"create or replace temp table answers as {wanted}", "numbers")
    cluster.put("numbers", numbers, engines[0].columns("numbers"))
    rows = cluster.fetch(to_spark(wanted, {}), engines[0].columns("answers"), "numbers")
    cluster.close()
    there = pl.DataFrame(rows).sort("num", "den")
    assert there.rows() == here.rows()


def _check(data: Path, out: Path, *words: str) -> Path:
    base = ("check", str(data), "--as-of", "2025-06-30", "--fail-on", "none", "-q")
    result = CliRunner().invoke(cli, [*base, "--out", str(out), *words])
    assert result.exit_code == 0, result.output
    return out / (out / "latest").read_text(encoding="utf-8").strip()


def test_the_sample_county_is_byte_identical(
    master: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("recon.engine.spark_working.FEW", 0)  # all passes run on the cluster
    data = tmp_path / "county"
    shutil.copytree(
        resources.shipped("sample_data") / "county", data,
        ignore=shutil.ignore_patterns("recon-out"),
    )  # fmt: skip
    here = _check(data, tmp_path / "duckdb")
    there = _check(data, tmp_path / "spark", "--engine", "spark", "--master", master)
    assert there.name == here.name
    for name in EQUAL:
        assert (there / name).read_bytes() == (here / name).read_bytes(), name
    assert json.loads((there / "timing.json").read_text(encoding="utf-8"))["engine"] == "spark"
    assert not list((tmp_path / "spark").glob(".work-*"))
