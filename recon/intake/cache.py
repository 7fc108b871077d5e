"""What a folder gave, kept for the next run: reused only where every byte that decides it is equal.

An entry is a folder of Parquet and one record, named by a hash over the inputs' bytes, how they are
mapped and the code that reads them; the record holds the hash of each of its files. Whatever does
not agree is read afresh. Entries hold raw rows: they lie beside the inputs, never among the
results. Not here: reading itself (`pipeline`).
"""

from __future__ import annotations

import hashlib
import os
import shutil
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import polars as pl

from recon.intake.listing import list_files
from recon.intake.pipeline import IntakeSettings, read_intake
from recon.models import Intake, SheetCertificate, SourceFile, Text
from recon.rows import Part, Rows
from recon.temporary import mark, remove_left_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

FOLDER = ".recon-cache"
#: Units: bytes. A larger folder is read afresh each time.
MOST_BYTES = 4 * 1024**3
#: Entries kept, the newest first.
MOST_ENTRIES = 2
_RECORD = "record.json"
#: Begins the name of a file that holds the rows of several sheets; others hold one sheet's.
_TOGETHER = "table_"
_ITEMS = ("rejected", "quality")


@dataclass(frozen=True)
class _Part:
    """A part of a table: the file that holds it, and from which row of that file on."""

    name: str
    start: int
    height: int
    first_id: int
    file_id: int
    sheet_no: int
    file: str
    sheet: str | None


@dataclass(frozen=True)
class _Record:
    """All of an intake but its rows, and the hash of each file that holds some."""

    key: str
    hashes: dict[str, str]
    parts: dict[str, list[_Part]]
    files: tuple[SourceFile, ...]
    sheets: tuple[SheetCertificate, ...]
    questions: tuple[Text, ...]
    notes: tuple[Text, ...]
    passed_over: tuple[Text, ...]


@dataclass(frozen=True)
class CachedIntake:
    """An intake and where it came from: `reused`, `stored` or `read` (and not kept)."""

    intake: Intake
    how: str


def cached_intake(data_dir: Path, settings: IntakeSettings, folder: Path) -> CachedIntake:
    """Read a folder, or take what an earlier run read of the same bytes.

    Nothing is kept of folders with password-protected or refused files, or without rows. A cache
    that cannot be read or written costs time, never the run.

    Args:
        data_dir: The folder.
        settings: Mappings, limits and exclusions.
        folder: Folder in which the cache lies.

    Raises:
        ReconError: As `read_intake`.
    """
    remove_left_in(folder / FOLDER, ".new-*")
    if settings.limits.password:
        return CachedIntake(read_intake(data_dir, settings), "read")
    hashes = _hashes(data_dir, settings)
    key = _key(hashes, data_dir, settings)
    kept = _load(folder / FOLDER / key, key, settings.store)
    if kept is not None:
        return CachedIntake(kept, "reused")
    intake = read_intake(data_dir, settings)
    unchanged = all(hashes.get(file.path, file.sha256) == file.sha256 for file in intake.files)
    refused = any(file.status == "refused" for file in intake.files)
    is_worth_it = unchanged and not refused and any(rows.height for rows in intake.rows.values())
    stored = is_worth_it and _store(folder / FOLDER, key, intake)
    return CachedIntake(intake, "stored" if stored else "read")


def _hashes(data_dir: Path, settings: IntakeSettings) -> dict[str, str]:
    """Return the hash of every input by its relative path; a file in use has none."""
    found = {}
    for path in list_files(data_dir, settings.exclude).inputs:
        try:
            digest = _hash(path)
        except OSError:
            digest = "unreadable"
        found[path.relative_to(data_dir).as_posix()] = digest
    return found


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _key(hashes: Mapping[str, str], data_dir: Path, settings: IntakeSettings) -> str:
    """Return the name of an entry: everything that decides what reading gives."""
    ignored = list_files(data_dir, settings.exclude).ignored
    parts = [
        _code_hash(),
        pl.__version__,
        *(f"{path}={digest}" for path, digest in hashes.items()),
        *(entry.reason.en for entry in ignored),
        repr(settings.sources),
        repr(settings.locked),
    ]
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:32]


@cache
def _code_hash() -> str:
    """Return a hash over the tool's own files, so that other code never meets an old entry."""
    top = Path(__file__).parents[1]
    digest = hashlib.sha256()
    for path in sorted(top.rglob("*")):
        if path.is_file() and not {"__pycache__", "_shipped"} & {*path.relative_to(top).parts}:
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _load(entry: Path, key: str, store: Path | None) -> Intake | None:
    """Return the intake of an entry, or None where anything of it is not as it was written."""
    try:
        raw = (entry / _RECORD).read_bytes()
        body, _, digest = raw.rpartition(b"\n")
        if hashlib.sha256(body).hexdigest().encode() != digest:
            return None
        record = msgspec.json.decode(body, type=_Record)
        if record.key != key:
            return None
        rows = _rows(record, entry, store)
        rejected, quality = (_frame(record, entry, f"{name}.parquet") for name in _ITEMS)
        os.utime(entry)
    except (OSError, ValueError, msgspec.DecodeError, pl.exceptions.PolarsError):
        return None
    return Intake(
        files=record.files,
        sheets=record.sheets,
        rows=rows,
        rejected=rejected,
        quality=quality,
        questions=record.questions,
        notes=record.notes,
        passed_over=record.passed_over,
    )


def _rows(record: _Record, entry: Path, store: Path | None) -> dict[str, Rows]:
    """Return the rows of each table; large sheets stay files, of which the run gets its own."""
    held: dict[str, pl.DataFrame | Path] = {}
    for name in dict.fromkeys(part.name for parts in record.parts.values() for part in parts):
        if store is None or name.startswith(_TOGETHER):
            held[name] = _frame(record, entry, name)
        else:
            store.mkdir(mode=0o700, exist_ok=True)
            _link(entry / name, store / name)
            held[name] = _proven(record, store, name)
    tables = {}
    for table, parts in record.parts.items():
        found = []
        for part in parts:
            rows = held[part.name]
            if isinstance(rows, pl.DataFrame):
                rows = rows.slice(part.start, part.height)
            place = (part.first_id, part.file_id, part.sheet_no, part.file, part.sheet)
            found.append(Part(rows, part.height, *place))
        tables[table] = Rows(tuple(found))
    return tables


def _link(source: Path, target: Path) -> None:
    """Give a file a second name; copy it where the file system has no such names."""
    try:
        target.hardlink_to(source)
    except OSError:
        shutil.copyfile(source, target)


def _proven(record: _Record, folder: Path, name: str) -> Path:
    """Return the path of a file whose bytes are those that were written.

    Raises:
        ValueError: They are not.
    """
    path = folder / name
    if _hash(path) != record.hashes.get(name):
        raise ValueError(name)
    return path


def _frame(record: _Record, entry: Path, name: str) -> pl.DataFrame:
    return pl.read_parquet(_proven(record, entry, name))


def _store(folder: Path, key: str, intake: Intake) -> bool:
    """Write an entry under a temporary name, rename it whole, and drop old entries.

    Returns:
        Whether it was kept.
    """
    work = folder / f".new-{mark()}"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir(mode=0o700)
        _write(work, key, intake)
        if sum(path.stat().st_size for path in work.iterdir()) > MOST_BYTES:
            return False
        shutil.rmtree(folder / key, ignore_errors=True)
        work.rename(folder / key)
        _drop_old(folder)
    except OSError:
        return False
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return True


def _write(work: Path, key: str, intake: Intake) -> None:
    parts: dict[str, list[_Part]] = {}
    for table, rows in intake.rows.items():
        parts[table] = [*_write_rows(work, table, rows)]
    for name, frame in zip(_ITEMS, (intake.rejected, intake.quality), strict=True):
        frame.write_parquet(work / f"{name}.parquet", compression="lz4")
    record = _Record(
        key,
        {path.name: _hash(path) for path in sorted(work.iterdir())},
        parts,
        intake.files,
        intake.sheets,
        intake.questions,
        intake.notes,
        intake.passed_over,
    )
    body = msgspec.json.encode(record)
    digest = hashlib.sha256(body).hexdigest().encode()
    (work / _RECORD).write_bytes(body + b"\n" + digest)


def _write_rows(work: Path, table: str, rows: Rows) -> Iterator[_Part]:
    """Keep the rows of a table: what is in memory in one file, what is in files as it is."""
    together, start = [], 0
    for part in rows.parts:
        place = (part.height, part.first_id, part.file_id, part.sheet_no, part.file, part.sheet)
        if isinstance(part.rows, Path):
            _link(part.rows, work / part.rows.name)
            yield _Part(part.rows.name, 0, *place)
        else:
            yield _Part(f"{_TOGETHER}{table}.parquet", start, *place)
            together.append(part.rows)
            start += part.height
    if together:
        pl.concat(together).write_parquet(
            work / f"{_TOGETHER}{table}.parquet", compression="lz4", statistics=False
        )


def _drop_old(folder: Path) -> None:
    """Keep the newest entries; what a killed run left behind goes too."""
    entries = [path for path in folder.iterdir() if path.is_dir()]
    entries.sort(key=lambda path: path.stat().st_mtime, reverse=True)
    whole = [path for path in entries if not path.name.startswith(".new-")]
    for path in entries:
        if path not in whole[:MOST_ENTRIES]:
            shutil.rmtree(path, ignore_errors=True)
