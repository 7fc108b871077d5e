"""The preparation fund: opening ledger, unions founded during the year, returns, and their stories.

Not here: the monthly payments themselves (see `fees`).
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from sample_data.make import days
from sample_data.make.county import yuan
from sample_data.make.fees import PREP, Transfer, liable_from, transfer
from sample_data.make.parties import new_union

if TYPE_CHECKING:
    from sample_data.make.county import County
    from sample_data.make.parties import Payer

LEDGER_DAY = date(2023, 12, 31)


def plan_preparation(county: County) -> None:
    """Let the preparing employers open, and some of them found a union, before the year runs."""
    for number in range(1, 13):
        county.payers[f"Q{number:02d}"].opened_on = date(2022, 1 + number % 6, 4 + number)
    _found(county, "Q05", 205, date(2024, 8, 26))


def _found(county: County, key: str, number: int, day: date) -> None:
    payer = county.payers[key]
    payer.union = new_union(county, number, payer.name, day)
    payer.union.elected_on = day
    payer.union.account_opened_on = days.add_months(day, 1).replace(day=2)


def opening_of(payer: Payer) -> Decimal:
    """Return what an employer had paid into the fund by the end of 2023; zero if nothing."""
    if payer.union is not None and payer.union.founded_on < days.PERIOD_FROM:
        return Decimal(0)
    first = max(liable_from(payer), date(2023, 6, 1))
    months = (LEDGER_DAY.year - first.year) * 12 + LEDGER_DAY.month - first.month + 1
    return yuan(payer.wages * Decimal("0.02") * max(months, 0))


def write_openings(county: County) -> None:
    """Write prep_opening and the control account's opening balance."""
    for payer in county.payers.values():
        opening = opening_of(payer)
        if opening:
            county.add(
                "prep_opening",
                payer_uscc=payer.uscc,
                payer_name=payer.name,
                as_of=LEDGER_DAY,
                balance=opening,
            )
            county.books.openings["22203"] += opening


def paid_before_founding(county: County, payer: Payer) -> Decimal:
    """Return what an employer paid for periods before the month after the founding, in yuan."""
    if payer.union is None:
        return Decimal(0)
    limit = days.add_months(payer.union.founded_on, 1)
    return sum(
        (
            row["paid"]
            for row in county.tables["tax_collection"]
            if row["payer_uscc"] == payer.uscc
            and row["item"] == PREP
            and row["period_from"] < limit
        ),
        Decimal(0),
    )


def return_funds(county: County) -> None:
    """Return 60 % of the fund to every union founded in the year, in the month after founding."""
    for payer in county.payers.values():
        union = payer.union
        if union is None or union.founded_on < days.PERIOD_FROM:
            continue
        whole = opening_of(payer) + paid_before_founding(county, payer)
        month = days.add_months(union.founded_on, 1)
        pay_back(county, payer, yuan(whole * Decimal("0.6")), month)


def pay_back(county: County, payer: Payer, amount: Decimal, month: date) -> None:
    """Return preparation fund to a union in the last days of a month."""
    number = sum(row["kind"] == "筹备金返还" for row in county.tables["fund_transfer"]) + 1
    transfer(
        county,
        payer,
        Transfer(
            kind="筹备金返还",
            number=f"CB{month:%Y%m}-{number:02d}",
            amount=amount,
            paid_on=days.workday_on_or_after(month.replace(day=25)),
            period_from=date(2023, 6, 1),
            period_to=days.add_months(month, -1),
        ),
    )
