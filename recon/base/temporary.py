"""Temporary files and folders: named after the process that made them, removed after its death.

They hold raw rows, so what a killed process left behind is removed by the next start on the same
machine. Here: their names and their end. Not here: the work folder of a run (see `folder`).
"""

from __future__ import annotations

import hashlib
import os
import platform
import re
import shutil
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from recon.base.errors import TemporaryUnwritableError

if TYPE_CHECKING:
    from collections.abc import Iterator

_PREFIX = "recon-"
_MARK = re.compile(r"[-.]([0-9a-f]{8})-([0-9]{1,10})(?=[-.]|$)")


def mark() -> str:
    """Return the part of a temporary name that tells machine and process, e.g. 1f2e3d4c-812."""
    return f"{machine()}-{os.getpid()}"


def machine() -> str:
    """Return a short name of this machine: folders may be shared by several."""
    return hashlib.sha256(platform.node().encode()).hexdigest()[:8]


@contextmanager
def temporary_folder(what: str) -> Iterator[Path]:
    """Make a private folder where the system keeps temporary files, and remove it at the end.

    Args:
        what: A word for its name, e.g. "read".

    Yields:
        The folder, empty.

    Raises:
        TemporaryUnwritableError: There is no place for temporary files, or it is full.
    """
    try:
        folder = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{what}-{mark()}-"))
    except OSError as error:
        raise TemporaryUnwritableError(tempfile.tempdir or "TMP", str(error)) from error
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def write_whole(path: Path, content: bytes) -> None:
    """Write a file under another name and rename it, so that nobody ever sees half of it."""
    part = path.with_name(f".{path.name}.{mark()}")
    try:
        part.write_bytes(content)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def write_first(path: Path, content: bytes) -> None:
    """Write a file whole, down to the disk, unless another has made it by then: that one stays."""
    part = path.with_name(f".{path.name}.{mark()}")
    try:
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        try:
            path.hardlink_to(part)
        except FileExistsError:
            return
        except OSError:  # a disk without links
            part.replace(path)
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def remove_left() -> None:
    """Remove the temporary folders of processes of this machine that are gone."""
    with suppress(OSError):
        remove_left_in(Path(tempfile.gettempdir()), f"{_PREFIX}*")


def remove_left_in(folder: Path, pattern: str) -> None:
    """Remove what processes of this machine that are gone have left in a folder.

    Args:
        folder: The folder; it need not be there.
        pattern: Which names to look at, e.g. ".new-*"; only marked ones are removed.
    """
    for path in folder.glob(pattern):
        found = _MARK.search(path.name)
        if found is None or found[1] != machine() or _is_alive(int(found[2])):
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            with suppress(OSError):
                path.unlink()


def _is_alive(process: int) -> bool:
    """Tell whether a process runs; one that nobody has buried yet does not."""
    try:
        return psutil.Process(process).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
    except psutil.Error:
        return True
