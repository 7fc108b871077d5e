"""Sizes as users write them: 2GB, 512 MB.

Nothing else: who keeps to a size is said where it is used.
"""

from __future__ import annotations

import re

_SIZE = re.compile(r"^\s*([0-9]+(?:\.[0-9]+)?)\s*([KMGT])?(i)?B?\s*$", re.IGNORECASE)
_POWERS = {"": 0, "K": 1, "M": 2, "G": 3, "T": 4}


def bytes_of(text: str) -> int | None:
    """Return the bytes that a size means; a bare number is bytes, K to T count by 1024.

    Args:
        text: Such as "2GB".

    Returns:
        None when it is no size or less than a megabyte, in which nothing can be read.

    Example:
        >>> bytes_of("2GB"), bytes_of("512 MiB"), bytes_of("viel")
        (2147483648, 536870912, None)
    """
    found = _SIZE.match(text)
    if found is None:
        return None
    size = int(float(found[1]) * 1024 ** _POWERS[(found[2] or "").upper()])
    return size if size >= 1024**2 else None
