"""What the runs of an output folder say of exceptions: their facts, as data and as shown.

Not here: what reviewers say of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from recon.ledger.decisions import FACTS
from recon.output.sheets import fact_columns
from recon.workspace.folder import latest_run
from recon.workspace.kept_run import proven_record, read_record

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal
    from pathlib import Path

_SHORTEST = 4
#: Columns that a later run writes anew in a kept folder, or in other words than the data files
#: have; they prove nothing about an edit.
_RENEWED = ("状态", "上次结论", "依据/政策参数")


@dataclass(frozen=True)
class Known:
    """One exception of a run: `facts` as the ledger keeps them, `shown` by workbook header."""

    run_id: str
    amount: Decimal | None
    facts: dict[str, str | None]
    shown: dict[str, object]


def known_exceptions(out_dir: Path, run_id: str | None, wanted: set[str]) -> dict[str, Known]:
    """Find exceptions by id in the runs of an output folder.

    Args:
        out_dir: The output folder.
        run_id: The run to look in first, e.g. the one that a workbook is of.
        wanted: Ids.

    Raises:
        RunAlteredError: A run that is looked in is not what was written.

    Returns:
        What is known by id; an id that no run has is left out. After the named run the newest is
        looked in, then the others.
    """
    found: dict[str, Known] = {}
    for folder in run_folders(out_dir, run_id):
        missing = wanted - found.keys()
        if not missing:
            break
        proven_record(folder)
        exceptions = pl.scan_parquet(folder / "exceptions.parquet").filter(
            pl.col("exception_id").is_in(list(missing))
        )
        found |= _known_of(folder, exceptions.collect())
    return found


def ids_like(out_dir: Path, beginning: str) -> list[str]:
    """Return the ids that begin so in the newest run that has any, sorted.

    A beginning of fewer than four characters that is no whole id names none.
    """
    for folder in run_folders(out_dir, None):
        ids = pl.read_parquet(folder / "exceptions.parquet", columns=["exception_id"])
        near = ids.filter(pl.col("exception_id").str.starts_with(beginning))["exception_id"]
        if near.len() and len(beginning) >= _SHORTEST:
            return sorted(near)
    return []


def is_run(out_dir: Path, run_id: str) -> bool:
    """Tell whether an output folder holds a complete run of this id."""
    return out_dir / run_id in run_folders(out_dir, None)


def run_folders(out_dir: Path, run_id: str | None) -> Iterator[Path]:
    """Yield complete run folders: the named run, then the newest, then the others.

    Args:
        out_dir: The output folder.
        run_id: The run to begin with, or None.
    """
    seen: set[Path] = set()
    latest = latest_run(out_dir)
    first = [out_dir / run_id] if run_id else []
    others = sorted(out_dir.iterdir()) if out_dir.is_dir() else []
    for folder in (*first, *([latest] if latest else []), *others):
        is_run = (folder / "run.json").is_file() and (folder / "exceptions.parquet").is_file()
        if folder not in seen and is_run and not folder.name.startswith("."):
            seen.add(folder)
            yield folder


def _known_of(folder: Path, exceptions: pl.DataFrame) -> dict[str, Known]:
    record = read_record(folder, "run_id", "rules")
    titles = {each["rule"]: each["title"] for each in record["rules"] if each["title"]}
    columns = [
        column
        for column in fact_columns(titles, has_earlier=False)
        if column.header not in _RENEWED
    ]
    shown = exceptions.select(column.value.alias(column.header) for column in columns)
    facts = exceptions.select(pl.col(name).cast(pl.String) for name in FACTS)
    return {
        exception_id: Known(record["run_id"], amount, fact, cells)
        for exception_id, amount, fact, cells in zip(
            exceptions["exception_id"],
            exceptions["amount"],
            facts.iter_rows(named=True),
            shown.iter_rows(named=True),
            strict=True,
        )
    }
