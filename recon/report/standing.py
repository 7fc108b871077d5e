"""Where every exception of a run stands: what the run found, joined with what the ledger says now.

Here: reading a run folder and the ledger into one frame that all papers are written from. Not here:
any paper.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import polars as pl

from recon.base.errors import UnitUnknownError
from recon.base.models import Text
from recon.base.nearest import nearest
from recon.ledger.decisions import items_of, read_decisions, reversed_events
from recon.ledger.repeats import repeated
from recon.ledger.store import ledger_path, read_events
from recon.ledger.witness import LedgerHead, proven_head
from recon.output.items import read_items
from recon.output.split import CONFIRMING, found_amount, opposite
from recon.report.listed import TEXT_AREAS, no_items, with_steps
from recon.rules.catalog import load_rules
from recon.rules.references import day_of, in_force
from recon.run.made_of import of_record
from recon.run.states import carry_forward, compare_with_last
from recon.tables.masking import mask_patterns
from recon.workspace.kept_run import proven_record

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from recon.ledger.decisions import Item
    from recon.ledger.store import Event
    from recon.rules.catalog import Rule

MONEY = pl.Decimal(18, 2)
ZERO = Decimal("0.00")
#: Columns that people typed; numbers of persons in them are masked as everywhere.
_TYPED = ("reason", "measure", "proof", "references")
_STEPS = {
    "exception_id": pl.String(),
    "recovered": MONEY,
    "closed_on": pl.String(),
    "closed_by": pl.String(),
    "proof": pl.String(),
    "references": pl.String(),
}


_NEEDED = ("run_id", "as_of", "period_from", "period_to", "options", "rules")


@dataclass(frozen=True)
class Standing:
    """A run and the ledger, as the papers see them.

    Shape: `rows` has one row per exception of the run: its columns, `title`, `family`, `state`,
    `earlier`, the reviewer's columns, `found`, `standing` (finding, lead, dismissed), `recovered`,
    `closed_on`, `closed_by`, `proof`, `references`, `repeat_years`. `gone` holds findings of the
    ledger that this run does not show. `items` has one row per 整改事项 of the folder: item_id, its
    columns, `booked` (recovered in the ledger), `closed_on`, `closed_by`, `proof`, `is_done`.
    `states` has what the last run had as well (see `recon.run.states`). `data_dir` is where the
    inputs lie; None for the folder above the output folder. `is_narrowed`: of some units only.
    Units: yuan.
    """

    run: Path
    record: dict[str, Any]
    rows: pl.DataFrame
    gone: tuple[Item, ...]
    rules: dict[str, Rule]
    rows_read: int
    rows_rejected: int
    ledger: LedgerHead = field(default_factory=LedgerHead)
    items: pl.DataFrame = field(default_factory=no_items)
    states: pl.DataFrame = field(default_factory=pl.DataFrame)
    data_dir: Path | None = None
    is_narrowed: bool = False

    @property
    def own_name(self) -> str:
        """Whose books these are; empty when recon.toml does not say."""
        return str(self.record["self"]["name"] or "")

    @property
    def mark(self) -> str:
        """What a footer says so that a paper can be traced to its run."""
        return str(self.record["run_id"])

    @property
    def is_masked(self) -> bool:
        """Whether the run masked personal data."""
        return bool(self.record["options"]["mask"])

    @property
    def is_reviewed(self) -> bool:
        """Whether any exception of the run has a decision that holds."""
        return bool(self.rows["verdict"].is_not_null().any())

    def of(self, standing: str) -> pl.DataFrame:
        """Return the rows that are finding, lead or dismissed."""
        return self.rows.filter(pl.col("standing") == standing)

    @property
    def uncounted(self) -> pl.Series:
        """Ids of findings whose money stands in a line that nobody has confirmed: in no sum."""
        findings = self.of("finding")
        is_known = pl.col("linked_to").is_in(findings["exception_id"].implode())
        return findings.filter(pl.col("linked_to").is_not_null() & ~is_known)["exception_id"]

    def only(self, units: Collection[str]) -> Standing:
        """Return the same of some units alone; of items those that name one, and the texts.

        Args:
            units: Names as the run prints them.

        Raises:
            UnitUnknownError: The run shows nothing of a unit, and the ledger no finding.
        """
        gone = {item.facts["party_name"] for item in self.gone}
        known = sorted({*self.rows["party_name"].drop_nulls(), *filter(None, gone)})
        for word in units:
            if word not in known:
                inside = [name for name in known if word in name][:3]
                raise UnitUnknownError(word, inside or nearest(word, known))
        mine = pl.col("party_name").is_in(list(units))
        states = self.states.filter(mine) if "party_name" in self.states.columns else self.states
        said = pl.concat_str("problem", "measure", "progress", separator="\n", ignore_nulls=True)
        is_named = said.str.contains_any(list(units)) | pl.col("area").is_in(TEXT_AREAS)
        return replace(
            self,
            rows=self.rows.filter(mine),
            gone=tuple(item for item in self.gone if item.facts["party_name"] in units),
            items=self.items.filter(is_named),
            states=states,
            is_narrowed=True,
        )

    def with_told(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Add `told`: ids of findings about the same party that claim the other way on its money.

        A lead, what was dismissed and what concerns another party is no matter of the reader's.
        """
        findings = self.of("finding").select(other="exception_id", whose="party_id")
        pairs = (
            rows.select("exception_id", "party_id", other=opposite())
            .explode("other")
            .join(findings, on="other", maintain_order="left")
            .filter(pl.col("party_id") == pl.col("whose"))
        )
        told = pairs.group_by("exception_id").agg(told=pl.col("other"))
        return rows.join(told, on="exception_id", how="left", maintain_order="left")

    def title(self, rule: str) -> Text:
        """Return a rule's title as the run kept it."""
        return self.titles.get(rule, Text(rule, rule))

    def basis(self, rule: str, period: str) -> tuple[str, ...]:
        """Return the texts in force that an exception may cite, read by somebody; often none."""
        known = self.rules.get(rule)
        day = day_of(period, date.fromisoformat(self.record["as_of"]))
        found = in_force(known.provisions, day, self.record["locale"]) if known else ()
        return tuple(one.cited for one in found)

    def cited(self, rows: pl.DataFrame) -> str:
        """Return what rows may cite, each text once; empty where nobody has read one."""
        found: dict[str, None] = {}
        for code, period in rows.select("rule", "period").unique(maintain_order=True).rows():
            found |= dict.fromkeys(self.basis(code, period or ""))
        return "；".join(found)

    @property
    def titles(self) -> dict[str, Text]:
        """Titles by rule code."""
        return {
            each["rule"]: Text(each["title"], each["title_en"] or each["title"])
            for each in self.record["rules"]
            if each["title"]
        }


def read_standing(
    run: Path, workspace: Path, out_dir: Path, data_dir: Path | None = None
) -> Standing:
    """Read a run and put the ledger beside it.

    Args:
        run: A complete run folder.
        workspace: Folder of recon.toml, else the data folder.
        out_dir: The output folder; its newest run decides what was closed when.
        data_dir: The folder of the inputs; by default the one above the output folder.

    Returns:
        Where every exception stands now. A decision that was made on another amount, or on an
        exception that came back, is not applied: the exception is a lead again.

    Raises:
        RunAlteredError: A file of the run is not what was written.
        LedgerDamagedError: The ledger is not whole.
        LedgerOlderError: A run has seen events that the ledger does not hold.
    """
    record = proven_record(run, *_NEEDED)
    head = proven_head(workspace, out_dir)
    events = read_events(ledger_path(workspace, out_dir))
    items = items_of(events)
    found = pl.read_parquet(run / "exceptions.parquet")
    decisions = read_decisions(workspace, out_dir)
    states = _states(run, record, found, decisions)
    rows = (
        found.join(
            states.filter("is_here").drop(
                "is_here", "rule", "party_name", "period", "direction", "amount"
            ),
            on="exception_id",
            how="left",
            maintain_order="left",
        )
        .join(_steps(items, events), on="exception_id", how="left", maintain_order="left")
        .join(repeated(decisions, found), on="exception_id", how="left", maintain_order="left")
        .with_columns(
            pl.col("recovered").fill_null(ZERO),
            found_amount(),
            family=pl.col("rule").str.split("-").list.first(),
            standing=pl.when(pl.col("verdict").is_in(CONFIRMING))
            .then(pl.lit("finding"))
            .when(pl.col("verdict") == "不成立")
            .then(pl.lit("dismissed"))
            .otherwise(pl.lit("lead")),
        )
    )
    if record["options"]["mask"]:
        rows = rows.with_columns(mask_patterns(pl.col(name)) for name in _TYPED)
    listed = with_steps(read_items(run), _steps(items, events))
    here = {*found["exception_id"], *listed["item_id"]}
    gone = [item for item in items.values() if item.is_finding and item.exception_id not in here]
    read, rejected = _counts(run)
    rules = {rule.code: rule for rule in load_rules(workspace)}
    return Standing(
        run, record, rows, tuple(gone), rules, read, rejected, head, listed, states, data_dir
    )


def _states(
    run: Path, record: dict[str, Any], found: pl.DataFrame, decisions: pl.DataFrame
) -> pl.DataFrame:
    """Work out states and decisions as a check would now."""
    timing = run / "timing.json"
    name = (
        json.loads(timing.read_text(encoding="utf-8")).get("previous_run")
        if timing.is_file()
        else None
    )
    last = run.parent / str(name)
    before = last if name and (last / "run.json").is_file() else None
    states = compare_with_last(found, before, record["run_id"], made_of=of_record(record))
    return carry_forward(states, decisions, before, record)


def _steps(items: dict[str, Item], events: list[Event]) -> pl.DataFrame:
    """Return what was recovered and closed, by exception."""
    references: dict[str, list[str]] = {}
    gone = reversed_events(events)
    for event in events:
        if event.kind == "recover" and event.exception_id and event.event_id not in gone:
            said = event.payload
            line = f"{said['on']} {Decimal(said['recovered']):,.2f} {said['reference']}"
            references.setdefault(event.exception_id, []).append(line)
    rows = []
    for item in items.values():
        closed = item.closed
        rows.append(
            {
                "exception_id": item.exception_id,
                "recovered": item.recovered,
                "closed_on": closed.at[:10] if closed else None,
                "closed_by": closed.payload["by"] if closed else None,
                "proof": closed.payload["proof"] if closed else None,
                "references": "\n".join(references.get(item.exception_id, ())) or None,
            }
        )
    return pl.DataFrame(rows, schema=_STEPS, orient="row")


def _counts(run: Path) -> tuple[int, int]:
    """Return how many rows the run read and set aside."""
    files = json.loads((run / "control.json").read_text(encoding="utf-8"))["files"]
    rows = [sheet["rows"] for file in files for sheet in file["sheets"]]
    return sum(each["read"] for each in rows), sum(each["rejected"] for each in rows)


def total(rows: pl.DataFrame, column: str) -> Decimal:
    """Sum a column of money; nothing is 0.00. Units: yuan."""
    return Decimal(rows[column].sum() or 0).quantize(ZERO)
