"""Units and rules over the runs of several years: back again, growing, cured.

Here: which run speaks for which rule in which year of a county, and what became of each unit and
rule. Not here: states against the last run (`recon.run.states`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import polars as pl

from recon.base.errors import ReconError
from recon.base.models import Text
from recon.workspace.kept_run import proven_record

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from pathlib import Path

    from recon.rollup.counties import County

#: What became of a unit under a rule; the first that fits.
FATES: dict[str, Text] = {
    "back": Text("回潮", "back again"),
    "growing": Text("增长", "growing"),
    "cured": Text("已消除", "cured"),
    "new": Text("新出现", "new"),
    "going_on": Text("持续", "going on"),
    "single": Text("只有一年", "one year only"),
}
_ZERO = Decimal("0.00")
_RAN = ("exceptions", "clean")
#: Party id, else name, and rule.
_Key = tuple[str, str]


@dataclass(frozen=True)
class Course:
    """A unit under a rule over the years: its sums (None: in no run of the year the rule ran).

    Units: yuan.
    """

    county: str
    party: str
    rule: str
    fate: str
    sums: tuple[Decimal | None, ...]


@dataclass
class _Year:
    """What runs say of a year: the rules that ran, and sums; those of units without any are 0."""

    ran: set[str] = field(default_factory=set)
    sums: dict[_Key, Decimal] = field(default_factory=dict)

    def of(self, key: _Key) -> Decimal | None:
        return self.sums.get(key, _ZERO) if key[1] in self.ran else None

    def has(self, key: _Key) -> bool | None:
        return key in self.sums if key[1] in self.ran else None


def courses(counties: Iterable[County]) -> tuple[tuple[int, ...], tuple[Course, ...]]:
    """Return the years, and each unit and rule that has exceptions in more than none of them.

    For each rule in each year of a county the run with the latest day speaks in which it ran and
    whose review covers all of the year; a run that is not what was written is passed over. An
    exception belongs to the year in which its period begins; exceptions without a period are not
    looked at. A unit is its id, under the name that it had last; its name where it has no id.
    """
    spoken = {county.name: _of_county(county) for county in counties}
    years = tuple(sorted({year for by_year, _ in spoken.values() for year in by_year}))
    found = []
    for county_name, (by_year, names) in spoken.items():
        told = [by_year.get(year, _Year()) for year in years]
        for key in sorted({key for one in told for key in one.sums}):
            sums = tuple(one.of(key) for one in told)
            fate = fate_of(tuple(one.has(key) for one in told), sums)
            found.append(Course(county_name, names[key[0]], key[1], fate, sums))
    return years, tuple(found)


def fate_of(present: tuple[bool | None, ...], sums: tuple[Decimal | None, ...]) -> str:
    """Return what became of it, a key of `FATES`.

    Args:
        present: Per year whether there is an exception; None where the rule ran in no run of it.
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
    if len(here) == 1:
        return "single"
    if not any(here[:-1]):
        return "new"
    if not here[-2]:
        return "back"
    return "growing" if (known[-1][1] or _ZERO) > (known[-2][1] or _ZERO) else "going_on"


def _of_county(county: County) -> tuple[dict[int, _Year], dict[str, str]]:
    """Return what is said of each year, and the names of units."""
    by_year: dict[int, _Year] = {}
    names: dict[str, str] = {}
    for run, ran, years in _runs(county.runs):
        for year in years:
            told = by_year.setdefault(year, _Year())
            if fresh := ran - told.ran:
                told.ran |= fresh
                _add(told, names, _rows(run, year, fresh))
    return by_year, names


def _runs(folder: Path) -> list[tuple[Path, set[str], range]]:
    """Return the proven runs, the latest day first: rules that ran, and years covered whole."""
    found = []
    for path in folder.glob("*/run.json"):
        try:
            record = proven_record(path.parent, "as_of", "period_from", "period_to", "rules")
        except ReconError:
            continue
        begins, ends = record["period_from"], record["period_to"]
        first = int(begins[:4]) + (begins[5:] != "01-01")
        last = int(ends[:4]) - (ends[5:] != "12-31")
        ran = {one["rule"] for one in record["rules"] if one["status"] in _RAN}
        told = (path.parent, ran, range(first, last + 1))
        found.append((record["as_of"], path.stat().st_mtime_ns, told))
    return [told for _, _, told in sorted(found, key=lambda one: one[:2], reverse=True)]


def _rows(run: Path, year: int, rules: Collection[str]) -> Iterator[tuple[Any, ...]]:
    """Yield party_id, party_name, rule and amount of a year's exceptions that stand alone."""
    return (
        pl.read_parquet(
            run / "exceptions.parquet",
            columns=["party_id", "party_name", "rule", "amount", "period", "linked_to"],
        )
        .filter(pl.col("period").str.starts_with(str(year)) & pl.col("linked_to").is_null())
        .filter(pl.col("rule").is_in(list(rules)))
        .select("party_id", "party_name", "rule", "amount")
        .iter_rows()
    )


def _add(told: _Year, names: dict[str, str], rows: Iterable[tuple[Any, ...]]) -> None:
    for party, name, rule, amount in rows:
        unit = party or name or ""
        names.setdefault(unit, name or "")
        told.sums[unit, rule] = told.sums.get((unit, rule), _ZERO) + (amount or _ZERO)
