"""One fen counts once: what must hold of the counted amounts of random counties.

Here: running all rules over many counties at once, and sums over the rows that were drawn, per
class, card, fill, lease, payer and transfer. Not here: drawing (`drawn`), the command (`counties`).
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

from recon.engine.duckdb import Session
from recon.engine.exception_list import list_exceptions
from recon.rules.case_file import Case
from recon.rules.catalog import choose, load_rules, with_prerequisites
from recon.run.rule_cases import case_policy, load_case
from recon.run.rule_run import RuleContext, run_pairings, run_rules
from tests.property.drawn import AS_OF

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from recon.rules.catalog import Rule
    from tests.property.drawn import Row, Tables

FAMILIES = ("REM", "SME", "PRE", "TRN", "FUEL", "AST")
ZERO = Decimal(0)
#: Money that goes from us to them, and from them to us.
OUT, BACK = ("give_back", "clear_out"), ("recover", "pay_in")
#: Rules about other money of a card than its fills.
_OF_BALANCE = ("FUEL-01", "FUEL-17", "FUEL-18", "FUEL-20")
_OF_REFUND = ("FUEL-02", "FUEL-03")


@dataclass(frozen=True)
class Claim:
    """One definite exception that counts, and the rows behind it as (table, place)."""

    rule: str
    direction: str
    amount: Decimal
    rows: frozenset[tuple[str, int]]
    detail: dict[str, Any]
    said: str
    exception_id: str

    def of(self, table: str) -> frozenset[int]:
        """Return the places of its rows in one table."""
        return frozenset(place for name, place in self.rows if name == table)


@cache
def _rules() -> tuple[Rule, ...]:
    known = load_rules()
    return with_prerequisites(known, choose(known, FAMILIES))


@dataclass(frozen=True)
class Setting:
    """A place's pack and values of its own under which counties are judged."""

    locale: str = "base"
    policy: dict[str, Any] = field(default_factory=dict)


SETTINGS = (
    Setting(),
    Setting(policy={"training.settlement": "actual_cost", "training.requires_member": True}),
    Setting("fujian", {"surcharge.enabled": True, "training.hours_by_level": {"初级": 40}}),
    Setting(policy={"prep.start_rule": "open_plus_12m", "fee.mode": "部分代收"}),
)


def claims_of(tables: Tables, setting: Setting) -> list[Claim]:
    """Run every rule of the families over some rows.

    Returns:
        What is counted with a definite direction, linked exceptions left out.
    """
    case = Case("random", AS_OF, tables, [], policy=setting.policy, locale=setting.locale)
    effective = case_policy(case)
    filled = {name: set().union(*rows) for name, rows in tables.items() if rows}
    context = RuleContext(AS_OF, case.period_from, case.period_to, effective, filled)
    with Session(threads=2) as session:
        load_case(session, _rules(), case, effective)
        run_pairings(session, context)
        outcomes = run_rules(session, _rules(), context)
        wrong = [(one.rule, one.reason) for one in outcomes if one.status == "error"]
        if wrong:
            raise AssertionError(wrong)
        listed = list_exceptions(session, _rules())
    return [_claim(row) for row in listed.filter("counted").iter_rows(named=True)]


def _claim(row: dict[str, Any]) -> Claim:
    places = (place.removeprefix("case#").split("!") for place in row["evidence"])
    return Claim(
        row["rule"],
        row["direction"],
        row["amount"],
        frozenset((table, int(place) - 1) for table, place in places),
        json.loads(row["detail"]),
        f"{row['rule']} {row['direction']} {row['amount']} {row['message']}",
        row["exception_id"],
    )


@dataclass
class Books:
    """The rows of some counties and what was claimed of them; `faults` in words."""

    tables: Tables
    claims: list[Claim]
    faults: list[str] = field(default_factory=list)

    @classmethod
    def judged(cls, tables: Tables, setting: Setting) -> Books:
        """Run the rules over some rows and check every money."""
        books = cls(tables, claims_of(tables, setting))
        for check in CHECKS:
            check(books)
        return books

    def hold(self, name: str, claims: Iterable[Claim], limit: Decimal) -> None:
        """Note claims that are more than a limit."""
        claims = list(claims)
        total = sum((one.amount for one in claims), ZERO)
        if total > max(limit, ZERO):
            said = "\n    ".join(one.said for one in claims)
            self.faults.append(f"{name}: {total} is claimed of {limit}\n    {said}")

    def by(self, table: str, column: str) -> dict[Any, list[tuple[int, Row]]]:
        """Return the rows of a table by the value of a column, with their places."""
        found: dict[Any, list[tuple[int, Row]]] = defaultdict(list)
        for place, row in enumerate(self.tables.get(table, [])):
            found[row.get(column)].append((place, row))
        return found

    def about(self, *groups: tuple[str, list[tuple[int, Row]]]) -> list[Claim]:
        """Return the claims with a row among some rows of some tables."""
        mine = {(table, place) for table, rows in groups for place, _ in rows}
        return [one for one in self.claims if one.rows & mine]


def faults_of(tables: Tables, setting: Setting) -> list[str]:
    """Return in words every money of which more is claimed than there was."""
    return Books.judged(tables, setting).faults


def _sum(rows: Iterable[tuple[int, Row]], column: str = "amount") -> Decimal:
    return sum((Decimal(row.get(column, 0)) for _, row in rows), ZERO)


def _going(claims: Iterable[Claim], *directions: str) -> list[Claim]:
    return [one for one in claims if one.direction in directions]


def _classes(books: Books) -> None:
    """Per class: recovered up to what was paid, given back up to what the books owe."""
    names = ("trainee", "training_payment", "training_expense")
    rows = {name: books.by(name, "class_no") for name in ("training_class", *names)}
    for number, [(_, about)] in rows["training_class"].items():
        paid = _sum(rows["training_payment"][number])
        claims = [one for one in books.claims if one.detail.get("class_no") == number]
        name = f"class {number}"
        books.hold(f"{name}, paid", _going(claims, "recover", "clear_out"), paid)
        expenses = [one for one in claims if one.rule == "TRN-15"]
        spent = [one for one in rows["training_expense"][number] if one[1]["amount"] > 0]
        books.hold(f"{name}, expenses", _going(expenses, "recover"), _sum(spent))
        heads = sum(max(row["heads"], 0) for _, row in rows["training_payment"][number])
        heads = min(heads, len({row["id_no"] for _, row in rows["trainee"][number]}) or heads)
        prices = [about.get("standard", ZERO)]
        prices += [row.get("standard", ZERO) for _, row in rows["training_payment"][number]]
        own = _sum(rows["trainee"][number], "subsidy")
        books.hold(f"{name}, owed", _going(claims, "give_back"), heads * max(prices) + own - paid)


def _cards(books: Books) -> None:
    """Per card: fills, the balance, and per car what was paid in cash."""
    spends = books.by("fuel_txn", "card_no")
    balances = books.by("fuel_balance", "card_no")
    cards = books.by("fuel_card", "card_no")
    other = (*_OF_BALANCE, *_OF_REFUND, "FUEL-16")
    for card in spends.keys() | cards.keys():
        groups = (("fuel_txn", spends[card]), ("fuel_balance", balances[card]))
        claims = books.about(*groups, ("fuel_card", cards[card]))
        mine = {place for place, _ in spends[card]}
        claims = [one for one in claims if one.of("fuel_txn") <= mine]
        bought = [one for one in spends[card] if one[1]["kind"] in {"加油", "非油品"}]
        of_fills = [one for one in claims if one.rule not in other]
        books.hold(f"card {card}, bought", _going(of_fills, "recover", "clear_out"), _sum(bought))
        added = _sum(one for one in spends[card] if one[1]["kind"] in {"退款", "充值"})
        known = [row.get("balance", ZERO) for _, row in spends[card]]
        known += [row["closing"] + row.get("reserve", ZERO) for _, row in balances[card]]
        of_balance = [one for one in claims if one.rule in _OF_BALANCE]
        books.hold(f"card {card}, balance", of_balance, max(known, default=ZERO) + added)
    for place, row in enumerate(books.tables.get("fuel_reimbursement", [])):
        cash = [one for one in _on(books, "fuel_reimbursement", place) if one.rule == "FUEL-16"]
        books.hold(f"cash for {row['plate']} on {row['spent_on']}", cash, row["amount"])


def _on(books: Books, table: str, place: int) -> list[Claim]:
    """Return the claims that name one row and no other row of its table."""
    return [one for one in books.claims if one.of(table) == {place}]


def _leases(books: Books) -> None:
    """Per lease: rent and holdover up to what was due less what came, the deposit once."""
    receipts = books.by("lease_receipt", "lease_no")
    for number, rows in books.by("lease", "lease_no").items():
        [(_, lease)] = rows
        claims = books.about(("lease", rows), ("lease_receipt", receipts[number]))
        got = _sum(one for one in receipts[number] if one[1]["received_on"] <= AS_OF)
        due = _rent(lease) + Decimal("0.10") - got
        books.hold(f"lease {number}, rent", _going(claims, "recover"), due)
        kept = lease.get("deposit", ZERO) - lease.get("deposit_returned", ZERO)
        given = lease.get("handed_back_on") is not None
        books.hold(f"lease {number}, deposit", _going(claims, "clear_out"), kept if given else ZERO)


def _rent(lease: Row) -> Decimal:
    """Return the most that a lease can have fallen due for: its term begun, and what came after."""
    year, starts, ends = lease["annual_rent"], lease["starts_on"], lease["ends_on"]
    months = (ends.year - starts.year) * 12 + ends.month - starts.month + 1
    term = max(year * months / 12, year * ((ends - starts).days + 1) / 365)
    held = lease.get("handed_back_on", AS_OF)
    return term + year * max(0, (held - ends).days) / 365


def _payers(books: Books) -> None:
    """Per payer: what goes back up to what came, and what was sent once."""
    paid = books.by("tax_collection", "payer_uscc")
    opening = books.by("prep_opening", "payer_uscc")
    sent = books.by("fund_transfer", "payer_uscc")
    payroll = books.by("payroll", "payer_uscc")
    for code in books.by("payer", "payer_uscc"):
        groups = (("tax_collection", paid), ("prep_opening", opening), ("fund_transfer", sent),
                  ("payroll", payroll))  # fmt: skip
        claims = books.about(*((table, rows[code]) for table, rows in groups))
        came = _sum(paid[code], "paid") + _most(opening[code], "balance")
        books.hold(f"{code}, goes back", _going(claims, *OUT), came)
        prep = [one for one in paid[code] if one[1]["item"] == "建会筹备金"]
        fund = _sum(prep, "paid") + _most(opening[code], "balance")
        of_prep = [one for one in claims if one.rule.startswith("PRE-") or one.rule == "REM-04"]
        books.hold(f"{code}, preparation fund", _going(of_prep, *OUT), fund)
        for name, kinds in (
            ("passed back", {"基层回拨"}),
            ("fund returned", {"筹备金返还"}),
            ("refunded", {"小微返还", "小额返还"}),
        ):
            mine = [one for one in sent[code] if one[1]["kind"] in kinds]
            places = frozenset(place for place, _ in mine)
            of_kind = [one for one in _going(claims, "recover") if one.of("fund_transfer") & places]
            books.hold(f"{code}, {name}", of_kind, _sum(mine))
        books.hold(f"{code}, all transfers", _going(claims, "recover"), _sum(sent[code]))


def _most(rows: list[tuple[int, Row]], column: str) -> Decimal:
    return max((row[column] for _, row in rows), default=ZERO)


#: Money that lies in rows: the table, its column, and in which directions it can be claimed.
_MONEY: tuple[tuple[str, Callable[[Row], Decimal], tuple[str, ...]], ...] = (
    ("tax_collection", lambda row: row["paid"], OUT),
    ("fund_transfer", lambda row: row["amount"], ("recover",)),
    ("fuel_txn", lambda row: row["amount"], ("recover",)),
)


def _rows_behind(books: Books) -> None:
    """What is claimed on a set of rows, by all rules together, is no more than the rows hold."""
    opening = [row["balance"] for row in books.tables.get("prep_opening", [])]
    for table, value, directions in _MONEY:
        claims = [one for one in _going(books.claims, *directions) if one.of(table)]
        claims = [one for one in claims if one.rule not in {*_OF_BALANCE, *_OF_REFUND, "FUEL-16"}]
        rows = books.tables.get(table, [])
        for places in sorted({one.of(table) for one in claims}, key=sorted):
            inside = [one for one in claims if one.of(table) <= places]
            extra = sum((opening[n] for one in inside for n in one.of("prep_opening")), ZERO)
            held = sum((value(rows[place]) for place in places), ZERO)
            books.hold(f"{table} rows {sorted(places)}", inside, held + extra)


def _opposites(books: Books) -> None:
    """Two counted claims that meet in a payment in opposite directions name each other."""
    for table in ("tax_collection", "fund_transfer", "training_payment"):
        met: dict[int, list[Claim]] = defaultdict(list)
        for one in _going(books.claims, *OUT, *BACK):
            for place in one.of(table):
                met[place].append(one)
        for place, claims in met.items():
            for one in claims:
                others = {
                    other.exception_id
                    for other in claims
                    if (other.direction in OUT) != (one.direction in OUT)
                }
                if not others <= set(one.detail.get("opposite", [])):
                    books.faults.append(f"{table} row {place}: {one.said} names no opposite")


CHECKS: tuple[Callable[[Books], None], ...] = (
    _classes,
    _cards,
    _leases,
    _payers,
    _rows_behind,
    _opposites,
)


def merged(counties: Iterable[Tables]) -> Tables:
    """Return the rows of some counties as one."""
    tables: Tables = defaultdict(list)
    for county in counties:
        for table, rows in county.items():
            tables[table] += rows
    return dict(tables)


def smallest(tables: Tables, setting: Setting) -> Tables:
    """Leave out rows while something is still wrong."""

    def parts() -> Iterator[tuple[str, int, int]]:
        for size in (8, 4, 2, 1):
            for table in list(tables):
                for first in range(len(tables[table]) - 1, -1, -size):
                    yield table, max(0, first - size + 1), first + 1

    for table, first, last in parts():
        less = {**tables, table: tables[table][:first] + tables[table][last:]}
        if faults_of({name: rows for name, rows in less.items() if rows}, setting):
            tables = less
    return {name: rows for name, rows in tables.items() if rows}
