"""What one sheet gave: the record that the steps on a sheet pass on.

Not here: parsing it (`sheet`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decimal import Decimal

    import polars as pl

    from recon.base.models import RawSheet, Text
    from recon.base.rows import Stored
    from recon.intake.layout.mapping import SheetMap


@dataclass(frozen=True)
class Unread:
    """A column of which cells could not be read: how many of those that hold a text, and one."""

    column: str
    bad: int
    filled: int
    sample: str


@dataclass(frozen=True)
class ParsedSheet:
    """What one sheet gave.

    Shape: `accepted` has row_no and the table's columns; `rejected` and `quality` have the columns
    of `ITEM_SCHEMA`; `columns` maps contract column to (letter, header). Of a large sheet the
    accepted rows may lie in files, `stored`, and `accepted` is None. `repeated` source rows stand
    in another sheet too and count there; `twin` names a sheet that this one repeats as a whole.
    `doubtful` lists the row_no of rows that nobody can tell apart from others, or that clash with
    some; `told` and `asked` say so. `digest` is a hash of all cells. `doubt` is a question that the
    rows themselves raise (see `certainty`).
    """

    sheet: RawSheet
    found: SheetMap
    accepted: pl.DataFrame | None
    rejected: pl.DataFrame
    quality: pl.DataFrame
    skipped: dict[str, int]
    money: dict[str, dict[str, Decimal]]
    columns: dict[str, tuple[str | None, str]] = field(default_factory=dict)
    stored: tuple[Stored, ...] = ()
    repeated: int = 0
    twin: str | None = None
    doubtful: tuple[int, ...] = ()
    told: tuple[Text, ...] = ()
    asked: tuple[Text, ...] = ()
    digest: str | None = None
    unread: tuple[Unread, ...] = ()
    doubt: Text | None = None

    @property
    def rows_accepted(self) -> int:
        """Source rows that feed the table (a wide sheet feeds several rows from one)."""
        kept = sum(one.source_rows for one in self.stored)
        return kept if self.accepted is None else kept + self.accepted["row_no"].n_unique()

    @property
    def is_blank(self) -> bool:
        """Whether it is an empty form: the header of a table and no row of data."""
        is_known = self.found.table is not None
        return is_known and not (self.rows_accepted or self.rejected.height or self.repeated)

    @property
    def rows_skipped(self) -> int:
        """Rows that are no data."""
        return sum(self.skipped.values())
