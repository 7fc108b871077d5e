"""A finished run folder, proven before anybody believes it: its files are what was written.

Here: the seal that a run puts on its record, which names the hash of every data file, and reading
a record back. Not here: writing the files (`recon.output`), computing them again (`recon verify`).
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from recon.base.errors import ReconError
from recon.base.kept import file_hash
from recon.workspace.errors import RunAlteredError, RunBrokenError

if TYPE_CHECKING:
    from pathlib import Path

RECORD = "run.json"
#: What of a record may differ between two equal runs.
PASSING = ("ledger", "seal")


def sealed(record: dict[str, Any], hashes: dict[str, str]) -> dict[str, Any]:
    """Return a run's record with the hashes of its files and a hash over all of it.

    Args:
        record: Plain JSON values only.
        hashes: SHA-256 in hex by file name.
    """
    whole = {**record, "files": dict(sorted(hashes.items()))}
    return {**whole, "seal": _seal(whole)}


def _seal(record: dict[str, Any]) -> str:
    said = {name: value for name, value in record.items() if name != "seal"}
    return hashlib.sha256(
        json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    ).hexdigest()


def read_record(folder: Path, *needed: str) -> dict[str, Any]:
    """Return the record of a run folder, whose seal holds; its files are not looked at.

    Args:
        folder: A run folder.
        needed: Names that the record must have.

    Raises:
        RunAlteredError: The record is not what was written.
        RunBrokenError: It is no record of a run, or lacks what is needed.
    """
    path = folder / RECORD
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        for name in needed:
            record[name]
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise RunBrokenError(path) from error
    if not isinstance(record, dict):
        raise RunBrokenError(path)
    if "seal" in record and record["seal"] != _seal(record):
        raise RunAlteredError(path)
    return record


def proven_record(folder: Path, *needed: str, only: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return the record of a run folder, whose data files are what was written.

    A run of an earlier version names no hashes; its record alone is looked at.

    Args:
        folder: A run folder.
        needed: Names that the record must have.
        only: Names of the files to look at; all by default.

    Raises:
        RunAlteredError: A file is not what was written, or is gone.
        RunBrokenError: It is no record of a run, or lacks what is needed.
    """
    record = read_record(folder, *needed)
    for name, digest in record.get("files", {}).items():
        if only and name not in only:
            continue
        path = folder / name
        if not path.is_file() or file_hash(path) != digest:
            raise RunAlteredError(path)
    return record


def is_same_record(one: Path, other: Path) -> bool:
    """Tell whether two records, their seals whole, are of equal runs that may see other ledgers."""
    try:
        plain = [{**read_record(path.parent), **dict.fromkeys(PASSING)} for path in (one, other)]
    except ReconError:
        return False
    return plain[0] == plain[1]
