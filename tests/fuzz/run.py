"""Developers' command: `python -m tests.fuzz.run --minutes 5` fuzzes the intake.

Layouts and values come from hypothesis, damaged files from mutation of real ones. What fails is
written to the folder `--found` (a file) or printed (a layout); put it into `tests/fuzz/corpus` or a
test when it is mended. The suite runs a short fixed form of the same (`test_fuzz_intake.py`).
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import time
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import click
from hypothesis import HealthCheck, given, seed, settings

from recon.base.models import ReadLimits
from recon.intake.formats.reader import read_file
from recon.intake.formats.worker import Worker
from recon.intake.pipeline import join_sheets
from recon.intake.sheets.understanding import understand_parts
from tests.fuzz.containers import mutate, seeds
from tests.fuzz.layouts import Drawn, drawn_sheets, faults

if TYPE_CHECKING:
    from recon.intake.formats.reader import FileRead

LIMITS = ReadLimits(memory=512 * 1024**2, seconds=20)
_SENTENCES = ("中途终止", "秒仍未完成")


def read_whole(path: Path, worker: Worker) -> FileRead:
    """Read a file and understand all that is in it, members of archives too."""
    read = read_file(path, 1, path.parent, LIMITS, worker=worker)
    for one in (read, *read.members):
        join_sheets((), [part for sheet in one.sheets for part in understand_parts(sheet)])
    return read


def is_bad(read: FileRead) -> bool:
    """Whether reading killed the process or ran out of time."""
    problems = [one.source.problem for one in (read, *read.members)]
    return any(word in one.zh for one in problems if one for word in _SENTENCES)


def fuzz_files(until: float, start: int, found: Path) -> int:
    """Mutate files until the clock says stop; return how many were tried."""
    files, tried = seeds(), 0
    found.mkdir(parents=True, exist_ok=True)
    with Worker(LIMITS) as worker:
        while time.monotonic() < until:
            random = Random(start + tried)  # noqa: S311 (damage, not secrets)
            name = random.choice(sorted(files))
            content = mutate(files[name], random)
            path = found / f"try{Path(name).suffix}"
            path.write_bytes(content)
            tried += 1
            try:
                bad = "process" if is_bad(read_whole(path, worker)) else ""
            except Exception as error:  # noqa: BLE001 (what this command is for)
                bad = type(error).__name__
            if bad:
                digest = hashlib.sha256(content).hexdigest()[:8]
                path.replace(found / f"{bad}-{digest}-{name}")
                click.echo(f"{bad}: {digest} (seed {start + tried - 1}, {name})")
    return tried


def fuzz_layouts(examples: int, start: int) -> None:
    """Draw layouts; hypothesis prints the smallest one that fails."""

    @seed(start)
    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck))
    @given(drawn_sheets())
    def check(drawn: Drawn) -> None:
        assert faults(drawn) == []

    check()


def main() -> int:
    """Run both halves."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--layouts", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--found", type=Path, default=Path("fuzz-found"))
    options = parser.parse_args()
    tried = fuzz_files(time.monotonic() + 60 * options.minutes, options.seed, options.found)
    click.echo(f"{tried} damaged files read, seed {options.seed}")
    fuzz_layouts(options.layouts, options.seed)
    click.echo(f"{options.layouts} layouts read")
    return 0


if __name__ == "__main__":
    sys.exit(main())
