"""Options and folders that no run can follow are refused before anything is read or written."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

import polars as pl
import pytest
from click.testing import CliRunner

from recon.cli import cli
from recon.cli.check import exit_status
from recon.intake.formats import content
from recon.intake.pipeline import read_intake

if TYPE_CHECKING:
    from pathlib import Path

LINES = (
    "交易日期,流水号,收入金额,支出金额,账户余额,对方户名,摘要\n2024-03-01,S1,100.00,,100.00,甲,a\n"
)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "资料"
    folder.mkdir()
    (folder / "a.csv").write_text(LINES, encoding="utf-8")
    return folder


def check(data: Path, *words: str) -> tuple[int, str]:
    ran = CliRunner().invoke(cli, ["check", str(data), "--as-of", "2024-12-31", *words])
    return ran.exit_code, ran.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--threads", "1000000000"), "--threads 1000000000"),
        (("--select", ""), "--select"),
        (("--select", " , "), "--select"),
        (("--ignore", ""), "--ignore"),
        (("--out", "."), "资料目录本身"),
        (("--as-of", "1999-12-31"), "--as-of 1999-12-31: 日期太远"),
        (("--as-of", "9999-12-31"), "--as-of 9999-12-31: 日期太远"),
        (("--from", "1900-01-01"), "--from 1900-01-01: 日期太远"),
        (("--to", "2100-01-01"), "--to 2100-01-01: 日期太远"),
    ],
)
def test_what_cannot_be_followed_is_one_sentence(
    data: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], said: str
) -> None:
    monkeypatch.chdir(data)
    status, told = check(data, *words)
    assert status == 2
    assert said in told
    assert [path.name for path in data.iterdir()] == ["a.csv"]


def test_a_folder_with_other_workspaces_is_refused_and_a_skipped_copy_is_not(data: Path) -> None:
    copy = data / "2023备份"
    copy.mkdir()
    (copy / "recon.toml").write_text("", encoding="utf-8")
    (copy / "a.csv").write_text(LINES, encoding="utf-8")
    status, told = check(data)
    assert status == 2
    assert "recon rollup" in told
    assert '[check] skip = ["2023备份"]' in told
    (data / "recon.toml").write_text('[check]\nskip = ["2023备份"]\n', encoding="utf-8")
    assert check(data, "--fail-on", "none")[0] == 0


@pytest.mark.parametrize("cache", [(), ("--no-cache",)])
def test_a_file_that_goes_away_while_the_run_reads_ends_it(
    data: Path, monkeypatch: pytest.MonkeyPatch, cache: tuple[str, ...]
) -> None:
    (data / "b.csv").write_text(LINES.replace("S1", "S2"), encoding="utf-8")
    real = content.read_path

    def read_path(path: Path, shown: str, context: content.Context) -> content.FileRead:
        (data / "b.csv").unlink(missing_ok=True)
        return real(path, shown, context)

    monkeypatch.setattr("recon.intake.formats.reader.read_path", read_path)
    status, told = check(data, *cache)
    assert status == 2
    assert "b.csv" in told
    assert not list((data / "recon-out").glob("*/run.json"))


def test_a_file_that_is_gone_before_it_is_listed_again_ends_the_run(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (data / "b.csv").write_text(LINES.replace("S1", "S2"), encoding="utf-8")
    monkeypatch.setattr(
        "recon.intake.cache._key", lambda *_: (data / "b.csv").unlink(missing_ok=True) or "0" * 64
    )
    status, told = check(data)
    assert status == 2
    assert "b.csv" in told


@pytest.mark.parametrize(("balance", "status"), [("约100", 2), ("100", 0)])
def test_unreadable_money_fails_a_strict_run(data: Path, balance: str, status: int) -> None:
    (data / "a.csv").write_text(LINES.replace(",100.00,甲", f",{balance},甲"), encoding="utf-8")
    intake = read_intake(data)
    result = SimpleNamespace(intake=intake, outcomes=())
    result.exceptions = pl.DataFrame(schema={"severity": pl.String})
    assert exit_status(result, "high", strict=True) == status  # type: ignore[arg-type]
    assert exit_status(result, "high", strict=False) == 0  # type: ignore[arg-type]
