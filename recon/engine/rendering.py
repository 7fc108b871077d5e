"""SQL text that renders messages, details and masks from a rule's YAML.

Templates and column names come from the catalog; every name is checked against the result's
columns and every literal is quoted, so nothing of a user's file reaches the statement.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from recon.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_FIELD = re.compile(r"\{([a-z_][a-z0-9_]*)\}")


def quote(text: str) -> str:
    """Return an SQL string literal.

    Example:
        >>> quote("it's")
        "'it''s'"
    """
    return "'" + text.replace("'", "''") + "'"


def _shown(expression: str, kind: str) -> str:
    if kind.startswith("DECIMAL") and not kind.endswith(",2)"):
        return f"number_text({expression})"
    return f"cast({expression} as varchar)"


def message_sql(
    template: str, columns: Mapping[str, str], shown: Mapping[str, str], place: str
) -> str:
    """Return the expression that fills a template from the columns of `found`.

    Args:
        template: Text with `{column}` fields.
        columns: Column name to DuckDB type.
        shown: Column name to the expression shown (masked where personal).
        place: Named when a field is unknown.

    Returns:
        An SQL expression of type varchar; an empty cell reads as “—”.

    Raises:
        EngineError: A field names no column.
    """
    parts: list[str] = []
    end = 0
    for field in _FIELD.finditer(template):
        name = field.group(1)
        if name not in columns:
            raise EngineError(place, f"the message names an unknown column '{name}'")
        parts.append(quote(template[end : field.start()]))
        parts.append(f"coalesce({_shown(shown[name], columns[name])}, '—')")
        end = field.end()
    parts.append(quote(template[end:]))
    return " || ".join(parts)


def detail_sql(names: Iterable[str], columns: Mapping[str, str], shown: Mapping[str, str]) -> str:
    """Return the expression of the rule's own columns as one JSON object in text."""
    plain = ("BIGINT", "INTEGER", "BOOLEAN")
    fields = ", ".join(
        f"{quote(name)}: "
        + (shown[name] if columns[name] in plain else _shown(shown[name], columns[name]))
        for name in names
    )
    return f"cast(to_json({{{fields}}}) as varchar)" if fields else "'{}'"


def mask_sql(name: str, kind: str) -> str:
    """Return the expression that masks a column of `found`.

    Args:
        name: Column name.
        kind: id_no (450881********0015), person (张*三), phone (138****0000), account or card
            (last four).

    Returns:
        An SQL expression of type varchar.
    """
    column = f"cast(found.{name} as varchar)"
    size = f"length({column})"
    match kind:
        case "id_no":
            return (
                f"case when {size} >= 15 then substr({column}, 1, 6) || "
                f"repeat('*', {size} - 10) || substr({column}, {size} - 3) "
                f"else repeat('*', {size} - 2) || substr({column}, {size} - 1) end"
            )
        case "person":
            return (
                f"case when {size} >= 3 then substr({column}, 1, 1) || "
                f"repeat('*', {size} - 2) || substr({column}, {size}, 1) "
                f"else substr({column}, 1, 1) || '*' end"
            )
        case "phone":
            return f"substr({column}, 1, 3) || '****' || substr({column}, {size} - 3)"
        case _:
            return f"'****' || substr({column}, {size} - 3)"
