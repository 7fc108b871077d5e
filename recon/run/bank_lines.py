"""Bank lines of a data folder as it is now, by party, for proposals of recoveries.

Not here: what is proposed (see `proposals`).
"""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

from recon.base.models import CheckRequest
from recon.base.temporary import temporary_folder
from recon.ledger.proposals import BankLine
from recon.run.check import examined_run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_LINES = """
select
    bank.party_id, bank.posted_on, bank.amount, bank.serial_no,
    file.path || case when source.sheet is null then '!' else '#' || source.sheet || '!' end
        || cast(source.row_no as varchar) as place
from int_bank_line as bank
inner join source_row as source on bank.row_id = source.row_id
inner join source_file as file on source.file_id = file.file_id
where not bank.is_internal and bank.party_id is not null and bank.amount <> 0
    and bank.posted_on is not null
order by bank.row_id
"""


def read_bank_lines(data_dir: Path, today: date) -> list[BankLine]:
    """Return the lines of the own bank accounts, each with its party.

    Args:
        data_dir: The data folder, with whatever was put there since the last check.
        today: The day of the question.

    Returns:
        Lines in the order of the files; none where the folder has no bank statement.

    Raises:
        ReconError: The folder cannot be read.
    """
    with temporary_folder("bank") as out:
        request = CheckRequest(data_dir, today, out)
        with examined_run(request, with_rules=False) as examined:
            examined.session.build({"int_bank_line"}, examined.context.workspace)
            rows = examined.session.frame(_LINES).rows()
    return [
        BankLine(party, day, amount, reference or "", place)
        for party, day, amount, reference, place in rows
    ]


def days_of_runs(out_dir: Path) -> dict[str, date]:
    """Return the as-of day of every run of an output folder."""
    return dict(_days(out_dir))


def _days(out_dir: Path) -> Iterator[tuple[str, date]]:
    for path in sorted(out_dir.glob("*/run.json")):
        record = json.loads(path.read_text(encoding="utf-8"))
        yield record["run_id"], date.fromisoformat(record["as_of"])
