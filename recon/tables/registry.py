"""Every table of the input contract by name.

Adding a table is one model in a family module; nothing is listed here.
"""

from __future__ import annotations

from functools import cache

import polars as pl

from recon.tables import (  # noqa: F401 - importing a family registers its tables
    assets,
    collection,
    fuel,
    ledgers,
    organisation,
    training,
)
from recon.tables.base import TableSpec, registered, spec_of


@cache
def specs() -> dict[str, TableSpec]:
    """Return the spec of every table by name, family by family."""
    return {spec.name: spec for spec in map(spec_of, registered())}


def staged_schema(spec: TableSpec) -> dict[str, pl.DataType]:
    """Return the columns of a `src_` table before its companions: the contract's and `row_id`."""
    texts = {f"{one.name}_text": pl.String() for one in spec.columns if one.keeps_text}
    return {**spec.schema, "row_id": pl.Int64(), **texts}
