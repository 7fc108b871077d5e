"""What makes two lines the same whatever their row numbers.

Keys of lines and ids of groups are hashes of a line's content. Not here: anything else.
"""

from __future__ import annotations

_COLUMNS = ("day", "amount", "party_id", "reference", "shared_key", "account", "text_")

_TEXTS = (f"coalesce(cast(match_input.{column} as varchar), '')" for column in _COLUMNS)
#: The content of a line of `match_input` as one text; one call is cheaper than a chain of `||`.
CONTENT = f"concat_ws('|', {', '.join(_TEXTS)})"


def content_sql() -> str:
    """Return the SQL of the content key of a line of `match_input`: 16 hex characters."""
    return f"substr(md5({CONTENT}), 1, 16)"
