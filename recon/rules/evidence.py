"""The source rows of exceptions where they follow from equal keys: a rule's YAML says which.

Here: what `evidence:` may say, and the select that is made of it. Not here: evidence that needs
more than that, which is the second statement of the rule's SQL.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BeforeValidator, Strict, StringConstraints

from recon.base.models import Text
from recon.base.shapes import Shape

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

#: What a name of a table or column may be, wherever a rule's YAML says one that reaches SQL.
Name = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z][a-z0-9_]*$"),
    Text("名称：只有小写字母、数字和下划线", "a name: small letters, digits and '_' only"),
]
Names = Annotated[tuple[Name, ...], Strict(strict=False), Text("列名的列表", "a list of columns")]
_Key = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z][a-z0-9_]* *(= *[a-z][a-z0-9_]* *)?$"),
    Text(
        "列名；两边列名不同的写“本表列 = 规则列”",
        "the name of a column; where the two sides differ, 'column = column of the rule'",
    ),
]
#: In place of a table: the rule's own result holds the source rows.
OWN = "found"


class Rows(Shape):
    """The rows of a table that belong to an exception.

    `keys`: columns equal on both sides; "class_no = first_class_no" where the table calls it
    class_no and the rule's result first_class_no. `rows`: the columns that hold source rows.
    `where`: a further condition, in SQL; `found.` stands before a column of the result.
    """

    keys: Annotated[tuple[_Key, ...], Strict(strict=False)] = ()
    where: str | None = None
    rows: Names = ("row_id",)

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Column of the table, column of the rule's result."""
        words = [key.partition("=") for key in self.keys]
        return [(own.strip(), (found if sign else own).strip()) for own, sign, found in words]


def _spelt_out(said: Any) -> Any:  # noqa: ANN401 - what YAML gave
    """Return what stands behind a table's name as a list of what `Rows` may say."""
    if isinstance(said, dict):
        return [said]
    is_keys = isinstance(said, list) and not any(isinstance(one, dict) for one in said)
    return [{"keys": said}] if is_keys else said


#: By table: its keys alone, or what `Rows` may say, once or several times.
Declared = dict[
    Name, Annotated[tuple[Rows, ...], Strict(strict=False), BeforeValidator(_spelt_out)]
]


def evidence_faults(path: Path, declared: Mapping[str, tuple[Rows, ...]]) -> Iterable[Text]:
    """Yield what of a rule's `evidence:` joins a table with nothing."""
    for table, said in declared.items():
        if table != OWN and not all(rows.keys for rows in said):
            yield Text(
                f"{path}: evidence.{table}: 没有 keys。写出两边相等的列。",
                f"{path}: evidence.{table}: no keys. Name the columns that are equal on both "
                "sides.",
            )


def evidence_select(declared: Mapping[str, tuple[Rows, ...]]) -> str:
    """Return the select of exception_no and row_id that `evidence:` stands for.

    Example:
        >>> print(evidence_select({"stg_payer": (Rows(keys=("party_id",)),)}))
        select found.exception_no, stg_payer.row_id
        from found
        inner join stg_payer on found.party_id = stg_payer.party_id
    """
    return "\nunion all\n".join(
        _select(table, rows, column)
        for table, said in declared.items()
        for rows in said
        for column in rows.rows
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
