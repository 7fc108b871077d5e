"""Starts victims and waits for their end, by the server in `victim`."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

import psutil

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.faults.ground import Ground

Harm = tuple[str, str, tuple[object, ...]]
ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Victim:
    """A running command; without a process if it was over before anybody looked."""

    process: psutil.Process | None
    server: subprocess.Popen[str]
    said: Path

    def kill(self) -> None:
        """Kill it, if it still runs."""
        if self.process is not None:
            with suppress(psutil.NoSuchProcess):
                self.process.kill()

    def wait(self) -> int:
        """Return its exit status; below 0, or none that `recon` has, when it was killed."""
        assert self.server.stdout is not None
        line = self.server.stdout.readline()
        return int(line) if line else self.server.wait()

    def output(self) -> str:
        """Return what it printed."""
        return self.said.read_text(encoding="utf-8", errors="replace")


class Nursery:
    """A server of victims, kept from one to the next where it survives; a context manager."""

    def __init__(self) -> None:
        self._server: subprocess.Popen[str] | None = None
        self._place = tempfile.TemporaryDirectory(prefix="faults-")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._server is not None:
            self._server.kill()
            self._server.communicate()
        self._place.cleanup()

    def start(
        self, ground: Ground, words: Sequence[str], die_at: int = 0, harm: Sequence[Harm] = ()
    ) -> Victim:
        """Start a command on a folder; it has imported everything when this returns.

        Args:
            ground: Where it works and keeps its temporary files.
            words: The command's words.
            die_at: The file operation in front of which it ends itself; 0 for none, -1 to count.
            harm: What it suffers: place, name and words of each (see `harm.install`).
        """
        if self._server is None or self._server.poll() is not None:
            self._server = subprocess.Popen(
                [*_without_powers(), sys.executable, "-m", "tests.faults.victim"],
                cwd=ROOT,
                env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                encoding="utf-8",
            )
        assert self._server.stdin is not None
        assert self._server.stdout is not None
        said = Path(self._place.name) / "said.txt"
        said.unlink(missing_ok=True)
        request = {
            "die_at": die_at,
            "folder": str(ground.top),
            "words": list(words),
            "environment": ground.environment(),
            "said": str(said),
            "harm": list(harm),
        }
        self._server.stdin.write(json.dumps(request) + "\n")
        self._server.stdin.flush()
        number, process = int(self._server.stdout.readline()), None
        with suppress(psutil.NoSuchProcess):
            process = psutil.Process(number)
        return Victim(process, self._server, said)


def is_root() -> bool:
    """Tell whether this process may write where permissions forbid it."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _without_powers() -> list[str]:
    """Return what goes before a command so that permissions hold for root too."""
    has = is_root() and shutil.which("setpriv")
    return ["setpriv", "--bounding-set=-all", "--inh-caps=-all", "--"] if has else []
