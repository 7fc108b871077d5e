"""Payers without any fault, with all that follows from them: settlement, bank, books, transfers.

They have an own account and batches of their own, so that no sum of the county they join changes
but those over all its payers. Not here: what that does to exceptions (see `relations`).
"""

from __future__ import annotations

from dataclasses import replace

from sample_data.make import codes
from sample_data.make.books import MAIN
from sample_data.make.county import SELF_NAME, County
from sample_data.make.fees import FeePlan, run_fee_year
from sample_data.make.parties import ORDINARY, Payer, add_employers, write_registers
from tests.metamorphic.county import ME, Row

ACCOUNT = codes.account(3)
#: Their rows are known by this word.
NEW = "new "
_FIRST_NUMBER = 800
#: What the books of the county use already, and what the newcomers use instead.
_OWN = {
    "batch_no": ("QS", "QX"),
    "voucher_no": ("", "新"),
    "receipt_no": ("", "新"),
    "transfer_no": ("", "新"),
    "serial_no": ("", "9"),
    "account_no": (MAIN, ACCOUNT),
}


def clean_payers(count: int) -> dict[str, list[Row]]:
    """Return the rows of some payers who do everything right.

    Args:
        count: How many, up to the number of the sample county's ordinary employers.

    Returns:
        Rows by table.
    """
    county = County()
    county.books.names[MAIN] = SELF_NAME
    add_employers(county)
    chosen = list(ORDINARY)[:count]
    county.payers = {
        key: _renamed(county, key, number) for number, key in enumerate(chosen, _FIRST_NUMBER)
    }
    write_registers(county)
    run_fee_year(county, FeePlan())
    for row in county.books.statement():
        county.add("bank_txn", **row)
    for row in county.books.entries:
        county.add("gl_entry", **row)
    return {
        table: [{**_own(row), ME: (f"{NEW}{table}", at)} for at, row in enumerate(rows)]
        for table, rows in county.tables.items()
    }


def _renamed(county: County, key: str, number: int) -> Payer:
    """Return an ordinary employer under another name, code and account, with an odd payroll."""
    payer = county.payers[key]
    name = f"示例县增补{number}号食品有限公司"
    union = payer.union
    if union is None:
        raise ValueError(key)
    union = replace(
        union,
        name=f"{name}工会委员会",
        account_name=f"{name}工会委员会",
        uscc=codes.uscc("81", 70_000 + number),
        account_no=codes.account(1_000 + number),
        chair="辰新",
    )
    wages = payer.wages + 1_350 * (number - _FIRST_NUMBER) + 76_450
    return replace(
        payer, name=name, uscc=codes.uscc("91", 10_000 + number), union=union, wages=wages
    )


def _own(row: Row) -> Row:
    changed = dict(row)
    for column, (old, new) in _OWN.items():
        value = changed.get(column)
        if value is not None and str(value).startswith(old):
            changed[column] = new + str(value)[len(old) :]
    if "summary" in changed:
        changed["summary"] = str(changed["summary"]).replace("QS", "QX").replace(" HB", " 新HB")
        changed["summary"] = str(changed["summary"]).replace(" SJ", " 新SJ")
    return changed
