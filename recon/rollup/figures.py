"""What counties found, added up; each sum is proven against the county's own record to the fen.

Here: reading counties' runs and summing them. Not here: running (`turns`), drawing (`papers`).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import polars as pl

from recon.base.models import Text
from recon.base.texts import DIRECTIONS
from recon.output.split import CATEGORIES, category, split
from recon.rollup.errors import CityUnbalancedError
from recon.rules.catalog import family_of
from recon.workspace.kept_run import proven_record

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from recon.rollup.turns import Answer

ZERO = Decimal("0.00")
_SUM = pl.Decimal(38, 2)
#: How many of the largest units are listed for each direction.
LARGEST = 10
_RAN = ("exceptions", "clean")


@dataclass(frozen=True)
class CountyRun:
    """A county's proven run.

    Shape: `rows` has one row per exception: the columns of exceptions.parquet, `county`, `family`
    and `category`; `states` those of states.csv; `control` is control.json.
    """

    name: str
    run: Path
    record: dict[str, Any]
    control: dict[str, Any]
    rows: pl.DataFrame
    states: pl.DataFrame

    @property
    def unit(self) -> str:
        """The county's own name, else that of its folder."""
        return str(self.record["self"].get("name") or self.name)


def read_counties(answers: Iterable[Answer]) -> tuple[CountyRun, ...]:
    """Return the runs of the counties that have one.

    Raises:
        CityUnbalancedError: A county's record and its exceptions do not agree.
        RunAlteredError: A run folder is not what was written.
    """
    return tuple(_read(one.county.name, one.run) for one in answers if one.run is not None)


def _read(name: str, run: Path) -> CountyRun:
    record = proven_record(run, "run_id", "totals", "rules", "self", "warnings")
    rows = pl.read_parquet(run / "exceptions.parquet").with_columns(
        pl.lit(name).alias("county"),
        pl.col("rule").map_elements(family_of, return_dtype=pl.String).alias("family"),
        category(),
    )
    states = pl.read_csv(run / "states.csv", infer_schema=False)
    control = json.loads((run / "control.json").read_text(encoding="utf-8"))
    county = CountyRun(name, run, record, control, rows, states)
    for one in proof_of(county):
        if one["stated"] != one["summed"]:
            raise CityUnbalancedError(name, one["direction"], one["stated"], one["summed"])
    return county


def proof_of(county: CountyRun) -> list[dict[str, str]]:
    """Return per direction what the county's record states and what its exceptions add up to."""
    # leads and what lapsed are stated too, under directions of their own
    counted = county.rows.filter(pl.col("category").is_in(["counted", "lead", "lapsed"]))
    summed = dict(counted.group_by("direction").agg(pl.col("amount").cast(_SUM).sum()).iter_rows())
    stated = {
        one["direction"]: Decimal(one["confirmed"]) + Decimal(one["unconfirmed"])
        for one in county.record["totals"]
    }
    return [
        {
            "direction": one,
            "stated": str(stated.get(one, ZERO).quantize(ZERO)),
            "summed": str(summed.get(one, ZERO).quantize(ZERO)),
        }
        for one in sorted({*stated, *summed})
    ]


def by_family(counties: Iterable[CountyRun]) -> pl.DataFrame:
    """Return county, family, direction, count and amount of what is counted; sorted.

    Units: yuan.
    """
    frames = [
        one.rows.select("county", "family", "direction", "amount", "category") for one in counties
    ]
    return (
        pl.concat(frames)
        .filter(pl.col("category") == "counted")
        .group_by("county", "family", "direction")
        .agg(pl.len().alias("count"), pl.col("amount").cast(_SUM).sum())
        .sort("county", "family", _in_order())
    )


def _in_order() -> pl.Expr:
    return pl.col("direction").cast(pl.Enum(list(DIRECTIONS)))


def by_direction(counties: Iterable[CountyRun]) -> pl.DataFrame:
    """Return county, direction, exceptions, confirmed, unconfirmed and amount of what is counted.

    In the order of counties and directions, as each county's own summary has it. Units: yuan.
    """
    columns = ["county", "direction", "amount", "linked_to", "unverified_policy"]
    rows = pl.concat([one.rows.select(columns) for one in counties])
    found = split(rows, ("county", "direction")).filter(pl.col("category") == "counted")
    return found.select(*columns[:2], "exceptions", "confirmed", "unconfirmed", "amount")


def refused(county: CountyRun) -> list[Text]:
    """Return what a county's run says of each file that it did not read."""
    return [
        Text(
            f"没有读：{one['problem']}",
            f"not read: {one['problem_en']}",
        )
        for one in county.control["files"]
        if one["status"] == "refused"
    ]


def cautions(county: CountyRun) -> list[Text]:
    """Return what a reader of a county's sums must know: files not read, then its warnings."""
    told = zip(county.record["warnings"], county.record["warnings_en"], strict=True)
    return [*refused(county), *(Text(zh, en) for zh, en in told)]


def by_category(counties: Iterable[CountyRun]) -> pl.DataFrame:
    """Return per county how many exceptions are in each category, and all; they add up."""
    frames = [one.rows.select("county", "category") for one in counties]
    counts = (
        pl.concat(frames)
        .group_by("county")
        .agg(
            *((pl.col("category") == one).sum().alias(one) for one in CATEGORIES),
            pl.len().alias("all"),
        )
    )
    return counts.sort("county")


def largest_units(counties: Iterable[CountyRun]) -> pl.DataFrame:
    """Return the ten largest units of each direction: direction, county, party, count, amount."""
    frames = [
        one.rows.select("county", "party_id", "party_name", "direction", "amount", "category")
        for one in counties
    ]
    return (
        pl.concat(frames)
        .filter(pl.col("category") == "counted")
        .group_by("direction", "county", "party_id")
        .agg(pl.col("party_name").min(), pl.len().alias("count"), pl.col("amount").cast(_SUM).sum())
        .sort(_in_order(), pl.col("amount") * -1, "county", "party_id")
        .group_by("direction", maintain_order=True)
        .head(LARGEST)
        .select("direction", "county", "party_name", "count", "amount")
    )


def not_run(counties: Iterable[CountyRun]) -> list[tuple[str, str, str, str, str]]:
    """Return county, rule, status and why (zh, en) of every rule that gave no answer."""
    return [
        (one.name, rule["rule"], rule["status"], rule["reason"] or "", rule["reason_en"] or "")
        for one in counties
        for rule in one.record["rules"]
        if rule["status"] not in _RAN
    ]


def states_of(counties: Iterable[CountyRun]) -> pl.DataFrame:
    """Return county, state and count against each county's last run."""
    frames = [
        one.states.group_by("state").len("count").with_columns(pl.lit(one.name).alias("county"))
        for one in counties
    ]
    return pl.concat(frames).select("county", "state", "count").sort("county", "state")


def city_control(
    answers: Iterable[Answer], counties: tuple[CountyRun, ...], sums: pl.DataFrame
) -> dict[str, Any]:
    """Return the proof: what each county states, what was summed, and the city's sums."""
    directions = sums.group_by("direction").agg(pl.col("amount").sum()).sort("direction")
    return {
        "counties": [
            {
                "county": one.name,
                "run_id": one.record["run_id"],
                "exceptions": one.rows.height,
                "directions": proof_of(one),
            }
            for one in counties
        ],
        "failed": [
            {"county": one.county.name, "reason": one.problem.zh, "reason_en": one.problem.en}
            for one in answers
            if one.problem is not None
        ],
        "families": [{**row, "amount": str(row["amount"])} for row in sums.to_dicts()],
        "city": [{**row, "amount": str(row["amount"])} for row in directions.to_dicts()],
        "exceptions": sum(one.rows.height for one in counties),
    }
