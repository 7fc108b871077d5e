"""The folder a run writes to: its lock, its key, temporary names and the one rename.

Here: everything about folders on disk that is not a source file. Not here: what the files of a run
contain (see `output`).
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import secrets
import shutil
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from recon.base import resources
from recon.base.errors import ReconError
from recon.base.paper import LEDGER_FILE
from recon.base.temporary import remove_left, remove_left_in, write_first, write_whole
from recon.tables.layout_files import OWN_FOLDER
from recon.workspace.errors import (
    KeyChangedError,
    KeyDamagedError,
    KeyLostError,
    OutputBusyError,
    OutputUnwritableError,
    RunChangedError,
)
from recon.workspace.kept_run import RECORD, is_same_record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from recon.base.models import RuleOutcome, Text

KEY_FILE = "recon.key"
LATEST_FILE = "latest"
_WORK_PREFIX = ".work-"
#: Units: characters. A key made here has 64.
_SHORTEST_KEY = 32


@contextmanager
def claim(out_dir: Path) -> Iterator[Path]:
    """Hold the output folder for one run and give it a private work folder.

    What an earlier run left behind when it was killed is removed first.

    Args:
        out_dir: The output folder; made if it is not there.

    Yields:
        A work folder inside it, removed at the end.

    Raises:
        OutputBusyError: Another run holds the folder.
        OutputUnwritableError: The folder cannot be made or written.
    """
    try:
        out_dir.mkdir(parents=True, exist_ok=True)
        lock = FileLock(out_dir / ".lock")
        lock.acquire(timeout=0)
    except Timeout as error:
        raise OutputBusyError(out_dir) from error
    except OSError as error:
        raise OutputUnwritableError(out_dir, error) from error
    try:
        remove_left()
        for left in out_dir.glob(f"{_WORK_PREFIX}*"):
            shutil.rmtree(left, ignore_errors=True)
        work = out_dir / f"{_WORK_PREFIX}{os.getpid()}"
        work.mkdir()
        try:
            yield work
        except OSError as error:
            raise OutputUnwritableError(out_dir, error) from error
        except ReconError:
            raise
        except Exception as error:
            if (reason := _no_room(work, error)) is not None:
                raise OutputUnwritableError(out_dir, reason) from error
            raise
        finally:
            shutil.rmtree(work, ignore_errors=True)
    finally:
        lock.release()


def remove_work(out_dir: Path, process: int) -> None:
    """Remove what a run of a process that was ended left in its work folder: rows in clear."""
    shutil.rmtree(out_dir / f"{_WORK_PREFIX}{process}", ignore_errors=True)


def _no_room(work: Path, error: Exception) -> OSError | None:
    """Return what the system says of a place for a library that has its own word for it.

    A library may say it, or say something else because what it wrote is not all there; so a try
    to write answers.
    """
    for number in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS):
        if os.strerror(number) in str(error):
            return OSError(number, os.strerror(number))
    try:
        with (work / "trial").open("wb") as trial:
            trial.write(bytes(1 << 20))
            trial.flush()
            os.fsync(trial.fileno())
    except OSError as found:
        return found
    return None


def find_key(workspace: Path, out_dir: Path) -> Path | None:
    """Return the file of the workspace's key: beside recon.toml, else in the output folder.

    Raises:
        KeyDamagedError: What bears its name is no file: a folder, or a link that leads nowhere.
    """
    for folder in (workspace, out_dir):
        path = folder / KEY_FILE
        if path.is_file():
            return path
        if os.path.lexists(path):
            raise KeyDamagedError(path)
    return None


def workspace_key(workspace: Path, out_dir: Path) -> bytes:
    """Return the workspace's key, made on first use.

    It stands beside recon.toml; where that folder cannot be written, in the output folder.

    Raises:
        KeyChangedError: The newest run was made with another key.
        KeyDamagedError: The file is there and holds no key.
        KeyLostError: There is none, and an earlier run or a ledger was made with one.
        OutputUnwritableError: There is none, and neither folder can be written.
    """
    latest = latest_run(out_dir)
    if (path := find_key(workspace, out_dir)) is not None:
        key = _read_key(path)
        if latest is not None and _mark_of(latest) not in (None, key_mark(key)):
            raise KeyChangedError(path, latest.name, out_dir)
        return key
    if latest is not None or any((each / LEDGER_FILE).exists() for each in (workspace, out_dir)):
        raise KeyLostError(workspace / KEY_FILE, out_dir)
    for folder in (workspace, out_dir):
        with suppress(OSError):
            _make_key(folder)
            return _read_key(folder / KEY_FILE)
    raise OutputUnwritableError(out_dir, PermissionError(KEY_FILE))


def key_mark(key: bytes) -> str:
    """Return 16 hex by which a run tells its key again; the key does not follow from it."""
    return hashlib.sha256(b"recon key mark\x1f" + key).hexdigest()[:16]


def _mark_of(run: Path) -> str | None:
    """Return the mark of the key that a run was made with; None where it does not say."""
    try:
        said = json.loads((run / "run.json").read_text(encoding="utf-8")).get("key")
    except (OSError, ValueError, AttributeError):
        return None
    return str(said) if said else None


def _read_key(path: Path) -> bytes:
    """Read a key; ids made with none, or a guessable one, would look right and be wrong."""
    key = path.read_bytes().strip()
    if len(key) < _SHORTEST_KEY or not key.isascii():
        raise KeyDamagedError(path)
    return key


def _make_key(folder: Path) -> None:
    """Make a key, whole or not at all; one that another run has just made stays."""
    remove_left_in(folder, f".{KEY_FILE}.*")
    write_first(folder / KEY_FILE, f"{secrets.token_hex(32)}\n".encode())


def run_id(parts: list[str], workspace: Path) -> str:
    """Return the id of a run: 16 hex over everything that decides its results.

    Args:
        parts: Version, inputs, options and whatever else differs between runs.
        workspace: Folder whose own rules, SQL and policy count too.
    """
    digest = hashlib.sha256()
    for part in (*parts, *(_fingerprint(folder, workspace) for folder in ("rules", "sql"))):
        digest.update(part.encode())
        digest.update(b"\x1f")
    return digest.hexdigest()[:16]


def run_id_of(run: str, outcomes: Iterable[RuleOutcome]) -> str:
    """Return the id under which a run is kept: its own, unless a rule failed.

    A rule may fail for a reason that passes (time, memory), so what it lacks makes another run.

    Args:
        run: What `run_id` gave.
        outcomes: What every rule said.
    """
    failed = sorted(
        f"{one.rule}!{one.reason.en if one.reason else ''}"
        for one in outcomes
        if one.status == "error"
    )
    return hashlib.sha256("\x1f".join((run, *failed)).encode()).hexdigest()[:16] if failed else run


def _fingerprint(folder: str, workspace: Path) -> str:
    digest = hashlib.sha256()
    own = [workspace / folder]
    own += [workspace / "policy", workspace / OWN_FOLDER] if folder == "rules" else []
    for top in (resources.shipped(folder), *own):
        for path in sorted(top.rglob("*")):
            if path.suffix in (".yaml", ".sql", ".csv") and path.is_file():
                digest.update(path.relative_to(top).as_posix().encode())
                digest.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()


def place_run(
    written: Path,
    out_dir: Path,
    run: str,
    volatile: Mapping[str, Callable[[Path, Path], Text | None]],
) -> tuple[Text, ...]:
    """Give a finished run its final name, or verify and keep the folder that has it already.

    Args:
        written: Work folder with the finished files.
        out_dir: The output folder.
        run: The run's id.
        volatile: Files that may differ between equal runs, with how a fresh one takes the kept
            one's place.

    Returns:
        Notices for the user, e.g. that an edited workbook was left alone.

    Raises:
        RunChangedError: A data file of the kept folder is not what this run gives.
    """
    final = out_dir / run
    notices: list[Text] = []
    if not final.exists():
        written.rename(final)
    else:
        for path in sorted(written.iterdir()):
            kept = final / path.name
            if not kept.exists():
                path.replace(kept)
            elif path.name in volatile:
                notice = volatile[path.name](path, kept)
                notices += [notice] if notice else []
            elif path.name == RECORD and is_same_record(path, kept):
                path.replace(kept)  # what the run saw of the ledger is brought up to date
            elif kept.read_bytes() != path.read_bytes():
                raise RunChangedError(kept)
    write_whole(out_dir / LATEST_FILE, f"{run}\n".encode())
    return tuple(notices)


def previous_run(out_dir: Path, run: str) -> Path | None:
    """Return the run to compare with: the newest one that is not this run itself.

    Args:
        out_dir: The output folder.
        run: This run's id; where it is the newest already, the one it was compared with before.

    Returns:
        A complete run folder, or None.
    """
    last = latest_run(out_dir)
    if last is None or last.name != run:
        return last
    try:
        name = json.loads((last / "timing.json").read_text(encoding="utf-8")).get("previous_run")
    except (OSError, ValueError):
        return None
    folder = out_dir / str(name)
    return folder if (folder / "run.json").is_file() else None


def latest_run(out_dir: Path) -> Path | None:
    """Return the newest complete run folder of an output folder, or None."""
    path = out_dir / LATEST_FILE
    if not path.is_file():
        return None
    folder = out_dir / path.read_text(encoding="utf-8").strip()
    return folder if (folder / "run.json").is_file() else None
