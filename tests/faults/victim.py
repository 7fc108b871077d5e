"""A process that runs one `recon` command, suffers harm or ends itself at any file operation.

`python -m tests.faults.victim` reads requests from stdin, one JSON object a line, and answers each
with lines on stdout. Where the system can fork, each victim is a fork that has everything imported,
so that kills hit work and not imports; elsewhere the process itself is the victim and serves one
request. Not here: who kills by the clock (`kills`).
"""

from __future__ import annotations

import importlib
import json
import os
import sys
from typing import Any

import psutil

from recon.cli import main
from tests.faults.harm import install

#: Audit events that read or change what is on the disk; the first argument is a path.
OPERATIONS = frozenset(
    {
        "open", "os.rename", "os.mkdir", "os.remove", "os.rmdir", "os.link", "os.truncate",
        "os.utime", "os.scandir", "os.listdir", "shutil.rmtree", "shutil.copyfile",
        "sqlite3.connect",
    }
)  # fmt: skip
MODULES = (
    "recon.run.check", "recon.output.datafiles", "recon.output.workbook", "recon.output.html",
    "recon.ledger.review", "recon.ledger.picks", "recon.ledger.steps", "recon.cli.review",
    "recon.cli.ledger", "recon.cli.check",
)  # fmt: skip
COUNT = -1


class Hook:
    """Counts the file operations within a folder and kills this process in front of one."""

    def __init__(self, die_at: int, folder: str) -> None:
        self.die_at, self.folder, self.seen = die_at, folder, 0

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event not in OPERATIONS or not arguments:
            return
        path = arguments[0]
        if isinstance(path, bytes):
            path = os.fsdecode(path)
        if not isinstance(path, str | os.PathLike) or not str(path).startswith(self.folder):
            return
        self.seen += 1
        if self.seen == self.die_at:
            psutil.Process().kill()


def work(request: dict[str, Any]) -> int:
    """Run the command of a request; return the exit status, and tell the file operations."""
    hook = Hook(request["die_at"], request["folder"])
    os.environ.update(request["environment"])
    said = os.open(request["said"], os.O_WRONLY | os.O_CREAT, 0o600)
    os.dup2(said, 1)
    os.dup2(said, 2)
    sys.argv = ["recon", *request["words"]]
    if hook.die_at:
        sys.addaudithook(hook)
    for place, what, given in request["harm"]:
        install(place, what, given)
    try:
        main()
    except SystemExit as ended:
        status = int(ended.code or 0)
    sys.stdout.flush()
    if hook.die_at == COUNT:
        os.write(said, f"\noperations {hook.seen}\n".encode())
    return status


def serve() -> None:
    """Answer requests: the number of the victim's process, then how it ended."""
    for name in MODULES:
        importlib.import_module(name)
    for line in sys.stdin:
        request = json.loads(line)
        if not hasattr(os, "fork"):
            tell(os.getpid())
            os._exit(work(request))
        victim = os.fork()
        if victim == 0:
            os._exit(work(request))
        tell(victim)
        tell(os.waitstatus_to_exitcode(os.waitpid(victim, 0)[1]))


def tell(number: int) -> None:
    """Say a number on a line."""
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    serve()
