"""A workbook that LibreOffice has saved again loses no decision; skipped where there is none."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest
from openpyxl import load_workbook

from recon.base.paper import LEDGER_FILE
from recon.ledger.decisions import items_of
from recon.ledger.store import read_events
from tests.cli.reviewed_support import COUNT, FILLED, fill, finished, found, run

if TYPE_CHECKING:
    from pathlib import Path

OFFICE = shutil.which("soffice") or shutil.which("libreoffice")


def saved_by_libreoffice(source: Path, folder: Path) -> Path:
    """Open a workbook in LibreOffice and save it as another one."""
    folder.mkdir()
    profile = (folder / "profile").as_uri()
    words = [OFFICE, f"-env:UserInstallation={profile}", "--headless", "--convert-to", "xlsx",
             "--outdir", str(folder), str(source)]  # fmt: skip
    subprocess.run([str(word) for word in words], check=True, capture_output=True, timeout=120)
    return folder / source.name


@pytest.mark.skipif(OFFICE is None, reason="no LibreOffice (soffice) found")
def test_decisions_survive_libreoffice(tmp_path: Path) -> None:
    yes, no = found(count=2)
    decisions = {yes: FILLED, no: FILLED | {"核实结论": "不成立"}}
    filled = fill(finished(tmp_path), tmp_path / "复核.xlsx", decisions)
    saved = saved_by_libreoffice(filled, tmp_path / "office")
    result = run("review", "import", saved, "--data", tmp_path)
    assert (result.exit_code, f"读 {COUNT} 行：新记结论 2" in result.output) == (0, True), (
        result.output
    )
    items = items_of(read_events(tmp_path / LEDGER_FILE))
    assert {each: items[each].decision["verdict"] for each in (yes, no)} == {
        yes: "成立",
        no: "不成立",
    }
    sheet = load_workbook(saved)["REM 经费收缴"]
    assert sheet.auto_filter.ref
    assert sheet.freeze_panes
    assert sheet.data_validations.dataValidation
