"""One fen counts once: what the rules claim back never exceeds the money once paid.

Random classes, people, payments and expenses (and fuel fills) go through every rule of the family;
the counted amounts of each class (each fill) stay within what was paid for it.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import polars as pl
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from recon.engine.duckdb import Session
from recon.engine.exception_list import list_exceptions
from recon.rules.case_file import Case
from recon.rules.catalog import choose, load_rules, with_prerequisites
from recon.run.rule_cases import case_policy, load_case
from recon.run.rule_run import RuleContext, run_pairings, run_rules

KNOWN = load_rules()
QUICK = settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
PEOPLE = ("990000198501010018", "990000199002150021", "990000196006300034", "99000020100101001X")


def exceptions_of(
    family: str, given: dict[str, list[dict[str, Any]]], **policy: Any
) -> pl.DataFrame:
    """Run a family over rows and return its exception list."""
    case = Case("random", date(2025, 6, 30), given, [], policy=policy)
    rules = with_prerequisites(KNOWN, choose(KNOWN, (family,)))
    effective = case_policy(case)
    filled = {table: set().union(*(row for row in rows)) for table, rows in given.items() if rows}
    context = RuleContext(case.as_of, case.period_from, case.period_to, effective, filled)
    with Session(threads=1) as session:
        load_case(session, rules, case, effective)
        run_pairings(session, context)
        outcomes = run_rules(session, rules, context)
        errors = [outcome for outcome in outcomes if outcome.status == "error"]
        assert not errors, errors
        return list_exceptions(session, choose(KNOWN, (family,)))


def claimed(listed: pl.DataFrame) -> Decimal:
    """Sum what is to be recovered and enters totals."""
    counted = listed.filter(pl.col("counted") & (pl.col("direction") == "recover"))
    return Decimal(counted["amount"].sum() or 0)


def total(rows: list[dict[str, Any]]) -> Decimal:
    """Sum the money of some rows."""
    return sum((row["amount"] for row in rows), Decimal(0))


def money(low: int, high: int) -> st.SearchStrategy[Decimal]:
    return st.integers(low, high).map(lambda fen: Decimal(fen) / 100)


@st.composite
def training(draw: st.DrawFn) -> dict[str, list[dict[str, Any]]]:
    """One to three classes with people of every doubtful kind."""
    tables: dict[str, list[dict[str, Any]]] = {
        name: []
        for name in (
            "training_class",
            "trainee",
            "training_payment",
            "training_expense",
            "person_status",
        )
    }
    for number in range(draw(st.integers(1, 3))):
        start = date(2024, 3, 1) + timedelta(days=draw(st.integers(0, 60)))
        heads = draw(st.integers(0, 5))
        standard = draw(money(10000, 90000))
        class_no = f"C{number}"
        tables["training_class"].append(
            {
                "class_no": class_no,
                "provider": "示例学校",
                "employer": "示例单位",
                "starts_on": start,
                "ends_on": start + timedelta(days=5),
                "planned_hours": 40,
                "approved_heads": draw(st.one_of(st.none(), st.integers(0, 5))),
                "standard": standard,
            }
        )
        tables["trainee"] += [
            {
                "class_no": class_no,
                "name": "学员",
                "id_no": person,
                "is_member": draw(st.booleans()),
                "hours": draw(st.integers(0, 40)),
                "passed": draw(st.booleans()),
            }
            for person in draw(st.lists(st.sampled_from(PEOPLE), unique=True, max_size=4))
        ]
        due = heads * standard
        for part in draw(st.sampled_from([(1,), (Decimal("0.7"), Decimal("0.3")), (1, 1), (2,)])):
            off = draw(money(-5000, 5000) if heads else money(0, 0))
            tables["training_payment"].append(
                {
                    "class_no": class_no,
                    "payee": "示例学校",
                    "heads": heads,
                    "amount": (due * part).quantize(Decimal("0.01")) + off,
                    "paid_on": start + timedelta(days=draw(st.sampled_from([30, 40]))),
                }
            )
        tables["training_expense"] += [
            {
                "class_no": class_no,
                "category": draw(st.sampled_from(["教材", "场地", "餐费"])),
                "amount": draw(money(100, 50000)),
                "spent_on": start + timedelta(days=draw(st.integers(0, 90))),
                "method": draw(st.sampled_from(["转账", "现金"])),
            }
            for _ in range(draw(st.integers(0, 3)))
        ]
    tables["person_status"] = [
        {
            "id_no": person,
            "status": draw(st.sampled_from(["财政供养", "死亡", "在校学生", "其他部门已补贴"])),
            "from_on": date(2024, 1, 1),
        }
        for person in draw(st.lists(st.sampled_from(PEOPLE), unique=True, max_size=2))
    ]
    return tables


@QUICK
@given(training())
def test_a_class_never_gives_back_more_than_it_got(
    tables: dict[str, list[dict[str, Any]]],
) -> None:
    listed = exceptions_of(
        "TRN",
        tables,
        **{"training.settlement": "actual_cost", "training.requires_member": True},
    )
    shown = listed.select("rule", "amount", "message").to_dicts()
    for one in tables["training_class"]:
        rows = [row for row in tables["training_payment"] if row["class_no"] == one["class_no"]]
        mine = listed.filter(pl.col("detail").str.contains(f'"class_no":"{one["class_no"]}"'))
        paid = max(total(rows), Decimal(0))
        assert claimed(mine) <= paid, shown
        owed = sum(row["heads"] for row in rows) * one["standard"] - paid
        back = mine.filter(pl.col("counted") & (pl.col("direction") == "give_back"))
        assert Decimal(back["amount"].sum() or 0) <= max(owed, Decimal(0)), shown
    is_expense = pl.col("rule") == "TRN-15"
    assert claimed(listed.filter(is_expense)) <= total(tables["training_expense"]), shown


@st.composite
def fuelling(draw: st.DrawFn) -> dict[str, list[dict[str, Any]]]:
    """Fills of one car on one card, some of the wrong kind, too large or after disposal."""
    last_minute = draw(st.sampled_from([60, 60 * 24 * 40]))  # all within the hour, or far apart
    moments = draw(
        st.lists(st.integers(0, last_minute), unique=True, min_size=1, max_size=6).map(sorted)
    )
    start = date(2024, 5, 6)
    fills = []
    for number, minute in enumerate(moments):
        litres = draw(st.integers(1, 120))
        day = start + timedelta(minutes=minute - minute % 1440)
        clock = minute % 1440
        fills.append(
            {
                "card_no": "1000110000000000001",
                "txn_at": f"{day} {clock // 60:02d}:{clock % 60:02d}:00",
                "kind": draw(st.sampled_from(["加油", "加油", "非油品"])),
                "product": draw(st.sampled_from(["92号汽油", "0号柴油", "洗车"])),
                "litres": litres,
                "amount": Decimal(litres) * Decimal("7.50"),
                "plate": "宁Z00001",
                "odometer": 1000 + 100 * number,
                "serial_no": f"S{draw(st.integers(0, 8))}",
            }
        )
    disposed = draw(st.one_of(st.none(), st.just(date(2024, 5, 20))))
    return {
        "vehicle": [
            {
                "plate": "宁Z00001",
                "fuel_type": "92",
                "tank_l": 60,
                "norm_l_100km": 9,
                "owner_unit": "示例单位",
                "disposed_on": disposed,
            }
        ],
        "fuel_card": [
            {"card_no": "1000110000000000001", "plate": "宁Z00001", "status": "正常",
             "owner_unit": "示例单位"}
        ],
        "fuel_txn": fills,
    }  # fmt: skip


def two_fills() -> dict[str, list[dict[str, Any]]]:
    """Diesel for a petrol car, then ten minutes later more petrol than the tank still holds."""
    fill = {"card_no": "1000110000000000001", "kind": "加油", "plate": "宁Z00001"}
    diesel = {"product": "0号柴油", "litres": 90, "amount": Decimal("675.00")}
    petrol = {"product": "92号汽油", "litres": 10, "amount": Decimal("75.00")}
    return {
        "vehicle": [{"plate": "宁Z00001", "fuel_type": "92", "tank_l": 60}],
        "fuel_card": [{"card_no": "1000110000000000001", "plate": "宁Z00001", "status": "正常"}],
        "fuel_txn": [
            {**fill, **diesel, "txn_at": "2024-03-05 10:00:00"},
            {**fill, **petrol, "txn_at": "2024-03-05 10:10:00"},
        ],
    }


@QUICK
@example(two_fills())  # 675.00 of the wrong kind and 277.50 above the tank were claimed of 750.00
@given(fuelling())
def test_a_fill_is_claimed_back_once(tables: dict[str, list[dict[str, Any]]]) -> None:
    listed = exceptions_of("FUEL", tables)
    shown = listed.select("rule", "amount", "message").to_dicts()
    assert claimed(listed) <= total(tables["fuel_txn"]), shown
