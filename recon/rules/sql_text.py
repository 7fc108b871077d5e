"""What a statement of the SQL files says of itself: the tables it reads, the parameters it names.

Not here: running it (`recon.engine`).
"""

from __future__ import annotations

import re
from functools import lru_cache

_TABLE_WORD = re.compile(r"\b(?:from|join)\s+([a-z][a-z0-9_]*)", re.IGNORECASE)
_PARAMETER = re.compile(r"\$([a-z_][a-z0-9_]*)")
_COMMENT = re.compile(r"--[^\n]*")


@lru_cache(maxsize=4096)
def tables_in(sql: str) -> frozenset[str]:
    """Return the words after `from` and `join`: tables and CTEs that a statement reads."""
    return frozenset(word.lower() for word in _TABLE_WORD.findall(_COMMENT.sub("", sql)))


@lru_cache(maxsize=4096)
def parameters_in(sql: str) -> frozenset[str]:
    """Return the names of the `$parameters` of a statement."""
    return frozenset(_PARAMETER.findall(_COMMENT.sub("", sql)))
