"""The cases of family XCO and the registers that they give."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl

from recon.base.yamlio import load_yaml
from recon.rollup.county import REGISTER

CASES = sorted((Path(__file__).parent / "cases").glob("*.yaml"))


def cross_cases() -> list[tuple[str, dict[str, Any]]]:
    """Return all cases with the code of their rule."""
    files: list[dict[str, Any]] = [load_yaml(path) for path in CASES]
    return [(one["rule"], case) for one in files for case in one["cases"]]


def case_items(case: dict[str, Any]) -> pl.DataFrame:
    """Return the registers of a case: each row with a label, a place and an exception."""
    rows = [
        {
            **row,
            "amount": None if row["amount"] is None else Decimal(str(row["amount"])),
            "label": f"某{row['token']}",
            "place": f"某表!{number}",
            "exceptions": [f"id{number}"],
        }
        for number, row in enumerate(case["given"], start=2)
    ]
    return pl.DataFrame(rows, schema=REGISTER)
