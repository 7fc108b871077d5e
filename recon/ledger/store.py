"""The ledger file: one SQLite table of events that is only ever added to.

Here: opening, checking, adding, reading. An added event is on the disk before the call returns.
Not here: what the events mean (see `decisions`, `steps`, `review`).
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from recon.base.paper import LEDGER_FILE
from recon.ledger.errors import (
    LedgerBusyError,
    LedgerDamagedError,
    LedgerMovedError,
    LedgerNewerError,
    LedgerUnwritableError,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

Kind = Literal["review", "recover", "close", "reopen", "alias", "confirmed_match"]
#: One script per schema version; the file's `user_version` counts those that were run on it.
SCHEMA: tuple[str, ...] = (
    """
    create table event (
        event_id integer primary key,
        at text not null,
        kind text not null check (
            kind in ('review', 'recover', 'close', 'reopen', 'alias', 'confirmed_match')
        ),
        exception_id text,
        run_id text,
        payload text not null check (json_valid(payload))
    );
    create index event_by_exception on event (exception_id, event_id);
    create trigger event_never_changes before update on event
    begin select raise(abort, 'the ledger is only added to'); end;
    create trigger event_never_goes before delete on event
    begin select raise(abort, 'the ledger is only added to'); end;
    create trigger event_is_never_replaced before insert on event
    when exists (select 1 from event where event_id = new.event_id)
    begin select raise(abort, 'the ledger is only added to'); end;
    """,
)
_SECONDS_TO_WAIT = 10.0


@dataclass(frozen=True)
class NewEvent:
    """An event to add; `payload` holds texts, numbers and nulls only."""

    kind: Kind
    exception_id: str | None
    run_id: str | None
    payload: dict[str, Any]


@dataclass(frozen=True)
class Event:
    """An event of the ledger; `at` is when it was added, in ISO 8601 with its offset."""

    event_id: int
    at: str
    kind: Kind
    exception_id: str | None
    run_id: str | None
    payload: dict[str, Any]


def ledger_path(workspace: Path, out_dir: Path) -> Path:
    """Return where the ledger is, or where it will be made.

    Args:
        workspace: Folder of recon.toml, else the data folder.
        out_dir: The output folder, for a workspace that cannot be written.

    Returns:
        The file that is there; else the place beside recon.toml where that can be written.
    """
    places = (workspace / LEDGER_FILE, out_dir / LEDGER_FILE)
    for path in places:
        if path.is_file():
            return path
    return places[0] if _can_write(workspace) else places[1]


def _can_write(folder: Path) -> bool:
    """Try it: permission bits say little on Windows and nothing on a read-only disk."""
    trial = folder / f".{LEDGER_FILE}.trial"
    try:
        trial.touch()
    except OSError:
        return False
    with suppress(OSError):
        trial.unlink()
    return True


def read_events(path: Path, exception_id: str | None = None) -> list[Event]:
    """Return the events in the order they were added.

    Args:
        path: The ledger; one that is not there has no events.
        exception_id: Only those of this exception.

    Raises:
        LedgerDamagedError: The file is not whole, or is no ledger.
        LedgerNewerError: A newer program has written it.
    """
    if not path.is_file():
        return []
    query = "select event_id, at, kind, exception_id, run_id, payload from event"
    if exception_id is not None:
        query += " where exception_id = :exception_id"
    with _connected(path) as connection:
        if not _version(path, connection):
            return []
        rows = connection.execute(
            query + " order by event_id", {"exception_id": exception_id}
        ).fetchall()
    return [
        Event(event_id, added, kind, about, run, json.loads(payload))
        for event_id, added, kind, about, run, payload in rows
    ]


def add_events(
    path: Path, events: Iterable[NewEvent], at: datetime, seen: Sequence[Event] | None = None
) -> None:
    """Add events, all or none; when this returns they survive a kill and a power cut.

    Args:
        path: The ledger; made when it is not there.
        events: What to add.
        at: The moment, with its time zone.
        seen: All events as they were read to decide what to add; None where nothing was.

    Raises:
        LedgerBusyError: Another program is writing to it.
        LedgerDamagedError: The file is not whole, or is no ledger.
        LedgerMovedError: Another program has added something since they were read.
        LedgerNewerError: A newer program has written it.
        LedgerUnwritableError: The folder or file cannot be written.
    """
    rows = [
        (
            at.isoformat(timespec="seconds"),
            event.kind,
            event.exception_id,
            event.run_id,
            json.dumps(event.payload, ensure_ascii=False, sort_keys=True),
        )
        for event in events
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    with _connected(path) as connection:
        _upgrade(path, connection)
        connection.execute("begin immediate")
        (last,) = connection.execute("select coalesce(max(event_id), 0) from event").fetchone()
        if seen is not None and last != (seen[-1].event_id if seen else 0):
            raise LedgerMovedError(path)
        connection.executemany(
            "insert into event (at, kind, exception_id, run_id, payload) values (?, ?, ?, ?, ?)",
            rows,
        )
        connection.execute("commit")


@contextmanager
def _connected(path: Path) -> Iterator[sqlite3.Connection]:
    """Open the ledger, prove that it is whole, and give every fault its sentence."""
    try:
        with closing(
            sqlite3.connect(path, timeout=_SECONDS_TO_WAIT, isolation_level=None)
        ) as connection:
            connection.execute("pragma synchronous = full")
            found = connection.execute("pragma integrity_check").fetchall()
            if found != [("ok",)]:
                raise LedgerDamagedError(path, str(found[0][0]))
            yield connection
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            raise LedgerBusyError(path) from error
        raise LedgerUnwritableError(path, str(error)) from error
    except sqlite3.DatabaseError as error:
        raise LedgerDamagedError(path, str(error)) from error


def _version(path: Path, connection: sqlite3.Connection) -> int:
    version = int(connection.execute("pragma user_version").fetchone()[0])
    if version > len(SCHEMA):
        raise LedgerNewerError(path)
    return version


def _upgrade(path: Path, connection: sqlite3.Connection) -> None:
    """Bring the schema up to date; a ledger that holds something is copied first."""
    version = _version(path, connection)
    if version == len(SCHEMA):
        return
    if version:
        copy = path.with_name(f"{path.name}.v{version}")
        with closing(sqlite3.connect(copy)) as kept:
            connection.backup(kept)
    for number, script in enumerate(SCHEMA[version:], start=version + 1):
        connection.executescript(
            f"begin immediate; {script}; pragma user_version = {number}; commit;"
        )
