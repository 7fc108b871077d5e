"""Parquet: what a warehouse exports. Typed columns become the same texts that a csv would hold.

A file is never held whole: its rows come slice by slice. The names of the columns stand as row 0
above the rows, which are counted from 1. Not here: joining slices to a sheet (`slices`).
"""

from __future__ import annotations

import io
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from recon.base.models import RawSheet, Text
from recon.intake.formats.letters import letter_of
from recon.intake.formats.numbers import FIRST_CUT, plain
from recon.intake.formats.refusals import RefusedError

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Stands in the metadata of the tool's own files, none of which is input.
OWN_MARK = "made_by_recon"
#: Rows that are held as text at once.
SLICE = 200_000
#: Rows by which a long file is known.
HEAD = 1000
_MOST_COLUMNS = 16_384
_MOST_BYTES = 1024**3
_PAGE = 1024**2
#: Moments that name their zone are shown in China's.
_CHINA = "8h"


@dataclass(frozen=True)
class _Slices:
    """The cells of a file, read anew each time they are asked for."""

    source: Path | bytes
    columns: tuple[int, ...]
    header: pl.DataFrame

    def __call__(self) -> Iterator[pl.DataFrame]:
        """Yield all rows, the header on top of the first."""
        slices = _slices(self.source, self.columns)
        yield pl.concat([self.header, next(slices, self.header.clear())])
        yield from slices


def read_parquet(source: Path | bytes, path: str) -> RawSheet:
    """Read a Parquet file; of a long one the first rows, and `slices` gives all.

    Args:
        source: The file, or its bytes where it lies in an archive.
        path: Its path as shown.

    Raises:
        RefusedError: `parquet` when it is damaged, `own_output`, `oversized`, `empty`, `memory`.
    """
    with _opened(source) as file:
        schema, count = file.schema_arrow, file.metadata.num_rows
        if OWN_MARK.encode() in (file.metadata.metadata or {}):
            raise RefusedError("own_output")
    nested = [field.name for field in schema if pa.types.is_nested(field.type)]
    flat = tuple(i for i, field in enumerate(schema) if not pa.types.is_nested(field.type))
    if not flat:
        raise RefusedError("empty")
    if len(flat) > _MOST_COLUMNS:
        raise RefusedError("oversized", "1")
    names = {letter_of(at): schema.field(i).name or None for at, i in enumerate(flat)}
    header = pl.DataFrame({"row_no": [0], **names}, schema=_schema(len(flat)))
    slices = _Slices(source, flat, header)
    is_long = count > SLICE
    few = next(_slices(source, flat, HEAD), header.clear()) if is_long else None
    return RawSheet(
        file_id=0,
        path=path,
        sheet=None,
        hidden=False,
        cells=next(slices()) if few is None else pl.concat([header, few]),
        rows_total=count,
        notes=(_left_out(nested),) if nested else (),
        slices=slices if is_long else None,
    )


def _left_out(nested: list[str]) -> Text:
    zh, en = "、".join(nested), ", ".join(nested)
    return Text(
        f"列 {zh} 是列表或结构，不是单个值，没有读取。",
        f"Columns {en} hold lists or structures, not single values; they were not read.",
    )


def _schema(width: int) -> dict[str, type[pl.DataType]]:
    return {"row_no": pl.Int64} | {letter_of(at): pl.String for at in range(width)}


@contextmanager
def _opened(source: Path | bytes) -> Iterator[pq.ParquetFile]:
    """Open a file; whatever the reader stumbles over becomes one refusal."""
    try:
        with pq.ParquetFile(
            source if isinstance(source, Path) else io.BytesIO(source),
            buffer_size=_PAGE,
            pre_buffer=False,
            page_checksum_verification=True,
            coerce_int96_timestamp_unit="us",
        ) as file:
            yield file
    except FileNotFoundError:
        raise RefusedError("vanished") from None
    except PermissionError:
        raise RefusedError("denied") from None
    except MemoryError:
        raise RefusedError("memory", f"{_MOST_BYTES / 1024**3:.1f} GB") from None
    except (pa.ArrowException, pl.exceptions.PolarsError, OSError, ValueError):
        raise RefusedError("parquet") from None


def _slices(
    source: Path | bytes, columns: tuple[int, ...], height: int | None = None
) -> Iterator[pl.DataFrame]:
    """Yield all rows as cells, so many at a time, numbered from 1."""
    done = 0
    with _opened(source) as file:
        for batch in file.iter_batches(batch_size=height or SLICE):
            if batch.nbytes > _MOST_BYTES:
                raise MemoryError
            batch.validate(full=True)
            texts = [_texts(batch.column(i)) for i in columns]
            end = done + batch.num_rows
            yield pl.DataFrame(
                [pl.int_range(done + 1, end + 1, dtype=pl.Int64, eager=True).alias("row_no")]
                + [one.alias(letter_of(at)) for at, one in enumerate(texts)]
            )
            done = end
        if done != file.metadata.num_rows:
            raise RefusedError("parquet")


def _texts(column: pa.Array) -> pl.Series:
    """Write the values of a column as a csv would: shortest form, null for nothing."""
    if pa.types.is_timestamp(column.type):
        return _moments(column)
    if pa.types.is_decimal256(column.type):
        column = column.cast(pa.string())
    values = pl.Series("text", column)
    if values.dtype.is_float():
        return _numbers(values)
    if isinstance(values.dtype, pl.Decimal) and (values.dtype.scale or 0) > 2:
        return values.cast(pl.String).str.strip_chars_end("0").str.strip_suffix(".")
    if values.dtype == pl.Time:
        return values.dt.strftime("%H:%M:%S")
    texts = values.cast(pl.String)
    blank = texts == ""
    return texts.set(blank, None) if blank.any() else texts


def _moments(column: pa.Array) -> pl.Series:
    """Write moments to the second; midnight is left out, a moment with a zone is China's."""
    values = pl.Series("text", column.cast(pa.timestamp("us"), safe=False))
    if column.type.tz is not None:
        values = values.dt.offset_by(_CHINA)
    return values.dt.strftime("%Y-%m-%d %H:%M:%S").str.strip_suffix(" 00:00:00")


def _numbers(values: pl.Series) -> pl.Series:
    """Write binary numbers in their shortest exact form; those too long to be exact as cut."""
    texts = values.fill_nan(None).cast(pl.String).str.strip_suffix(".0")
    odd = texts.str.contains("e", literal=True) | (values.abs() >= FIRST_CUT)
    if not odd.fill_null(value=False).any():
        return texts
    shown = {
        number: f"{number:.14E}" if abs(number) >= FIRST_CUT else plain(number)
        for number in values.filter(odd & values.is_finite()).unique()
    }
    exact = values.replace_strict(
        list(shown), list(shown.values()), default=None, return_dtype=pl.String
    )
    return exact.fill_null(texts)
