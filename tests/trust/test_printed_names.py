"""Persons in the names of files, sheets and headers are masked wherever a run prints the names."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from openpyxl import Workbook

from recon.share.scan import find_texts
from tests.trust.planted import PERSON, PHONE, check, plant, run

if TYPE_CHECKING:
    from pathlib import Path

SELECT = ("--select", "TRN-01,REM-03")


def _planted(tmp_path: Path) -> Path:
    """Lay a sheet of trainees down in a file whose name, sheet and header name a trainee."""
    folder = plant(tmp_path / "资料")
    source = folder / "学员花名册.csv"
    rows = [line.split(",") for line in source.read_text("utf-8-sig").splitlines()]
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = f"{PERSON}班"
    for row, more in zip(rows, (f"{PERSON}备注", *[""] * len(rows)), strict=False):
        sheet.append([*row, more])
    book.save(folder / f"名单-{PERSON}-{PHONE}.xlsx")
    source.unlink()
    return folder


def test_names_are_masked_and_the_run_verifies(tmp_path: Path) -> None:
    folder = _planted(tmp_path)
    done = check(folder, *SELECT)
    assert find_texts(done, [PERSON, PHONE]) == {}
    record = json.loads((done / "run.json").read_text("utf-8"))
    assert any("*" in each["path"] for each in record["inputs"])
    assert any(each["status"] == "exceptions" for each in record["rules"])
    verified = run("verify", done)
    assert (verified.exit_code, "一致" in verified.output) == (0, True), verified.output


def test_without_masks_names_are_as_they_are(tmp_path: Path) -> None:
    done = check(_planted(tmp_path), *SELECT, "--no-mask")
    record = json.loads((done / "run.json").read_text("utf-8"))
    assert any(PERSON in each["path"] for each in record["inputs"])
