"""A zip tried as a user has it: unpacked, installed and run with the network off.

Here: seconds and exit statuses. Not here: what the tool finds.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from bench.bundle.pack import TOP

_CLOSED = "http://127.0.0.1:9"  # no proxy listens there


@dataclass(frozen=True)
class Trial:
    """Seconds of the installation; exit status and output of both steps."""

    seconds: float
    installed: int
    checked: int
    said: str


def apart() -> list[str]:
    """Words before a command that take its network away, where this user may."""
    words = ["unshare", "--net"]
    able = shutil.which("unshare") and not subprocess.run([*words, "true"], check=False).returncode
    return words if able else []


def attempt(bundle: Path, place: Path) -> Trial:
    """Unpack, install by the Python that runs this, check the sample county; nothing is fetched."""
    with zipfile.ZipFile(bundle) as archive:
        archive.extractall(place)
    top = place / TOP
    home = place / "home"
    home.mkdir()
    own = Path(sys.executable).resolve().parent
    environment = {
        **dict.fromkeys(("http_proxy", "https_proxy", "all_proxy"), _CLOSED),
        "PATH": os.pathsep.join((str(own), "/usr/bin", "/bin")),
        "HOME": str(home),
        "PIP_NO_INDEX": "1",
        "LANG": "C.UTF-8",
    }

    def run(*words: object) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*apart(), *map(str, words)],
            cwd=place, env=environment, check=False, encoding="utf-8",
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip

    began = monotonic()
    installed = run("sh", top / "install.sh")
    seconds = monotonic() - began
    python = top / "env" / "bin" / "python"
    if installed.returncode:
        return Trial(seconds, installed.returncode, -1, installed.stdout)
    county = ("check", top / "sample_data" / "county", "--as-of", "2025-06-30")
    checked = run(python, "-P", "-m", "recon", *county, "--fail-on", "none", "--out", place / "out")
    return Trial(seconds, 0, checked.returncode, installed.stdout + checked.stdout)
