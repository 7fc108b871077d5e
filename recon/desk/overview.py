"""The first screen of a run, from its folder: who owes what, what adds up, what to do next.

Here: reading a run folder into what the page shows, by the functions that write the workbook's
汇总. Not here: those functions, the page (see `checking`).
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import polars as pl

from recon.base.models import DEFINITE_DIRECTIONS, RuleOutcome, Text
from recon.base.texts import spoken
from recon.output.gaps import best_tables, gaps
from recon.output.split import ZERO, addition, split
from recon.output.summary import owing
from recon.tables.registry import specs
from recon.workspace.kept_run import proven_record

if TYPE_CHECKING:
    from decimal import Decimal
    from pathlib import Path

_UNITS = 10


@lru_cache(maxsize=4)
def _read(run: Path, stamp: int) -> tuple[dict[str, Any], pl.DataFrame]:  # noqa: ARG001 - the key
    record = proven_record(run, only=("exceptions.parquet",))
    names = ["exception_id", "rule", "direction", "amount", "counted", "linked_to", "party_id",
             "party_name", "unverified_policy", "severity"]  # fmt: skip
    return record, pl.read_parquet(run / "exceptions.parquet", columns=names)


def read(run: Path) -> tuple[dict[str, Any], pl.DataFrame]:
    """Return the record of a run and its exceptions, proven to be what was written."""
    return _read(run, (run / "run.json").stat().st_mtime_ns)


def counted_total(run: Path) -> Decimal:
    """Return the counted money of a run, all directions (to say what share is confirmed). Yuan."""
    _, found = read(run)
    return sum(found.filter("counted")["amount"], start=ZERO)


def outcomes(record: dict[str, Any]) -> list[RuleOutcome]:
    """Return what the rules of a run said."""
    return [
        RuleOutcome(
            one["rule"],
            one["status"],
            one.get("rows_examined", 0),
            one.get("exceptions", 0),
            reason=Text(one["reason"], one["reason_en"]) if one.get("reason") else None,
            title=Text(one["title"], one.get("title_en") or one["title"]) if one["title"] else None,
            lacks=tuple(one.get("lacks", ())),
        )
        for one in record["rules"]
    ]


def overview(run: Path) -> dict[str, Any]:
    """Return what the first screen shows.

    Shape: record, rows (a direction each), addition, owing (direction to units), steps, gaps,
    warnings. Units: yuan.
    """
    record, found = read(run)
    waiting = [gap for gap in gaps(outcomes(record)) if gap.lacks]
    units = owing(found)
    english = spoken() == "en"
    return {
        "record": record,
        "rows": _rows(found),
        "addition": addition(found, spoken()),
        "owing": {
            direction: {
                "first": all_[:_UNITS],
                "rest": len(all_[_UNITS:]),
                "sum": sum((one[2] for one in all_), start=ZERO),
                "count": len(all_),
            }
            for direction, all_ in units.items()
        },
        "tables": [
            ("、".join(specs()[table].zh for table in tables), rules)
            for tables, rules in best_tables(waiting)[:3]
        ],
        "gaps": waiting,
        "warnings": record.get("warnings_en" if english else "warnings", ()),
        "unsure": sum((row["unsure"] for row in _rows(found)), start=ZERO),
    }


def _rows(found: pl.DataFrame) -> list[dict[str, Any]]:
    summed = split(found)
    rows = []
    for direction in DEFINITE_DIRECTIONS:
        mine = summed.filter((pl.col("direction") == direction) & (pl.col("category") == "counted"))
        if mine.height:
            sure, unsure = sum(mine["confirmed"], ZERO), sum(mine["unconfirmed"], ZERO)
            rows.append({"direction": direction, "count": sum(mine["exceptions"]), "sure": sure,
                         "unsure": unsure, "sum": sure + unsure})  # fmt: skip
    return rows
