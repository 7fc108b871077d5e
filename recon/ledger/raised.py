"""Items that people raised (整改事项) as the ledger sees them before any step is booked.

Not here: the file they come from (see `recon.output.items`), steps (see `steps`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from recon.ledger.decisions import Item
from recon.ledger.store import Event
from recon.output.items import read_items

if TYPE_CHECKING:
    from pathlib import Path

#: The number of the decision that is booked with an item's first step: to list it is to confirm it.
RAISED = 0


def raised_items(run: Path | None, wanted: str) -> list[Item]:
    """Return the items of a run whose id begins so, as confirmed by being listed.

    Args:
        run: The newest run folder, or None.
        wanted: An id or its beginning.
    """
    if run is None:
        return []
    return [
        _item(row)
        for row in read_items(run).iter_rows(named=True)
        if row["item_id"].startswith(wanted)
    ]


def _item(row: dict[str, Any]) -> Item:
    amount = None if row["amount"] is None else f"{row['amount']:.2f}"
    facts = {
        "rule": None,
        "party_id": None,
        "party_name": row["department"],
        "period": None,
        "direction": "recover" if amount else "",
        "amount": amount,
    }
    said = {
        "verdict": "成立",
        "confirmed_amount": amount,
        "reason": f"整改事项 {row['item_no']}：{row['problem']}",
        "measure": row["measure"],
        "office": row["department"],
        "responsible": row["owner"],
        "due_on": row["due_on"].isoformat() if row["due_on"] else None,
    }
    event = Event(RAISED, "", "review", row["item_id"], None, {**facts, **said})
    return Item(row["item_id"], facts, event)
