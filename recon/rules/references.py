"""The texts that rules cite, each wording with the days on which it was in force.

Here: `rules/reference/texts.yaml`, and which wording an exception may print. Not here: what a rule
says (`catalog`) and where values of policy come from (`recon.policy`).
"""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Literal

from pydantic import Field, TypeAdapter

from recon.base import resources
from recon.base.shapes import Shape
from recon.base.yamlio import load_yaml

if TYPE_CHECKING:
    from collections.abc import Iterable

_START = re.compile(r"^([0-9]{4})(?:-([0-9]{2}))?(?:-([0-9]{2}))?(?![0-9])")


class Provision(Shape):
    """One wording of a cited text.

    `starts_on` and `ends_on` (inclusive; None is open) are the keys `from` and `to`. `place` is the
    locale that alone prints a local text. Only what somebody has read is printed as 依据:
    `status` says so of a shipped text, `verified_on` of one that a workspace cites.
    """

    title: str
    number: str = ""
    article: str = ""
    quote: str = ""
    source: str = ""
    status: Literal["confirmed", "not_seen"] = "not_seen"
    place: str = ""
    starts_on: date | None = Field(default=None, alias="from")
    ends_on: date | None = Field(default=None, alias="to")
    verified_by: str | None = None
    verified_on: date | None = None

    @property
    def is_confirmed(self) -> bool:
        """Whether somebody has read the text."""
        return self.status == "confirmed" or self.verified_on is not None

    @property
    def cited(self) -> str:
        """Title, number and article in the form of official papers."""
        return f"{self.title}{f'（{self.number}）' if self.number else ''}{self.article}"

    def holds_on(self, day: date) -> bool:
        """Tell whether the wording was in force on a day."""
        return (self.starts_on is None or self.starts_on <= day) and (
            self.ends_on is None or day <= self.ends_on
        )


@cache
def texts() -> dict[str, tuple[Provision, ...]]:
    """Return the wordings of every shipped text by its id, in the order of time."""
    content = load_yaml(resources.shipped("rules") / "reference" / "texts.yaml")
    return TypeAdapter(dict[str, tuple[Provision, ...]]).validate_python(content)


def in_force(provisions: Iterable[Provision], day: date, locale: str) -> tuple[Provision, ...]:
    """Return the wordings that may be printed as 依据: read, in force on the day, of the place."""
    return tuple(
        one
        for one in provisions
        if one.is_confirmed and one.holds_on(day) and one.place in ("", locale)
    )


def day_of(period: str, as_of: date) -> date:
    """Return the day by which an exception's law is chosen: the first of its period, else as-of.

    Example:
        >>> day_of("2021-11..2022-01", date(2022, 6, 30))
        datetime.date(2021, 11, 1)
    """
    found = _START.match(period)
    return date(*(int(part or 1) for part in found.groups())) if found else as_of
