"""What one run keeps for the next: folders of Parquet files and one record, believed only whole.

An entry is named by a hash over everything that decides what is in it; its record holds the hash of
each of its files. Whatever is not as it was written is not there. Here: how entries are written,
proven and dropped. Not here: what they hold (`recon.intake.cache`, `recon.run.kept_results`).
"""

from __future__ import annotations

import hashlib
import shutil
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar

import polars as pl
from pydantic import TypeAdapter
from pydantic_core import to_json

from recon.base.temporary import mark, remove_left_in

if TYPE_CHECKING:
    from collections.abc import Callable

#: Entries kept of each kind, the newest first.
MOST_ENTRIES = 2
#: Units: bytes. A larger entry is not kept.
MOST_BYTES = 4 * 1024**3
_RECORD = "record.json"

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True)
class _Sealed(Generic[T]):
    """What a record file says: for which key, the hash of each file, and the entry's own words."""

    key: str
    hashes: dict[str, str]
    record: T


@dataclass(frozen=True)
class Entry(Generic[T]):
    """An entry whose record is as it was written; its files are proven when they are taken."""

    folder: Path
    hashes: dict[str, str]
    record: T

    def proven(self, path: Path, name: str) -> Path:
        """Return a path that holds the bytes of the entry's file of the given name.

        Raises:
            ValueError: It does not.
        """
        if file_hash(path) != self.hashes.get(name):
            raise ValueError(name)
        return path

    def frame(self, name: str) -> pl.DataFrame:
        """Return the rows of a Parquet file of the entry.

        Raises:
            ValueError: It is not as it was written.
        """
        return pl.read_parquet(self.proven(self.folder / name, name))


@dataclass(frozen=True)
class Shelf:
    """The entries of one kind; a folder that cannot be read or written costs only time."""

    folder: Path

    def take(self, key: str, kind: type[T], use: Callable[[Entry[T]], R]) -> R | None:
        """Return what an entry holds, or None where anything of it is not as it was written.

        Args:
            key: Its name.
            kind: Type of the record.
            use: Makes of an entry what is wanted; a file that is not proven ends it.
        """
        folder = self.folder / key
        try:
            body, _, digest = (folder / _RECORD).read_bytes().rpartition(b"\n")
            if hashlib.sha256(body).hexdigest().encode() != digest:
                return None
            sealed = TypeAdapter(_Sealed[kind]).validate_json(body)  # type: ignore[valid-type]
            if sealed.key != key:
                return None
            found = use(Entry(folder, sealed.hashes, sealed.record))
            (folder / _RECORD).touch()
        except (OSError, ValueError, pl.exceptions.PolarsError):
            return None
        return found

    def keep(self, key: str, write: Callable[[Path], object]) -> bool:
        """Write an entry under a temporary name, rename it whole, and drop old entries.

        Args:
            key: Its name.
            write: Writes its files into a folder and returns its record.
        """
        self.clean()
        work = self.folder / f".new-{mark()}"
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            shutil.rmtree(work, ignore_errors=True)
            work.mkdir(mode=0o700)
            record = write(work)
            hashes = {path.name: file_hash(path) for path in sorted(work.iterdir())}
            body = to_json(_Sealed(key, hashes, record))
            digest = hashlib.sha256(body).hexdigest().encode()
            (work / _RECORD).write_bytes(body + b"\n" + digest)
            if sum(path.stat().st_size for path in work.iterdir()) > MOST_BYTES:
                return False
            shutil.rmtree(self.folder / key, ignore_errors=True)
            work.rename(self.folder / key)
            self._drop_old()
        except OSError:
            return False
        finally:
            shutil.rmtree(work, ignore_errors=True)
        return True

    def clean(self) -> None:
        """Remove what a killed run left half written."""
        remove_left_in(self.folder, ".new-*")

    def _drop_old(self) -> None:
        """Keep the newest entries; one that another run drops at the same time is gone too."""
        entries = [path for path in self.folder.iterdir() if not path.name.startswith(".")]
        entries.sort(key=_age, reverse=True)
        for path in entries[MOST_ENTRIES:]:
            shutil.rmtree(path, ignore_errors=True)


def _age(entry: Path) -> float:
    with suppress(OSError):
        return (entry / _RECORD).stat().st_mtime
    return 0.0


def link(source: Path, target: Path) -> None:
    """Give a file a second name; copy it where the file system has no such names."""
    try:
        target.hardlink_to(source)
    except OSError:
        shutil.copyfile(source, target)


def file_hash(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def key_of(*parts: str) -> str:
    """Return the name of an entry: a hash over what decides it and the tool's own code."""
    return hashlib.sha256("\x1f".join((_code_hash(), *parts)).encode()).hexdigest()[:32]


@cache
def _code_hash() -> str:
    """Return a hash over the tool's own files, so that other code never meets an old entry."""
    top = Path(__file__).parents[1]
    digest = hashlib.sha256()
    for path in sorted(top.rglob("*")):
        if path.is_file() and not {"__pycache__", "_shipped"} & {*path.relative_to(top).parts}:
            digest.update(path.read_bytes())
    return digest.hexdigest()
