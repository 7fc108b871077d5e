"""What some tables of the county claim the whole county claims; an odd cell turns no rule off."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.property.parts import claims, county, errors_of, every_column, new_claims, odd_rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.property.parts import County


@pytest.fixture(scope="module")
def one() -> Iterator[County]:
    with county() as read:
        yield read


@pytest.mark.parametrize(
    "part",
    [
        "tax_collection",
        "lease",
        "training_payment",
        "training_class+training_payment",
        "payer+payroll+tax_collection",
        "fund_transfer+prep_opening+tax_collection",
        "bank_txn+fuel_txn",
    ],
)
def test_a_part_claims_nothing_that_the_whole_does_not(one: County, part: str) -> None:
    whole = claims(one.run(one.intake.rows))
    assert whole
    rows = {name: one.intake.rows[name] for name in part.split("+")}
    assert new_claims(one.run(rows), whole) == []


@pytest.mark.parametrize("turn", range(4))
def test_an_odd_value_in_any_column_turns_no_rule_off(one: County, turn: int) -> None:
    assert errors_of(one.run(odd_rows(one, turn, every_column(one)))) == []
