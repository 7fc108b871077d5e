"""Every staged table that takes reversals off pairs each with the latest earlier open payment.

All orders of up to five payments and reversals of one amount, each under a key of its own, are
compared with a stack; a reversal that finds nothing to take back stays.
"""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product
from typing import TYPE_CHECKING, Any

import pytest

from recon.base.models import SelfUnit
from recon.engine.duckdb import Session
from recon.rules.case_file import Case
from recon.rules.catalog import load_rules
from recon.run.rule_cases import case_policy, load_case, tables_read

if TYPE_CHECKING:
    from collections.abc import Callable

ORDERS = [signs for length in range(1, 6) for signs in product((1, -1), repeat=length)]


def expected() -> list[tuple[int, int]]:
    """Return the pairs of places, counted through all orders."""
    pairs, first = [], 0
    for signs in ORDERS:
        open_places: list[int] = []
        for place, sign in enumerate(signs, first):
            if sign > 0:
                open_places.append(place)
            elif open_places:
                pairs.append((open_places.pop(), place))
        first += len(signs)
    return pairs


def _tax(name: str, day: date, sign: int) -> dict[str, Any]:
    month = {"period_from": date(2024, 1, 1), "period_to": date(2024, 1, 31)}
    return {"payer_name": name, "treasury_on": day, "paid": 100 * sign, "item": "工会经费",
            "voucher_no": f"{name}{day}", **month}  # fmt: skip


def _transfer(name: str, day: date, sign: int) -> dict[str, Any]:
    return {"payee_name": name, "paid_on": day, "amount": 100 * sign, "kind": "基层回拨",
            "transfer_no": f"{name}{day}"}  # fmt: skip


def _payment(name: str, day: date, sign: int) -> dict[str, Any]:
    return {"class_no": name, "paid_on": day, "amount": 100 * sign, "heads": sign}


def _expense(name: str, day: date, sign: int) -> dict[str, Any]:
    return {"class_no": name, "spent_on": day, "amount": 100 * sign, "category": "教材"}


def _bank(name: str, day: date, sign: int) -> dict[str, Any]:
    return {"account_no": "622200001", "party_name": name, "posted_on": day,
            "money_out": 100 if sign > 0 else None, "money_in": None if sign > 0 else 100,
            "summary": "退汇" if sign < 0 else "拨款"}  # fmt: skip


TABLES = [
    ("tax_collection", "stg_tax_collection", "is_reversed", _tax),
    ("fund_transfer", "stg_fund_transfer", "is_returned", _transfer),
    ("training_payment", "stg_training_payment", "is_reversed", _payment),
    ("training_expense", "stg_training_expense", "is_reversed", _expense),
    ("bank_txn", "int_bank_return", "true", _bank),
]


@pytest.mark.parametrize(("table", "staged", "flag", "row"), TABLES, ids=[one[0] for one in TABLES])
def test_a_reversal_takes_back_the_latest_earlier_open_payment(
    table: str, staged: str, flag: str, row: Callable[[str, date, int], dict[str, Any]]
) -> None:
    start = date(2024, 3, 1)
    rows = [
        row(f"{number:02d}号单位", start + timedelta(days=step), sign)
        for number, signs in enumerate(ORDERS)
        for step, sign in enumerate(signs)
    ]
    own = SelfUnit(accounts=("622200001",))
    case = Case("every order", date(2025, 6, 30), {table: rows}, [], self_unit=own)
    reader = next(rule for rule in load_rules() if staged in tables_read((rule,)))
    with Session(threads=1) as session:
        load_case(session, (reader,), case, case_policy(case))
        session.build([staged])
        taken = session.frame(f"select row_id from {staged} where {flag} order by row_id")
        first = session.frame(f"select min(row_id) as row_id from src_{table}").item()
    wanted = sorted(place for pair in expected() for place in pair)
    assert [row_id - first for row_id in taken["row_id"]] == wanted
