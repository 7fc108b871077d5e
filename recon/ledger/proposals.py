"""Money in later bank lines that may settle a finding: proposed to a person, never booked.

Here: which line may belong to which finding. Not here: reading bank lines, booking (see `steps`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from recon.ledger.decisions import Item
    from recon.ledger.store import Event

Kind = Literal["whole", "together", "part"]
_PLAIN = re.compile(r"\w[\w.-]*")
_OTHER = re.compile(r"[^\w./:-]")
#: Whether money of a direction arrives (1) or leaves (-1) when it is put right.
_SIGNS = {"pay_in": 1, "recover": 1, "remit_up": -1, "give_back": -1, "clear_out": -1}


@dataclass(frozen=True)
class BankLine:
    """A bank line; `amount` is above 0 when money arrived. Units: yuan."""

    party_id: str
    day: date
    amount: Decimal
    reference: str
    place: str

    @property
    def label(self) -> str:
        """What names the line in a voucher reference: words that no shell takes for anything."""
        if _PLAIN.fullmatch(self.reference):
            return self.reference
        return _OTHER.sub("_", self.place.replace("!", ":")).lstrip("-./")


@dataclass(frozen=True)
class Proposal:
    """A line and the findings that it may settle.

    `whole`: it is what one finding has outstanding, or several alike: a person chooses one;
    `together`: it is the sum of all that the party has outstanding; `part`: it is less.
    """

    kind: Kind
    line: BankLine
    items: tuple[Item, ...]


def outstanding(item: Item) -> Decimal:
    """Return what of a finding has not come back. Units: yuan."""
    return Decimal(0) if item.confirmed is None else item.confirmed - item.recovered


def propose(
    items: Iterable[Item],
    events: Iterable[Event],
    lines: Iterable[BankLine],
    seen: Mapping[str, date],
) -> list[Proposal]:
    """Find bank lines that may settle open findings.

    A line counts when it is the party's, flows the way that puts the finding right, is later than
    the day to which the finding was counted, and is booked nowhere yet.

    Args:
        items: Where every exception of the ledger stands.
        events: All events; what they book is not proposed again.
        lines: Bank lines of the own accounts.
        seen: As-of day of each run; of an unknown run the day of the decision counts.

    Returns:
        Proposals by day, place and party.
    """
    open_ = _open(items)
    booked = _booked(events)
    found = []
    for line in sorted(lines, key=lambda each: (each.day, each.place)):
        mine = [
            item
            for item in open_.get((line.party_id, 1 if line.amount > 0 else -1), ())
            if line.day > _counted_to(item, seen)
        ]
        if mine and not _is_booked(line, booked):
            found += _fitting(line, mine)
    return found


def _open(items: Iterable[Item]) -> dict[tuple[str, int], list[Item]]:
    open_: dict[tuple[str, int], list[Item]] = {}
    for item in items:
        party, sign = item.facts["party_id"], _SIGNS.get(item.facts["direction"] or "")
        if item.is_finding and item.closed is None and party and sign and outstanding(item) > 0:
            open_.setdefault((party, sign), []).append(item)
    return open_


def _counted_to(item: Item, seen: Mapping[str, date]) -> date:
    review = item.review
    if review is None:
        return date.max
    return seen.get(review.run_id or "") or date.fromisoformat(review.at[:10])


def _booked(events: Iterable[Event]) -> list[tuple[str, str, str]]:
    """Return day, reference and party of each recovery in the ledger."""
    return [
        (event.payload["on"], event.payload["reference"], event.payload.get("party_id") or "")
        for event in events
        if event.kind == "recover"
    ]


def _is_booked(line: BankLine, booked: list[tuple[str, str, str]]) -> bool:
    """Tell whether a recovery names the line, or is of the same party and day."""
    names = [name for name in (line.reference, line.place, line.label) if name]
    return any(
        any(name in reference for name in names)
        or (party == line.party_id and day == line.day.isoformat())
        for day, reference, party in booked
    )


def _fitting(line: BankLine, mine: list[Item]) -> list[Proposal]:
    amount = abs(line.amount)
    whole = tuple(item for item in mine if outstanding(item) == amount)
    if whole:
        return [Proposal("whole", line, whole)]
    if len(mine) > 1 and sum(outstanding(item) for item in mine) == amount:
        return [Proposal("together", line, tuple(mine))]
    part = tuple(item for item in mine if outstanding(item) > amount)
    return [Proposal("part", line, part)] if part else []
