"""The ledger file: only added to, whole or refused, copied before its schema changes."""

from __future__ import annotations

import hashlib
import random
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from recon.base.paper import LEDGER_FILE
from recon.ledger import store
from recon.ledger.decisions import items_of
from recon.ledger.errors import (
    LedgerAlteredError,
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
        "insert or replace into event values (1, 'x', 'close', 'a', 'r', '{}', printf('%064d', 0))",
        "insert into event values (2, 'x', 'gossip', 'a', 'r', '{}', printf('%064d', 0))",
        "insert into event values (2, 'x', 'close', 'a', 'r', 'not json', printf('%064d', 0))",
        "insert into event values (2, 'x', 'close', 'a', 'r', '{}', 'short')",
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
    assert [each.exception_id for each in read_events(tmp_path / f"{LEDGER_FILE}.v3")] == ["a"]


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


OLD_SCHEMA = store.SCHEMA[:1]
TRIGGERS = ("event_never_changes", "event_never_goes", "event_is_never_replaced")


def of_old(path: Path, count: int) -> None:
    """Write a ledger as the version before the chain did."""
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(OLD_SCHEMA[0] + "; pragma user_version = 1;")
        for number in range(count):
            connection.execute(
                "insert into event (at, kind, exception_id, run_id, payload) "
                "values ('2025-01-01T00:00:00+00:00', 'review', ?, 'r', '{\"verdict\": \"成立\"}')",
                (f"e{number}",),
            )
        connection.commit()


def by_an_enemy(path: Path, *statements: str) -> None:
    """Change a ledger with its triggers gone."""
    with closing(sqlite3.connect(path)) as connection:
        for name in TRIGGERS:
            connection.execute(f"drop trigger {name}")
        for statement in statements:
            connection.execute(statement)
        connection.commit()


@pytest.mark.hostile(
    "a ledger whose events were changed, removed, put in or renumbered",
    "the first one is named; nothing is added",
)
@pytest.mark.parametrize(
    ("statement", "first"),
    [
        ("update event set payload = replace(payload, '不成立', '成立') where event_id = 3", 3),
        ("update event set at = '2020-01-01T00:00:00+00:00' where event_id = 5", 5),
        ("update event set exception_id = 'x' where event_id = 1", 1),
        ("update event set run_id = null where event_id = 2", 2),
        ("delete from event where event_id = 2", 3),
        ("delete from event where event_id = 1", 2),
        ("update event set event_id = event_id + 10 where event_id = 5", 15),
        ("insert into event values (6, 'x', 'review', 'a', 'r', '{}', printf('%064d', 1))", 6),
        ("update event set digest = printf('%064d', 1) where event_id = 4", 4),
    ],
)
def test_the_first_event_that_was_altered_is_named_and_nothing_is_added(
    tmp_path: Path, statement: str, first: int
) -> None:
    path = tmp_path / LEDGER_FILE
    add_events(path, [review(name, "不成立") for name in "abcde"], NOW)
    assert len(read_events(path)) == 5  # proven by this process, which the change comes after
    by_an_enemy(path, statement)
    with pytest.raises(LedgerAlteredError, match=f"第 {first} 号"):
        read_events(path)
    before = path.read_bytes()
    with pytest.raises(LedgerAlteredError):
        add_events(path, [review("f")], NOW)
    assert path.read_bytes() == before


def test_a_ledger_that_grew_gives_what_it_gives_a_process_that_reads_it_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, draw = tmp_path / LEDGER_FILE, random.Random(5)  # noqa: S311
    hashed: list[Path] = []
    for number in range(40):
        word = draw.choice("abc")
        new = review(word, draw.choice(("成立", "不成立")))
        if number % 5 == 4:
            new = NewEvent("reverse", word, "r1", {"reversed": draw.randint(1, number)})
        elif number % 7 == 6:
            lines = [{"exception_id": each, "amount": "1.00"} for each in "bd"]
            new = NewEvent("review", None, "r1", {"verdict": "成立", "lines": lines})
        add_events(path, [new], NOW, read_events(path))
        grown = read_events(path)
        folded = items_of(grown)
        items_of([])
        with monkeypatch.context() as fresh:
            fresh.setattr(store, "_LAST", {})
            assert read_events(path) == grown
            assert items_of(grown) == folded
        items_of(grown)
    with monkeypatch.context() as patch:  # what is the same is not read again
        patch.setattr(store, "_read", lambda *_: hashed.append(path))
        assert read_events(path) == grown
    assert hashed == []


def test_a_digest_is_the_hash_of_the_event_and_of_the_one_before(tmp_path: Path) -> None:
    path = tmp_path / LEDGER_FILE
    add_events(path, [review("a"), review("b")], NOW)
    before = "0" * 64
    for number, name in enumerate("ab", start=1):
        text = (
            f'["{before}",{number},"2025-01-02T03:04:05+00:00","review","{name}","r1",'
            '"{\\"verdict\\": \\"成立\\"}"]'
        )
        before = hashlib.sha256(text.encode()).hexdigest()
        assert read_events(path)[number - 1].digest == before


def test_a_ledger_from_before_the_chain_is_chained_with_the_next_event(tmp_path: Path) -> None:
    path = tmp_path / LEDGER_FILE
    of_old(path, 300)
    old = read_events(path)
    assert [each.exception_id for each in old] == [f"e{number}" for number in range(300)]
    add_events(path, [review("new")], NOW, old)
    events = read_events(path)
    assert events[:300] == old
    assert events[-1].exception_id == "new"
    assert [each.exception_id for each in read_events(tmp_path / f"{LEDGER_FILE}.v1")] == [
        each.exception_id for each in old
    ]
    by_an_enemy(path, "update event set payload = '{}' where event_id = 7")
    with pytest.raises(LedgerAlteredError, match="第 7 号"):
        read_events(path)
