"""Faults beside kills, each tried on a command: what it says, and what is true afterwards.

Not here: how a command is made to suffer (`harm`), killing (`kills`).
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING

import psutil

from tests.faults.ground import EXITS, Ground, temporary_files_in
from tests.faults.kills import Case, Examination, as_it_is, fresh
from tests.faults.nursery import is_root
from tests.trust.planted import run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.faults.nursery import Harm, Nursery

TAX = "工会经费代收明细.csv"
BROKEN = "程序内部错误"


@dataclass(frozen=True)
class Trial:
    """A fault, the command that suffers it, and what the command has to say.

    Attributes:
        fault: Its name.
        moment: When it comes.
        command: check, import or recover.
        told: What must be said; "" where the command has to end well.
        harm: What the command suffers, given its folder.
        words: More words of the command.
        alone: False to run the command a second time while the first stands still.
        needs: What the machine must have: "", posix, linux, permissions or mount.
        leaves: How many partial runs may stand beside the right one in the end.
    """

    fault: str
    moment: str
    command: str
    told: str
    harm: Callable[[Ground], Harm] | None = None
    words: tuple[str, ...] = ()
    alone: bool = True
    needs: str = ""
    leaves: int = 0

    def __str__(self) -> str:
        return f"{self.command}, {self.fault}, {self.moment}"


@dataclass(frozen=True)
class Result:
    """What came of a trial: the exit status, the line that tells it, what is wrong afterwards."""

    trial: Trial
    status: int
    line: str
    faults: list[str]


def full(place: str) -> Callable[[Ground], Harm]:
    return lambda ground: (place, "fill", (str(ground.top),))


def forbidden(place: str) -> Callable[[Ground], Harm]:
    return lambda ground: (place, "forbid", (str(ground.data),))


def tax(place: str, what: str) -> Callable[[Ground], Harm]:
    return lambda ground: (place, what, (str(ground.data / TAX),))


def harmed(place: str, what: str, *words: object) -> Callable[[Ground], Harm]:
    return lambda _: (place, what, words)


def reader(what: str, times: int) -> Callable[[Ground], Harm]:
    return harmed("", "harm reader", what, times)


CANNOT_WRITE, LEDGER_CANNOT = "写不进去", "台账打不开或写不进去"
ADDING = "recon.ledger.store._upgrade"
TRIALS = (
    Trial("full disk", "before reading", "check", CANNOT_WRITE, full("recon.run.check._read"),
          needs="mount"),
    Trial("full disk", "before the rules", "check", CANNOT_WRITE, full("recon.run.check._examine"),
          needs="mount"),
    Trial("full disk", "before writing", "check", CANNOT_WRITE, full("recon.run.check._write"),
          needs="mount"),
    Trial("full disk", "before the final name", "check", CANNOT_WRITE,
          full("recon.run.check.place_run"), needs="mount"),
    Trial("full disk", "before booking", "import", LEDGER_CANNOT, full(ADDING), needs="mount"),
    Trial("full disk", "before booking", "recover", LEDGER_CANNOT, full(ADDING), needs="mount"),
    Trial("files may not grow", "from the start", "check", CANNOT_WRITE,
          harmed("", "limit files", 2000), needs="posix"),
    Trial("files may not grow", "from the start", "import", LEDGER_CANNOT,
          harmed("", "limit files", 2000), needs="posix"),
    Trial("read-only folder", "from the start", "check", CANNOT_WRITE, forbidden(""),
          needs="permissions"),
    Trial("read-only folder", "from the start, output elsewhere", "check", "", forbidden(""),
          words=("--out", "{top}/elsewhere"), needs="permissions"),
    Trial("read-only folder", "from the start", "import", LEDGER_CANNOT, forbidden(""),
          needs="permissions"),
    Trial("permission lost", "before the rules", "check", CANNOT_WRITE,
          forbidden("recon.run.check._examine"), needs="permissions"),
    Trial("permission lost", "before writing", "check", CANNOT_WRITE,
          forbidden("recon.run.check._write"), needs="permissions"),
    Trial("permission lost", "before booking", "recover", LEDGER_CANNOT, forbidden(ADDING),
          needs="permissions"),
    Trial("input changed", "after reading", "check", "运行期间被改动",
          tax("recon.run.check._stage", "append")),
    Trial("input deleted", "after reading", "check", "运行期间被改动",
          tax("recon.run.check._stage", "delete")),
    Trial("clock set back", "by five years", "check", "", harmed("", "set clock", "2020-01-01")),
    Trial("clock set back", "by five years", "import", "晚于今天",
          harmed("", "set clock", "2020-01-01")),
    Trial("clock set back", "by five years", "recover", "2024-12-30",
          harmed("", "set clock", "2020-01-01")),
    Trial("two at once", "while the rules run", "check", "另一次运行正在使用",
          harmed("recon.run.check._examine", "pause"), alone=False),
    Trial("two at once", "before booking", "import", "台账刚被", harmed(ADDING, "pause"),
          alone=False),
    Trial("two at once", "before booking", "recover", "台账刚被", harmed(ADDING, "pause"),
          alone=False),
    Trial("reader killed", "once, while reading", "check", "", reader("kill", 1)),
    Trial("reader killed", "while reading", "check", "读取进程", reader("kill", 2), leaves=1),
    Trial("reader hangs", "while reading", "check", "秒", reader("hang", 1), leaves=1),
    Trial("reader out of memory", "once, while reading", "check", "", reader("starve", 1),
          needs="linux"),
    Trial("reader out of memory", "while reading", "check", "内存", reader("starve", 2),
          needs="linux", leaves=1),
    Trial("database out of memory", "with --memory 1MB", "check", "内存",
          words=("--memory", "1MB")),
)  # fmt: skip


def can_try(trial: Trial) -> bool:
    """Tell whether this machine has what a trial needs."""
    return {
        "": True,
        "posix": sys.platform != "win32",
        "linux": sys.platform == "linux",
        "permissions": sys.platform != "win32" and (not is_root() or bool(shutil.which("setpriv"))),
        "mount": sys.platform == "linux" and is_root(),
    }[trial.needs]


def attempt(trial: Trial, prepared: Ground, nursery: Nursery, scratch: Path) -> Result:
    """Try a fault on a copy of a prepared folder.

    Args:
        trial: What is tried.
        prepared: The folder; it stays as it is.
        nursery: Starts the command.
        scratch: An existing folder for the copy.
    """
    with _small_disk(scratch / "disk") if trial.needs == "mount" else nullcontext(scratch) as disk:
        ground = prepared.copy(disk / "copy")
        lay = fresh if trial.command == "check" else as_it_is
        case = Case(str(trial), trial.command, lay, leaves=trial.leaves)
        case.lay(ground)
        before = Examination(ground, prepared.runs())
        status, said = _suffer(trial, ground, nursery)
        _put_right(ground, prepared)
        faults, _ = before.examine(ground, case)
        shutil.rmtree(ground.top)
    said = said.replace(str(ground.top), "…")
    lines = [line.strip() for line in said.splitlines() if trial.told in line]
    if BROKEN in said or "Traceback" in said or (status not in EXITS and not trial.told):
        faults.append(f"broken, status {status}: {said[-300:]}")
    if trial.told and not lines:
        faults.append(f"does not say {trial.told}: {said[-300:]}")
    return Result(trial, status, lines[0] if trial.told and lines else "", faults)


def _suffer(trial: Trial, ground: Ground, nursery: Nursery) -> tuple[int, str]:
    """Run the command, once more beside it where the trial says so; return status and words."""
    more = [word.format(top=ground.top) for word in trial.words]
    words = (*ground.command(trial.command), *more)
    victim = nursery.start(ground, words, harm=[trial.harm(ground)] if trial.harm else [])
    other = ""
    if not trial.alone:
        assert victim.process is not None
        while victim.process.status() != psutil.STATUS_STOPPED:
            time.sleep(0.02)
        with temporary_files_in(ground.tmp):
            other = run(*words).output
        victim.process.resume()
    return victim.wait(), victim.output() + other


def _put_right(ground: Ground, prepared: Ground) -> None:
    """End the fault: free the disk, give the permissions back, put the inputs back."""
    (ground.top / "filler").unlink(missing_ok=True)
    for folder in (ground.data, *(each for each in ground.data.rglob("*") if each.is_dir())):
        folder.chmod(0o700)
    shutil.copy2(prepared.data / TAX, ground.data / TAX)


@contextmanager
def _small_disk(place: Path) -> Iterator[Path]:
    """Mount a disk of 64 MB."""
    place.mkdir()
    words = ("mount", "-t", "tmpfs", "-o", "size=64m", "none", str(place))
    subprocess.run(words, check=True)
    try:
        yield place
    finally:
        subprocess.run(("umount", str(place)), check=True)
