"""Opening balances, statement and trial balance: the books written out as tables.

Not here: how the books are kept (see `books`).
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from sample_data.make.books import DEBIT_SIDE, MAIN, PALACE
from sample_data.make.county import SELF_NAME
from sample_data.make.fuel import PALACE_NAME

if TYPE_CHECKING:
    from sample_data.make.county import County

BANK_OPENING = {MAIN: Decimal("860000.00"), PALACE: Decimal("120000.00")}


def open_books(county: County) -> None:
    """Name the two own accounts and set what they held at the start of the year."""
    county.books.names |= {MAIN: SELF_NAME, PALACE: PALACE_NAME}
    county.books.bank_openings |= BANK_OPENING
    county.books.openings["10201"] = BANK_OPENING[MAIN]
    county.books.openings["10202"] = BANK_OPENING[PALACE]


def close_books(county: County) -> None:
    """Balance the openings with the surplus account, then write the three ledgers out."""
    openings = county.books.openings
    debits = sum(value for code, value in openings.items() if code.startswith(DEBIT_SIDE))
    sources = sum(value for code, value in openings.items() if not code.startswith(DEBIT_SIDE))
    openings["32205"] = Decimal(debits - sources)
    for row in county.books.statement():
        county.add("bank_txn", **row)
    for row in sorted(county.books.entries, key=lambda e: (e["entry_on"], e["voucher_no"])):
        county.add("gl_entry", **row)
    for row in county.books.trial_balance():
        county.add("gl_balance", **row)
