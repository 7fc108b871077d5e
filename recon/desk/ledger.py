"""整改: findings until they are closed: money recovered, proofs, due days, and what is overdue.

Here: the page over `recon ledger recover|close|reopen|reverse` and `recon review decide`. Not here:
what may be booked (`recon.ledger`).
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from recon.base.errors import ReconError
from recon.base.models import Text
from recon.desk.errors import FieldError
from recon.desk.panel import KINDS, said_of
from recon.desk.place import now
from recon.ledger.by_hand import decide, reverse
from recon.ledger.decisions import reversed_events
from recon.ledger.store import read_events

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.responses import Response

    from recon.desk.visit import Visit
    from recon.ledger.decisions import Item
    from recon.ledger.steps import Ledger

_VIEWS = {
    "open": Text("未销号", "open"),
    "overdue": Text("逾期", "overdue"),
    "closed": Text("已销号", "closed"),
    "all": Text("全部结论", "all decisions"),
}


def show(visit: Visit) -> Response:
    """Show the findings, those that are overdue first."""
    today = date.today().isoformat()  # noqa: DTZ011 - the user's own day
    items = list(visit.place.ledger.items().values())
    sorts: dict[str, Callable[[Item], bool]] = {
        "open": lambda one: one.is_finding and one.closed is None,
        "overdue": lambda one: is_overdue(one, today),
        "closed": lambda one: one.closed is not None,
        "all": lambda one: one.review is not None,
    }
    view = visit.said("view", "open")
    view = view if view in sorts else "open"
    rows = sorted(filter(sorts[view], items), key=lambda one: _order(one, today))
    found = [one for one in items if one.is_finding]
    return visit.draw(
        "ledger.html",
        rows=rows,
        view=view,
        views={name: (text, sum(map(sorts[name], items))) for name, text in _VIEWS.items()},
        today_is=today,
        confirmed=sum((one.confirmed or 0 for one in found), 0),
        recovered=sum((one.recovered for one in found), 0),
        overdue=lambda one: is_overdue(one, today),
    )


def is_overdue(item: Item, today: str) -> bool:
    """Whether a finding is open after its due day."""
    due = item.decision.get("due_on")
    return item.is_finding and item.closed is None and bool(due) and str(due) < today


def _order(item: Item, today: str) -> tuple[Any, ...]:
    return (
        not is_overdue(item, today),
        item.decision.get("due_on") or "9999",
        -(item.confirmed or 0),
    )


def one(visit: Visit) -> Response:
    """Show one finding with its events and what can be booked."""
    return _drawn(visit)


def _drawn(visit: Visit, fault: Text | None = None) -> Response:
    ledger = visit.place.ledger
    item = ledger.find(visit.names["id"])
    given = {
        "item": item,
        "events": ledger.history(item.exception_id),
        "gone": reversed_events(read_events(ledger.path)),
        "left": None if item.confirmed is None else item.confirmed - item.recovered,
        "kinds": KINDS,
        "said_of": said_of,
        "fault": fault,
        "typed": lambda step, name, else_="": _typed(visit, fault, step, name) or else_ or "",
    }
    return visit.draw("ledger_one.html", 422 if fault else 200, **given)


def _typed(visit: Visit, fault: Text | None, step: str, name: str) -> str:
    """Return what was said in a form that was refused, to be mended there."""
    return visit.said(name) if fault and visit.path.endswith(f"/{step}") else ""


def _booked(visit: Visit, step: Callable[[Ledger, str], object], note: Text) -> Response:
    """Book a step; what the ledger does not take is said beside the form."""
    exception_id = visit.names["id"]
    try:
        with visit.desk.writing:
            step(visit.place.proven_ledger, exception_id)
    except ReconError as error:
        return _drawn(visit, error.text)
    return visit.go(f"/ledger/{exception_id}", note)


def recover(visit: Visit) -> Response:
    """Book money that came back."""

    def step(ledger: Ledger, key: str) -> None:
        day = Text("到账日", "day it arrived")
        on = visit.day("on", day)
        if on is None:
            raise FieldError(day, Text("没有填", "is empty"))
        amount = visit.money("amount", Text("收回金额", "amount"))
        ledger.recover(key, amount, on, visit.said("reference"), now())

    return _booked(visit, step, Text("已记收回。", "The recovery is booked."))


def close(visit: Visit) -> Response:
    """Close a finding on evidence."""
    by, proof = visit.who(), visit.said("proof")
    return _booked(
        visit,
        lambda ledger, key: ledger.close(key, by, proof, now()),
        Text("已销号。", "Closed."),
    )


def reopen(visit: Visit) -> Response:
    """Open a closed finding again."""
    reason = visit.said("reason")
    return _booked(
        visit,
        lambda ledger, key: ledger.reopen(key, reason, now()),
        Text("已重新打开。", "Open again."),
    )


def take_back(visit: Visit) -> Response:
    """Take an event back by a red entry."""
    event, reason = visit.said("event"), visit.said("reason")
    if not event.isdecimal():
        raise FieldError(Text("记录号", "event"), Text("不是号码", "is no number"))
    return _booked(
        visit,
        lambda ledger, _: reverse(ledger, int(event), reason, now()),
        Text("已红字冲销，原记录保留。", "Taken back by a red entry; the first one stays."),
    )


def due(visit: Visit) -> Response:
    """Say who puts it right until when, as a decision that is otherwise the same."""
    said = {
        name: visit.said(name) or None for name in ("responsible", "due_on", "measure", "office")
    }
    who = visit.who()

    def step(ledger: Ledger, key: str) -> None:
        item = ledger.find(key)
        shown = visit.said("seen")
        seen = {item.exception_id: int(shown) if shown.isdecimal() else 0}
        whole = {**item.decision, **said, "reviewer": who, "reviewed_on": now().date().isoformat()}
        decide(ledger, [item.exception_id], whole, now(), seen)

    return _booked(visit, step, Text("已记责任人和时限。", "Person and due day are booked."))


PAGES = (
    ("GET", "/ledger", show),
    ("GET", "/ledger/{id}", one),
    ("POST", "/ledger/{id}/recover", recover),
    ("POST", "/ledger/{id}/close", close),
    ("POST", "/ledger/{id}/reopen", reopen),
    ("POST", "/ledger/{id}/reverse", take_back),
    ("POST", "/ledger/{id}/due", due),
)
