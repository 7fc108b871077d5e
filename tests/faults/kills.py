"""Kills at random moments, and what must be true after each of them and after the next run.

A moment is drawn by the clock, or as one of the file operations that a command does. Each kill has
a copy of the folder of its own.
"""

from __future__ import annotations

import hashlib
import shutil
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from recon.workspace.folder import KEY_FILE
from tests.faults.ground import EXITS, Ground, broken_papers, temporary_files_in
from tests.faults.victim import COUNT
from tests.trust.planted import run

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from random import Random

    from tests.faults.nursery import Nursery


@dataclass(frozen=True)
class Case:
    """A command: the name of its row, its words, how its folder is laid out, its share of kills.

    `leaves` is how many partial runs, with names of their own, it may leave.
    """

    name: str
    command: str
    lay: Callable[[Ground], object]
    share: int = 0
    leaves: int = 0


def fresh(ground: Ground) -> None:
    """Leave no run and no cache, as before the first check; the key stays."""
    shutil.rmtree(ground.out)
    shutil.rmtree(ground.data / ".recon-cache")


def _first(ground: Ground) -> None:
    """Leave nothing of ours at all."""
    fresh(ground)
    (ground.data / KEY_FILE).unlink()
    ground.ledger.unlink()


def _edited(ground: Ground) -> None:
    """Have somebody fill the workbook of the run in its place."""
    for book in ground.out.glob("*/exceptions.xlsx"):
        shutil.copyfile(ground.reviewed, book)


def as_it_is(ground: Ground) -> None:
    """Change nothing."""


CASES = (
    Case("check, first run", "check", fresh, 3),
    Case("check, new workspace", "check", _first, 1),
    Case("check, run is there", "check", as_it_is, 2),
    Case("check, workbook was edited", "check", _edited, 1),
    Case("review import", "import", as_it_is, 4),
    Case("ledger recover", "recover", as_it_is, 4),
)


@dataclass
class Tally:
    """What the kills of one case did: how many, what was on the disk then, what was wrong."""

    kills: int = 0
    by_clock: int = 0
    seen: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)


class Campaign:
    """Kills the commands of one prepared folder, and keeps the tallies."""

    def __init__(self, ground: Ground, random: Random, nursery: Nursery, scratch: Path) -> None:
        """Measure each case once, uninterrupted, for its reference.

        Args:
            ground: The prepared folder.
            random: Decides every moment.
            nursery: Starts the commands.
            scratch: An existing folder for the copies.
        """
        self._ground, self._random, self._scratch = ground, random, scratch
        self._nursery = nursery
        self._number = 0
        self.tallies = {case.name: Tally() for case in CASES}
        self._measured: dict[str, tuple[float, int]] = {}

    def kill(self, case: Case) -> None:
        """Kill a case once; one that was over before the kill is tried again."""
        while not self._try(case):
            pass

    def _try(self, case: Case) -> bool:
        self._number += 1
        ground = self._ground.copy(self._scratch / str(self._number))
        case.lay(ground)
        seconds, operations = self._measure(case)
        by_clock = self._random.random() < 0.5
        die_at = 0 if by_clock else self._random.randint(1, operations)
        before = Examination(ground, self._ground.runs())
        victim = self._nursery.start(ground, ground.command(case.command), die_at)
        if by_clock:
            time.sleep(self._random.uniform(0, seconds))
            victim.kill()
        killed = victim.wait() not in EXITS
        if killed:
            tally = self.tallies[case.name]
            tally.kills += 1
            tally.by_clock += by_clock
            faults, seen = before.examine(ground, case)
            tally.seen[seen] += 1
            how = "by the clock" if by_clock else f"at file operation {die_at}"
            tally.faults += [f"{case.name}, killed {how}: {fault}" for fault in faults]
        shutil.rmtree(ground.top)
        return killed

    def _measure(self, case: Case) -> tuple[float, int]:
        """Return how many seconds a case works and how many file operations it does."""
        if case.name not in self._measured:
            ground = self._ground.copy(self._scratch / "measured")
            case.lay(ground)
            victim = self._nursery.start(ground, ground.command(case.command), COUNT)
            started = time.monotonic()
            status = victim.wait()
            seconds = time.monotonic() - started
            assert status in EXITS, victim.output()
            self._measured[case.name] = (seconds, int(victim.output().split()[-1]))
            shutil.rmtree(ground.top)
        return self._measured[case.name]


class Examination:
    """What was there before a fault, and the comparison afterwards."""

    def __init__(self, ground: Ground, wanted: dict[str, dict[str, bytes]]) -> None:
        self.wanted = wanted
        self.inputs = ground.inputs()
        self.runs = ground.runs()
        self.events = ground.events()
        self.books = {book: _hash(book) for book in ground.out.glob("*/*.xlsx")}

    def examine(self, ground: Ground, case: Case) -> tuple[list[str], str]:
        """Return what is wrong after a kill and after the next run, and what lay there."""
        faults, seen = [], self._seen(ground)
        faults += self.compare(ground, case)
        with temporary_files_in(ground.tmp):
            next_one = run(*ground.command(case.command))
        # Booking again what was booked is refused, and says so.
        fine = EXITS if case.command == "check" or "已经记过" in next_one.output else {0}
        if next_one.exit_code not in fine:
            faults.append(f"the next run ends with {next_one.exit_code}: {next_one.output[-300:]}")
        faults += self.compare(ground, case)
        unfinished = self._finished(ground, case)
        faults += [f"{what}; it said: {next_one.output[-300:]}" for what in unfinished]
        faults += [f"left after the next run: {name}" for name in ground.left()]
        return faults, seen

    def _seen(self, ground: Ground) -> str:
        """Say what a kill left on the disk."""
        if len(ground.events()) > len(self.events):
            return "booked"
        if set(ground.runs()) - set(self.runs):
            return "run in place"
        return "half-made files" if ground.left() else "nothing"

    def compare(self, ground: Ground, case: Case) -> list[str]:
        """Return what is wrong at any time: inputs, kept runs, edited books, events."""
        faults = []
        if ground.inputs() != self.inputs:
            faults.append("an input was changed")
        runs = ground.runs()
        faults += [f"kept run {name} is gone" for name in set(self.runs) - set(runs)]
        for name, files in runs.items():
            if name in self.wanted and files != self.wanted[name]:
                faults.append(f"run {name} is not what an undisturbed run gives")
            if {*files} != {*next(iter(self.wanted.values()))}:
                faults.append(f"run {name} has its name and is not complete")
        if case.lay is _edited and any(_hash(book) != self.books[book] for book in self.books):
            faults.append("an edited workbook was replaced")
        faults += [
            f"{folder.name}: {what}"
            for folder in ground.out.glob("[0-9a-f]*")
            for what in broken_papers(folder)
        ]
        events = ground.events()
        if events[: len(self.events)] != self.events:
            faults.append("an acknowledged event is gone")
        whole = {"import": 5, "recover": 1}.get(case.command, 0)
        if len(events) - len(self.events) not in {0, whole}:
            faults.append(f"{len(events) - len(self.events)} of {whole} events were booked")
        return faults

    def _finished(self, ground: Ground, case: Case) -> list[str]:
        """Return what is wrong when the next run is over: it did all the work, once."""
        if case.command != "check":
            wanted = {"import": 5, "recover": 1}[case.command]
            added = len(ground.events()) - len(self.events)
            return [] if added == wanted else [f"{added} events in the end, not {wanted}"]
        faults = []
        runs = ground.runs()
        has_wanted = case.lay is _first or self.wanted.items() <= runs.items()
        if len(runs) > 1 + case.leaves or not runs or not has_wanted:
            faults.append(f"in the end there are {sorted(runs)}")
        if case.lay is as_it_is and list(ground.out.glob("*/exceptions-*.xlsx")):
            faults.append("our own workbook was taken for an edited one")
        return faults


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
