"""The counties of a city: folders with a recon.toml, and what decides whether a run is stale.

Here: finding them, the mark of all that a county's answer is made of, the city's key. Not here:
running them (`turns`).
"""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from recon.base.kept import file_hash, key_of
from recon.base.paper import LEDGER_FILE
from recon.base.temporary import write_first
from recon.rollup.errors import CityKeyError, CountyUnknownError, NoCountiesError
from recon.workspace.recon_toml import FILE_NAME

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date
    from pathlib import Path

RUNS = "recon-out"
CITY_OUT = "recon-rollup"
_KEY = "rollup.key"
#: So many names are listed where one is not known.
_LISTED = 5
_KEY_FORM = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class County:
    """One county: its folder and its name, the path below the city with `/`."""

    name: str
    folder: Path

    @property
    def slug(self) -> str:
        """A name that every file system holds."""
        return hashlib.sha256(self.name.encode()).hexdigest()[:12]

    @property
    def runs(self) -> Path:
        """Where its runs stand."""
        return self.folder / RUNS


def find_counties(city: Path, out: Path) -> tuple[County, ...]:
    """Return the folders below with a recon.toml, none inside another, by name.

    Args:
        city: The city's folder; a recon.toml of its own makes it no county.
        out: The city's output, which is not looked into.

    Raises:
        NoCountiesError: There is none.
    """
    found: list[Path] = []
    for path in sorted(city.rglob(FILE_NAME)):
        folder = path.parent
        if folder == city or out in folder.parents or RUNS in folder.relative_to(city).parts:
            continue
        if not any(one in folder.parents for one in found):
            found.append(folder)
    if not found:
        raise NoCountiesError(city)
    return tuple(County(one.relative_to(city).as_posix(), one) for one in found)


def named(counties: Iterable[County], names: Iterable[str]) -> tuple[County, ...]:
    """Return the counties of some names; a folder's slash at the end does not matter.

    Raises:
        CountyUnknownError: One is no county's.
    """
    by_name = {one.name: one for one in counties}
    wanted = [name.replace("\\", "/").rstrip("/") for name in names]
    for name in wanted:
        if name not in by_name:
            raise CountyUnknownError(name, ", ".join(list(by_name)[:_LISTED]))
    return tuple(by_name[name] for name in dict.fromkeys(wanted))


def files_of(county: County) -> dict[str, str]:
    """Return the files that decide a county's answer, its ledger among them, with their hashes.

    Raises:
        OSError: A file cannot be read.
    """
    found = {}
    for path in sorted(county.folder.rglob("*")):
        inside = path.relative_to(county.folder)
        is_run = inside.parts[0] == RUNS and inside.name != LEDGER_FILE
        if path.is_file() and not is_run and not any(one.startswith(".") for one in inside.parts):
            found[inside.as_posix()] = file_hash(path)
    return found


def mark_of(files: Mapping[str, str], as_of: date, key: bytes) -> str:
    """Return a hash of all that decides a county's answer: files, day, key, the tool."""
    parts = [f"{name}={content}" for name, content in files.items()]
    return key_of(str(as_of), hashlib.sha256(key).hexdigest(), *parts)


def city_key(out: Path) -> bytes:
    """Return the key by which identities of all counties are joined; made on first use.

    Raises:
        CityKeyError: The file is there and holds no key.
    """
    path = out / _KEY
    if not path.is_file():
        write_first(path, secrets.token_hex(32).encode())
    text = path.read_text(encoding="ascii", errors="replace").strip()
    if not _KEY_FORM.fullmatch(text):
        raise CityKeyError(path)
    return bytes.fromhex(text)
