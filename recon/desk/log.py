"""Who asked to see persons in clear, when and why: a line each in the output folder.

Not here: decisions and steps, which are events of the ledger.
"""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from recon.desk.place import now
from recon.workspace.errors import OutputUnwritableError

if TYPE_CHECKING:
    from pathlib import Path

FILE = "unmasked.csv"


def note_unmasked(out_dir: Path, who: str, why: str, what: str) -> None:
    """Add a line: moment, person, reason, and the command that shows the same.

    Raises:
        OutputUnwritableError: It cannot be written; then nothing is shown either.
    """
    path = out_dir / FILE
    try:
        out_dir.mkdir(parents=True, exist_ok=True)
        is_new = not path.exists()
        with path.open("a", encoding="utf-8-sig" if is_new else "utf-8", newline="") as file:
            rows = csv.writer(file)
            if is_new:
                rows.writerow(("时间", "人员", "理由", "内容"))
            rows.writerow((now().isoformat(timespec="seconds"), *map(_plain, (who, why, what))))
    except OSError as error:
        raise OutputUnwritableError(out_dir, error) from error


def _plain(text: str) -> str:
    """Return text that no spreadsheet runs."""
    return f"'{text}" if text[:1] in "=+-@\t\r＝＋－＠" else text
