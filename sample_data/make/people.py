"""Members: people with names, birth dates and identity numbers, by employer.

Not here: who is trained or paid (see `training`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
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
    is_woman: bool


@dataclass
class Members:
    """Members by employer key, and the days on which some of them joined or left."""

    of: dict[str, list[Person]] = field(default_factory=dict)
    joined: dict[str, date] = field(default_factory=dict)
    left: dict[tuple[str, str], date] = field(default_factory=dict)
    unseen_by_cloud: set[str] = field(default_factory=set)


def born_on(county: County, born: date, serial: int, *, is_woman: bool) -> Person:
    """Make a person with a given birth date.

    Args:
        county: The county, for its name source.
        born: Birth date.
        serial: 0 to 499; sets the sequence of the number.
        is_woman: Sex.
    """
    number = codes.id_no(born, serial, is_woman=is_woman)
    return Person(county.names.person(), number, is_woman)


def new_person(county: County, number: int) -> Person:
    """Make a person born between 1978 and 1999; every third one is a woman.

    Args:
        county: The county, for its name source.
        number: Running number; birth date and serial derive from it.
    """
    born = date(1978 + number % 22, 1 + number * 7 % 12, 1 + number * 11 % 28)
    return born_on(county, born, number % 499, is_woman=number % 3 == 0)


def make_members(county: County) -> Members:
    """Give every employer whose union exists at the end of the year its members."""
    members = Members()
    number = 0
    for payer in county.payers.values():
        if not payer.has_union(days.PERIOD_TO) or payer.cancelled_on is not None:
            continue
        count = payer.headcount // 3
        members.of[payer.key] = [new_person(county, number + n) for n in range(count)]
        number += count
    return members


def write_members(county: County, members: Members) -> None:
    """Write the roll from both sources, and count the members of every union.

    A person who left is on the roll but not counted.
    """
    for source in ("云平台", "组宣部台账"):
        for key, people in members.of.items():
            for person in people:
                if source != "云平台" or person.id_no not in members.unseen_by_cloud:
                    _row(county, members, (key, person), source)
    for key, people in members.of.items():
        union = county.payers[key].union
        if union is not None:
            union.members += sum((key, person.id_no) not in members.left for person in people)
            union.workers += county.payers[key].headcount


def _row(county: County, members: Members, who: tuple[str, Person], source: str) -> None:
    key, person = who
    union = county.payers[key].union
    if union is None:
        return
    left_on = members.left.get((key, person.id_no))
    county.add(
        "member",
        union_name=union.name,
        name=person.name,
        id_no=person.id_no,
        joined_on=members.joined.get(person.id_no, max(union.founded_on, date(2021, 9, 1))),
        left_on=left_on,
        status="正常" if left_on is None else "已转出",
        source=source,
    )
