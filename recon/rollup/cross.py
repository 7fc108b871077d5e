"""Rules of family XCO: what no county sees alone, over the registers of all counties.

A rule is `rules/city/xco/<stem>.yaml` and `sql/city/xco/<stem>.sql`; its cases stand in
`tests/rollup/cases/`. Its SQL reads `city_item` (see `county.REGISTER`) and names kind, token, year
(null: of any) and amount. All of it is to be verified and counted in no total. Not here: who makes
the registers (`county`).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Annotated

import polars as pl
from pydantic import Strict

from recon.base import resources
from recon.base.errors import ConfigError
from recon.base.models import Text
from recon.base.shapes import Sentence, Shape, below, checked
from recon.base.texts import yuan
from recon.base.yamlio import load_yaml
from recon.rollup.county import REGISTER

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from recon.engine.duckdb import Session

FAMILY = Text("跨县线索", "across counties")


class CrossFile(Shape):
    """The keys of an XCO rule's YAML."""

    code: str
    name: str
    title: Sentence
    severity: str
    since: str
    message: Sentence
    what_it_does: Sentence
    why_it_matters: Sentence
    what_to_do: Sentence
    example: Sentence
    explanations: Annotated[tuple[Sentence, ...], Strict(strict=False)]


@dataclass(frozen=True)
class CrossRule:
    """An XCO rule: its YAML and its SQL."""

    about: CrossFile
    sql: str
    stem: str


@dataclass(frozen=True)
class Lead:
    """What one rule found of one identity: in which counties, where, and beside what.

    `places` and `exceptions` begin with the county. Units: yuan.
    """

    exception_id: str
    rule: str
    title: Text
    label: str
    counties: tuple[str, ...]
    period: str
    amount: str | None
    message: Text
    places: tuple[str, ...]
    exceptions: tuple[str, ...]


@cache
def cross_rules() -> tuple[CrossRule, ...]:
    """Return all XCO rules, by code.

    Raises:
        ConfigError: A file has another shape.
    """
    folder = resources.shipped("rules") / "city" / "xco"
    statements = resources.shipped("sql") / "city" / "xco"
    faults: list[Text] = []
    found = []
    for path in sorted(folder.glob("*.yaml")):
        about = checked(CrossFile, load_yaml(path), below(path), faults)
        sql = (statements / f"{path.stem}.sql").read_text(encoding="utf-8")
        if about is not None:
            found.append(CrossRule(about, sql, path.stem))
    if faults:
        raise ConfigError(faults)
    return tuple(found)


def read_registers(paths: Iterable[Path]) -> pl.DataFrame:
    """Return the registers of all counties in one frame."""
    frames = [pl.DataFrame(schema=REGISTER), *(pl.read_parquet(path) for path in paths)]
    return pl.concat(frames)


def run_cross(session: Session, items: pl.DataFrame) -> tuple[Lead, ...]:
    """Run every XCO rule.

    Args:
        session: An open session of either engine.
        items: The registers of all counties, columns of `REGISTER`.
    """
    session.load({"city_item": items.drop("exceptions")})
    return tuple(
        lead
        for rule in cross_rules()
        for lead in _leads(rule, session.select(rule.sql, f"city/xco/{rule.stem}.sql"), items)
    )


def _leads(rule: CrossRule, found: pl.DataFrame, items: pl.DataFrame) -> Iterable[Lead]:
    named = found.select("kind", "token").unique()
    members = items.join(named, on=["kind", "token"], how="semi").partition_by(
        "kind", "token", as_dict=True
    )
    for row in found.sort("kind", "token", "year", nulls_last=False).iter_rows(named=True):
        own = members[row["kind"], row["token"]].sort("county", "year", "place")
        if row["year"] is not None:
            own = own.filter(pl.col("year") == row["year"])
        yield _lead(rule, row, own)


def _lead(rule: CrossRule, row: dict[str, object], own: pl.DataFrame) -> Lead:
    counties = tuple(own["county"].unique().sort())
    years = own["year"].drop_nulls().unique().sort().cast(pl.String)
    names = own["label"].unique().sort()
    amount = None if row["amount"] is None else str(row["amount"])
    said = {
        "label": "、".join(names),
        "counties": "、".join(counties),
        "years": "、".join(years),
        "amount": yuan(row["amount"]) if row["amount"] is not None else "",  # type: ignore[arg-type]
        "locales": "、".join(own["locale"].unique().sort()),
    }
    grain = "|".join(
        str(part) for part in (rule.about.code, row["kind"], row["token"], row["year"])
    )
    return Lead(
        hashlib.sha256(grain.encode()).hexdigest()[:16],
        rule.about.code,
        rule.about.title.text,
        said["label"],
        counties,
        said["years"],
        amount,
        Text(rule.about.message.zh.format(**said), rule.about.message.en.format(**said)),
        tuple(f"{county}: {place}" for county, place in own.select("county", "place").iter_rows()),
        tuple(
            sorted(
                {
                    f"{county}: {one}"
                    for county, ids in own.select("county", "exceptions").iter_rows()
                    for one in ids
                }
            )
        ),
    )
