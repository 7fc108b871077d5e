"""The ledger file: one SQLite table of events that is only ever added to.

Here: opening, checking, adding, reading. An added event is on the disk before the call returns, and
holds a hash over itself and the event before it, so that no event changes unseen.
Not here: what the events mean (see `decisions`, `steps`, `review`).
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

from recon.base.kept import file_hash
from recon.base.paper import LEDGER_FILE
from recon.base.temporary import write_whole
from recon.ledger.errors import (
    LedgerAlteredError,
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

Kind = Literal["review", "recover", "close", "reopen", "alias", "confirmed_match", "reverse"]
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
    """
    create table chained (
        event_id integer primary key,
        at text not null,
        kind text not null check (
            kind in ('review', 'recover', 'close', 'reopen', 'alias', 'confirmed_match', 'reverse')
        ),
        exception_id text,
        run_id text,
        payload text not null check (json_valid(payload)),
        digest text not null check (length(digest) = 64)
    );
    insert into chained
    select event_id, at, kind, exception_id, run_id, payload,
        next_digest(event_id, at, kind, exception_id, run_id, payload)
    from event order by event_id;
    drop table event;
    alter table chained rename to event;
    create index event_by_exception on event (exception_id, event_id);
    create trigger event_never_changes before update on event
    begin select raise(abort, 'the ledger is only added to'); end;
    create trigger event_never_goes before delete on event
    begin select raise(abort, 'the ledger is only added to'); end;
    create trigger event_is_never_replaced before insert on event
    when exists (select 1 from event where event_id = new.event_id)
    begin select raise(abort, 'the ledger is only added to'); end;
    """,
    "select 1;",  # from here on a decision may name several exceptions, which older programs miss
)
#: The schema version from which events bear their hashes.
_CHAINED = 2
_START = "0" * 64
_INSERT = (
    "insert into event (event_id, at, kind, exception_id, run_id, payload, digest) "
    "values (?, ?, ?, ?, ?, ?, ?)"
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
    """An event of the ledger; `at` is when it was added, in ISO 8601 with its offset.

    `digest` is the SHA-256 over the event and the digest of the one before it, in hex. `lines` are
    the exceptions of a decision that was booked for several at once.
    """

    event_id: int
    at: str
    kind: Kind
    exception_id: str | None
    run_id: str | None
    payload: dict[str, Any]
    digest: str = ""
    lines: tuple[str, ...] = ()


@dataclass
class _Proven:
    """A ledger as this process has proven it: rows of its table, their events, and for each line.

    `content` is the hash of the file that was read, "" where it moved meanwhile.
    """

    rows: list[tuple[Any, ...]] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    together: dict[int, tuple[str, ...]] = field(default_factory=dict)
    spread: list[Event] = field(default_factory=list)
    content: str = ""


#: The ledger read last. A file of the same bytes is not proven again, and of one with more events
#: only those behind the rows that are as they were: a desk asks at every click.
_LAST: dict[Path, _Proven] = {}


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

    A decision for several exceptions is one event of the ledger; here it stands once for each of
    them, under its one number, and so does the red entry that takes it back.

    Args:
        path: The ledger; one that is not there has no events.
        exception_id: Only those of this exception.

    Raises:
        LedgerAlteredError: An event is not what was booked.
        LedgerDamagedError: The file is not whole, or is no ledger.
        LedgerNewerError: A newer program has written it.
    """
    if not path.is_file():
        return []
    content, proven = _content(path), _LAST.get(path)
    if proven is None or not content or proven.content != content:
        with _connected(path) as connection:
            proven = _read(path, connection)
        proven.content = content if _content(path) == content else ""
    if exception_id is None:
        return list(proven.spread)
    return [each for each in proven.spread if each.exception_id == exception_id]


def _content(path: Path) -> str:
    """Return a hash of the file; "" where a journal stands beside it, or it cannot be read."""
    if path.with_name(f"{path.name}-journal").exists():
        return ""
    try:
        return file_hash(path)
    except OSError:
        return ""


def _read(path: Path, connection: sqlite3.Connection) -> _Proven:
    """Read all events and prove their chain; those that were proven and are the same are kept."""
    version = _version(path, connection)
    if not version:
        return _Proven()
    digest = "digest" if version >= _CHAINED else "null"
    query = "select event_id, at, kind, exception_id, run_id, payload, {} from event"
    rows = connection.execute(query.format(digest) + " order by event_id").fetchall()
    before = _LAST.get(path, _Proven())
    if rows[: len(before.rows)] != before.rows:
        before = _Proven()
    fresh, last = [], before.events[-1].digest if before.events else _START
    for *fields, kept in rows[len(before.rows) :]:
        last = _digest(last, fields)
        if kept not in (None, last):
            raise LedgerAlteredError(path, fields[0])
        number, added, kind, about, run, payload = fields
        fresh.append(Event(number, added, kind, about, run, json.loads(payload), last))
    together = dict(before.together)
    spread = [*before.spread, *_spread(fresh, together)]
    proven = _Proven(rows, [*before.events, *fresh], together, spread)
    _LAST.clear()
    _LAST[path] = proven
    return proven


def _spread(events: Iterable[Event], together: dict[int, tuple[str, ...]]) -> Iterator[Event]:
    """Yield a decision for several exceptions, and its red entry, once for each of them."""
    for event in events:
        said = {name: value for name, value in event.payload.items() if name != "lines"}
        rows = event.payload.get("lines", [])
        if rows:
            lines = tuple(row["exception_id"] for row in rows)
            together[event.event_id] = lines
            for row in rows:
                yield replace(
                    event,
                    exception_id=row["exception_id"],
                    payload={**said, **{name: row[name] for name in row if name != "exception_id"}},
                    lines=lines,
                )
        elif event.kind == "reverse" and said.get("reversed") in together:
            lines = together[said["reversed"]]
            for line in lines:
                yield replace(event, exception_id=line, lines=lines)
        else:
            yield event


def _digest(before: str, fields: Sequence[object]) -> str:
    said = json.dumps([before, *fields], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(said.encode()).hexdigest()


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
        LedgerAlteredError: An event is not what was booked.
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
        there = _read(path, connection).events
        number, last = (there[-1].event_id, there[-1].digest) if there else (0, _START)
        if seen is not None and last != (seen[-1].digest if seen else _START):
            raise LedgerMovedError(path)
        for row in rows:
            number += 1
            last = _digest(last, (number, *row))
            connection.execute(_INSERT, (number, *row, last))
        connection.execute("commit")
    keep_head(path, len(there) + len(rows), last)


def head_path(path: Path) -> Path:
    """Return the file beside a ledger that keeps its head, so that its loss is noticed."""
    return path.with_name(f".{path.stem}.head")


def keep_head(path: Path, events: int, digest: str) -> None:
    """Write how many events a ledger holds and the last one's hash beside it.

    A head that cannot be written stays as it was: the ledger holds an earlier one too.
    """
    said = json.dumps({"events": events, "head": digest})
    with suppress(OSError):
        write_whole(head_path(path), f"{said}\n".encode("ascii"))


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
    last = _START

    def next_digest(*fields: object) -> str:
        nonlocal last
        last = _digest(last, fields)
        return last

    connection.create_function("next_digest", 6, next_digest)
    for number, script in enumerate(SCHEMA[version:], start=version + 1):
        connection.executescript(
            f"begin immediate; {script}; pragma user_version = {number}; commit;"
        )
