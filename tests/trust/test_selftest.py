"""`recon selftest`: planted defects are found, missed ones are told, inputs stay as they are."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

import polars as pl
import pytest

from recon.selftest.months import distances, months_between, moved
from recon.selftest.planting import Planter, told
from tests.trust.planted import plant, run

if TYPE_CHECKING:
    from pathlib import Path

WORDS = ("--as-of", "2024-12-31", "-q", "--format", "json")


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return plant(tmp_path / "资料")


def test_defects_are_found_and_the_data_stay_as_they_are(folder: Path) -> None:
    before = contents(folder)
    result = run("selftest", folder, *WORDS, "--select", "REM-03,REM-10,TRN-01,PRE-01")
    verdicts = {one["rule"]: one for one in json.loads(result.stdout)}
    assert result.exit_code == 0, result.output
    found = {code for code, one in verdicts.items() if one["result"] == "found"}
    assert found == {"REM-03", "REM-10", "TRN-01"}
    assert verdicts["PRE-01"]["result"] == "not_run"
    assert verdicts["PRE-01"]["reason"]
    after = contents(folder)
    assert {name: after[name] for name in before} == before
    assert [path.name for path in (folder / "recon-out").iterdir()] == [".lock"]


def test_a_defect_that_is_not_found_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("recon.selftest.trial._write", lambda *_: [])
    result = run("selftest", folder, "--as-of", "2024-12-31", "-q", "--select", "REM-10")
    assert (result.exit_code, "REM-10  漏掉" in result.output) == (1, True)


def test_what_cannot_be_planted_is_told_with_the_reason(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Planter, "next", lambda _: None)
    result = run("selftest", folder, "--as-of", "2024-12-31", "-q", "--select", "REM-10")
    assert (result.exit_code, "REM-10  无法植入" in result.output) == (2, True)
    assert "都不构成例外" in result.output


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    result = run("selftest", tmp_path / "没有")
    assert (result.exit_code, "没有这个目录" in result.output) == (2, True)


def test_months_keep_the_last_day_of_a_month() -> None:
    assert moved(date(2024, 2, 29), 12) == date(2025, 2, 28)
    assert moved(date(2023, 11, 30), 3) == date(2024, 2, 29)
    assert moved(date(2024, 5, 15), -17) == date(2022, 12, 15)
    assert months_between(date(2023, 12, 31), date(2024, 1, 1)) == 1


def test_whole_years_are_tried_first() -> None:
    days = [date(2022, 3, 1), date(2030, 1, 1)]
    tried = distances(date(2022, 6, 30), days, date(2024, 8, 15), date(2024, 6, 30))
    assert tried[:3] == [24, 26, 27]
    assert len(tried) == len(set(tried))


def test_what_is_told_is_sorted_text() -> None:

    frame = pl.DataFrame({"direction": ["b", "a"], "amount": [None, 1], "period": ["2024", None]})
    assert told(frame) == (("a", "1", "None"), ("b", "None", "2024"))
