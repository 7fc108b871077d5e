"""Every table of the input contract by name.

Adding a table is one model in a family module; nothing is listed here.
"""

from __future__ import annotations

from functools import cache

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
