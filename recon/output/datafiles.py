"""The exact files of a run: parquet, csv and json for scripts, archives and `recon verify`.

The same result gives the same bytes, whatever the threads or the chunks of the frames. Not here:
anything for people to read (see `workbook`, `html`, `terminal`).
"""

from __future__ import annotations

import dataclasses
import json
import shutil
from datetime import date, datetime
from decimal import Decimal
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pyarrow.parquet as pq

from recon import __version__
from recon.base.kept import file_hash
from recon.intake.formats.parquet import OWN_MARK
from recon.output.items import ITEMS_FILE, manual_items
from recon.output.picks import MATCHES_FILE, PICKS_FILE
from recon.tables.masking import mask_cells
from recon.workspace.kept_run import RECORD, sealed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from recon.base.models import CheckResult, Text

MONEY = pl.Decimal(18, 2)
TEXTS = pl.List(pl.String)
#: The columns of an exception, in the order of the contract.
EXCEPTION_COLUMNS: dict[str, pl.DataType] = {
    "exception_id": pl.String(),
    "rule": pl.String(),
    "severity": pl.String(),
    "direction": pl.String(),
    "amount": MONEY,
    "counted": pl.Boolean(),
    "linked_to": pl.String(),
    "party_id": pl.String(),
    "party_name": pl.String(),
    "period": pl.String(),
    "expected": MONEY,
    "actual": MONEY,
    "difference": MONEY,
    "message": pl.String(),
    "message_en": pl.String(),
    "formula": pl.String(),
    "evidence": TEXTS,
    "policy": TEXTS,
    "unverified_policy": pl.Boolean(),
    "explanations": TEXTS,
    "explanations_en": TEXTS,
    "detail": pl.String(),
}
#: What a spreadsheet takes for the start of a formula (the full-width forms in East Asian locales).
_RUNNABLE = "^[=+\\-@\t\r\n＝＋－＠]"
#: Files whose hashes the record holds; those of the second line may differ between equal runs.
_SEALED = (".parquet", ".csv", ".json")
_UNSEALED = ("states.csv", "timing.json", ".written.json", RECORD)
_ROW_GROUP = 100_000
_SLICE = 50_000


def arrange(exceptions: pl.DataFrame) -> pl.DataFrame:
    """Return exceptions with exactly the contract's columns, order and types.

    Args:
        exceptions: One row per exception; columns that are not of the contract are left out.

    Raises:
        polars.exceptions.ColumnNotFoundError: A column of the contract is missing.
        polars.exceptions.InvalidOperationError: A value does not fit its type.
    """
    return exceptions.select(
        pl.col(name).cast(dtype, strict=True) for name, dtype in EXCEPTION_COLUMNS.items()
    )


def _as_json(value: object) -> object:
    """Turn what JSON does not know into what it knows; money never passes through a float."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Path):
        return value.as_posix()
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    if isinstance(value, set | frozenset):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} has no form in JSON")


def dump_json(value: object) -> str:
    r"""Write a value as JSON text that is the same every time.

    Args:
        value: Dicts, lists, texts, numbers, dates, decimals, paths and data classes.

    Returns:
        Indented JSON, keys sorted, decimals as strings, one newline at the end.

    Raises:
        TypeError: The value holds something that has no form in JSON.

    Example:
        >>> dump_json({"b": Decimal("1.50"), "a": None})
        '{\n  "a": null,\n  "b": "1.50"\n}\n'
    """
    text = json.dumps(
        value, default=_as_json, ensure_ascii=False, sort_keys=True, indent=2, allow_nan=False
    )
    return text + "\n"


def _csv_column(name: str, dtype: pl.DataType) -> pl.Expr:
    """Express one column as csv text: lists as JSON, text that a spreadsheet would run quoted."""
    value = pl.col(name)
    if isinstance(dtype, pl.List):
        coded = pl.struct(value.alias("v")).struct.json_encode()
        listed = coded.str.strip_prefix('{"v":').str.strip_suffix("}")
        return pl.when(value.is_not_null()).then(listed).alias(name)
    if isinstance(dtype, pl.String):
        runs = value.str.contains(_RUNNABLE)
        return pl.when(runs).then(pl.concat_str(pl.lit("'"), value)).otherwise(value).alias(name)
    if isinstance(dtype, pl.Decimal):
        return value.cast(MONEY)
    return value


def write_csv(frame: pl.DataFrame, path: Path) -> None:
    """Write a frame as the contract's csv.

    Args:
        frame: Any columns of text, lists of text, decimals, dates, whole numbers and flags.
        path: The file to write.

    Raises:
        OSError: The file cannot be written.

    Units: decimals with two places and a point; null is empty, an empty text is `""`.
    """
    columns = [_csv_column(name, dtype) for name, dtype in frame.schema.items()]
    with path.open("wb") as file:
        file.write(b"\xef\xbb\xbf")
        for start in range(0, max(frame.height, 1), _SLICE):
            frame.slice(start, _SLICE).select(columns).write_csv(
                file, include_header=start == 0, line_terminator="\r\n", date_format="%Y-%m-%d"
            )


def write_parquet(frame: pl.DataFrame, path: Path) -> None:
    """Write a frame as parquet whose bytes depend on nothing but its rows.

    Raises:
        OSError: The file cannot be written.
    """
    frame.rechunk().write_parquet(
        path,
        compression="zstd",
        compression_level=3,
        row_group_size=_ROW_GROUP,
        statistics=True,
        metadata={OWN_MARK: __version__},
    )


def write_frames(frames: Iterable[pl.DataFrame], path: Path) -> None:
    """Write frames one after the other as one parquet, never more than a row group of them held.

    Args:
        frames: Frames of one schema, at least one (it may be empty).
        path: The file to write; its bytes depend on the rows alone, not on how the frames are cut.

    Raises:
        OSError: The file cannot be written.
    """
    todo = iter(frames)
    first = next(todo)
    held = first.clear()
    table = held.to_arrow(compat_level=pl.CompatLevel.oldest())
    schema = table.schema.with_metadata({OWN_MARK: __version__})
    with pq.ParquetWriter(path, schema, compression="zstd", compression_level=3) as file:

        def put(rows: pl.DataFrame) -> None:
            rows = rows.rechunk()
            file.write_table(rows.to_arrow(compat_level=pl.CompatLevel.oldest()).cast(schema))

        for frame in chain([first], todo):
            held = pl.concat([held, frame])
            while held.height >= _ROW_GROUP:
                put(held.head(_ROW_GROUP))
                held = held.slice(_ROW_GROUP)
        put(held)


def _write_text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def _cells(result: CheckResult, cells: pl.DataFrame) -> pl.DataFrame:
    masked = mask_cells(cells, result.intake.sheets) if result.request.mask else cells
    masked = masked.drop("kind", strict=False)
    letter = pl.col("column_letter")
    return masked.sort(
        "file", "sheet", "row_no", letter.str.len_chars(), letter, maintain_order=True
    )


def _timing(result: CheckResult) -> dict[str, object]:
    request = result.request
    return {
        "engine": request.engine,
        "threads": request.threads,
        "memory": request.memory,
        "rules": {outcome.rule: round(outcome.seconds, 3) for outcome in result.outcomes},
        **result.timing,
    }


def write_data(result: CheckResult, folder: Path) -> None:
    """Write the data files of a run.

    Args:
        result: The finished run.
        folder: An existing folder; files of the same names are replaced.

    Raises:
        OSError: A file cannot be written.
        TypeError: `control` or `run_info` holds something that has no form in JSON.

    Shape: exceptions.parquet and .csv (columns of `EXCEPTION_COLUMNS`), quality.parquet,
    rejected.parquet, control.json, run.json, states.csv, timing.json; with a matcher's results
    also matches.parquet and pending_matches.parquet (see `MatchTables`); where the folder lists
    整改事项, items.parquet.
    """
    exceptions = arrange(result.exceptions)
    frames: dict[str, tuple[Callable[[pl.DataFrame, Path], None], pl.DataFrame]] = {
        "exceptions.parquet": (write_parquet, exceptions),
        "exceptions.csv": (write_csv, exceptions),
        "quality.parquet": (write_parquet, _cells(result, result.intake.quality)),
        "rejected.parquet": (write_parquet, _cells(result, result.intake.rejected)),
        "states.csv": (write_csv, result.states.sort("exception_id", maintain_order=True)),
    }
    if result.matches is not None:
        shutil.copyfile(result.matches.lines, folder / MATCHES_FILE)
        frames[PICKS_FILE] = (write_parquet, result.matches.picks)
    items = manual_items(result)
    if items.height:
        frames[ITEMS_FILE] = (write_parquet, items)
    for name, (write_frame, frame) in frames.items():
        write_frame(frame, folder / name)
    _write_text(folder / "control.json", dump_json(result.control))
    hashes = {
        path.name: file_hash(path)
        for path in folder.iterdir()
        if path.suffix in _SEALED and path.name not in _UNSEALED
    }
    record = sealed(json.loads(dump_json(result.run_info)), hashes)
    _write_text(folder / RECORD, dump_json(record))
    _write_text(folder / "timing.json", dump_json(_timing(result)))


def write(result: CheckResult, folder: Path) -> tuple[Text, ...]:
    """Write the data files (see `write_data`); there is never anything to tell."""
    write_data(result, folder)
    return ()
