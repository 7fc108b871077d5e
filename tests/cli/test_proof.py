"""A run whose proof fails has no result: exit status 2, the place and the difference named."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from recon.intake.sheets import certificate
from recon.run import check as module
from tests.cli.reviewed_support import run
from tests.cli.test_pending_matches import BANK, LEDGER

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result

WORDS = ("--as-of", "2024-12-31", "--select", "LED-01", "--fail-on", "none", "-q")


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "银行流水.csv").write_text(BANK, encoding="utf-8")
    (tmp_path / "序时账.csv").write_text(LEDGER, encoding="utf-8")
    return tmp_path


def refused(result: Result, place: Path) -> str:
    assert result.exit_code == 2, result.output
    assert not (place / "recon-out" / "latest").exists()
    return result.output


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        ("update match_couple_kept set amount = amount + 0.01 where amount = -33", "bank_ledger"),
        ("delete from match_couple_kept where amount = -33", "bank_ledger"),
        (
            "insert into match_group_kept select 'bank_ledger', '', 'matched', 1, 0, 0, 0, 0, 0.01",
            "相差",
        ),
    ],
)
def test_a_fen_lost_by_the_matcher_ends_the_run(
    place: Path, monkeypatch: pytest.MonkeyPatch, damage: str, said: str
) -> None:
    whole = module.run_pairings

    def damaged(session: Any, *rest: Any) -> Any:
        report = whole(session, *rest)
        session.run_script(damage)
        return report

    monkeypatch.setattr(module, "run_pairings", damaged)
    assert said in refused(run("check", place, *WORDS), place)


def test_a_row_lost_in_reading_ends_the_run_and_names_the_sheet(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(certificate, "_sum_rows", lambda _: 3)
    monkeypatch.setattr("recon.base.models.SheetCertificate.is_balanced", property(lambda _: False))
    assert "csv: 行数不平：读入" in refused(run("check", place, *WORDS), place)
