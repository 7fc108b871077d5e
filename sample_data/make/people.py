"""Members: people with names, birth dates and identity numbers, by employer.

Not here: who is trained or paid (see `training`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sample_data.make import codes, days

if TYPE_CHECKING:
    from sample_data.make.county import County


@dataclass(frozen=True)
class Person:
    """One made-up person."""

    name: str
    id_no: str
    born: date
    is_woman: bool


def new_person(county: County, number: int) -> Person:
    """Make a person born between 1978 and 1999; every third one is a woman.

    Args:
        county: The county, for its name source.
        number: Running number; birth date and serial derive from it.
    """
    born = date(1978 + number % 22, 1 + number * 7 % 12, 1 + number * 11 % 28)
    is_woman = number % 3 == 0
    return Person(
        name=county.names.person(),
        id_no=codes.id_no(born, number % 499, is_woman=is_woman),
        born=born,
        is_woman=is_woman,
    )


def add_members(county: County) -> dict[str, list[Person]]:
    """Give every employer with a union its members, and write the roll from both sources.

    Returns:
        Employer key to members, in the order of the roll.
    """
    members: dict[str, list[Person]] = {}
    number = 0
    for payer in county.payers.values():
        if not payer.has_union(days.PERIOD_TO) or payer.cancelled_on is not None:
            continue
        count = payer.headcount // 3
        members[payer.key] = [new_person(county, number + n) for n in range(count)]
        number += count
        if payer.union is not None:
            payer.union.members += count
            payer.union.workers += payer.headcount
    for source in ("云平台", "组宣部台账"):
        for key, people in members.items():
            union = county.payers[key].union
            for person in people:
                county.add(
                    "member",
                    union_name=union.name if union else "",
                    name=person.name,
                    id_no=person.id_no,
                    joined_on=max(union.founded_on, date(2021, 9, 1)) if union else None,
                    status="正常",
                    source=source,
                )
    return members
