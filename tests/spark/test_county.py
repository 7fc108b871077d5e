"""A check of the sample county over Spark Connect writes the bytes that one on DuckDB writes."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

from click.testing import CliRunner

from recon.base import resources
from recon.cli import cli

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

EQUAL = ("exceptions.parquet", "exceptions.csv", "matches.parquet", "pending_matches.parquet",
         "quality.parquet", "rejected.parquet", "control.json", "run.json")  # fmt: skip


def _check(data: Path, out: Path, *words: str) -> Path:
    base = ("check", str(data), "--as-of", "2025-06-30", "--fail-on", "none", "-q")
    result = CliRunner().invoke(cli, [*base, "--out", str(out), *words])
    assert result.exit_code == 0, result.output
    return out / (out / "latest").read_text(encoding="utf-8").strip()


def test_the_sample_county_is_byte_identical(
    master: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("recon.engine.spark_matcher_tables.FEW", 0)  # all passes run on the cluster
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
