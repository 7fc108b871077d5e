"""What reading may cost, from what the user says on the command line.

Not here: keeping to it (`worker`, `child`, `archive`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from recon.base.errors import PasswordFileError
from recon.base.models import ReadLimits
from recon.base.sizes import bytes_of

if TYPE_CHECKING:
    from pathlib import Path

#: From here on half of the memory still reads a workbook of a million rows.
_FOR_TWO = 4 * 1024**3


def read_limits(memory: str | None, password_file: Path | None) -> ReadLimits:
    """Return the limits of reading.

    Two files are read at once, each in a process that may take half of the memory; where half is
    too little for a big workbook, one file is read at a time and may take all of it.

    Args:
        memory: A size such as "2GB"; None leaves the default.
        password_file: A text file with passwords, one a line.

    Raises:
        PasswordFileError: The file is no text or holds no password.
    """
    password = _passwords(password_file) if password_file else None
    size = bytes_of(memory) if memory else None
    if size is None:
        return ReadLimits(password=password)
    readers = 2 if size >= _FOR_TWO else 1
    return ReadLimits(memory=size // readers, password=password, readers=readers)


def _passwords(path: Path) -> str:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise PasswordFileError(path) from None
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines:
        raise PasswordFileError(path)
    return "\n".join(lines)
