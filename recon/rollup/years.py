"""Units and rules over the runs of several years: back again, growing, cured.

Here: which run speaks for which year of a county, and what became of each unit and rule. Not here:
states against the last run (`recon.run.states`).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

import polars as pl

from recon.base.errors import ReconError
from recon.base.models import Text
from recon.workspace.kept_run import proven_record

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from recon.rollup.counties import County

#: What became of a unit under a rule; the first that fits.
FATES: dict[str, Text] = {
    "back": Text("回潮", "back again"),
    "growing": Text("增长", "growing"),
    "cured": Text("已消除", "cured"),
    "new": Text("新出现", "new"),
    "going_on": Text("持续", "going on"),
}
_ZERO = Decimal("0.00")


@dataclass(frozen=True)
class Course:
    """A unit under a rule over the years: its sums (None: no run speaks for the year).

    Units: yuan.
    """

    county: str
    party: str
    rule: str
    fate: str
    sums: tuple[Decimal | None, ...]


def courses(counties: Iterable[County]) -> tuple[tuple[int, ...], tuple[Course, ...]]:
    """Return the years, and each unit and rule that has exceptions in more than none of them.

    For each year of a county the run with the latest day speaks whose review covers all of it; a
    run that is not what was written is passed over. An exception belongs to the year in which its
    period begins; exceptions without a period are not looked at.
    """
    spoken: dict[str, Mapping[int, dict[tuple[str, str, str], Decimal]]] = {}
    for county in counties:
        spoken[county.name] = _of_county(county)
    years = tuple(sorted({year for by_year in spoken.values() for year in by_year}))
    found = []
    for county_name, by_year in spoken.items():
        for key in sorted({key for sums in by_year.values() for key in sums}):
            sums = tuple(
                by_year[year].get(key, _ZERO) if year in by_year else None for year in years
            )
            present = tuple(key in by_year[year] if year in by_year else None for year in years)
            found.append(Course(county_name, key[2], key[1], fate_of(present, sums), sums))
    return years, tuple(found)


def fate_of(present: tuple[bool | None, ...], sums: tuple[Decimal | None, ...]) -> str:
    """Return what became of it, a key of `FATES`.

    Args:
        present: Per year whether there is an exception; None where no run speaks for the year.
        sums: Per year what they add up to.

    Example:
        >>> one = Decimal(1)
        >>> fate_of((True, False, True), (one, Decimal(0), one))
        'back'
    """
    known = [(here, amount) for here, amount in zip(present, sums, strict=True) if here is not None]
    here = [is_there for is_there, _ in known]
    if not here[-1]:
        return "cured"
    if len(here) == 1 or not any(here[:-1]):
        return "new" if len(here) > 1 else "going_on"
    if not here[-2]:
        return "back"
    return "growing" if (known[-1][1] or _ZERO) > (known[-2][1] or _ZERO) else "going_on"


def _of_county(county: County) -> dict[int, dict[tuple[str, str, str], Decimal]]:
    by_year: dict[int, dict[tuple[str, str, str], Decimal]] = {}
    for run, begins, ends in _runs(county.runs):
        first = int(begins[:4]) + (begins[5:] != "01-01")
        last = int(ends[:4]) - (ends[5:] != "12-31")
        for year in range(first, last + 1):
            if year not in by_year:
                by_year[year] = _sums(run, year)
    return by_year


def _runs(folder: Path) -> list[tuple[Path, str, str]]:
    """Return the proven runs, the latest day first."""
    found = []
    for path in folder.glob("*/run.json"):
        try:
            record = proven_record(path.parent, "as_of", "period_from", "period_to")
        except ReconError:
            continue
        spans = (path.parent, record["period_from"], record["period_to"])
        found.append((record["as_of"], path.stat().st_mtime_ns, spans))
    return [spans for _, _, spans in sorted(found, key=lambda one: one[:2], reverse=True)]


def _sums(run: Path, year: int) -> dict[tuple[str, str, str], Decimal]:
    rows = pl.read_parquet(
        run / "exceptions.parquet",
        columns=["party_id", "party_name", "rule", "period", "amount", "linked_to"],
    ).filter(pl.col("period").str.starts_with(str(year)) & pl.col("linked_to").is_null())
    sums: dict[tuple[str, str, str], Decimal] = defaultdict(lambda: _ZERO)
    for party, name, rule, amount in rows.select(
        "party_id", "party_name", "rule", "amount"
    ).iter_rows():
        sums[party or "", rule, name or ""] += amount or _ZERO
    return dict(sums)
