"""The rows of one table, sheet by sheet: in memory, or of large sheets as Parquet files.

Here: where accepted rows lie between reading and the engine, and the numbers that they get. Not
here: what the rows are (`recon.intake`), and keeping them for a later run (`recon.intake.cache`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

#: A sheet with fewer rows stays in memory.
LARGE = 100_000
#: Rows of smaller sheets that stay in memory together.
MOST_HELD = 1_000_000

PLACE_SCHEMA: dict[str, pl.DataType] = {
    "row_id": pl.Int64(),
    "file_id": pl.Int32(),
    "sheet_no": pl.Int32(),
    "file": pl.String(),
    "sheet": pl.String(),
    "row_no": pl.Int64(),
}


@dataclass(frozen=True)
class Stored:
    """Accepted rows that lie in a file, and how many rows of the sheet fed them."""

    path: Path
    height: int
    source_rows: int


@dataclass
class Store:
    """A folder for the rows of large sheets; what stays in memory is bounded."""

    folder: Path
    _held: int = field(default=0, init=False)
    _count: int = field(default=0, init=False)

    def put(self, rows: pl.DataFrame, *, always: bool = False) -> Stored | None:
        """Put rows into a file, unless they are few and little is held in memory so far.

        Args:
            rows: row_no and the columns of a table.
            always: Into a file, however few they are.
        """
        if not always and rows.height < LARGE and self._held + rows.height <= MOST_HELD:
            self._held += rows.height
            return None
        self._count += 1
        path = self.folder / f"rows-{self._count:05}.parquet"
        rows.write_parquet(path, compression="lz4", statistics=False, mkdir=True)
        return Stored(path, rows.height, rows["row_no"].n_unique())


@dataclass(frozen=True)
class Part:
    """Rows of one table that one sheet gave.

    Shape: `rows` is a frame of row_no and the table's columns, or a Parquet file of it; they are
    numbered from `first_id` on.
    """

    rows: pl.DataFrame | Path
    height: int
    first_id: int
    file_id: int
    sheet_no: int
    file: str
    sheet: str | None

    def frame(self, columns: Sequence[str] | None = None) -> pl.DataFrame:
        """Return row_id and the table's columns, or some of them."""
        rows = self._read(columns)
        wanted = rows.drop("row_no") if columns is None else rows.select(columns)
        return wanted.insert_column(0, self._ids())

    def places(self) -> pl.DataFrame:
        """Return where the rows stand, in the shape of `PLACE_SCHEMA`."""
        rows = pl.DataFrame([self._ids(), self._read(["row_no"])["row_no"]])
        return rows.select(
            "row_id",
            pl.lit(self.file_id, dtype=pl.Int32).alias("file_id"),
            pl.lit(self.sheet_no, dtype=pl.Int32).alias("sheet_no"),
            pl.lit(self.file).alias("file"),
            pl.lit(self.sheet, dtype=pl.String).alias("sheet"),
            "row_no",
        )

    def _read(self, columns: Sequence[str] | None) -> pl.DataFrame:
        if isinstance(self.rows, Path):
            return pl.read_parquet(self.rows, columns=None if columns is None else list(columns))
        return self.rows

    def _ids(self) -> pl.Series:
        end = self.first_id + self.height
        return pl.int_range(self.first_id, end, dtype=pl.Int64, eager=True).alias("row_id")


@dataclass(frozen=True)
class Rows:
    """The rows of one table in the order of their numbers."""

    parts: tuple[Part, ...]

    @property
    def height(self) -> int:
        """Number of rows."""
        return sum(part.height for part in self.parts)

    def batches(self) -> Iterator[tuple[Part, ...]]:
        """Yield parts that are taken together: each stored one alone, those in memory at once."""
        for stored, parts in groupby(self.parts, lambda part: isinstance(part.rows, Path)):
            together = tuple(parts)
            yield from zip(together, strict=True) if stored else (together,)

    def frames(self, columns: Sequence[str] | None = None) -> Iterator[pl.DataFrame]:
        """Yield row_id and the table's columns, or some of them, one batch at a time."""
        for batch in self.batches():
            yield pl.concat([part.frame(columns) for part in batch], rechunk=True)

    def places(self) -> Iterator[pl.DataFrame]:
        """Yield where the rows stand, batch by batch as `frames`."""
        for batch in self.batches():
            yield pl.concat([part.places() for part in batch], rechunk=True)

    def frame(self) -> pl.DataFrame:
        """Return all rows as one frame; for folders that fit into memory."""
        return pl.concat(list(self.frames()), rechunk=True)

    def lazy(self) -> pl.LazyFrame:
        """Return the rows without their numbers, to be asked for sums and bounds."""
        return pl.concat(
            pl.scan_parquet(part.rows) if isinstance(part.rows, Path) else part.rows.lazy()
            for part in self.parts
        )


def height_of(tables: Mapping[str, Rows]) -> int:
    """Return the number of rows of all tables."""
    return sum(rows.height for rows in tables.values())


def places_of(tables: Mapping[str, Rows]) -> pl.DataFrame:
    """Return the places of all rows in the order of their numbers, as one frame."""
    return pl.concat([*source_rows(tables)], rechunk=True).sort("row_id")


def source_rows(tables: Mapping[str, Rows]) -> Iterator[pl.DataFrame]:
    """Yield the places of all rows (row_id, file_id, sheet, row_no), many at a time."""
    names = ["row_id", "file_id", "sheet", "row_no"]
    held = pl.DataFrame(schema=PLACE_SCHEMA).select(names)
    for rows in tables.values():
        for places in rows.places():
            held = pl.concat([held, places.select(names)])
            if held.height >= LARGE:
                yield held
                held = held.clear()
    yield held
