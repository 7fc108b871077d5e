"""What a table of the input contract is: a class whose attributes are its columns.

Here: the kinds and facets of columns, the base class `Table` and the `TableSpec` view that the rest
of the house reads. Not here: any single table (see the family modules) and any check of a value
(see `checks`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, TypedDict, Unpack

import polars as pl

from recon.tables.checks import checks_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    from pandera.polars import DataFrameSchema

#: No union has figures like these; products of smaller ones stay within what SQL can hold.
_MOST: dict[str, int] = {"money": 10**12, "qty": 10**9, "rate": 10**6, "int": 10**9}

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

#: What the texts of a column name: a person; a unit, or a person who stands for one; several units
#: in one cell; a telephone; a place smaller than a county.
Holds = Literal["person", "unit", "units", "phone", "place"]

#: How exports of a table are laid out, where its layout is read by more than its headers.
Layout = Literal["statement", "ledger", "balances", "card"]

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
    """One column of the input contract: all that is known of it, see `column`."""

    name: str
    kind: Kind
    zh: str
    aliases: tuple[str, ...] = ()
    required: bool = False
    default: str | None = None
    values: tuple[str, ...] = ()
    note: str = ""
    holds: Holds | None = None
    summed: bool = True
    running: bool = False
    one_of: str | None = None
    unit: Literal["wan"] | None = None
    event: bool = False
    keeps_text: bool = False
    whole_month: bool = False

    @property
    def dtype(self) -> pl.DataType:
        """The polars type of the parsed column (text-like kinds are String)."""
        return DTYPES.get(self.kind, pl.String())

    @property
    def headers(self) -> tuple[str, ...]:
        """The Chinese header and all its aliases."""
        return (self.zh, *self.aliases)

    @property
    def tells_money(self) -> bool:
        """Whether it holds money, or the direction of some."""
        return self.kind == "money" or self.name == "direction"

    @property
    def adds_up(self) -> bool:
        """Whether the rows of the column add up to the figure in a total row."""
        return self.summed and not self.running

    @property
    def shown_as(self) -> str:
        """What decides how a value is shown: its kind, or what the text holds.

        `person`, `party` (a unit, or a person where the name reads like one), `phone`, else `kind`.
        """
        named: dict[str, str] = {
            "person": "person",
            "unit": "party",
            "units": "party",
            "phone": "phone",
        }
        return named.get(self.holds or "", self.kind)


class Facets(TypedDict, total=False):
    """What may be said of a column beside its kind and header; no other module lists columns.

    aliases: Other headers that mean the same.
    required: A row is set aside when this cell is empty or unreadable.
    default: Text that stands for an empty cell or a missing column.
    values: Allowed values of an enum.
    note: A remark for the manual.
    holds: Whom or what the texts name; says who is a person, everywhere.
    summed: Whether the rows of a money column add up to the figure in a total row.
    running: A balance that goes on from row to row; never summed.
    one_of: The group of columns of which at least one must be given.
    unit: The unit of a quantity that is not in ones.
    event: The day on which a row happened (planned days are no events).
    keeps_text: Whether the text of the cell is kept beside the value, as `<column>_text`.
    whole_month: Whether a day that is written as a month only (2022年6月) counts as its last day;
        only where a later day claims less.
    """

    aliases: tuple[str, ...]
    required: bool
    default: str | None
    values: tuple[str, ...]
    note: str
    holds: Holds
    summed: bool
    running: bool
    one_of: str
    unit: Literal["wan"]
    event: bool
    keeps_text: bool
    whole_month: bool


@dataclass(frozen=True)
class TableSpec:
    """One table of the input contract, as `recon` sees it."""

    name: str
    zh: str
    family: str
    aliases: tuple[str, ...]
    key: tuple[str, ...]
    columns: tuple[ColumnSpec, ...]
    layout: Layout | None = None
    grows: bool = False

    @cached_property
    def contract(self) -> DataFrameSchema:
        """The same as a pandera schema, for whoever checks frames by one; made when asked."""
        import pandera.polars as pa  # noqa: PLC0415 - slow to load, and a run needs none of it

        columns = {
            one.name: pa.Column(
                one.dtype, checks_for(one.kind, one.values), nullable=not one.required
            )
            for one in self.columns
        }
        return pa.DataFrameSchema({"row_id": pa.Column(pl.Int64), **columns}, strict=True)

    @cached_property
    def by_name(self) -> dict[str, ColumnSpec]:
        """Columns by their names."""
        return {column.name: column for column in self.columns}

    @property
    def sides(self) -> tuple[str, ...]:
        """The columns that only together say what went in and out."""
        pairs = {"statement": ("money_in", "money_out"), "ledger": ("debit", "credit")}
        return pairs.get(self.layout or "", ())

    @property
    def schema(self) -> dict[str, pl.DataType]:
        """Column name to polars type, in contract order, without `row_id`."""
        return {column.name: column.dtype for column in self.columns}

    def holding(self, *what: Holds) -> tuple[str, ...]:
        """Names of the columns whose texts name that."""
        return tuple(column.name for column in self.columns if column.holds in what)

    @cached_property
    def one_of(self) -> dict[str, tuple[str, ...]]:
        """By group, the columns of which a sheet or a row must give at least one."""
        groups: dict[str, tuple[str, ...]] = {}
        for column in self.columns:
            if column.one_of:
                groups[column.one_of] = (*groups.get(column.one_of, ()), column.name)
        return groups

    @property
    def event_days(self) -> tuple[str, ...]:
        """Columns of the day on which a row happened; the first that a row gives counts."""
        return tuple(column.name for column in self.columns if column.event)

    def later_than(self, day: date) -> pl.Expr | None:
        """Return what holds of rows that happened after a day; None where rows do not happen."""
        days = [pl.col(name).cast(pl.Date) for name in self.event_days]
        if not any(self.by_name[name].required for name in self.event_days):
            return None
        return (pl.coalesce(days) > day).fill_null(value=False)

    def beyond_reckoning(self, given: Iterable[str]) -> pl.Expr | None:
        """Return what holds of rows with a figure too large to be one, among given columns."""
        kinds = {name: self.by_name[name].kind for name in given if name in self.by_name}
        figures = [
            pl.col(name).abs() >= _MOST[kind] for name, kind in kinds.items() if kind in _MOST
        ]
        return pl.any_horizontal(figures).fill_null(value=False) if figures else None


@dataclass(frozen=True)
class _Declared:
    """One column of a table's class, until `spec_of` makes it a `ColumnSpec`."""

    facets: dict[str, Any]


def column(kind: Kind, zh: str, **facets: Unpack[Facets]) -> _Declared:
    """Declare one column of a table.

    Args:
        kind: How the text of a cell is read, and so the column's type.
        zh: The Chinese header.
        **facets: See `Facets`.
    """
    return _Declared({"kind": kind, "zh": zh, **facets})


class Table:
    """Base of every table: its attributes are the columns, in their order."""


@dataclass(frozen=True)
class _Sheet:
    zh: str
    family: str
    aliases: tuple[str, ...] = ()
    key: tuple[str, ...] = ()
    layout: Layout | None = None
    grows: bool = False


_SHEETS: dict[type[Table], _Sheet] = {}


def sheet(
    zh: str,
    *,
    aliases: tuple[str, ...] = (),
    key: tuple[str, ...] = (),
    layout: Layout | None = None,
    grows: bool = False,
) -> Callable[[type[Table]], type[Table]]:
    """Register a model as a table of the input contract.

    Args:
        zh: The sheet's Chinese title.
        aliases: Other titles that mean the same.
        key: Columns that are unique together.
        layout: How its exports are laid out beyond their headers.
        grows: Whether it grows day by day; else it is a register.

    Returns:
        A class decorator; the family is the model's module.
    """

    def register(model: type[Table]) -> type[Table]:
        family = model.__module__.rsplit(".", 1)[-1]
        _SHEETS[model] = _Sheet(zh, family, aliases, key, layout, grows)
        return model

    return register


def registered() -> tuple[type[Table], ...]:
    """Return every registered model in the order of registration."""
    return tuple(_SHEETS)


def spec_of(model: type[Table]) -> TableSpec:
    """Return the contract view of a model.

    Args:
        model: A registered class; its snake-cased name is the table's name.

    Returns:
        The spec with columns in the order they are declared.
    """
    columns = tuple(
        ColumnSpec(name=name, **declared.facets)
        for name, declared in vars(model).items()
        if isinstance(declared, _Declared)
    )
    name = re.sub(r"(?<!^)([A-Z])", r"_\1", model.__name__).lower()
    return TableSpec(name=name, columns=columns, **vars(_SHEETS[model]))
