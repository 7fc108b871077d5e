"""What some tables of the county claim the whole county claims; an odd cell turns no rule off."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.property.parts import claims, county, errors_of, every_column, new_claims, odd_rows

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from tests.property.parts import County


@pytest.fixture(scope="module")
def one() -> Iterator[County]:
    with county() as read:
        yield read


@pytest.fixture(scope="module")
def whole(one: County) -> set[tuple[Any, ...]]:
    return claims(one.run(one.intake.rows))


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
        pytest.param(
            "collective_contract+fund_transfer+payer+payer_year+payroll+prep_opening"
            "+refund_application+settlement+tax_collection+trainee+union_org",
            id="SME-09's tables without classes",
        ),
    ],
)
def test_a_part_claims_nothing_that_the_whole_does_not(
    one: County, whole: set[tuple[Any, ...]], part: str
) -> None:
    assert whole
    rows = {name: one.intake.rows[name] for name in part.split("+")}
    assert new_claims(one.run(rows), whole) == []


@pytest.mark.parametrize("turn", range(4))
def test_an_odd_value_in_any_column_turns_no_rule_off(one: County, turn: int) -> None:
    assert errors_of(one.run(odd_rows(one, turn, every_column(one)))) == []
