"""One random county, changed in every way: exceptions change exactly as they should.

All changes go together, to keep the suite short; `python -m tests.metamorphic.run` tries each on
its own, over many counties.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.metamorphic.county import County, draw
from tests.metamorphic.outcome import Outcome, check
from tests.metamorphic.relations import AGAIN, RELATIONS, judge, together

if TYPE_CHECKING:
    from pathlib import Path

SEED = 1
*CHANGES, _LARGE = [one for one in RELATIONS if one not in AGAIN]
EVERYTHING = together("everything", *CHANGES)


@pytest.fixture(scope="module")
def county() -> County:
    return draw(SEED)


@pytest.fixture(scope="module")
def before(county: County, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    return check(county, tmp_path_factory.mktemp("county") / "before")


def test_nearly_every_rule_has_something_to_say(before: Outcome) -> None:
    assert "error" not in before.statuses.values()
    assert len({said["rule"] for said in before.exceptions}) > 95


def test_exceptions_change_as_they_should(county: County, before: Outcome, tmp_path: Path) -> None:
    after = check(EVERYTHING.change(county, SEED), tmp_path / "after")
    assert judge(EVERYTHING, before, after) == []


def test_what_lies_there_twice_or_empty_changes_nothing(
    county: County, before: Outcome, tmp_path: Path
) -> None:
    again = together("again", *AGAIN)
    after = check(again.change(county, SEED), tmp_path / "again")
    assert judge(again, before, after) == []
    assert after.rows[1] > before.rows[1]


def test_a_difference_would_be_seen(before: Outcome) -> None:
    first, *rest = before.exceptions
    other = {**first, "message": "another"}
    for after in (
        replace(before, exceptions=rest),
        replace(before, exceptions=[other, *rest]),
        replace(before, statuses={**before.statuses, "REM-01": "error"}),
        replace(before, rows=(1, 1)),
    ):
        assert judge(CHANGES[0], before, after)
    assert judge(CHANGES[0], before, before) == []
