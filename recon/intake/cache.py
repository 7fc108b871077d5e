"""What a folder gave, kept for the next run: reused only where every byte that decides it is equal.

An entry is named by a hash over the inputs' bytes, how they are mapped and the code that reads
them. Not here: reading itself (`pipeline`), and how entries are proven (`recon.base.kept`).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from recon.base.errors import InputsMovedError
from recon.base.kept import Entry, Shelf, file_hash, key_of, link
from recon.base.models import Intake, SheetCertificate, SourceFile, Text
from recon.base.paper import CACHE_FOLDER
from recon.base.rows import Part, Rows
from recon.intake.formats.listing import list_files
from recon.intake.pipeline import IntakeSettings, demand_one_workspace, read_intake

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

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
    """All of an intake but its rows."""

    parts: dict[str, list[_Part]]
    files: tuple[SourceFile, ...]
    sheets: tuple[SheetCertificate, ...]
    questions: tuple[Text, ...]
    notes: tuple[Text, ...]
    passed_over: tuple[Text, ...]
    repeats: tuple[Text, ...]
    doubtful: tuple[int, ...]


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
    shelf = Shelf(folder / CACHE_FOLDER / "rows")
    shelf.clean()
    if settings.limits.password:
        return CachedIntake(read_intake(data_dir, settings), "read")
    demand_one_workspace(data_dir, list_files(data_dir, settings.exclude))
    hashes = _hashes(data_dir, settings)
    key = _key(hashes, data_dir, settings)
    kept = shelf.take(key, _Record, lambda entry: _load(entry, settings.store))
    if kept is not None:
        return CachedIntake(kept, "reused")
    intake = read_intake(data_dir, settings)
    if gone := hashes.keys() - {file.path for file in intake.files}:
        raise InputsMovedError(sorted(gone))
    refused = any(file.status == "refused" for file in intake.files)
    is_worth_it = (
        not refused
        and any(rows.height for rows in intake.rows.values())
        and all(hashes.get(file.path, file.sha256) == file.sha256 for file in intake.files)
        and _hashes(data_dir, settings) == hashes  # nothing moved between the hash and the rows
    )
    stored = is_worth_it and shelf.keep(key, lambda work: _write(work, intake))
    return CachedIntake(intake, "stored" if stored else "read")


def _hashes(data_dir: Path, settings: IntakeSettings) -> dict[str, str]:
    """Return the hash of every input by its relative path; a file in use has none."""
    found = {}
    for path in list_files(data_dir, settings.exclude).inputs:
        try:
            digest = file_hash(path)
        except OSError:
            digest = "unreadable"
        found[path.relative_to(data_dir).as_posix()] = digest
    return found


def _key(hashes: Mapping[str, str], data_dir: Path, settings: IntakeSettings) -> str:
    """Return the name of an entry: everything that decides what reading gives."""
    ignored = list_files(data_dir, settings.exclude).ignored
    return key_of(
        pl.__version__,
        *(f"{path}={digest}" for path, digest in hashes.items()),
        *(entry.reason.en for entry in ignored),
        repr(settings.sources),
        repr(settings.locked),
        repr(settings.layouts),
    )


def _load(entry: Entry[_Record], store: Path | None) -> Intake:
    record = entry.record
    rows = _rows(entry, store)
    rejected, quality = (entry.frame(f"{name}.parquet") for name in _ITEMS)
    return Intake(
        files=record.files,
        sheets=record.sheets,
        rows=rows,
        rejected=rejected,
        quality=quality,
        questions=record.questions,
        notes=record.notes,
        passed_over=record.passed_over,
        repeats=record.repeats,
        doubtful=record.doubtful,
    )


def _rows(entry: Entry[_Record], store: Path | None) -> dict[str, Rows]:
    """Return the rows of each table; large sheets stay files, of which the run gets its own."""
    held: dict[str, pl.DataFrame | Path] = {}
    parts_of = entry.record.parts
    for name in dict.fromkeys(part.name for parts in parts_of.values() for part in parts):
        if store is None or name.startswith(_TOGETHER):
            held[name] = entry.frame(name)
        else:
            store.mkdir(mode=0o700, exist_ok=True)
            link(entry.folder / name, store / name)
            held[name] = entry.proven(store / name, name)
    tables = {}
    for table, parts in parts_of.items():
        found = []
        for part in parts:
            rows = held[part.name]
            if isinstance(rows, pl.DataFrame):
                rows = rows.slice(part.start, part.height)
            place = (part.first_id, part.file_id, part.sheet_no, part.file, part.sheet)
            found.append(Part(rows, part.height, *place))
        tables[table] = Rows(tuple(found))
    return tables


def _write(work: Path, intake: Intake) -> _Record:
    parts: dict[str, list[_Part]] = {}
    for table, rows in intake.rows.items():
        parts[table] = [*_write_rows(work, table, rows)]
    for name, frame in zip(_ITEMS, (intake.rejected, intake.quality), strict=True):
        frame.write_parquet(work / f"{name}.parquet", compression="lz4")
    return _Record(
        parts,
        intake.files,
        intake.sheets,
        intake.questions,
        intake.notes,
        intake.passed_over,
        intake.repeats,
        intake.doubtful,
    )


def _write_rows(work: Path, table: str, rows: Rows) -> Iterator[_Part]:
    """Keep the rows of a table: what is in memory in one file, what is in files as it is."""
    together, start = [], 0
    for part in rows.parts:
        place = (part.height, part.first_id, part.file_id, part.sheet_no, part.file, part.sheet)
        if isinstance(part.rows, Path):
            link(part.rows, work / part.rows.name)
            yield _Part(part.rows.name, 0, *place)
        else:
            yield _Part(f"{_TOGETHER}{table}.parquet", start, *place)
            together.append(part.rows)
            start += part.height
    if together:
        pl.concat(together).write_parquet(
            work / f"{_TOGETHER}{table}.parquet", compression="lz4", statistics=False
        )
