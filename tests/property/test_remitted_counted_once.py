"""One fen counts once: what is claimed of fees, preparation funds and refunds, once all were paid.

Random payments, transfers and refunds of two employers go through every rule of REM, PRE and SME,
and random leases through AST; what is counted stays within the money of the rows behind it.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recon.engine.case_session import CaseSession
from recon.engine.exception_list import list_exceptions
from recon.rules.case_file import Case
from recon.rules.catalog import choose, load_rules, with_prerequisites
from recon.run.rule_cases import case_policy, load_case
from recon.run.rule_run import RuleContext, run_pairings, run_rules

KNOWN = load_rules()
QUICK = settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
CODES = ("91990000MA00000013", "91990000MA00000021")
NAMES = ("甲公司", "乙公司")
Tables = dict[str, list[dict[str, Any]]]


@cache
def _session() -> CaseSession:
    return CaseSession()


def exceptions_of(families: tuple[str, ...], tables: Tables) -> pl.DataFrame:
    """Run families over rows and return what is counted, with the party of each exception."""
    case = Case("random", date(2025, 6, 30), tables, [])
    rules = with_prerequisites(KNOWN, choose(KNOWN, families))
    policy = case_policy(case)
    filled = {table: set().union(*rows) for table, rows in tables.items() if rows}
    context = RuleContext(case.as_of, case.period_from, case.period_to, policy, filled)
    session = _session()
    session.keep_rules([])
    load_case(session, rules, case, policy)
    run_pairings(session, context)
    outcomes = run_rules(session, rules, context)
    assert not [one for one in outcomes if one.status == "error"], outcomes
    listed = list_exceptions(session, rules)
    assert listed.filter(pl.col("amount") < 0).is_empty()
    return listed.filter("counted")


def claimed(listed: pl.DataFrame, rules: tuple[str, ...], direction: str, party: str) -> Decimal:
    """Sum what some rules count in one direction for one party."""
    rows = listed.filter(
        pl.col("rule").is_in(rules)
        & (pl.col("direction") == direction)
        & (pl.col("party_id") == party)
    )
    return Decimal(rows["amount"].sum() or 0)


def total(rows: list[dict[str, Any]], code: str, **values: str) -> Decimal:
    """Sum the money of one employer's rows; what was taken back or sent back is below zero."""
    return sum(
        (
            Decimal(row.get("paid", row.get("amount", row.get("balance"))))
            for row in rows
            if row["payer_uscc"] == code and values.items() <= row.items()
        ),
        Decimal(0),
    )


def month(number: int) -> tuple[date, date]:
    """Return the first and the last day of a month counted from January 2023."""
    first = date(2023 + number // 12, number % 12 + 1, 1)
    following = date(2023 + (number + 1) // 12, (number + 1) % 12 + 1, 1)
    return first, date.fromordinal(following.toordinal() - 1)


@st.composite
def remitted(draw: st.DrawFn) -> Tables:
    """Two employers with payments, some repeated or reversed, and money that went back."""
    names = (
        "payer",
        "union_org",
        "tax_collection",
        "fund_transfer",
        "prep_opening",
        "refund_application",
    )
    tables: Tables = {name: [] for name in names}
    for code, name in zip(CODES, NAMES, strict=True):
        who = {"payer_uscc": code, "payer_name": name}
        tables["payer"].append({**who, "cancelled_on": draw(st.sampled_from([None, month(16)[0]]))})
        if draw(st.booleans()):
            founded = month(draw(st.integers(0, 14)))[0]
            account = draw(st.sampled_from([None, "1001"]))
            own = {"union_name": f"{name}工会", "founded_on": founded, "account_no": account}
            tables["union_org"].append({**who, **own})
        opening = draw(st.sampled_from([None, "0.00", "600.00"]))
        if opening is not None:
            day = date(2022, 12, 31)
            tables["prep_opening"].append({**who, "as_of": day, "balance": Decimal(opening)})
        tables["tax_collection"] += draw(payments(who))
        tables["fund_transfer"] += draw(transfers(who))
        if draw(st.booleans()):
            asked = {"year": 2024, "applied_on": date(2025, 2, 1), "outcome": "通过"}
            tables["refund_application"].append({**who, "policy": "small-2023-2024", **asked})
    return tables


@st.composite
def payments(draw: st.DrawFn, who: dict[str, str]) -> list[dict[str, Any]]:
    """Up to five payments of a few months and amounts, so that some repeat."""
    rows = []
    for _ in range(draw(st.integers(0, 5))):
        first, last = month(draw(st.integers(0, 14)))
        paid = Decimal(draw(st.sampled_from(["1200.00", "1200.00", "333.33", "15000.00"])))
        row = {
            **who,
            "item": draw(st.sampled_from(["工会经费", "建会筹备金"])),
            "period_from": first,
            "period_to": last,
            "paid": paid,
            "treasury_on": date.fromordinal(last.toordinal() + draw(st.integers(1, 40))),
            "voucher_no": f"V{draw(st.integers(0, 9))}",
        }
        rows.append(row)
        if draw(st.integers(0, 3)) == 0:
            rows.append({**row, "paid": -paid, "voucher_no": f"{row['voucher_no']}R"})
    return rows


@st.composite
def transfers(draw: st.DrawFn, who: dict[str, str]) -> list[dict[str, Any]]:
    """Up to five transfers of every kind, with and without a period, some sent back."""
    rows = []
    for number in range(draw(st.integers(0, 5))):
        period = draw(st.sampled_from([None, 3, 11, 14]))
        first, last = month(period) if period is not None else (None, None)
        row = {
            **who,
            "transfer_no": f"T{number}",
            "kind": draw(st.sampled_from(["基层回拨", "筹备金返还", "小微返还"])),
            "payee_name": f"{who['payer_name']}工会",
            "amount": Decimal(draw(st.sampled_from(["720.00", "7200.00", "480.00", "200.01"]))),
            "paid_on": date(2024, draw(st.integers(1, 12)), 15),
            "period_from": first,
            "period_to": last,
        }
        rows.append(row)
        if (
            draw(st.integers(0, 2)) == 0
        ):  # sent back by the bank, whole or in part, that day or later
            later = row["paid_on"].toordinal() + draw(st.sampled_from([0, 3, 90]))
            part = draw(st.sampled_from([row["amount"], row["amount"], Decimal("100.00")]))
            back = {"amount": -part, "paid_on": date.fromordinal(later)}
            rows.append({**row, "transfer_no": f"T{number}R", **back})
    return rows


@QUICK
@given(remitted())
def test_fees_funds_and_refunds_are_claimed_once(tables: Tables) -> None:
    listed = exceptions_of(("REM", "PRE", "SME"), tables)
    rules = tuple(rule.code for rule in KNOWN)
    for code in CODES:
        shown = (code, listed.select("rule", "direction", "amount", "message").to_dicts())
        paid = total(tables["tax_collection"], code)
        prep = total(tables["tax_collection"], code, item="建会筹备金")
        opening = total(tables["prep_opening"], code)
        sent = tables["fund_transfer"]
        refunded = total(sent, code, kind="小微返还")
        returned = total(sent, code, kind="筹备金返还")
        passed = total(sent, code, kind="基层回拨")
        back = claimed(listed, rules, "give_back", code)
        cleared = claimed(listed, rules, "clear_out", code)
        assert back + cleared <= paid + opening, shown
        of_prep = ("PRE-01", "PRE-04", "PRE-10", "REM-04")
        owed = sum(claimed(listed, of_prep, way, code) for way in ("give_back", "clear_out"))
        assert owed <= prep + opening, shown
        assert claimed(listed, ("PRE-02", "PRE-08"), "recover", code) <= returned, shown
        assert claimed(listed, ("REM-07",), "recover", code) <= passed, shown
        of_refunds = ("SME-03", "SME-04", "SME-05", "SME-06", "SME-10")
        assert claimed(listed, of_refunds, "recover", code) <= refunded, shown


@st.composite
def let(draw: st.DrawFn) -> Tables:
    """One or two leases of an asset with whatever was received for them."""
    tables: Tables = {"lease": [], "lease_receipt": []}
    for number in range(draw(st.integers(1, 2))):
        ends = date(2024, draw(st.integers(1, 12)), 28)
        tables["lease"].append(
            {
                "lease_no": f"L{number}",
                "asset_no": draw(st.sampled_from(["A1", "A2"])),
                "tenant": draw(st.sampled_from(["甲商行", "乙商行"])),
                "starts_on": date(2023, draw(st.integers(1, 12)), 1),
                "ends_on": ends,
                "annual_rent": Decimal(draw(st.sampled_from(["12000.00", "36500.00", "1000.01"]))),
                "pay_months": draw(st.sampled_from([1, 3, 6, 12])),
                "deposit": Decimal(draw(st.sampled_from(["0.00", "1000.00"]))),
                "deposit_returned": Decimal(draw(st.sampled_from(["0.00", "400.00", "1000.00"]))),
                "handed_back_on": draw(st.sampled_from([None, ends, date(2025, 3, 1)])),
            }
        )
        tables["lease_receipt"] += [
            {
                "lease_no": f"L{number}",
                "received_on": date(2024, draw(st.integers(1, 12)), 20),
                "amount": Decimal(draw(st.integers(1, 3000000))) / 100,
            }
            for _ in range(draw(st.integers(0, 3)))
        ]
    return tables


@QUICK
@given(let())
def test_rent_and_deposits_are_claimed_once(tables: Tables) -> None:
    listed = exceptions_of(("AST",), tables)
    shown = listed.select("rule", "direction", "amount", "message").to_dicts()
    rent = Decimal(0)
    for lease in tables["lease"]:
        until = lease["handed_back_on"] or date(2025, 6, 30)
        days = (max(until, lease["ends_on"]) - lease["starts_on"]).days + 1
        received = sum(
            (
                row["amount"]
                for row in tables["lease_receipt"]
                if row["lease_no"] == lease["lease_no"]
            ),
            Decimal(0),
        )
        # a cycle of whole months may owe up to three days' rent more than its days
        owed = lease["annual_rent"] * (days + 3 * (days // 28 + 1)) / 365
        rent += max(owed - received, Decimal(0))
    claims = listed.filter(pl.col("direction") == "recover")["amount"].sum() or 0
    assert Decimal(claims) <= rent, shown
    deposits = sum(
        (
            max(lease["deposit"] - lease["deposit_returned"], Decimal(0))
            for lease in tables["lease"]
            if lease["handed_back_on"]
        ),
        Decimal(0),
    )
    cleared = listed.filter(pl.col("direction") == "clear_out")["amount"].sum() or 0
    assert Decimal(cleared) <= deposits, shown
