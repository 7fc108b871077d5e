"""Conditions that must not change a byte of a run, and a check under one of them.

Here: what is different (environment, options, how the folder is named, which Python) and starting
`recon check` so. Not here: which folder, and what is reported (`run`).
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from recon.output import VOLATILE_FILES

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).resolve().parents[2]
Place = Literal["absolute", "relative", "roundabout", "linked"]


@dataclass(frozen=True)
class Condition:
    """One way to run the same check; `python` asks uv for another interpreter."""

    name: str
    words: tuple[str, ...] = ("--no-cache",)
    environment: Mapping[str, str] = field(default_factory=dict)
    place: Place = "absolute"
    python: str | None = None


REFERENCE = Condition("as a reference: one thread, UTC, C.UTF-8, seed 0, no cache")
_PLAIN = {"TZ": "UTC", "LC_ALL": "C.UTF-8", "LANG": "C.UTF-8", "PYTHONHASHSEED": "0"}
CONDITIONS = (
    Condition("another hash seed", environment={"PYTHONHASHSEED": "4711"}),
    Condition("eight threads", ("--no-cache", "--threads", "8")),
    Condition("little memory", ("--no-cache", "--memory", "600MB")),
    Condition("a time zone 14 hours ahead", environment={"TZ": "Pacific/Kiritimati"}),
    Condition("a time zone 11 hours behind", environment={"TZ": "Pacific/Pago_Pago"}),
    Condition("the locale C", environment={"LC_ALL": "C", "LANG": "C"}),
    Condition(
        "a locale with decimal commas", environment={"LC_ALL": "de_DE.UTF-8", "LANG": "de_DE.UTF-8"}
    ),
    Condition("a Chinese locale", environment={"LC_ALL": "zh_CN.GB18030", "LANG": "zh_CN.GB18030"}),
    Condition("English messages", ("--no-cache", "--lang", "en")),
    Condition("a relative DATA_DIR", place="relative"),
    Condition("a DATA_DIR with ./, ../ and a slash at its end", place="roundabout"),
    Condition("a DATA_DIR that is a link", place="linked"),
    Condition("a cache that is filled", ()),
    Condition("a cache that is read", ()),
)
PYTHONS = tuple(
    Condition(f"Python {version}", python=version) for version in ("3.11", "3.12", "3.13")
)
#: All at once, for the suite.
ELSEWHERE = Condition(
    "elsewhere",
    ("--threads", "3", "--lang", "en"),
    {"PYTHONHASHSEED": "4711", "TZ": "Pacific/Kiritimati", "LC_ALL": "C", "LANG": "de_DE.UTF-8"},
    "roundabout",
)


class CheckFailedError(Exception):
    """A check under some condition gave no answer; the message is what it printed."""


def check(data: Path, as_of: str, condition: Condition, out: Path) -> dict[str, str]:
    """Check a folder under a condition, in a process of its own.

    Args:
        data: The folder.
        as_of: The day.
        condition: How.
        out: Where to write; not there yet.

    Returns:
        The SHA-256 of each data file by its name, the run's id under "run_id".

    Raises:
        CheckFailedError: The check ended with exit status 2 or broke.
    """
    cwd, shown = _named(data, condition.place)
    program = [sys.executable]
    if condition.python:
        uv = ["uv", "run", "--locked", "--isolated", "--no-dev", "--project", str(ROOT)]
        program = [*uv, "--python", condition.python, "python"]
    words = ["check", shown, "--as-of", as_of, "--out", str(out), "-q", "--fail-on", "none"]
    threads = [] if "--threads" in condition.words else ["--threads", "1"]
    done = subprocess.run(
        [*program, "-c", "from recon.cli import main; main()", *words, *condition.words, *threads],
        cwd=cwd,
        env={**os.environ, **_PLAIN, **condition.environment},
        capture_output=True,
        check=False,
    )
    if done.returncode != 0:
        said = done.stderr.decode("utf-8", errors="replace")
        raise CheckFailedError(f"{condition.name}: exit status {done.returncode}: {said}")
    return hashes(out)


def _named(data: Path, place: Place) -> tuple[Path, str]:
    """Return a current folder, and how the data folder is called from there."""
    if place == "relative":
        return data.parent, data.name
    if place == "roundabout":
        return data, f"./../{data.name}/../{data.name}/"
    if place == "linked":
        link = data.with_name("链接")
        if not link.exists():
            link.symlink_to(data, target_is_directory=True)
        return ROOT, str(link)
    return ROOT, str(data)


def hashes(out: Path) -> dict[str, str]:
    """Return the hash of each file of the newest run that equal work must give byte for byte."""
    run = out / (out / "latest").read_text(encoding="utf-8").strip()
    found = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(run.iterdir())
        if path.suffix in {".parquet", ".csv", ".json"} and path.name not in VOLATILE_FILES
    }
    return {"run_id": run.name, **found}
