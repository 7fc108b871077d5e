"""Whose desk a folder is: a file in the output folder names machine, person and process.

Here: taking the folder, telling who has it, keeping it alive and letting it go; the secret by which
a second start on the same machine asks the first desk for a link. Not here: the server (`server`).
"""

from __future__ import annotations

import getpass
import hashlib
import json
import os
import platform
import secrets
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psutil
from filelock import FileLock, Timeout

from recon.base.temporary import machine, write_whole
from recon.desk.place import now

FILE = ".desk.json"
_LOCK = ".desk.lock"
#: A desk touches its file every minute; one of another machine that was not touched for so long is
#: gone. Units: seconds, by the clock of the disk that the folder is on.
_GONE_AFTER = 600.0


@dataclass(frozen=True)
class Holder:
    """Who has a folder's desk open; `mark` tells machines apart, `born` processes."""

    mark: str
    machine: str
    person: str
    process: int
    born: float
    port: int
    since: str

    @classmethod
    def me(cls, port: int) -> Holder:
        """Return this process as a holder."""
        born = psutil.Process().create_time()
        since = now().isoformat(timespec="seconds")
        return cls(machine(), platform.node(), _person(), os.getpid(), born, port, since)

    @property
    def is_here(self) -> bool:
        """Whether it is a process of this machine."""
        return self.mark == machine()

    @property
    def is_alive(self) -> bool:
        """Whether a process of this machine still runs."""
        try:
            found = psutil.Process(self.process)
            return abs(found.create_time() - self.born) < 2 and found.is_running()
        except psutil.Error:
            return False


def _person() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "?"


def take(out_dir: Path, port: int) -> Holder | None:
    """Make this process the holder of a folder, unless another is.

    Returns:
        Who has it; None once it is this process.

    Raises:
        OSError: The output folder cannot be made or written.
    """
    out_dir.mkdir(parents=True, exist_ok=True)
    path, me = out_dir / FILE, Holder.me(port)
    try:
        with FileLock(out_dir / _LOCK, timeout=10):
            other = holder(out_dir)
            if other is not None and other != me:
                is_there = other.is_alive if other.is_here else not _is_left(path)
                if is_there:
                    return other
            write_whole(path, json.dumps(asdict(me), ensure_ascii=False).encode())
    except Timeout as error:
        raise OSError(str(error)) from error
    return None


def holder(out_dir: Path) -> Holder | None:
    """Return who says to have the folder, or None."""
    try:
        said = json.loads((out_dir / FILE).read_text(encoding="utf-8"))
        return Holder(**said)
    except (OSError, ValueError, TypeError):
        return None


def _is_left(path: Path) -> bool:
    """Tell whether a desk of another machine is gone, by the clock of the disk alone."""
    probe = path.with_name(f"{path.name}.{machine()}")
    try:
        probe.touch()
        return probe.stat().st_mtime - path.stat().st_mtime > _GONE_AFTER
    finally:
        probe.unlink(missing_ok=True)


def stay(out_dir: Path, me: Holder) -> bool:
    """Say that this desk is alive; False where another has taken the folder since."""
    try:
        other = holder(out_dir)  # None where the disk is away, which says nothing
        if other is not None and other != me:
            return False
        os.utime(out_dir / FILE)
    except OSError:
        return True  # the disk is away for a while; nobody else can have written to it meanwhile
    return True


def leave(out_dir: Path, me: Holder) -> None:
    """Let the folder go, if it is still this desk's."""
    if holder(out_dir) == me:
        with suppress(OSError):
            (out_dir / FILE).unlink()


def keep_secret(out_dir: Path) -> str:
    """Make the secret of a desk and keep it where only this person can read it."""
    secret, path = secrets.token_urlsafe(32), _secret_file(out_dir)
    with suppress(OSError):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secret)
    return secret


def read_secret(out_dir: Path) -> str | None:
    """Return the secret of the desk of a folder; None where it is another person's or gone."""
    try:
        return _secret_file(out_dir).read_text(encoding="ascii")
    except (OSError, ValueError):
        return None


def forget_secret(out_dir: Path) -> None:
    """Remove the secret of a desk."""
    with suppress(OSError):
        _secret_file(out_dir).unlink(missing_ok=True)


def _secret_file(out_dir: Path) -> Path:
    name = hashlib.sha256(str(out_dir.resolve()).encode()).hexdigest()[:24]
    return Path.home() / ".recon" / f"desk-{name}"


def told(one: Holder) -> dict[str, Any]:
    """Return what a page says of a holder."""
    return {"machine": one.machine, "person": one.person, "since": one.since.replace("T", " ")[:16]}
