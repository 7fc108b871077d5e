"""pandera for polars, kept from importing pandas, which it does wherever that is installed.

The client of Spark asks for pandas, and importing it takes as long as everything else at the start.
Not here: any model.
"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from importlib.abc import MetaPathFinder
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import ModuleType


class _NoPandas(MetaPathFinder):
    """Says that pandas is not installed."""

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> None:
        """Refuse pandas and pass over everything else."""
        del path, target
        if name == "pandas":
            raise ModuleNotFoundError(f"No module named '{name}'", name=name)


@contextmanager
def _without_pandas() -> Iterator[None]:
    finder = _NoPandas()
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)


with _without_pandas():
    import pandera.polars as pa
    from pandera.errors import SchemaErrors
    from pandera.typing.polars import Series

__all__ = ["SchemaErrors", "Series", "pa"]
