"""What the runs of an output folder say of exceptions: their facts, as data and as shown.

Not here: what reviewers say of them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from recon.ledger.decisions import FACTS
from recon.output.sheets import fact_columns
from recon.workspace.folder import latest_run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal
    from pathlib import Path

#: Columns that a later run writes anew in a kept folder; they prove nothing about an edit.
_RENEWED = ("状态", "上次结论")


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

    Returns:
        What is known by id; an id that no run has is left out. After the named run the newest is
        looked in, then the others.
    """
    found: dict[str, Known] = {}
    for folder in run_folders(out_dir, run_id):
        missing = wanted - found.keys()
        if not missing:
            break
        exceptions = pl.read_parquet(folder / "exceptions.parquet").filter(
            pl.col("exception_id").is_in(list(missing))
        )
        found |= _known_of(folder, exceptions)
    return found


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
    record = json.loads((folder / "run.json").read_text(encoding="utf-8"))
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
