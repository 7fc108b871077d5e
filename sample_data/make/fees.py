"""The union fee of a year: payrolls, tax file, settlement, bank, pass-backs, remittances.

Every employer pays every month unless a `Twist` says otherwise; twists are how stories get in. Not
here: the stories themselves (see `remittance`, `refunds`, `preparation`).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from sample_data.make import days
from sample_data.make.county import County, Row, yuan
from sample_data.make.parties import FISCAL, UPPER_ONLY, Payer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

FEE = "工会经费"
PREP = "建会筹备金"
TREASURY = "国家金库示例县支库"
UPPER = "示例市总工会"
UPPER_ACCOUNT = "9900110000099995571"


@dataclass
class Twist:
    """How one payment differs; None means as usual, `force` pays although not due."""

    skip: bool = False
    force: bool = False
    paid: list[Decimal] | None = None
    treasury_on: date | None = None
    item: str | None = None
    listed_again: bool = False
    base: Decimal | None = None
    wages: Decimal | None = None
    headcount: int | None = None
    passed_back: list[Decimal] | None = None
    passed_back_on: date | None = None
    payee_name: str | None = None
    payee_account: str | None = None


@dataclass
class Batch:
    """How one month's settlement differs: yuan short on the bank line, or remitted too little."""

    bank_short: Decimal = Decimal(0)
    remit_short: Decimal = Decimal(0)


@dataclass
class FeePlan:
    """All twists, by payer key and first month of the fee period, and by settlement month."""

    payments: dict[tuple[str, date], Twist] = field(default_factory=lambda: defaultdict(Twist))
    batches: dict[date, Batch] = field(default_factory=lambda: defaultdict(Batch))


def periods_of(payer: Payer) -> Iterator[tuple[date, date]]:
    """Yield first and last day of every fee period of the year in which the payer was open."""
    step = 3 if payer.quarterly else 1
    for start in days.MONTHS[::step]:
        end = days.month_end(days.add_months(start, step - 1))
        if payer.cancelled_on is not None and start > payer.cancelled_on:
            return
        if start > payer.opened_on:
            yield start, end


def item_of(payer: Payer, period_from: date) -> str:
    """Return the item due: the preparation fund until the month of founding is over."""
    if payer.union is None:
        return PREP
    first = days.add_months(payer.union.founded_on, 1)
    return FEE if payer.union.founded_on < days.PERIOD_FROM or period_from >= first else PREP


def liable_from(payer: Payer) -> date:
    """Return the first month for which the preparation fund is due: opening plus six months."""
    return days.add_months(payer.opened_on, 7)


def run_fee_year(county: County, plan: FeePlan) -> None:
    """Write payrolls, tax rows, settlements, bank lines, vouchers and transfers of the year."""
    for payer in county.payers.values():
        _payrolls(county, payer, plan)
    taxes: dict[date, list[tuple[Payer, Row]]] = defaultdict(list)
    for payer in county.payers.values():
        if payer.mode != FISCAL:
            for period_from, period_to in periods_of(payer):
                is_liable = period_from >= liable_from(payer)
                is_liable = is_liable or plan.payments[payer.key, period_from].force
                if item_of(payer, period_from) == FEE or is_liable:
                    month = days.add_months(period_to, 1)
                    taxes[month] += _payments(payer, period_from, period_to, plan)
    for month in sorted(taxes):
        _number_and_add(county, month, taxes[month])
        _settle(county, month, taxes[month], plan)


def _payrolls(county: County, payer: Payer, plan: FeePlan) -> None:
    for month in days.MONTHS:
        if payer.cancelled_on is not None and month > payer.cancelled_on:
            continue
        if month < payer.opened_on.replace(day=1):
            continue
        twist = plan.payments[payer.key, month]
        county.add(
            "payroll",
            payer_name=payer.name,
            payer_uscc=payer.uscc,
            month=month,
            wages=payer.wages_in(month) if twist.wages is None else twist.wages,
            headcount=payer.headcount if twist.headcount is None else twist.headcount,
            evidence="工资表",
        )


def _payments(
    payer: Payer, period_from: date, period_to: date, plan: FeePlan
) -> list[tuple[Payer, Row]]:
    twist = plan.payments[payer.key, period_from]
    if twist.skip:
        return []
    months = [days.add_months(period_from, n) for n in range(3 if payer.quarterly else 1)]
    wages = sum((payer.wages_in(month) for month in months), Decimal(0))
    if twist.wages is not None:
        wages = twist.wages
    rate = Decimal("0.008") if payer.mode == UPPER_ONLY else Decimal("0.02")
    pay_month = days.add_months(period_to, 1)
    spread = int(payer.key[1:]) % 6
    treasury_on = days.workday_on_or_after(pay_month.replace(day=7 + spread))
    treasury_on = min(treasury_on, days.due_day(period_to))
    if twist.treasury_on is not None:
        treasury_on = twist.treasury_on
    rows = []
    for paid in twist.paid if twist.paid is not None else [yuan(wages * rate)]:
        base = twist.base if twist.base is not None else yuan(paid / rate)
        rows.append(
            {
                "payer_name": payer.name,
                "payer_uscc": payer.uscc,
                "item": twist.item or item_of(payer, period_from),
                "period_from": period_from,
                "period_to": period_to,
                "base": base,
                "rate": rate,
                "due": yuan(base * rate),
                "paid": paid,
                "declared_on": treasury_on,
                "paid_on": treasury_on,
                "treasury_on": treasury_on,
                "channel": "税务",
                "_twist": twist,
            }
        )
    return [(payer, row) for row in rows]


def _number_and_add(county: County, month: date, taxes: list[tuple[Payer, Row]]) -> None:
    taxes.sort(key=lambda pair: (pair[1]["treasury_on"], pair[0].key))
    for number, (_, row) in enumerate(taxes, start=1):
        twist: Twist = row.pop("_twist")
        row["voucher_no"] = f"399000{month:%Y%m}{number:06d}"
        row["receipt_no"] = f"工收{month:%y%m}{number:04d}"
        row["batch_no"] = f"QS{month:%Y%m}01"
        county.add("tax_collection", **row)
        if twist.listed_again:
            county.add("tax_collection", **row)


def shares(payer: Payer, item: str, gross: Decimal) -> dict[str, Decimal]:
    """Split a payment 60 : 5 : 5 : 10 : 20; the county keeps the residue.

    Args:
        payer: In mode 部分代收 the payment is the 40 % only.
        item: The preparation fund stays whole on the county's preparation account.
        gross: Yuan in the treasury.

    Returns:
        Settlement column to yuan.
    """
    if item == PREP:
        return {"to_prep": gross}
    whole = gross * Decimal("2.5") if payer.mode == UPPER_ONLY else gross
    parts = {
        "to_acftu": yuan(whole * Decimal("0.05")),
        "to_province": yuan(whole * Decimal("0.05")),
        "to_city": yuan(whole * Decimal("0.10")),
        "to_basic": Decimal(0) if payer.mode == UPPER_ONLY else yuan(gross * Decimal("0.6")),
    }
    parts["to_county"] = gross - sum(parts.values())
    return parts


def _settle(county: County, month: date, taxes: list[tuple[Payer, Row]], plan: FeePlan) -> None:
    settled_on = days.workday_on_or_after(month.replace(day=22))
    batch_no = f"QS{month:%Y%m}01"
    totals: dict[str, Decimal] = defaultdict(Decimal)
    for payer, row in taxes:
        parts = shares(payer, row["item"], row["paid"])
        county.add(
            "settlement",
            batch_no=batch_no,
            settled_on=settled_on,
            voucher_no=row["voucher_no"],
            payer_name=payer.name,
            payer_uscc=payer.uscc,
            gross=row["paid"],
            fee=Decimal(0),
            **parts,
        )
        for share, value in parts.items():
            totals[share] += value
    banked_on = days.add_workdays(settled_on, 1)
    _bank_the_batch(county, banked_on, batch_no, totals, plan.batches[month])
    _pass_back(county, days.add_workdays(banked_on, 1), taxes, plan)
    _remit(county, days.add_workdays(banked_on, 2), month, totals, plan.batches[month])


def _bank_the_batch(
    county: County, day: date, batch_no: str, totals: dict[str, Decimal], batch: Batch
) -> None:
    upper = totals["to_acftu"] + totals["to_province"] + totals["to_city"]
    legs = [
        ("402", totals["to_county"] - batch.bank_short),
        ("211", upper),
        ("21202", totals["to_basic"]),
        ("21504", totals["to_prep"]),
    ]
    summary = f"工会经费清算{batch_no}"
    county.books.receive(day, TREASURY, summary, [leg for leg in legs if leg[1]])


def _pass_back(county: County, day: date, taxes: list[tuple[Payer, Row]], plan: FeePlan) -> None:
    basic: dict[tuple[str, date, date], Decimal] = defaultdict(Decimal)
    for payer, row in taxes:
        if row["item"] == FEE and payer.mode != UPPER_ONLY:
            basic[payer.key, row["period_from"], row["period_to"]] += shares(
                payer, FEE, row["paid"]
            )["to_basic"]
    number = 0
    for (key, period_from, period_to), usual in basic.items():
        twist = plan.payments[key, period_from]
        for amount in twist.passed_back if twist.passed_back is not None else [usual]:
            number += 1
            transfer(
                county,
                county.payers[key],
                Transfer(
                    kind="基层回拨",
                    number=f"HB{day:%Y%m}-{number:03d}",
                    amount=amount,
                    paid_on=twist.passed_back_on or day,
                    period_from=period_from,
                    period_to=period_to,
                    payee_name=twist.payee_name,
                    payee_account=twist.payee_account,
                ),
            )


@dataclass(frozen=True)
class Transfer:
    """One payment to a union or a payer."""

    kind: str
    number: str
    amount: Decimal
    paid_on: date
    period_from: date
    period_to: date
    policy: str | None = None
    payee_name: str | None = None
    payee_account: str | None = None


ACCOUNT_OF = {"基层回拨": "21202", "筹备金返还": "21504", "小微返还": "50801"}


def transfer(county: County, payer: Payer, item: Transfer) -> Row:
    """Pay a union: one row of fund_transfer, one bank line, one voucher.

    Args:
        county: The county.
        payer: Whose union is paid.
        item: What is paid; the payee is the union's registered account unless it says otherwise.
            A negative amount is a transfer that the bank returned.

    Returns:
        The fund_transfer row.
    """
    union = payer.union
    name = item.payee_name or (union.account_name if union else payer.name)
    number = item.payee_account or (union.account_no if union else None)
    summary = f"{item.kind}{item.period_from:%Y%m}-{item.period_to:%Y%m} {item.number}"
    legs = [(ACCOUNT_OF[item.kind], abs(item.amount))]
    move = county.books.pay if item.amount > 0 else county.books.receive
    serial = move(item.paid_on, name, summary, legs, party_account=number)
    return county.add(
        "fund_transfer",
        transfer_no=item.number,
        kind=item.kind,
        policy=item.policy,
        payer_uscc=payer.uscc,
        payer_name=payer.name,
        payee_name=name,
        payee_account=number,
        period_from=item.period_from,
        period_to=item.period_to,
        amount=item.amount,
        paid_on=item.paid_on,
        serial_no=serial,
    )


def _remit(
    county: County, day: date, month: date, totals: dict[str, Decimal], batch: Batch
) -> None:
    amount = totals["to_acftu"] + totals["to_province"] + totals["to_city"] - batch.remit_short
    number = f"SJ{month:%Y%m}-01"
    serial = county.books.pay(
        day,
        UPPER,
        f"上解工会经费{month:%Y%m} {number}",
        [("211", amount)],
        party_account=UPPER_ACCOUNT,
    )
    county.add(
        "fund_transfer",
        transfer_no=number,
        kind="上解",
        payee_name=UPPER,
        payee_account=UPPER_ACCOUNT,
        period_from=month,
        period_to=days.month_end(month),
        amount=amount,
        paid_on=day,
        serial_no=serial,
    )
