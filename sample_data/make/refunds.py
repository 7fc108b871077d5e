"""Refunds to small payers under the small-amount policy of 2023 and 2024, and their stories.

Not here: the payments that are refunded (see `fees`).
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from sample_data.make import days
from sample_data.make.county import yuan
from sample_data.make.fees import FEE, UPPER, Transfer, transfer

if TYPE_CHECKING:
    from sample_data.make.county import County
    from sample_data.make.parties import Payer

POLICY = "small-2023-2024"
PAID_ON = date(2025, 3, 20)


def upper_part(county: County, payer: Payer) -> Decimal:
    """Return the 40 % of what a payer's fee rows brought into the treasury during 2024."""
    return sum(
        (
            row["paid"] - yuan(row["paid"] * Decimal("0.6"))
            for row in county.tables["tax_collection"]
            if row["payer_uscc"] == payer.uscc
            and row["item"] == FEE
            and row["treasury_on"] <= days.PERIOD_TO
        ),
        Decimal(0),
    )


def refund_small_payers(county: County) -> None:
    """Write applications and refunds of every small payer, and what the upper level sent for it."""
    whole = Decimal(0)
    for number, key in enumerate((f"S{n:02d}" for n in range(1, 21)), start=1):
        payer = county.payers[key]
        amount = upper_part(county, payer)
        whole += amount
        apply(county, payer, amount, date(2025, 1, 5 + number))
        refund(county, payer, amount, number)
    county.books.receive(
        date(2025, 3, 10), UPPER, "小额缴费工会经费回拨补助", [("40301", yuan(whole / 2))]
    )


def apply(county: County, payer: Payer, amount: Decimal, day: date) -> None:
    """Write an accepted application."""
    county.add(
        "refund_application",
        payer_uscc=payer.uscc,
        payer_name=payer.name,
        policy=POLICY,
        year=2024,
        applied_on=day,
        amount=amount,
        outcome="通过",
    )


def refund(county: County, payer: Payer, amount: Decimal, number: int) -> None:
    """Pay a refund for 2024 to the payer's union."""
    transfer(
        county,
        payer,
        Transfer(
            kind="小微返还",
            number=f"FH2025-{number:02d}",
            amount=amount,
            paid_on=PAID_ON,
            period_from=date(2024, 1, 1),
            period_to=date(2024, 11, 30),
            policy=POLICY,
        ),
    )
