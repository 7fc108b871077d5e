"""The reference frames: policy by day, due days, months, the own unit, published tables."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

import polars as pl
import pytest

from recon.base.models import SelfUnit
from recon.policy.parameters import OPEN_END, Policy, load_policy, parameter_column
from recon.policy.reference import (
    ref_policy_day,
    ref_policy_item,
    ref_policy_value,
    reference_tables,
)
from recon.policy.standards import ref_industry, ref_retirement, ref_size_class, sources

AS_OF = date(2026, 3, 1)
UNIT = SelfUnit("某县 总工会", "county", ("4505 01",), ("own", "prep"))


def tables(policy: Policy | None = None) -> dict[str, pl.DataFrame]:
    return reference_tables(policy or load_policy(), UNIT, AS_OF)


# --- policy


def test_policy_day_has_a_column_per_scalar_parameter() -> None:
    policy = load_policy()
    frame = ref_policy_day(policy, date(2024, 1, 1), date(2024, 12, 31))
    scalars = [n for n in policy.parameters() if policy.parameter(n).type.is_scalar]
    assert frame.columns == ["day", *map(parameter_column, scalars)]
    assert frame.height == 366
    assert frame.schema["tolerance_money_yuan"] == pl.Decimal(18, 2)
    assert frame.schema["fee_rate"] == pl.Decimal(18, 6)
    assert frame.schema["fuel_min_km"] == pl.Decimal(18, 6)
    assert frame.schema["fee_due_day"] == pl.Int64
    assert frame.schema["surcharge_enabled"] == pl.Boolean
    assert frame.schema["fee_mode"] == pl.String
    assert frame["fee_rate"].unique().to_list() == [Decimal("0.02")]
    assert frame["fuel_point_yuan"].null_count() == 366


def test_policy_day_changes_on_the_start_date() -> None:
    policy = load_policy(
        overrides={
            "fee.passback_days": [
                {"value": 30, "from": date(2024, 1, 1)},
                {"value": 20, "from": date(2024, 7, 1)},
            ]
        }
    )
    frame = ref_policy_day(policy, date(2023, 12, 31), date(2024, 7, 1))
    value = dict(frame.select("day", "fee_passback_days").iter_rows())
    assert value[date(2023, 12, 31)] == 15
    assert value[date(2024, 1, 1)] == 30
    assert value[date(2024, 6, 30)] == 30
    assert value[date(2024, 7, 1)] == 20


def test_policy_day_agrees_with_value_at() -> None:
    policy = load_policy("luan", {"fee.rate": {"value": Decimal("0.01"), "from": date(2024, 2, 1)}})
    for row in ref_policy_day(policy, date(2024, 1, 30), date(2024, 2, 2)).iter_rows(named=True):
        for name in policy.parameters():
            if policy.parameter(name).type.is_scalar:
                value = policy.value_at(name, row["day"])
                assert row[parameter_column(name)] == (value.value if value else None)


def test_policy_value_spans_are_adjacent_and_text_is_plain() -> None:
    policy = load_policy(overrides={"fee.due_day": {"value": 10, "from": date(2024, 1, 1)}})
    frame = ref_policy_value(policy)
    rows = frame.filter(name="fee.due_day").rows(named=True)
    assert [(r["value_text"], r["starts_on"], r["ends_on"]) for r in rows] == [
        ("15", date(2000, 1, 1), date(2024, 1, 1)),
        ("10", date(2024, 1, 1), OPEN_END),
    ]
    assert frame.filter(name="fee.rate")["value_text"].unique().item() == "0.02"
    assert frame.filter(name="fee.rate")["kind"].unique().item() == "policy"
    assert frame.filter(name="match.window_days")["kind"].item() == "tool"
    assert frame.filter(name="tolerance.split_yuan")["value_text"].item() == "1.00"
    assert frame.filter(name="fuel.point_yuan").is_empty()
    assert frame.select("name", "starts_on").is_duplicated().sum() == 0
    assert frame.filter(name="fee.rate")["is_verified"].to_list() == [False, True, True]


def test_policy_items() -> None:
    policy = load_policy(overrides={"fee.upper_split": {"acftu": Decimal("0.05"), "city": 1}})
    rows = ref_policy_item(policy).rows()
    assert rows[0][0] == "bank.collection_parties"
    split = [row for row in rows if row[0] == "fee.upper_split"]
    assert [(row[3], row[4], row[5], row[6]) for row in split] == [
        (1, "acftu", None, Decimal("0.05")),
        (2, "city", None, Decimal(1)),
    ]
    hours = [row for row in rows if row[0] == "fuel.work_hours"]
    assert [(row[3], row[4], row[5], row[6]) for row in hours] == [
        (1, None, None, Decimal(6)),
        (2, None, None, Decimal(22)),
    ]


# --- days


def due(month: date, **overrides: object) -> tuple[date, bool]:
    named = {f"fee.{key}": value for key, value in overrides.items()}
    row = tables(load_policy(overrides=named))["ref_fee_due"].row(
        by_predicate=pl.col("month") == month, named=True
    )
    return row["due_on"], row["is_known"]


@pytest.mark.parametrize(
    ("month", "roll", "expected"),
    [
        (date(2024, 1, 1), "none", date(2024, 2, 15)),
        (date(2024, 1, 1), "next", date(2024, 2, 18)),  # Spring Festival 10–17 February
        (date(2024, 1, 1), "extend3", date(2024, 2, 23)),  # 15 + 8 days
        (date(2024, 2, 1), "next", date(2024, 3, 15)),
        (date(2024, 2, 1), "extend3", date(2024, 3, 15)),
        (date(2024, 3, 1), "extend3", date(2024, 4, 18)),  # 4–6 April: three days count
        (date(2024, 5, 1), "extend3", date(2024, 6, 17)),  # one day off does not; a Saturday does
        (date(2024, 8, 1), "extend3", date(2024, 9, 18)),  # 15–17 September begins on the due day
        (date(2023, 9, 1), "extend3", date(2023, 10, 23)),  # 29 Sep – 6 Oct: six days in October
        (date(2023, 12, 1), "extend3", date(2024, 1, 15)),  # 30 Dec – 1 Jan: one day in January
        (date(2024, 5, 1), "next", date(2024, 6, 17)),
    ],
)
def test_due_day_rolls_over_holidays(month: date, roll: str, expected: date) -> None:
    assert due(month, holiday_roll=roll) == (expected, True)


def test_due_day_31_is_the_last_day_of_a_short_month() -> None:
    assert due(date(2024, 1, 1), holiday_roll="none", due_day=31)[0] == date(2024, 2, 29)


def test_due_day_takes_the_value_of_the_month_after() -> None:
    entries = {"value": 20, "from": date(2024, 5, 1)}
    assert due(date(2024, 3, 1), holiday_roll="none", due_day=entries)[0] == date(2024, 4, 15)
    assert due(date(2024, 4, 1), holiday_roll="none", due_day=entries)[0] == date(2024, 5, 20)


def test_due_day_of_an_unknown_year_says_so() -> None:
    day, known = due(date(2028, 12, 1))
    assert (day, known) == (date(2029, 1, 15), False)
    assert due(date(2028, 12, 1), holiday_roll="none") == (date(2029, 1, 15), True)


def test_months() -> None:
    row = tables()["ref_month"].row(by_predicate=pl.col("month") == date(2024, 2, 1), named=True)
    assert row == {
        "month": date(2024, 2, 1),
        "month_end": date(2024, 2, 29),
        "month_no": 2024 * 12 + 2,
    }
    numbers = tables()["ref_month"]["month_no"].to_list()
    assert all(later - earlier == 1 for earlier, later in pairwise(numbers))


def test_frames_reach_three_years_ahead() -> None:
    frames = tables()
    assert frames["ref_day"]["day"].max() == date(2029, 12, 31)
    assert frames["ref_policy_day"]["day"].max() == date(2029, 12, 31)


def test_own_unit() -> None:
    frames = tables()
    assert frames["ref_self"].rows() == [("某县 总工会", "某县总工会", "county")]
    assert frames["ref_self_account"].rows() == [("4505 01",)]
    assert frames["ref_self_receives"]["share"].to_list() == ["own", "prep"]
    empty = reference_tables(load_policy(), SelfUnit(), AS_OF)["ref_self"]
    assert empty.rows() == [(None, None, "county")]


# --- refund frames


def test_refund_frames_of_guangdong() -> None:
    frames = tables(load_policy("guangdong"))
    policies = frames["ref_refund_policy"]
    small = policies.row(by_predicate=pl.col("policy") == "small-2023-2026", named=True)
    assert small["threshold"] == Decimal(10000)
    assert small["is_threshold_exclusive"]
    assert small["year_kind"] == "oct_sep"
    assert not small["has_pay_deadline"]
    assert sorted(frames["ref_refund_not_with"].rows()) == [
        ("small-2023-2026", "sme25"),
        ("sme25", "small-2023-2026"),
    ]
    excluded = frames["ref_refund_exclusion"].filter(policy="small-2023-2026")
    assert excluded["exclusion"].to_list() == ["state_controlled", "budget_funded", "underpaid"]
    open_window = policies.filter(policy="sme25")["window_to"].item()
    assert open_window == OPEN_END


def test_refund_frames_of_fujian() -> None:
    frames = tables(load_policy("fujian"))
    years = frames["ref_refund_year"].filter(policy="small-2023-2024")
    assert years["pay_by"].to_list() == [date(2024, 3, 31), date(2025, 3, 31)]
    batches = frames["ref_refund_batch"].filter(policy="small-2023-2024", year=2023)
    assert batches["pay_by"].to_list() == [date(2023, 11, 30), date(2024, 3, 31)]
    assert batches["batch_no"].to_list() == [1, 2]


def test_refund_basis_changes_on_a_day() -> None:
    basis = tables()["ref_refund_basis"].filter(policy="sme-2020-2022").rows()
    assert basis == [
        ("sme-2020-2022", date(2020, 1, 1), date(2022, 1, 1), "miit300", None),
        ("sme-2020-2022", date(2022, 1, 1), OPEN_END, "vat_smallscale_150k", "miit300"),
    ]


# --- published tables

#: Row: metric -> (small from, medium from, large from), as published; units persons, 10 000 yuan.
BOUNDS: dict[int, dict[str, tuple[int, int, int]]] = {
    1: {"revenue_wan": (50, 500, 20000)},
    2: {"headcount": (20, 300, 1000), "revenue_wan": (300, 2000, 40000)},
    3: {"revenue_wan": (300, 6000, 80000), "assets_wan": (300, 5000, 80000)},
    4: {"headcount": (5, 20, 200), "revenue_wan": (1000, 5000, 40000)},
    5: {"headcount": (10, 50, 300), "revenue_wan": (100, 500, 20000)},
    6: {"headcount": (20, 300, 1000), "revenue_wan": (200, 3000, 30000)},
    7: {"headcount": (20, 100, 200), "revenue_wan": (100, 1000, 30000)},
    8: {"headcount": (20, 300, 1000), "revenue_wan": (100, 2000, 30000)},
    9: {"headcount": (10, 100, 300), "revenue_wan": (100, 2000, 10000)},
    10: {"headcount": (10, 100, 300), "revenue_wan": (100, 2000, 10000)},
    11: {"headcount": (10, 100, 2000), "revenue_wan": (100, 1000, 100000)},
    12: {"headcount": (10, 100, 300), "revenue_wan": (50, 1000, 10000)},
    13: {"revenue_wan": (100, 1000, 200000), "assets_wan": (2000, 5000, 10000)},
    14: {"headcount": (100, 300, 1000), "revenue_wan": (500, 1000, 5000)},
    15: {"headcount": (10, 100, 300), "assets_wan": (100, 8000, 120000)},
    16: {"headcount": (10, 100, 300)},
}


def size_of(row: int, figures: dict[str, int]) -> str:
    """Class by the shipped table: all bounds of a class, else one class lower."""
    bounds = ref_size_class().filter(row_no=row).rows(named=True)
    for name in ("large", "medium", "small"):
        if all(figures[bound["metric"]] >= bound[f"{name}_from"] for bound in bounds):
            return name
    return "micro"


def test_size_table_has_every_row_and_metric() -> None:
    found: dict[int, dict[str, Any]] = {}
    for row in tables()["ref_size_class"].rows(named=True):
        bounds = (row["small_from"], row["medium_from"], row["large_from"])
        found.setdefault(row["row_no"], {})[row["metric"]] = bounds
    assert found == BOUNDS


@pytest.mark.parametrize("row", BOUNDS)
def test_every_boundary_of_every_row(row: int) -> None:
    classes = ("small", "medium", "large")
    for place, name in enumerate(classes):
        reached = {metric: bounds[place] for metric, bounds in BOUNDS[row].items()}
        assert size_of(row, reached) == name
        for metric, bound in reached.items():
            below = ("micro", *classes)[place]
            assert size_of(row, reached | {metric: bound - 1}) == below


def test_worked_size_cases() -> None:
    assert size_of(2, {"headcount": 350, "revenue_wan": 1999}) == "small"
    assert size_of(2, {"headcount": 15, "revenue_wan": 5000}) == "micro"
    assert size_of(4, {"headcount": 5, "revenue_wan": 1000}) == "small"


@pytest.mark.parametrize(
    ("code", "row"),
    [
        ("0111", 1), ("0610", 2), ("1311", 2), ("4690", 2), ("4710", 3), ("5011", 3),
        ("5111", 4), ("5299", 5), ("5310", None), ("5431", 6), ("5710", 6), ("5820", 6),
        ("5910", 6), ("5920", 7), ("5990", 7), ("6010", 8), ("6110", 9), ("6210", 10),
        ("6311", 11), ("6420", 11), ("6513", 12), ("6621", None), ("7010", 13), ("7020", 14),
        ("7030", 16), ("7040", None), ("7090", 16), ("7111", 15), ("7291", 15), ("7310", 16),
        ("7910", 16), ("8210", 16), ("8310", None), ("8411", None), ("8511", 16), ("9090", 16),
        ("9111", None), ("9700", None), ("C", 2), ("L", 15), ("J", None),
    ],
)  # fmt: skip
def test_industry_code_to_row(code: str, row: int | None) -> None:
    by_prefix = dict(ref_industry().iter_rows())
    longest = next(code[:n] for n in (3, 2, 1) if code[:n] in by_prefix)
    assert by_prefix[longest] == row


def test_every_division_and_name_is_placed() -> None:
    frames = tables()
    codes = set(frames["ref_industry"]["code_prefix"])
    assert {f"{number:02}" for number in range(1, 98)} <= codes
    assert frames["ref_industry"]["code_prefix"].is_unique().all()
    names = dict(frames["ref_industry_name"].iter_rows())
    assert frames["ref_industry_name"]["industry_name"].is_unique().all()
    for row, industry in tables()["ref_size_class"].select("row_no", "industry").iter_rows():
        assert names[industry] == row


@pytest.mark.parametrize(
    ("sex", "post", "born", "months"),
    [
        ("男", "工人", date(1964, 12, 1), 720),
        ("男", "干部", date(1965, 1, 1), 721),
        ("男", "工人", date(1965, 4, 1), 721),
        ("男", "工人", date(1965, 5, 1), 722),
        ("男", "工人", date(1976, 8, 1), 755),
        ("男", "工人", date(1976, 9, 1), 756),
        ("男", "工人", date(1990, 1, 1), 756),
        ("女", "干部", date(1969, 12, 1), 660),
        ("女", "干部", date(1970, 1, 1), 661),
        ("女", "干部", date(1981, 8, 1), 695),
        ("女", "干部", date(1981, 9, 1), 696),
        ("女", "工人", date(1974, 12, 1), 600),
        ("女", "工人", date(1975, 1, 1), 601),
        ("女", "工人", date(1975, 3, 1), 602),
        ("女", "工人", date(1984, 10, 1), 659),
        ("女", "工人", date(1984, 11, 1), 660),
        ("女", "工人", date(1950, 1, 1), 600),
    ],
)
def test_retirement_age(sex: str, post: str, born: date, months: int) -> None:
    found = ref_retirement().filter(sex=sex, post_type=post, birth_month=born)
    assert found["age_months"].item() == months
    assert not found["is_verified"].item()


def test_retirement_ages_never_fall_with_the_month_of_birth() -> None:
    for _, frame in ref_retirement().group_by("sex", "post_type"):
        assert frame.sort("birth_month")["age_months"].diff().drop_nulls().is_between(0, 1).all()


def test_every_named_source_is_listed() -> None:
    policy = load_policy()
    for name in policy.parameters():
        for value in policy.values_of(name):
            for source in filter(None, value.reference.source.split("、")):
                assert value.is_verified or source in sources()
