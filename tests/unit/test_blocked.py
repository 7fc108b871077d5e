"""Which unconfirmed values keep how much unconfirmed; the sums are worked out by hand."""

from __future__ import annotations

from decimal import Decimal

import polars as pl

from recon.policy.blocked import blocked

USED = [
    {"name": name, "value": "1", "starts_on": "2000-01-01", "is_verified": sure, "kind": kind,
     "reference": "无"}
    for name, sure, kind in (
        ("a.x", False, "policy"), ("a.y", False, "policy"), ("a.z", False, "policy"),
        ("a.sure", True, "policy"), ("tolerance.t", False, "tool"),
    )
]  # fmt: skip


def key(name: str) -> str:
    return f"{name}=1@2000-01-01"


def run(*rows: tuple[str, bool, list[str]]) -> pl.DataFrame:
    return pl.DataFrame(
        [(Decimal(amount), counted, [key(n) for n in names]) for amount, counted, names in rows],
        schema={"amount": pl.Decimal(18, 2), "counted": pl.Boolean, "policy": pl.List(pl.String)},
        orient="row",
    )


FOUND = blocked(
    run(
        ("1000.00", True, ["a.x", "a.y", "tolerance.t"]),
        ("300.00", True, ["a.z"]),
        ("50.00", True, ["a.x", "a.sure"]),
        ("9999.00", False, ["a.z"]),
        ("7.00", True, ["a.sure", "tolerance.t"]),
    ),
    USED,
)


def test_only_policy_values_that_nobody_compared_block() -> None:
    assert [one.name for one in FOUND.open_values] == ["a.x", "a.y", "a.z"]
    assert sum(FOUND.sums.values()) == Decimal("1350.00")


def test_the_sum_on_a_value_is_that_of_counted_exceptions() -> None:
    by_name = {one.name: (one.amount, one.exceptions) for one in FOUND.values}
    assert by_name["a.x"] == (Decimal("1050.00"), 2)
    assert by_name["a.z"] == (Decimal("300.00"), 1)


def test_a_value_alone_frees_only_what_nothing_else_blocks() -> None:
    assert FOUND.freed_by([key("a.x")]) == Decimal("50.00")
    assert FOUND.freed_by([key("a.x"), key("a.y")]) == Decimal("1050.00")


def test_the_group_that_frees_most_for_each_question_comes_first() -> None:
    group, gain = FOUND.best_group()
    assert ([one.name for one in group], gain) == (["a.x", "a.y"], Decimal("1050.00"))
    group, gain = FOUND.best_group({key("a.x"), key("a.y")})
    assert ([one.name for one in group], gain) == (["a.z"], Decimal("300.00"))
    assert FOUND.best_group({key("a.x"), key("a.y"), key("a.z")}) == ((), Decimal("0.00"))
