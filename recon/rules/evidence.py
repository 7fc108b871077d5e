"""The source rows of exceptions where they follow from equal keys: a rule's YAML says which.

Here: what `evidence:` may say, and the select that is made of it. Not here: evidence that needs
more than that, which is the second statement of the rule's SQL.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from recon.base.models import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

#: What a name of a table or column may be, wherever a rule's YAML says one.
NAME = re.compile(r"^[a-z][a-z0-9_]*$")
#: In place of a table: the rule's own result holds the source rows.
OWN = "found"


class Rows(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The rows of a table that belong to an exception.

    `keys`: columns equal on both sides; "class_no = first_class_no" where the table calls it
    class_no and the rule's result first_class_no. `rows`: the columns that hold source rows.
    `where`: a further condition, in SQL; `found.` stands before a column of the result.
    """

    keys: tuple[str, ...] = ()
    where: str | None = None
    rows: tuple[str, ...] = ("row_id",)

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Column of the table, column of the rule's result."""
        words = [key.partition("=") for key in self.keys]
        return [(own.strip(), (found if sign else own).strip()) for own, sign, found in words]


#: What stands behind a table's name: its keys alone, or what `Rows` may say, once or several times.
Declared = Rows | list[str | Rows]


def _all(declared: Mapping[str, Declared]) -> Iterator[tuple[str, Rows]]:
    for table, said in declared.items():
        if isinstance(said, Rows):
            yield table, said
        elif said and all(isinstance(one, Rows) for one in said):
            yield from ((table, one) for one in said if isinstance(one, Rows))
        else:
            yield table, Rows(tuple(str(one) for one in said))


def evidence_faults(path: Path, declared: Mapping[str, Declared]) -> Iterable[Text]:
    """Yield what of `evidence:` names no column, or joins a table with nothing.

    Args:
        path: The rule's YAML, named in the message.
        declared: What stands behind `evidence:`.
    """
    for table, rows in _all(declared):
        place = f"{path}: evidence.{table}"
        for name in (table, *rows.rows, *(name for pair in rows.pairs for name in pair)):
            if not NAME.match(name):
                yield Text(
                    f"{place}: “{name}”不是列名。写列名；两边列名不同的写“本表列 = 规则列”。",
                    f"{place}: '{name}' is no name of a column. Name columns; where the two sides "
                    "differ, 'column = column of the rule'.",
                )
        if table != OWN and not rows.keys:
            yield Text(
                f"{place}: 没有 keys。写出两边相等的列。",
                f"{place}: no keys. Name the columns that are equal on both sides.",
            )


def evidence_select(declared: Mapping[str, Declared]) -> str:
    """Return the select of exception_no and row_id that `evidence:` stands for.

    Example:
        >>> print(evidence_select({"stg_payer": ["party_id"]}))
        select found.exception_no, stg_payer.row_id
        from found
        inner join stg_payer on found.party_id = stg_payer.party_id
    """
    return "\nunion all\n".join(
        _select(table, rows, column) for table, rows in _all(declared) for column in rows.rows
    )


def _select(table: str, rows: Rows, column: str) -> str:
    shown = column if column == "row_id" else f"{column} as row_id"
    lines = [f"select found.exception_no, {table}.{shown}", "from found"]
    if table != OWN:
        equal = (f"found.{found} = {table}.{own}" for own, found in rows.pairs)
        lines.append(f"inner join {table} on {' and '.join(equal)}")
    if rows.where:
        lines.append(f"where {rows.where}")
    return "\n".join(lines)
