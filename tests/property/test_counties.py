"""One fen counts once: of 200 random counties no money is claimed beyond what there was."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.property.counties import judge
from tests.property.drawn import draw
from tests.property.once import CHECKS, SETTINGS, Books, claims_of, merged

EACH = 50
SEED = 20241231


@pytest.mark.parametrize("place", range(len(SETTINGS)))
def test_no_money_is_claimed_beyond_what_there_was(place: int) -> None:
    numbers = range(place * EACH, (place + 1) * EACH)
    books, faults = judge(numbers, SEED, SETTINGS[place])
    assert faults == []
    assert len({one.rule for one in books.claims}) >= 30


def test_every_check_sees_claims_that_are_made_too_often() -> None:
    tables = merged(draw(number, SEED) for number in range(EACH))
    claims = claims_of(tables, SETTINGS[0])
    often = [replace(one, detail={**one.detail, "opposite": []}) for one in claims] * 4
    for check in CHECKS:
        books = Books(tables, often)
        check(books)
        assert books.faults, check
