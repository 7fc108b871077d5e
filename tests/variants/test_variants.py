"""No spoilt header or unit gives other sums: a sample of what `tests.variants.run` tries.

Here: files of the same hand in number, each judged by sums that the generator knows. Not here: real
layouts.
"""

from __future__ import annotations

from itertools import islice

import pytest

from tests.variants.files import File, good_files, variants
from tests.variants.run import BAD, outcome

GOOD = tuple(good_files())
#: One in so many variants, so that each table and each kind of spoiling is met.
STEP = 29


@pytest.mark.parametrize("good", GOOD, ids=lambda one: f"{one.table}-{one.layout}")
def test_a_good_file_is_read_as_it_is(good: File) -> None:
    assert outcome(good) == ("same", "")


@pytest.mark.parametrize("good", GOOD, ids=lambda one: f"{one.table}-{one.layout}")
def test_no_spoilt_header_or_unit_gives_other_sums(good: File) -> None:
    start = GOOD.index(good) % STEP
    read = {one.what: outcome(one) for one in islice(variants(good), start, None, STEP)}
    assert len(read) >= 5
    assert {what: said for what, said in read.items() if said[0] in BAD} == {}
