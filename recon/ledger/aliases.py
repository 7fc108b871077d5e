"""Names that people confirmed to be one party: those of aliases.csv and of the ledger.

Here: folding both into the names in force, and booking one. Not here: candidates for names that no
register knows (see `recon.engine.parties`), how names are resolved (that is SQL, see sql/parties).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from recon.base.models import Text
from recon.engine.parties import read_aliases
from recon.ledger.errors import AliasStepError
from recon.ledger.store import NewEvent, add_events, ledger_path, read_events
from recon.tables.names import name_key

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from pathlib import Path

    from recon.ledger.store import Event

Aliases = tuple[tuple[str, str], ...]


def ledger_aliases(events: Iterable[Event]) -> dict[str, tuple[str, str | None]]:
    """Fold events into the last word on each name.

    Args:
        events: Of the ledger, in the order they were added.

    Returns:
        Name and code by normalised name; the code is None where the name was taken back.
    """
    said: dict[str, tuple[str, str | None]] = {}
    for event in events:
        if event.kind == "alias":
            said[name_key(event.payload["name"])] = (
                event.payload["name"],
                event.payload.get("code"),
            )
    return said


def known_aliases(workspace: Path, out_dir: Path) -> Aliases:
    """Return the confirmed names in force: aliases.csv, on which the ledger has the last word.

    Returns:
        Pairs of name and code, by normalised name.

    Raises:
        AliasError: A line of aliases.csv cannot be used.
        LedgerDamagedError: The ledger is not whole.
    """
    named = {name_key(name): (name, code) for name, code in read_aliases(workspace)}
    for key, (name, code) in ledger_aliases(read_events(ledger_path(workspace, out_dir))).items():
        if code is None:
            named.pop(key, None)
        else:
            named[key] = (name, code)
    return tuple(named[key] for key in sorted(named))


def book_alias(ledger: Path, name: str, code: str | None, by: str, now: datetime) -> None:
    """Book that a name is a party, or take it back.

    Args:
        ledger: The ledger; made when it is not there.
        name: The name as files have it.
        code: The party's code; None takes the ledger's word on the name back.
        by: Who confirms it.
        now: The moment, with its time zone.

    Raises:
        AliasStepError: A word is empty, the name has this code already, or there is nothing to
            take back.
    """
    key, who = name_key(name), by.strip()
    events = read_events(ledger)
    standing = ledger_aliases(events).get(key, (name, None))[1]
    wanted = code.strip() if code is not None else None
    problem = None
    if not key or not who or wanted == "":
        problem = Text("名称、代码和确认人都不能空", "name, code and person must not be empty")
    elif wanted is not None and standing == wanted:
        problem = Text("已经记过，没有重复记", "is booked already and was not booked again")
    elif wanted is None and standing is None:
        problem = Text("台账里没有这个名称，不用撤销", "is not in the ledger; nothing to take back")
    if problem:
        raise AliasStepError(name, problem)
    payload = {"name": name.strip(), "code": wanted, "by": who}
    add_events(ledger, [NewEvent("alias", None, None, payload)], now, events)
