"""`recon check` reads and examines unchanged files once: a cache answers only for equal bytes."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from recon.base import resources
from recon.base.kept import MOST_ENTRIES
from recon.base.models import CheckRequest, RuleOutcome, Text
from recon.base.paper import CACHE_FOLDER
from recon.cli import cli
from recon.intake.cache import cached_intake
from recon.intake.pipeline import IntakeSettings, read_intake
from recon.output import VOLATILE_FILES
from recon.run import rule_run
from recon.run.check import run_check

if TYPE_CHECKING:
    from pathlib import Path

HEADER = "缴费人名称,征收品目,费款所属期起,费款所属期止,计费依据,实缴金额,入库日期,电子税票号码"
SHORT = "示例甲公司,工会经费,2024-03-01,2024-03-31,100000.00,1500.00,2024-04-10,V1"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "资料"
    folder.mkdir()
    (folder / "代收明细.csv").write_text(f"{HEADER}\n{SHORT}\n", encoding="utf-8")
    return folder


def check(data: Path, *words: str) -> str:
    """Check the folder and return where its rows came from."""
    return timing(data, *words)["sources"]


def timing(data: Path, *words: str) -> dict[str, str]:
    """Check the folder and return what the run says of its own course."""
    given = ("check", str(data), "--as-of", "2024-05-01", "--select", "REM-02", "-q", *words)
    result = CliRunner().invoke(cli, [*given, "--fail-on", "none"])
    assert result.exit_code == 0, result.output
    said: dict[str, str] = json.loads((latest(data) / "timing.json").read_text(encoding="utf-8"))
    return said


def latest(data: Path) -> Path:
    out = data / "recon-out"
    return out / (out / "latest").read_text(encoding="utf-8").strip()


def forget(data: Path) -> dict[str, bytes]:
    """Remove the newest run's folder and return its data files, all but those that may differ."""
    found = {path.name: path.read_bytes() for path in latest(data).iterdir()}
    shutil.rmtree(latest(data))
    return {name: content for name, content in found.items() if name not in VOLATILE_FILES}


def test_a_second_run_reuses_what_was_read_and_found(data: Path) -> None:
    first = timing(data)
    assert (first["sources"], first["results"]) == ("stored", "stored")
    written = forget(data)
    second = timing(data)
    assert (second["sources"], second["results"]) == ("reused", "reused")
    assert forget(data) == written


@pytest.mark.parametrize(
    "words", [("--as-of", "2024-06-01"), ("--from", "2024-02-01"), ("--no-mask",), ("--lang", "en")]
)
def test_what_decides_the_results_makes_them_anew(data: Path, words: tuple[str, ...]) -> None:
    timing(data)
    second = timing(data, *words)
    assert second["sources"] == "reused"
    assert second["results"] == ("reused" if words == ("--lang", "en") else "stored")


def test_a_policy_of_recon_toml_makes_the_results_anew(data: Path) -> None:
    timing(data)
    (data / "recon.toml").write_text('[check]\nlocale = "luan"\n', encoding="utf-8")
    assert timing(data)["results"] == "stored"


def test_a_name_that_the_ledger_knows_makes_the_results_anew(data: Path) -> None:
    timing(data)
    known = (("示例甲公司", "91350100M000100Y43"),)
    request = CheckRequest(data, date(2024, 5, 1), select=("REM-02",), use_cache=True)
    assert run_check(request).timing["results"] == "reused"
    assert run_check(replace(request, aliases=known)).timing["results"] == "stored"


def test_results_of_a_rule_that_failed_are_not_kept_and_a_repeated_run_is_another(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = CheckRequest(data, date(2024, 5, 1), select=("REM-02",), use_cache=True)

    def failing(why: str) -> str:
        failed = RuleOutcome("REM-02", "error", reason=Text(why, why))
        monkeypatch.setattr(rule_run, "_run_one", lambda *_words: failed)
        result = run_check(request)
        assert result.timing["results"] == "computed"
        return result.run_id

    runs = [failing("no time"), failing("no time"), failing("no memory")]
    assert runs[0] == runs[1] != runs[2]
    monkeypatch.undo()
    well = run_check(request)
    assert well.timing["results"] == "stored"
    assert well.run_id not in runs
    assert {path.name for path in (data / "recon-out").glob("[0-9a-f]*")} == {*runs, well.run_id}


def test_a_changed_byte_is_read_afresh(data: Path) -> None:
    check(data)
    path = data / "代收明细.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("1500.00", "1400.00"), "utf-8")
    assert check(data) == "stored"
    assert "600.00" in (latest(data) / "exceptions.csv").read_text(encoding="utf-8-sig")


def test_without_a_cache_nothing_is_taken_or_kept(data: Path) -> None:
    assert check(data, "--no-cache") == "read"
    assert not (data / CACHE_FOLDER).exists()
    check(data)
    assert check(data, "--no-cache") == "read"


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("rows", "record.json"),
        ("rows", "table_tax_collection.parquet"),
        ("results", "record.json"),
        ("results", "exceptions.parquet"),
        ("results", "matches.parquet"),
    ],
)
def test_a_damaged_cache_is_not_believed(data: Path, kind: str, name: str) -> None:
    check(data)
    (path,) = (data / CACHE_FOLDER).glob(f"{kind}/*/{name}")
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    assert timing(data)["sources" if kind == "rows" else "results"] == "stored"


def test_old_entries_go(data: Path) -> None:
    for number in range(MOST_ENTRIES + 2):
        (data / "说明.csv").write_text(f"甲,乙\n1,{number}\n", encoding="utf-8")
        check(data)
    for kind in ("rows", "results"):
        assert len(list((data / CACHE_FOLDER / kind).iterdir())) == MOST_ENTRIES


def test_a_folder_that_cannot_be_written_costs_no_run(data: Path) -> None:
    (data / CACHE_FOLDER).write_text("a file where the folder should be", encoding="utf-8")
    assert check(data) == "read"


def test_nothing_is_kept_beside_the_sample_that_ships(tmp_path: Path) -> None:
    county = resources.shipped("sample_data") / "county"
    words = ("--as-of", "2025-06-30", "--select", "REM-02", "-q", "--out", str(tmp_path))
    assert CliRunner().invoke(cli, ["check", str(county), *words]).exit_code == 1
    assert not (county / CACHE_FOLDER).exists()


def test_all_that_is_known_of_the_sample_county_comes_back(tmp_path: Path) -> None:
    county = resources.shipped("sample_data") / "county"
    settings = IntakeSettings(exclude=(county / "recon-out",))
    assert cached_intake(county, settings, tmp_path).how == "stored"
    kept = cached_intake(county, settings, tmp_path)
    fresh = read_intake(county, settings)
    assert kept.how == "reused"
    for part in ("files", "sheets", "questions", "notes"):
        assert getattr(kept.intake, part) == getattr(fresh, part)
    assert kept.intake.tables.keys() == fresh.tables.keys()
    for name, frame in fresh.tables.items():
        assert kept.intake.tables[name].schema == frame.schema
        assert kept.intake.tables[name].equals(frame)
    for part in ("source_row", "rejected", "quality"):
        assert getattr(kept.intake, part).equals(getattr(fresh, part))
