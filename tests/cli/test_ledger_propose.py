"""`recon ledger propose`: a later bank line is proposed with the command that books it."""

from __future__ import annotations

import shlex
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from recon.base.paper import LEDGER_FILE
from recon.cli import cli
from recon.ledger.store import NewEvent, add_events, read_events

if TYPE_CHECKING:
    from pathlib import Path

HEADER = "账号,交易日期,借方发生额,贷方发生额,对方户名,摘要,流水号"
LINE = "990001,2025-01-10,,640.00,示例甲公司,补缴工会经费,S77"
ID = "00000000000000aa"
THEN = datetime(2025, 1, 5, 9, tzinfo=UTC)


def run(*words: object) -> Result:
    return CliRunner().invoke(cli, [str(word) for word in words])


@pytest.fixture
def data(tmp_path: Path) -> Path:
    (tmp_path / "银行流水.csv").write_text(f"{HEADER}\n{LINE}\n", encoding="utf-8")
    facts = {"rule": "REM-02", "party_id": "N:示例甲公司", "party_name": "示例甲公司",
             "period": "2024-03", "direction": "pay_in", "amount": "640.00"}  # fmt: skip
    said = {"verdict": "成立", "confirmed_amount": "640.00", "responsible": "王五"}
    (tmp_path / "recon.key").write_text("0" * 64 + "\n", encoding="ascii")
    add_events(tmp_path / LEDGER_FILE, [NewEvent("review", ID, None, facts | said)], THEN)
    return tmp_path


def test_the_proposed_command_books_and_then_nothing_is_left(data: Path) -> None:
    result = run("ledger", "propose", "--data", data)
    assert result.exit_code == 0, result.output
    assert "2025-01-10  640.00  示例甲公司  银行流水.csv!2  金额等于未收回数" in result.output
    assert len(read_events(data / LEDGER_FILE)) == 1
    [command] = [each for each in result.output.splitlines() if "recon ledger recover" in each]
    words = shlex.split(command, comments=True)
    assert words[:4] == ["recon", "ledger", "recover", ID]
    assert run(*words[1:], "--data", data).exit_code == 0
    result = run("ledger", "propose", "--data", data, "--lang", "en")
    assert (result.exit_code, "Nothing to propose" in result.output) == (0, True)


def test_without_open_findings_no_file_is_read(tmp_path: Path) -> None:
    result = run("ledger", "propose", "--data", tmp_path)
    assert (result.exit_code, "没有可以提出的收回" in result.output) == (0, True)


def test_status_2_when_the_folder_has_no_data(data: Path) -> None:
    (data / "银行流水.csv").unlink()
    assert run("ledger", "propose", "--data", data).exit_code == 2
