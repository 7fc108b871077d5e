"""What a victim suffers: a full disk, lost permissions, moving inputs, a dead reader.

A harm comes in front of the first call of a function of `recon`, or at once. Not here: which harm
is tried with which command, and what must be true afterwards (`trials`).
"""

from __future__ import annotations

import datetime as dt
import importlib
import itertools
import os
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import psutil

from recon.intake.formats import worker

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection
    from multiprocessing.context import SpawnProcess


def install(place: str, what: str, words: list[Any]) -> None:
    """Have something done in front of the first call of a function.

    Args:
        place: The function with its module, as its caller knows it; "" for at once.
        what: A name of `DEEDS`.
        words: What it is given.
    """
    deed = DEEDS[what]
    if not place:
        deed(*words)
        return
    where, _, name = place.rpartition(".")
    module = importlib.import_module(where)
    real = getattr(module, name)

    def harmed(*given: object, **named: object) -> object:
        setattr(module, name, real)
        deed(*words)
        return real(*given, **named)

    setattr(module, name, harmed)


def fill(folder: str) -> None:
    """Write until the disk is full."""
    size = 1 << 20
    with (Path(folder) / "filler").open("wb", buffering=0) as filler:
        while size:
            try:
                filler.write(bytes(size))
            except OSError:
                size //= 2


def limit_files(size: int) -> None:
    """Let no file of this process and its children grow beyond a size in bytes."""
    import resource  # noqa: PLC0415 (POSIX only)

    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def forbid(*folders: str) -> None:
    """Take away the permission to write to folders and all folders in them."""
    for top in folders:
        for folder in (top, *map(str, Path(top).rglob("*"))):
            if Path(folder).is_dir():
                os.chmod(folder, 0o500)  # noqa: PTH101 (a folder of the test)


def append(path: str) -> None:
    """Change a file."""
    with Path(path).open("ab") as file:
        file.write(b"\n")


def pause() -> None:
    """Stand still until somebody wakes this process."""
    psutil.Process().suspend()


def harm_reader(what: str, times: int) -> None:
    """Do something to the reading process that is about to get a file, so many times."""
    real, left = worker.Worker._ready, iter(range(times))

    def ready(self: worker.Worker) -> tuple[Connection, SpawnProcess]:
        pipe, process = real(self)
        if next(left, None) is not None:
            READER_DEEDS[what](psutil.Process(process.pid))
        return pipe, process

    worker.Worker._ready = ready  # type: ignore[method-assign]


def hang(reader: psutil.Process) -> None:
    """Have a reading process stand still, and make the waiting short."""
    reader.suspend()
    ticks = itertools.count(step=100)
    worker.time = SimpleNamespace(monotonic=lambda: next(ticks))  # type: ignore[attr-defined]


def starve(reader: psutil.Process) -> None:
    """Let a reading process have no more memory than it has."""
    size = reader.memory_info().vms
    reader.rlimit(psutil.RLIMIT_AS, (size, size))


def set_clock(day: str) -> None:
    """Set the clock of the commands."""
    now = dt.datetime.fromisoformat(day)

    class Day(dt.date):
        @classmethod
        def today(cls) -> dt.date:  # type: ignore[override]
            return now.date()

    class Moment(dt.datetime):
        @classmethod
        def now(cls, tz: dt.tzinfo | None = None) -> dt.datetime:  # type: ignore[override]
            return now.replace(tzinfo=tz)

    for name, kept in (("check", {"date": Day}), ("review", {"datetime": Moment}),
                       ("ledger", {"datetime": Moment})):  # fmt: skip
        vars(importlib.import_module(f"recon.cli.{name}")).update(kept)


DEEDS: dict[str, Callable[..., None]] = {
    "fill": fill,
    "limit files": limit_files,
    "forbid": forbid,
    "append": append,
    "delete": os.unlink,
    "pause": pause,
    "harm reader": harm_reader,
    "set clock": set_clock,
}
READER_DEEDS: dict[str, Callable[[psutil.Process], None]] = {
    "kill": psutil.Process.kill,
    "hang": hang,
    "starve": starve,
}
