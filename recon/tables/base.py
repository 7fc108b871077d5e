"""What a table of the input contract is: a pandera model whose columns carry headers and kinds.

Here: the kinds, the `column()` field maker, the `Table` base model and the `TableSpec` view that
the rest of the house reads. Not here: any single table (see the family modules) and any check of a
value (see `checks`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, Literal

import pandera.polars as pa
import polars as pl
from pandera.api.dataframe.model_components import FieldInfo
from pandera.typing.polars import Series

from recon.tables.checks import checks_for

if TYPE_CHECKING:
    from collections.abc import Callable

Kind = Literal[
    "text",
    "uscc",
    "id_no",
    "plate",
    "account",
    "card",
    "date",
    "datetime",
    "month",
    "money",
    "qty",
    "rate",
    "int",
    "bool",
    "enum",
]

Str = Series[pl.String]
Day = Series[pl.Date]
Moment = Series[Annotated[pl.Datetime, "us", None]]
Money = Series[Annotated[pl.Decimal, 18, 2]]
Quantity = Series[Annotated[pl.Decimal, 18, 6]]
Whole = Series[pl.Int64]
Flag = Series[pl.Boolean]

DTYPES: dict[str, pl.DataType] = {
    "date": pl.Date(),
    "month": pl.Date(),
    "datetime": pl.Datetime("us"),
    "money": pl.Decimal(18, 2),
    "qty": pl.Decimal(18, 6),
    "rate": pl.Decimal(18, 6),
    "int": pl.Int64(),
    "bool": pl.Boolean(),
}


@dataclass(frozen=True)
class ColumnSpec:
    """One column of the input contract: name, kind, Chinese header and what is demanded."""

    name: str
    kind: Kind
    zh: str
    aliases: tuple[str, ...] = ()
    required: bool = False
    default: str | None = None
    values: tuple[str, ...] = ()
    note: str = ""

    @property
    def dtype(self) -> pl.DataType:
        """The polars type of the parsed column (text-like kinds are Str)."""
        return DTYPES.get(self.kind, pl.String())

    @property
    def headers(self) -> tuple[str, ...]:
        """The Chinese header and all its aliases."""
        return (self.zh, *self.aliases)


@dataclass(frozen=True)
class TableSpec:
    """One table of the input contract, as `recon` sees it."""

    name: str
    zh: str
    family: str
    aliases: tuple[str, ...]
    key: tuple[str, ...]
    columns: tuple[ColumnSpec, ...]
    model: type[Table]

    @cached_property
    def contract(self) -> pa.DataFrameSchema:
        """The pandera schema with the checks of each column's kind; costly, so made when asked."""
        checks = {one.name: {"checks": checks_for(one.kind, one.values)} for one in self.columns}
        return self.model.to_schema().update_columns(checks)

    @cached_property
    def by_name(self) -> dict[str, ColumnSpec]:
        """Columns by their names."""
        return {column.name: column for column in self.columns}

    @property
    def schema(self) -> dict[str, pl.DataType]:
        """Column name to polars type, in contract order, without `row_id`."""
        return {column.name: column.dtype for column in self.columns}

    @cached_property
    def checked(self) -> pa.DataFrameSchema:
        """The part of the contract that has checks of values: most columns have none."""
        plain = [name for name, column in self.contract.columns.items() if not column.checks]
        return self.contract.remove_columns(plain)


def column(  # noqa: PLR0913 - a column has that many facets; all but two are keywords
    kind: Kind,
    zh: str,
    *,
    aliases: tuple[str, ...] = (),
    required: bool = False,
    default: str | None = None,
    values: tuple[str, ...] = (),
    note: str = "",
) -> Any:  # noqa: ANN401 - pandera fields are untyped by design
    """Declare one column of a table.

    Args:
        kind: How the text of a cell is read (see tables.yaml of the contract).
        zh: The Chinese header.
        aliases: Other headers that mean the same.
        required: A row is set aside when this cell is empty or unreadable.
        default: Text that stands for an empty cell or a missing column.
        values: Allowed values of an enum.
        note: A remark for the manual.

    Returns:
        A pandera field with the facets as metadata; the checks of the kind come with `spec_of`.
    """
    facets = {
        "kind": kind,
        "zh": zh,
        "aliases": aliases,
        "required": required,
        "default": default,
        "values": values,
        "note": note,
    }
    return pa.Field(nullable=not required, metadata=facets)


class Table(pa.DataFrameModel):
    """Base of every table model."""

    row_id: Series[pl.Int64] = pa.Field(nullable=False)

    class Config:
        """The typed frame has exactly these columns; nothing is coerced or dropped."""

        strict = True
        coerce = False


@dataclass(frozen=True)
class _Sheet:
    zh: str
    family: str
    aliases: tuple[str, ...]
    key: tuple[str, ...]


_SHEETS: dict[type[Table], _Sheet] = {}


def sheet(
    zh: str, *, aliases: tuple[str, ...] = (), key: tuple[str, ...] = ()
) -> Callable[[type[Table]], type[Table]]:
    """Register a model as a table of the input contract.

    Args:
        zh: The sheet's Chinese title.
        aliases: Other titles that mean the same.
        key: Columns that are unique together.

    Returns:
        A class decorator; the family is the model's module.
    """

    def register(model: type[Table]) -> type[Table]:
        _SHEETS[model] = _Sheet(zh, model.__module__.rsplit(".", 1)[-1], aliases, key)
        return model

    return register


def registered() -> tuple[type[Table], ...]:
    """Return every registered model in the order of registration."""
    return tuple(_SHEETS)


def spec_of(model: type[Table]) -> TableSpec:
    """Return the contract view of a model.

    Args:
        model: A registered pandera model; its snake-cased name is the table's name.

    Returns:
        The spec with columns in the order they are declared.
    """
    about = _SHEETS[model]
    columns = tuple(
        ColumnSpec(name=name, **facets)
        for name, field in vars(model).items()
        if isinstance(field, FieldInfo) and (facets := field.metadata)
    )
    return TableSpec(
        name=re.sub(r"(?<!^)([A-Z])", r"_\1", model.__name__).lower(),
        zh=about.zh,
        family=about.family,
        aliases=about.aliases,
        key=about.key,
        columns=columns,
        model=model,
    )
