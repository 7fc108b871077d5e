"""What was seen of the ledger: no event that a run or a booking has seen may be missing from it.

Here: the head of the ledger (how many events, and the last one's hash), which every run keeps in
its run.json and every booking beside the ledger, and the proof that the ledger of today holds it.
Not here: the chain itself (see `store`).
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from recon.ledger.errors import LedgerLostError, LedgerOlderError
from recon.ledger.known import run_folders
from recon.ledger.store import head_path, ledger_path, read_events

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from recon.ledger.store import Event

_SHOWN = 16


@dataclass(frozen=True)
class LedgerHead:
    """How many events a ledger holds, and the digest of the last; empty of none."""

    events: int = 0
    head: str = ""

    @classmethod
    def of(cls, events: Sequence[Event]) -> LedgerHead:
        """Return the head of all events of a ledger."""
        return cls(len({e.event_id for e in events}), events[-1].digest) if events else cls()

    def is_in(self, events: Sequence[Event]) -> bool:
        """Tell whether a ledger holds all that this head stands for."""
        return self.is_among(digests_of(events))

    def is_among(self, digests: Sequence[str]) -> bool:
        """Tell the same of the digests of a ledger's events, in order."""
        return not self.events or list(digests[self.events - 1 : self.events]) == [self.head]

    def record(self) -> dict[str, object]:
        """Return it as run.json keeps it."""
        return asdict(self)


def digests_of(events: Sequence[Event]) -> list[str]:
    """Return the digest of each event once, in order."""
    return list({event.event_id: event.digest for event in events}.values())


def proven_head(workspace: Path, out_dir: Path) -> LedgerHead:
    """Prove the ledger whole and no older than any run or booking has seen it.

    Args:
        workspace: Folder of recon.toml, else the data folder.
        out_dir: The output folder with the runs.

    Raises:
        LedgerAlteredError: An event is not what was booked.
        LedgerDamagedError: The ledger is not whole.
        LedgerLostError: It lacks events that were booked in this place.
        LedgerOlderError: A run has seen events that it does not hold.
    """
    return prove(ledger_path(workspace, out_dir), out_dir)


def prove(ledger: Path, out_dir: Path) -> LedgerHead:
    """Prove a ledger file against the runs of an output folder, as `proven_head` does."""
    events = read_events(ledger)
    digests = digests_of(events)
    for folder, seen in heads_seen(out_dir):
        if not seen.is_among(digests):
            shown = seen.head[:_SHOWN]
            raise LedgerOlderError(ledger, folder.name, seen.events, shown, folder)
    kept = _head_kept(ledger)
    if not kept.is_among(digests):
        raise LedgerLostError(ledger, kept.events, kept.head[:_SHOWN], head_path(ledger))
    return LedgerHead.of(events)


def _head_kept(ledger: Path) -> LedgerHead:
    """Return what the last booking kept beside the ledger, if it did."""
    try:
        said = json.loads(head_path(ledger).read_text(encoding="ascii"))
        return LedgerHead(int(said["events"]), str(said["head"]))
    except (OSError, ValueError, KeyError, TypeError):
        return LedgerHead()


def heads_seen(out_dir: Path) -> Iterator[tuple[Path, LedgerHead]]:
    """Yield each run of an output folder that says what it saw of the ledger."""
    for folder in run_folders(out_dir, None):
        try:
            said = json.loads((folder / "run.json").read_text(encoding="utf-8"))["ledger"]
            yield folder, LedgerHead(int(said["events"]), str(said["head"]))
        except (OSError, ValueError, KeyError, TypeError):
            continue  # an older run, or one that its reader will refuse
