"""What the ledger says now: the events of each exception folded into where it stands.

Here: the last decision, the sum recovered, open or closed. Not here: adding events (see `steps`,
`review`), the state of an exception in a run (see `recon.run.states`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import polars as pl

from recon.base.texts import yuan
from recon.ledger.store import ledger_path, read_events
from recon.output.sheets import REVIEW_COLUMNS
from recon.output.split import CONFIRMING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from pathlib import Path

    from recon.ledger.store import Event

#: Facts of an exception that an event keeps, so that the ledger can be read without the run.
FACTS = ("rule", "party_id", "party_name", "period", "direction", "amount")
_MONEY = pl.Decimal(18, 2)
_DATES = ("reviewed_on", "due_on")
_YEAR = 4


@dataclass(frozen=True)
class Item:
    """Where one exception stands. Units: yuan."""

    exception_id: str
    facts: dict[str, str | None]
    review: Event | None = None
    closed: Event | None = None
    recovered: Decimal = Decimal("0.00")

    @property
    def decision(self) -> dict[str, str | None]:
        """The reviewer's columns of the last decision; empty when there is none."""
        if self.review is None:
            return {}
        return {name: self.review.payload.get(name) for name in REVIEW_COLUMNS}

    @property
    def confirmed(self) -> Decimal | None:
        """What the reviewer found, or None."""
        return as_money(self.decision.get("confirmed_amount"))

    @property
    def is_finding(self) -> bool:
        """Whether a reviewer confirmed it, in whole or in part."""
        return self.decision.get("verdict") in CONFIRMING

    @property
    def years(self) -> frozenset[str]:
        """The years of a finding's period, else the year in which it was decided."""
        if not self.is_finding or self.review is None:
            return frozenset()
        period = self.facts["period"]
        if period:
            return frozenset(part[:_YEAR] for part in period.split(".."))
        return frozenset({(self.decision.get("reviewed_on") or self.review.at)[:_YEAR]})


def as_money(text: str | None) -> Decimal | None:
    """Return an amount that an event keeps as text."""
    return None if text is None else Decimal(text)


def reversed_events(events: Iterable[Event]) -> frozenset[int]:
    """Return the numbers of events that red entries took back."""
    return frozenset(each.payload["reversed"] for each in events if each.kind == "reverse")


def items_of(events: Iterable[Event]) -> dict[str, Item]:
    """Fold events into items by exception id.

    Returns:
        One item per exception; a review after a closing opens it again. What a red entry took back
        does not count.
    """
    events = list(events)
    before, items = _LAST[0]
    fresh = events[len(before) :]
    if events[: len(before)] != before or any(each.kind == "reverse" for each in fresh):
        items, fresh = {}, events
    items = _folded(items, fresh, reversed_events(fresh))
    _LAST[0] = (events, items)
    return dict(items)


#: The events folded last and what came of them: to a ledger that grew only the new are added.
_LAST: list[tuple[list[Event], dict[str, Item]]] = [([], {})]


def _folded(
    before: Mapping[str, Item], events: Iterable[Event], gone: Collection[int]
) -> dict[str, Item]:
    items = dict(before)
    for event in events:
        if event.exception_id is None or event.kind == "reverse":
            continue
        facts = {name: event.payload.get(name) for name in FACTS}
        item = items.get(event.exception_id, Item(event.exception_id, facts))
        if event.event_id in gone:
            pass
        elif event.kind == "review":
            item = replace(item, facts=facts, review=event, closed=None)
        elif event.kind == "recover":
            item = replace(item, recovered=item.recovered + Decimal(event.payload["recovered"]))
        elif event.kind == "close":
            item = replace(item, closed=event)
        elif event.kind == "reopen":
            item = replace(item, closed=None)
        items[event.exception_id] = item
    return items


def read_decisions(workspace: Path, out_dir: Path) -> pl.DataFrame:
    """Return the decisions that a new run carries along.

    Returns:
        Shape: exception_id, decided_amount (what the exception was when it was decided),
        decided_run, closed_run, closed_on (2025-01-31), earlier (the decision in words),
        found_rule, found_party and found_years of a finding, then the reviewer's columns.

    Raises:
        LedgerDamagedError: The ledger is not whole.
    """
    return decisions_of(items_of(read_events(ledger_path(workspace, out_dir))).values())


def decisions_of(items: Iterable[Item]) -> pl.DataFrame:
    """Return what `read_decisions` does, of some items."""
    rows = [_row(item) for item in items]
    schema: dict[str, pl.DataType] = {
        "exception_id": pl.String(),
        "decided_amount": _MONEY,
        "decided_run": pl.String(),
        "closed_run": pl.String(),
        "closed_on": pl.String(),
        "earlier": pl.String(),
        "found_rule": pl.String(),
        "found_party": pl.String(),
        "found_years": pl.List(pl.String()),
        **dict.fromkeys(REVIEW_COLUMNS, pl.String()),
        "confirmed_amount": _MONEY,
        **dict.fromkeys(_DATES, pl.Date()),
    }
    return pl.DataFrame(rows, schema=schema, orient="row")


def _row(item: Item) -> dict[str, object]:
    said = item.decision
    decision: dict[str, object] = {name: said.get(name) for name in REVIEW_COLUMNS}
    for name in _DATES:
        text = said.get(name)
        decision[name] = date.fromisoformat(text) if text else None
    return {
        "exception_id": item.exception_id,
        "decided_amount": as_money(item.facts["amount"]),
        "decided_run": item.review.run_id if item.review else None,
        "closed_run": (item.closed.run_id or "") if item.closed else None,
        "closed_on": item.closed.at[:10] if item.closed else None,
        "earlier": in_words(item),
        "found_rule": item.facts["rule"],
        "found_party": item.facts["party_id"],
        "found_years": sorted(item.years),
        **decision,
        "confirmed_amount": item.confirmed,
    }


def in_words(item: Item) -> str | None:
    """Say a decision and a closing in one Chinese line, as the workbook shows it.

    Returns:
        E.g. "成立 640.00（原金额 640.00，张三 2024-12-30）：理由；已销号（李四 2025-01-10）"; None
        when nothing was decided or closed.
    """
    words = []
    if item.review is not None:
        said, amount = item.decision, as_money(item.facts["amount"])
        confirmed = "" if item.confirmed is None else f" {yuan(item.confirmed)}"
        who = " ".join(filter(None, (said["reviewer"], said["reviewed_on"])))
        behind = "，".join(filter(None, (f"原金额 {yuan(amount)}" if amount else "", who)))
        reason = f"：{said['reason']}" if said["reason"] else ""
        words.append(f"{said['verdict']}{confirmed}{f'（{behind}）' if behind else ''}{reason}")
    if item.closed is not None:
        words.append(f"已销号（{item.closed.payload['by']} {item.closed.at[:10]}）")
    return "；".join(words) or None
