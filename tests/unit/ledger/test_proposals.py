"""Proposed recoveries: the right party, way, day and amount, and nothing that is booked."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from recon.ledger.decisions import Item
from recon.ledger.proposals import BankLine, Proposal, propose
from recon.ledger.store import Event

AS_OF = {"r": date(2024, 12, 31)}


def finding(
    name: str = "a", amount: str = "100.00", direction: str = "pay_in", verdict: str = "成立"
) -> Item:
    facts = {"rule": "REM-01", "party_id": "P1", "party_name": "甲", "period": "2024-03",
             "direction": direction}  # fmt: skip
    said = {"verdict": verdict, "confirmed_amount": amount}
    return Item(name, facts, Event(1, "2025-01-05T09:00:00+08:00", "review", name, "r", said))


def line(amount: str = "100.00", day: date = date(2025, 1, 10), party: str = "P1") -> BankLine:
    return BankLine(party, day, Decimal(amount), "S1", "银行.csv!5")


def proposed(items: list[Item], *lines: BankLine, events: list[Event] | None = None
             ) -> list[Proposal]:  # fmt: skip
    return propose(items, events or [], lines, AS_OF)


def test_the_whole_amount_of_the_party_is_proposed() -> None:
    [found] = proposed([finding()], line())
    assert (found.kind, [item.exception_id for item in found.items]) == ("whole", ["a"])


def test_two_findings_of_one_amount_are_left_to_a_person() -> None:
    [found] = proposed([finding("a"), finding("b")], line())
    assert (found.kind, len(found.items)) == ("whole", 2)


def test_one_line_may_settle_all_that_a_party_owes() -> None:
    [found] = proposed([finding("a", "60.00"), finding("b", "40.00")], line())
    assert (found.kind, len(found.items)) == ("together", 2)


def test_a_smaller_line_may_be_a_part() -> None:
    [found] = proposed([finding("a", "150.00"), finding("b", "30.00")], line())
    assert (found.kind, [item.exception_id for item in found.items]) == ("part", ["a"])


@pytest.mark.parametrize(
    ("direction", "amount", "count"),
    [
        ("pay_in", "100.00", 1), ("recover", "100.00", 1), ("pay_in", "-100.00", 0),
        ("give_back", "-100.00", 1), ("give_back", "100.00", 0), ("remit_up", "-100.00", 1),
        ("clear_out", "-100.00", 1), ("write_off", "100.00", 0), ("verify", "100.00", 0),
    ],
)  # fmt: skip
def test_money_must_flow_the_way_that_puts_it_right(
    direction: str, amount: str, count: int
) -> None:
    assert len(proposed([finding(direction=direction)], line(amount))) == count


@pytest.mark.parametrize(
    "wrong",
    [
        line(party="P2"),
        line(day=date(2024, 12, 31)),
        line("100.01"),
    ],
)
def test_other_parties_earlier_days_and_larger_amounts_are_not(wrong: BankLine) -> None:
    assert proposed([finding()], wrong) == []


def test_what_is_no_open_finding_is_not() -> None:
    assert proposed([finding(verdict="待核实")], line()) == []
    closed = Item("a", finding().facts, finding().review, closed=finding().review)
    assert proposed([closed], line()) == []
    settled = Item("a", finding().facts, finding().review, recovered=Decimal("100.00"))
    assert proposed([settled], line()) == []


@pytest.mark.parametrize(
    ("reference", "place", "label"),
    [
        ("20250124000004", "银行.csv!5", "20250124000004"),
        ("", "银行/对账单 1.xlsx#一月!5", "银行/对账单_1.xlsx_一月:5"),
        ("$(rm -rf ~)", "a.csv!2", "a.csv:2"),
        ("`x`; y", "-a.csv!2", "a.csv:2"),
        ("--debug", "a&b|c.csv!2", "a_b_c.csv:2"),
    ],
)
def test_what_a_person_copies_into_a_shell_is_only_words(
    reference: str, place: str, label: str
) -> None:
    assert BankLine("P1", date(2025, 1, 1), Decimal(1), reference, place).label == label


@pytest.mark.parametrize(
    "payload",
    [
        {"on": "2025-02-01", "reference": "流水号S1", "party_id": "P9"},
        {"on": "2025-02-01", "reference": "见银行.csv!5", "party_id": "P9"},
        {"on": "2025-01-10", "reference": "银收12", "party_id": "P1"},
    ],
)
def test_what_is_booked_is_not_proposed_again(payload: dict[str, str]) -> None:
    booked = Event(2, "2025-02-01T09:00:00+08:00", "recover", "z", "r", payload)
    assert proposed([finding()], line(), events=[booked]) == []
    other = {"on": "2025-02-01", "reference": "银收13", "party_id": "P1"}
    later = Event(2, "2025-02-01T09:00:00+08:00", "recover", "z", "r", other)
    assert len(proposed([finding()], line(), events=[later])) == 1
