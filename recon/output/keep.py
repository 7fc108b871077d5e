"""Replace a file only when nobody has changed it since we wrote it.

The hashes of what was written stand in `.written.json` beside the file. Not here: what is written.
"""

from __future__ import annotations

import json
from contextlib import suppress
from glob import escape
from typing import TYPE_CHECKING

from recon.base.kept import file_hash
from recon.base.temporary import mark, remove_left_in

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

WRITTEN = ".written.json"


def _written(folder: Path) -> dict[str, list[str]]:
    """Read what we wrote; a record that cannot be read means that nothing is known to be ours."""
    try:
        record = json.loads((folder / WRITTEN).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    if not isinstance(record, dict):
        return {}
    return {
        str(name): [str(each) for each in hashes]
        for name, hashes in record.items()
        if isinstance(hashes, list)
    }


def _record(folder: Path, record: dict[str, list[str]]) -> None:
    temporary = folder / f"{WRITTEN}.tmp"
    temporary.write_text(
        json.dumps(record, ensure_ascii=False, sort_keys=True, indent=2) + "\n",
        encoding="utf-8",
        newline="\n",
    )
    temporary.replace(folder / WRITTEN)


def is_ours(path: Path) -> bool:
    """Tell whether a file is not there or still is what we wrote.

    Returns:
        False when somebody has changed it, or when it cannot be read because a program holds it.
    """
    if not path.exists():
        return True
    try:
        return file_hash(path) in _written(path.parent).get(path.name, [])
    except PermissionError:
        return False


def write_beside(path: Path, write: Callable[[Path], None]) -> Path:
    """Write a file, or, where it was changed by somebody or is held open, a numbered one beside it.

    Args:
        path: The wanted file, e.g. exceptions.xlsx.
        write: Writes the content to the path that it is given.

    Returns:
        The file that was written: `path`, or e.g. exceptions-2.xlsx.

    Raises:
        OSError: No file can be written in that folder.
    """
    remove_left_in(path.parent, f".{escape(path.name)}.*.tmp")
    temporary = path.with_name(f".{path.name}.{mark()}.tmp")
    try:
        write(temporary)
        return place_beside(temporary, path)
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def place_beside(fresh: Path, path: Path) -> Path:
    """Give a finished file its name, or a numbered one where somebody's file has that name.

    The new hash is recorded before the file gets its name, so that a crash between the two never
    makes our own file look like somebody's.

    Args:
        fresh: The finished file, on the same disk; it is moved.
        path: The wanted file.

    Raises:
        OSError: No file can be written in that folder.
    """
    content = file_hash(fresh)
    number = 1
    while True:
        target = path if number == 1 else path.with_name(f"{path.stem}-{number}{path.suffix}")
        number += 1
        if is_ours(target) and _take_name(fresh, target, content):
            return target


def _take_name(fresh: Path, target: Path, content: str) -> bool:
    """Give a finished file its name; False when another program holds a file of that name."""
    folder = target.parent
    record = _written(folder)
    _record(folder, {**record, target.name: [*record.get(target.name, [])[-1:], content]})
    try:
        fresh.replace(target)
    except PermissionError:
        if not target.exists():
            raise
        return False
    _record(folder, {**record, target.name: [content]})
    return True
