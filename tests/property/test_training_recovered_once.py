"""What a class was paid is recovered once: links inside the family, and sums over random data."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from recon.engine.duckdb import Session
from recon.engine.exception_list import list_exceptions
from recon.rules.case_file import Case
from recon.rules.catalog import load_rules
from recon.run.rule_cases import case_policy, load_case
from recon.run.rule_run import RuleContext, run_pairings, run_rules

RULES = tuple(rule for rule in load_rules() if rule.family == "TRN")
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
ACTUAL_COST = {"training.settlement": "actual_cost", "training.requires_member": True}


def id_no(born: str, serial: int) -> str:
    body = f"990000{born}{serial:03d}"
    total = sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True))
    return body + "10X98765432"[total % 11]


def training_class(number: str, **values: Any) -> dict[str, Any]:
    return {
        "class_no": number,
        "provider": "甲职业学校",
        "starts_on": date(2024, 5, 6),
        "ends_on": date(2024, 5, 10),
        "planned_hours": 40,
        "standard": "800.00",
        **values,
    }


def payment(number: str, heads: int, amount: Decimal | str) -> dict[str, Any]:
    return {
        "class_no": number,
        "payee": "甲职业学校",
        "heads": heads,
        "amount": amount,
        "paid_on": date(2024, 6, 3),
    }


def run_all(tables: dict[str, list[dict[str, Any]]], policy: dict[str, Any]) -> pl.DataFrame:
    case = Case("all training rules", date(2025, 6, 30), tables, [], policy=policy)
    values = case_policy(case)
    with Session(threads=1) as session:
        load_case(session, RULES, case, values)
        filled = {name: set().union(*rows) for name, rows in tables.items() if rows}
        context = RuleContext(case.as_of, case.period_from, case.period_to, values, filled)
        run_pairings(session, context)
        outcomes = run_rules(session, RULES, context)
        assert not [one for one in outcomes if one.status == "error"]
        return list_exceptions(session, RULES)


def test_a_person_with_every_reason_is_recovered_once() -> None:
    person = id_no("20100501", 1)[:-1] + "0"
    assert person != id_no("20100501", 1)
    tables = {
        "training_class": [
            training_class("K1", trade="焊工", level="初级", ends_on=date(2024, 5, 9)),
            training_class("K2", trade="焊工", level="初级"),
        ],
        "training_payment": [payment("K1", 1, "800.00"), payment("K2", 1, "800.00")],
        "trainee": [
            {"class_no": "K1", "name": "张三", "id_no": person},
            {
                "class_no": "K2",
                "name": "张三",
                "id_no": person,
                "is_member": False,
                "passed": False,
                "hours": 1,
            },
        ],
        "person_status": [
            {"id_no": person, "status": status, "from_on": date(2024, 5, 10), **trade}
            for status, trade in (
                ("死亡", {}),
                ("在校学生", {}),
                ("其他部门已补贴", {"trade": "焊工", "level": "初级"}),
            )
        ],
    }
    found = run_all(tables, {"training.requires_member": True})
    of_second = found.filter(pl.col("detail").str.contains('"class_no":"K2"'))
    assert sorted(of_second["rule"]) == [
        f"TRN-{code}" for code in ("01", "02", "03", "04", "05", "06", "07", "08", "09", "13")
    ]
    counted = of_second.filter("counted")
    assert counted["rule"].to_list() == ["TRN-07"]
    assert counted["amount"].to_list() == [Decimal("800.00")]
    linked = of_second.filter(pl.col("rule") != "TRN-07")
    assert set(linked["linked_to"]) == set(counted["exception_id"])


@st.composite
def counties(draw: st.DrawFn) -> dict[str, list[dict[str, Any]]]:
    """One or two small classes with whatever may be wrong."""
    people = [id_no(f"{year}0501", 2 * year % 900 + 1) for year in (1955, 1985, 1990, 2012)]
    flag = st.sampled_from([None, True, False])
    classes, payments, trainees, expenses = [], [], [], []
    for number in ("K1", "K2")[: draw(st.integers(1, 2))]:
        classes.append(
            training_class(
                number,
                standard=draw(st.sampled_from([None, "800.00", "333.33"])),
                approved_heads=draw(st.sampled_from([None, 1, 3])),
            )
        )
        for _ in range(draw(st.integers(1, 2))):
            heads = draw(st.integers(1, 4))
            cents = draw(st.one_of(st.just(heads * 80000), st.integers(1, 400000)))
            payments.append(payment(number, heads, Decimal(cents).scaleb(-2)))
        trainees += [
            {
                "class_no": number,
                "name": "学员",
                "id_no": person,
                "passed": draw(flag),
                "is_member": draw(flag),
                "hours": draw(st.sampled_from([None, 10, 40])),
                "subsidy": draw(st.sampled_from([None, None, "500.00", "0.00"])),
            }
            for person in draw(st.lists(st.sampled_from(people), max_size=4))
        ]
        expenses += [
            {
                "class_no": number,
                "category": draw(st.sampled_from(["教材", "餐费"])),
                "amount": Decimal(draw(st.integers(-5000, 90000))).scaleb(-2),
                "spent_on": date(2024, 5, 8),
            }
            for _ in range(draw(st.integers(0, 2)))
        ]
    status = {"id_no": people[1], "status": "财政供养", "from_on": date(2020, 1, 1)}
    return {
        "training_class": classes,
        "training_payment": payments,
        "trainee": trainees,
        "training_expense": expenses,
        "person_status": [status] if draw(st.booleans()) else [],
    }


def one_class(*trainees: tuple[str, str | None], **values: Any) -> dict[str, list[dict[str, Any]]]:
    """One class of one head for 800.00, and its people with their own subsidies."""
    return {
        "training_class": [training_class("K1", standard=None, approved_heads=None)],
        "training_payment": [payment("K1", 1, "800.00")],
        "trainee": [
            {"class_no": "K1", "name": "学员", "id_no": who, "subsidy": subsidy, **values}
            for who, subsidy in trainees
        ],
        "training_expense": [],
        "person_status": [],
    }


LISTED_TWICE = (  # the second row of the first person has a subsidy of its own
    (id_no("19550501", 311), None),
    (id_no("19550501", 311), "500.00"),
    (id_no("19850501", 371), "0.00"),
    (id_no("19900501", 381), None),
)


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@example(tables=one_class(*LISTED_TWICE, passed=False), policy={})  # recovered 1100.00 of 800.00
@example(tables=one_class(*LISTED_TWICE, passed=False, is_member=False), policy=ACTUAL_COST)
@given(tables=counties(), policy=st.sampled_from([{}, ACTUAL_COST]))
def test_what_is_recovered_never_exceeds_what_was_paid(
    tables: dict[str, list[dict[str, Any]]], policy: dict[str, Any]
) -> None:
    found = run_all(tables, policy)
    paid = sum((Decimal(row["amount"]) for row in tables["training_payment"]), Decimal(0))
    recovered = found.filter(pl.col("counted") & (pl.col("direction") == "recover"))
    assert (recovered["amount"].sum() or Decimal(0)) <= paid
    lines = found.filter(pl.col("counted") & (pl.col("rule") == "TRN-15"))
    spent = sum(
        (max(Decimal(row["amount"]), Decimal(0)) for row in tables["training_expense"]), Decimal(0)
    )
    assert (lines["amount"].sum() or Decimal(0)) <= spent
