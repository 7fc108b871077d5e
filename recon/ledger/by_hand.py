"""Decisions said on the command line, and the taking back of any booked step.

Here: `decide` writes the same event as an imported row of a workbook; `reverse` adds a red entry
that says which event no longer counts, and why. Not here: what a decision may hold (see
`cells`), what events add up to (see `decisions`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from recon.base.errors import ExceptionUnknownError
from recon.base.models import Text
from recon.base.texts import yuan
from recon.ledger.cells import CellFault, completed, read_cell
from recon.ledger.decisions import in_words, items_of, reversed_events
from recon.ledger.errors import DecidedSinceError, EventStepError, LedgerStepError
from recon.ledger.known import ids_like, known_exceptions
from recon.ledger.review import content_of
from recon.ledger.store import NewEvent, add_events, read_events
from recon.output.sheets import REVIEW_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from recon.ledger.decisions import Item
    from recon.ledger.steps import Ledger
    from recon.ledger.store import Event

_REVERSIBLE = ("review", "recover", "close", "reopen")


def decide(
    ledger: Ledger,
    ids: Sequence[str],
    said: Mapping[str, str | None],
    now: datetime,
    seen: Mapping[str, int] | None = None,
) -> list[Item]:
    """Book one decision for exceptions of the newest run that has them, all or none.

    Args:
        ledger: The ledger and its output folder.
        ids: Ids, or unique beginnings of at least four characters.
        said: Reviewer's columns, as `REVIEW_COLUMNS` names them, as text.
        now: The moment, with its time zone.
        seen: By full id the event of the decision that was looked at, 0 for none; None where
            nobody has looked.

    Returns:
        Where each exception stands then; what was booked so already is not booked again.

    Raises:
        DecidedSinceError: Another decision has been booked since.
        ExceptionUnknownError: No run has the id, or several begin so.
        LedgerStepError: The decision does not fit the exception, or the exception is closed.
    """
    events = read_events(ledger.path)
    items = items_of(events)
    known = known_exceptions(ledger.out_dir, None, set(ids))
    full = dict.fromkeys(word if word in known else _full_id(ledger, word) for word in ids)
    known |= known_exceptions(ledger.out_dir, None, full.keys() - known.keys())
    new = []
    for exception_id in full:
        about, item = known[exception_id], items.get(exception_id)
        if seen is not None and seen.get(exception_id, 0) != _decided_by(item):
            raise DecidedSinceError(exception_id, (item and in_words(item)) or "—")
        content = _content(exception_id, said, about.amount, now)
        if item and item.closed and item.closed.run_id == about.run_id:
            raise LedgerStepError(
                exception_id,
                Text(
                    "已销号，结论没有记。先用 recon ledger reopen 重新打开",
                    "is closed; nothing was booked. Open it with 'recon ledger reopen' first",
                ),
            )
        if item is None or item.review is None or content_of(item.review) != content:
            payload = {**about.facts, **content, "source": "recon review decide"}
            new.append(NewEvent("review", exception_id, about.run_id, payload))
    if new:
        add_events(ledger.path, new, now, events)
    standing = ledger.items()
    return [standing[exception_id] for exception_id in full]


def _decided_by(item: Item | None) -> int:
    return item.review.event_id if item and item.review else 0


def _full_id(ledger: Ledger, word: str) -> str:
    near = ids_like(ledger.out_dir, word.strip().lower())
    if len(near) != 1:
        raise ExceptionUnknownError(word, ledger.out_dir, near[:5])
    return near[0]


def _content(
    exception_id: str, said: Mapping[str, str | None], amount: object, now: datetime
) -> dict[str, str | None]:
    try:
        content = {name: read_cell(name, said.get(name)) for name in REVIEW_COLUMNS}
        content, faults = completed(content, amount, now.date())  # type: ignore[arg-type]
        for fault in faults.values():
            raise fault
    except CellFault as fault:
        raise LedgerStepError(exception_id, fault.text) from fault
    return content


def reverse(
    ledger: Ledger, event_id: int, reason: str, now: datetime, *, only: Sequence[str] = ()
) -> Event:
    """Take a booked step back by a red entry; nothing is changed and nothing deleted.

    Args:
        ledger: The ledger and its output folder.
        event_id: Number of the event, as `recon ledger history` prints it; of a decision for
            several exceptions all of it is taken back.
        reason: Why it does not count.
        now: The moment, with its time zone.
        only: Kinds that may be taken back here; all that can be by default.

    Returns:
        The event that was taken back.

    Raises:
        EventStepError: There is no such event, it is of a kind that has its own way back, it was
            taken back before, later steps rest on it, or there is no reason.
    """
    events = read_events(ledger.path)
    mine = [event for event in events if event.event_id == event_id]
    event = mine[0] if mine else None
    problem = _unknown(event, only) or _spent(event, events)
    if not problem and not reason.strip():
        problem = Text("没有原因。用 --reason 写明", "no reason. Say it by --reason")
    if event is None or problem:
        raise EventStepError(event_id, problem)
    kept = {"reversed": event_id, "reversed_kind": event.kind, "reason_to_reverse": reason.strip()}
    about = None if event.lines else event.exception_id
    now_items, after = (
        items_of(events),
        items_of(each for each in events if each.event_id != event_id),
    )
    for each in mine:
        why = each.exception_id and _left_standing(each, now_items[each.exception_id], after)
        if why:
            raise EventStepError(event_id, why)
    new = NewEvent("reverse", about, event.run_id, kept)
    add_events(ledger.path, [new], now, events)
    return event


def _unknown(event: Event | None, only: Sequence[str]) -> Text | None:
    if event is None:
        return Text(
            "台账里没有这一号。号码见 recon ledger history",
            "the ledger has no such event. 'recon ledger history' prints the numbers",
        )
    if event.kind not in (only or _REVERSIBLE):
        return Text(
            "这一号不能这样撤回。复核用 recon review undo，收回、销号用 recon ledger reverse，"
            "名称用 recon ledger alias --remove，匹配在工作簿里填“撤销”",
            "this kind is not taken back here. Use 'recon review undo' for decisions, 'recon "
            "ledger reverse' for recoveries and closings, 'recon ledger alias --remove' for names "
            "and 撤销 in the workbook for matches",
        )
    return None


def _spent(event: Event | None, events: list[Event]) -> Text | None:
    if event is not None and event.event_id in reversed_events(events):
        return Text("已经撤回过，没有重复记", "was taken back before; nothing was booked")
    return None


def _left_standing(event: Event, now: Item, after: Mapping[str, Item]) -> Text | None:
    """Say what rests on an event, if anything does: a closing, or money that came back.

    Nothing rests on a decision that another has replaced since.
    """
    if event.kind == "review" and (now.review is None or now.review.event_id != event.event_id):
        return None
    if now.closed is not None and event.kind in ("review", "recover"):
        return Text(
            "例外已销号。先用 recon ledger reopen 重新打开",
            "the exception is closed. Open it with 'recon ledger reopen' first",
        )
    then = after.get(now.exception_id)
    if event.kind != "review" or not now.recovered:
        return None
    confirmed = then.confirmed if then and then.is_finding else None
    if then is None or not then.is_finding or (confirmed or now.recovered) < now.recovered:
        return Text(
            f"已收回 {yuan(now.recovered)} 记在它上面。先用 recon ledger reverse 撤回那些收回",
            f"{yuan(now.recovered)} recovered rest on it. Take those back with 'recon ledger "
            "reverse' first",
        )
    return None
