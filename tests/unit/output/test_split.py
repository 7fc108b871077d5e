"""Categories add up: each exception is in one, and the sums are those of a plain loop."""

from __future__ import annotations

from collections import Counter, defaultdict
from decimal import Decimal
from random import Random
from typing import Any

import polars as pl
import pytest

from recon.base.models import DEFINITE_DIRECTIONS
from recon.output.split import CATEGORIES, addition, by_category, found_amount, split
from tests.unit.output import factory

_MONEY = pl.Decimal(18, 2)


def _random(seed: int, count: int = 200) -> pl.DataFrame:
    """Draw exceptions with any mix of link, direction, amount, verdict and recovery."""
    draw = Random(seed)  # noqa: S311 - a seeded draw
    directions = [*DEFINITE_DIRECTIONS, "lapsed", "verify", ""]

    def money(chance: float) -> Decimal | None:
        return Decimal(draw.randrange(1, 10**7)) / 100 if draw.random() < chance else None

    rows = [
        {
            "exception_id": f"{number:016x}",
            "direction": draw.choice(directions),
            "linked_to": f"{number - 1:016x}" if draw.random() < 0.1 else None,
            "amount": money(0.8),
            "unverified_policy": draw.random() < 0.5,
            "verdict": draw.choice(["成立", "部分成立", "不成立", "待核实", None]),
            "confirmed_amount": money(0.5),
            "recovered": money(0.3),
        }
        for number in range(count)
    ]
    types = dict.fromkeys(("amount", "confirmed_amount", "recovered"), _MONEY)
    return pl.DataFrame(rows, schema_overrides={"linked_to": pl.String, **types})


def _category(row: dict[str, Any]) -> str:
    """Say the order once more: linked, lapsed, without amount, lead, counted."""
    if row["linked_to"]:
        return "linked"
    if row["direction"] == "lapsed":
        return "lapsed"
    if row["amount"] is None:
        return "without_amount"
    return "lead" if row["direction"] in ("verify", "") else "counted"


def _found(row: dict[str, Any]) -> Decimal:
    given = row["confirmed_amount"]
    if row["verdict"] == "成立":
        return given if given is not None else row["amount"] or Decimal(0)
    return (given or Decimal(0)) if row["verdict"] == "部分成立" else Decimal(0)


@pytest.mark.parametrize("seed", range(20))
def test_the_split_is_that_of_a_plain_loop(seed: int) -> None:
    rows = _random(seed)
    counts: Counter[tuple[str, str]] = Counter()
    sums: dict[tuple[str, str], list[Decimal]] = defaultdict(lambda: [Decimal(0)] * 4)
    for row in rows.iter_rows(named=True):
        key = (row["direction"], _category(row))
        counts[key] += 1
        once = key[1] != "linked"
        amounts = (
            row["amount"] or Decimal(0),
            (row["amount"] or Decimal(0)) * (not row["unverified_policy"]),
            _found(row) * once,
            (row["recovered"] or Decimal(0)) * (once and row["verdict"] in {"成立", "部分成立"}),
        )
        sums[key] = [old + new for old, new in zip(sums[key], amounts, strict=True)]
    summed = split(rows)
    assert summed["exceptions"].sum() == rows.height
    assert {(r["direction"], r["category"]): r["exceptions"] for r in summed.to_dicts()} == counts
    for row in summed.to_dicts():
        seen = [row[name] for name in ("amount", "confirmed", "found", "recovered")]
        assert seen == sums[row["direction"], row["category"]]
        assert row["confirmed"] + row["unconfirmed"] == row["amount"]


@pytest.mark.parametrize("seed", range(5))
def test_the_sum_that_is_printed_adds_up(seed: int) -> None:
    rows = _random(seed)
    left, _, right = addition(rows, "zh").partition(" = 例外 ")
    terms = [int(term.rsplit(" ", 1)[1].replace(",", "")) for term in left.split(" + ")]
    assert sum(terms) == int(right) == rows.height
    assert sum(by_category(rows).values()) == rows.height
    assert list(by_category(rows)) == list(CATEGORIES)


def test_counted_is_what_the_run_counts() -> None:
    found = factory.exceptions(300)
    counted = split(found).filter(pl.col("category") == "counted")
    assert counted["exceptions"].sum() == found["counted"].sum()
    assert counted["amount"].sum() == found.filter("counted")["amount"].sum()


def test_an_empty_amount_of_a_full_confirmation_is_the_whole() -> None:
    rows = pl.DataFrame(
        {
            "verdict": ["成立", "成立", "部分成立", "不成立", None],
            "confirmed_amount": [None, "5.00", "3.00", None, "2.00"],
            "amount": ["5.00"] * 5,
        }
    ).with_columns(pl.col("confirmed_amount", "amount").cast(_MONEY))
    found = rows.select(found_amount())["found"].to_list()
    assert found == [Decimal(5), Decimal(5), Decimal(3), None, None]


def test_nothing_adds_up_to_nothing() -> None:
    assert split(factory.exceptions(0)).height == 0
    assert addition(factory.exceptions(0), "en") == "0 = exceptions 0"
