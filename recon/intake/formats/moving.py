"""Inputs that move while a run reads them: looked at once more before anything is written.

Here: comparing the files of a folder with what was read. Not here: reading them, and which
files are input (see `listing`).
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from recon.base.errors import InputsMovedError
from recon.intake.formats.listing import list_inputs

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import Path

    from recon.base.models import SourceFile


def demand_unmoved(
    folder: Path, files: Iterable[SourceFile], exclude: Collection[Path] = ()
) -> None:
    """Refuse a run whose inputs changed, went away or became more while it ran.

    Args:
        folder: The data folder.
        files: What was read; members of archives are looked at with their archive.
        exclude: Files or folders that are no input.

    Raises:
        InputsMovedError: Names every file that moved.
    """
    known = {file.path: file for file in files}
    now = {path.relative_to(folder).as_posix(): path for path in list_inputs(folder, exclude)}
    moved = [name for name, path in now.items() if not _is_same(path, known.get(name))]
    moved += [name for name in known if name not in now and not _is_member(name, now)]
    if moved:
        raise InputsMovedError(sorted(moved))


def _is_member(name: str, now: Collection[str]) -> bool:
    return any(name.startswith(f"{archive}/") for archive in now)


def _is_same(path: Path, known: SourceFile | None) -> bool:
    """Tell whether a file is what was read; what could not be read is no part of the answer."""
    if known is None:
        return False
    if known.status == "refused":
        return True
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == known.sha256
    except OSError:
        return False
