"""The sample county as csv and as Parquet: the same exceptions, from the same rows."""

from __future__ import annotations

import shutil
from pathlib import Path

import polars as pl
import pytest

from recon.base.models import CheckRequest
from recon.intake.formats import parquet
from recon.intake.pipeline import read_intake
from recon.output.datafiles import write_csv
from recon.run.check import run_check
from recon.share.folder import as_text
from recon.tables.registry import specs
from sample_data.make.days import AS_OF

COUNTY = Path(__file__).resolve().parents[2] / "sample_data" / "county"


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Write every table twice: texts under the usual headers, and types under column names."""
    made = {form: tmp_path_factory.mktemp(form) for form in ("csv", "parquet")}
    for folder in made.values():
        for name in ("recon.toml", "recon.key"):
            shutil.copy(COUNTY / name, folder / name)
        shutil.copytree(COUNTY / "policy", folder / "policy")
    for name, frame in read_intake(COUNTY).tables.items():
        table = specs()[name]
        rows = frame.drop("row_id")
        texts = rows.select(as_text(column, rows).alias(column.zh) for column in table.columns)
        write_csv(texts, made["csv"] / f"{name}.csv")
        rows.select(list(table.by_name)).write_parquet(made["parquet"] / f"{name}.parquet")
    return made


def test_csv_and_parquet_give_the_same_exceptions(
    folders: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet, "SLICE", 100)
    monkeypatch.setattr(parquet, "HEAD", 20)
    found = {}
    for form, folder in folders.items():
        request = CheckRequest(folder, AS_OF, select=("REM", "TRN", "FUEL"))
        run = run_check(request)
        found[form] = run.exceptions
        assert not run.intake.rejected.height
    assert found["csv"].height > 50
    place = r"^(.+)\.(?:csv|parquet)!(\d+)$"
    evidence = [
        frame.select(
            pl.col("evidence").list.eval(pl.element().str.extract(place, 1)).alias("file"),
            pl.col("evidence")
            .list.eval(pl.element().str.extract(place, 2).cast(pl.Int64) - lines_above)
            .alias("row"),
        )
        for frame, lines_above in ((found["csv"], 1), (found["parquet"], 0))
    ]
    assert evidence[0].equals(evidence[1])
    assert found["csv"].drop("evidence").equals(found["parquet"].drop("evidence"))
