"""What a check of a county says, in a form that two counties can be compared by.

An exception is its columns by name; instead of places its evidence names the rows themselves. Not
here: what should differ (`relations`).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from recon.base.models import CheckRequest
from recon.policy.parameters import load_policy
from recon.run.check import run_check
from recon.tables.registry import specs
from tests.metamorphic.county import ME, County, Row, write

if TYPE_CHECKING:
    from pathlib import Path

    from recon.policy.parameters import Policy

Said = dict[str, Any]


@dataclass(frozen=True)
class Outcome:
    """The exceptions, what each rule said, and how many rows were set aside and doubted.

    An exception's `evidence` names rows by table and number, its `kin` by table and the first
    number in them: of a voucher, a class, a card.
    """

    exceptions: list[Said]
    statuses: dict[str, str]
    rows: tuple[int, int]


def check(county: County, folder: Path) -> Outcome:
    """Write a county and check it.

    Args:
        county: The county.
        folder: Where to write; not there yet.

    Returns:
        The outcome; a rule in error has the status "error".
    """
    places = write(county, folder)

    def load(*words: Any) -> Policy:
        return county.policy(load_policy(*words))

    with patch("recon.run.plan.load_policy", load):
        result = run_check(
            CheckRequest(folder, county.as_of, folder.with_name(f"{folder.name}-out"), threads=1)
        )
    rows = list(result.exceptions.iter_rows(named=True))
    named = {row["exception_id"]: f"{row['rule']} {row['direction']}" for row in rows}
    return Outcome(
        [_said(row, places, named) for row in rows],
        {one.rule: one.status for one in result.outcomes},
        (result.intake.rejected.height, result.intake.quality.height),
    )


def _said(row: dict[str, Any], places: dict[str, tuple[str, Row]], named: dict[str, str]) -> Said:
    """Return an exception with its rows in place of their places.

    Those that its detail names as opposite to it are named by rule and direction: ids are made of
    periods and amounts, which changed counties have others of.
    """
    rows = [places[place] for place in row["evidence"]]
    detail = json.loads(row["detail"] or "{}")
    if "opposite" in detail:
        detail["opposite"] = sorted(named[other] for other in detail["opposite"])
    return {
        **row,
        "detail": detail,
        "evidence": sorted({one[ME] for _, one in rows}),
        "kin": sorted({(one[ME][0], str(one.get(_named_by(name)))) for name, one in rows}),
    }


@cache
def _named_by(table: str) -> str:
    """Return the first column that holds a number of something, else one that holds no day."""
    columns = [one for one in specs()[table].columns if one.kind not in {"id_no", "date", "month"}]
    return next((one.name for one in columns if one.name.endswith("_no")), columns[0].name)
