"""A ledger and the key of its workspace in one file, and back.

Here: writing a backup, proving it, putting it in place; what stood there is kept beside. Not here:
the ledger's chain (see `store`), what runs have seen of it (see `witness`).
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import zipfile
import zlib
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from recon.base.errors import ReconError
from recon.base.models import Text
from recon.base.paper import LEDGER_FILE
from recon.base.temporary import temporary_folder, write_whole
from recon.ledger.errors import BackupError
from recon.ledger.store import keep_head, ledger_path, read_events
from recon.ledger.witness import LedgerHead, prove
from recon.workspace.folder import KEY_FILE, find_key

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from recon.ledger.store import Event

_ABOUT = "backup.json"
_FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    KeyError,
    TypeError,
    ValueError,
    OSError,
    NotImplementedError,
    RuntimeError,
)
#: Units: bytes. A ledger of millions of events is smaller.
_LARGEST = 4 * 1024**3


@dataclass(frozen=True)
class Restored:
    """What was put in place: the ledger's head, and files that stood there before."""

    ledger: Path
    head: LedgerHead
    kept: tuple[Path, ...]


def back_up(workspace: Path, out_dir: Path, target: Path, now: datetime) -> LedgerHead:
    """Write ledger and key into one file.

    Args:
        workspace: Folder of recon.toml, else the data folder.
        out_dir: The output folder with the runs.
        target: The backup; one that is there is not written over.
        now: The moment, with its time zone.

    Raises:
        BackupError: There is nothing to keep, or the file is there or cannot be written.
        LedgerAlteredError: An event is not what was booked; such a ledger is not kept.
        LedgerOlderError: A run has seen events that the ledger does not hold.
    """
    ledger, key = ledger_path(workspace, out_dir), find_key(workspace, out_dir)
    if target.exists():
        raise BackupError(
            target,
            Text("已有这个文件，没有覆盖。换一个文件名", "is there. Name another file"),
        )
    head = prove(ledger, out_dir)
    if not ledger.is_file() or key is None:
        raise BackupError(
            ledger,
            Text(
                "还没有台账或密钥可备份。先运行 recon check，再导入复核结论",
                "there is no ledger or no key to back up yet. Run recon check and import a review",
            ),
        )
    with temporary_folder("backup") as folder:
        copy = folder / LEDGER_FILE
        with closing(sqlite3.connect(ledger)) as source, closing(sqlite3.connect(copy)) as kept:
            source.backup(kept)
        parts = {LEDGER_FILE: copy.read_bytes(), KEY_FILE: key.read_bytes()}
        about = {
            "made": now.isoformat(timespec="seconds"),
            **head.record(),
            "sha256": {name: hashlib.sha256(data).hexdigest() for name, data in parts.items()},
        }
        packed = folder / "packed.zip"
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(_ABOUT, json.dumps(about, indent=2))
            for name, data in parts.items():
                archive.writestr(name, data)
        try:
            write_whole(target, packed.read_bytes())
        except OSError as error:
            raise BackupError(target, _unwritable(error)) from error
    return head


def _unwritable(error: OSError) -> Text:
    why = error.strerror or str(error)
    return Text(
        f"写不进去（{why}）。检查权限和磁盘空间", f"cannot be written ({why}). Check permissions"
    )


def restore(
    source: Path, workspace: Path, out_dir: Path, now: datetime, *, replace: bool
) -> Restored:
    """Put the ledger and key of a backup in place; what stood there is kept under another name.

    Args:
        source: A file that `back_up` wrote.
        workspace: Folder of recon.toml, else the data folder.
        out_dir: The output folder with the runs.
        now: The moment, for the names of what is kept.
        replace: Put it in place even where the ledger that stands there holds events or the key
            is one that the backup does not have.

    Raises:
        BackupError: The file is no whole backup, or would lose what stands there.
        LedgerAlteredError: An event of the backup is not what was booked.
    """
    parts = _unpacked(source)
    ledger = ledger_path(workspace, out_dir)
    key = find_key(workspace, out_dir) or ledger.with_name(KEY_FILE)
    with temporary_folder("restore") as folder:
        trial = folder / LEDGER_FILE
        trial.write_bytes(parts[LEDGER_FILE])
        events = read_events(trial)
    if not replace and (why := _lost(ledger, key, parts, LedgerHead.of(events), events)):
        raise BackupError(source, why)
    kept = []
    for path, name in ((ledger, LEDGER_FILE), (key, KEY_FILE)):
        if path.exists() and path.read_bytes() != parts[name]:
            aside = path.with_name(f"{name}.{now:%Y%m%d-%H%M%S}.before-restore")
            path.rename(aside)
            kept.append(aside)
        try:
            write_whole(path, parts[name])
        except OSError as error:
            raise BackupError(path, _unwritable(error)) from error
    head = LedgerHead.of(events)
    if replace:  # what the backup lacks is given up knowingly
        keep_head(ledger, head.events, head.head)
    return Restored(ledger, head, tuple(kept))


def _unpacked(source: Path) -> dict[str, bytes]:
    """Read the parts of a backup and prove them by their hashes."""
    try:
        with zipfile.ZipFile(source) as archive:
            if sum(part.file_size for part in archive.infolist()) > _LARGEST:
                raise ValueError(source)
            hashes = json.loads(archive.read(_ABOUT))["sha256"]
            parts = {name: archive.read(name) for name in (LEDGER_FILE, KEY_FILE)}
        if any(hashlib.sha256(data).hexdigest() != hashes[name] for name, data in parts.items()):
            raise ValueError(source)
    except _FAULTS as error:
        raise BackupError(
            source,
            Text(
                "不是 recon ledger backup 写出的备份，或已损坏，什么也没有改。另找一份备份",
                "is no whole backup of 'recon ledger backup'; nothing was changed. Take another",
            ),
        ) from error
    return parts


def _lost(
    ledger: Path, key: Path, parts: dict[str, bytes], head: LedgerHead, events: list[Event]
) -> Text | None:
    """Say what would be lost by putting a backup in place, if anything would."""
    if key.is_file() and key.read_bytes().strip() not in (b"", parts[KEY_FILE].strip()):
        return Text(
            f"{key} 与备份里的密钥不同。确要换成备份的，加 --replace，原文件另名保留",
            f"the key at {key} is another one. To take the backup's add --replace; it is kept",
        )
    try:
        there = LedgerHead.of(read_events(ledger)) if ledger.is_file() else LedgerHead()
    except ReconError:  # what stands there is broken: that is why it is restored
        return None
    if there.is_in(events):
        return None
    return Text(
        f"{ledger} 有备份里没有的记录（现有 {there.events} 条，备份 {head.events} 条）。"
        "确要换成备份的，加 --replace，原文件另名保留",
        f"{ledger} holds events that the backup lacks ({there.events} there, {head.events} in the "
        "backup). To take the backup's add --replace; the file is kept under another name",
    )
