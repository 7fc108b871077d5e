"""All outputs of a run are written, and only volatile ones may be replaced later."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recon.output import VOLATILE_FILES, write_run
from tests.unit.output import factory

if TYPE_CHECKING:
    from pathlib import Path


def test_a_run_folder_holds_every_file_of_the_contract(tmp_path: Path) -> None:
    assert write_run(factory.result(5), tmp_path) == ()
    assert {path.name for path in tmp_path.iterdir()} == {
        "exceptions.xlsx",
        "exceptions.parquet",
        "exceptions.csv",
        "quality.parquet",
        "rejected.parquet",
        "matches.parquet",
        "pending_matches.parquet",
        "control.json",
        "run.json",
        "states.csv",
        "timing.json",
        "report.html",
        ".written.json",
    }


def test_every_volatile_file_is_one_that_is_written(tmp_path: Path) -> None:
    write_run(factory.result(5), tmp_path)
    assert set(VOLATILE_FILES) <= {path.name for path in tmp_path.iterdir()}


def test_a_fresh_page_replaces_the_kept_one(tmp_path: Path) -> None:
    kept, fresh = tmp_path / "kept.html", tmp_path / "fresh.html"
    kept.write_text("old", encoding="utf-8")
    fresh.write_text("new", encoding="utf-8")
    assert VOLATILE_FILES["report.html"](fresh, kept) is None
    assert kept.read_text(encoding="utf-8") == "new"
    assert not fresh.exists()
