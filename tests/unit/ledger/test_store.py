"""The ledger file: only added to, whole or refused, copied before its schema changes."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from recon.base.paper import LEDGER_FILE
from recon.ledger import store
from recon.ledger.errors import (
    LedgerBusyError,
    LedgerDamagedError,
    LedgerMovedError,
    LedgerNewerError,
    LedgerUnwritableError,
)
from recon.ledger.store import NewEvent, add_events, ledger_path, read_events

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2025, 1, 2, 3, 4, 5, tzinfo=UTC)


def review(exception_id: str, verdict: str = "成立") -> NewEvent:
    return NewEvent("review", exception_id, "r1", {"verdict": verdict})


def test_events_come_back_in_the_order_they_were_added(tmp_path: Path) -> None:
    path = tmp_path / LEDGER_FILE
    assert read_events(path) == []
    add_events(path, [review("b"), review("a")], NOW)
    add_events(path, [review("b", "不成立")], NOW)
    events = read_events(path)
    assert [(each.event_id, each.exception_id) for each in events] == [(1, "b"), (2, "a"), (3, "b")]
    assert events[0].at == "2025-01-02T03:04:05+00:00"
    assert [each.payload["verdict"] for each in read_events(path, "b")] == ["成立", "不成立"]


def test_reading_makes_no_file(tmp_path: Path) -> None:
    assert read_events(tmp_path / LEDGER_FILE) == []
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "statement",
    [
        "update event set kind = 'close'",
        "delete from event",
        "insert or replace into event values (1, 'x', 'close', 'a', 'r', '{}')",
        "insert into event (at, kind, payload) values ('x', 'gossip', '{}')",
        "insert into event (at, kind, payload) values ('x', 'close', 'not json')",
    ],
)
def test_sqlite_itself_refuses_any_change(tmp_path: Path, statement: str) -> None:
    path = tmp_path / LEDGER_FILE
    add_events(path, [review("a")], NOW)
    before = read_events(path)
    with closing(sqlite3.connect(path)) as connection, pytest.raises(sqlite3.IntegrityError):
        connection.execute(statement)
    assert read_events(path) == before


def test_events_are_added_all_or_none(tmp_path: Path) -> None:
    path = tmp_path / LEDGER_FILE
    wrong = NewEvent("gossip", "b", "r1", {})  # type: ignore[arg-type]
    with pytest.raises(LedgerDamagedError):
        add_events(path, [review("a"), wrong], NOW)
    assert read_events(path) == []


def test_what_was_acknowledged_survives_a_kill(tmp_path: Path) -> None:
    path = tmp_path / LEDGER_FILE
    script = (
        "import os, sys\n"
        "from datetime import UTC, datetime\n"
        "from pathlib import Path\n"
        "from recon.ledger.store import NewEvent, add_events\n"
        "for number in range(1000):\n"
        "    event = NewEvent('review', str(number), 'r', {})\n"
        "    add_events(Path(sys.argv[1]), [event], datetime.now(UTC))\n"
        "    print(number, flush=True)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(path)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        seen = [process.stdout.readline() for _ in range(20)]
        process.kill()
    kept = [each.exception_id for each in read_events(path)]
    assert [line.strip() for line in seen] == kept[:20]


def test_a_damaged_ledger_is_refused_with_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / LEDGER_FILE
    add_events(path, [review(str(number)) for number in range(2000)], NOW)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(LedgerDamagedError, match="已损坏"):
        read_events(path)
    path.write_bytes(b"this is no database at all" * 100)
    with pytest.raises(LedgerDamagedError, match="备份"):
        add_events(path, [review("a")], NOW)
    assert path.read_bytes().startswith(b"this is no database")


def test_a_ledger_of_a_newer_program_is_refused(tmp_path: Path) -> None:
    path = tmp_path / LEDGER_FILE
    add_events(path, [review("a")], NOW)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("pragma user_version = 99")
    with pytest.raises(LedgerNewerError, match="更新版本"):
        read_events(path)
    with pytest.raises(LedgerNewerError):
        add_events(path, [review("b")], NOW)


def test_nothing_is_added_to_a_ledger_that_moved_since_it_was_read(tmp_path: Path) -> None:
    path = tmp_path / LEDGER_FILE
    add_events(path, [review("a")], NOW, [])
    seen = read_events(path)
    add_events(path, [review("b")], NOW, seen)
    with pytest.raises(LedgerMovedError, match="再运行一次"):
        add_events(path, [review("c")], NOW, seen)
    assert [event.exception_id for event in read_events(path)] == ["a", "b"]


def test_a_ledger_in_use_is_refused_and_nothing_is_added(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / LEDGER_FILE
    add_events(path, [review("a")], NOW)
    monkeypatch.setattr(store, "_SECONDS_TO_WAIT", 0.1)
    with closing(sqlite3.connect(path, isolation_level=None)) as holder:
        holder.execute("begin immediate")
        with pytest.raises(LedgerBusyError, match="什么也没有记"):
            add_events(path, [review("b")], NOW)
    assert len(read_events(path)) == 1


def test_a_ledger_that_cannot_be_opened_has_a_sentence(tmp_path: Path) -> None:
    (tmp_path / LEDGER_FILE).mkdir()
    with pytest.raises(LedgerUnwritableError, match="打不开或写不进去"):
        add_events(tmp_path / LEDGER_FILE, [review("a")], NOW)


def test_a_copy_is_kept_before_the_schema_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / LEDGER_FILE
    add_events(path, [review("a")], NOW)
    monkeypatch.setattr(store, "SCHEMA", (*store.SCHEMA, "alter table event add column note text"))
    add_events(path, [review("b")], NOW)
    assert [each.exception_id for each in read_events(path)] == ["a", "b"]
    monkeypatch.undo()
    assert [each.exception_id for each in read_events(tmp_path / f"{LEDGER_FILE}.v1")] == ["a"]


def test_the_ledger_stands_beside_the_settings_or_in_the_output_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace, out = tmp_path / "资料", tmp_path / "out"
    workspace.mkdir()
    assert ledger_path(workspace, out) == workspace / LEDGER_FILE
    assert list(workspace.iterdir()) == []
    assert ledger_path(tmp_path / "none", out) == out / LEDGER_FILE
    add_events(out / LEDGER_FILE, [review("a")], NOW)
    assert ledger_path(workspace, out) == out / LEDGER_FILE


def test_a_ledger_that_is_not_whole_or_holds_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / LEDGER_FILE
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("create table other (a)")
    assert read_events(path) == []

    class Connection(sqlite3.Connection):
        def execute(self, sql: str, *words: object) -> sqlite3.Cursor:
            found = "pragma integrity_check" in sql
            return super().execute("select 'row 1 missing'" if found else sql, *words)

    real = sqlite3.connect
    monkeypatch.setattr(
        store.sqlite3, "connect", lambda *words, **more: real(*words, factory=Connection, **more)
    )
    with pytest.raises(LedgerDamagedError, match="row 1 missing"):
        read_events(path)
